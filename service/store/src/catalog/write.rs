//! Putting shards in. A shard's packages are replaced in one transaction; nobody sees half of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use muster_domain::{PackageId, Release, Sha256, SourceId};
use rusqlite::{Row, Transaction, params};

use super::{CatalogDb, Listing, index::facet_numbers};
use crate::{
    Reply, Result,
    row::{Columns, all, signed, to_json},
};

/// Which shard, and which bytes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardRef {
    pub source: SourceId,
    pub path: String,
    pub sha256: Sha256,
}

/// A shard and the packages in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shard {
    pub shard: ShardRef,
    pub listings: Vec<Listing>,
}

/// What is new, other and gone in shards that are loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct PackageChange {
    pub source: SourceId,
    /// Every shard of the source as it is afterwards.
    pub shards: BTreeMap<String, Sha256>,
    /// With the shard that each is in.
    pub listings: Vec<(String, Listing)>,
    pub gone: Vec<PackageId>,
}

impl CatalogDb {
    /// The shards of a source that are loaded, with the hash of the bytes they came from.
    pub fn shards(&self, source: &SourceId) -> Reply<BTreeMap<String, Sha256>> {
        let source = source.to_string();
        self.database.read(move |connection| {
            let mut statement =
                connection.prepare_cached("SELECT path, sha256 FROM shards WHERE source = ?1")?;
            let rows = all(&mut statement, [source], |row| Ok((row.column("path")?, row.hash("sha256")?)))?;
            Ok(rows.into_iter().collect())
        })
    }

    /// Replaces everything that came from this shard. A package that moved here from another shard is taken over.
    pub fn replace_shard(&self, shard: Shard, now: Timestamp) -> Reply<()> {
        self.database.write(move |transaction| {
            let Shard { shard, listings } = shard;
            remove_shard(transaction, shard.source.as_str(), &shard.path)?;
            let mut facets = FacetNumbers::default();
            for listing in &listings {
                insert(transaction, &shard, listing, &mut facets)?;
            }
            transaction
                .prepare_cached(
                    "INSERT INTO shards (source, path, sha256, loaded_at) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![
                    shard.source.as_str(),
                    shard.path,
                    shard.sha256.as_bytes(),
                    now.as_millisecond()
                ])?;
            raise_revision(transaction)
        })
    }

    /// Puts in what is new or other in shards of a source, takes out what is gone, and names the shards as they are then.
    /// All of it or nothing.
    pub fn change_packages(&self, change: PackageChange, now: Timestamp) -> Reply<()> {
        self.database.write(move |transaction| {
            let PackageChange { source, shards, listings, gone } = change;
            for id in &gone {
                remove_package(transaction, [source.as_str(), id.as_str()])?;
            }
            let mut facets = FacetNumbers::default();
            for (path, listing) in &listings {
                let shard = ShardRef { source: source.clone(), path: path.clone(), sha256: Sha256([0; 32]) };
                insert(transaction, &shard, listing, &mut facets)?;
            }
            for (path, sha256) in &shards {
                transaction
                    .prepare_cached(
                        "UPDATE shards SET sha256 = ?3, loaded_at = ?4 WHERE source = ?1 AND path = ?2",
                    )?
                    .execute(params![source.as_str(), path, sha256.as_bytes(), now.as_millisecond()])?;
            }
            raise_revision(transaction)
        })
    }

    /// Removes shards that their source no longer lists.
    pub fn remove_shards(&self, source: &SourceId, paths: Vec<String>) -> Reply<()> {
        let source = source.to_string();
        self.database.write(move |transaction| {
            for path in &paths {
                remove_shard(transaction, &source, path)?;
            }
            raise_revision(transaction)
        })
    }

    /// Removes everything of a source.
    pub fn forget_source(&self, source: &SourceId) -> Reply<()> {
        let source = source.to_string();
        self.database.write(move |transaction| {
            transaction.execute("DELETE FROM packages WHERE source = ?1", [&source])?;
            transaction.execute("DELETE FROM shards WHERE source = ?1", [&source])?;
            transaction.execute("DELETE FROM files WHERE source = ?1", [&source])?;
            transaction.execute("DELETE FROM download_marks WHERE source = ?1", [&source])?;
            forget_facet_values(transaction)?;
            raise_revision(transaction)
        })
    }
}

fn raise_revision(transaction: &Transaction<'_>) -> Result<()> {
    transaction.execute("UPDATE revision SET number = number + 1", [])?;
    Ok(())
}

fn remove_shard(transaction: &Transaction<'_>, source: &str, path: &str) -> Result<()> {
    transaction
        .prepare_cached("DELETE FROM packages WHERE source = ?1 AND shard = ?2")?
        .execute([source, path])?;
    transaction
        .prepare_cached("DELETE FROM shards WHERE source = ?1 AND path = ?2")?
        .execute([source, path])?;
    Ok(())
}

