//! Packages by columns: all titles beside each other, all sizes, all hashes. What is like compresses well, and a hash is
//! 43 characters instead of 64 that nothing can compress.
//!
//! `{"packages": {member: [a value for each package]}, "versions": {member: [a value for each version]}, "gone": [id]}`,
//! where `null` is a member that is not there, `packages.versions` says how many versions each package has, and
//! `versions.sha256` is the base64 (RFC 4648 §4, without padding) of all hashes after each other.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use muster_domain::{PublishedName, Sha256};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{CatalogueEntry, Error, Result, json};

const VERSIONS: &str = "versions";
const HASH: &str = "sha256";
const HASH_LENGTH: usize = 32;

type Object = Map<String, Value>;

#[derive(Serialize, Deserialize)]
struct Document {
    packages: BTreeMap<String, Vec<Value>>,
    versions: BTreeMap<String, Column>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gone: Vec<PublishedName>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Column {
    Values(Vec<Value>),
    Packed(String),
}

/// What a document holds.
pub(crate) struct Packages {
    /// Those that are not understood are refused one by one.
    pub entries: Vec<Result<CatalogueEntry>>,
    pub gone: Vec<PublishedName>,
}

fn refuse(why: impl ToString) -> Error {
    Error::malformed("catalogue", why.to_string())
}

/// Writes packages, and names of packages that are not there any more, in this order.
pub(crate) fn write(entries: &[CatalogueEntry], gone: &[PublishedName]) -> Result<Vec<u8>> {
    let (mut packages, mut versions) = (Table::default(), Table::default());
    let mut hashes = Vec::new();
    for entry in entries {
        let mut package = object(serde_json::to_value(entry))?;
        package.insert(VERSIONS.into(), entry.versions.len().into());
        packages.push(package);
        for version in &entry.versions {
            let mut members = object(serde_json::to_value(version))?;
            members.remove(HASH);
            hashes.extend_from_slice(version.archive.sha256.as_bytes());
            versions.push(members);
        }
    }
    let columns = versions.finish().into_iter().map(|(name, values)| (name, Column::Values(values)));
    let hashes = (HASH.to_owned(), Column::Packed(STANDARD_NO_PAD.encode(hashes)));
    let document = Document {
        packages: packages.finish(),
        versions: columns.chain([hashes]).collect(),
        gone: gone.to_vec(),
    };
    serde_json::to_vec(&document).map_err(refuse)
}

fn object(value: serde_json::Result<Value>) -> Result<Object> {
    match value.map_err(refuse)? {
        Value::Object(members) => Ok(members),
        _ => Err(refuse("it is not an object")),
    }
}

#[derive(Default)]
struct Table {
    rows: usize,
    columns: BTreeMap<String, Vec<Value>>,
}

impl Table {
    fn push(&mut self, row: Object) {
        for (name, value) in row {
            let column = self.columns.entry(name).or_default();
            column.resize(self.rows, Value::Null);
            column.push(value);
        }
        self.rows += 1;
    }

    fn finish(mut self) -> BTreeMap<String, Vec<Value>> {
        self.columns.values_mut().for_each(|column| column.resize(self.rows, Value::Null));
        self.columns
    }
}

/// Reads a document.
///
/// # Errors
/// [`Error::Malformed`] where columns are not of one length: whose value is whose cannot be told then.
pub(crate) fn read(document: &[u8]) -> Result<Packages> {
    let Document { mut packages, mut versions, gone } = json::parse(document).map_err(refuse)?;
    let counts = packages.remove(VERSIONS).unwrap_or_default();
    let hashes = match versions.remove(HASH) {
        Some(Column::Packed(text)) => STANDARD_NO_PAD.decode(text).map_err(refuse)?,
        None => Vec::new(),
        Some(Column::Values(_)) => return Err(refuse("its hashes are not packed")),
    };
    let (hashes, rest) = hashes.as_chunks::<HASH_LENGTH>();
    let versions = versions.into_iter().filter_map(|(name, column)| match column {
        Column::Values(values) => Some((name, values)),
        // A form of a column that a later version has.
        Column::Packed(_) => None,
    });
    let mut versions = rows(versions.collect(), hashes.len())?.into_iter().zip(hashes);
    let mut entries = Vec::with_capacity(counts.len());
    for (mut package, count) in rows(packages, counts.len())?.into_iter().zip(counts) {
        let count = count.as_u64().and_then(|count| usize::try_from(count).ok());
        let count =
            count.filter(|count| *count <= versions.len()).ok_or_else(|| refuse("versions are missing"))?;
        let its_own = versions.by_ref().take(count).map(|(mut members, hash)| {
            members.insert(HASH.into(), Sha256(*hash).to_string().into());
            Value::Object(members)
        });
        package.insert(VERSIONS.into(), its_own.collect());
        entries.push(serde_json::from_value(Value::Object(package)).map_err(refuse));
    }
    if versions.next().is_some() || !rest.is_empty() {
        return Err(refuse("it has versions of no package"));
    }
    Ok(Packages { entries, gone })
}

/// The members of each row.
fn rows(columns: BTreeMap<String, Vec<Value>>, count: usize) -> Result<Vec<Object>> {
    let mut rows = vec![Object::new(); count];
    for (name, values) in columns {
        if values.len() != count {
            return Err(refuse(format!("the column {name} has {} values, not {count}", values.len())));
        }
        for (row, value) in rows.iter_mut().zip(values).filter(|(_, value)| !value.is_null()) {
            row.insert(name.clone(), value);
        }
    }
    Ok(rows)
}
