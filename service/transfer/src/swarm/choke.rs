//! Whom we give to: everybody nearby, and as many others as the line carries, in turns. Pure.

use std::time::Duration;

/// Others served at once where nothing limits the line.
const MOST: usize = 20;
const LEAST: usize = 4;
/// Bytes per second that make one place worth having.
const PER_PLACE: u64 = 50_000;
/// How long a peer is served before it makes room for one that waits.
const TURN: Duration = Duration::from_secs(30);

/// What is known of a connected peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asking {
    pub id: u64,
    pub is_interested: bool,
    pub is_near: bool,
    /// How long it has been served without a break; `None` if it is not served.
    pub served_for: Option<Duration>,
    /// How long it has been waiting since it was served last.
    pub waits_for: Duration,
}

/// Places for peers from afar, at a cap in bytes per second.
pub(crate) fn places(up: Option<u64>) -> usize {
    up.map_or(MOST, |rate| ((rate / PER_PLACE) as usize).clamp(LEAST, MOST))
}

/// The ids of those to serve now.
pub(crate) fn choose(asking: &[Asking], places: usize) -> Vec<u64> {
    let interested = || asking.iter().filter(|peer| peer.is_interested);
    let mut chosen: Vec<u64> = interested().filter(|peer| peer.is_near).map(|peer| peer.id).collect();
    let mut others: Vec<&Asking> = interested().filter(|peer| !peer.is_near).collect();
    // Whoever is in the middle of a turn, then who waits longest, then who has had a turn.
    others.sort_by_key(|peer| match peer.served_for {
        Some(served) if served < TURN => (0, Duration::ZERO, peer.id),
        Some(served) => (2, served, peer.id),
        None => (1, Duration::MAX - peer.waits_for, peer.id),
    });
    chosen.extend(others.into_iter().take(places).map(|peer| peer.id));
    chosen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asking() -> impl Strategy<Value = Vec<Asking>> {
        let one = (any::<bool>(), any::<bool>(), prop::option::of(0u64..100), 0u64..100);
        prop::collection::vec(one, 0..60).prop_map(|rows| {
            let build = |(id, (is_interested, is_near, served, waits))| Asking {
                id: id as u64,
                is_interested,
                is_near,
                served_for: Option::map(served, Duration::from_secs),
                waits_for: Duration::from_secs(waits),
            };
            rows.into_iter().enumerate().map(build).collect()
        })
    }

    proptest! {
        #[test]
        fn serves_the_near_and_no_more_than_the_places(asking in asking(), places in 0usize..25) {
            let chosen = choose(&asking, places);
            let is_chosen = |peer: &Asking| chosen.contains(&peer.id);
            for peer in &asking {
                prop_assert!(!is_chosen(peer) || peer.is_interested);
                prop_assert!(!peer.is_near || is_chosen(peer) == peer.is_interested);
            }
            let far: Vec<&Asking> = asking.iter().filter(|peer| peer.is_interested && !peer.is_near).collect();
            prop_assert_eq!(far.iter().filter(|peer| is_chosen(peer)).count(), far.len().min(places));
            for waiting in far.iter().filter(|peer| !is_chosen(peer) && peer.served_for.is_none()) {
                let has_had_a_turn = |peer: &&&Asking| peer.served_for.is_some_and(|served| served >= TURN);
                prop_assert_eq!(far.iter().filter(|peer| is_chosen(peer)).filter(has_had_a_turn).count(), 0, "{:?}", waiting);
            }
        }
    }

    #[test]
    fn a_thin_line_serves_few() {
        assert_eq!((places(None), places(Some(0)), places(Some(500_000))), (20, 4, 10));
    }
}
