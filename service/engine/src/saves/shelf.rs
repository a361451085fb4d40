//! Snapshots of one game's saves on the disk: files by their hash, each once, and a list for each snapshot. Blocks.
//!
//! `objects/<SHA-256>` are files of their own (shared blocks at most): the game goes on writing to its saves.
//! `snapshots/<number>.json` is written last, when everything it names is on the disk. What no list names is removed at
//! the next snapshot.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::SystemTime,
};

use jiff::Timestamp;
use muster_domain::{PortablePath, Sha256};
use muster_fsx::{Dir, LinkPreference, Metadata, Mode, place};
use muster_games::{Definition, Installation, SavesFilter, save_folders};
use serde::{Deserialize, Serialize};

use super::{
    SavesError,
    policy::{Mark, SavesRules, to_let_go},
};
use crate::{EngineError, Reason, hashing::hash};

/// The format of the lists.
const FORMAT: u32 = 1;
/// Largest list that is read, in bytes.
const MAX_LIST: u64 = 64 * 1024 * 1024;
/// How often a file is read again that changed while it was read.
const TRIES: usize = 3;

/// A file of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedFile {
    /// Kind of saves, as the definition names it.
    pub kind: String,
    pub path: PortablePath,
    /// Bytes.
    pub size: u64,
    pub sha256: Sha256,
    /// Nanoseconds since 1970.
    pub modified: i64,
    pub inode: u64,
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    format: u32,
    pub number: u64,
    pub at: Timestamp,
    pub why: Reason,
    pub files: Vec<SavedFile>,
    /// Files whose names not every system can have; they are not in it.
    pub left_out: usize,
}

impl Snapshot {
    fn mark(&self) -> Mark {
        Mark { number: self.number, files: self.files.iter().map(|file| (file.sha256, file.size)).collect() }
    }

    fn holds_the_same(&self, files: &[SavedFile]) -> bool {
        let content = |file: &SavedFile| (file.kind.clone(), file.path.clone(), file.sha256);
        let of = |files: &[SavedFile]| files.iter().map(content).collect::<BTreeSet<_>>();
        of(&self.files) == of(files)
    }
}

/// A save as it is now.
struct Present {
    kind: String,
    path: PortablePath,
    metadata: Metadata,
}

/// The saves of a game that are there.
pub(crate) struct Scan {
    folders: BTreeMap<String, Dir>,
    present: Vec<Present>,
    left_out: usize,
}

impl Scan {
    /// Looks at the folders of an installation. Links are never followed.
    pub fn of(definition: &Definition, installation: &Installation) -> Result<Self, EngineError> {
        let mut scan = Self { folders: BTreeMap::new(), present: Vec::new(), left_out: 0 };
        for (kind, folder) in save_folders(definition, installation) {
            let dir = match Dir::open_ambient(&folder) {
                Err(error) if error.is_missing() => continue,
                opened => opened?,
            };
            let filter = SavesFilter::new(&definition.saves[&kind])
                .map_err(|_| EngineError::Internal("a definition's globs were not checked"))?;
            for entry in dir.tree()?.into_iter().filter(|entry| entry.metadata.is_file()) {
                match entry.path.parse::<PortablePath>() {
                    Ok(path) if entry.nameable => {
                        if filter.takes(&path) {
                            scan.present.push(Present { kind: kind.clone(), path, metadata: entry.metadata });
                        }
                    }
                    _ => scan.left_out += 1,
                }
            }
            scan.folders.insert(kind, dir);
        }
        Ok(scan)
    }

    /// Bytes of all of them.
    pub fn size(&self) -> u64 {
        self.present.iter().map(|file| file.metadata.size).sum()
    }

    /// Kind and path of every file.
    pub fn paths(&self) -> impl Iterator<Item = (&str, &PortablePath)> {
        self.present.iter().map(|file| (file.kind.as_str(), &file.path))
    }
}

