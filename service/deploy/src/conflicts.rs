//! Which packages hold the same file, who wins, and why. Pure, and made for large profiles: 500 packages with 200,000
//! files are a matter of a part of a second.

use std::collections::HashMap;

use muster_domain::{FoldedPath, PortablePath, Sha256};
use serde::{Deserialize, Serialize};

use crate::{OrderReason, OrderedPackage, PackageKey, PlacedPackage};

/// Why one package's file wins over another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WinReason {
    /// The winner needs the loser.
    Needs,
    /// The loser asks to be loaded before the winner.
    LoadBefore,
    /// The winner asks to be loaded after the loser.
    LoadAfter,
    /// The player put it so.
    Player,
    /// Nobody asked for anything else, or it follows from what was asked of others.
    Order,
}

impl WinReason {
    pub const CODES: &[&str] = &["win-needs", "win-load-before", "win-load-after", "win-player", "win-order"];

    pub fn code(self) -> &'static str {
        match self {
            Self::Needs => "win-needs",
            Self::LoadBefore => "win-load-before",
            Self::LoadAfter => "win-load-after",
            Self::Player => "win-player",
            Self::Order => "win-order",
        }
    }
}

/// A package whose file is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loser {
    /// Position among the packages.
    pub package: usize,
    pub why: WinReason,
    /// It holds the same bytes as the winner's: nothing is lost.
    pub same_content: bool,
}

/// A file that several packages hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict<'p> {
    pub place: &'p str,
    /// As the winner spells it.
    pub path: &'p PortablePath,
    /// Position among the packages.
    pub winner: usize,
    /// In load order.
    pub losers: Vec<Loser>,
}

/// What was said about the order of two packages, for every pair that has something in common.
pub struct Reasons {
    /// By positions of the earlier and the later package.
    asked: HashMap<(usize, usize), OrderReason>,
    /// For every position its place in the player's order.
    ranks: Vec<Option<usize>>,
}

impl Reasons {
    /// From the wishes and the player's order that [`crate::order`] was asked with; `packages` in load order.
    pub fn new(packages: &[&OrderedPackage], manual: &[PackageKey]) -> Self {
        let mut positions: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, package) in packages.iter().enumerate() {
            positions.entry(&package.package.id).or_default().push(at);
        }
        let mut asked: HashMap<(usize, usize), OrderReason> = HashMap::new();
        for (at, package) in packages.iter().enumerate() {
            let wishes = [
                (&package.needs, OrderReason::Needs),
                (&package.load_after, OrderReason::LoadAfter),
                (&package.load_before, OrderReason::LoadBefore),
            ];
            for (ids, reason) in wishes {
                for &other in ids.iter().filter_map(|id| positions.get(id)).flatten() {
                    let pair = if reason == OrderReason::LoadBefore { (at, other) } else { (other, at) };
                    let strongest = asked.entry(pair).or_insert(reason);
                    *strongest = reason.max(*strongest);
                }
            }
        }
        let ranks: HashMap<_, usize> = manual.iter().enumerate().map(|(rank, key)| (key, rank)).collect();
        let ranks = packages.iter().map(|package| ranks.get(&package.package).copied()).collect();
        Self { asked, ranks }
    }

    /// Why the later one comes after the earlier one.
    fn why(&self, earlier: usize, later: usize) -> WinReason {
        match self.asked.get(&(earlier, later)) {
            Some(OrderReason::Needs) => WinReason::Needs,
            Some(OrderReason::LoadBefore) => WinReason::LoadBefore,
            Some(OrderReason::LoadAfter) => WinReason::LoadAfter,
            None => match (self.ranks.get(earlier), self.ranks.get(later)) {
                (Some(Some(earlier)), Some(Some(later))) if earlier < later => WinReason::Player,
                _ => WinReason::Order,
            },
        }
    }
}

/// One package's file.
#[derive(Clone, Copy)]
struct Holder<'p> {
    package: usize,
    path: &'p PortablePath,
    sha256: Sha256,
}

/// Every file that more than one package holds, by place and path. `packages` are in load order: the last one wins.
pub fn conflicts<'p>(packages: &'p [PlacedPackage], reasons: &Reasons) -> Vec<Conflict<'p>> {
    let total = packages.iter().map(|package| package.placed.placements.len()).sum();
    // Most files have one holder: they cost an entry, not a list.
    let mut first: HashMap<(&str, FoldedPath), Holder<'p>> = HashMap::with_capacity(total);
    let mut shared: HashMap<(&str, FoldedPath), Vec<Holder<'p>>> = HashMap::new();
    for (at, package) in packages.iter().enumerate() {
        for placement in &package.placed.placements {
            let holder = Holder { package: at, path: &placement.path, sha256: placement.sha256 };
            match first.entry((placement.place.as_str(), placement.path.fold())) {
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(holder);
                }
                std::collections::hash_map::Entry::Occupied(entry) => {
                    let earlier = *entry.get();
                    shared.entry(entry.key().clone()).or_insert_with(|| vec![earlier]).push(holder);
                }
            }
        }
    }
    let mut found: Vec<Conflict<'p>> = shared
        .into_iter()
        .filter_map(|((place, _), mut holders)| {
            let winner = holders.pop()?;
            let loser = |holder: &Holder<'_>| Loser {
                package: holder.package,
                why: reasons.why(holder.package, winner.package),
                same_content: holder.sha256 == winner.sha256,
            };
            let losers = holders.iter().map(loser).collect();
            Some(Conflict { place, path: winner.path, winner: winner.package, losers })
        })
        .collect();
    found.sort_by(|a, b| (a.place, a.path).cmp(&(b.place, b.path)));
    found
}

