//! What a folder holds, as a value that can be compared.

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
};

/// Bytes of a file; failed comparisons print them short.
#[derive(Clone, PartialEq, Eq)]
pub struct Content(pub Vec<u8>);

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes {}", self.0.len(), &crate::publisher::sha256(&self.0)[..8])
    }
}

/// Relative path of every file with its bytes; folders end in `/`, links name their target.
pub type Files = BTreeMap<String, Content>;

/// Everything below a folder; nothing where it is not there.
pub fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    collect(folder, "", &mut found);
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut Files) {
    // What a running service takes away while this reads is as good as not there.
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            found.insert(format!("{name}/"), Content(Vec::new()));
            collect(&entry.path(), &format!("{name}/"), found);
        } else if kind.is_symlink() {
            let target = fs::read_link(entry.path()).unwrap_or_default();
            found.insert(name, Content(format!("-> {}", target.display()).into_bytes()));
        } else if let Ok(bytes) = fs::read(entry.path()) {
            found.insert(name, Content(bytes));
        }
    }
}

/// Files below a folder whose names say that they are not finished.
pub fn leftovers(folder: &Path, is_temporary: &dyn Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in files(folder).keys() {
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if is_temporary(name) {
            found.push(folder.join(path));
        }
    }
    found
}
