//! From a verdict to what the transfers understand, and only what is new to them.

use std::net::SocketAddr;

use muster_domain::Tier;
use muster_surroundings::Surroundings;
use muster_transfer::{Conditions, Phase, RateLimits, SharingPolicy, Snapshot};

use crate::{
    Engine,
    manners::{Caps, Reach, Verdict},
};

/// What the transfers were told last; `None` where they were told nothing, or refused it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Applied {
    is_paused: Option<bool>,
    limits: Option<RateLimits>,
    conditions: Option<Conditions>,
    sharing: Option<SharingPolicy>,
}

impl Applied {
    /// Sharing is not as it should be and has to be tried again.
    pub fn is_refused(&self) -> bool {
        self.sharing.is_none()
    }
}

/// Caps as the transfers take them. An upload cap of nothing has no form of its own there: nothing is shared then.
fn rate_limits(caps: &Caps) -> RateLimits {
    RateLimits { down: caps.down, up: (caps.up > 0).then_some(caps.up) }
}

/// Whom to offer to. Who is near cannot be told from who is not yet (that comes with the gatekeeper of the transfers),
/// so those nearby get nothing rather than everybody something.
pub(crate) fn sharing_policy(reach: Reach, listen: SocketAddr) -> SharingPolicy {
    match reach {
        Reach::Everybody => SharingPolicy::On { listen },
        Reach::Nobody | Reach::Nearby => SharingPolicy::Off,
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
        let conduct = self.conduct();
        let wanted = Applied {
            is_paused: Some(verdict.is_paused),
            limits: Some(rate_limits(&verdict.caps)),
            conditions: Some(conditions(verdict, &conduct.surroundings())),
            sharing: Some(sharing_policy(verdict.reach, self.settings().listen)),
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
