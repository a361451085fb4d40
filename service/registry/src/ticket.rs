//! Lobby tickets: which packages a host plays with, who has them, and until when that holds (`docs/formats/ticket.md`).
//! Pure.

use std::{collections::BTreeSet, net::SocketAddr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use muster_domain::{
    InlineTicket, JoinLink, MAX_TICKET, PackageId, ReturnPage, Sha256, SourceId, clean_line,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Error, PublicKey, Result, SharedProfile, SigningKey,
    envelope::{Envelope, sign_envelope},
    sha256,
};

/// The document's type in its envelope.
const KIND: &str = "muster-ticket";
/// The only format there is.
const FORMAT: u32 = 1;
/// Most peers that a ticket names.
const MAX_PEERS: usize = 16;
/// Largest document in a link, in bytes, and how hard it is packed: it is small and packed once.
const MAX_UNPACKED: usize = 16 * 1024;
const LEVEL: i32 = 19;
/// Longest name of a lobby, in characters.
const MAX_NAME: usize = 80;
/// Longest time for which a ticket holds.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What a host says to those who join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// For people.
    pub name: String,
    /// The key of this lobby; it signs, and says nothing about who the host is.
    pub host: PublicKey,
    pub written: Timestamp,
    /// When it holds no more.
    pub expires: Timestamp,
    /// Players who have what the lobby plays with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub peers: Vec<SocketAddr>,
    /// What the lobby plays with, switched on all of it.
    pub profile: SharedProfile,
    /// Packages of it that a guest may leave out; all others are needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub optional: Vec<OptionalPackage>,
    /// The page to go back to once the lobby was joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<String>,
    /// A key that the host keeps from lobby to lobby, where it wants to be known again; it signs too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PublicKey>,
}

/// Names a package that may be left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OptionalPackage {
    pub source: SourceId,
    pub id: PackageId,
}

/// A ticket as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedTicket {
    pub ticket: Ticket,
    /// Of the whole document: names this very text.
    pub digest: Sha256,
}

impl Ticket {
    /// The document with the signature of the lobby's key, and of the host's own where it names one.
    ///
    /// # Errors
    /// [`Error::Envelope`] for what readers would refuse.
    pub fn sign(&self, keys: &[&SigningKey]) -> Result<Vec<u8>> {
        self.check()?;
        let body = serde_json::to_value(self).map_err(|error| refuse(error.to_string()))?;
        let Value::Object(body) = body else { return Err(refuse("it is no object")) };
        let bytes = sign_envelope(KIND, FORMAT, body, keys)?;
        // What is written can be read.
        Self::read(&bytes)?;
        Ok(bytes)
    }

    /// Reads a document. Whether it still holds is for whoever knows the time.
    ///
    /// # Errors
    /// [`Error::Envelope`] for what is no ticket, is too large or contradicts itself; [`Error::Signature`] where its own
    /// key did not sign it.
    pub fn read(bytes: &[u8]) -> Result<SignedTicket> {
        let envelope =
            Envelope::open(bytes, KIND, FORMAT, usize::try_from(MAX_TICKET).unwrap_or(usize::MAX))?;
        let body = Value::Object(envelope.signed.clone());
        let mut ticket: Self = serde_json::from_value(body).map_err(|error| refuse(error.to_string()))?;
        ticket.name = clean_line(&ticket.name, MAX_NAME);
        ticket.profile.name = clean_line(&ticket.profile.name, MAX_NAME);
        ticket.profile.note.clear();
        ticket.check()?;
        let signers = [Some(&ticket.host), ticket.by.as_ref()];
        if !signers.into_iter().flatten().all(|key| envelope.is_signed_by(key)) {
            let why = "its own key did not sign it".to_owned();
            return Err(Error::Signature { role: KIND.into(), why });
        }
        Ok(SignedTicket { ticket, digest: sha256(bytes) })
    }

    /// A document as it fits into a link; `None` where it is too long for one.
    ///
    /// # Errors
    /// [`Error::Envelope`] if it cannot be packed.
    pub fn pack(bytes: &[u8]) -> Result<Option<InlineTicket>> {
        if bytes.len() > MAX_UNPACKED {
            return Ok(None);
        }
        let packed = zstd::bulk::compress(bytes, LEVEL).map_err(|error| refuse(error.to_string()))?;
        Ok(URL_SAFE_NO_PAD.encode(packed).parse().ok())
    }

