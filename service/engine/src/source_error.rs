//! Why a source is not added, or what it offers not used.

use muster_domain::{Coded, GameId, SourceId, clean_line};

use crate::Fault;

/// Codes of [`SourceError`].
pub const SOURCE_CODES: &[&str] = &[
    "source-address",
    "source-alias",
    "source-exists",
    "source-file-not-a-package",
    "source-file-unreadable",
    "source-managed",
    "source-needs-root",
    "source-no-preset",
    "source-no-workshop",
    "source-not-a-key",
    "source-page-only",
    "source-root-differs",
    "source-takes-no-key",
    "source-test-root",
    "source-unsigned",
];

/// What the engine refuses about sources.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    #[error("{address} is not an address that a source can have")]
    Address { address: String },
    #[error("{alias:?} is no short name for a source")]
    Alias { alias: String },
    #[error("the source is there already")]
    Exists { id: SourceId },
    #[error("{name} is no package, archive or file that a game opens")]
    NotAPackage { name: String },
    #[error("{site} hands files out in a browser only")]
    PageOnly { site: &'static str, address: String },
    #[error("{file} cannot be read: {why}")]
    Unreadable { file: String, why: String },
    #[error("{title} is managed by another program")]
    Managed { title: String, by: &'static str },
    #[error("no game names {id}")]
    NoPreset { id: String },
    #[error("Steam has no {game} here")]
    NoWorkshop { game: GameId },
    #[error("this can be no key")]
    NotAKey,
    #[error("a registry is trusted by its fingerprint, and none was given")]
    NeedsRoot,
    #[error("the registry shows another root than the one given")]
    RootDiffers { expected: String, found: String },
    #[error("the source is asked without a key")]
    TakesNoKey { id: SourceId },
    #[error("the registry is signed with public test keys and accepted from a folder only")]
    TestRoot,
    #[error("a fingerprint was given for what nobody signs")]
    Unsigned,
}

impl SourceError {
    pub(crate) fn fault(&self) -> Fault {
        match self {
            Self::Address { .. } | Self::Alias { .. } | Self::NeedsRoot | Self::NotAKey | Self::Unsigned => {
                Fault::Request
            }
            Self::Unreadable { .. } => Fault::Failed,
            Self::NoPreset { .. } | Self::NoWorkshop { .. } => Fault::Missing,
            Self::Managed { .. }
            | Self::NotAPackage { .. }
            | Self::PageOnly { .. }
            | Self::Exists { .. }
            | Self::RootDiffers { .. }
            | Self::TakesNoKey { .. }
            | Self::TestRoot => Fault::Refused,
        }
    }
}

impl Coded for SourceError {
    fn code(&self) -> &'static str {
        match self {
            Self::Address { .. } => "source-address",
            Self::Alias { .. } => "source-alias",
            Self::Exists { .. } => "source-exists",
            Self::NotAPackage { .. } => "source-file-not-a-package",
            Self::PageOnly { .. } => "source-page-only",
            Self::Unreadable { .. } => "source-file-unreadable",
            Self::NeedsRoot => "source-needs-root",
            Self::Managed { .. } => "source-managed",
            Self::NoPreset { .. } => "source-no-preset",
            Self::NoWorkshop { .. } => "source-no-workshop",
            Self::NotAKey => "source-not-a-key",
            Self::TakesNoKey { .. } => "source-takes-no-key",
            Self::RootDiffers { .. } => "source-root-differs",
            Self::TestRoot => "source-test-root",
            Self::Unsigned => "source-unsigned",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Address { address } => vec![("address", clean_line(address, 200))],
            Self::Alias { alias } => vec![("alias", clean_line(alias, 80))],
            Self::Exists { id } | Self::TakesNoKey { id } => vec![("source", id.to_string())],
            Self::RootDiffers { expected, found } => {
                vec![("expected", expected.clone()), ("found", found.clone())]
            }
            Self::Managed { title, by } => {
                vec![("title", clean_line(title, 200)), ("by", (*by).to_owned())]
            }
            Self::NoPreset { id } => vec![("id", clean_line(id, 200))],
            Self::NoWorkshop { game } => vec![("game", game.to_string())],
            Self::NotAPackage { name } => vec![("name", clean_line(name, 200))],
            Self::PageOnly { site, address } => {
                vec![("site", (*site).to_owned()), ("address", clean_line(address, 300))]
            }
            Self::Unreadable { file, why } => {
                vec![("file", clean_line(file, 200)), ("why", clean_line(why, 200))]
            }
            Self::NeedsRoot | Self::NotAKey | Self::TestRoot | Self::Unsigned => Vec::new(),
        }
    }
}
