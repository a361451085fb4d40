//! What is remembered about stores between two runs: where they are, and which one each place uses.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use muster_fsx::Dir;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::{Choice, StoreId};
use crate::Error;

const NAME: &str = "stores.json";
/// Largest book that is read, in bytes.
const MAX_SIZE: u64 = 16 * 1024 * 1024;
/// How the name of a store's folder begins.
const PREFIX: &str = ".muster-store-";

/// Written before what it speaks of is done, so that a crash leaves nothing that nobody knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Book {
    /// Tells the stores of this data folder from those of others.
    id: String,
    /// Folders of stores outside of the data folder.
    pub stores: BTreeSet<PathBuf>,
    places: Vec<Remembered>,
    /// Files that are in some folder for a moment.
    pub probes: BTreeSet<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    place: PathBuf,
    #[serde(flatten)]
    choice: Choice,
}

impl Book {
    /// A book that cannot be read is begun anew: what it spoke of is chosen again.
    pub fn load(dir: &Dir) -> Result<Self, Error> {
        let bytes = dir.read_if_exists(NAME, MAX_SIZE)?.unwrap_or_default();
        let mut book: Self = serde_json::from_slice(&bytes).unwrap_or_default();
        if book.id.is_empty() {
            book.id = fresh_id(dir.path());
        }
        Ok(book)
    }

    pub fn save(&self, dir: &Dir) -> Result<(), Error> {
        let bytes = serde_json::to_vec(self).expect("paths that are text, and plain data");
        Ok(dir.write_atomic_private(NAME, &bytes)?)
    }

    /// Name of a store's folder.
    pub fn folder_name(&self) -> String {
        format!("{PREFIX}{}", self.id)
    }

    /// Name of a file that is tried out with.
    pub fn probe_name(&self) -> String {
        format!("{}probe-{}", muster_fsx::TEMP_PREFIX, self.id)
    }

    pub fn choice(&self, place: &Path) -> Option<&Choice> {
        self.places.iter().find(|known| known.place == place).map(|known| &known.choice)
    }

    pub fn choose(&mut self, place: &Path, choice: Choice) {
        self.places.retain(|known| known.place != place);
        self.places.push(Remembered { place: place.to_owned(), choice });
    }

    /// Forgets a store, and what was chosen because of it.
    pub fn forget(&mut self, store: &Path) {
        self.stores.remove(store);
        self.places.retain(|known| known.choice.store != StoreId::At(store.to_owned()));
    }

    /// What was chosen, by place.
    pub fn choices(&self) -> BTreeMap<&Path, &Choice> {
        self.places.iter().map(|known| (known.place.as_path(), &known.choice)).collect()
    }
}

/// Sixteen digits that no other data folder is likely to have.
fn fresh_id(folder: &Path) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let text = format!("{} {} {}", folder.display(), std::process::id(), now.as_nanos());
    hex::encode(&sha2::Sha256::digest(text)[..8])
}
