//! Profiles that players hand on, apply and follow: as a document at any static address, without an account.
//!
//! A document asks; it never decides. It is turned into a change like any other ([`request`], pure), whose preview the
//! player sees and agrees to, and every package comes from the player's own source of that name under the publisher's
//! key, whatever the document says about its bytes. Who follows goes on from the owners of the version that was agreed
//! to last ([`following`]).

mod following;
mod request;

use jiff::Timestamp;
use muster_catalog::DocumentAddress;
use muster_domain::{GameId, JobId, Platform, ProfileId, Sha256, Side, SourceId};
use muster_registry::{PublicKey, SharedProfile, SignedProfile};
use muster_store::state::Profile;

use crate::{
    Engine, EngineError, PlanView,
    jobs::{JobRequest, submit},
};

pub(crate) use following::Followed;
pub use following::FollowedView;
pub use request::Others;
pub(crate) use request::request;

/// Longest document that is fetched, in bytes.
const MAX_DOCUMENT: u64 = 8 * 1024 * 1024;

/// What a profile says to others.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Without owners, version and note: those are its author's, who signs it.
    pub profile: SharedProfile,
    /// Packages that others cannot get: they lie on this machine only.
    pub left_out: Vec<String>,
}

/// Where a shared profile is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SharedAt {
    /// At an address or in a file.
    Address(String),
    /// Here is its text.
    Text(String),
    /// Where the profile follows it.
    Followed,
}

/// What to look at, for which profile.
#[derive(Clone, Debug)]
pub struct SharedRequest {
    pub at: SharedAt,
    pub profile: ProfileId,
    pub others: Others,
}

/// A source that a shared profile needs.
#[derive(Clone, Debug)]
pub struct NeededSource {
    pub id: SourceId,
    /// Where its writer has it from; shown, never fetched by itself.
    pub address: Option<String>,
    pub is_here: bool,
}

/// What a shared profile would do to one of the player's. Nothing was changed.
#[derive(Clone, Debug)]
pub struct SharedView {
    pub name: String,
    pub game: GameId,
    pub version: u64,
    pub written: Timestamp,
    pub note: String,
    /// What its writer's profile is for, where that is said. The player's own stays what it is.
    pub side: Option<Side>,
    /// What its writer chose that the game runs on.
    pub platform: Option<Platform>,
    /// Packages that stay out because the player's profile is for the other side.
    pub other_side: usize,
    /// With whether each signed it.
    pub owners: Vec<(PublicKey, bool)>,
    pub packages: usize,
    pub sources: Vec<NeededSource>,
    /// Names the very text that was looked at.
    pub digest: Sha256,
    /// None where the profile is so already.
    pub plan: Option<PlanView>,
}

impl Engine {
    /// What a profile says to others: its packages and their order; no paths, no settings, no files.
    pub async fn share_profile(&self, id: ProfileId) -> Result<Shared, EngineError> {
        let profile = self.profile(id).await?;
        let (packages, sources, local) = request::shared(&profile.lock);
        let mut left_out = Vec::new();
        for key in &local {
            left_out.push(self.title(key).await);
        }
        let profile = SharedProfile {
            name: profile.name,
            game: profile.game,
            version: 1,
            written: Timestamp::now(),
            note: String::new(),
            side: Some(profile.lock.side),
            platform: profile.lock.platform,
            owners: Vec::new(),
            sources,
            packages,
        };
        Ok(Shared { profile, left_out })
    }

    /// What applying a shared profile would do. Changes nothing.
    pub async fn inspect_shared(&self, request: &SharedRequest) -> Result<SharedView, EngineError> {
        let profile = self.profile(request.profile).await?;
        let (found, _) = self.read_shared(request, &profile).await?;
        let change = request::request(&found.profile, &profile.lock, request.others);
        let sources = self.needed_sources(&found.profile).await?;
        let can_be_planned =
            found.profile.game == profile.game && sources.iter().all(|source| source.is_here);
        let plan = match change.is_empty() || !can_be_planned {
            true => None,
            false => Some(self.plan(Some(profile.id), &change).await?),
        };
        let other_side = request::for_the_other_side(&found.profile, &profile.lock);
        let SignedProfile { profile, signers, digest } = found;
        let owners = profile.owners.iter().map(|owner| (*owner, signers.contains(owner))).collect();
        let SharedProfile { name, game, version, written, note, side, platform, packages, .. } = profile;
        Ok(SharedView {
            packages: packages.len(),
            name,
            game,
            version,
            written,
            note,
            side,
            platform,
            other_side,
            owners,
            sources,
            digest,
            plan,
        })
    }

