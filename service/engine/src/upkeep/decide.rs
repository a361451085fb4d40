//! What is done for a profile without anybody asking: pure.
//!
//! | the policy says | found                   | archives       | next                                     |
//! |-----------------|-------------------------|----------------|------------------------------------------|
//! | either          | nothing                 | either         | rest                                     |
//! | either          | needs the player's word | either         | told, nothing else                       |
//! | either          | free to go              | missing        | fetched, where there is room and a way   |
//! | fetch           | free to go              | here           | told: it is ready                        |
//! | apply           | free to go              | here           | a job, unless a game or a job is busy    |
//!
//! While a game runs nothing is fetched (unless the player allows it), and nothing is placed for the game that runs. What
//! was first seen less than two days ago is not among what was found ([`is_ripe`]).

use jiff::{SignedDuration, Timestamp};
use muster_domain::{Lock, PackageId, Vouched};
use serde::{Deserialize, Serialize};

use super::skip::Skipped;
use crate::{Action, Item, Key, Reason};

/// How long a release is on offer before it is taken without anybody asking: time for others to find out, and for an
/// advisory to be written (`product.md` §5).
pub(crate) const WAIT: SignedDuration = SignedDuration::from_hours(48);
/// Packages that a reason names.
const FEW: usize = 5;

/// How far updates go by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UpdatePolicy {
    /// They are shown.
    #[default]
    Off,
    /// Their archives are fetched, so that the update takes no time when the player wants it.
    Fetch,
    /// They are made, as a state of the history.
    Apply,
}

/// A package that is kept up to date, whatever its profile does otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    #[serde(flatten)]
    pub key: Key,
    pub policy: UpdatePolicy,
}

/// How a profile is kept up to date, as it is stored with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Upkeep {
    pub policy: UpdatePolicy,
    pub subscriptions: Vec<Subscription>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
}

/// Which packages are looked at together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Everything,
    Only(Vec<Key>),
}

impl Upkeep {
    /// Whether anything is done by itself.
    pub fn is_off(&self) -> bool {
        self.policy == UpdatePolicy::Off && self.subscriptions.is_empty()
    }

    /// Subscribes, or changes or ends a subscription.
    pub fn subscribe(&mut self, new: Subscription) {
        self.subscriptions.retain(|old| old.key != new.key);
        if new.policy != UpdatePolicy::Off {
            self.subscriptions.push(new);
            self.subscriptions.sort_by(|a, b| a.key.cmp(&b.key));
        }
    }

    /// What to look at and how far to go, the farthest first. A subscription takes its package at least as far as the
    /// profile's policy takes all of them; one of a package that is not there waits for it.
    pub fn scopes(&self, lock: &Lock) -> Vec<(UpdatePolicy, Scope)> {
        let subscribed = |policy: UpdatePolicy| {
            let chosen = self.subscriptions.iter().filter(|one| one.policy == policy);
            let there = chosen.filter(|one| lock.get(&one.key.source, &one.key.id).is_some());
            there.map(|one| one.key.clone()).collect::<Vec<Key>>()
        };
        let mut scopes = Vec::new();
        for policy in [UpdatePolicy::Apply, UpdatePolicy::Fetch] {
            if self.policy == policy {
                scopes.push((policy, Scope::Everything));
                break;
            }
            let keys = subscribed(policy);
            if !keys.is_empty() {
                scopes.push((policy, Scope::Only(keys)));
            }
        }
        if lock.packages.is_empty() { Vec::new() } else { scopes }
    }
}

/// Whether a release is on offer for long enough.
pub(crate) fn is_ripe(seen: Timestamp, seen_before: Timestamp) -> bool {
    seen <= seen_before
}

