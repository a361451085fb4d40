//! Why a key cannot be had or kept. None of it says what the key is.

use muster_domain::{Coded, clean_line};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Codes of [`Error`].
pub const CODES: &[&str] = &[
    "keyring-absent",
    "keyring-locked",
    "keyring-no-answer",
    "keyring-missing",
    "keyring-damaged",
    "keyring-failed",
    "keyring-variable",
    "keyring-file",
    "keyring-file-open",
];

/// A key could not be read or kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no keyring here")]
    Absent,
    #[error("the keyring is locked")]
    Locked,
    #[error("the keyring does not answer")]
    NoAnswer,
    #[error("the keyring has no such key")]
    Missing,
    #[error("what is kept there is no key")]
    Damaged,
    #[error("the keyring refuses: {why}")]
    Failed { why: String },
    #[error("the environment variable {name} is not set, or holds no key")]
    Variable { name: String },
    #[error("{file} cannot be read as a key: {why}")]
    File { file: String, why: String },
    #[error("{file} can be read by others")]
    FileOpen { file: String },
}

impl Coded for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Absent => "keyring-absent",
            Self::Locked => "keyring-locked",
            Self::NoAnswer => "keyring-no-answer",
            Self::Missing => "keyring-missing",
            Self::Damaged => "keyring-damaged",
            Self::Failed { .. } => "keyring-failed",
            Self::Variable { .. } => "keyring-variable",
            Self::File { .. } => "keyring-file",
            Self::FileOpen { .. } => "keyring-file-open",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Failed { why } => vec![("why", clean_line(why, 200))],
            Self::Variable { name } => vec![("name", clean_line(name, 100))],
            Self::File { file, why } => vec![("file", clean_line(file, 300)), ("why", clean_line(why, 200))],
            Self::FileOpen { file } => vec![("file", clean_line(file, 300))],
            Self::Absent | Self::Locked | Self::NoAnswer | Self::Missing | Self::Damaged => Vec::new(),
        }
    }
}
