//! Collections: packages that are lists of others, from one source or several. Applied, updated and left as one change like
//! any other, shown first.
//!
//! What a collection lists are needs of its package (as its publisher signed them), so that the resolver brings, moves and
//! takes them; here is what makes such needs soft ([`Engine::soften`], decision 0039). Nothing is written down beside the
//! profile's own history: a collection is applied where its package is in the lock, which says what the player left out of
//! it (decision 0052), and the states since it came say what was taken out. So undo and copies need no care of their own.

mod plan;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use muster_domain::{LeftOut, Lock, LockedPackage, ProfileId, Release, SourceId, Version, VersionRange};
use muster_store::state::Profile;

pub use plan::MemberState;

use crate::{ChangeRequest, Engine, EngineError, Key, PlanView, Wish, facts::FactBook};
pub(crate) use plan::still_left_out;
use plan::{Member, Situation, change, decide, is_waived, left_out};

/// What shall become of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CollectionAim {
    /// The profile has this version of it; the newest where none is named.
    Have(Option<VersionRange>),
    /// It goes, with what only it brought.
    Leave,
    /// It goes, and what it brought stays.
    LeaveAlone,
}

/// What to look at, in which profile.
#[derive(Clone, Debug)]
pub struct CollectionRequest {
    pub profile: ProfileId,
    pub key: Key,
    pub aim: CollectionAim,
    /// What the player chose of what is left to choice, and what the player does not want.
    pub with: BTreeSet<Key>,
    pub without: BTreeSet<Key>,
}

/// A package of a collection, as it is shown.
#[derive(Clone, Debug)]
pub struct MemberView {
    pub key: Key,
    pub title: String,
    pub range: VersionRange,
    pub is_optional: bool,
    /// In the profile.
    pub version: Option<Version>,
    pub state: MemberState,
    /// Whether its source is one of the player's.
    pub has_source: bool,
}

/// What would become of a collection in a profile. Nothing was changed.
#[derive(Clone, Debug)]
pub struct CollectionOffer {
    pub key: Key,
    pub title: String,
    /// The version that the profile has.
    pub from: Option<Version>,
    /// The version that it would have.
    pub to: Option<Version>,
    pub members: Vec<MemberView>,
    /// What brings it about; asks for nothing where the profile is so already.
    pub change: ChangeRequest,
    /// Absent where nothing is to be done.
    pub plan: Option<PlanView>,
}

/// A collection that a profile has.
#[derive(Clone, Debug)]
pub struct CollectionView {
    pub key: Key,
    pub title: String,
    pub version: Version,
    /// The newest, where it is newer.
    pub update: Option<Version>,
    /// How many of its packages are in each state; absent where its list cannot be read now.
    pub members: Option<BTreeMap<MemberState, usize>>,
}

impl Engine {
    /// The collections of a profile.
    pub async fn collections(&self, id: ProfileId) -> Result<Vec<CollectionView>, EngineError> {
        let profile = self.profile(id).await?;
        let mut views = Vec::new();
        for package in collections_of(&profile.lock) {
            let key = Key::of(package);
            let members = match self.members(&key, Some(&package.version)).await {
                Ok((_, members)) => {
                    let decided =
                        self.decided(&profile, (Some(&members), Some(&members)), &key, None).await?.0;
                    let mut counts = BTreeMap::new();
                    decided.iter().for_each(|(_, state)| *counts.entry(*state).or_default() += 1);
                    Some(counts)
                }
                Err(error) => {
                    tracing::info!(collection = %key.id, %error, "a collection's list cannot be read");
                    None
                }
            };
            views.push(CollectionView {
                title: self.title(&key).await,
                version: package.version.clone(),
                update: self.update_of(&profile, package).await,
                members,
                key,
            });
        }
        Ok(views)
    }