/// A file that another load order takes from one package and gives to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover<'p> {
    pub place: &'p str,
    /// As the new winner spells it.
    pub path: &'p PortablePath,
    pub from: &'p PackageKey,
    pub to: &'p PackageKey,
    /// Both hold the same bytes: nothing changes in the game.
    pub same_content: bool,
}

/// Every file that changes hands between two orders of the same packages, by place and path.
pub fn handovers<'p>(before: &[PlacedPackage], after: &'p [PlacedPackage]) -> Vec<Handover<'p>> {
    let nothing_asked = Reasons::new(&[], &[]);
    let winners: HashMap<(&str, FoldedPath), &PackageKey> = conflicts(before, &nothing_asked)
        .into_iter()
        .map(|conflict| ((conflict.place, conflict.path.fold()), &before[conflict.winner].package))
        .collect();
    let handover = |conflict: Conflict<'p>| {
        let to = &after[conflict.winner].package;
        let had = *winners.get(&(conflict.place, conflict.path.fold()))?;
        // Who had it and has it no more is one of those who lose it.
        let lost = conflict.losers.iter().find(|loser| after[loser.package].package == *had)?;
        let (from, same_content) = (&after[lost.package].package, lost.same_content);
        Some(Handover { place: conflict.place, path: conflict.path, from, to, same_content })
    };
    conflicts(after, &nothing_asked).into_iter().filter_map(handover).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Placed, Placement, merge};

    fn package(name: &str, files: &[(&str, u8)]) -> PlacedPackage {
        let placement = |(path, byte): &(&str, u8)| Placement {
            from: path.parse().expect("path"),
            place: "mods".into(),
            path: path.parse().expect("path"),
            size: 1,
            sha256: Sha256([*byte; 32]),
            config: false,
        };
        PlacedPackage {
            package: key(name),
            tree: Sha256([9; 32]),
            placed: Placed { placements: files.iter().map(placement).collect(), ..Placed::default() }.into(),
        }
    }

    fn key(name: &str) -> PackageKey {
        let id = format!("ada/{name}").parse().expect("id");
        PackageKey { source: "folder:test".parse().expect("source"), id }
    }

    fn wishes(name: &str, needs: &[&str], after: &[&str]) -> OrderedPackage {
        let ids = |names: &[&str]| names.iter().map(|name| key(name).id).collect();
        OrderedPackage {
            package: key(name),
            needs: ids(needs),
            load_after: ids(after),
            load_before: Vec::new(),
        }
    }

    #[test]
    fn the_last_one_wins_and_every_loser_is_told_why() {
        let packages = [
            package("base", &[("a", 1), ("b", 1), ("alone", 1)]),
            package("patch", &[("A", 2)]),
            package("mine", &[("a", 2), ("b", 1)]),
            package("last", &[("b", 3)]),
        ];
        let said = [
            wishes("base", &[], &[]),
            wishes("patch", &["base"], &[]),
            wishes("mine", &["base"], &["base"]),
            wishes("last", &[], &[]),
        ];
        let manual = [key("patch"), key("mine")];
        let reasons = Reasons::new(&said.iter().collect::<Vec<_>>(), &manual);
        let found = conflicts(&packages, &reasons);
        assert_eq!(found.len(), 2);
        let a = &found[0];
        assert_eq!((a.path.as_str(), a.winner), ("a", 2));
        let loser = |package, why, same_content| Loser { package, why, same_content };
        assert_eq!(a.losers, [loser(0, WinReason::LoadAfter, false), loser(1, WinReason::Player, true)]);
        assert_eq!(found[1].losers, [loser(0, WinReason::Order, false), loser(2, WinReason::Order, false)]);
    }

    #[test]
    fn another_order_hands_over_what_its_last_one_holds() {
        let base = package("base", &[("a", 1), ("b", 1), ("alone", 1)]);
        let patch = package("patch", &[("A", 2), ("c", 5)]);
        let last = package("last", &[("a", 2), ("b", 3)]);
        let before = [base.clone(), patch.clone(), last.clone()];
        assert_eq!(handovers(&before, &before), []);
        let after = [last.clone(), base.clone(), patch.clone()];
        let told: Vec<(&str, &PackageKey, &PackageKey, bool)> = handovers(&before, &after)
            .iter()
            .map(|file| (file.path.as_str(), file.from, file.to, file.same_content))
            .collect();
        assert_eq!(
            told,
            [("A", &last.package, &patch.package, true), ("b", &last.package, &base.package, false)]
        );
    }

    proptest! {
        /// The table says the same as what is deployed.
        #[test]
        fn agrees_with_what_is_deployed(files in proptest::collection::vec(
            proptest::collection::btree_set(0..30_u8, 0..10), 0..6,
        )) {
            let name = |number: &u8| format!("f{number}");
            let packages: Vec<PlacedPackage> = files.iter().enumerate().map(|(at, files)| {
                let names: Vec<String> = files.iter().map(name).collect();
                let files: Vec<(&str, u8)> = names.iter().map(|name| (name.as_str(), at as u8)).collect();
                package(&format!("p{at}x"), &files)
            }).collect();
            let desired = merge(&packages, Vec::new()).expect("merges");
            let reasons = Reasons::new(&[], &[]);
            let found = conflicts(&packages, &reasons);
            prop_assert_eq!(found.len(), desired.overridden.len());
            for (conflict, overridden) in found.iter().zip(&desired.overridden) {
                prop_assert_eq!(conflict.path, &overridden.path);
                prop_assert_eq!(&packages[conflict.winner].package, &overridden.winner);
                let losers: Vec<&PackageKey> =
                    conflict.losers.iter().map(|loser| &packages[loser.package].package).collect();
                prop_assert_eq!(losers, overridden.losers.iter().collect::<Vec<_>>());
            }
        }
    }
}
