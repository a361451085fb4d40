//! What was in the places before the first write: the ground that a return to the original game is proved on.
//!
//! `baseline` in the state folder lists every entry below the places with size, modification time and inode; it is
//! durable before the first change begins, and written anew only as long as none was ever committed.
//! `baseline-hashes` gets one line per original whose bytes are displaced, before they are, and per file that was read on
//! request. Both are read by people who
//! want to know, by [`Deployment::prove`], and by nothing else: a damaged one costs the proof, never a file.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
};

use muster_domain::Sha256;
use muster_fsx::{Dir, EntryKind, Operation};
use serde::{Deserialize, Serialize};

use crate::{
    DeployError, Deployment, Plan, Spot,
    facts::Stamp,
    observe,
    plan::{Step, Take},
    traces::{Trace, traces},
};

const NAME: &str = "baseline";
const HASHES: &str = "baseline-hashes";
/// The format that this program writes and reads.
const FORMAT: u32 = 1;
/// Hashes that are written at once.
const BATCH: usize = 256;
/// Largest files that are read, in bytes.
const MAX_SIZE: u64 = 1 << 30;

/// What an entry was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    File,
    Folder,
    /// A link, a device, a pipe: never read and never changed.
    Other,
}

impl Kind {
    pub(crate) fn of(kind: EntryKind) -> Self {
        match kind {
            EntryKind::File => Self::File,
            EntryKind::Dir => Self::Folder,
            EntryKind::Link | EntryKind::Special => Self::Other,
        }
    }
}

/// One entry as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    pub kind: Kind,
    /// Bytes.
    pub size: u64,
    /// Absent where the file was displaced before this was written down.
    pub stamp: Option<Stamp>,
    /// Known of files that were displaced.
    pub sha256: Option<Sha256>,
}

/// Every entry below the places as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Written down only after files had been placed.
    pub is_late: bool,
    pub entries: BTreeMap<Spot, Original>,
    /// Marks of other managers and loaders that were there already.
    pub traces: Vec<Trace>,
}

/// JSON has no maps with compound keys.
#[derive(Serialize, Deserialize)]
struct Stored {
    format: u32,
    late: bool,
    entries: Vec<(Spot, Original)>,
    traces: Vec<Trace>,
}

#[derive(Serialize, Deserialize)]
struct Hashed {
    #[serde(flatten)]
    spot: Spot,
    sha256: Sha256,
}

fn damaged(dir: &Dir, name: &str) -> DeployError {
    DeployError::Journal { path: dir.path().join(name), why: "it cannot be read".into() }
}

impl Baseline {
    /// What is written down in a state folder; `None` before anything was.
    pub(crate) fn load(state: &Dir) -> Result<Option<Self>, DeployError> {
        let Some(bytes) = state.read_if_exists(NAME, MAX_SIZE)? else { return Ok(None) };
        let stored: Stored = serde_json::from_slice(&bytes).map_err(|_| damaged(state, NAME))?;
        if stored.format > FORMAT {
            return Err(DeployError::JournalFormat { path: state.path().join(NAME) });
        }
        let mut entries: BTreeMap<Spot, Original> = stored.entries.into_iter().collect();
        for (spot, sha256) in hashes(state)? {
            if let Some(original) = entries.get_mut(&spot) {
                original.sha256.get_or_insert(sha256);
            }
        }
        Ok(Some(Self { is_late: stored.late, entries, traces: stored.traces }))
    }

    /// Whether both tell of the same entries, whatever is known of their bytes.
    fn is_of(&self, other: &Self) -> bool {
        let entries = |baseline: &Self| -> Vec<(Spot, Kind, u64, Option<Stamp>)> {
            let entries = baseline.entries.iter();
            entries.map(|(spot, was)| (spot.clone(), was.kind, was.size, was.stamp)).collect()
        };
        self.is_late == other.is_late && entries(self) == entries(other)
    }

    fn save(&self, state: &Dir) -> Result<(), DeployError> {
        let entries = self.entries.iter().map(|(spot, original)| (spot.clone(), original.clone())).collect();
        let stored = Stored { format: FORMAT, late: self.is_late, entries, traces: self.traces.clone() };
        // Plain data with text for keys: nothing can fail.
        let bytes = serde_json::to_vec(&stored).expect("a baseline is plain data");
        Ok(state.write_atomic_private(NAME, &bytes)?)
    }
}

/// A last line that is torn was never relied on.
fn hashes(state: &Dir) -> Result<Vec<(Spot, Sha256)>, DeployError> {
    let bytes = state.read_if_exists(HASHES, MAX_SIZE)?.unwrap_or_default();
    let whole = bytes.split_inclusive(|&byte| byte == b'\n').filter(|line| line.ends_with(b"\n"));
    let parsed = whole.filter_map(|line| serde_json::from_slice::<Hashed>(line).ok());
    Ok(parsed.map(|hashed| (hashed.spot, hashed.sha256)).collect())
}

impl Deployment {
    /// Writes down what is there, before the first change; afterwards only the hashes of what a plan displaces.
    pub(crate) fn note_originals(&mut self, plan: &Plan) -> Result<(), DeployError> {
        self.ensure_baseline()?;
        let displaced = plan.steps.iter().filter(|step| step.take == Some(Take::Backup));
        let hashed = |step: &Step| {
            let spot = Spot { place: step.place.clone(), at: step.at.clone() };
            Some(Hashed { spot, sha256: step.expected?.sha256 })
        };
        self.note_hashes(displaced.filter_map(hashed).collect())
    }

