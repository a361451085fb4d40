//! What goes when the player asks for room: a pure plan over facts.
//!
//! The player's word overrides age, quota and last copies, and what profiles use can go too (their files are placed and
//! kept apart). It does not override their own pins, and never takes what is in use or what an unfinished job needs.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::Sha256;

use crate::{
    Completeness, Evict, Fact, Protection, Reason,
    eviction::{idle, sort_by_worth, step},
};

/// What the player asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Room {
    /// At least this many bytes.
    Bytes(u64),
    /// These archives.
    Archives(BTreeSet<Sha256>),
    /// As much as there is.
    All,
}

/// Why an archive stays although room was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staying {
    /// Something has it in its hands.
    Held,
    Needed,
    Pinned,
    /// What goes is enough.
    Enough,
}

/// What goes, in this order, and what stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomPlan {
    pub goes: Vec<Evict>,
    /// Of what was asked for, with its bytes.
    pub stays: Vec<(Sha256, u64, Staying)>,
}

impl RoomPlan {
    /// Bytes that become free.
    pub fn freed(&self) -> u64 {
        self.goes.iter().map(|evict| evict.size).sum()
    }
}

/// Says what goes: unfinished downloads first, then by how little an archive is worth.
pub fn plan_room(facts: &[Fact], now: Timestamp, room: &Room) -> RoomPlan {
    let mut asked: Vec<(&Fact, i64)> = facts
        .iter()
        .filter(|fact| match room {
            Room::Archives(archives) => archives.contains(&fact.sha256),
            Room::Bytes(_) | Room::All => true,
        })
        .map(|fact| (fact, idle(fact.last_used, now)))
        .collect();
    asked.sort_by_key(|(fact, _)| fact.sha256);
    sort_by_worth(&mut asked);
    asked.sort_by_key(|(fact, _)| fact.completeness != Completeness::Partial);
    let wanted = match room {
        Room::Bytes(bytes) => *bytes,
        Room::Archives(_) | Room::All => u64::MAX,
    };
    let mut plan = RoomPlan::default();
    for (fact, _) in asked {
        let staying = match fact {
            Fact { protection: Protection::Needed, .. } => Some(Staying::Needed),
            Fact { is_held: true, .. } => Some(Staying::Held),
            Fact { protection: Protection::Pinned, .. } => Some(Staying::Pinned),
            _ => (plan.freed() >= wanted).then_some(Staying::Enough),
        };
        match staying {
            Some(staying) => plan.stays.push((fact.sha256, fact.size, staying)),
            None => plan.goes.push(step(fact, Reason::Asked)),
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eviction::tests::{fact, facts, now};

    proptest! {
        #[test]
        fn room_is_made_without_touching_what_must_stay(facts in facts(), bytes in 0u64..5_000) {
            let plan = plan_room(&facts, now(), &Room::Bytes(bytes));
            let find = |sha256| facts.iter().find(|fact| fact.sha256 == sha256).expect("of the facts");
            for gone in &plan.goes {
                let fact = find(gone.sha256);
                prop_assert!(fact.may_go() && fact.protection < Protection::Pinned, "{:?}", fact);
            }
            prop_assert_eq!(plan.goes.len() + plan.stays.len(), facts.len());
            let enough = plan.stays.iter().any(|(_, _, why)| *why == Staying::Enough);
            prop_assert!(!enough || plan.freed() >= bytes, "not enough, and something was left");
            let last = plan.goes.last().map_or(0, |evict| evict.size);
            prop_assert!(plan.goes.is_empty() || plan.freed() - last < bytes, "more than was asked for");
            let all = plan_room(&facts, now(), &Room::All);
            prop_assert!(all.stays.iter().all(|(_, _, why)| *why != Staying::Enough));
        }
    }

    #[test]
    fn only_what_was_named_goes_and_pins_are_kept() {
        let (mut pinned, plain, other) = (fact(1, 10, 5), fact(2, 20, 5), fact(3, 30, 90_000));
        pinned.protection = Protection::Pinned;
        let named = Room::Archives([pinned.sha256, plain.sha256].into());
        let plan = plan_room(&[pinned.clone(), plain.clone(), other], now(), &named);
        assert_eq!(plan.goes.iter().map(|evict| evict.sha256).collect::<Vec<_>>(), [plain.sha256]);
        assert_eq!(plan.stays, [(pinned.sha256, 10, Staying::Pinned)]);
    }
}
