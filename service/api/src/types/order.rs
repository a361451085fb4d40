//! Load order, and files that several packages hold.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::PackageKey;

/// In which order the packages of a profile count; a later one wins where two hold the same file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LoadOrder {
    /// Packages that are switched on, the first to load first.
    pub packages: Vec<OrderedPackage>,
    /// Wishes that go round in a circle; the first step of each gave way.
    pub cycles: Vec<Vec<OrderStep>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OrderedPackage {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    /// The player chose its place.
    pub chosen: bool,
}

/// One wish: a package comes before another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OrderStep {
    pub earlier: PackageKey,
    pub later: PackageKey,
    /// Sentence in the message files: `order-needs`, `order-load-before`, `order-load-after`.
    pub reason: String,
}

/// A part of the files that several packages of a profile hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Conflicts {
    /// All there are.
    pub total: u32,
    pub files: Vec<FileConflict>,
}

/// A file that several packages hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FileConflict {
    pub place: String,
    pub path: String,
    pub winner: PackageKey,
    /// In load order.
    pub losers: Vec<ConflictLoser>,
}

/// A package whose file is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ConflictLoser {
    #[serde(flatten)]
    pub key: PackageKey,
    /// Sentence in the message files: `win-needs`, `win-load-before`, `win-load-after`, `win-player`, `win-order`.
    pub why: String,
    /// It holds the same bytes as the winner's.
    pub same_content: bool,
}