    /// The document that is in a link. What it says is not looked at.
    ///
    /// # Errors
    /// [`Error::Envelope`] for what is not packed, and for what would be larger than tickets in links are.
    pub fn unpack(packed: &InlineTicket) -> Result<Vec<u8>> {
        let packed = URL_SAFE_NO_PAD.decode(packed.as_str()).map_err(|_| refuse("its link is not whole"))?;
        // The bound holds whatever size the frame says it has.
        zstd::bulk::decompress(&packed, MAX_UNPACKED).map_err(|_| refuse("its link is not whole"))
    }

    /// Whether a guest may leave a package out.
    pub fn may_be_left_out(&self, source: &SourceId, id: &PackageId) -> bool {
        self.optional.iter().any(|optional| optional.source == *source && optional.id == *id)
    }

    /// Whether it holds at a time.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        now < self.expires
    }

    fn check(&self) -> Result<()> {
        let peers: BTreeSet<&SocketAddr> = self.peers.iter().collect();
        let lasts = self.expires.duration_since(self.written);
        let why = match () {
            () if self.name.trim().is_empty() => "it has no name",
            () if self.peers.len() > MAX_PEERS || peers.len() < self.peers.len() => "it has too many peers",
            () if !self.peers.iter().all(JoinLink::may_be_peer) => "it names a peer that nobody can be",
            () if !lasts.is_positive() || lasts > LONGEST => "it holds for too long, or never",
            () if !self.profile.owners.is_empty() => "it has owners, which only a profile has",
            () if !self.profile.packages.iter().all(|package| package.enabled) => "a package of it is off",
            () if !self.optional.iter().all(|optional| self.plays_with(optional)) => {
                "a package may be left out that it does not have"
            }
            () if self.back.as_ref().is_some_and(|page| page.parse::<ReturnPage>().is_err()) => {
                "it leads back to something that is no page"
            }
            () if self.by == Some(self.host) => "the key of the lobby is the one of its host",
            () => return self.profile.check(),
        };
        Err(refuse(why))
    }
}

impl Ticket {
    fn plays_with(&self, optional: &OptionalPackage) -> bool {
        let packages = &self.profile.packages;
        packages.iter().any(|package| package.source == optional.source && package.id == optional.id)
    }
}

fn refuse(why: impl Into<String>) -> Error {
    Error::Envelope { expected: KIND.into(), why: why.into() }
}

#[cfg(test)]
mod tests {
    use muster_domain::Version;
    use proptest::prelude::*;

    use super::*;
    use crate::{SharedPackage, SharedSource};

    fn key() -> SigningKey {
        SigningKey::from_seed([7; 32])
    }

    fn ticket() -> Ticket {
        let source: muster_domain::SourceId = "ckan".parse().expect("a source");
        let written = Timestamp::UNIX_EPOCH;
        Ticket {
            name: "Friday night".into(),
            host: key().public(),
            written,
            expires: written + SignedDuration::from_hours(4),
            peers: vec!["192.0.2.7:6881".parse().expect("an address")],
            optional: vec![],
            back: None,
            by: None,
            profile: SharedProfile {
                name: "Friday night".into(),
                game: "minetest".parse().expect("a game"),
                version: 1,
                written,
                note: String::new(),
                side: None,
                platform: None,
                owners: vec![],
                sources: vec![SharedSource { id: source.clone(), address: None }],
                packages: vec![SharedPackage {
                    source,
                    id: "Tanks".parse().expect("an id"),
                    version: Version::semver("1.2.3").expect("a version"),
                    sha256: Sha256([7; 32]),
                    wished: true,
                    enabled: true,
                    rank: None,
                    features: [("spoken".parse().expect("a feature"), true)].into(),
                    side: muster_domain::Side::Both,
                }],
            },
        }
    }

    #[test]
    fn a_ticket_says_what_its_host_wrote_until_it_runs_out() {
        let written = ticket();
        let read = Ticket::read(&written.sign(&[&key()]).expect("signs")).expect("reads");
        assert_eq!(read.ticket, written);
        let second = SignedDuration::from_secs(1);
        assert!(written.holds_at(written.expires - second) && !written.holds_at(written.expires));
    }

    #[test]
    fn nobody_else_signs_a_ticket_of_a_lobby() {
        let stranger = SigningKey::from_seed([8; 32]);
        assert!(matches!(ticket().sign(&[&stranger]), Err(Error::Signature { .. })));
    }

