//! A community of Thunderstore as a source: its list in pieces, of which only those are fetched again that changed.
//!
//! The service signs nothing and gives no hash of any archive: a version is known by the bytes that come first (decision
//! 0027). Its rows are the strongest statement that there is, so facts and hints are the same.

mod address;
mod listing;
mod pieces;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use jiff::Timestamp;
use muster_adapters::thunderstore::Package;
use muster_domain::{PackageId, Sha256, SourceId};
use muster_store::{
    CatalogDb,
    catalog::{Shard, ShardRef},
};
use url::Url;

pub use address::CommunityAddress;

use self::pieces::Survey;
use super::{
    foreign::{SourceAddress, Surroundings},
    rows::facts_of,
};
use crate::{
    Error, Examined, Fact, FetchError, Result, Source, Synced,
    examine::ENTRIES,
    transport::{Fresh, HttpTimes, HttpTransport, host_of},
};

/// Longest list of pieces, in bytes.
const MAX_INDEX: u64 = 4 * 1024 * 1024;
/// Longest piece as it is sent, in bytes; the service's have about two million.
const MAX_PIECE: u64 = 128 * 1024 * 1024;
/// Longest list of a community as it is sent, in bytes.
const MAX_ALL: u64 = 512 * 1024 * 1024;

/// Longest profile that somebody left under a code, in bytes.
const MAX_PROFILE: u64 = 64 * 1024 * 1024;

/// Under which the hash of the list that is loaded is kept, beside the rows that came from it.
const LOADED: &str = "loaded";

impl SourceAddress for CommunityAddress {
    fn kind(&self) -> &'static str {
        "thunderstore"
    }

    fn source_id(&self) -> SourceId {
        CommunityAddress::source_id(self)
    }

    fn host(&self) -> Option<String> {
        Some(host_of(self.base()))
    }

    fn open(&self, surroundings: Surroundings) -> Result<Arc<dyn Source>> {
        Ok(Arc::new(ThunderstoreSource::open(self.clone(), surroundings.catalog)))
    }
}

/// The packages of one community.
pub struct ThunderstoreSource {
    id: SourceId,
    address: CommunityAddress,
    catalog: Arc<CatalogDb>,
}

impl ThunderstoreSource {
    /// Opens a source; no network.
    pub fn open(address: CommunityAddress, catalog: Arc<CatalogDb>) -> Self {
        Self { id: address.source_id(), address, catalog }
    }

    fn unreachable(&self, error: FetchError) -> Error {
        Error::Unreachable { source_id: self.id.clone(), error }
    }

    fn damaged(&self, why: impl Into<String>) -> Error {
        Error::Index { source_id: self.id.clone(), why: why.into() }
    }

    /// The pieces of the list with their common hash, each fetched only if it is another one than last time; `None` if
    /// the rows that are here came from the same.
    async fn fetch(&self, catalog: &CatalogDb, now: Timestamp) -> Result<Option<(Vec<Vec<u8>>, Sha256)>> {
        let http = self.http()?;
        let (mut all, mut length, mut hashes) = (Vec::new(), 0, pieces::ROWS.to_vec());
        for url in self.pieces(&http).await? {
            let (name, mark_name) = kept_as(&url);
            let kept = catalog.file(&self.id, &name).await?;
            let mark = match &kept {
                Some(_) => {
                    catalog.file(&self.id, &mark_name).await?.and_then(|mark| String::from_utf8(mark).ok())
                }
                None => None,
            };
            let fetched = http.fetch_changed(url, mark.as_deref(), MAX_PIECE).await;
            let bytes = match (fetched.map_err(|error| self.unreachable(error))?, kept) {
                (Fresh::Same, Some(kept)) => kept,
                (Fresh::Same, None) => {
                    return Err(self.damaged("it says that nothing changed, and nothing is here"));
                }
                (Fresh::New { bytes, mark }, kept) => {
                    if kept.as_ref() != Some(&bytes) {
                        catalog.put_file(&self.id, &name, bytes.clone(), now).await?;
                    }
                    catalog
                        .put_file(&self.id, &mark_name, mark.unwrap_or_default().into_bytes(), now)
                        .await?;
                    bytes
                }
            };
            length += bytes.len() as u64;
            if length > MAX_ALL {
                return Err(self.unreachable(FetchError::TooLong {
                    file: self.address.api("").to_string(),
                    limit: MAX_ALL,
                }));
            }
            hashes.extend(muster_registry::sha256(&bytes).as_bytes());
            all.push(bytes);
        }
        let state = muster_registry::sha256(&hashes);
        let loaded = catalog.file(&self.id, LOADED).await?.filter(|mark| mark == state.as_bytes());
        let is_loaded = loaded.is_some() && !catalog.shards(&self.id).await?.is_empty();
        Ok((!is_loaded).then_some((all, state)))
    }

    fn http(&self) -> Result<HttpTransport> {
        let base = self.address.api("");
        let refuse = |_| self.unreachable(FetchError::RefusedName { file: base.to_string() });
        HttpTransport::with_bases(base.clone(), base.clone(), HttpTimes::default()).map_err(refuse)
    }

    /// Where the first piece of the list is, and what it holds.
    async fn first_piece(&self) -> (String, Result<Vec<u8>>) {
        let index = self.address.api("package-listing-index/").to_string();
        let http = match self.http() {
            Ok(http) => http,
            Err(error) => return (index, Err(error)),
        };
        let first = match self.pieces(&http).await.map(|pieces| pieces.into_iter().next()) {
            Ok(Some(first)) => first,
            Ok(None) => return (index, Err(self.damaged("it names no piece"))),
            Err(error) => return (index, Err(error)),
        };
        let answer = match http.fetch_changed(first.clone(), None, MAX_PIECE).await {
            Ok(Fresh::New { bytes, .. }) => Ok(bytes),
            Ok(Fresh::Same) => Err(self.damaged("it says that nothing changed, and nobody asked")),
            Err(error) => Err(self.unreachable(error)),
        };
        (first.to_string(), answer)
    }