    /// Once something was committed, what is written down stays; before, it is what is there now, and hashes of what
    /// has changed since mean nothing any more.
    fn ensure_baseline(&mut self) -> Result<(), DeployError> {
        let known = Baseline::load(&self.state)?;
        if self.applied.sequence > 0 && known.is_some() {
            return Ok(());
        }
        let baseline = self.look_around()?;
        if known.is_some_and(|known| known.is_of(&baseline)) {
            return Ok(());
        }
        self.faults.pass(HASHES.as_ref())?;
        self.state.remove_tree(HASHES)?;
        self.state.sync()?;
        self.faults.pass(NAME.as_ref())?;
        baseline.save(&self.state)
    }

    /// Reads every file that is still as it was written down and whose hash is not known yet, so that the proof goes by
    /// bytes. Gives how many were read. May be stopped and called again.
    ///
    /// # Errors
    /// Of reading, and of writing to the state folder.
    pub fn hash_originals(&mut self, cancelled: &dyn Fn() -> bool) -> Result<u64, DeployError> {
        self.ensure_baseline()?;
        let baseline = Baseline::load(&self.state)?.unwrap_or_default();
        let mut batch = Vec::new();
        let mut read = 0;
        for (spot, original) in &baseline.entries {
            if cancelled() {
                break;
            }
            let Some(sha256) = self.hash_of(spot, original)? else { continue };
            batch.push(Hashed { spot: spot.clone(), sha256 });
            read += 1;
            if batch.len() == BATCH {
                self.note_hashes(std::mem::take(&mut batch))?;
            }
        }
        self.note_hashes(batch)?;
        Ok(read)
    }

    /// The hash of a file that was the same before and after it was read.
    fn hash_of(&self, spot: &Spot, original: &Original) -> Result<Option<Sha256>, DeployError> {
        let Some(root) = self.places.get(&spot.place)? else { return Ok(None) };
        let is_wanted = original.kind == Kind::File && original.sha256.is_none();
        let is_same = || match root.metadata_if_exists(&spot.at) {
            Ok(Some(now)) => {
                now.is_file() && now.size == original.size && original.stamp == Some(Stamp::of(&now))
            }
            Ok(None) | Err(_) => false,
        };
        if !is_wanted || !is_same() {
            return Ok(None);
        }
        let sha256 = observe::hash(root, &spot.at)?;
        Ok(Some(sha256).filter(|_| is_same()))
    }

    /// Appends durably.
    fn note_hashes(&mut self, hashed: Vec<Hashed>) -> Result<(), DeployError> {
        if hashed.is_empty() {
            return Ok(());
        }
        // A torn line of an attempt that was killed must not swallow the first of these.
        let mut lines = vec![b'\n'];
        for hashed in &hashed {
            serde_json::to_writer(&mut lines, hashed).expect("a hash is plain data");
            lines.push(b'\n');
        }
        self.faults.pass(HASHES.as_ref())?;
        let mut file = self.state.open_to_append(HASHES)?;
        let written = file.write_all(&lines);
        written.map_err(|error| muster_fsx::Error::recover(error, Operation::Write, file.path()))?;
        file.sync()?;
        Ok(self.state.sync()?)
    }

    /// Every entry that is not ours, as it is now, or as it was where ours is in its place.
    fn look_around(&self) -> Result<Baseline, DeployError> {
        let ours: BTreeSet<(&str, &str)> = self
            .applied
            .files
            .values()
            // What was adopted was there.
            .filter(|file| !file.adopted)
            .map(|file| (file.place.as_str(), file.at.as_str()))
            .chain(self.applied.edits.values().map(|edit| (edit.place.as_str(), edit.at.as_str())))
            .chain(self.applied.dirs.iter().map(|dir| (dir.place.as_str(), dir.at.as_str())))
            .collect();
        let mut baseline = Baseline { is_late: self.applied.sequence > 0, ..Baseline::default() };
        for (place, root) in self.places.existing_ones() {
            for entry in root.tree()?.into_iter().filter(|entry| entry.nameable) {
                if ours.contains(&(place, entry.path.as_str())) || muster_fsx::is_temporary(&entry.path) {
                    continue;
                }
                let original = Original {
                    kind: Kind::of(entry.metadata.kind),
                    size: entry.metadata.size,
                    stamp: Some(Stamp::of(&entry.metadata)),
                    sha256: None,
                };
                baseline.entries.insert(Spot { place: place.to_owned(), at: entry.path }, original);
            }
        }
        let files = self.applied.files.values().map(|file| (&file.place, &file.at, &file.displaced));
        let edits = self.applied.edits.values().map(|edit| (&edit.place, &edit.at, &edit.original));
        let hidden = self.applied.hidden.iter().map(|hidden| (&hidden.place, &hidden.at, &hidden.file));
        let displaced = files.chain(edits).filter_map(|(place, at, was)| Some((place, at, was.as_ref()?)));
        for (place, at, displaced) in displaced.chain(hidden) {
            let (size, sha256) = (displaced.size, Some(displaced.sha256));
            let original = Original { kind: Kind::File, size, stamp: None, sha256 };
            baseline.entries.insert(Spot { place: place.clone(), at: at.clone() }, original);
        }
        baseline.traces = traces(baseline.entries.keys());
        Ok(baseline)
    }
}
