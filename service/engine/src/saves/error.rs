//! Why saves cannot be snapshotted or brought back.

use muster_domain::{Coded, clean_line};

use crate::Fault;

/// Codes of [`SavesError`].
pub const SAVES_CODES: &[&str] =
    &["saves-changing", "saves-no-snapshot", "saves-none", "saves-too-large", "saves-unknown"];

/// What the engine refuses about saves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SavesError {
    #[error("{game} has no saves that are known")]
    NoSaves { game: String },
    #[error("no snapshot {number}")]
    UnknownSnapshot { number: u64 },
    #[error("the snapshot has no save {name}")]
    UnknownSave { name: String },
    #[error("saves of {size} bytes are more than the {quota} bytes that snapshots may take")]
    TooLarge { size: u64, quota: u64 },
    #[error("{path} is being written")]
    Changing { path: String },
}

impl SavesError {
    pub(crate) fn fault(&self) -> Fault {
        match self {
            Self::UnknownSnapshot { .. } | Self::UnknownSave { .. } => Fault::Missing,
            Self::NoSaves { .. } | Self::TooLarge { .. } | Self::Changing { .. } => Fault::Refused,
        }
    }
}

impl Coded for SavesError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSaves { .. } => "saves-none",
            Self::UnknownSnapshot { .. } => "saves-no-snapshot",
            Self::UnknownSave { .. } => "saves-unknown",
            Self::TooLarge { .. } => "saves-too-large",
            Self::Changing { .. } => "saves-changing",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoSaves { game } => vec![("game", game.clone())],
            Self::UnknownSnapshot { number } => vec![("number", number.to_string())],
            Self::UnknownSave { name } => vec![("name", clean_line(name, 300))],
            Self::TooLarge { size, quota } => vec![("size", size.to_string()), ("quota", quota.to_string())],
            Self::Changing { path } => vec![("path", clean_line(path, 300))],
        }
    }
}