    #[test]
    fn a_ticket_that_asks_for_too_much_is_neither_written_nor_read() {
        let refused = |change: fn(&mut Ticket)| {
            let mut ticket = ticket();
            change(&mut ticket);
            ticket.sign(&[&key()]).is_err()
        };
        assert!(refused(|ticket| ticket.name.clear()));
        assert!(refused(|ticket| ticket.expires = ticket.written));
        assert!(refused(|ticket| ticket.expires = ticket.written + SignedDuration::from_hours(24 * 8)));
        assert!(refused(|ticket| ticket.peers = vec!["192.0.2.7:22".parse().expect("an address")]));
        assert!(refused(|ticket| ticket.peers.extend(ticket.peers.clone())));
        assert!(refused(|ticket| ticket.profile.packages[0].enabled = false));
        assert!(refused(|ticket| ticket.profile.owners.push(ticket.host)));
        assert!(refused(|ticket| ticket.profile.sources.clear()));
        assert!(refused(|ticket| ticket.back = Some("file:///etc/passwd".into())));
        assert!(refused(|ticket| ticket.back = Some("steam://run/1".into())));
        assert!(refused(|ticket| ticket.by = Some(ticket.host)));
        let other = |id: &str| OptionalPackage {
            source: "ckan".parse().expect("a source"),
            id: id.parse().expect("an id"),
        };
        let mut ticket = ticket();
        ticket.optional = vec![other("Tanks")];
        assert!(
            ticket.sign(&[&key()]).is_ok()
                && ticket.may_be_left_out(&other("Tanks").source, &other("Tanks").id)
        );
        ticket.optional = vec![other("Planes")];
        assert!(ticket.sign(&[&key()]).is_err(), "what is not in it");
    }

    #[test]
    fn a_host_is_known_again_by_a_key_that_signed_too() {
        let own = SigningKey::from_seed([9; 32]);
        let ticket = Ticket { by: Some(own.public()), ..ticket() };
        assert!(matches!(ticket.sign(&[&key()]), Err(Error::Signature { .. })), "named, and has not signed");
        let read = Ticket::read(&ticket.sign(&[&key(), &own]).expect("signs")).expect("reads");
        assert_eq!(read.ticket.by, Some(own.public()));
    }

    /// T-90
    #[test]
    fn a_small_ticket_fits_into_a_link_and_what_is_cut_is_refused() {
        let bytes = ticket().sign(&[&key()]).expect("signs");
        let packed = Ticket::pack(&bytes).expect("packs").expect("it is small");
        assert!(packed.as_str().len() < 900, "{}", packed.as_str().len());
        assert_eq!(Ticket::unpack(&packed).expect("unpacks"), bytes);
        let cut: InlineTicket = packed.as_str()[..packed.as_str().len() - 4].parse().expect("letters");
        assert!(Ticket::unpack(&cut).is_err());
        let noise: String = (0..MAX_UNPACKED).map(|n| char::from(b'a' + (n * n % 23) as u8)).collect();
        assert_eq!(Ticket::pack(&vec![0; MAX_UNPACKED + 1]).expect("no fault"), None);
        assert!(Ticket::pack(noise.as_bytes()).is_ok());
        // A frame that unpacks to far more than it is.
        let bomb = zstd::bulk::compress(&vec![0; 64 << 20], 19).expect("packs");
        let bomb: InlineTicket =
            URL_SAFE_NO_PAD.encode(bomb).chars().take(1800).collect::<String>().parse().expect("letters");
        assert!(Ticket::unpack(&bomb).is_err());
        let bomb = zstd::bulk::compress(&vec![0; MAX_UNPACKED * 16], 19).expect("packs");
        let bomb: InlineTicket = URL_SAFE_NO_PAD.encode(bomb).parse().expect("letters");
        assert!(Ticket::unpack(&bomb).is_err());
    }

    proptest! {
        #[test]
        fn whatever_bytes_come_nothing_panics_and_no_changed_ticket_is_believed(
            noise in proptest::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), flip in 1u8..
        ) {
            let _ = Ticket::read(&noise);
            if let Ok(packed) = URL_SAFE_NO_PAD.encode(&noise).parse::<InlineTicket>() {
                let _ = Ticket::unpack(&packed);
            }
            let mut bytes = ticket().sign(&[&key()]).expect("signs");
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            if let Ok(found) = Ticket::read(&bytes) {
                prop_assert_eq!(found.ticket, ticket());
            }
        }
    }
}
