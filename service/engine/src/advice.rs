//! What sources advise against, and what follows from it.
//!
//! Refused before it is installed, offered to nobody, flagged where it is installed. Nothing is switched off, deleted
//! or put back by itself: what is in a profile is the player's to decide about. Quarantine is a change like any other,
//! one state of the timeline, and an undo of it is the player's word against the source's.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use muster_catalog::{Advice, AdviceBook, Asked};
use muster_domain::{JobId, Lock, LockedPackage, ProfileId, Release, Sha256, SourceId, Version};
use muster_resolver::PackageKey;
use muster_store::state::{NewSeed, Profile};

use crate::{Engine, EngineError, Item, Key, Reason, Signal, change::difference, facts::FactBook};

/// A source's statement about a version, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdviceView {
    /// Name inside the source.
    pub id: String,
    /// `broken`, `vulnerable` or `malware`.
    pub severity: &'static str,
    pub text: String,
    pub source: SourceId,
    pub source_name: String,
    pub published: Timestamp,
    /// The first version without the fault, where there is one.
    pub fixed_in: Option<String>,
    /// Address of a page that says more.
    pub more: Option<String>,
}

/// An installed package that somebody advises against.
#[derive(Clone, Debug)]
pub struct AuditFinding {
    pub profile: ProfileId,
    pub profile_name: String,
    pub key: Key,
    pub title: String,
    pub version: Version,
    /// Switched on in its profile.
    pub is_enabled: bool,
    /// Switched on, and the profile's files are in the game's folders.
    pub is_placed: bool,
    /// The worst first.
    pub advice: Vec<AdviceView>,
}

/// What an audit found.
#[derive(Clone, Debug)]
pub struct AuditView {
    /// Packages that were looked at.
    pub packages: usize,
    pub findings: Vec<AuditFinding>,
    /// When the source that was refreshed the longest ago said something; absent where one never did.
    pub checked: Option<Timestamp>,
}

fn locked(package: &LockedPackage) -> Asked<'_> {
    Asked {
        source: &package.source,
        id: &package.id,
        version: &package.version,
        sha256: &package.archive.sha256,
    }
}

fn released(release: &Release) -> Asked<'_> {
    Asked {
        source: &release.source,
        id: &release.id,
        version: &release.version,
        sha256: &release.archive.sha256,
    }
}

impl Engine {
    fn is_advised_against(&self, asked: Asked<'_>) -> bool {
        !self.catalog().advice().about(asked).is_empty()
    }

    /// Whether somebody advises against an archive that is kept.
    pub(crate) fn is_kept_despite_advice(&self, archive: &NewSeed) -> bool {
        self.is_advised_against(Asked {
            source: &archive.source,
            id: &archive.package,
            version: &archive.version,
            sha256: &archive.sha256,
        })
    }

    /// Whether somebody advises against a package of a profile.
    pub(crate) fn is_locked_despite_advice(&self, package: &LockedPackage) -> bool {
        self.is_advised_against(locked(package))
    }

    /// Whether somebody advises against a release.
    pub(crate) fn is_released_despite_advice(&self, release: &Release) -> bool {
        self.is_advised_against(released(release))
    }

    async fn views(&self, asked: Asked<'_>) -> Vec<AdviceView> {
        let book = self.catalog().advice();
        let mut views = Vec::new();
        for Advice { source, advisory } in book.about(asked) {
            views.push(AdviceView {
                id: advisory.id.clone(),
                severity: advisory.severity.as_str(),
                text: advisory.text.clone(),
                source: source.clone(),
                source_name: self.source_name(source).await,
                published: advisory.published,
                fixed_in: advisory.fixed_in.as_ref().map(Version::label),
                more: advisory.more.clone(),
            });
        }
        views
    }

    /// What is said about a release, the worst first.
    pub(crate) async fn advice_about(&self, release: &Release) -> Vec<AdviceView> {
        self.views(released(release)).await
    }

    /// What is said about a package of a profile, the worst first.
    pub(crate) async fn advice_about_locked(&self, package: &LockedPackage) -> Vec<AdviceView> {
        self.views(locked(package)).await
    }

    /// What is wrong with a package that is switched on and advised against.
    pub(crate) async fn advice_problem(&self, package: &LockedPackage) -> Option<Reason> {
        if !package.enabled {
            return None;
        }
        let worst = self.advice_about_locked(package).await.into_iter().next()?;
        let reason = Reason::new("advised-against").with("severity", worst.severity);
        Some(reason.with("text", worst.text).with("source", worst.source_name))
    }

