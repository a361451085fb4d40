//! Several signatures as one change: later ones see what earlier ones wrote, and only the newest of each role remains.

use std::collections::BTreeMap;

use muster_domain::Archive;
use muster_registry::{
    StoreError,
    author::{Change, Files},
};

/// A registry with changes that are not written yet.
pub struct Draft<'a> {
    files: &'a dyn Files,
    targets: Vec<(String, Vec<u8>)>,
    /// By the part of the name behind the version.
    metadata: BTreeMap<String, (String, Vec<u8>)>,
}

impl<'a> Draft<'a> {
    pub fn new(files: &'a dyn Files) -> Self {
        Self { files, targets: Vec::new(), metadata: BTreeMap::new() }
    }

    pub fn add(&mut self, change: Change) {
        self.targets.extend(change.targets);
        for (name, bytes) in change.metadata {
            let role = name.split_once('.').map_or(name.as_str(), |(_, role)| role).to_owned();
            self.metadata.insert(role, (name, bytes));
        }
    }

    /// Everything that was added, without the metadata that something later replaced.
    pub fn into_change(self) -> Change {
        Change { targets: self.targets, metadata: self.metadata.into_values().collect() }
    }
}

impl Files for Draft<'_> {
    fn metadata_names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = self.files.metadata_names()?;
        names.extend(self.metadata.values().map(|(name, _)| name.clone()));
        Ok(names)
    }

    fn metadata(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.metadata.values().find(|(known, _)| known == name) {
            Some((_, bytes)) => Ok(Some(bytes.clone())),
            None => self.files.metadata(name),
        }
    }

    fn target(&self, file: &str) -> Result<Option<Archive>, StoreError> {
        self.files.target(file)
    }

    fn target_bytes(&self, file: &str, max_length: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.files.target_bytes(file, max_length)
    }
}
