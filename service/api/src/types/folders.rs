//! What is in a game's folders.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::FileFinding;

/// What is in a game's folders, held against what was there before Muster. Lists are cut at 1,000 entries; the counts
/// are whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct VanillaProof {
    /// The profile whose files are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub placed: Option<String>,
    /// Whether Muster ever placed anything there; without that there is nothing to prove.
    pub recorded: bool,
    /// What was there was written down only after files had been placed.
    pub late: bool,
    /// Nothing of Muster is there, and everything that was there is as it was.
    pub original: bool,
    /// Files of Muster, and files with lines of it, that are there.
    pub ours: u64,
    pub counts: VanillaCounts,
    /// Displaced once, back now: the same bytes.
    pub equal: Vec<PlaceFile>,
    /// Never touched: the same size, time and inode.
    pub unchanged: Vec<PlaceFile>,
    pub departed: Vec<Departed>,
    pub modded: Vec<Modded>,
}

/// How many of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct VanillaCounts {
    pub equal: u64,
    pub unchanged: u64,
    pub departed: u64,
    pub modded: u64,
}

/// A file below a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
pub struct PlaceFile {
    pub place: String,
    pub path: String,
}

/// In which way somebody else changed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Departure {
    Changed,
    Gone,
    New,
}

/// Changed by something else than Muster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Departed {
    #[serde(flatten)]
    pub file: PlaceFile,
    pub how: Departure,
}

/// Another manager's or loader's, there when Muster came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Modded {
    #[serde(flatten)]
    pub file: PlaceFile,
    /// Whose mark it is.
    pub of: String,
}

/// Whose version of a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Keeping {
    /// The player's, whatever the package brings.
    Mine,
    /// The package's; the player's is kept by its hash.
    Theirs,
    /// The player's, with what the package changes later merged in.
    Both,
}

/// Files of packages that were changed by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Drift {
    /// Nothing is decided: they stay as they are.
    pub undecided: Vec<FileFinding>,
    /// They are gone; a repair brings them back.
    pub missing: Vec<FileFinding>,
    /// Of these the profile has a version of its own.
    pub own: Vec<OwnFile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OwnFile {
    #[serde(flatten)]
    pub file: PlaceFile,
    pub keep: Keeping,
    /// The package changed the same lines; the player's stand.
    pub conflict: bool,
}

/// The versions of one text that was changed by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FileTexts {
    /// The package's file that the player changed; absent where it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub base: Option<String>,
    pub mine: String,
    /// The package's file as it is now; absent where no package has it as a text any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theirs: Option<String>,
    /// The player's with what the package changed since, as keeping both would place it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub merged: Option<String>,
    /// Both changed the same lines; keeping both would place the player's.
    pub conflict: bool,
}

/// What the player decided about files that were changed by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DriftDecision {
    pub keep: Keeping,
    /// None at all means every one.
    #[serde(default)]
    pub files: Vec<PlaceFile>,
}
