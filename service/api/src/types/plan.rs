//! What would change, before anything does.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{PackageKey, Reason, Seal, Signature};

/// A package that the player asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Wish {
    #[serde(flatten)]
    pub key: PackageKey,
    /// Acceptable versions (`^1.2`, `=1.4.0`); absent means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub range: Option<String>,
    /// Archive hash that the player saw (from a link or a list); another one stops the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sha256: Option<String>,
}

/// Where a needed package comes from, other than its source would say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Mapping {
    /// Where it would be looked for.
    #[serde(flatten)]
    pub key: PackageKey,
    /// Id of the source that it is taken from.
    pub from: String,
}

/// How ripe releases are, as their authors say. A version that calls itself a pre-release is a beta.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseChannel {
    Dev,
    Beta,
    Stable,
}

/// Which part of a game that is played over a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    #[default]
    Client,
    Server,
    Both,
}

/// What programs run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    Linux,
    Windows,
    Macos,
}

/// What a profile's game runs on, as the player says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunsOn {
    /// What its installation runs on.
    Automatic,
    Linux,
    Windows,
    Macos,
}

/// The least ripe releases that the player wants of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Follow {
    #[serde(flatten)]
    pub key: PackageKey,
    /// Absent means those of the profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub channel: Option<ReleaseChannel>,
}

/// Whether the player wants a feature of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ChooseFeature {
    #[serde(flatten)]
    pub key: PackageKey,
    /// Its name inside the package.
    pub feature: String,
    /// Absent means as the package's author says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub on: Option<bool>,
}

/// A package to keep at its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Hold {
    #[serde(flatten)]
    pub key: PackageKey,
    /// Why, in the player's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
}

/// A change of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct ChangeRequest {
    /// Absent means the active profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub profile: Option<String>,
    pub install: Vec<Wish>,
    pub remove: Vec<PackageKey>,
    /// Move these to the newest version that fits.
    pub update: Vec<PackageKey>,
    pub update_all: bool,
    pub enable: Vec<PackageKey>,
    pub disable: Vec<PackageKey>,
    /// Switch off because somebody advises against them.
    #[ts(optional, as = "Option<Vec<PackageKey>>")]
    pub quarantine: Vec<PackageKey>,
    /// Keep these at the version that they have after the change.
    #[ts(optional, as = "Option<Vec<Hold>>")]
    pub hold: Vec<Hold>,
    /// Hold these no more.
    #[ts(optional, as = "Option<Vec<PackageKey>>")]
    pub unhold: Vec<PackageKey>,
    /// Packages that get a channel of their own, or lose it.
    #[ts(optional, as = "Option<Vec<Follow>>")]
    pub channels: Vec<Follow>,
    /// Features of packages that the player wants or does without from now on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<ChooseFeature>>")]
    pub features: Vec<ChooseFeature>,
    /// The channel of the profile: what counts for packages that have none of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub channel: Option<ReleaseChannel>,
    /// What the profile is for from now on. What is installed has to fit as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub side: Option<Side>,
    /// What the profile's game runs on, where the player says something else than before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub platform: Option<RunsOn>,
    /// Needed packages that are taken from other sources; remembered as long as they are there.
    #[ts(optional, as = "Option<Vec<Mapping>>")]
    pub map: Vec<Mapping>,
    /// The load order that the player wants, the first to load first; packages that it does not name come behind. Absent
    /// leaves it as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub order: Option<Vec<PackageKey>>,
    /// Packages of collections that come with this change and are not wanted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<PackageKey>>")]
    pub without: Vec<PackageKey>,
    /// Digest of the preview that the player agreed to; a different plan is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub agreed: Option<String>,
}

/// What happens to one package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlanAction {
    Add,
    Change,
    Remove,
    Enable,
    Disable,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PlanItem {
    pub action: PlanAction,
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    pub publisher: String,
    /// Version before; absent for additions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from: Option<String>,
    /// Version after; absent for removals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub to: Option<String>,
    /// Archive size; 0 for removals.
    pub size: u64,
    /// Bytes of it that are on this machine already.
    pub here: u64,
    /// Packages that need it; empty where the player asked for it.
    pub needed_by: Vec<String>,
    /// Those of `needed_by` that need it only for features of theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<ForFeature>>")]
    pub for_features: Vec<ForFeature>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub license: Option<String>,
    pub seal: Seal,
    pub signature: Signature,
}

/// The whole change, with its costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PlanPreview {
    pub profile: String,
    /// Send it back as `agreed`.
    pub digest: String,
    pub items: Vec<PlanItem>,
    /// Whether the profile remembers a choice that it did not, as what was asked for or how ripe; also where nothing moves.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub remembers: bool,
    /// Packages that stay as they are.
    pub keeps: u32,
    /// Bytes to download.
    pub download: u64,
    /// Bytes of archives already here.
    pub here: u64,
    /// Bytes after unpacking, where known.
    pub unpacked: u64,
    /// What the player must know or decide first; a blocking one cannot be agreed away.
    pub notices: Vec<Notice>,
    /// What goes well with what comes; to have one of them, add it to `install` and ask again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<PlanOffer>>")]
    pub offers: Vec<PlanOffer>,
    /// Features of what comes or moves, and of packages whose features the request chooses; to choose otherwise, add it to
    /// `features` and ask again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<PlanFeatures>>")]
    pub features: Vec<PlanFeatures>,
}

/// A feature of a package that something is needed for, both by their titles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ForFeature {
    pub package: String,
    pub feature: String,
}

/// A part of a package that the player may do without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Feature {
    /// Its name inside the package.
    pub id: String,
    pub title: String,
    pub summary: String,
    /// Whether it is on where the player says nothing.
    pub default: bool,
    pub on: bool,
    /// Whether the version that is in the profile does not have it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub new: bool,
    /// Titles of the packages that it brings.
    pub brings: Vec<String>,
}

/// The features of one package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PlanFeatures {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    pub features: Vec<Feature>,
}

/// How strongly packages are spoken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OfferStrength {
    Recommended,
    Suggested,
}

/// Packages of which any one would go well with what comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PlanOffer {
    pub strength: OfferStrength,
    /// The one that was meant first at the beginning.
    pub options: Vec<PlanOption>,
    /// Titles of the packages that speak for them.
    pub wanted_by: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PlanOption {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
}

/// Something to know before agreeing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Notice {
    #[serde(flatten)]
    pub reason: Reason,
    pub blocking: bool,
}

/// A link to look at; looking has no side effects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LinkRequest {
    pub link: String,
}

/// What a link asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LinkInspection {
    /// Install a package or a collection.
    Package {
        package: Box<super::PackageRow>,
        plan: Box<PlanPreview>,
        /// Send it as it is to agree to the plan.
        request: Box<ChangeRequest>,
    },
    /// It is in the profile already.
    Present { package: Box<super::PackageRow> },
    /// The source is not one of the player's: nothing was fetched.
    UnknownSource { source: String, package: String },
    /// A new source to trust, or not.
    AddSource { root: String, root_words: String, address: String, known: bool },
    /// An invitation to a lobby, and `ADDRESS:PORT` of the players whom to ask for it. Nobody was asked yet.
    Lobby { peers: Vec<String> },
    /// Nothing can be done; the problem says why.
    Refused { problem: Box<super::Problem> },
}
