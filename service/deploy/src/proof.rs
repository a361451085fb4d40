//! The proof: what is in the places now, held against what was there before the first write.
//!
//! | before | now | said |
//! |---|---|---|
//! | hash known | the same bytes | hash equal |
//! | size, time and inode known | the same three | unchanged by metadata; *already modded* below a mark of another manager |
//! | anything | something else, or nothing | changed by something else |
//! | nothing | something that is not ours | new: changed by something else |
//! | anything | a file of ours in its place | ours; not original until it is taken out |

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::Sha256;
use serde::{Deserialize, Serialize};

use crate::{
    Baseline, DeployError, Deployment, Kind, Original, Spot, Stamp, observe,
    traces::{Trace, is_within},
};

/// In which way something is not as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Departure {
    Changed,
    Gone,
    New,
}

/// What became of everything that was there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// What was there was written down only after files had been placed.
    pub is_late: bool,
    pub equal: Vec<Spot>,
    pub unchanged: Vec<Spot>,
    /// By somebody else: Muster knows what it did.
    pub departed: Vec<(Spot, Departure)>,
    /// There when Muster came, and unchanged since.
    pub modded: Vec<(Spot, String)>,
    pub traces: Vec<Trace>,
    /// Files of ours, and files with lines of ours, that are still there.
    pub ours: u64,
}

impl Proof {
    /// Whether nothing of ours is there and everything of the game is as it was.
    pub fn is_original(&self) -> bool {
        self.ours == 0 && self.departed.iter().all(|(_, departure)| *departure == Departure::New)
    }
}

/// An entry as it is now.
pub(crate) struct Present {
    pub(crate) kind: Kind,
    pub(crate) size: u64,
    pub(crate) stamp: Stamp,
    /// Read where the one before is known.
    pub(crate) sha256: Option<Sha256>,
}

/// Compares. `ours` are places with files or folders of ours.
pub(crate) fn compare(baseline: &Baseline, now: &BTreeMap<Spot, Present>, ours: &BTreeSet<Spot>) -> Proof {
    let mut proof = Proof { is_late: baseline.is_late, traces: baseline.traces.clone(), ..Proof::default() };
    for (spot, original) in baseline.entries.iter().filter(|(spot, _)| !ours.contains(spot)) {
        let trace = baseline.traces.iter().find(|trace| is_within(spot, &trace.spot));
        match (now.get(spot), original.kind) {
            (None, _) => proof.departed.push((spot.clone(), Departure::Gone)),
            (Some(now), _) if now.kind != original.kind => {
                proof.departed.push((spot.clone(), Departure::Changed));
            }
            (Some(_), Kind::Folder) => {}
            (Some(now), _) => match (is_as_before(original, now), original.sha256, trace) {
                (false, ..) => proof.departed.push((spot.clone(), Departure::Changed)),
                (true, _, Some(trace)) => proof.modded.push((spot.clone(), trace.of.clone())),
                (true, Some(_), None) => proof.equal.push(spot.clone()),
                (true, None, None) => proof.unchanged.push(spot.clone()),
            },
        }
    }
    let new = now.keys().filter(|spot| !ours.contains(spot) && !baseline.entries.contains_key(spot));
    proof.departed.extend(new.map(|spot| (spot.clone(), Departure::New)));
    proof.departed.sort();
    proof
}

fn is_as_before(original: &Original, now: &Present) -> bool {
    match (original.sha256, original.stamp) {
        (Some(sha256), _) => now.sha256 == Some(sha256),
        (None, Some(stamp)) => now.size == original.size && now.stamp == stamp,
        (None, None) => false,
    }
}

