//! What every source can do.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use async_trait::async_trait;
use jiff::Timestamp;
use muster_domain::{PackageId, SourceId};
use muster_registry::{Advisory, Pick};
use muster_store::CatalogDb;

use crate::{Examined, Fact, Result};

/// Something that packages come from.
#[async_trait]
pub trait Source: Send + Sync {
    /// Its identity.
    fn id(&self) -> &SourceId;

    /// Brings the catalogue's rows of this source up to date, shard by shard; an error leaves the rows that were there.
    async fn sync(&self, catalog: &CatalogDb, now: Timestamp) -> Result<Synced>;

    /// All releases of a package, as the strongest statements that the source has.
    async fn facts(&self, id: &PackageId, now: Timestamp) -> Result<Vec<Fact>>;

    /// The same from what is stored here, without the source: for reinstalling what was installed before.
    async fn stored_facts(&self, id: &PackageId) -> Result<Vec<Fact>>;

    /// Fetches what the list of the source leaves out of a package and puts it into the catalogue, where it is not there
    /// yet. Sources whose lists say everything have nothing to do.
    async fn look_closer(&self, _id: &PackageId, _now: Timestamp) -> Result<()> {
        Ok(())
    }

    /// Which packages files are of that are known by their SHA-512 only (128 hexadecimal digits in small letters), each
    /// looked at closely, so that its releases are known. What the source does not know, it leaves out.
    async fn find_files(&self, _sha512: &[String], _now: Timestamp) -> Result<BTreeMap<String, PackageId>> {
        Ok(BTreeMap::new())
    }

    /// What somebody left at the service for others under a code; `None` where it has nothing of the kind, or nothing
    /// under this one.
    async fn left_under(&self, _code: &str) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }

    /// Asks for one of each answer that it lives from, and holds it against what reads it. Nothing is kept. Sources whose
    /// format is Muster's own have nothing to ask: it is checked whenever they are read.
    async fn examine(&self) -> Vec<Examined> {
        Vec::new()
    }

    /// The folder that it is, where it changes whenever files in it do.
    fn watched(&self) -> Option<&Path> {
        None
    }

    /// Which other program brings its packages, keeps them up to date and takes them away. They are shown and nothing is
    /// done to them; such a source has no releases.
    fn managed_by(&self) -> Option<&'static str> {
        None
    }

    /// Whether it is on this machine, so that it is read in offline mode, too.
    fn is_local(&self) -> bool {
        false
    }

    /// What the source advises against, as of its last sync; no network.
    async fn advisories(&self) -> Result<Vec<Advisory>> {
        Ok(Vec::new())
    }

    /// What the source features of its own packages, in its order, as of its last sync; no network.
    async fn featured(&self) -> Result<Vec<Pick>> {
        Ok(Vec::new())
    }
}

/// What a sync did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// Shards that were fetched and put in.
    pub replaced: usize,
    /// Shards that are gone.
    pub removed: usize,
    /// Shards that could not be fetched or read; what was there before stays.
    pub broken: BTreeSet<String>,
    /// When the source's newest statement stops being fresh.
    pub expires: Option<Timestamp>,
}

impl Synced {
    /// Whether the catalogue is another one than before.
    pub fn changed(&self) -> bool {
        self.replaced + self.removed > 0
    }
}
