//! Versions of files that were set aside: which there are, and letting them go.

use std::collections::BTreeSet;

use muster_domain::Sha256;
use muster_fsx::{File, Metadata};

use crate::{DeployError, Deployment, Held, PackageKey, Spot};

/// A version of a file that was set aside.
#[derive(Clone, Debug)]
pub struct KeptFile {
    pub held: Held,
    /// Where it was; unknown of what was found after a crash and not written down any more.
    pub spot: Option<Spot>,
    pub sha256: Sha256,
    /// Size and time of the file as it was.
    pub metadata: Metadata,
    pub why: Aside,
}

/// Why something is set aside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aside {
    /// Something else took its place.
    Replaced,
    /// A file of this package stands in its place; it comes back by itself when that goes.
    Displaced(PackageKey),
    /// It went with this package, and comes back by itself with it.
    Hidden(PackageKey),
    /// Found after a crash.
    Found,
}

impl Aside {
    /// Whether it comes back by itself.
    pub fn comes_back(&self) -> bool {
        matches!(self, Self::Displaced(_) | Self::Hidden(_))
    }
}

impl Deployment {
    /// Everything that was set aside and is there, the newest change last.
    ///
    /// # Errors
    /// Of reading the state folder.
    pub fn kept(&self) -> Result<Vec<KeptFile>, DeployError> {
        let mut kept = Vec::new();
        for (key, file) in &self.applied.files {
            let Some(displaced) = &file.displaced else { continue };
            let Some(metadata) = self.holds.backup.metadata_if_exists(&displaced.backup)? else { continue };
            kept.push(KeptFile {
                held: Held::Backup(displaced.backup.clone()),
                spot: Some(Spot { place: key.place.clone(), at: file.at.clone() }),
                sha256: displaced.sha256,
                metadata,
                why: Aside::Displaced(file.package.clone()),
            });
        }
        for hidden in &self.applied.hidden {
            let Some(metadata) = self.holds.backup.metadata_if_exists(&hidden.file.backup)? else { continue };
            kept.push(KeptFile {
                held: Held::Backup(hidden.file.backup.clone()),
                spot: Some(Spot { place: hidden.place.clone(), at: hidden.at.clone() }),
                sha256: hidden.file.sha256,
                metadata,
                why: Aside::Hidden(hidden.package.clone()),
            });
        }
        let mut named = BTreeSet::new();
        for saved in &self.applied.saved {
            named.insert(saved.name.as_str());
            // What the player took out of the folder by hand is not there any more.
            let Some(metadata) = self.holds.saved.metadata_if_exists(&saved.name)? else { continue };
            let spot = Some(Spot { place: saved.place.clone(), at: saved.at.clone() });
            let (held, sha256) = (Held::Saved(saved.name.clone()), saved.sha256);
            kept.push(KeptFile { held, spot, sha256, metadata, why: Aside::Replaced });
        }
        for entry in self.holds.saved.entries()? {
            let Some(name) = entry.name_str().filter(|name| !named.contains(name)) else { continue };
            let Some(Ok(sha256)) = name.split('-').next().map(str::parse::<Sha256>) else { continue };
            if entry.metadata.is_file() {
                let held = Held::Saved(name.to_owned());
                kept.push(KeptFile { held, spot: None, sha256, metadata: entry.metadata, why: Aside::Found });
            }
        }
        Ok(kept)
    }

    /// Opens a version that was set aside.
    ///
    /// # Errors
    /// Of opening it.
    pub fn open_kept(&self, held: &Held) -> Result<File, DeployError> {
        let (dir, name) = self.holds.held(held);
        Ok(dir.open(name)?)
    }

    /// Lets versions of the player's go for good; what comes back by itself stays. Gives how many bytes they had.
    ///
    /// # Errors
    /// Of removing; what was removed before that is gone.
    pub fn free_kept(&mut self, names: &BTreeSet<String>) -> Result<u64, DeployError> {
        let mut freed = 0;
        for name in names {
            let Some(metadata) = self.holds.saved.metadata_if_exists(name.as_str())? else { continue };
            self.holds.saved.remove_file(name.as_str())?;
            freed += metadata.size;
        }
        self.holds.saved.sync()?;
        self.applied.saved.retain(|saved| !names.contains(&saved.name));
        self.journal.rewrite(&self.applied)?;
        Ok(freed)
    }

    /// Writes down what rolling back kept.
    pub(crate) fn note_found(&mut self) -> Result<(), DeployError> {
        let known: BTreeSet<String> = self.applied.saved.iter().map(|saved| saved.name.clone()).collect();
        let found = std::mem::take(&mut self.found);
        let new: Vec<_> = found.into_iter().filter(|saved| !known.contains(&saved.name)).collect();
        if new.is_empty() {
            return Ok(());
        }
        self.applied.saved.extend(new);
        self.journal.rewrite(&self.applied)
    }
}