impl Deployment {
    /// Holds what is there against what was there; `None` where nothing was ever placed. Changes nothing, and reads
    /// only files whose hash is known.
    ///
    /// # Errors
    /// Of reading, and [`DeployError::Journal`] if what was written down is damaged.
    pub fn prove(&self) -> Result<Option<Proof>, DeployError> {
        let Some(baseline) = Baseline::load(&self.state)? else { return Ok(None) };
        let mut now = BTreeMap::new();
        for (place, root) in self.places.existing_ones() {
            for entry in root.tree()?.into_iter().filter(|entry| entry.nameable) {
                let spot = Spot { place: place.to_owned(), at: entry.path };
                let is_known = baseline.entries.get(&spot).is_some_and(|original| original.sha256.is_some());
                let sha256 = match is_known && entry.metadata.is_file() {
                    true => Some(observe::hash(root, &spot.at)?),
                    false => None,
                };
                let (kind, size) = (Kind::of(entry.metadata.kind), entry.metadata.size);
                now.insert(spot, Present { kind, size, stamp: Stamp::of(&entry.metadata), sha256 });
            }
        }
        let files = self.applied.files.values().map(|file| (&file.place, &file.at));
        let edits = self.applied.edits.values().map(|edit| (&edit.place, &edit.at));
        let spot = |(place, at): (&String, &String)| Spot { place: place.clone(), at: at.clone() };
        let mut ours: BTreeSet<Spot> = files.chain(edits).map(spot).collect();
        let placed = ours.iter().filter(|spot| now.contains_key(spot)).count();
        // What waits was taken away by Muster, and comes back.
        let waiting = self.applied.hidden.iter().map(|hidden| (&hidden.place, &hidden.at)).map(spot);
        let waiting: Vec<Spot> = waiting.filter(|spot| !now.contains_key(spot)).collect();
        let placed = placed + waiting.len();
        ours.extend(waiting);
        ours.extend(self.applied.dirs.iter().cloned());
        Ok(Some(Proof { ours: placed as u64, ..compare(&baseline, &now, &ours) }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spot(number: u8) -> Spot {
        Spot { place: "game".into(), at: format!("f{number}") }
    }

    fn stamp(modified: i64) -> Stamp {
        Stamp { modified, inode: 1 }
    }

    type Sides = BTreeMap<u8, (Option<(i64, bool)>, Option<i64>, bool)>;

    fn sides() -> impl Strategy<Value = Sides> {
        let before = prop::option::of((0i64..2, any::<bool>()));
        prop::collection::btree_map(0u8..12, (before, prop::option::of(0i64..2), any::<bool>()), 0..12)
    }

    proptest! {
        /// Every entry is said once, and what is said is true.
        #[test]
        fn everything_is_accounted_for(sides in sides()) {
            let hash = |content: i64| Sha256([content as u8; 32]);
            let (mut baseline, mut now, mut ours) = (Baseline::default(), BTreeMap::new(), BTreeSet::new());
            for (number, (before, after, is_ours)) in &sides {
                if let Some((content, hashed)) = before {
                    let sha256 = hashed.then(|| hash(*content));
                    let stamp = Some(stamp(*content));
                    let original = Original { kind: Kind::File, size: 1, stamp, sha256 };
                    baseline.entries.insert(spot(*number), original);
                }
                if let Some(content) = after {
                    let (stamp, sha256) = (stamp(*content), Some(hash(*content)));
                    now.insert(spot(*number), Present { kind: Kind::File, size: 1, stamp, sha256 });
                }
                if *is_ours {
                    ours.insert(spot(*number));
                }
            }
            let proof = compare(&baseline, &now, &ours);
            for (number, (before, after, is_ours)) in &sides {
                let said = |list: &[Spot]| list.contains(&spot(*number));
                let departed = proof.departed.iter().filter(|(at, _)| *at == spot(*number)).map(|(_, how)| *how);
                let said = (said(&proof.equal), said(&proof.unchanged), departed.collect::<Vec<_>>());
                let expected = match (is_ours, before, after) {
                    (true, ..) | (false, None, None) => (false, false, vec![]),
                    (false, None, Some(_)) => (false, false, vec![Departure::New]),
                    (false, Some(_), None) => (false, false, vec![Departure::Gone]),
                    (false, Some((old, _)), Some(new)) if old != new => (false, false, vec![Departure::Changed]),
                    (false, Some((_, hashed)), Some(_)) => (*hashed, !*hashed, vec![]),
                };
                prop_assert_eq!(said, expected, "{}", number);
            }
        }
    }
}
