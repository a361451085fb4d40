//! What has to go when space or time is up: a pure plan over facts.
//!
//! Order of going: expired unfinished downloads, expired archives, then (over quota only) unprotected archives by how
//! little they are worth, then last-known copies, leased and pinned ones. What is held, what an unfinished job needs,
//! and what was used within the last half hour never goes.

use jiff::Timestamp;
use muster_domain::Sha256;

/// Idle time counted for something used in the future (the clock went back): past the minimum stay, still fresh.
const CLOCK_WENT_BACK: i64 = 3_600;

/// Limits; see [`Policy::default`] for the product's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Bytes of complete archives to stay under.
    pub quota: u64,
    /// Seconds after the last use or serving until an archive expires.
    pub archive_ttl: i64,
    /// Seconds after the last write until an unfinished download expires.
    pub partial_ttl: i64,
    /// Seconds that anything stays after its last use.
    pub minimum_stay: i64,
}

impl Default for Policy {
    /// 2 GB, 30 days, 7 days, 30 minutes (`product.md` §7).
    fn default() -> Self {
        Self {
            quota: 2_000_000_000,
            archive_ttl: 30 * 86_400,
            partial_ttl: 7 * 86_400,
            minimum_stay: 30 * 60,
        }
    }
}

/// Whether an archive is all there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    Complete,
    Partial,
}

/// Why an archive goes last, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protection {
    None,
    /// Fewer than two other seeders are known.
    LastCopy,
    /// A profile uses it.
    Leased,
    /// The player said: keep.
    Pinned,
    /// An unfinished job waits for it; it does not go at all.
    Needed,
}

/// What is known about one archive when the plan is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub sha256: Sha256,
    /// Bytes on disk.
    pub size: u64,
    pub completeness: Completeness,
    /// Last use by a job, a game or a peer; for partial ones the last write.
    pub last_used: Timestamp,
    /// A job, a reader or a writer has it in its hands right now.
    pub is_held: bool,
    pub protection: Protection,
    /// Other complete copies known in the swarm, if anybody asked.
    pub other_seeders: Option<u32>,
}

/// Why something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody used it for the time to live.
    Expired,
    /// The quota is exceeded.
    Quota,
    /// The player said so.
    Asked,
}

/// One step of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evict {
    pub sha256: Sha256,
    pub completeness: Completeness,
    /// Bytes that become free.
    pub size: u64,
    pub reason: Reason,
    /// What would have kept it; a step is not taken if that has become more since.
    pub protection: Protection,
}

/// Says what goes, in order. Depends on the facts only, not on their order.
pub fn plan_eviction(facts: &[Fact], now: Timestamp, policy: &Policy) -> Vec<Evict> {
    let mut total: u64 =
        facts.iter().filter(|f| f.completeness == Completeness::Complete).map(|f| f.size).sum();
    let mut candidates: Vec<(&Fact, i64)> = facts
        .iter()
        .map(|fact| (fact, idle(fact.last_used, now)))
        .filter(|(fact, idle)| fact.may_go() && *idle >= policy.minimum_stay)
        .collect();
    candidates.sort_by_key(|(fact, _)| fact.sha256);

    let (expired, mut rest): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|(fact, idle)| is_expired(fact, *idle, policy));
    let mut plan = Vec::new();
    for (fact, _) in expired {
        if fact.completeness == Completeness::Complete {
            total -= fact.size;
        }
        plan.push(step(fact, Reason::Expired));
    }

    rest.retain(|(fact, _)| fact.completeness == Completeness::Complete);
    sort_by_worth(&mut rest);
    for (fact, _) in rest {
        if total <= policy.quota {
            break;
        }
        total -= fact.size;
        plan.push(step(fact, Reason::Quota));
    }
    plan
}

impl Fact {
    /// Whether anything may take it away now.
    pub(crate) fn may_go(&self) -> bool {
        !self.is_held && self.protection != Protection::Needed
    }
}

/// What is worth least first; archives that are equal in everything stay in their order.
pub(crate) fn sort_by_worth(facts: &mut [(&Fact, i64)]) {
    facts.sort_by(|(a, idle_a), (b, idle_b)| {
        a.protection.cmp(&b.protection).then_with(|| cost(b, *idle_b).total_cmp(&cost(a, *idle_a)))
    });
}

fn is_expired(fact: &Fact, idle: i64, policy: &Policy) -> bool {
    let ttl = match fact.completeness {
        Completeness::Complete => policy.archive_ttl,
        Completeness::Partial => policy.partial_ttl,
    };
    fact.protection == Protection::None && idle >= ttl
}

/// What keeping costs: idle time × size, more where many others have it, less where few do.
fn cost(fact: &Fact, idle: i64) -> f64 {
    let others = f64::from(fact.other_seeders.unwrap_or(4));
    idle as f64 * (fact.size as f64 + 65_536.0) * ((others + 1.0) / (others + 3.0))
}

