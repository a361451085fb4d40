//! Opening a lobby: the ticket is written, signed by a key of its own, and given to whoever has the link.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    sync::{Arc, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use muster_domain::{
    GameId, JoinLink, Link, MAX_LINK_PEERS, ProfileId, ReturnPage, Sha256, Side, clean_line,
};
use muster_registry::{
    OptionalPackage, PublicKey, RollEntry, SharedProfile, SignedTicket, SigningKey, Ticket,
};
use serde::{Deserialize, Serialize};

use super::{LobbyError, own_keys::Role, report::hex_seed};
use crate::{Engine, EngineError, Key};

/// Longest time for which a lobby is open, in hours.
const LONGEST: u32 = 24 * 7;
/// Addresses that nobody has (RFC 5737, RFC 3849): the way to them leads over the address that others reach us at.
const ELSEWHERE: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1))];

/// A lobby to open.
#[derive(Clone, Debug, Default)]
pub struct HostRequest {
    /// The one that is shown first otherwise.
    pub profile: Option<ProfileId>,
    /// For people; the profile's name otherwise.
    pub name: Option<String>,
    /// Where others reach this machine; found out otherwise.
    pub addresses: Vec<SocketAddr>,
    pub hours: u32,
    /// Packages of the profile that guests may leave out.
    pub optional: Vec<Key>,
    /// The page to go back to once the lobby was joined.
    pub back: Option<String>,
    /// Guests can know the host again by a key that stays.
    pub is_known: bool,
}

/// A lobby that is open here.
#[derive(Clone, Debug)]
pub struct HostedView {
    pub name: String,
    pub game: GameId,
    pub profile: ProfileId,
    /// Leads others here.
    pub link: String,
    /// The same with the ticket in it, where that is small: nobody has to be asked for it.
    pub full_link: Option<String>,
    /// The ticket itself, for those who cannot reach this machine.
    pub ticket: String,
    /// When it was opened, and until when others can join.
    pub since: Timestamp,
    pub expires: Timestamp,
    pub packages: usize,
    /// How many of them guests may leave out.
    pub optional: usize,
    /// The page to go back to.
    pub back: Option<String>,
    /// By which key guests know the host again.
    pub by: Option<PublicKey>,
    /// Titles of packages that others cannot get.
    pub left_out: Vec<String>,
    /// Whether others can fetch the ticket from here right now.
    pub is_offered: bool,
    /// Who joined and says so, as far as they say.
    pub guests: Vec<RollEntry>,
}

/// What is written down of an open lobby.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Hosted {
    pub profile: ProfileId,
    pub digest: Sha256,
    pub link: String,
    #[serde(default)]
    pub full_link: Option<String>,
    pub ticket: String,
    pub left_out: Vec<String>,
    /// Of the lobby's key, which signs what guests are told: as an earlier version wrote it down, until it is moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<Seed>,
}

/// What a key is made of.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Seed(#[serde(with = "hex_seed")] pub [u8; 32]);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a seed")
    }
}

/// The ticket that is offered, as it was read. Its digest names its very bytes: they are verified once and not each time that
/// it is looked whether it still holds.
#[derive(Debug, Default)]
pub(crate) struct Read(Option<(Sha256, Arc<Ticket>)>);

impl Read {
    fn get(
        &mut self,
        digest: Sha256,
        read: impl FnOnce() -> muster_registry::Result<SignedTicket>,
    ) -> Result<Arc<Ticket>, EngineError> {
        if let Some((_, ticket)) = self.0.as_ref().filter(|(known, _)| *known == digest) {
            return Ok(ticket.clone());
        }
        let found = read()?;
        if found.digest != digest {
            return Err(EngineError::Internal("a lobby's ticket is another one than was offered"));
        }
        let ticket = Arc::new(found.ticket);
        self.0 = Some((digest, ticket.clone()));
        Ok(ticket)
    }
}

