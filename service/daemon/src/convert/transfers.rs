//! The download queue as the API shows it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_api as api;
use muster_domain::Tier;
use muster_engine::{Engine, Group, Sum, TransferPhase, TransferView, TransferWait};

/// Why a transfer waits, with what its sentence needs. The transfers know that background downloads are held back; the
/// manners know why (`held`).
fn reason(view: &TransferView, held: Option<&str>, now: Timestamp) -> Option<api::Reason> {
    let wait = view.wait.as_ref()?;
    let mut context = BTreeMap::new();
    if let TransferWait::Retry { at } = wait {
        context.insert("seconds".to_owned(), at.duration_since(now).as_secs().max(0).to_string());
    }
    if let Some(failure) = &view.failure {
        context.insert("failure".to_owned(), failure.clone());
    }
    let code = match wait {
        TransferWait::Game => held.unwrap_or(wait.code()),
        _ => wait.code(),
    };
    Some(api::Reason { code: code.to_owned(), context })
}

fn transfer(view: &TransferView, position: u32, held: Option<&str>, now: Timestamp) -> api::Transfer {
    api::Transfer {
        sha256: view.sha256.to_string(),
        name: view.name.clone(),
        lane: match view.tier {
            Tier::LobbyUrgent => api::Lane::LobbyUrgent,
            Tier::User => api::Lane::User,
            Tier::Background => api::Lane::Background,
        },
        position,
        state: match view.phase {
            TransferPhase::Waiting => api::TransferState::Queued,
            TransferPhase::Fetching => api::TransferState::Active,
            TransferPhase::Verifying => api::TransferState::Checking,
            TransferPhase::Paused => api::TransferState::Paused,
            TransferPhase::Failed => api::TransferState::Failed,
            TransferPhase::Done => api::TransferState::Done,
        },
        reason: reason(view, held, now),
        size: view.size,
        here: view.split.here,
        from_peers: view.split.peers,
        from_servers: view.split.servers,
        down: view.rate,
        up: 0,
        peers: view.peers,
        eta: view.eta,
    }
}

fn sum(sum: &Sum) -> api::TransferSum {
    api::TransferSum {
        archives: sum.archives,
        complete: sum.complete,
        total: sum.total,
        done: sum.done,
        left: sum.left(),
        here: sum.here,
        from_peers: sum.peers,
        from_servers: sum.servers,
        down: sum.rate,
        eta: sum.eta,
    }
}

fn group(group: Group) -> api::TransferGroup {
    api::TransferGroup { job: group.job.to_string(), subjects: group.subjects, sum: sum(&group.sum) }
}

pub(crate) fn transfers(engine: &Engine) -> api::Transfers {
    let (snapshot, progress, now) = (engine.transfer_snapshot(), engine.progress(), Timestamp::now());
    let verdict = engine.limits().verdict;
    let mut places: BTreeMap<Tier, u32> = BTreeMap::new();
    let mut list = Vec::new();
    let (mut peers, mut servers) = (0, 0);
    for view in &snapshot.transfers {
        let place = places.entry(view.tier).or_default();
        list.push(transfer(view, *place, verdict.why_background_waits(), now));
        *place += 1;
        // A transfer's rate is not split by source; its bytes are, and stand for it.
        let fetched = view.split.peers + view.split.servers;
        let from_peers = if fetched == 0 {
            0
        } else {
            u128::from(view.rate) * u128::from(view.split.peers) / u128::from(fetched)
        };
        peers += from_peers as u64;
        servers += view.rate - from_peers as u64;
    }
    api::Transfers {
        transfers: list,
        paused: snapshot.is_all_paused,
        down: snapshot.down_rate,
        down_peers: peers,
        down_servers: servers,
        up: snapshot.up_rate,
        all: sum(&progress.all),
        groups: progress.groups.into_iter().map(group).collect(),
    }
}
