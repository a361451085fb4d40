//! Updates without anybody asking.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{PackageKey, Problem, Reason};

/// How far updates go by themselves. What comes was on offer for two days, as this machine saw it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UpdatePolicy {
    /// They are shown.
    #[default]
    Off,
    /// Their archives are fetched behind everything else.
    Fetch,
    /// They are made while the game does not run, as a state of the history.
    Apply,
}

/// A package that is kept up to date, whatever its profile does otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Subscription {
    #[serde(flatten)]
    pub key: PackageKey,
    /// `off` ends it.
    pub policy: UpdatePolicy,
}

/// A newer version that the player does not want: neither it nor what is older is offered, until something newer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Skip {
    #[serde(flatten)]
    pub key: PackageKey,
    /// The version on offer, as it was shown; absent offers everything again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<String>,
}

/// What to change about how a profile is kept up to date; absent things stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UpkeepPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub policy: Option<UpdatePolicy>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Subscription>>")]
    pub subscribe: Vec<Subscription>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Skip>>")]
    pub skip: Vec<Skip>,
}

/// A subscription, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SubscriptionEntry {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    pub policy: UpdatePolicy,
    /// Whether the profile has the package; a subscription waits for it.
    pub installed: bool,
}

/// How far an update has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UpkeepState {
    /// It is not on offer for long enough.
    Waits,
    /// Its archive is fetched, or will be.
    Comes,
    /// Its archive is here.
    Ready,
    /// The player has to decide.
    Asks,
}

/// An update of one package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct UpkeepItem {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from: Option<String>,
    pub to: String,
    pub state: UpkeepState,
    /// When what waits is on offer for long enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub until: Option<String>,
}

/// How a profile is kept up to date, and what the last look found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Upkeep {
    pub profile: String,
    pub profile_name: String,
    pub policy: UpdatePolicy,
    pub subscriptions: Vec<SubscriptionEntry>,
    pub items: Vec<UpkeepItem>,
    /// Why something waits, or why the player has to decide: `notice-<code>` in the message files.
    pub reasons: Vec<Reason>,
    /// Why it could not be looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<Problem>,
    /// When it was looked at last, in this run of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub checked: Option<String>,
}