fn remove_package(transaction: &Transaction<'_>, key: [&str; 2]) -> Result<()> {
    transaction.prepare_cached("DELETE FROM packages WHERE source = ?1 AND id = ?2")?.execute(key)?;
    Ok(())
}

fn insert(
    transaction: &Transaction<'_>,
    shard: &ShardRef,
    listing: &Listing,
    facets: &mut FacetNumbers,
) -> Result<()> {
    remove_package(transaction, [shard.source.as_str(), listing.id.as_str()])?;
    insert_package(transaction, shard, listing)?;
    let package = transaction.last_insert_rowid();

    insert_texts(transaction, package, listing, facets)?;
    insert_versions(transaction, &shard.source, package, &listing.releases)
}

/// The versions of a package, and what they stand in for.
pub(super) fn insert_versions(
    transaction: &Transaction<'_>,
    source: &SourceId,
    package: i64,
    releases: &[Release],
) -> Result<()> {
    for (release, place) in releases.iter().zip(0_i64..) {
        transaction
            .prepare_cached(
                "INSERT INTO versions (package, place, version, release_json) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![package, place, release.version.to_string(), to_json(release)?])?;
        for provided in &release.provides {
            transaction
                .prepare_cached(
                    "INSERT OR IGNORE INTO provides (source, provided, package) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![source.as_str(), provided.package.as_str(), package])?;
        }
    }
    Ok(())
}

fn insert_package(transaction: &Transaction<'_>, shard: &ShardRef, listing: &Listing) -> Result<()> {
    let time = |time: Option<Timestamp>| time.map_or(0, Timestamp::as_millisecond);
    transaction
        .prepare_cached(
            "INSERT INTO packages (source, shard, id, publisher, name, title, summary, kind, license, version,
               channel, side, size, updated, published, downloads, games_json, tags_json, detail_json)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        )?
        .execute(params![
            shard.source.as_str(),
            shard.path,
            listing.id.as_str(),
            listing.publisher,
            listing.name,
            listing.title,
            listing.summary,
            listing.kind.0,
            listing.license,
            listing.version,
            listing.channel,
            listing.side,
            signed(listing.size),
            time(listing.updated),
            time(listing.published),
            listing.downloads.map(signed),
            to_json(&listing.games)?,
            to_json(&listing.tags)?,
            to_json(&listing.detail)?
        ])?;
    Ok(())
}

/// What a search index is built from.
fn insert_texts(
    transaction: &Transaction<'_>,
    package: i64,
    listing: &Listing,
    numbers: &mut FacetNumbers,
) -> Result<()> {
    let mut facets = Vec::with_capacity(4 * listing.facets.len());
    for (facet, value) in &listing.facets {
        facets.extend(numbers.number(transaction, facet, value)?.to_le_bytes());
    }
    let words = &listing.words;
    transaction
        .prepare_cached(
            "INSERT INTO texts (package, title_key, name_key, name, tags, summary, facets)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            package,
            words.title_key,
            words.name_key,
            words.name,
            words.tags,
            words.summary,
            facets
        ])?;
    Ok(())
}

/// Takes out the facet values that no package has any more.
fn forget_facet_values(transaction: &Transaction<'_>) -> Result<()> {
    let mut used: HashSet<u32> = HashSet::new();
    let read = |row: &Row<'_>| Ok(row.get::<_, Vec<u8>>(0)?);
    for facets in all(&mut transaction.prepare_cached("SELECT facets FROM texts")?, [], read)? {
        used.extend(facet_numbers(&facets));
    }
    let known = all(&mut transaction.prepare_cached("SELECT number FROM facet_values")?, [], |row| {
        Ok(row.get::<_, u32>(0)?)
    })?;
    let mut forget = transaction.prepare_cached("DELETE FROM facet_values WHERE number = ?1")?;
    for number in known.into_iter().filter(|number| !used.contains(number)) {
        forget.execute([number])?;
    }
    Ok(())
}

/// Numbers of facet values, remembered while a shard is put in.
#[derive(Default)]
struct FacetNumbers(HashMap<(String, String), u32>);

impl FacetNumbers {
    fn number(&mut self, transaction: &Transaction<'_>, facet: &str, value: &str) -> Result<u32> {
        let key = (facet.to_owned(), value.to_owned());
        if let Some(number) = self.0.get(&key) {
            return Ok(*number);
        }
        transaction
            .prepare_cached("INSERT OR IGNORE INTO facet_values (facet, value) VALUES (?1, ?2)")?
            .execute([facet, value])?;
        let number = transaction
            .prepare_cached("SELECT number FROM facet_values WHERE facet = ?1 AND value = ?2")?
            .query_row([facet, value], |row| row.get(0))?;
        self.0.insert(key, number);
        Ok(number)
    }
}
