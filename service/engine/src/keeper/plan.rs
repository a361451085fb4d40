//! What goes now, what is announced first, and when that is due: pure.
//!
//! | notice    | protected archives over the quota | the player allows it | next                              |
//! |-----------|-----------------------------------|----------------------|-----------------------------------|
//! | none      | none                              | either               | none                              |
//! | none      | some                              | either               | announced now                     |
//! | announced | none                              | either               | none                              |
//! | announced | some, for less than a day         | either               | announced                         |
//! | announced | some, for a day                   | yes                  | they go; none at the next pass    |
//! | announced | some, for a day                   | no                   | announced, for as long as it takes |

use jiff::{SignedDuration, Timestamp};
use muster_cache::{Evict, Policy, Protection};

use crate::{Reason, Settings};

/// Protected archives go this long after that was announced.
const GRACE: SignedDuration = SignedDuration::from_hours(24);
/// With less room than this on the volume the cache gives some back, ...
const LOW_DISK: u64 = 1_000_000_000;
/// ... until there is this much, as far as that is possible.
const ENOUGH_DISK: u64 = 2_000_000_000;
const DAY: i64 = 86_400;

/// The player's limits.
pub(super) fn policy(settings: &Settings) -> Policy {
    Policy {
        quota: settings.cache_quota,
        archive_ttl: i64::from(settings.archive_days) * DAY,
        partial_ttl: i64::from(settings.unfinished_days) * DAY,
        ..Policy::default()
    }
}

/// The same with as much less as a nearly full volume asks for.
pub(super) fn tightened(policy: &Policy, used: u64, free: Option<u64>) -> Policy {
    match free {
        Some(free) if free < LOW_DISK => {
            Policy { quota: policy.quota.min(used.saturating_sub(ENOUGH_DISK - free)), ..*policy }
        }
        _ => *policy,
    }
}

/// What a pass takes away, and what it announces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Split {
    pub now_goes: Vec<Evict>,
    pub announced: Vec<Evict>,
}

/// Parts the plans for the player's own limits and for the tightened ones. A full disk is no reason to take what is
/// protected: it is announced only where the player's own quota is exceeded.
pub(super) fn split(by_limits: Vec<Evict>, tightened: Vec<Evict>) -> Split {
    let is_plain = |evict: &Evict| evict.protection == Protection::None;
    Split {
        now_goes: tightened.into_iter().filter(is_plain).collect(),
        announced: by_limits.into_iter().filter(|evict| !is_plain(evict)).collect(),
    }
}

/// Word that protected archives are over the quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub since: Timestamp,
    /// When they go; never, where the player does not allow it.
    due: Option<Timestamp>,
    archives: usize,
    bytes: u64,
}

impl Notice {
    /// The next state of the notice; `since` is when the last one was made.
    pub fn next(
        since: Option<Timestamp>,
        announced: &[Evict],
        settings: &Settings,
        now: Timestamp,
    ) -> Option<Self> {
        if announced.is_empty() {
            return None;
        }
        // A time that has not come yet: the clock went back.
        let since = since.filter(|since| *since <= now).unwrap_or(now);
        let due = since.checked_add(GRACE).ok().filter(|_| settings.evict_protected);
        let bytes = announced.iter().map(|evict| evict.size).sum();
        Some(Self { since, due, archives: announced.len(), bytes })
    }

    pub fn is_due(&self, now: Timestamp) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// What the player is told.
    pub fn reason(&self, now: Timestamp) -> Reason {
        let reason = match self.due {
            Some(due) => {
                let seconds = due.duration_since(now).as_secs().max(0);
                Reason::new("cache-full-soon").with("hours", (seconds + 3_599) / 3_600)
            }
            None => Reason::new("cache-full-kept"),
        };
        reason.with("count", self.archives).with("size", self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use muster_cache::{Completeness, Reason as Why};
    use muster_domain::Sha256;

    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hours * 3_600).expect("in range")
    }

    fn evict(name: u8, protection: Protection) -> Evict {
        Evict {
            sha256: Sha256([name; 32]),
            completeness: Completeness::Complete,
            size: 100,
            reason: Why::Quota,
            protection,
        }
    }

    #[test]
    fn protected_archives_go_a_day_after_that_was_announced_and_only_if_that_is_allowed() {
        let allowed = Settings::default();
        let refused = Settings { evict_protected: false, ..Settings::default() };
        let over = [evict(1, Protection::Leased), evict(2, Protection::Pinned)];
        assert_eq!(Notice::next(None, &[], &allowed, at(0)), None);
        let first = Notice::next(None, &over, &allowed, at(0)).expect("announced");
        assert!(!first.is_due(at(0)) && !first.is_due(at(23)) && first.is_due(at(24)));
        let later = Notice::next(Some(first.since), &over, &allowed, at(10)).expect("still");
        assert_eq!(later, first, "it counts from the first time");
        assert_eq!(first.reason(at(10)).context["hours"], "14");
        let kept = Notice::next(Some(first.since), &over, &refused, at(50)).expect("for as long as it takes");
        assert!(!kept.is_due(at(500)));
        assert_eq!(kept.reason(at(50)).code, "cache-full-kept");
        assert_eq!(Notice::next(Some(first.since), &[], &allowed, at(10)), None, "there is room again");
        let jumped = Notice::next(Some(at(99)), &over, &allowed, at(10)).expect("announced");
        assert_eq!(jumped.since, at(10), "a clock that went back starts the day anew");
    }

    #[test]
    fn a_full_disk_takes_what_nobody_protects_and_announces_nothing() {
        let policy = policy(&Settings::default());
        assert_eq!(tightened(&policy, 1_500_000_000, Some(5_000_000_000)), policy);
        assert_eq!(tightened(&policy, 1_500_000_000, None), policy);
        assert_eq!(tightened(&policy, 1_500_000_000, Some(600_000_000)).quota, 100_000_000);
        assert_eq!(tightened(&policy, 1_000_000, Some(0)).quota, 0);
        let all = vec![evict(1, Protection::None), evict(2, Protection::LastCopy)];
        let split = split(vec![], all.clone());
        assert_eq!((split.now_goes, split.announced), (vec![all[0]], vec![]));
    }

    #[test]
    fn over_the_quota_what_is_plain_goes_and_the_rest_is_announced() {
        let all = vec![evict(1, Protection::None), evict(2, Protection::LastCopy)];
        let split = split(all.clone(), all.clone());
        assert_eq!((split.now_goes, split.announced), (vec![all[0]], vec![all[1]]));
    }
}
