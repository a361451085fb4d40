//! What programs beside the game left in the places: files that were not there before, and are nobody's.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use muster_domain::PortablePath;
use muster_games::PathGlobs;

use crate::{Baseline, Brought, DeployError, Deployment, Key, Room, Spot};

/// Files to set aside, and the folders that hold nothing then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    pub files: BTreeMap<Key, Brought>,
    pub folders: BTreeSet<Spot>,
}

impl Deployment {
    /// The files that globs over `place/path` take, without what was there before the first write and what is in the
    /// books. Nothing where it was not written down what was there.
    ///
    /// # Errors
    /// Of reading.
    pub fn find_left(&self, globs: &PathGlobs) -> Result<Left, DeployError> {
        let mut left = Left::default();
        let Some(baseline) = Baseline::load(&self.state)? else { return Ok(left) };
        // A place may lie in another one: the same file under two names.
        let whole = |place: &str, at: &str| Some(self.places.path(place)?.join(at));
        let files = self.applied.files.values().map(|file| (&file.place, &file.at));
        let edits = self.applied.edits.values().map(|edit| (&edit.place, &edit.at));
        let mut seen: BTreeSet<PathBuf> =
            files.chain(edits).filter_map(|(place, at)| whole(place, at)).collect();
        for (place, root) in self.places.existing_ones() {
            for entry in root.tree()?.into_iter().filter(|entry| entry.nameable && entry.metadata.is_file()) {
                let Ok(path) = entry.path.parse::<PortablePath>() else { continue };
                let (key, spot) = (Key::new(place, &path), Spot { place: place.to_owned(), at: entry.path });
                let is_new = !baseline.entries.contains_key(&spot) && globs.matches_in(place, &path);
                if !is_new || !whole(place, &spot.at).is_some_and(|whole| seen.insert(whole)) {
                    continue;
                }
                let mut above = path.parent();
                while let Some(folder) = above {
                    let spot = Spot { place: place.to_owned(), at: folder.to_string() };
                    if !baseline.entries.contains_key(&spot) {
                        left.folders.insert(spot);
                    }
                    above = folder.parent();
                }
                let file = Brought { place: place.to_owned(), path, version: None, room: Room::Any };
                left.files.insert(key, file);
            }
        }
        Ok(left)
    }
}
