//! What can go wrong with a verb: the causes of the crates below, and what only the engine can refuse.

use muster_domain::{Coded, FeatureId, GameId, JobId, PackageId, ProfileId, SourceId};

use crate::{Explanation, LobbyError, SavesError, SourceError};

/// Codes of the engine's own refusals; causes keep theirs.
pub const CODES: &[&str] = &[
    "advised-against",
    "adopt-no-mod-folder",
    "adopt-nothing",
    "archive-unknown",
    "drift-too-large",
    "drift-file-unknown",
    "drift-not-text",
    "engine-nothing-asked",
    "engine-invalid-setting",
    "engine-invalid-pause",
    "engine-invalid-schedule",
    "engine-cannot-start",
    "engine-internal",
    "engine-closed",
    "shared-missing-sources",
    "shared-not-following",
    "shared-other-game",
    "shared-unreachable",
    "game-in-use",
    "game-not-found",
    "game-running",
    "game-taken",
    "game-not-own",
    "job-cancelled",
    "job-unknown",
    "job-too-late",
    "kept-damaged",
    "kept-in-use",
    "kept-unknown",
    "key-decision-unknown",
    "feature-unknown",
    "not-a-collection",
    "offline-mode",
    "package-not-installed",
    "package-unknown",
    "plan-changed",
    "profile-changed",
    "profile-exists",
    "profile-not-placed",
    "profile-unknown",
    "generation-unknown",
    "proof-not-possible",
    "publisher-unseen",
    "recipe-unknown",
    "release-differs",
    "resolution-failed",
    "source-unknown",
    "transfer-unknown",
    "tree-damaged",
    "undo-nothing",
    "undo-unknown",
];