    /// Makes a profile what a shared one says, as it was looked at: another text or another outcome is refused. Where
    /// `follow` is set, its next versions are looked for at the same address. Gives the job, and what puts it back;
    /// no job where nothing has to be done.
    pub async fn apply_shared(
        &self,
        request: SharedRequest,
        (digest, agreed): (Sha256, Option<String>),
        follow: bool,
    ) -> Result<(Option<JobId>, Option<String>), EngineError> {
        let profile = self.profile(request.profile).await?;
        let (found, address) = self.read_shared(&request, &profile).await?;
        if found.digest != digest {
            return Err(EngineError::PlanChanged);
        }
        self.check_applies(&found.profile, &profile).await?;
        if follow {
            found.check_owned()?;
        }
        let mut change = request::request(&found.profile, &profile.lock, request.others);
        let (job, undo) = match change.is_empty() {
            true => (None, None),
            false => {
                change.agreed = Some(agreed.ok_or(EngineError::NothingAsked)?);
                let undo = self.undo_token(Some(profile.id)).await?;
                let subjects = vec![found.profile.name.clone()];
                let job = JobRequest::Change { request: Box::new(change), subjects };
                (Some(submit(self, Some(profile.id), job).await?), undo)
            }
        };
        let follows = self
            .followed(profile.id)
            .await?
            .is_some_and(|followed| Some(&followed.address) == address.as_ref());
        if let (true, Some(address)) = (follow || follows, address) {
            self.follow(profile.id, Followed::new(address, &found, request.others)).await?;
        }
        Ok((job, undo))
    }

    /// Reads what is meant, and checks it against what is followed there. With the address, where it has one.
    pub(crate) async fn read_shared(
        &self,
        request: &SharedRequest,
        profile: &Profile,
    ) -> Result<(SignedProfile, Option<String>), EngineError> {
        let followed = self.followed(profile.id).await?;
        let address = match &request.at {
            SharedAt::Text(text) => return Ok((SharedProfile::read(text.as_bytes(), &[])?, None)),
            SharedAt::Address(address) => address.clone(),
            SharedAt::Followed => {
                let none = || EngineError::NotFollowing { profile: profile.name.clone() };
                followed.as_ref().map(|followed| followed.address.clone()).ok_or_else(none)?
            }
        };
        let trusted =
            followed.filter(|followed| followed.address == address).map(|followed| followed.trusted);
        let known = trusted.as_ref().map(|trusted| trusted.owners.as_slice()).unwrap_or_default();
        let found = SharedProfile::read(&self.document(&address).await?, known)?;
        if let Some(trusted) = &trusted {
            found.check_follows(trusted)?;
        }
        Ok((found, Some(address)))
    }

    async fn document(&self, address: &str) -> Result<Vec<u8>, EngineError> {
        let at = DocumentAddress::parse(address)?;
        if self.settings().offline && !at.is_local() {
            return Err(EngineError::Offline);
        }
        let fetched = at.fetch(MAX_DOCUMENT).await;
        fetched.map_err(|error| EngineError::SharedUnreachable { address: address.to_owned(), error })
    }

    pub(crate) async fn needed_sources(
        &self,
        profile: &SharedProfile,
    ) -> Result<Vec<NeededSource>, EngineError> {
        let here: Vec<SourceId> = self.sources().await?.into_iter().map(|source| source.id).collect();
        let needed = profile.sources.iter().cloned();
        Ok(needed
            .map(|source| NeededSource {
                is_here: here.contains(&source.id),
                address: source.address.map(|address| muster_domain::clean_line(&address, 300)),
                id: source.id,
            })
            .collect())
    }

    pub(crate) async fn check_applies(
        &self,
        shared: &SharedProfile,
        profile: &Profile,
    ) -> Result<(), EngineError> {
        if shared.game != profile.game {
            return Err(EngineError::OtherGame { game: shared.game.clone() });
        }
        self.check_sources(shared).await
    }

    /// Whether every source is here that a shared profile needs.
    pub(crate) async fn check_sources(&self, shared: &SharedProfile) -> Result<(), EngineError> {
        let needed = self.needed_sources(shared).await?;
        let missing: Vec<String> = needed
            .into_iter()
            .filter(|source| !source.is_here)
            .map(|source| source.address.unwrap_or_else(|| source.id.to_string()))
            .collect();
        match missing.is_empty() {
            true => Ok(()),
            false => Err(EngineError::MissingSources { sources: missing.join(", ") }),
        }
    }
}
