//! Listings of folders.

use crate::{Dir, Entry, EntryKind, Error, ErrorKind, Metadata, Operation, Result, TreeEntry, relative};

/// Deeper folders than this are not a game's or ours.
const MAX_DEPTH: usize = 128;

impl Dir {
    /// The entries of this folder, ordered by name. Links and special files are reported as what they are.
    pub fn entries(&self) -> Result<Vec<Entry>> {
        let fail = |error| Error::new(Operation::List, self.path(), error);
        let mut entries = Vec::new();
        for entry in self.inner().entries().map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let name = entry.file_name();
            match self.inner().symlink_metadata(&name) {
                Ok(metadata) => entries.push(Entry { name, metadata: Metadata::from_cap(&metadata) }),
                // Removed since it was listed.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(Error::new(Operation::Inspect, self.path().join(&name), error)),
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// Everything below this folder, a folder before what is in it. Links are reported and never entered.
    pub fn tree(&self) -> Result<Vec<TreeEntry>> {
        let mut found = Vec::new();
        self.collect("", 0, &mut found)?;
        Ok(found)
    }

    fn collect(&self, prefix: &str, depth: usize, found: &mut Vec<TreeEntry>) -> Result<()> {
        if depth > MAX_DEPTH {
            let why = "folders are nested too deeply";
            return Err(Error::of_kind(ErrorKind::TooLong, Operation::List, self.path(), why));
        }
        for entry in self.entries()? {
            let name = entry.name.to_string_lossy();
            let nameable = entry.name_str().is_some_and(|name| relative::split(name).is_ok());
            let path = if prefix.is_empty() { name.to_string() } else { format!("{prefix}/{name}") };
            let enter = nameable && entry.metadata.kind == EntryKind::Dir;
            found.push(TreeEntry { path: path.clone(), nameable, metadata: entry.metadata });
            if enter {
                self.open_dir(&*name)?.collect(&path, depth + 1, found)?;
            }
        }
        Ok(())
    }

    /// Whether two names that differ by case are two files in this folder; finds out by creating one for a moment.
    pub fn is_case_sensitive(&self) -> Result<bool> {
        let (name, file) = self.create_temporary()?;
        drop(file);
        let other = self.metadata_if_exists(name.to_uppercase().as_str());
        self.remove_file(name.as_str())?;
        Ok(other?.is_none())
    }
}