/// Why a verb failed.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("{id} {version} is advised against by {}: {}", advice.source_name, advice.text)]
    AdvisedAgainst { id: PackageId, version: String, advice: Box<crate::AdviceView> },
    #[error("offline mode is on")]
    Offline,
    #[error("the request asks for nothing")]
    NothingAsked,
    #[error("{name} cannot have this value")]
    InvalidSetting { name: &'static str },
    #[error("nothing can be paused for this time")]
    InvalidPause,
    #[error("{name} is not written as hours are: {why}")]
    InvalidSchedule { name: &'static str, why: crate::manners::ScheduleError },
    #[error("{program} cannot be started: {detail}")]
    CannotStart { program: String, detail: String },
    #[error("internal error: {0}")]
    Internal(&'static str),
    #[error("the service is ending")]
    Closed,
    #[error("the profile is for {game}")]
    OtherGame { game: GameId },
    #[error("the profile needs sources that are not here")]
    MissingSources { sources: String },
    #[error("{address} cannot be read: {error}")]
    SharedUnreachable { address: String, error: muster_catalog::FetchError },
    #[error("the profile follows nobody's")]
    NotFollowing { profile: String },
    #[error("{game} is not installed here")]
    GameNotFound { game: GameId },
    #[error("{game} is running")]
    GameRunning { game: String },
    #[error("the definition of {game} came with the program")]
    GameNotOwn { game: GameId },
    #[error("profiles of {game} need its definition")]
    GameInUse { game: GameId },
    #[error("the job was cancelled")]
    Cancelled,
    #[error("no job {0}")]
    UnknownJob(JobId),
    #[error("it is too late to stop: files are being placed")]
    TooLate,
    #[error("{publisher} shows no such key")]
    UnknownKey { publisher: String },
    #[error("{id} is not in the profile")]
    NotInstalled { id: PackageId },
    #[error("{id} has no feature {feature}")]
    UnknownFeature { id: PackageId, feature: FeatureId, known: String },
    #[error("{id} is no collection")]
    NotACollection { id: PackageId },
    #[error("no package {id}")]
    UnknownPackage { id: PackageId },
    #[error("the plan is another one than the one agreed to")]
    PlanChanged,
    #[error("the profile was changed meanwhile")]
    ProfileChanged,
    #[error("a profile named {name} exists")]
    ProfileExists { name: String },
    #[error("the files of {profile} are not in the game's folders")]
    NotPlaced { profile: String },
    #[error("nothing in the folder can be adopted")]
    NothingToAdopt,
    #[error("{path} is no folder that mods of a known game are in")]
    NoModFolder { path: String },
    #[error("{path} is too large to be compared as a text")]
    TooLargeToCompare { path: String },
    #[error("nothing is kept under {what}")]
    UnknownKept { what: String },
    #[error("{path} is written by Muster itself")]
    KeptInUse { path: String },
    #[error("the kept version of {path} is damaged")]
    KeptDamaged { path: String },
    #[error("an unpacked package is damaged: archive {archive}")]
    TreeDamaged { archive: muster_domain::Sha256 },
    #[error("{path} is no text")]
    NotText { path: String },
    #[error("there is a definition of {game} already")]
    GameTaken { game: GameId },
    #[error("{path} is no file of a package")]
    UnknownFile { path: String },
    #[error("no profile {0}")]
    UnknownProfile(ProfileId),
    #[error("no generation {0}")]
    UnknownGeneration(u64),
    #[error("{game} cannot prove what it loads: {why}")]
    ProofNotPossible { game: GameId, why: &'static str },
    #[error("the update would bring {id} of a publisher that is new here")]
    UnknownPublisher { id: PackageId },
    #[error("{id} is not what was agreed to: {what}")]
    ReleaseDiffers { id: PackageId, what: String },
    #[error("{id} is placed in a way that only {by} knows")]
    UnknownRecipe { id: PackageId, by: String },
    #[error("no set of packages fits")]
    Unsolvable(Box<Explanation>),
    #[error("no source {0}")]
    UnknownSource(SourceId),
    #[error("no transfer {0}")]
    UnknownTransfer(muster_domain::Sha256),
    #[error("no archive {0} is kept")]
    UnknownArchive(muster_domain::Sha256),
    #[error("there is nothing before this state")]
    NothingToUndo,
    #[error("nothing to undo by this name")]
    UnknownUndo,
    #[error(transparent)]
    Lobby(#[from] LobbyError),
    #[error(transparent)]
    Saves(#[from] SavesError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Pack(#[from] crate::PackError),
    #[error(transparent)]
    Adapter(#[from] muster_adapters::Error),
    #[error(transparent)]
    Cache(#[from] muster_cache::Error),
    #[error(transparent)]
    Catalog(#[from] muster_catalog::Error),
    #[error(transparent)]
    Deploy(#[from] muster_deploy::DeployError),
    #[error(transparent)]
    Files(#[from] muster_fsx::Error),
    #[error(transparent)]
    Games(#[from] muster_games::GameError),
    #[error(transparent)]
    Keyring(#[from] muster_keyring::Error),
    #[error(transparent)]
    Package(#[from] muster_package::Error),
    #[error(transparent)]
    Registry(#[from] muster_registry::Error),
    #[error(transparent)]
    Store(#[from] muster_store::Error),
    /// The folder is in its new state, the books are not; the next start brings them up to it.
    #[error("the change is in place but cannot be recorded: {0}")]
    Unrecorded(muster_store::Error),
    #[error(transparent)]
    Transfer(#[from] muster_transfer::Error),
}

/// What kind of refusal it is, for callers that only need to know how to react.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The request cannot be right.
    Request,
    /// What it names is not there.
    Missing,
    /// It cannot be done in the present state; the player can change that.
    Refused,
    /// Something else failed.
    #[default]
    Failed,
}

impl EngineError {
    pub fn fault(&self) -> Fault {
        match self {
            Self::NothingAsked
            | Self::InvalidSetting { .. }
            | Self::InvalidPause
            | Self::InvalidSchedule { .. } => Fault::Request,
            Self::Lobby(error) => error.fault(),
            Self::Saves(error) => error.fault(),
            Self::Source(error) => error.fault(),
            Self::Pack(error) => error.fault(),
            Self::UnknownJob(_)
            | Self::UnknownKey { .. }
            | Self::NotInstalled { .. }
            | Self::UnknownPackage { .. }
            | Self::UnknownFeature { .. }
            | Self::NotACollection { .. }
            | Self::UnknownFile { .. }
            | Self::UnknownKept { .. }
            | Self::NoModFolder { .. }
            | Self::UnknownProfile(_)
            | Self::UnknownGeneration(_)
            | Self::UnknownSource(_)
            | Self::UnknownTransfer(_)
            | Self::UnknownArchive(_)
            | Self::NothingToUndo
            | Self::UnknownUndo
            | Self::NotFollowing { .. }
            | Self::GameNotFound { .. } => Fault::Missing,
            Self::AdvisedAgainst { .. }
            | Self::Offline
            | Self::TooLate
            | Self::Cancelled
            | Self::PlanChanged
            | Self::ProfileChanged
            | Self::ProfileExists { .. }
            | Self::OtherGame { .. }
            | Self::MissingSources { .. }
            | Self::NothingToAdopt
            | Self::NotPlaced { .. }
            | Self::GameRunning { .. }
            | Self::TooLargeToCompare { .. }
            | Self::KeptInUse { .. }
            | Self::KeptDamaged { .. }
            | Self::TreeDamaged { .. }
            | Self::NotText { .. }
            | Self::GameTaken { .. }
            | Self::ReleaseDiffers { .. }
            | Self::UnknownPublisher { .. }
            | Self::UnknownRecipe { .. }
            | Self::Unsolvable(_)
            | Self::GameNotOwn { .. }
            | Self::GameInUse { .. }
            | Self::ProofNotPossible { .. } => Fault::Refused,
            Self::Games(muster_games::GameError::Unknown { .. }) => Fault::Missing,
            Self::Games(
                muster_games::GameError::Definition { .. } | muster_games::GameError::Format { .. },
            ) => Fault::Request,
            // The player can unlock it, or keep the key elsewhere.
            Self::Keyring(_) => Fault::Refused,
            Self::Catalog(
                muster_catalog::Error::UnknownPackage { .. } | muster_catalog::Error::UnknownSource { .. },
            ) => Fault::Missing,
            Self::Registry(
                muster_registry::Error::KeyChanged { .. }
                | muster_registry::Error::KeyRevoked { .. }
                | muster_registry::Error::HashChanged { .. },
            )
            | Self::Catalog(muster_catalog::Error::HintDiffers { .. }) => Fault::Refused,
            _ => Fault::Failed,
        }
    }

    /// The tree of reasons, where no set of packages fits.
    pub fn explanation(&self) -> Option<&Explanation> {
        match self {
            Self::Unsolvable(explanation) => Some(explanation),
            _ => None,
        }
    }

    fn cause(&self) -> Option<&dyn Coded> {
        Some(match self {
            Self::Lobby(error) => error,
            Self::Saves(error) => error,
            Self::Source(error) => error,
            Self::Pack(error) => error,
            Self::Adapter(error) => error,
            Self::Cache(error) => error,
            Self::Catalog(error) => error,
            Self::Deploy(error) => error,
            Self::Files(error) => error,
            Self::Games(error) => error,
            Self::Keyring(error) => error,
            Self::Package(error) => error,
            Self::Registry(error) => error,
            Self::Store(error) | Self::Unrecorded(error) => error,
            Self::Transfer(error) => error,
            _ => return None,
        })
    }
}

impl Coded for EngineError {
    fn code(&self) -> &'static str {
        match self {
            Self::AdvisedAgainst { .. } => "advised-against",
            Self::Offline => "offline-mode",
            Self::NothingAsked => "engine-nothing-asked",
            Self::InvalidSetting { .. } => "engine-invalid-setting",
            Self::InvalidPause => "engine-invalid-pause",
            Self::InvalidSchedule { .. } => "engine-invalid-schedule",
            Self::CannotStart { .. } => "engine-cannot-start",
            Self::Closed => "engine-closed",
            Self::OtherGame { .. } => "shared-other-game",
            Self::MissingSources { .. } => "shared-missing-sources",
            Self::NotFollowing { .. } => "shared-not-following",
            Self::SharedUnreachable { .. } => "shared-unreachable",
            Self::GameNotFound { .. } => "game-not-found",
            Self::GameRunning { .. } => "game-running",
            Self::GameNotOwn { .. } => "game-not-own",
            Self::GameInUse { .. } => "game-in-use",
            Self::GameTaken { .. } => "game-taken",
            Self::Cancelled => "job-cancelled",
            Self::UnknownJob(_) => "job-unknown",
            Self::TooLate => "job-too-late",
            Self::UnknownKey { .. } => "key-decision-unknown",
            Self::NotInstalled { .. } => "package-not-installed",
            Self::UnknownPackage { .. } => "package-unknown",
            Self::UnknownFeature { .. } => "feature-unknown",
            Self::NotACollection { .. } => "not-a-collection",
            Self::PlanChanged => "plan-changed",
            Self::ProfileChanged => "profile-changed",
            Self::ProfileExists { .. } => "profile-exists",
            Self::NotPlaced { .. } => "profile-not-placed",
            Self::NothingToAdopt => "adopt-nothing",
            Self::NoModFolder { .. } => "adopt-no-mod-folder",
            Self::TooLargeToCompare { .. } => "drift-too-large",
            Self::UnknownKept { .. } => "kept-unknown",
            Self::KeptInUse { .. } => "kept-in-use",
            Self::KeptDamaged { .. } => "kept-damaged",
            Self::TreeDamaged { .. } => "tree-damaged",
            Self::UnknownFile { .. } => "drift-file-unknown",
            Self::NotText { .. } => "drift-not-text",
            Self::UnknownProfile(_) => "profile-unknown",
            Self::UnknownGeneration(_) => "generation-unknown",
            Self::ProofNotPossible { .. } => "proof-not-possible",
            Self::UnknownPublisher { .. } => "publisher-unseen",
            Self::ReleaseDiffers { .. } => "release-differs",
            Self::UnknownRecipe { .. } => "recipe-unknown",
            Self::Unsolvable(_) => "resolution-failed",
            Self::UnknownSource(_) => "source-unknown",
            Self::UnknownTransfer(_) => "transfer-unknown",
            Self::UnknownArchive(_) => "archive-unknown",
            Self::NothingToUndo => "undo-nothing",
            Self::UnknownUndo => "undo-unknown",
            Self::Internal(_) => "engine-internal",
            _ => self.cause().map_or("engine-internal", |cause| cause.code()),
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::AdvisedAgainst { id, version, advice } => vec![
                ("package", id.to_string()),
                ("version", version.clone()),
                ("severity", advice.severity.to_owned()),
                ("text", advice.text.clone()),
                ("source", advice.source_name.clone()),
                ("advisory", advice.id.clone()),
                ("fixed", advice.fixed_in.clone().unwrap_or_else(|| "none".to_owned())),
            ],
            Self::InvalidSetting { name } | Self::InvalidSchedule { name, .. } => {
                vec![("name", (*name).to_owned())]
            }
            Self::CannotStart { program, detail } => {
                vec![("program", program.clone()), ("detail", detail.clone())]
            }
            Self::Internal(detail) => vec![("detail", (*detail).to_owned())],
            Self::GameNotFound { game }
            | Self::GameNotOwn { game }
            | Self::GameInUse { game }
            | Self::GameTaken { game } => {
                vec![("game", game.to_string())]
            }
            Self::GameRunning { game } => vec![("game", game.clone())],
            Self::UnknownJob(job) => vec![("job", job.to_string())],
            Self::UnknownKey { publisher } => vec![("publisher", publisher.clone())],
            Self::NotInstalled { id }
            | Self::UnknownPackage { id }
            | Self::NotACollection { id }
            | Self::UnknownPublisher { id } => {
                vec![("package", id.to_string())]
            }
            Self::UnknownFeature { id, feature, known } => {
                vec![("package", id.to_string()), ("feature", feature.to_string()), ("known", known.clone())]
            }
            Self::ProfileExists { name } => vec![("name", name.clone())],
            Self::NotPlaced { profile } | Self::NotFollowing { profile } => {
                vec![("profile", profile.clone())]
            }
            Self::OtherGame { game } => vec![("game", game.to_string())],
            Self::MissingSources { sources } => vec![("sources", sources.clone())],
            Self::SharedUnreachable { address, error } => {
                vec![("address", muster_domain::clean_line(address, 300)), ("why", error.to_string())]
            }
            Self::UnknownKept { what } => vec![("what", muster_domain::clean_line(what, 300))],
            Self::TooLargeToCompare { path }
            | Self::KeptInUse { path }
            | Self::KeptDamaged { path }
            | Self::UnknownFile { path }
            | Self::NotText { path }
            | Self::NoModFolder { path } => {
                vec![("path", muster_domain::clean_line(path, 300))]
            }
            Self::UnknownProfile(id) => vec![("profile", id.to_string())],
            Self::UnknownGeneration(number) => vec![("generation", number.to_string())],
            Self::ProofNotPossible { game, why } => {
                vec![("game", game.to_string()), ("why", (*why).to_owned())]
            }
            Self::UnknownRecipe { id, by } => {
                vec![("package", id.to_string()), ("by", muster_domain::clean_line(by, 40))]
            }
            Self::ReleaseDiffers { id, what } => vec![("package", id.to_string()), ("what", what.clone())],
            Self::UnknownSource(id) => vec![("source", id.to_string())],
            Self::UnknownTransfer(sha256) => vec![("transfer", sha256.short())],
            Self::TreeDamaged { archive } | Self::UnknownArchive(archive) => vec![("hash", archive.short())],
            _ => self.cause().map(Coded::context).unwrap_or_default(),
        }
    }
}
