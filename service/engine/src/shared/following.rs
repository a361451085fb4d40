//! Which profiles follow which of others, and whether there is something new.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_domain::{Coded as _, ProfileId};
use muster_registry::{SharedProfile, SignedProfile, Trusted};
use serde::{Deserialize, Serialize};

use super::Others;
use crate::{Engine, EngineError, Key, Problem, Signal};

/// Key in the settings table.
const KEY: &str = "followed-profiles";

/// A profile of others that one of the player's follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Followed {
    pub address: String,
    pub name: String,
    pub trusted: Trusted,
    /// Whether packages that it does not have stay.
    #[serde(default)]
    pub keeps_others: bool,
    /// When it was looked at last.
    #[serde(default)]
    pub checked: Option<Timestamp>,
    /// The newest version that was seen.
    #[serde(default)]
    pub seen: u64,
    /// When it was seen first.
    #[serde(default)]
    pub seen_at: Option<Timestamp>,
    /// What the version has that was agreed to last: which versions of it come is for its owners to say.
    #[serde(default)]
    pub packages: Vec<Key>,
}

impl Followed {
    pub fn new(address: String, found: &SignedProfile, others: Others) -> Self {
        let (trusted, name) = (found.trusted(), found.profile.name.clone());
        let packages = found.profile.packages.iter();
        let now = Some(Timestamp::now());
        Self {
            address,
            name,
            seen: trusted.version,
            seen_at: now,
            trusted,
            keeps_others: others == Others::Stay,
            checked: now,
            packages: packages.map(|one| Key { source: one.source.clone(), id: one.id.clone() }).collect(),
        }
    }

    pub fn others(&self) -> Others {
        if self.keeps_others { Others::Stay } else { Others::Go }
    }

    fn saw(&mut self, version: u64, at: Timestamp) {
        if self.seen != version || self.seen_at.is_none() {
            self.seen_at = Some(at);
        }
        (self.seen, self.checked) = (version, Some(at));
    }
}

/// A followed profile, as the player sees it.
#[derive(Clone, Debug)]
pub struct FollowedView {
    pub profile: ProfileId,
    /// The name of the player's own profile.
    pub own_name: String,
    pub address: String,
    /// The name that its owners gave it.
    pub name: String,
    /// The version that the player agreed to last.
    pub version: u64,
    /// The newest that was seen.
    pub seen: u64,
    pub keeps_others: bool,
    pub checked: Option<Timestamp>,
    /// Why it could not be looked at, the last time.
    pub problem: Option<Problem>,
}

impl Engine {
    async fn all_followed(&self) -> Result<BTreeMap<ProfileId, Followed>, EngineError> {
        let stored = self.state().settings().get(KEY).await?;
        let unreadable = |_| EngineError::Internal("followed profiles cannot be read");
        stored
            .map(|value| serde_json::from_value(value).map_err(unreadable))
            .transpose()
            .map(Option::unwrap_or_default)
    }

    /// What a profile follows.
    pub(crate) async fn followed(&self, profile: ProfileId) -> Result<Option<Followed>, EngineError> {
        Ok(self.all_followed().await?.remove(&profile))
    }

    /// Changes what is written down of what a profile follows; `None` is that it follows nothing.
    async fn change_followed(
        &self,
        profile: ProfileId,
        change: impl FnOnce(&mut Option<Followed>),
    ) -> Result<(), EngineError> {
        let _turn = self.inner.following.lock().await;
        let mut all = self.all_followed().await?;
        let mut followed = all.remove(&profile);
        change(&mut followed);
        all.extend(followed.map(|followed| (profile, followed)));
        let value =
            serde_json::to_value(all).map_err(|_| EngineError::Internal("followed profiles are not JSON"))?;
        self.state().settings().set(KEY, value, Timestamp::now()).await?;
        self.signal(Signal::ProfileChanged(profile));
        Ok(())
    }

    pub(crate) async fn follow(&self, profile: ProfileId, followed: Followed) -> Result<(), EngineError> {
        self.change_followed(profile, |before| *before = Some(followed)).await
    }

    /// Writes down that a version was seen, unless what is followed changed meanwhile.
    pub(crate) async fn note_seen(
        &self,
        profile: ProfileId,
        looked_at: &Followed,
        version: u64,
    ) -> Result<(), EngineError> {
        let mut seen = looked_at.clone();
        seen.saw(version, Timestamp::now());
        // The player may have agreed to a newer one, or stopped following, while it was fetched.
        let note = |now: &mut Option<Followed>| {
            if now.as_ref() == Some(looked_at) {
                *now = Some(seen);
            }
        };
        self.change_followed(profile, note).await
    }

    /// Stops following; the profile stays as it is.
    pub async fn unfollow(&self, profile: ProfileId) -> Result<(), EngineError> {
        let name = self.profile(profile).await?.name;
        match self.followed(profile).await? {
            Some(_) => self.change_followed(profile, |followed| *followed = None).await,
            None => Err(EngineError::NotFollowing { profile: name }),
        }
    }

    /// Every profile that follows one of others; `look` asks each address for news first.
    pub async fn followed_profiles(&self, look: bool) -> Result<Vec<FollowedView>, EngineError> {
        if look {
            self.keep_up_soon();
        }
        let mut views = Vec::new();
        for (id, mut followed) in self.all_followed().await? {
            // One that was removed may come back; until then it is not shown.
            let Ok(profile) = self.profile(id).await else { continue };
            let mut problem = None;
            if look {
                match self.news(&followed).await {
                    Ok(found) => {
                        self.note_seen(id, &followed, found.profile.version).await?;
                        followed.saw(found.profile.version, Timestamp::now());
                    }
                    Err(error) => problem = Some(Problem::of(&error)),
                }
            }
            views.push(FollowedView {
                profile: id,
                own_name: profile.name,
                address: followed.address,
                name: followed.name,
                version: followed.trusted.version,
                seen: followed.seen,
                keeps_others: followed.keeps_others,
                checked: followed.checked,
                problem,
            });
        }
        Ok(views)
    }

    /// The document as it is now, if it may take the place of the one that was agreed to.
    async fn news(&self, followed: &Followed) -> Result<SignedProfile, EngineError> {
        let bytes = self.document(&followed.address).await?;
        let found = SharedProfile::read(&bytes, &followed.trusted.owners)?;
        found.check_follows(&followed.trusted)?;
        Ok(found)
    }

    /// Looks for news of everything that is followed. Nothing is applied here: the player sees the difference first, or
    /// chose how far it goes by itself (`upkeep`).
    pub(crate) async fn look_for_news(&self) {
        match self.followed_profiles(true).await {
            Ok(views) => {
                let unread = views.iter().filter_map(|view| Some((view, view.problem.as_ref()?)));
                for (view, problem) in unread {
                    let code = &problem.reason.code;
                    tracing::info!(profile = view.name, code, "a followed profile could not be read");
                }
            }
            Err(error) => tracing::warn!(code = error.code(), "followed profiles could not be looked at"),
        }
    }
}
