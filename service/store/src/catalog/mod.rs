//! `catalog.db`: what the sources offer. All of it can be fetched again, so a file that cannot be used is thrown away.

mod closer;
mod files;
mod image;
mod index;
mod marks;
mod packages;
mod write;

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
};

use muster_domain::{Kind, PackageId, Release, SourceId};
use serde_json::Value;

pub use closer::Closer;
pub use index::{IndexData, IndexRow};
pub use marks::Counted;
pub use packages::{Around, PackageDetail, PackageRow};
pub use write::{PackageChange, Shard, ShardRef};

use crate::{
    Error, Result,
    database::{Database, Design},
};

const DESIGN: Design = Design {
    name: "catalog.db",
    // Nothing of an earlier version is worth a migration: it is fetched again.
    migrations: &["", "", include_str!("../migrations/catalog-3.sql")],
    migrates: false,
    // A first sync touches the same pages of the indexes again and again: they are moved from the log into the file every
    // 32 MB, not every four.
    pragmas: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
              PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 8000;
              PRAGMA journal_size_limit = 4000000;",
    check_all_pages: false,
};

/// The rebuildable database. Cheap to share behind an `Arc`.
pub struct CatalogDb {
    database: Database,
    rebuilt: bool,
    /// Packages of each source, as of a revision: counting a hundred thousand takes longer than most questions.
    totals: Totals,
}

/// See [`CatalogDb::counts`].
type Totals = Arc<Mutex<Option<(i64, HashMap<SourceId, u64>)>>>;

/// A package as it is put in, cleaned and folded by the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    pub id: PackageId,
    pub publisher: String,
    pub name: String,
    pub title: String,
    pub summary: String,
    pub kind: Kind,
    pub license: Option<String>,
    /// Text form of the version that is offered first.
    pub version: String,
    pub channel: String,
    pub side: String,
    /// Bytes of that version's archive.
    pub size: u64,
    pub updated: Option<jiff::Timestamp>,
    pub published: Option<jiff::Timestamp>,
    pub downloads: Option<u64>,
    pub games: Vec<String>,
    pub tags: Vec<String>,
    /// What only the package page shows.
    pub detail: Value,
    /// Facet and value, for all facets.
    pub facets: Vec<(String, String)>,
    pub words: Words,
    /// Newest first.
    pub releases: Vec<Release>,
}

/// The folded words of a package, separated by spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub name: String,
    pub tags: String,
    pub summary: String,
    /// The folded title, for sorting and for "starts with".
    pub title_key: String,
    pub name_key: String,
}

impl CatalogDb {
    /// Opens or creates the file. One that is damaged or of another version is replaced by an empty one.
    pub fn open(path: &Path) -> Result<Self> {
        match Database::open(path, DESIGN) {
            Ok(database) => Ok(Self { database, rebuilt: false, totals: Totals::default() }),
            Err(Error::Corrupt { .. } | Error::Newer { .. } | Error::Foreign { .. }) => {
                tracing::warn!("catalog.db cannot be used and is built again");
                remove(path)?;
                let database = Database::open(path, DESIGN)?;
                Ok(Self { database, rebuilt: true, totals: Totals::default() })
            }
            Err(error) => Err(error),
        }
    }

    /// Whether the file was thrown away when it was opened: every source must be synced again.
    pub fn was_rebuilt(&self) -> bool {
        self.rebuilt
    }
}

/// Removes the file and what SQLite keeps beside it.
fn remove(path: &Path) -> Result<()> {
    let failed = |why: String| Error::CannotOpen { file: DESIGN.name, why };
    let folder = path.parent().ok_or_else(|| failed("no folder".into()))?;
    let folder = muster_fsx::Dir::open_ambient(folder).map_err(|e| failed(e.to_string()))?;
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| failed("no name".into()))?;
    for suffix in ["", "-wal", "-shm"] {
        match folder.remove_file(&format!("{name}{suffix}")) {
            Ok(()) => {}
            Err(error) if error.is_missing() => {}
            Err(error) => return Err(failed(error.to_string())),
        }
    }
    Ok(())
}