impl Engine {
    /// Opens a lobby for a profile as it is now; one that was open before is closed.
    pub async fn host_lobby(&self, request: HostRequest) -> Result<HostedView, EngineError> {
        if request.hours == 0 || request.hours > LONGEST {
            return Err(LobbyError::Hours.into());
        }
        let missing = EngineError::InvalidSetting { name: "profile" };
        let profile = self.profile_or_current(request.profile).await?.ok_or(missing)?;
        let mut shared = self.share_profile(profile.id).await?;
        // Who joins plays: what is for servers only is no use to them.
        shared.profile.packages.retain(|package| {
            let locked = profile.lock.get(&package.source, &package.id);
            locked.is_none_or(|locked| locked.side != Side::Server)
        });
        let peers = self.addresses(request.addresses.clone())?;
        let (mut text, seed) = ticket(shared.profile, peers.clone(), &request)?;
        let key = SigningKey::from_seed(seed);
        let own = if request.is_known { Some(self.own_host_key().await?) } else { None };
        text.by = own.as_ref().map(SigningKey::public);
        let keys: Vec<&SigningKey> = std::iter::once(&key).chain(&own).collect();
        let _turn = self.inner.lobbies.turn.lock().await;
        self.close_hosted().await?;
        let bytes = text.sign(&keys)?;
        let digest = muster_registry::sha256(&bytes);
        let size = bytes.len() as u64;
        let full_link = Ticket::pack(&bytes)?.map(|packed| Link::JoinWith(packed).to_string());
        let link = Link::Join(JoinLink { ticket: digest, size, peers }).to_string();
        let ticket = String::from_utf8(bytes).map_err(|_| EngineError::Internal("a ticket is not text"))?;
        let left_out = shared.left_out;
        let hosted = Hosted { profile: profile.id, digest, link, full_link, ticket, left_out, seed: None };
        self.keep_lobby_key(Role::Host, digest, Seed(seed)).await?;
        self.offer_ticket(digest, hosted.ticket.clone().into()).await?;
        self.write_hosted(Some(hosted)).await?;
        self.open_desk(digest, seed);
        self.inner.lobbies.stirred.notify_one();
        self.hosted_view().await?.ok_or(EngineError::Internal("a lobby that was just opened"))
    }

    /// Closes the lobby that is open here. Who joined keeps what they have until they leave.
    pub async fn close_lobby(&self) -> Result<(), EngineError> {
        let _turn = self.inner.lobbies.turn.lock().await;
        match self.close_hosted().await? {
            true => Ok(()),
            false => Err(LobbyError::NoLobby.into()),
        }
    }

    async fn close_hosted(&self) -> Result<bool, EngineError> {
        let Some(hosted) = self.hosted().await? else { return Ok(false) };
        self.close_desk();
        self.write_hosted(None).await?;
        self.sweep_lobby_keys(Role::Host, None).await?;
        self.withdraw_ticket(hosted.digest).await?;
        Ok(true)
    }

    pub(super) async fn hosted_view(&self) -> Result<Option<HostedView>, EngineError> {
        let Some(hosted) = self.hosted().await? else { return Ok(None) };
        let ticket = self.verified(&hosted)?;
        let snapshot = self.transfer_snapshot();
        let seeds = &snapshot.sharing.seeds;
        Ok(Some(HostedView {
            name: ticket.name.clone(),
            game: ticket.profile.game.clone(),
            profile: hosted.profile,
            link: hosted.link,
            full_link: hosted.full_link,
            ticket: hosted.ticket,
            since: ticket.written,
            expires: ticket.expires,
            packages: ticket.profile.packages.len(),
            optional: ticket.optional.len(),
            back: ticket.back.clone(),
            by: ticket.by,
            left_out: hosted.left_out,
            is_offered: seeds.iter().any(|seed| seed.sha256 == hosted.digest && seed.is_offered),
            guests: self.desk().map(|desk| desk.entries()).unwrap_or_default(),
        }))
    }

    fn verified(&self, hosted: &Hosted) -> Result<Arc<Ticket>, EngineError> {
        let mut read = self.inner.lobbies.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.get(hosted.digest, || Ticket::read(hosted.ticket.as_bytes()))
    }

    /// Takes an open lobby up again after a start, and closes one that has run out. Gives when to look again.
    pub(super) async fn look_after_hosted(&self) -> Result<Option<Timestamp>, EngineError> {
        let _turn = self.inner.lobbies.turn.lock().await;
        let Some(hosted) = self.hosted().await? else { return Ok(None) };
        let ticket = self.verified(&hosted)?;
        if !ticket.holds_at(Timestamp::now()) {
            self.close_hosted().await?;
            return Ok(None);
        }
        let is_known = {
            let snapshot = self.transfer_snapshot();
            snapshot.sharing.seeds.iter().any(|seed| seed.sha256 == hosted.digest)
        };
        if !is_known {
            self.offer_ticket(hosted.digest, hosted.ticket.into()).await?;
        }
        // Of a lobby without one nobody is told anything, and everybody can join it.
        if let Some(Seed(seed)) = self.lobby_key(Role::Host, hosted.digest).await? {
            self.open_desk(hosted.digest, seed);
        }
        Ok(Some(ticket.expires))
    }