    /// Every release of the book that must not be chosen, with the sentence why.
    pub(crate) async fn denied(&self, book: &FactBook) -> BTreeMap<PackageKey, Vec<(Version, String)>> {
        let mut denied: BTreeMap<PackageKey, Vec<(Version, String)>> = BTreeMap::new();
        if self.catalog().advice().is_empty() {
            return denied;
        }
        for fact in book.all() {
            let release = &fact.release;
            if let Some(worst) = self.advice_about(release).await.into_iter().next() {
                let key = PackageKey { source: release.source.clone(), id: release.id.clone() };
                let why = format!("{} ({})", worst.text, worst.source_name);
                denied.entry(key).or_default().push((release.version.clone(), why));
            }
        }
        denied
    }

    /// Refuses a change that takes what somebody advises against: new, or switched on again.
    pub(crate) async fn refuse_advised(&self, items: &[Item]) -> Result<(), EngineError> {
        let bringing = items.iter().filter(|item| item.brings_bytes());
        for package in bringing.filter_map(|item| item.after.as_ref()).filter(|package| package.enabled) {
            if let Some(worst) = self.advice_about_locked(package).await.into_iter().next() {
                return Err(EngineError::AdvisedAgainst {
                    id: package.id.clone(),
                    version: package.version.label(),
                    advice: Box::new(worst),
                });
            }
        }
        Ok(())
    }

    /// Why a job that was on its way ended: what it brings is advised against meanwhile, or the player said so.
    pub(crate) async fn why_cancelled(&self, before: &Lock, after: &Lock) -> EngineError {
        self.refuse_advised(&difference(before, after)).await.err().unwrap_or(EngineError::Cancelled)
    }

    /// Acts on what the sources say now, where it is another thing than `before`: nothing of what is advised against is
    /// given from here on, and no job brings it.
    pub(crate) async fn follow_advice(&self, before: &AdviceBook) {
        if *self.catalog().advice() == *before {
            return;
        }
        if let Err(error) = self.withdraw_advised().await {
            tracing::error!(%error, "what is advised against could not be withdrawn at once");
        }
        for job in self.advised_jobs() {
            // It is past the point of return, or over: then the audit tells.
            let _ = self.cancel_job(job);
        }
        self.refresh_sharing().await;
        for source in self.catalog().sources() {
            self.signal(Signal::Catalog(source));
        }
        self.signal(Signal::Profiles);
    }

    async fn withdraw_advised(&self) -> Result<(), EngineError> {
        let seeds = self.state().seeds().all().await?;
        let advised = seeds.iter().filter(|seed| self.is_kept_despite_advice(&seed.archive));
        let advised: Vec<Sha256> = advised.map(|seed| seed.archive.sha256).collect();
        self.withdraw(&advised).await
    }

    /// Unfinished jobs that bring what is advised against.
    fn advised_jobs(&self) -> BTreeSet<JobId> {
        let unfinished = self.jobs().into_iter().filter(|job| job.phase.can_cancel());
        let advised = unfinished.filter(|job| {
            job.members.iter().any(|member| {
                let (Some(version), Some(sha256)) = (&member.version, &member.sha256) else { return false };
                self.is_advised_against(Asked { source: &member.source, id: &member.id, version, sha256 })
            })
        });
        advised.map(|job| job.id).collect()
    }

    /// The packages of a profile, or of all, that somebody advises against.
    pub async fn audit(&self, profile: Option<ProfileId>) -> Result<AuditView, EngineError> {
        let profiles = match profile {
            Some(id) => vec![self.profile(id).await?],
            None => self.state().profiles().all().await?,
        };
        let mut findings = Vec::new();
        for profile in &profiles {
            findings.extend(self.audit_profile(profile).await);
        }
        let sources = self.sources().await?;
        let oldest = sources.iter().filter(|source| source.is_enabled).map(|source| source.synced).min();
        Ok(AuditView {
            packages: profiles.iter().map(|profile| profile.lock.packages.len()).sum(),
            findings,
            checked: oldest.flatten(),
        })
    }

    async fn audit_profile(&self, profile: &Profile) -> Vec<AuditFinding> {
        let mut findings = Vec::new();
        for package in &profile.lock.packages {
            let advice = self.advice_about_locked(package).await;
            if advice.is_empty() {
                continue;
            }
            let key = Key::of(package);
            findings.push(AuditFinding {
                profile: profile.id,
                profile_name: profile.name.clone(),
                title: self.title(&key).await,
                key,
                version: package.version.clone(),
                is_enabled: package.enabled,
                is_placed: package.enabled && profile.active,
                advice,
            });
        }
        findings
    }

    /// How many packages that are switched on somebody advises against, over all profiles.
    pub async fn advised_packages(&self) -> usize {
        if self.catalog().advice().is_empty() {
            return 0;
        }
        let profiles = self.state().profiles().all().await.unwrap_or_default();
        let packages = profiles.iter().flat_map(|profile| &profile.lock.packages);
        packages.filter(|package| package.enabled && self.is_locked_despite_advice(package)).count()
    }
}
