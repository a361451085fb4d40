//! Files of packages of which a profile has a version of its own. Pure.
//!
//! | the player keeps | the package's file | placed |
//! |---|---|---|
//! | mine | anything | mine |
//! | both | as when I changed it | mine |
//! | both | changed since, elsewhere than I did | both changes |
//! | both | changed since, where I did, or no text | mine, and the conflict is shown |

use muster_domain::{PortablePath, Sha256};
use serde::{Deserialize, Serialize};

use crate::{Desired, Instead, Key, edits::sha256, text::merge_text};

/// What the player wants of a file that was changed by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    Mine,
    /// What the package changes later is merged in.
    Both,
}

/// A file of which a profile has a version of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    pub place: String,
    pub path: PortablePath,
    /// The package's file that was changed.
    pub base: Sha256,
    pub mine: Sha256,
    pub keep: Keep,
    /// The package changed the same lines; mine stands.
    #[serde(default)]
    pub is_conflict: bool,
}

impl Own {
    pub fn key(&self) -> Key {
        Key::new(&self.place, &self.path)
    }
}

/// Three versions of a file.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    pub base: &'a [u8],
    pub mine: &'a [u8],
    pub theirs: &'a [u8],
}

/// How a file came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    pub text: Vec<u8>,
    pub is_conflict: bool,
}

/// What is placed.
pub fn lay(keep: Keep, sides: Sides<'_>) -> Laid {
    let Sides { base, mine, theirs } = sides;
    let merged = match keep {
        Keep::Mine => Ok(mine.to_vec()),
        Keep::Both => merge_text(base, mine, theirs),
    };
    let is_conflict = merged.is_err();
    Laid { text: merged.unwrap_or_else(|_| mine.to_vec()), is_conflict }
}

impl Desired {
    /// Puts a text in place of what a package has for a file. Nothing happens where no package has it.
    pub fn put_text(&mut self, key: &Key, text: Vec<u8>) {
        if let Some(file) = self.files.get_mut(key) {
            (file.sha256, file.size) = (sha256(&text), text.len() as u64);
            file.instead = Some(Instead::Text(text));
        }
    }

    /// The same with a version that is kept by its hash, however large it is.
    pub fn put_kept(&mut self, key: &Key, sha256: Sha256, size: u64) {
        if let Some(file) = self.files.get_mut(key) {
            (file.sha256, file.size, file.instead) = (sha256, size, Some(Instead::Kept));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(keep: Keep, [base, mine, theirs]: [&str; 3]) -> (String, bool) {
        let [base, mine, theirs] = [base, mine, theirs].map(str::as_bytes);
        let Laid { text, is_conflict } = lay(keep, Sides { base, mine, theirs });
        (String::from_utf8(text).expect("text"), is_conflict)
    }

    #[test]
    fn mine_is_never_lost() {
        assert_eq!(laid(Keep::Mine, ["a\n", "b\n", "c\n"]), ("b\n".into(), false));
        assert_eq!(laid(Keep::Both, ["a\n", "b\n", "a\n"]), ("b\n".into(), false));
        assert_eq!(laid(Keep::Both, ["a\nx\n", "b\nx\n", "a\nx\ny\n"]), ("b\nx\ny\n".into(), false));
        assert_eq!(laid(Keep::Both, ["a\n", "b\n", "c\n"]), ("b\n".into(), true));
    }
}
