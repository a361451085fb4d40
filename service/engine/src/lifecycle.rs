//! Profiles that are cloned, taken away and brought back.

use jiff::{SignedDuration, Timestamp};
use muster_domain::{GameId, JobId, ProfileId};
use muster_store::state::{NewProfile as StoredNew, Profile};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Engine, EngineError, Signal,
    jobs::{JobRequest, submit},
};

/// How long a removed profile can come back.
pub(crate) const REMOVED_KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Longest name of a profile, in characters.
const MAX_NAME: usize = 60;

/// A profile that was removed and can come back.
#[derive(Clone, Debug)]
pub struct RemovedView {
    pub id: ProfileId,
    pub name: String,
    pub game: GameId,
    pub packages: usize,
    pub removed: Timestamp,
    /// When it is forgotten for good.
    pub forgotten: Timestamp,
}

/// A name that people can see and tell from others.
pub(crate) fn readable_name(name: &str) -> Result<String, EngineError> {
    let name = muster_domain::clean_line(name, MAX_NAME);
    match name.is_empty() {
        true => Err(EngineError::InvalidSetting { name: "name" }),
        false => Ok(name),
    }
}

/// A name that is taken is the player's to choose again; everything else is what it is.
pub(crate) fn name_taken(error: muster_store::Error, name: &str) -> EngineError {
    match error {
        muster_store::Error::Conflict { .. } => EngineError::ProfileExists { name: name.to_owned() },
        other => other.into(),
    }
}

impl Engine {
    /// Makes a profile with the packages and the changed configuration files of another one, at the same place.
    pub async fn clone_profile(&self, id: ProfileId, name: &str) -> Result<ProfileId, EngineError> {
        let original = self.profile(id).await?;
        let name = readable_name(name)?;
        let copy = ProfileId(Uuid::now_v7());
        let params = json!({ "profile": original.name });
        let new = StoredNew {
            id: copy,
            name: name.clone(),
            game: original.game,
            place: original.place,
            installation: original.installation,
        };
        let created = self.state().profiles().create_clone(id, new, params, Timestamp::now()).await;
        created.map_err(|error| name_taken(error, &name))?;
        self.declare_leases().await?;
        self.signal(Signal::Profiles);
        Ok(copy)
    }

    /// Takes a profile away, its files out of the game's folders first. Gives the job, and what brings it back.
    pub async fn remove_profile(&self, id: ProfileId) -> Result<(JobId, String), EngineError> {
        self.profile(id).await?;
        let job = submit(self, Some(id), JobRequest::Remove).await?;
        Ok((job, format!("restore.{id}")))
    }

    /// Profiles that can come back, the last removed one first.
    pub async fn removed_profiles(&self) -> Result<Vec<RemovedView>, EngineError> {
        let removed = self.state().profiles().removed().await?;
        Ok(removed
            .into_iter()
            .map(|removed| RemovedView {
                id: removed.profile.id,
                name: removed.name,
                game: removed.profile.game,
                packages: removed.profile.lock.packages.len(),
                removed: removed.removed_at,
                forgotten: removed.removed_at.saturating_add(REMOVED_KEPT).unwrap_or(Timestamp::MAX),
            })
            .collect())
    }

    /// Brings a removed profile back. Where no other took its place, it is placed again: then there is a job.
    pub async fn restore_profile(
        &self,
        id: ProfileId,
        name: Option<String>,
    ) -> Result<Option<JobId>, EngineError> {
        let removed = self.state().profiles().removed().await?;
        let removed = removed.into_iter().find(|removed| removed.profile.id == id);
        let removed = removed.ok_or(EngineError::UnknownProfile(id))?;
        let name = name.map_or(Ok(removed.name), |name| readable_name(&name))?;
        let restored = self.state().profiles().restore(id, Some(name.clone())).await;
        restored.map_err(|error| name_taken(error, &name))?;
        self.signal(Signal::Profiles);
        match self.active_at(&removed.profile.place).await? {
            Some(_) => Ok(None),
            None => submit(self, Some(id), JobRequest::Activate).await.map(Some),
        }
    }

    /// The profile whose files are at a place.
    pub(crate) async fn active_at(&self, place: &str) -> Result<Option<Profile>, EngineError> {
        let profiles = self.state().profiles().all().await?;
        Ok(profiles.into_iter().find(|profile| profile.active && profile.place == place))
    }

    /// Forgets profiles that were removed long ago.
    pub(crate) async fn forget_removed(&self, now: Timestamp) -> Result<(), EngineError> {
        let before = now.saturating_sub(REMOVED_KEPT).unwrap_or(Timestamp::MIN);
        let gone = self.state().profiles().forget_removed(before).await?;
        if gone > 0 {
            tracing::info!(profiles = gone, "forgot profiles that were removed long ago");
        }
        Ok(())
    }
}
