//! Files of what changed since the last states of the catalogue.
//!
//! Made from the ones before: what changed from an earlier state until the newest, and what changes now. Only the shards
//! that differ from the newest state are read again, whatever number of states is served.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::PublishedName;
use serde_json::json;

use super::{
    Change,
    document::{TargetEntry, Targets},
    state::State,
};
use crate::{
    CatalogueEntry, Error, Result,
    catalogue::{is_shard, shard_path},
    changes::{Changes, catalogue_state, changes_path, decode_changes, encode_changes, state_of},
    decode_shard, layout, sha256,
};

/// How many states back the changes are served.
const STATES: usize = 30;
/// Longest packed shard or file of changes that is read again, in bytes.
const MAX_PACKED: u64 = 64 * 1024 * 1024;

/// Targets by path.
type Entries = BTreeMap<String, TargetEntry>;
/// Ids of packages that changed since a state, and the version of the catalogue role that had it.
type Since = BTreeMap<String, (u64, BTreeSet<PublishedName>)>;

fn shards(targets: &Entries) -> Entries {
    targets
        .iter()
        .filter(|(path, _)| is_shard(path))
        .map(|(path, entry)| (path.clone(), entry.clone()))
        .collect()
}

fn state_name(shards: &Entries) -> String {
    let hashes: Vec<_> =
        shards.iter().filter_map(|(path, entry)| Some((path.as_str(), entry.sha256()?))).collect();
    catalogue_state(hashes.iter().map(|(path, hash)| (*path, hash)))
}

/// The targets of changes that go with the new shards. What cannot be made is left out: the shards say everything.
pub(super) fn changes(
    state: &State<'_>,
    before: Option<&Targets>,
    now: &Entries,
    entries: &[Vec<CatalogueEntry>],
    change: &mut Change,
) -> Result<Entries> {
    let Some(before) = before else { return Ok(Entries::new()) };
    let (old, new) = (shards(&before.targets), shards(now));
    if state_name(&old) == state_name(&new) {
        let kept = before.targets.iter().filter(|(path, _)| state_of(path).is_some());
        return Ok(kept.map(|(path, entry)| (path.clone(), entry.clone())).collect());
    }
    // Where the number of shards is another one, every package moves.
    if old.keys().ne(new.keys()) {
        return Ok(Entries::new());
    }
    let touched = match touched(state, &old, &new, entries) {
        Ok(touched) => touched,
        Err(error) => {
            tracing::warn!(%error, "what changed in the catalogue cannot be told apart; it is fetched whole");
            return Ok(Entries::new());
        }
    };
    let mut since = known(state, before);
    for (_, ids) in since.values_mut() {
        ids.extend(touched.iter().cloned());
    }
    since.insert(state_name(&old), (before.header.version, touched));
    let by_id: BTreeMap<&PublishedName, &CatalogueEntry> =
        entries.iter().flatten().map(|entry| (&entry.id, entry)).collect();
    write(since, &by_id, new.values().map(|entry| entry.length).sum(), change)
}

/// The packages that differ between the newest state and now, whose entries come by shards.
fn touched(
    state: &State<'_>,
    old: &Entries,
    new: &Entries,
    entries: &[Vec<CatalogueEntry>],
) -> Result<BTreeSet<PublishedName>> {
    let mut touched = BTreeSet::new();
    for (index, now) in entries.iter().enumerate() {
        let path = shard_path(index, entries.len());
        let Some(entry) = old.get(&path).filter(|entry| new.get(&path) != Some(*entry)) else { continue };
        let before = decode_shard(&read(state, &path, entry)?)?;
        let mut before: BTreeMap<PublishedName, CatalogueEntry> =
            before.into_iter().map(|entry| (entry.id.clone(), entry)).collect();
        for entry in now {
            if before.remove(&entry.id).as_ref() != Some(entry) {
                touched.insert(entry.id.clone());
            }
        }
        touched.extend(before.into_keys());
    }
    Ok(touched)
}

/// What the newest state says about the ones before it.
fn known(state: &State<'_>, before: &Targets) -> Since {
    let mut since = Since::new();
    for (path, entry) in &before.targets {
        let Some(name) = state_of(path) else { continue };
        let from = entry.custom.as_ref().and_then(|custom| custom["muster"]["from"].as_u64()).unwrap_or(0);
        match read(state, path, entry).and_then(|bytes| decode_changes(&bytes)) {
            Ok(Changes { entries, gone }) => {
                let ids = entries.into_iter().map(|entry| entry.id).chain(gone).collect();
                since.insert(name.to_owned(), (from, ids));
            }
            Err(error) => tracing::warn!(%error, path, "an earlier file of changes is left out"),
        }
    }
    since
}

fn read(state: &State<'_>, path: &str, entry: &TargetEntry) -> Result<Vec<u8>> {
    let hash = entry.sha256().ok_or_else(|| Error::HashMismatch { file: path.to_owned() })?;
    let file = layout::file_path(path, &hash);
    let bytes = state.target_bytes(&file, MAX_PACKED)?.ok_or(Error::MissingFile { file })?;
    match sha256(&bytes) == hash {
        true => Ok(bytes),
        false => Err(Error::HashMismatch { file: path.to_owned() }),
    }
}

fn write(
    since: Since,
    now: &BTreeMap<&PublishedName, &CatalogueEntry>,
    whole: u64,
    change: &mut Change,
) -> Result<Entries> {
    let mut newest: Vec<(String, (u64, BTreeSet<PublishedName>))> = since.into_iter().collect();
    newest.sort_by_key(|(_, (from, _))| std::cmp::Reverse(*from));
    let mut targets = Entries::new();
    for (name, (from, ids)) in newest.into_iter().take(STATES) {
        let mut changes = Changes::default();
        for id in ids {
            match now.get(&id) {
                Some(entry) => changes.entries.push((*entry).clone()),
                None => changes.gone.push(id),
            }
        }
        // More than one file may hold is fetched by the shards.
        let Ok(bytes) = encode_changes(&changes) else { continue };
        // Nobody gains from a file that is nearly the whole.
        if bytes.len() as u64 * 2 > whole {
            continue;
        }
        let (path, hash) = (changes_path(&name), sha256(&bytes));
        let custom = Some(json!({ "muster": { "from": from } }));
        targets.insert(path.clone(), TargetEntry::new(bytes.len() as u64, &hash, custom));
        change.targets.push((layout::file_path(&path, &hash), bytes));
    }
    Ok(targets)
}
