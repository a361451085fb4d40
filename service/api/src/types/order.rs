//! Load order, and files that several packages hold.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::PackageKey;

/// In which order the packages of a profile count; a later one wins where two hold the same file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LoadOrder {
    /// The first to load first.
    pub packages: Vec<OrderedPackage>,
    /// What packages that are switched on ask for and get.
    pub wishes: Vec<OrderStep>,
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
    /// One that is switched off is not loaded, and keeps its place.
    pub enabled: bool,
}

/// A load order to think about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OrderRequest {
    /// The first to load first; packages that it does not name come behind.
    pub order: Vec<PackageKey>,
}

/// What another load order would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OrderPlan {
    /// Packages that are switched on, as they would count.
    pub packages: Vec<PackageKey>,
    /// All files that would change hands.
    pub total: u32,
    /// At most 1000 of them, those with other bytes first.
    pub files: Vec<FileHandover>,
}

/// A file that another load order would give to another package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FileHandover {
    pub place: String,
    pub path: String,
    pub from: PackageKey,
    pub to: PackageKey,
    /// Both hold the same bytes.
    pub same_content: bool,
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
    /// Those with different bytes first, then by place and path.
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
