//! Files of ours that somebody changed by hand.

use muster_domain::Sha256;

use crate::{
    Applied, AppliedFile, DeployError, Deployment, Desired, Key,
    facts::Found,
    observe::{self, MAX_TEXT, Trust},
};

/// A file of ours whose bytes are not ours any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub key: Key,
    pub file: AppliedFile,
    /// As it is now.
    pub at: String,
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
}

/// Files of ours that are not as they were placed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drifted {
    pub changed: Vec<Changed>,
    /// Gone, or something else is at their place.
    pub missing: Vec<(Key, AppliedFile)>,
}

impl Deployment {
    /// Those of the files that `which` takes that are there and changed.
    ///
    /// # Errors
    /// Of reading.
    pub fn find_changed(
        &self,
        which: &dyn Fn(&Key, &AppliedFile) -> bool,
    ) -> Result<Vec<Changed>, DeployError> {
        Ok(self.find_drifted(which)?.changed)
    }

    /// Those of the files that `which` takes that are not as they were placed. Looks at sizes and times first, and reads
    /// only what differs.
    ///
    /// # Errors
    /// Of reading.
    pub fn find_drifted(&self, which: &dyn Fn(&Key, &AppliedFile) -> bool) -> Result<Drifted, DeployError> {
        let asked = self.applied.files.iter().filter(|(key, file)| which(key, file));
        let files = asked.map(|(key, file)| (key.clone(), file.clone())).collect();
        let asked = Applied { files, ..Applied::default() };
        let folders = (&self.places, &self.holds.backup);
        let mut disk = observe::observe(folders, &Desired::default(), &asked, Trust::Stamps)?;
        let mut drifted = Drifted::default();
        for (key, file) in asked.files {
            match disk.found.remove(&key) {
                Some(Found::File { sha256, .. }) if sha256 == file.sha256 => {}
                Some(Found::File { at, size, sha256, .. }) => {
                    drifted.changed.push(Changed { key, file, at, sha256, size });
                }
                _ => drifted.missing.push((key, file)),
            }
        }
        Ok(drifted)
    }

    /// Opens a changed file. Whoever reads it compares the hash: it may change again meanwhile.
    ///
    /// # Errors
    /// Of opening it.
    pub fn open_changed(&self, changed: &Changed) -> Result<muster_fsx::File, DeployError> {
        Ok(self.places.existing(&changed.file.place)?.open(&changed.at)?)
    }

    /// The bytes of a changed file; `None` where it is too large for a text, or changed again meanwhile.
    ///
    /// # Errors
    /// Of reading.
    pub fn read_changed(&self, changed: &Changed) -> Result<Option<Vec<u8>>, DeployError> {
        if changed.size > MAX_TEXT {
            return Ok(None);
        }
        let bytes = self.places.existing(&changed.file.place)?.read(&changed.at, MAX_TEXT)?;
        Ok(Some(bytes).filter(|bytes| crate::edits::sha256(bytes) == changed.sha256))
    }
}
