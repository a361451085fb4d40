//! Which kinds of sources work on an archive, and whom to believe after a wrong one: decisions without effects.

use std::{collections::BTreeSet, time::Duration};

use muster_domain::Tier;

use crate::{assembly::Supplier, origin::Trust};

/// Smaller archives are not worth meeting peers for, where a server answers.
const SMALL: u64 = 5 * 1_000_000;
/// Without a byte for this long, the other kind of source joins in.
const PATIENCE: Duration = Duration::from_secs(2);
/// Background transfers give peers this head start, so that they carry most bytes …
const HEAD_START: Duration = Duration::from_secs(60);
/// … unless these bring nothing for so long.
const BACKGROUND_PATIENCE: Duration = Duration::from_secs(15);

/// What a run knows about its sources.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// Bytes of the archive.
    pub size: u64,
    pub tier: Tier,
    /// There are servers, and they have not been given up.
    pub has_servers: bool,
    /// There is a torrent with somebody to ask, and it has not been given up.
    pub has_peers: bool,
    /// Peers are looked for.
    pub may_find_peers: bool,
    /// Since the run began.
    pub elapsed: Duration,
    /// Since the last byte, or since the run began.
    pub idle: Duration,
}

/// Who should work; what has begun goes on until it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Working {
    pub servers: bool,
    pub peers: bool,
}

/// Servers and peers together where that is useful, one of them where it is enough.
pub(crate) fn working(facts: &Facts) -> Working {
    let patience = if facts.tier == Tier::Background { BACKGROUND_PATIENCE } else { PATIENCE };
    let is_stuck = facts.idle >= patience;
    let peers_first = facts.tier == Tier::Background && facts.size >= SMALL && facts.elapsed < HEAD_START;
    let servers_suffice = facts.size < SMALL && facts.tier != Tier::LobbyUrgent;
    Working {
        servers: facts.has_servers
            && (!(facts.has_peers || facts.may_find_peers) || is_stuck || !peers_first),
        peers: facts.has_peers && (!facts.has_servers || is_stuck || !servers_suffice),
    }
}

/// Finding out who sent wrong bytes when no block list can tell.
#[derive(Clone, Debug)]
pub(crate) struct Blame {
    untried: BTreeSet<Supplier>,
    alone: Option<Supplier>,
}

impl Blame {
    /// Nobody is suspected.
    pub fn new(origins: usize, has_torrent: bool) -> Self {
        let untried =
            (0..origins).map(Supplier::Origin).chain(has_torrent.then_some(Supplier::Peers)).collect();
        Self { untried, alone: None }
    }

    /// The finished file was wrong; these brought its bytes, `here` says that some were from an earlier run.
    /// Says whether it is worth going on: next time one source works alone, so that it can be told.
    pub fn wrong_file(&mut self, suppliers: &[Supplier], here: Earlier) -> bool {
        if here == Earlier::Some && self.alone.is_none() {
            // What was resumed may have been wrong; it is gone now.
            self.alone = None;
            return !self.untried.is_empty();
        }
        if let [only] = suppliers {
            self.untried.remove(only);
        }
        if let Some(alone) = self.alone {
            self.untried.remove(&alone);
        }
        let is_ambiguous = suppliers.len() > 1 || self.alone.is_some();
        self.alone = self.untried.first().copied().filter(|_| is_ambiguous);
        !self.untried.is_empty()
    }

    /// Which servers may be asked now.
    pub fn servers(&self) -> Trust {
        match self.alone {
            None => Trust::All,
            Some(Supplier::Origin(index)) => Trust::Only(index),
            Some(Supplier::Peers | Supplier::Local) => Trust::Nobody,
        }
    }

    /// Whether this supplier may be asked now.
    pub fn allows(&self, supplier: Supplier) -> bool {
        self.untried.contains(&supplier) && self.alone.is_none_or(|alone| alone == supplier)
    }
}

