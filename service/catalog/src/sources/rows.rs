//! Facts of sources that nobody signs: their rows are the strongest statement that there is.

use muster_domain::{PackageId, Release, SourceId};
use muster_store::CatalogDb;

use crate::{ArchiveAt, Error, Fact, Result};

/// What the rows of a source say about a package. Where the source is on this machine, so are its archives.
pub(super) async fn facts_of(
    catalog: &CatalogDb,
    source: &SourceId,
    id: &PackageId,
    is_local: bool,
) -> Result<Vec<Fact>> {
    let mut found = catalog.releases(source, vec![id.clone()]).await?;
    let unknown = || Error::UnknownPackage { source_id: source.clone(), id: id.clone() };
    let releases = found.remove(id).ok_or_else(unknown)?;
    Ok(releases.into_iter().map(|release| fact(release, is_local)).collect())
}

fn fact(release: Release, is_local: bool) -> Fact {
    let own = release.origins.first().filter(|_| is_local);
    let archive_at = own.and_then(|origin| origin.parse().ok()).map(ArchiveAt::Web);
    Fact { release, archive_at, signed: None }
}
