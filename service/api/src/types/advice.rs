//! What sources advise against.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::PackageKey;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Does not work, or damages by mistake.
    Broken,
    /// Somebody else can abuse it.
    Vulnerable,
    /// Made to do harm.
    Malware,
}

impl Severity {
    /// Stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Vulnerable => "vulnerable",
            Self::Malware => "malware",
        }
    }
}

/// A source's statement against a version. It can only keep things away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Advice {
    /// Name inside the source.
    pub id: String,
    pub severity: Severity,
    /// One line of plain text.
    pub text: String,
    /// Source id.
    pub source: String,
    /// The player's short name of the source.
    pub source_name: String,
    pub published: String,
    /// The first version without the fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fixed_in: Option<String>,
    /// `https` address of a page that says more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub more: Option<String>,
}

/// An installed package that somebody advises against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AuditFinding {
    pub profile: String,
    pub profile_name: String,
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    pub version: String,
    /// Switched on in its profile.
    pub enabled: bool,
    /// Switched on, and the profile's files are in the game's folders.
    pub placed: bool,
    /// The worst first.
    pub advice: Vec<Advice>,
}

/// What an audit found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AuditReport {
    /// Packages that were looked at.
    pub packages: u64,
    pub findings: Vec<AuditFinding>,
    /// When the source that was refreshed the longest ago was; absent where one never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub checked: Option<String>,
}
