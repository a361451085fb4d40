//! Why a pack is not taken.

use muster_domain::{Coded, clean_line};

use crate::Fault;

/// Codes of [`PackError`].
pub const PACK_CODES: &[&str] =
    &["pack-code-unknown", "pack-file-differs", "pack-game-unknown", "pack-too-large", "pack-unknown-form"];

/// What the engine refuses about packs of other managers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    #[error("nobody left a profile under {code}")]
    UnknownCode { code: String },
    #[error("{path} is not the file that the pack means: {why}")]
    FileDiffers { path: String, why: String },
    #[error("the pack does not say which game it is for")]
    UnknownGame,
    #[error("the archive has more than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("the archive is no pack of a kind that is read")]
    UnknownForm,
}

impl PackError {
    pub(crate) fn fault(&self) -> Fault {
        match self {
            Self::UnknownCode { .. } => Fault::Missing,
            Self::UnknownGame | Self::UnknownForm | Self::TooLarge { .. } => Fault::Request,
            Self::FileDiffers { .. } => Fault::Failed,
        }
    }
}

impl Coded for PackError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownCode { .. } => "pack-code-unknown",
            Self::FileDiffers { .. } => "pack-file-differs",
            Self::UnknownGame => "pack-game-unknown",
            Self::TooLarge { .. } => "pack-too-large",
            Self::UnknownForm => "pack-unknown-form",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownCode { code } => vec![("code", clean_line(code, 80))],
            Self::FileDiffers { path, why } => {
                vec![("path", clean_line(path, 200)), ("why", clean_line(why, 200))]
            }
            Self::TooLarge { limit } => vec![("limit", limit.to_string())],
            Self::UnknownGame | Self::UnknownForm => Vec::new(),
        }
    }
}
