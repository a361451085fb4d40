//! Where one key lies. This is what is written down of it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Longest name of an environment variable that is taken, in bytes.
const MAX_NAME: usize = 100;

/// Where a key lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "in", content = "named")]
pub enum Place {
    /// The system's keyring, under the name of the service.
    Keyring,
    /// An environment variable that the service is started with.
    Variable(String),
    /// A file that only its owner may read, by its absolute path.
    File(PathBuf),
}

impl Place {
    /// An environment variable by its name (POSIX.1-2017 §8.1, with small letters); `None` for what cannot be one.
    pub fn variable(name: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let is_name = (1..=MAX_NAME).contains(&name.len())
            && name.bytes().all(fits)
            && !name.starts_with(|first: char| first.is_ascii_digit());
        is_name.then(|| Self::Variable(name.to_owned()))
    }

    /// A file by its path; `None` for a relative one, which would mean another file after the next start.
    pub fn file(path: PathBuf) -> Option<Self> {
        path.is_absolute().then_some(Self::File(path))
    }
}
