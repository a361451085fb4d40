//! Trusted metadata as files under unversioned names, which the suite looks at.

use std::{io, path::PathBuf};

use async_trait::async_trait;
use muster_registry::{MetadataStore, StoreError};

pub struct FolderStore {
    folder: PathBuf,
}

impl FolderStore {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

#[async_trait]
impl MetadataStore for FolderStore {
    async fn load(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        // The suite wants one root, the newest; role names have their slashes encoded.
        if name.contains('/') {
            return Ok(None);
        }
        match std::fs::read(self.folder.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(StoreError { message: format!("cannot read {name}"), source: Some(error.into()) })
            }
        }
    }

    async fn commit(&self, files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        for (name, bytes) in files.iter().filter(|(name, _)| !name.contains('/')) {
            muster_fsx::write_atomic(&self.folder.join(name), bytes).map_err(|error| StoreError {
                message: format!("cannot write {name}"),
                source: Some(error.into()),
            })?;
        }
        Ok(())
    }
}