/// Whether a run began with bytes of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Earlier {
    Some,
    None,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facts(size: u64, tier: Tier, has_servers: bool, has_peers: bool) -> Facts {
        Facts {
            size,
            tier,
            has_servers,
            has_peers,
            may_find_peers: false,
            elapsed: Duration::ZERO,
            idle: Duration::ZERO,
        }
    }

    proptest! {
        #[test]
        fn somebody_always_works_if_there_is_anybody(
            size: u64, urgency in 0usize..3, servers: bool, peers: bool, elapsed in 0u64..100, idle in 0u64..100,
        ) {
            let tier = [Tier::LobbyUrgent, Tier::User, Tier::Background][urgency];
            let facts = Facts {
                elapsed: Duration::from_secs(elapsed.max(idle)),
                idle: Duration::from_secs(idle),
                ..facts(size, tier, servers, peers)
            };
            let seeking = Facts { may_find_peers: true, ..facts };
            prop_assert!(!seeking.has_servers || idle < 15 || working(&seeking).servers, "nobody waits for ever");
            let working = working(&facts);
            prop_assert_eq!(working.servers || working.peers, servers || peers);
            prop_assert!((!working.servers || servers) && (!working.peers || peers));
            if idle >= 15 {
                prop_assert_eq!((working.servers, working.peers), (servers, peers), "stuck: everybody helps");
            }
        }

        #[test]
        fn blame_comes_to_an_end(origins in 0usize..5, has_torrent: bool, mixed in prop::collection::vec(any::<bool>(), 20)) {
            let mut blame = Blame::new(origins, has_torrent);
            let all: Vec<Supplier> = blame.untried.iter().copied().collect();
            let mut rounds = 0;
            for mixed in mixed {
                let suppliers: Vec<Supplier> = all.iter().copied().filter(|s| blame.allows(*s)).collect();
                let suppliers = if mixed { suppliers } else { suppliers.into_iter().take(1).collect() };
                rounds += 1;
                if !blame.wrong_file(&suppliers, Earlier::None) {
                    break;
                }
            }
            prop_assert!(rounds <= all.len() + 2);
        }
    }

    #[test]
    fn small_archives_prefer_servers_and_lobbies_use_everything() {
        assert_eq!(working(&facts(1_000, Tier::User, true, true)), Working { servers: true, peers: false });
        assert_eq!(
            working(&facts(1_000, Tier::LobbyUrgent, true, true)),
            Working { servers: true, peers: true }
        );
        assert_eq!(
            working(&facts(50_000_000, Tier::User, true, true)),
            Working { servers: true, peers: true }
        );
        assert_eq!(
            working(&facts(50_000_000, Tier::Background, true, true)),
            Working { servers: false, peers: true }
        );
        let seeking = Facts { may_find_peers: true, ..facts(50_000_000, Tier::Background, true, false) };
        assert_eq!(working(&seeking), Working::default(), "background waits for peers that may be found");
    }

    #[test]
    fn after_a_mixed_wrong_file_sources_work_alone_until_one_is_right() {
        let (a, b) = (Supplier::Origin(0), Supplier::Origin(1));
        let mut blame = Blame::new(2, true);
        assert!(blame.wrong_file(&[a, b], Earlier::None));
        assert_eq!(blame.servers(), Trust::Only(0));
        assert!(blame.wrong_file(&[a], Earlier::None));
        assert_eq!(blame.servers(), Trust::Only(1));
        assert!(blame.wrong_file(&[b], Earlier::None));
        assert!(blame.allows(Supplier::Peers) && blame.servers() == Trust::Nobody);
        assert!(!blame.wrong_file(&[Supplier::Peers], Earlier::None));
    }

    #[test]
    fn one_liar_alone_is_left_out_and_the_others_go_on_together() {
        let mut blame = Blame::new(2, false);
        assert!(blame.wrong_file(&[Supplier::Origin(0)], Earlier::None));
        assert!(!blame.allows(Supplier::Origin(0)) && blame.allows(Supplier::Origin(1)));
        assert!(
            blame.wrong_file(&[Supplier::Origin(1)], Earlier::Some),
            "resumed bytes are not blamed on anybody"
        );
    }
}