    /// Where the pieces are. Hosts that have no list in pieces have the whole one.
    async fn pieces(&self, http: &HttpTransport) -> Result<Vec<Url>> {
        let index = http.fetch_changed(self.address.api("package-listing-index/"), None, MAX_INDEX).await;
        match index {
            Ok(Fresh::New { bytes, .. }) => {
                let text = pieces::unpack(&bytes).map_err(|why| self.damaged(why))?;
                let pieces = muster_adapters::thunderstore::pieces(&text);
                pieces.map_err(|error| self.damaged(error.to_string()))
            }
            Ok(Fresh::Same) => Err(self.damaged("it says that nothing changed, and nobody asked")),
            Err(FetchError::ServerError { status: 404, .. }) => Ok(vec![self.address.api("package/")]),
            Err(error) => Err(self.unreachable(error)),
        }
    }
}

/// Under which names a piece and its mark are kept beside the rows.
fn kept_as(url: &Url) -> (String, String) {
    let hash = muster_registry::sha256(url.as_str().as_bytes());
    (format!("piece/{hash}"), format!("piece-mark/{hash}"))
}

fn path_of(number: u8) -> String {
    format!("packages/{number:02x}")
}

#[async_trait]
impl Source for ThunderstoreSource {
    fn id(&self) -> &SourceId {
        &self.id
    }

    async fn left_under(&self, code: &str) -> Result<Option<Vec<u8>>> {
        let url = self.address.profile(code);
        let refuse = |_| self.unreachable(FetchError::RefusedName { file: url.to_string() });
        let http =
            HttpTransport::with_bases(url.clone(), url.clone(), HttpTimes::default()).map_err(refuse)?;
        match http.fetch_changed(url.clone(), None, MAX_PROFILE).await {
            Ok(Fresh::New { bytes, .. }) => Ok(Some(bytes)),
            Ok(Fresh::Same) | Err(FetchError::ServerError { status: 404 | 410, .. }) => Ok(None),
            Err(error) => Err(self.unreachable(error)),
        }
    }

    async fn sync(&self, catalog: &CatalogDb, now: Timestamp) -> Result<Synced> {
        let Some((pieces, state)) = self.fetch(catalog, now).await? else { return Ok(Synced::default()) };
        let pieces = Arc::new(pieces);
        let read = pieces.clone();
        let survey = tokio::task::spawn_blocking(move || Survey::of(&read)).await;
        let survey = survey.map_err(|_| self.damaged("a worker ended"))?.map_err(|why| self.damaged(why))?;
        if survey.refused > 0 {
            tracing::warn!(source = %self.id, refused = survey.refused, "entries of a list cannot be used");
        }
        let loaded: BTreeMap<String, Sha256> = catalog.shards(&self.id).await?;
        let is_new = |(number, hash): &(&u8, &Sha256)| loaded.get(&path_of(**number)) != Some(*hash);
        let changed: BTreeSet<u8> = survey.shards.iter().filter(is_new).map(|(number, _)| *number).collect();
        let mut synced = Synced::default();
        for group in survey.groups(changed) {
            let (pieces, id, game) = (pieces.clone(), self.id.clone(), self.address.game().clone());
            let made = tokio::task::spawn_blocking(move || pieces::rows(&pieces, (&id, &game), &group)).await;
            let made = made.map_err(|_| self.damaged("a worker ended"))?.map_err(|why| self.damaged(why))?;
            for (number, listings) in made {
                let sha256 = survey.shards.get(&number).copied().unwrap_or(Sha256([0; 32]));
                let shard = ShardRef { source: self.id.clone(), path: path_of(number), sha256 };
                catalog.replace_shard(Shard { shard, listings }, now).await?;
                synced.replaced += 1;
            }
        }
        let listed: BTreeSet<String> = survey.shards.keys().map(|number| path_of(*number)).collect();
        let gone: Vec<String> = loaded.into_keys().filter(|path| !listed.contains(path)).collect();
        synced.removed = gone.len();
        if !gone.is_empty() {
            catalog.remove_shards(&self.id, gone).await?;
        }
        // Last: a sync that ended before is done again.
        catalog.put_file(&self.id, LOADED, state.as_bytes().to_vec(), now).await?;
        Ok(synced)
    }

    async fn examine(&self) -> Vec<Examined> {
        let (asked, answer) = self.first_piece().await;
        // A piece may be of some hundred megabytes: its first entries tell as much.
        let answer = answer.and_then(|bytes| {
            let text = pieces::unpack(&bytes).map_err(|why| self.damaged(why))?;
            let entries = muster_adapters::thunderstore::elements(&text);
            let entries = entries.map_err(|error| self.damaged(error.to_string()))?;
            let some: Vec<&[u8]> = entries.into_iter().take(ENTRIES).collect();
            Ok([b"[".as_slice(), &some.join(&b','), b"]"].concat())
        });
        vec![Examined::of(&self.id, asked, &Package::list_shape(), answer)]
    }

    async fn facts(&self, id: &PackageId, _now: Timestamp) -> Result<Vec<Fact>> {
        self.stored_facts(id).await
    }

    async fn stored_facts(&self, id: &PackageId) -> Result<Vec<Fact>> {
        facts_of(&self.catalog, &self.id, id, self.address.is_local()).await
    }
}