/// The snapshots of one game's folders.
pub(crate) struct Shelf {
    path: PathBuf,
    objects: Dir,
    lists: Dir,
}

fn nanoseconds(time: SystemTime) -> i64 {
    let nanos = |duration: std::time::Duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => nanos(after),
        Err(before) => -nanos(before.duration()),
    }
}

impl Shelf {
    /// Opens or makes the folder of snapshots.
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        let dir = Dir::create_ambient_private(path)?;
        let (objects, lists) = (dir.create_dir_all("objects")?, dir.create_dir_all("snapshots")?);
        Ok(Self { path: path.to_owned(), objects, lists })
    }

    /// The files, each under its hash.
    pub fn objects(&self) -> &Dir {
        &self.objects
    }

    /// Folder of the books of a restore.
    pub fn restore_state(&self) -> PathBuf {
        self.path.join("restore")
    }

    /// All snapshots, the oldest first. One that cannot be read is left where it is and told in the log.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, EngineError> {
        let mut found = Vec::new();
        for entry in self.lists.entries()? {
            let Some(name) = entry.name_str().filter(|name| name.ends_with(".json")) else { continue };
            let bytes = self.lists.read(name, MAX_LIST)?;
            match serde_json::from_slice::<Snapshot>(&bytes) {
                Ok(snapshot) if snapshot.format == FORMAT => found.push(snapshot),
                Ok(_) => tracing::warn!(name, "a snapshot of saves is of a newer format"),
                Err(error) => tracing::warn!(name, %error, "a snapshot of saves cannot be read"),
            }
        }
        found.sort_by_key(|snapshot| snapshot.number);
        Ok(found)
    }

    pub fn snapshot(&self, number: u64) -> Result<Snapshot, EngineError> {
        let found = self.snapshots()?.into_iter().find(|snapshot| snapshot.number == number);
        found.ok_or(SavesError::UnknownSnapshot { number }.into())
    }

    /// Bytes of all snapshots together.
    pub fn used(&self) -> Result<u64, EngineError> {
        let marks: Vec<Mark> = self.snapshots()?.iter().map(Snapshot::mark).collect();
        Ok(super::policy::used(&marks))
    }

    /// Takes a snapshot; where everything is as in the newest one, that is given. Then what the rules do not keep goes;
    /// `needed` stays.
    pub fn take(
        &self,
        scan: &Scan,
        why: Reason,
        (rules, needed): (&SavesRules, &BTreeSet<u64>),
    ) -> Result<Snapshot, EngineError> {
        if scan.size() > rules.quota {
            return Err(SavesError::TooLarge { size: scan.size(), quota: rules.quota }.into());
        }
        let before = self.snapshots()?;
        let newest = before.last();
        let known: BTreeMap<(&str, &PortablePath), &SavedFile> = newest
            .iter()
            .flat_map(|snapshot| &snapshot.files)
            .map(|file| ((file.kind.as_str(), &file.path), file))
            .collect();
        let mut files = Vec::new();
        for present in &scan.present {
            let known = known.get(&(present.kind.as_str(), &present.path)).copied();
            files.push(self.keep(&scan.folders[&present.kind], present, known)?);
        }
        self.objects.sync()?;
        if let Some(newest) = newest.filter(|newest| newest.holds_the_same(&files)) {
            return Ok(newest.clone());
        }
        let number = newest.map_or(1, |newest| newest.number + 1);
        let left_out = scan.left_out;
        let snapshot = Snapshot { format: FORMAT, number, at: Timestamp::now(), why, files, left_out };
        let text = serde_json::to_vec(&snapshot).map_err(|_| EngineError::Internal("a list is not JSON"))?;
        self.lists.write_atomic_private(format!("{number}.json").as_str(), &text)?;
        self.tidy(rules, needed)?;
        Ok(snapshot)
    }

    /// Keeps one file as it is, without reading it if it is as it was.
    fn keep(
        &self,
        folder: &Dir,
        present: &Present,
        known: Option<&SavedFile>,
    ) -> Result<SavedFile, EngineError> {
        let path = present.path.as_str();
        for _ in 0..TRIES {
            let Some(now) = folder.metadata_if_exists(path)? else { break };
            let file = |sha256| SavedFile {
                kind: present.kind.clone(),
                path: present.path.clone(),
                size: now.size,
                sha256,
                modified: nanoseconds(now.modified),
                inode: now.inode,
            };
            let as_known = known.filter(|known| file(known.sha256) == **known).map(|known| known.sha256);
            if let Some(sha256) = as_known
                && self.objects.metadata_if_exists(sha256.to_string().as_str())?.is_some()
            {
                return Ok(file(sha256));
            }
            let sha256 = self.copy_in(folder, path, &now)?;
            let after = folder.metadata_if_exists(path)?;
            if after.is_some_and(|after| (after.size, after.modified) == (now.size, now.modified)) {
                return Ok(file(sha256));
            }
        }
        // A game writes to it, or it went: a snapshot of half a save is worth nothing.
        Err(SavesError::Changing { path: format!("{}/{path}", present.kind) }.into())
    }

    fn copy_in(&self, folder: &Dir, path: &str, now: &Metadata) -> Result<Sha256, EngineError> {
        let (temporary, file) = self.objects.create_temporary()?;
        drop(file);
        self.objects.remove_file(temporary.as_str())?;
        let kept = place(folder, path, &self.objects, temporary.as_str(), LinkPreference::Own)
            .map_err(EngineError::from)
            .and_then(|_| {
                let file = self.objects.open(temporary.as_str())?;
                file.set_mode(Mode::Private)?;
                file.sync()?;
                self.objects.set_modified(temporary.as_str(), now.modified)?;
                let unreadable = || EngineError::from(SavesError::Changing { path: path.to_owned() });
                let sha256 = hash(&self.objects, &temporary).ok_or_else(unreadable)?;
                let name = sha256.to_string();
                match self.objects.metadata_if_exists(name.as_str())? {
                    Some(_) => self.objects.remove_file(temporary.as_str())?,
                    None => self.objects.rename(temporary.as_str(), &self.objects, name.as_str())?,
                }
                Ok(sha256)
            });
        if kept.is_err() {
            // The first error is the one to report; what remains is tidied away by its name.
            let _ = self.objects.remove_file(temporary.as_str());
        }
        kept
    }

    /// Lets a snapshot go.
    pub fn let_go(&self, number: u64) -> Result<(), EngineError> {
        self.snapshot(number)?;
        self.lists.remove_file(format!("{number}.json").as_str())?;
        self.lists.sync()?;
        self.remove_unused()
    }

    /// Lets go what the rules do not keep.
    pub fn tidy(&self, rules: &SavesRules, needed: &BTreeSet<u64>) -> Result<(), EngineError> {
        let marks: Vec<Mark> = self.snapshots()?.iter().map(Snapshot::mark).collect();
        for number in to_let_go(&marks, needed, rules) {
            self.lists.remove_file(format!("{number}.json").as_str())?;
        }
        self.lists.sync()?;
        self.remove_unused()
    }

    /// Removes files that no list names, lists that cannot be read among them: while there is one, nothing goes.
    fn remove_unused(&self) -> Result<(), EngineError> {
        let snapshots = self.snapshots()?;
        let lists = self.lists.entries()?;
        let is_list =
            |entry: &&muster_fsx::Entry| entry.name_str().is_some_and(|name| name.ends_with(".json"));
        if lists.iter().filter(is_list).count() != snapshots.len() {
            return Ok(());
        }
        let needed: BTreeSet<String> = snapshots
            .iter()
            .flat_map(|snapshot| &snapshot.files)
            .map(|file| file.sha256.to_string())
            .collect();
        for entry in self.objects.entries()? {
            if let Some(name) = entry.name_str().filter(|name| !needed.contains(*name)) {
                self.objects.remove_file(name)?;
            }
        }
        Ok(())
    }
}