    /// Where others can connect to what is shared here.
    fn addresses(&self, named: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, EngineError> {
        if let Some(address) = named.iter().find(|address| !JoinLink::may_be_peer(address)) {
            return Err(LobbyError::Address { address: *address }.into());
        }
        let mut addresses = named;
        if addresses.is_empty() {
            let listen = self.transfer_snapshot().sharing.listen.ok_or(LobbyError::NotSharing)?;
            addresses = match listen.ip().is_unspecified() {
                true => own_addresses().map(|ip| SocketAddr::new(ip, listen.port())).collect(),
                false => vec![listen],
            };
        }
        addresses.dedup();
        addresses.truncate(MAX_LINK_PEERS);
        if addresses.is_empty() { Err(LobbyError::NoAddress.into()) } else { Ok(addresses) }
    }
}

/// Addresses of this machine that lead to other ones. Nothing is sent.
fn own_addresses() -> impl Iterator<Item = IpAddr> {
    ELSEWHERE.into_iter().filter_map(|elsewhere| {
        let any: IpAddr = match elsewhere {
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((any, 0)).ok()?;
        socket.connect((elsewhere, 9)).ok()?;
        socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_unspecified())
    })
}

/// A ticket for what a profile says to others, and the seed of the lobby's key.
fn ticket(
    mut profile: SharedProfile,
    peers: Vec<SocketAddr>,
    request: &HostRequest,
) -> Result<(Ticket, [u8; 32]), EngineError> {
    // What the host's own profile is for says nothing to guests.
    (profile.side, profile.platform) = (None, None);
    // Only what is switched on is played with.
    profile.packages.retain(|package| package.enabled);
    let used = |id: &muster_domain::SourceId| profile.packages.iter().any(|package| package.source == *id);
    profile.sources.retain(|source| used(&source.id));
    if profile.packages.is_empty() {
        return Err(LobbyError::Empty.into());
    }
    let name = request.name.as_ref().map(|name| clean_line(name, 60)).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| profile.name.clone());
    let seed = new_seed()?;
    // Whole seconds, which is how the document is written.
    let written = Timestamp::from_second(Timestamp::now().as_second());
    let written = written.map_err(|_| EngineError::Internal("the clock"))?;
    let expires = written + SignedDuration::from_hours(request.hours.into());
    let host = SigningKey::from_seed(seed).public();
    let optional = optional(&profile, &request.optional)?;
    let page = request.back.as_ref().map(|page| page.parse::<ReturnPage>());
    let page = page.transpose().map_err(|_| LobbyError::Page)?;
    let back = page.map(|page| page.as_str().to_owned());
    Ok((Ticket { name, host, written, expires, peers, profile, optional, back, by: None }, seed))
}

/// The packages that may be left out; each is one that the lobby plays with.
fn optional(profile: &SharedProfile, keys: &[Key]) -> Result<Vec<OptionalPackage>, EngineError> {
    let mut optional = BTreeSet::new();
    for key in keys {
        let is_there =
            profile.packages.iter().any(|package| package.source == key.source && package.id == key.id);
        if !is_there {
            return Err(LobbyError::NotPlayed { package: key.id.to_string() }.into());
        }
        optional.insert(OptionalPackage { source: key.source.clone(), id: key.id.clone() });
    }
    Ok(optional.into_iter().collect())
}

pub(super) fn new_seed() -> Result<[u8; 32], EngineError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| EngineError::Internal("no random numbers"))?;
    Ok(seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> Result<SignedTicket, EngineError> {
        let text = serde_json::json!({
            "name": "Friday", "game": "minetest", "version": 1, "written": "2026-01-01T00:00:00Z",
            "sources": [{ "id": "ckan" }],
            "packages": [{
                "source": "ckan", "id": "Tanks", "version": "1.2.3", "sha256": "07".repeat(32),
                "wished": true, "enabled": true,
            }],
        });
        let profile = serde_json::from_value(text).map_err(|_| EngineError::Internal("a profile"))?;
        let request = HostRequest { hours: 1, ..HostRequest::default() };
        let peers = vec![SocketAddr::from(([192, 0, 2, 7], 6881))];
        let (ticket, seed) = super::ticket(profile, peers, &request)?;
        Ok(Ticket::read(&ticket.sign(&[&SigningKey::from_seed(seed)])?)?)
    }

    #[test]
    fn a_ticket_that_is_open_here_is_verified_once() {
        let signed = ticket().expect("signs");
        let digest = signed.digest;
        let mut read = Read::default();
        let mut count = 0;
        for _ in 0..100 {
            let found = read.get(digest, || {
                count += 1;
                Ok(signed.clone())
            });
            assert_eq!(*found.expect("read"), signed.ticket);
        }
        assert_eq!(count, 1);
        let other = read.get(Sha256([1; 32]), || Ok(signed.clone()));
        assert!(other.is_err(), "bytes that are not those of the digest");
        assert!(read.get(digest, || unreachable!("it is known")).is_ok());
    }
}