/// Seconds since the last use.
pub(crate) fn idle(last_used: Timestamp, now: Timestamp) -> i64 {
    let seconds = now.as_second() - last_used.as_second();
    if seconds < 0 { CLOCK_WENT_BACK } else { seconds }
}

pub(crate) fn step(fact: &Fact, reason: Reason) -> Evict {
    Evict {
        sha256: fact.sha256,
        completeness: fact.completeness,
        size: fact.size,
        reason,
        protection: fact.protection,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    pub(crate) fn now() -> Timestamp {
        Timestamp::from_second(NOW).expect("in range")
    }

    pub(crate) fn fact(name: u8, size: u64, idle: i64) -> Fact {
        Fact {
            sha256: Sha256([name; 32]),
            size,
            completeness: Completeness::Complete,
            last_used: Timestamp::from_second(NOW - idle).expect("in range"),
            is_held: false,
            protection: Protection::None,
            other_seeders: None,
        }
    }

    const PROTECTIONS: [Protection; 5] =
        [Protection::None, Protection::LastCopy, Protection::Leased, Protection::Pinned, Protection::Needed];

    pub(crate) fn facts() -> impl Strategy<Value = Vec<Fact>> {
        let one = (
            1u64..1_000,
            -100i64..60 * 86_400,
            0u8..5,
            any::<bool>(),
            prop::option::of(0u32..50),
            any::<bool>(),
        );
        prop::collection::vec(one, 0..30).prop_map(|rows| {
            let build = |(index, (size, idle, protection, is_held, other_seeders, is_complete))| {
                let mut fact = fact(index as u8, size, idle);
                fact.protection = PROTECTIONS[protection as usize];
                fact.is_held = is_held;
                fact.other_seeders = other_seeders;
                fact.completeness = if is_complete { Completeness::Complete } else { Completeness::Partial };
                fact
            };
            rows.into_iter().enumerate().map(build).collect()
        })
    }

    proptest! {
        #[test]
        fn a_plan_keeps_every_promise(facts in facts(), quota in 0u64..5_000) {
            let policy = Policy { quota, ..Policy::default() };
            let plan = plan_eviction(&facts, now(), &policy);
            let goes = |fact: &Fact| plan.iter().any(|evict| evict.sha256 == fact.sha256);
            for fact in &facts {
                let idle = idle(fact.last_used, now());
                let untouchable = !fact.may_go() || idle < policy.minimum_stay;
                prop_assert!(!(goes(fact) && untouchable), "held, needed or fresh goes: {:?}", fact);
                if !untouchable && is_expired(fact, idle, &policy) {
                    prop_assert!(goes(fact), "expired stays: {:?}", fact);
                }
            }
            let complete = |fact: &&Fact| fact.completeness == Completeness::Complete;
            let left: u64 = facts.iter().filter(complete).filter(|f| !goes(f)).map(|f| f.size).sum();
            let could_go = |fact: &Fact| fact.may_go() && idle(fact.last_used, now()) >= policy.minimum_stay;
            let remaining: Vec<&Fact> = facts.iter().filter(complete).filter(|f| !goes(f) && could_go(f)).collect();
            prop_assert!(left <= quota || remaining.is_empty());
            for gone in plan.iter().filter(|evict| evict.reason == Reason::Quota) {
                let gone = facts.iter().find(|f| f.sha256 == gone.sha256).expect("planned");
                prop_assert!(remaining.iter().all(|kept| kept.protection >= gone.protection));
            }
            let mut quota_steps = plan.iter().filter(|evict| evict.reason == Reason::Quota);
            if let Some(last) = quota_steps.next_back() {
                prop_assert!(left + last.size > quota, "evicts more than needed");
            }
            let mut reversed = facts.clone();
            reversed.reverse();
            prop_assert_eq!(plan_eviction(&reversed, now(), &policy), plan);
        }
    }

    #[test]
    fn the_rarer_of_two_equals_stays() {
        let mut common = fact(1, 100, 86_400);
        common.other_seeders = Some(40);
        let mut rare = fact(2, 100, 86_400);
        rare.other_seeders = Some(2);
        let policy = Policy { quota: 150, ..Policy::default() };
        let plan = plan_eviction(&[rare, common.clone()], now(), &policy);
        assert_eq!(plan.iter().map(|evict| evict.sha256).collect::<Vec<_>>(), [common.sha256]);
    }

    #[test]
    fn a_clock_that_jumped_back_evicts_nothing_by_age() {
        let future = fact(1, 100, -400 * 86_400);
        assert_eq!(plan_eviction(&[future], now(), &Policy::default()), []);
    }
}