    /// What would become of a collection, with the change that brings it about. Changes nothing.
    pub async fn inspect_collection(
        &self,
        request: &CollectionRequest,
    ) -> Result<CollectionOffer, EngineError> {
        let profile = self.profile(request.profile).await?;
        let key = &request.key;
        let here = profile.lock.get(&key.source, &key.id);
        let before = match here {
            Some(package) => Some(self.members(key, Some(&package.version)).await?.1),
            None => None,
        };
        let (to, after) = match &request.aim {
            CollectionAim::Have(range) => {
                let version = match range {
                    Some(range) => Some(self.newest_in(key, range).await?),
                    None => None,
                };
                let (version, members) = self.members(key, version.as_ref()).await?;
                (Some(version), Some(members))
            }
            CollectionAim::Leave | CollectionAim::LeaveAlone if here.is_none() => {
                return Err(EngineError::NotInstalled { id: key.id.clone() });
            }
            CollectionAim::Leave => (None, None),
            CollectionAim::LeaveAlone => (None, before.clone()),
        };
        let versions = (before.as_deref(), after.as_deref());
        let (decided, mut wanted) = self.decided(&profile, versions, key, Some(request)).await?;
        let comes = decided.iter().any(|(_, state)| *state == MemberState::Comes);
        let leaves_out = wanted.without.iter().any(|out| {
            profile.lock.get(&out.source, &out.id).is_none()
                && !profile.lock.left_out_of(&key.source, &key.id).any(|of| of == (&out.source, &out.id))
        });
        match &to {
            None => {
                if request.aim == CollectionAim::LeaveAlone {
                    wanted.install = stay(&profile.lock, &decided);
                }
                wanted.remove.push(key.clone());
            }
            // Asked for again where something of it comes (what nobody had may be there now), and to remember what is not
            // wanted of it.
            Some(version) if comes || leaves_out || here.is_none_or(|here| here.version != *version) => {
                let range = VersionRange::only(version).unwrap_or_default();
                wanted.install.insert(0, Wish { key: key.clone(), range, sha256: None });
            }
            // What is not wanted goes like everything that is taken out.
            Some(_) => {
                wanted.remove = std::mem::take(&mut wanted.without);
                wanted.remove.retain(|key| profile.lock.get(&key.source, &key.id).is_some());
            }
        }
        let plan = match wanted.is_empty() {
            true => None,
            false => Some(self.plan(Some(profile.id), &wanted).await?),
        };
        Ok(CollectionOffer {
            title: self.title(key).await,
            from: here.map(|here| here.version.clone()),
            members: self.member_views(&profile.lock, decided).await?,
            key: key.clone(),
            change: wanted,
            to,
            plan,
        })
    }

    /// What becomes of the packages of two versions of a collection, and the change for that.
    async fn decided(
        &self,
        profile: &Profile,
        (before, after): (Option<&[Member]>, Option<&[Member]>),
        key: &Key,
        request: Option<&CollectionRequest>,
    ) -> Result<(Vec<(Member, MemberState)>, ChangeRequest), EngineError> {
        let seen = self.seen_since(profile, key).await?;
        let left_out = profile.lock.left_out_of(&key.source, &key.id);
        let left_out: BTreeSet<Key> =
            left_out.map(|(source, id)| Key { source: source.clone(), id: id.clone() }).collect();
        let (had, elsewhere) = self.had(profile, after.unwrap_or_default()).await;
        let none = BTreeSet::new();
        let (with, without) = request.map_or((&none, &none), |request| (&request.with, &request.without));
        let (seen, left_out, had, elsewhere, lock) = (&seen, &left_out, &had, &elsewhere, &profile.lock);
        let it = Situation { lock, seen, left_out, had, elsewhere, before, after, with, without };
        let decided = decide(&it);
        let wanted = change(&it, &decided);
        Ok((decided, wanted))
    }

    /// Everything that was in a profile since a collection came.
    async fn seen_since(&self, profile: &Profile, key: &Key) -> Result<BTreeSet<Key>, EngineError> {
        let mut seen = BTreeSet::new();
        if profile.lock.get(&key.source, &key.id).is_none() {
            return Ok(seen);
        }
        let profiles = self.state().profiles();
        for generation in profiles.generations(profile.id).await? {
            let lock = profiles.generation_lock(profile.id, generation.number).await?.unwrap_or_default();
            if lock.get(&key.source, &key.id).is_none() {
                break;
            }
            seen.extend(lock.packages.iter().map(Key::of));
        }
        Ok(seen)
    }

