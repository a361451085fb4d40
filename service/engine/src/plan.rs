//! The preview of a change: what happens to which package, what it costs, what to know first.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::{JobId, LockedPackage, PackageId, ProfileId, Vouched};
use muster_resolver::{Offer, PackageKey, Provider as _, Strength};
use muster_store::state::Profile;

use crate::{
    Action, ChangeRequest, Engine, EngineError, Item, Key, Reason,
    features::PlanFeatures,
    jobs::{JobRequest, submit},
    settle::{Settlement, settle},
};

/// Files or packages that a notice names.
const MAX_SHOWN: usize = 5;

/// One package of a preview.
#[derive(Clone, Debug)]
pub struct PlanItem {
    pub action: Action,
    pub key: Key,
    pub title: String,
    pub publisher: String,
    pub from: Option<muster_domain::Version>,
    pub to: Option<muster_domain::Version>,
    pub size: u64,
    pub here: u64,
    pub needed_by: Vec<String>,
    /// Those of `needed_by` that need it only for features of theirs which are on: package and feature, by their titles.
    pub for_features: Vec<(String, String)>,
    pub license: Option<String>,
    pub is_admitted: bool,
}

/// Packages of which any one would go well with what comes. Hints: the player has not asked for them.
#[derive(Clone, Debug)]
pub struct PlanOffer {
    pub strength: Strength,
    /// With their titles, the one that was meant first at the beginning.
    pub options: Vec<(Key, String)>,
    /// Titles of the packages that speak for them.
    pub wanted_by: Vec<String>,
}

/// A preview.
#[derive(Clone, Debug)]
pub struct PlanView {
    pub profile: ProfileId,
    /// What the player agrees to.
    pub digest: String,
    pub items: Vec<PlanItem>,
    /// Whether the profile remembers a choice that it did not; also where there is no item.
    pub remembers: bool,
    pub keeps: usize,
    pub download: u64,
    pub here: u64,
    pub unpacked: u64,
    /// With whether it stands in the way.
    pub notices: Vec<(Reason, bool)>,
    pub offers: Vec<PlanOffer>,
    /// Of what comes or moves, and of what the player chooses features of.
    pub features: Vec<PlanFeatures>,
}

impl Engine {
    /// What a change would do. Changes nothing.
    pub async fn plan(
        &self,
        profile: Option<ProfileId>,
        request: &ChangeRequest,
    ) -> Result<PlanView, EngineError> {
        let missing =
            EngineError::GameNotFound { game: "any".parse().map_err(|_| EngineError::Internal("name"))? };
        let profile = self.profile_or_current(profile).await?.ok_or(missing)?;
        self.plan_on(&profile, request).await
    }

    /// What a change would do to a profile like this one. Changes nothing.
    pub(crate) async fn plan_on(
        &self,
        profile: &Profile,
        request: &ChangeRequest,
    ) -> Result<PlanView, EngineError> {
        let mut settlement = settle(self, profile, request).await?;
        let left = self.left_as_they_are(profile, &settlement.items).await?;
        if !left.is_empty() {
            let shown: Vec<&str> = left.iter().take(MAX_SHOWN).map(String::as_str).collect();
            let notice = Reason::new("changed-by-hand").with("count", left.len());
            settlement.notices.push((notice.with("files", shown.join(", ")), false));
        }
        settlement.notices.extend(self.unvouched(&settlement.items).await.map(|notice| (notice, false)));
        let chosen = request.features.iter().map(|choose| choose.key.clone()).collect();
        self.view(profile.id, settlement, &chosen).await
    }

    /// What is to be known of archives that nobody vouches for.
    async fn unvouched(&self, items: &[Item]) -> Option<Reason> {
        let mut titles = Vec::new();
        let awaited = |package: &&LockedPackage| package.vouched == Vouched::Awaited;
        for package in items.iter().filter_map(|item| item.after.as_ref()).filter(awaited) {
            titles.push(self.title(&Key::of(package)).await);
        }
        let count = titles.len();
        titles.truncate(MAX_SHOWN);
        (count > 0)
            .then(|| Reason::new("first-seen").with("count", count).with("packages", titles.join(", ")))
    }

