//! Lobby tickets: which packages a host plays with, who has them, and until when that holds (`docs/formats/ticket.md`).
//! Pure.

use std::{collections::BTreeSet, net::SocketAddr};

use jiff::{SignedDuration, Timestamp};
use muster_domain::{JoinLink, MAX_TICKET, Sha256, clean_line};
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
}

/// A ticket as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedTicket {
    pub ticket: Ticket,
    /// Of the whole document: names this very text.
    pub digest: Sha256,
}

impl Ticket {
    /// The document with the signature of the lobby's key.
    ///
    /// # Errors
    /// [`Error::Envelope`] for what readers would refuse.
    pub fn sign(&self, key: &SigningKey) -> Result<Vec<u8>> {
        self.check()?;
        let body = serde_json::to_value(self).map_err(|error| refuse(error.to_string()))?;
        let Value::Object(body) = body else { return Err(refuse("it is no object")) };
        let bytes = sign_envelope(KIND, FORMAT, body, &[key])?;
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
        if !envelope.is_signed_by(&ticket.host) {
            let why = "its own key did not sign it".to_owned();
            return Err(Error::Signature { role: KIND.into(), why });
        }
        Ok(SignedTicket { ticket, digest: sha256(bytes) })
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
            () => return self.profile.check(),
        };
        Err(refuse(why))
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
            profile: SharedProfile {
                name: "Friday night".into(),
                game: "minetest".parse().expect("a game"),
                version: 1,
                written,
                note: String::new(),
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
                }],
            },
        }
    }

    #[test]
    fn a_ticket_says_what_its_host_wrote_until_it_runs_out() {
        let written = ticket();
        let read = Ticket::read(&written.sign(&key()).expect("signs")).expect("reads");
        assert_eq!(read.ticket, written);
        let second = SignedDuration::from_secs(1);
        assert!(written.holds_at(written.expires - second) && !written.holds_at(written.expires));
    }

    #[test]
    fn nobody_else_signs_a_ticket_of_a_lobby() {
        let stranger = SigningKey::from_seed([8; 32]);
        assert!(matches!(ticket().sign(&stranger), Err(Error::Signature { .. })));
    }

    #[test]
    fn a_ticket_that_asks_for_too_much_is_neither_written_nor_read() {
        let refused = |change: fn(&mut Ticket)| {
            let mut ticket = ticket();
            change(&mut ticket);
            ticket.sign(&key()).is_err()
        };
        assert!(refused(|ticket| ticket.name.clear()));
        assert!(refused(|ticket| ticket.expires = ticket.written));
        assert!(refused(|ticket| ticket.expires = ticket.written + SignedDuration::from_hours(24 * 8)));
        assert!(refused(|ticket| ticket.peers = vec!["192.0.2.7:22".parse().expect("an address")]));
        assert!(refused(|ticket| ticket.peers.extend(ticket.peers.clone())));
        assert!(refused(|ticket| ticket.profile.packages[0].enabled = false));
        assert!(refused(|ticket| ticket.profile.owners.push(ticket.host)));
        assert!(refused(|ticket| ticket.profile.sources.clear()));
    }

    proptest! {
        #[test]
        fn whatever_bytes_come_nothing_panics_and_no_changed_ticket_is_believed(
            noise in proptest::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), flip in 1u8..
        ) {
            let _ = Ticket::read(&noise);
            let mut bytes = ticket().sign(&key()).expect("signs");
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            if let Ok(found) = Ticket::read(&bytes) {
                prop_assert_eq!(found.ticket, ticket());
            }
        }
    }
}