    /// Which of these some source has in a version that is wanted: for this profile, and for the other side only.
    async fn had(&self, profile: &Profile, members: &[Member]) -> (BTreeSet<Key>, BTreeSet<Key>) {
        let (mut had, mut elsewhere) = (BTreeSet::new(), BTreeSet::new());
        for Member { key, range, .. } in members {
            // A list that leaves versions out says them when it is asked for one package.
            let _ = self.catalog().look_closer(&key.source, &key.id, Timestamp::now()).await;
            let Ok(detail) = self.catalog().package(&key.source, &key.id).await else { continue };
            let fits = |release: &Release| release.yanked.is_none() && range.matches(&release.version);
            let is_of_use = |release: &Release| release.side.is_needed_on(profile.lock.side);
            let mut fitting = detail.releases.iter().filter(|release| fits(release)).peekable();
            if fitting.peek().is_some() {
                let list = if fitting.any(is_of_use) { &mut had } else { &mut elsewhere };
                list.insert(key.clone());
            }
        }
        (had, elsewhere)
    }

    /// Takes from the collections of a book what nobody has, and what the player does not want: they are applied without.
    /// Gives what the request says is not wanted of them, to be remembered.
    pub(crate) async fn soften(
        &self,
        profile: &Profile,
        request: &ChangeRequest,
        book: &mut FactBook,
    ) -> Result<Vec<LeftOut>, EngineError> {
        let mut out = Vec::new();
        for list in book.collections() {
            let seen = self.seen_since(profile, &list).await?;
            let waived = |key: &Key, range: &VersionRange| {
                is_waived((&list, key, range), (&profile.lock, request), &seen)
            };
            out.extend(left_out(&list, &book.needs(&list), request));
            book.soften(&list, &waived);
        }
        Ok(out)
    }

    /// Refuses a package whose bytes are not those that a collection names.
    pub(crate) async fn check_listed_bytes(&self, before: &Lock, after: &Lock) -> Result<(), EngineError> {
        let is_new = |package: &&LockedPackage| {
            let old = before.get(&package.source, &package.id);
            old.is_none_or(|old| old.archive.sha256 != package.archive.sha256)
        };
        for collection in collections_of(after).filter(is_new) {
            let (_, members) = self.members(&Key::of(collection), Some(&collection.version)).await?;
            for member in members {
                let package = after.get(&member.key.source, &member.key.id);
                if package.is_some_and(|package| !package.wished && !member.has_bytes_of(package)) {
                    let what = "SHA-256".to_owned();
                    return Err(EngineError::ReleaseDiffers { id: member.key.id, what });
                }
            }
        }
        Ok(())
    }

    async fn member_views(
        &self,
        lock: &Lock,
        decided: Vec<(Member, MemberState)>,
    ) -> Result<Vec<MemberView>, EngineError> {
        let here: BTreeSet<SourceId> =
            self.state().sources().all().await?.into_iter().map(|source| source.id).collect();
        let mut views = Vec::with_capacity(decided.len());
        for (Member { key, range, is_optional, .. }, state) in decided {
            views.push(MemberView {
                title: self.title(&key).await,
                version: lock.get(&key.source, &key.id).map(|package| package.version.clone()),
                has_source: here.contains(&key.source),
                key,
                range,
                is_optional,
                state,
            });
        }
        Ok(views)
    }
}

/// Wishes for what is there of a collection, as it is.
fn stay(lock: &Lock, decided: &[(Member, MemberState)]) -> Vec<Wish> {
    let here = decided.iter().filter_map(|(member, _)| lock.get(&member.key.source, &member.key.id));
    let here = here.filter(|package| !package.wished);
    here.map(|package| {
        let range = VersionRange::only(&package.version).unwrap_or_default();
        Wish { key: Key::of(package), range, sha256: Some(package.archive.sha256) }
    })
    .collect()
}

/// The collections of a lock.
fn collections_of(lock: &Lock) -> impl Iterator<Item = &LockedPackage> {
    lock.packages.iter().filter(|package| package.kind.is_collection())
}