    /// Carries a change out, as a job.
    pub async fn change(
        &self,
        profile: Option<ProfileId>,
        request: ChangeRequest,
    ) -> Result<(ProfileId, JobId), EngineError> {
        if request.is_empty() {
            return Err(EngineError::NothingAsked);
        }
        let missing =
            EngineError::GameNotFound { game: "any".parse().map_err(|_| EngineError::Internal("name"))? };
        let profile = self.profile_or_current(profile).await?.ok_or(missing)?;
        let mut subjects = Vec::new();
        for key in request.subjects() {
            subjects.push(self.title(key).await);
        }
        let job = submit(self, Some(profile.id), JobRequest::Change { request: Box::new(request), subjects })
            .await?;
        Ok((profile.id, job))
    }

    async fn named_offers(&self, offers: Vec<Offer>) -> Vec<PlanOffer> {
        let mut shown = Vec::new();
        for Offer { strength, options, wanted_by } in offers {
            let mut offer = PlanOffer { strength, options: Vec::new(), wanted_by: Vec::new() };
            for PackageKey { source, id } in options {
                let key = Key { source, id };
                let title = self.title(&key).await;
                offer.options.push((key, title));
            }
            for PackageKey { source, id } in wanted_by {
                offer.wanted_by.push(self.title(&Key { source, id }).await);
            }
            shown.push(offer);
        }
        shown
    }

    async fn view(
        &self,
        profile: ProfileId,
        settlement: Settlement,
        chosen: &BTreeSet<Key>,
    ) -> Result<PlanView, EngineError> {
        let mut needed_by: BTreeMap<PackageId, Vec<String>> = BTreeMap::new();
        let gone = settlement.items.iter().filter_map(|item| item.before.as_ref());
        self.get_to_know(settlement.after.packages.iter().chain(gone)).await;
        for package in &settlement.after.packages {
            let title = self.title(&Key::of(package)).await;
            for needed in &package.needs {
                needed_by.entry(needed.clone()).or_default().push(title.clone());
            }
        }
        let saved = self.saved(&settlement.items, &settlement.book).await;
        let mut items = Vec::new();
        let (mut download, mut here_total, mut unpacked) = (0, 0, 0);
        for item in &settlement.items {
            let package = item.package();
            let releases = settlement.book.releases(&package.source, &package.id);
            let release = releases.iter().find(|release| release.version == package.version);
            let is_here = self.cache().contains(&package.archive.sha256) || self.has_tree(package);
            let size = if item.brings_bytes() { package.archive.size } else { 0 };
            let in_parts = saved.get(&package.archive.sha256).map_or(0, |saved| *saved.min(&size));
            let here = if is_here { size } else { in_parts };
            download += size - here;
            here_total += here;
            unpacked += release.filter(|_| item.brings_bytes()).map_or(0, |release| release.unpacked_size);
            let known = (&settlement.after, &settlement.book);
            let for_features = match settlement.for_features.get(&Key::of(package)) {
                Some(needed) => self.titles_of_features(needed, known).await,
                None => Vec::new(),
            };
            let asked_for = item.after.as_ref().is_none_or(|after| after.wished);
            let name = package.published();
            items.push(PlanItem {
                action: item.action,
                key: Key::of(package),
                title: self.title(&Key::of(package)).await,
                publisher: name.as_ref().map(|name| name.publisher.to_string()).unwrap_or_default(),
                from: item.before.as_ref().map(|before| before.version.clone()),
                to: item.after.as_ref().map(|after| after.version.clone()),
                size,
                here,
                needed_by: if asked_for {
                    Vec::new()
                } else {
                    needed_by.remove(&package.id).unwrap_or_default()
                },
                for_features: if asked_for { Vec::new() } else { for_features },
                license: release.and_then(|release| release.license.clone()),
                is_admitted: match name {
                    Some(name) => self.is_admitted(&package.source, &name.publisher).await,
                    None => false,
                },
            });
        }
        let keeps =
            settlement.after.packages.len() - settlement.items.iter().filter(|i| i.after.is_some()).count();
        Ok(PlanView {
            profile,
            digest: settlement.digest,
            items,
            remembers: settlement.remembers,
            keeps,
            download,
            here: here_total,
            unpacked,
            notices: settlement.notices,
            offers: self.named_offers(settlement.offers).await,
            features: self
                .plan_features((&settlement.items, &settlement.after), chosen, &settlement.book)
                .await,
        })
    }
}
