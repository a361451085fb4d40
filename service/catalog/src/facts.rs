//! What a source vouches for, and the comparison with what the player was shown.
//!
//! The browse catalogue is signed by an online key only. Before anything is installed, the publisher's own statement
//! is fetched and must say the same (`security.md` §1.1, T-04).

use std::path::PathBuf;

use muster_domain::Release;
use muster_registry::SignedRelease;
use muster_store::catalog::PackageDetail;
use url::Url;

use crate::{Error, Result};

/// One release, as the strongest statement that the source has about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub release: Release,
    /// Where the source itself has the archive, besides the origins that the release names.
    pub archive_at: Option<ArchiveAt>,
    /// The publisher's signature, for registries.
    pub signed: Option<Box<SignedRelease>>,
}

/// An archive's place at its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveAt {
    Web(Url),
    Folder(PathBuf),
    /// In a git repository at this address (`https:`, `http:`, `file:`), perhaps: [`crate::Catalog::lay_out`] tells.
    Repository(Url),
}

/// Names of the fields in which a hint differs from the fact.
pub fn differences(hint: &Release, fact: &Release) -> Vec<&'static str> {
    let compared = [
        ("version", hint.version == fact.version),
        ("archive", hint.archive.sha256 == fact.archive.sha256),
        ("size", hint.archive.size == fact.archive.size && hint.unpacked_size == fact.unpacked_size),
        ("kind", hint.kind == fact.kind),
        ("channel", hint.channel == fact.channel),
        ("yanked", hint.yanked.is_some() == fact.yanked.is_some()),
        ("games", hint.games == fact.games),
        ("depends", hint.depends == fact.depends),
        // A hint without them says that everything is needed: it was read before this program knew features.
        ("features", hint.features.is_empty() || hint.features == fact.features),
        ("recommends", hint.recommends == fact.recommends),
        ("suggests", hint.suggests == fact.suggests),
        ("conflicts", hint.conflicts == fact.conflicts),
        ("provides", hint.provides == fact.provides),
        ("license", hint.license == fact.license),
        ("recipe", hint.recipe == fact.recipe),
        ("redistribute", hint.redistribute == fact.redistribute),
    ];
    compared.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect()
}

/// Refuses with `catalog-hint-differs` if what was shown of this version is not what the publisher signed.
///
/// Kind, licence and title are shown of the newest version only, so they are compared for that one only.
pub fn check_hint(shown: &PackageDetail, fact: &Fact) -> Result<()> {
    let release = &fact.release;
    let is_latest = shown.package.version == release.version.to_string();
    let mut fields = match shown.releases.iter().find(|hint| hint.version == release.version) {
        Some(hint) => differences(hint, release),
        None => vec!["version"],
    };
    fields.retain(|field| is_latest || !matches!(*field, "kind" | "license"));
    if let Some(signed) = &fact.signed
        && is_latest
    {
        let display = signed.custom.display.cleaned();
        let title_differs = !display.title.is_empty() && display.title != shown.package.title;
        fields.extend(title_differs.then_some("title"));
        fields.extend((display.summary != shown.package.summary).then_some("summary"));
    }
    if fields.is_empty() {
        return Ok(());
    }
    Err(Error::HintDiffers { id: release.id.clone(), version: release.version.to_string(), fields })
}