/// Why an update is the player's to decide; free to go where there is no reason.
///
/// It never takes a package out, never goes back to an older version, never trusts a publisher who is new here, and
/// never touches a package whose files were changed by hand.
pub(crate) fn objections(
    items: &[Item],
    stranger: Option<&PackageId>,
    notices: &[(Reason, bool)],
    changed_by_hand: &[String],
) -> Vec<Reason> {
    let named = |which: &dyn Fn(&Item) -> bool, code: &str| {
        let mut names: Vec<String> =
            items.iter().filter(|item| which(item)).map(|item| item.package().id.to_string()).collect();
        let count = names.len();
        names.truncate(FEW);
        (count > 0).then(|| Reason::new(code).with("count", count).with("packages", names.join(", ")))
    };
    let is_older = |item: &Item| match (&item.before, &item.after) {
        (Some(before), Some(after)) => after.version < before.version,
        _ => false,
    };
    let mut reasons = Vec::new();
    reasons.extend(named(&|item| item.action == Action::Remove, "upkeep-removes"));
    reasons.extend(named(&is_older, "upkeep-older"));
    let is_told = notices.iter().any(|(reason, _)| reason.code == "new-publisher");
    if let (Some(package), false) = (stranger, is_told) {
        reasons.push(Reason::new("upkeep-stranger").with("package", package));
    }
    let matters = |notice: &&(Reason, bool)| notice.1 || notice.0.code == "new-publisher";
    reasons.extend(notices.iter().filter(matters).map(|(reason, _)| reason.clone()));
    if !changed_by_hand.is_empty() {
        let shown = changed_by_hand.iter().take(FEW).map(String::as_str).collect::<Vec<_>>().join(", ");
        let reason = Reason::new("changed-by-hand").with("count", changed_by_hand.len());
        reasons.push(reason.with("files", shown));
    }
    reasons
}

/// Whether an archive comes before its change is made: what nobody vouches for is known by its bytes only once they were
/// unpacked (decision 0027), so it comes with the change itself.
pub(crate) fn comes_ahead(item: &Item) -> bool {
    item.brings_bytes()
        && item.after.as_ref().is_some_and(|package| {
            package.enabled && package.vouched != Vouched::Awaited && !package.kind.is_collection()
        })
}

/// What was found for a profile, and what the machine does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Situation {
    /// Fetch or apply.
    pub policy: UpdatePolicy,
    pub is_free: bool,
    /// Bytes of archives that can come ahead and are not here.
    pub missing: u64,
    /// Whether archives come with the change itself.
    pub has_awaited: bool,
    /// Bytes that may still be kept.
    pub room: u64,
    /// A game runs, and nothing may be fetched meanwhile.
    pub is_playing: bool,
    /// The profile's own game runs, and the profile is in its folders.
    pub is_played: bool,
    /// A job or a lobby has the profile.
    pub is_busy: bool,
    pub is_offline: bool,
}

/// What is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Tell,
    Fetch,
    Ready,
    Apply,
    Wait(Wait),
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    Game,
    Job,
    Network,
    Room,
}

impl Wait {
    /// Code of the sentence for the player.
    pub fn code(self) -> &'static str {
        match self {
            Self::Game => "upkeep-game",
            Self::Job => "upkeep-busy",
            Self::Network => "upkeep-offline",
            Self::Room => "upkeep-room",
        }
    }
}

/// See the table above.
pub(crate) fn next(now: &Situation) -> Step {
    let applies = now.policy == UpdatePolicy::Apply;
    let fetches = now.missing > 0 || (applies && now.has_awaited);
    match () {
        () if !now.is_free => Step::Tell,
        () if fetches && now.is_offline => Step::Wait(Wait::Network),
        () if fetches && now.is_playing => Step::Wait(Wait::Game),
        () if now.missing > now.room => Step::Wait(Wait::Room),
        () if now.missing > 0 => Step::Fetch,
        () if !applies => Step::Ready,
        () if now.is_played => Step::Wait(Wait::Game),
        () if now.is_busy => Step::Wait(Wait::Job),
        () => Step::Apply,
    }
}

#[cfg(test)]
mod tests;
