//! What is kept, making room, and peers as the API shows them.

use std::collections::BTreeSet;

use muster_api as api;
use muster_engine::{ArchivePeers, PeerState, PeerView, RoomItem, RoomRequest, RoomView, SeedView, Via};

use super::{parse, reason};
use crate::server::Failure;

/// Longest name of a foreign program that is passed on, in characters.
const MAX_CLIENT: usize = 60;

pub(crate) fn seed(view: SeedView) -> api::Seed {
    let package =
        view.key.map(|key| api::PackageKey { source: key.source.to_string(), id: key.id.to_string() });
    api::Seed {
        sha256: view.sha256.to_string(),
        name: view.name,
        package,
        version: view.version.map(|version| version.label()),
        size: view.size,
        offered: view.is_offered,
        reason: view.reason.as_ref().map(reason),
        kept: view.kept.iter().map(reason).collect(),
        last_used: view.last_used.to_string(),
        expires: view.expires.map(|time| time.to_string()),
        given: view.given,
        peers: view.peers,
        other_seeders: view.other_seeders,
        pinned: view.is_pinned,
        paused: view.is_paused,
        checked: view.is_checked,
    }
}

pub(crate) fn room_request(request: &api::RoomRequest) -> Result<RoomRequest, Failure> {
    let archives: Result<BTreeSet<_>, Failure> =
        request.archives.iter().map(|hash| parse("archives", hash)).collect();
    match (request.bytes, archives?, request.all) {
        (Some(bytes), archives, false) if archives.is_empty() => Ok(RoomRequest::Bytes(bytes)),
        (None, archives, false) if !archives.is_empty() => Ok(RoomRequest::Archives(archives)),
        (None, archives, true) if archives.is_empty() => Ok(RoomRequest::All),
        _ => Err(Failure::new(400, "api-bad-value", "exactly one of bytes, archives and all")
            .with("name", "bytes")),
    }
}

pub(crate) fn room(view: RoomView) -> api::RoomPlan {
    let item = |item: RoomItem| api::RoomItem {
        sha256: item.sha256.to_string(),
        name: item.name,
        size: item.size,
        unfinished: item.is_unfinished,
        reasons: item.reasons.iter().map(reason).collect(),
    };
    api::RoomPlan {
        goes: view.goes.into_iter().map(item).collect(),
        stays: view.stays.into_iter().map(item).collect(),
        freed: view.freed,
    }
}

pub(crate) fn peers(archive: ArchivePeers) -> api::ArchivePeers {
    api::ArchivePeers {
        sha256: archive.sha256.to_string(),
        name: archive.name,
        connected: archive.connected,
        peers: archive.peers.into_iter().map(peer).collect(),
    }
}

fn peer(view: PeerView) -> api::Peer {
    api::Peer {
        address: view.address.to_string(),
        via: match view.via {
            Via::Named => api::PeerVia::Named,
            Via::Lan => api::PeerVia::Lan,
            Via::Tracker => api::PeerVia::Tracker,
            Via::Dht => api::PeerVia::Dht,
            Via::Pex => api::PeerVia::Pex,
            Via::Incoming => api::PeerVia::Incoming,
        },
        client: view.client.map(|client| muster_domain::clean_line(&client, MAX_CLIENT)),
        is_seed: view.is_seed,
        down: view.down,
        up: view.up,
        down_rate: view.down_rate,
        up_rate: view.up_rate,
        wrong_blocks: view.wrong_blocks,
        state: match view.state {
            PeerState::Idle => api::PeerState::Idle,
            PeerState::Taking => api::PeerState::Taking,
            PeerState::Giving => api::PeerState::Giving,
            PeerState::Both => api::PeerState::Both,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_asked_for_in_exactly_one_way() {
        let hash = "ab".repeat(32);
        let ask = |bytes, archives: &[&str], all| {
            let archives = archives.iter().map(|text| (*text).to_owned()).collect();
            room_request(&api::RoomRequest { bytes, archives, all })
        };
        assert_eq!(ask(Some(5), &[], false).ok(), Some(RoomRequest::Bytes(5)));
        assert_eq!(ask(None, &[], true).ok(), Some(RoomRequest::All));
        assert!(matches!(ask(None, &[&hash], false), Ok(RoomRequest::Archives(list)) if list.len() == 1));
        assert!(ask(None, &[], false).is_err());
        assert!(ask(Some(5), &[], true).is_err() && ask(Some(5), &[&hash], false).is_err());
        assert!(ask(None, &["../x"], false).is_err());
    }
}
