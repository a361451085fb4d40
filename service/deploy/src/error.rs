//! What can go wrong with a deployment, by what the caller can do about it.

use std::path::PathBuf;

use muster_domain::{Coded, PathError, clean_line};
use muster_games::GameError;

use crate::plan::Blocked;

/// Why a deployment is refused or has failed. Unless the variant says otherwise, the places are as they were before.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    #[error("the package {package} has nothing for this game")]
    NothingToPlace { package: String },
    #[error("the package {package} wants {path} to go where it may not: {why}")]
    Path { package: String, path: String, why: String },
    #[error("the package {package} may not touch {place}/{path}")]
    Protected { package: String, place: String, path: String },
    #[error("two files of {package} go to {place}/{path}")]
    Twice { package: String, place: String, path: String },
    #[error("{first} needs {path} to be a file, {second} needs it to be a folder")]
    Clash { path: String, first: String, second: String },
    #[error("another program is changing this game's files")]
    Busy,
    #[error("{} files are in the way, the first is {}", blocked.len(), blocked.first().map_or("", |b| b.at.as_str()))]
    Blocked { blocked: Vec<Blocked> },
    #[error("{} changed while the change was being made", path.display())]
    ChangedMeanwhile { path: PathBuf },
    #[error("the plan was made for an earlier state")]
    Stale,
    #[error("{needed} bytes are needed on the game's disk, {free} are free")]
    NoSpace { needed: u64, free: u64 },
    #[error("{} cannot be written to", path.display())]
    NotWritable { path: PathBuf },
    #[error("{} is held fast", path.display())]
    Locked { path: PathBuf },
    #[error("{} is longer than {limit} bytes", path.display())]
    TooLong { path: PathBuf, limit: usize },
    #[error("the files of the package {package} are not at hand")]
    TreeMissing { package: String },
    #[error("{place} is {}, but files were put into {}", now.display(), before.display())]
    WrongRoot { place: String, before: PathBuf, now: PathBuf },
    #[error("the folder for {place} is not known")]
    PlaceUnknown { place: String },
    #[error("the journal {} is damaged: {why}", path.display())]
    Journal { path: PathBuf, why: String },
    #[error("the journal {} was written by a newer program", path.display())]
    JournalFormat { path: PathBuf },
    /// The places are between two states; the next [`crate::Deployment::open`] rolls back or finishes.
    #[error("the change could not be undone at once: {reason}")]
    Unfinished { reason: String },
    #[error(transparent)]
    Game(#[from] GameError),
    #[error(transparent)]
    File(#[from] muster_fsx::Error),
    /// The process is taken as killed here.
    #[cfg(test)]
    #[error("killed by a test")]
    Killed,
}

impl DeployError {
    pub const CODES: &[&str] = &[
        "deploy-nothing-to-place",
        "deploy-path",
        "deploy-protected",
        "deploy-twice",
        "deploy-clash",
        "deploy-busy",
        "deploy-blocked",
        "deploy-changed-meanwhile",
        "deploy-stale",
        "deploy-no-space",
        "deploy-not-writable",
        "deploy-locked",
        "deploy-too-long",
        "deploy-tree-missing",
        "deploy-wrong-root",
        "deploy-place-unknown",
        "deploy-journal",
        "deploy-journal-format",
        "deploy-unfinished",
    ];

    pub(crate) fn path(package: &str, path: &str, why: PathError) -> Self {
        Self::Path { package: package.to_owned(), path: path.to_owned(), why: why.to_string() }
    }
}

impl Coded for DeployError {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingToPlace { .. } => "deploy-nothing-to-place",
            Self::Path { .. } => "deploy-path",
            Self::Protected { .. } => "deploy-protected",
            Self::Twice { .. } => "deploy-twice",
            Self::Clash { .. } => "deploy-clash",
            Self::Busy => "deploy-busy",
            Self::Blocked { .. } => "deploy-blocked",
            Self::ChangedMeanwhile { .. } => "deploy-changed-meanwhile",
            Self::Stale => "deploy-stale",
            Self::NoSpace { .. } => "deploy-no-space",
            Self::NotWritable { .. } => "deploy-not-writable",
            Self::Locked { .. } => "deploy-locked",
            Self::TooLong { .. } => "deploy-too-long",
            Self::TreeMissing { .. } => "deploy-tree-missing",
            Self::WrongRoot { .. } => "deploy-wrong-root",
            Self::PlaceUnknown { .. } => "deploy-place-unknown",
            Self::Journal { .. } => "deploy-journal",
            Self::JournalFormat { .. } => "deploy-journal-format",
            Self::Unfinished { .. } => "deploy-unfinished",
            Self::Game(error) => error.code(),
            Self::File(error) => error.code(),
            #[cfg(test)]
            Self::Killed => "deploy-unfinished",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        let line = |text: &str| clean_line(text, 300);
        let shown = |path: &PathBuf| clean_line(&path.to_string_lossy(), 500);
        match self {
            Self::NothingToPlace { package } | Self::TreeMissing { package } => {
                vec![("package", line(package))]
            }
            Self::Path { package, path, why } => {
                vec![("package", line(package)), ("path", line(path)), ("why", line(why))]
            }
            Self::Protected { package, place, path } | Self::Twice { package, place, path } => {
                vec![("package", line(package)), ("place", line(place)), ("path", line(path))]
            }
            Self::Clash { path, first, second } => {
                vec![("path", line(path)), ("first", line(first)), ("second", line(second))]
            }
            Self::Blocked { blocked } => {
                let first = blocked.first().map_or_else(String::new, |b| format!("{}/{}", b.place, b.at));
                vec![("count", blocked.len().to_string()), ("path", line(&first))]
            }
            Self::ChangedMeanwhile { path }
            | Self::NotWritable { path }
            | Self::Locked { path }
            | Self::JournalFormat { path } => vec![("path", shown(path))],
            Self::TooLong { path, limit } => vec![("path", shown(path)), ("limit", limit.to_string())],
            Self::NoSpace { needed, free } => {
                vec![("needed", needed.to_string()), ("free", free.to_string())]
            }
            Self::WrongRoot { place, before, now } => {
                vec![("place", line(place)), ("before", shown(before)), ("now", shown(now))]
            }
            Self::PlaceUnknown { place } => vec![("place", line(place))],
            Self::Journal { path, why } => vec![("path", shown(path)), ("why", line(why))],
            Self::Unfinished { reason } => vec![("reason", line(reason))],
            Self::Game(error) => error.context(),
            Self::File(error) => error.context(),
            Self::Busy | Self::Stale => Vec::new(),
            #[cfg(test)]
            Self::Killed => Vec::new(),
        }
    }
}
