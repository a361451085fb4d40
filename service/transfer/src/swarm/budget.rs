//! How many connections there may be, and how fast new ones are made: routers die of opening, not of open ones. Pure.

use std::time::{Duration, Instant};

use muster_domain::Tier;

/// The bounds; see [`Bounds::default`] for the product's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Connections in all.
    pub connections: usize,
    /// Attempts under way.
    pub dialling: usize,
    /// New attempts a second.
    pub dials_per_second: u32,
    /// Connections from one address, beside those from this machine: a household of players fits.
    pub per_address: usize,
}

impl Default for Bounds {
    /// 50 connections, 8 attempts under way, 4 new ones a second (`product.md` §6).
    fn default() -> Self {
        Self { connections: 50, dialling: 8, dials_per_second: 4, per_address: 8 }
    }
}

/// Why there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoRoom {
    /// Ask again then.
    Until(Instant),
    /// Every place is taken.
    Full,
}

/// What is open now.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    pub bounds: Bounds,
    open: [usize; 3],
    incoming: usize,
    dialling: usize,
    /// When the next attempt is paid for.
    next_dial: Option<Instant>,
}

impl Budget {
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, open: [0; 3], incoming: 0, dialling: 0, next_dial: None }
    }

    /// Open connections, attempts included.
    pub fn total(&self) -> usize {
        self.open.iter().sum::<usize>() + self.incoming
    }

    /// Takes a place for a new attempt.
    pub fn dial(&mut self, tier: Tier, now: Instant) -> Result<(), NoRoom> {
        let step = Duration::from_secs(1) / self.bounds.dials_per_second.max(1);
        // As many at once as a second brings; then evenly.
        let burst = step * (self.bounds.dials_per_second.max(1) - 1);
        let earliest = now.checked_sub(burst).unwrap_or(now);
        let due = self.next_dial.map_or(earliest, |next| next.max(earliest));
        if due > now {
            return Err(NoRoom::Until(due));
        }
        if self.dialling >= self.bounds.dialling {
            return Err(NoRoom::Until(now + step));
        }
        if self.total() >= self.bounds.connections {
            return Err(NoRoom::Full);
        }
        self.next_dial = Some(due + step);
        self.dialling += 1;
        self.open[tier as usize] += 1;
        Ok(())
    }

    /// An attempt has become a connection, or has failed.
    pub fn dialled(&mut self) {
        self.dialling = self.dialling.saturating_sub(1);
    }

    /// A connection that we dialled has ended.
    pub fn closed(&mut self, tier: Tier) {
        let open = &mut self.open[tier as usize];
        *open = open.saturating_sub(1);
    }

    /// Takes a place for somebody who connects to us; while something is fetched a quarter is kept for our own attempts.
    pub fn accept(&mut self, is_fetching: bool) -> bool {
        let kept = if is_fetching { self.bounds.connections / 4 } else { 0 };
        let has_room = self.total() < self.bounds.connections.saturating_sub(kept);
        self.incoming += usize::from(has_room);
        has_room
    }

    /// Somebody who had connected to us is gone.
    pub fn left(&mut self) {
        self.incoming = self.incoming.saturating_sub(1);
    }

    /// The least urgent tier that has connections and is less urgent than `tier`: one of them may have to go.
    pub fn yields_to(&self, tier: Tier) -> Option<Tier> {
        [Tier::Background, Tier::User]
            .into_iter()
            .find(|lower| *lower > tier && self.open[*lower as usize] > 0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn never_more_than_the_bounds(steps in prop::collection::vec((0u8..5, 0u64..400), 1..300)) {
            let bounds = Bounds::default();
            let mut budget = Budget::new(bounds);
            let start = Instant::now();
            let (mut now, mut dials, mut open) = (start, Vec::new(), 0usize);
            for (step, pause) in steps {
                now += Duration::from_millis(pause);
                match step {
                    0 | 1 => {
                        if budget.dial(Tier::User, now).is_ok() {
                            dials.push(now);
                            open += 1;
                        }
                    }
                    2 => budget.dialled(),
                    3 => {
                        if open > 0 {
                            budget.closed(Tier::User);
                            open -= 1;
                        }
                    }
                    _ => {
                        budget.accept(true);
                    }
                }
                prop_assert!(budget.total() <= bounds.connections && budget.dialling <= bounds.dialling);
                let recent = dials.iter().filter(|at| now.duration_since(**at) < Duration::from_secs(1)).count();
                prop_assert!(recent <= 2 * bounds.dials_per_second as usize, "{recent} in a second");
            }
        }
    }

    #[test]
    fn guests_leave_room_and_the_urgent_find_somebody_to_yield() {
        let mut budget = Budget::new(Bounds { connections: 8, dials_per_second: 100, ..Bounds::default() });
        let guests = (0..20).filter(|_| budget.accept(true)).count();
        assert_eq!(guests, 6);
        let now = Instant::now();
        assert!(budget.dial(Tier::Background, now).is_ok() && budget.dial(Tier::User, now).is_ok());
        assert_eq!(budget.dial(Tier::LobbyUrgent, now), Err(NoRoom::Full));
        assert_eq!(budget.yields_to(Tier::LobbyUrgent), Some(Tier::Background));
        budget.closed(Tier::Background);
        assert_eq!(budget.yields_to(Tier::LobbyUrgent), Some(Tier::User));
        assert_eq!(budget.yields_to(Tier::User), None);
    }
}
