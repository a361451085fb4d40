//! From a verdict to what the transfers understand, and only what is new to them.

use std::net::SocketAddr;

use muster_domain::Tier;
use muster_surroundings::Surroundings;
use muster_transfer::{Conditions, Finding, Phase, RateLimits, SharingPolicy, Snapshot};

use crate::{
    Engine, Settings, Sharing,
    manners::{Caps, Reach, Verdict},
};

/// What the transfers were told last; `None` where they were told nothing, or refused it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Applied {
    is_paused: Option<bool>,
    limits: Option<RateLimits>,
    conditions: Option<Conditions>,
    sharing: Option<SharingPolicy>,
    finding: Option<Finding>,
}

impl Applied {
    /// Sharing is not as it should be and has to be tried again.
    pub fn is_refused(&self) -> bool {
        self.sharing.is_none()
    }
}

/// Caps as the transfers take them: the one place where ours become theirs. An upload cap of nothing has no form of its
/// own there: nothing is shared then.
fn rate_limits(caps: &Caps) -> RateLimits {
    RateLimits {
        down: caps.down,
        up: (caps.up > 0).then_some(caps.up),
        spares_network: caps.lan_exempt,
        connections: Some(caps.connections as usize),
        user_share: caps.user_share,
        background_share: caps.background_share,
    }
}

/// Whom to offer to.
fn sharing_policy(reach: Reach, listen: SocketAddr) -> SharingPolicy {
    match reach {
        Reach::Everybody => SharingPolicy::On { listen },
        Reach::Nearby => SharingPolicy::Nearby { listen },
        Reach::Nobody => SharingPolicy::Off,
    }
}

/// Where to look for peers: nowhere before the player was asked about sharing, since looking tells others of us too.
fn finding(verdict: &Verdict, settings: &Settings) -> Finding {
    let was_asked = settings.sharing != Sharing::Unset && !verdict.is_paused;
    let rules = &settings.rules;
    Finding {
        lan: was_asked && rules.find_nearby,
        dht: was_asked && rules.find_public,
        trackers: was_asked && rules.find_public,
        port_mapping: was_asked && rules.open_port && verdict.reach == Reach::Everybody,
    }
}

fn conditions(verdict: &Verdict, surroundings: &Surroundings) -> Conditions {
    Conditions {
        is_background_held: !verdict.background_holds.is_empty(),
        free_bytes: surroundings.free_bytes,
    }
}

/// Something waits or runs that nobody waits for.
pub(super) fn has_background(snapshot: &Snapshot) -> bool {
    let is_open = |phase| !matches!(phase, Phase::Done | Phase::Failed | Phase::Paused);
    snapshot.transfers.iter().any(|transfer| transfer.tier == Tier::Background && is_open(transfer.phase))
}

impl Engine {
    /// Makes the transfers do as the verdict says: what stops something first. Holds `policy`.
    pub(super) async fn apply(&self, verdict: &Verdict) {
        let (conduct, settings) = (self.conduct(), self.settings());
        let wanted = Applied {
            is_paused: Some(verdict.is_paused),
            limits: Some(rate_limits(&verdict.caps)),
            conditions: Some(conditions(verdict, &conduct.surroundings())),
            sharing: Some(match settings.seeding_paused {
                true => SharingPolicy::Off,
                false => sharing_policy(verdict.reach, settings.listen),
            }),
            finding: Some(finding(verdict, &settings)),
        };
        let mut applied = conduct.memory().applied;
        let transfers = self.transfers();
        if applied.is_paused != wanted.is_paused && verdict.is_paused {
            transfers.pause_all().await;
        }
        if applied.limits != wanted.limits
            && let Some(limits) = wanted.limits
        {
            transfers.set_limits(limits).await;
        }
        if applied.conditions != wanted.conditions
            && let Some(conditions) = wanted.conditions
        {
            transfers.set_conditions(conditions).await;
        }
        if applied.finding != wanted.finding
            && let Some(ways) = wanted.finding
        {
            transfers.set_finding(ways).await;
        }
        if applied.sharing != wanted.sharing
            && let Some(policy) = wanted.sharing
        {
            applied.sharing = match transfers.set_sharing(policy).await {
                Ok(_) => wanted.sharing,
                Err(error) => {
                    tracing::warn!(%error, "sharing could not be switched");
                    None
                }
            };
        }
        if applied.is_paused != wanted.is_paused && !verdict.is_paused {
            transfers.resume_all().await;
        }
        conduct.memory().applied = Applied { sharing: applied.sharing, ..wanted };
    }
}
