//! Many files, folder by folder, without walking to each one.

use crate::{Dir, RelativePath, Result, relative};

/// The folders below a handle, of which the last one stays open: who goes through sorted paths opens each folder once.
///
/// A folder that is moved away meanwhile stays the one that was opened, as with every [`Dir`].
#[derive(Debug)]
pub struct Folders {
    root: Dir,
    last: Option<(String, Dir)>,
}

impl Folders {
    pub fn new(root: Dir) -> Self {
        Self { root, last: None }
    }

    /// The folder of a path, which has to exist, and the last part of that path.
    ///
    /// # Errors
    /// Of [`Dir::open_dir`].
    pub fn of<'p, P: RelativePath + ?Sized>(&mut self, path: &'p P) -> Result<(&Dir, &'p str)> {
        let (_, name) = relative::split(path)?;
        let Some(above) = path.text().strip_suffix(name).and_then(|above| above.strip_suffix('/')) else {
            return Ok((&self.root, name));
        };
        let dir = match self.last.take() {
            Some((folder, dir)) if folder == above => dir,
            _ => self.root.open_dir(above)?,
        };
        let (_, dir) = self.last.insert((above.to_owned(), dir));
        Ok((dir, name))
    }
}
