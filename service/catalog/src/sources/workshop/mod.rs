//! Items of Steam's Workshop that are on this computer already: shown, never touched.
//!
//! Steam brings them, keeps them up to date and takes them away; the game reads them where they lie. They have no versions that
//! could be installed, so that nothing of this program can fetch, place, share or delete them.

mod address;

use std::{collections::BTreeMap, sync::Arc, time::UNIX_EPOCH};

use async_trait::async_trait;
use jiff::Timestamp;
use muster_adapters::workshop::{ABOUT_FILES, Item, MAX_ABOUT, MAX_ITEMS, item_number, items, name_in};
use muster_domain::{Kind, PackageId, Side, SourceId};
use muster_fsx::{Dir, ErrorKind};
use muster_store::{CatalogDb, catalog::Listing};
use serde_json::json;

pub use address::WorkshopAddress;

use super::{
    foreign::{SourceAddress, Surroundings},
    shelf::{ShelfRow, put_rows},
};
use crate::{
    Error, Fact, FetchError, Result, Source, Synced,
    normalize::{text_of, words},
    query::Facet,
};

/// Who brings these packages.
pub const STEAM: &str = "steam";
/// Page of an item.
const PAGE: &str = "https://steamcommunity.com/sharedfiles/filedetails/?id=";
/// Longest list of items that is read, in bytes.
const MAX_LIST: u64 = 32 * 1024 * 1024;

impl SourceAddress for WorkshopAddress {
    fn kind(&self) -> &'static str {
        WorkshopAddress::kind(self)
    }

    fn source_id(&self) -> SourceId {
        WorkshopAddress::source_id(self)
    }

    fn host(&self) -> Option<String> {
        None
    }

    fn open(&self, _surroundings: Surroundings) -> Result<Arc<dyn Source>> {
        Ok(Arc::new(WorkshopSource { id: WorkshopAddress::source_id(self), address: self.clone() }))
    }
}

/// The items of one application.
struct WorkshopSource {
    id: SourceId,
    address: WorkshopAddress,
}

/// An item that lies there.
struct Found {
    number: u64,
    name: Option<String>,
    item: Item,
}

/// Looks at what lies there: every folder of an item, with what Steam's list says of it. No link is followed.
fn look(address: &WorkshopAddress) -> Result<Vec<Found>, FetchError> {
    let failed = |error: muster_fsx::Error| FetchError::File {
        file: address.folder().display().to_string(),
        why: error.to_string(),
    };
    let workshop = Dir::open_ambient(address.folder()).map_err(failed)?;
    let app = address.app();
    let list = format!("appworkshop_{app}.acf");
    let listed = match workshop.read_if_exists(list.as_str(), MAX_LIST).map_err(failed)? {
        Some(bytes) => items(app, &bytes)
            .map_err(|error| FetchError::File { file: list.clone(), why: error.to_string() })?,
        // Steam writes it with the first item.
        None => BTreeMap::new(),
    };
    let content = match workshop.open_dir(format!("content/{app}").as_str()) {
        Ok(content) => content,
        Err(error) if error.kind() == ErrorKind::Missing => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut found = Vec::new();
    for entry in content.entries().map_err(failed)?.into_iter().filter(|entry| entry.metadata.is_dir()) {
        let Some((name, number)) = entry.name_str().and_then(|name| Some((name, item_number(name)?))) else {
            continue;
        };
        let mut item = listed.get(&number).copied().unwrap_or_default();
        let since = entry.metadata.modified.duration_since(UNIX_EPOCH).unwrap_or_default();
        item.updated =
            item.updated.or_else(|| i64::try_from(since.as_secs()).ok().filter(|second| *second > 0));
        // An item that cannot be read now is shown by its number.
        let name = content.open_dir(name).ok().and_then(|folder| name_of(&folder));
        found.push(Found { number, name, item });
        if found.len() == MAX_ITEMS {
            break;
        }
    }
    Ok(found)
}

fn name_of(folder: &Dir) -> Option<String> {
    ABOUT_FILES.iter().find_map(|file| name_in(file, &folder.read(*file, MAX_ABOUT).ok()?))
}

impl WorkshopSource {
    fn row(&self, found: Found) -> Option<ShelfRow> {
        let Found { number, name, item } = found;
        let id: PackageId = number.to_string().parse().ok()?;
        let about = serde_json::to_vec(&(number, &name, item.size, item.updated)).unwrap_or_default();
        let title = name.unwrap_or_else(|| number.to_string());
        let updated = item.updated.and_then(|second| Timestamp::from_second(second).ok());
        let game = self.address.game().to_string();
        let kind = Kind(Kind::MOD.into());
        let facets = [
            (Facet::Kind, kind.0.clone()),
            (Facet::Source, self.id.to_string()),
            (Facet::Game, game.clone()),
        ];
        let listing = Listing {
            words: words(&title, &number.to_string(), "", &[], ""),
            // Items have no versions: the day of the last change stands for one.
            version: updated.map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default(),
            channel: text_of(&muster_domain::Channel::Stable),
            side: text_of(&Side::default()),
            size: item.size.unwrap_or(0),
            updated,
            published: None,
            downloads: None,
            detail: json!({"homepage": format!("{PAGE}{number}")}),
            facets: facets.into_iter().map(|(facet, value)| (facet.as_str().to_owned(), value)).collect(),
            // Nobody says it here: unknown is not free.
            license: None,
            publisher: String::new(),
            releases: Vec::new(),
            tags: Vec::new(),
            summary: String::new(),
            name: number.to_string(),
            games: vec![game],
            title,
            kind,
            id,
        };
        Some(ShelfRow { about: muster_registry::sha256(&about), listing })
    }
}

#[async_trait]
impl Source for WorkshopSource {
    fn id(&self) -> &SourceId {
        &self.id
    }

    async fn sync(&self, catalog: &CatalogDb, now: Timestamp) -> Result<Synced> {
        let address = self.address.clone();
        let looked = tokio::task::spawn_blocking(move || look(&address)).await;
        let damaged = || Error::Index { source_id: self.id.clone(), why: "a worker ended".into() };
        let found = looked.map_err(|_| damaged())?;
        let found = found.map_err(|error| Error::Unreachable { source_id: self.id.clone(), error })?;
        put_rows(catalog, &self.id, found.into_iter().filter_map(|found| self.row(found)).collect(), now)
            .await
    }

    fn is_local(&self) -> bool {
        true
    }

    fn watched(&self) -> Option<&std::path::Path> {
        Some(self.address.folder())
    }

    fn managed_by(&self) -> Option<&'static str> {
        Some(STEAM)
    }

    async fn facts(&self, id: &PackageId, _now: Timestamp) -> Result<Vec<Fact>> {
        self.stored_facts(id).await
    }

    async fn stored_facts(&self, _id: &PackageId) -> Result<Vec<Fact>> {
        Ok(Vec::new())
    }
}
