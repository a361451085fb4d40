//! The daily work of the online key: take in what publishers signed, renew catalogue, snapshot and timestamp.
//!
//! The snapshot never names an older version of a role than the one before it, and never leaves a role out: clients
//! would take either for an attack. A role that does not verify keeps the version it had.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use muster_domain::{Archive, Publisher};

use super::{
    Change, Files, Moment,
    document::{
        Header, Listing, MetaFile, TargetEntry, Targets, check_signatures, check_signers, key_set, open, seal,
    },
    lint::Problem,
    lists::Lists,
    since,
    state::State,
};
use crate::{
    CatalogueEntry, Error, KeySet, ReleaseCustom, Result, SigningKey,
    catalogue::{shard_count, shard_index, shard_path},
    encode_shard, layout, sha256,
};

/// What a refresh writes, and what it could not take in.
#[derive(Debug)]
pub struct Refresh {
    pub change: Change,
    pub problems: Vec<Problem>,
}

/// Renews everything that the online key signs. Does nothing to roles of others.
pub fn refresh(files: &dyn Files, online: &SigningKey, moment: Moment) -> Result<Refresh> {
    renew(&State::open(files)?, Lists::default(), online, moment)
}

/// The newest catalogue role that the keys for it signed.
pub(super) fn signed_catalogue(state: &State<'_>) -> Result<Option<Targets>> {
    let delegations = state.top()?.delegations.unwrap_or_default();
    match delegations.find(layout::CATALOG_ROLE) {
        Some(role) => {
            state.targets_signed_by(layout::CATALOG_ROLE, &key_set(&delegations.keys, &role.signers)?)
        }
        None => Ok(None),
    }
}

/// Renews everything; `lists` are those that are other from now on.
pub(super) fn renew(state: &State<'_>, lists: Lists, online: &SigningKey, moment: Moment) -> Result<Refresh> {
    for role in ["snapshot", "timestamp"] {
        check_signers(role, &state.root.role(role)?, &[online])?;
    }
    let mut refresh = Refresh { change: Change::default(), problems: Vec::new() };
    let before = state.snapshot()?;
    let mut meta = before.as_ref().map(|listing| listing.meta.clone()).unwrap_or_default();
    let offline = state.root.role("targets")?;
    state.check_newest("targets", &offline)?;
    list(&mut meta, "targets", state.newest_version("targets").unwrap_or(1));
    let mut entries = BTreeMap::new();
    let delegated = state.delegated_by("targets")?;
    // Newcomers first, so that an admission of the same name by a shard has the last word.
    let order = |name: &str| u8::from(name.starts_with("shard-"));
    let mut roles: Vec<_> =
        delegated.into_iter().filter(|(role, _)| role.name != layout::CATALOG_ROLE).collect();
    roles.sort_by_key(|(role, _)| order(&role.name));
    for (role, keys) in roles {
        let admitted = role.name.starts_with("shard-");
        let mut run = Run { state, meta: &mut meta, problems: &mut refresh.problems, entries: &mut entries };
        if run.take_in(&role.name, keys).is_some() {
            run.take_in_publishers(&role.name, admitted)?;
        }
        if !admitted {
            run.renew_newcomers(&role.name, online, moment, &mut refresh.change)?;
        }
    }
    let entries: Vec<CatalogueEntry> = entries.into_values().flatten().collect();
    let signed = signed_catalogue(state)?;
    let newest = state.targets(layout::CATALOG_ROLE)?;
    refresh.problems.extend(lists.left_out(newest.as_ref(), signed.as_ref()));
    refresh.problems.extend(lists.unknown(&entries));
    let listed = Listed { entries, lists, signed };
    catalogue(state, &mut meta, listed, (online, moment), &mut refresh.change)?;
    let snapshot = snapshot(state, before, meta, (online, moment), &mut refresh.change)?;
    let version = state.timestamp()?.map_or(0, |timestamp| timestamp.header.version) + 1;
    let header = Header::new("timestamp", version, moment.now, moment.lifetimes.online)?;
    let pinned = BTreeMap::from([("snapshot.json".to_owned(), MetaFile { version: snapshot })]);
    let timestamp = seal(&Listing { header, meta: pinned }, &[online])?;
    refresh.change.metadata.push(("timestamp.json".to_owned(), timestamp));
    Ok(refresh)
}

struct Run<'a> {
    state: &'a State<'a>,
    meta: &'a mut BTreeMap<String, MetaFile>,
    problems: &'a mut Vec<Problem>,
    entries: &'a mut BTreeMap<Publisher, Vec<CatalogueEntry>>,
}

impl Run<'_> {
    /// Names the newest version of a role that its keys signed, if there is one newer than before.
    fn take_in(&mut self, role: &str, keys: Result<KeySet>) -> Option<Targets> {
        let newest = self.state.newest_version(role)?;
        let known = self.meta.get(&format!("{role}.json")).map_or(0, |meta| meta.version);
        let keys = match keys {
            Ok(keys) => keys,
            Err(error) => {
                self.problems.push(Problem::Refused { role: role.to_owned(), error });
                return None;
            }
        };
        for version in (known.max(1)..=newest).rev().take(100) {
            let read = self.state.bytes(role, version).and_then(|bytes| match bytes {
                None => Ok(None),
                Some(bytes) => {
                    check_signatures(role, &bytes, &keys)?;
                    open::<Targets>(role, &bytes).map(Some)
                }
            });
            match read {
                Ok(Some(document))
                    if document.header.version == version && document.header.kind == "targets" =>
                {
                    list(self.meta, role, version);
                    return Some(document);
                }
                Ok(Some(_)) => {
                    let error = Error::malformed(role, "the version or type is not that of the file name");
                    self.problems.push(Problem::Refused { role: role.to_owned(), error });
                }
                Ok(None) => {}
                Err(error) => self.problems.push(Problem::Refused { role: role.to_owned(), error }),
            }
        }
        None
    }

    fn take_in_publishers(&mut self, delegator: &str, admitted: bool) -> Result<()> {
        for (role, keys) in self.state.delegated_by(delegator)? {
            let name = role.name.strip_prefix("pub.").and_then(|name| name.parse::<Publisher>().ok());
            let (Some(publisher), Some(document)) = (name, self.take_in(&role.name, keys)) else { continue };
            let folder = layout::publisher_folder(&publisher);
            self.entries.insert(publisher, entries(&document, &folder, admitted, self.problems));
        }
        Ok(())
    }

    /// Newcomer roles are the online key's own: signed again when a quarter of their time is over.
    fn renew_newcomers(
        &mut self,
        role: &str,
        online: &SigningKey,
        moment: Moment,
        change: &mut Change,
    ) -> Result<()> {
        let Some(mut document) = self.state.targets(role)? else { return Ok(()) };
        let newest = document.header.version;
        let ours = self.state.check_newest(role, &KeySet::single(online.public())).is_ok();
        if ours && is_fresh(&document.header, moment.now, moment.lifetimes.newcomers) {
            return Ok(());
        }
        if !ours {
            document.delegations = None;
        }
        document.header.renew(moment.now, moment.lifetimes.newcomers)?;
        change.metadata.push((format!("{}.{role}.json", newest + 1), seal(&document, &[online])?));
        list(self.meta, role, newest + 1);
        Ok(())
    }
}

/// Catalogue entries of one publisher's role.
fn entries(
    document: &Targets,
    folder: &str,
    admitted: bool,
    problems: &mut Vec<Problem>,
) -> Vec<CatalogueEntry> {
    let mut packages: BTreeMap<String, Vec<(ReleaseCustom, Archive)>> = BTreeMap::new();
    for (path, target) in &document.targets {
        if !path.starts_with(folder) {
            problems.push(Problem::Outside { path: path.clone() });
            continue;
        }
        if !path.ends_with(".muster") {
            continue;
        }
        match (ReleaseCustom::from_custom(path, target.custom.as_ref()), target.sha256()) {
            (Ok(custom), Some(sha256)) => {
                let archive = Archive { sha256, size: target.length };
                packages.entry(custom.package.to_string()).or_default().push((custom, archive));
            }
            (Err(error), _) => problems.push(Problem::Refused { role: path.clone(), error }),
            (_, None) => {
                let error = Error::HashMismatch { file: path.clone() };
                problems.push(Problem::Refused { role: path.clone(), error });
            }
        }
    }
    packages.into_values().filter_map(|releases| CatalogueEntry::of(releases, admitted)).collect()
}

/// What the catalogue role lists.
struct Listed {
    entries: Vec<CatalogueEntry>,
    lists: Lists,
    signed: Option<Targets>,
}

fn catalogue(
    state: &State<'_>,
    meta: &mut BTreeMap<String, MetaFile>,
    listed: Listed,
    (online, moment): (&SigningKey, Moment),
    change: &mut Change,
) -> Result<()> {
    let delegations = state.top()?.delegations.unwrap_or_default();
    let Some(role) = delegations.find(layout::CATALOG_ROLE) else { return Ok(()) };
    check_signers(layout::CATALOG_ROLE, &key_set(&delegations.keys, &role.signers)?, &[online])?;
    let mut targets = listed.lists.targets(listed.signed.as_ref(), change);
    let versions = listed.entries.iter().map(|entry| entry.versions.len()).sum();
    let count = shard_count(listed.entries.len(), versions);
    let mut shards: Vec<Vec<CatalogueEntry>> = vec![Vec::new(); count];
    for entry in listed.entries {
        shards[shard_index(&entry.id, count)].push(entry);
    }
    for (index, shard) in shards.iter().enumerate() {
        let (path, bytes) = (shard_path(index, count), encode_shard(shard)?);
        let hash = sha256(&bytes);
        targets.insert(path.clone(), TargetEntry::new(bytes.len() as u64, &hash, None));
        change.targets.push((layout::file_path(&path, &hash), bytes));
    }
    targets.extend(since::changes(state, listed.signed.as_ref(), &targets, &shards, change)?);
    let before = state.targets(layout::CATALOG_ROLE)?;
    let lifetime = moment.lifetimes.catalog;
    let ours = state.check_newest(layout::CATALOG_ROLE, &KeySet::single(online.public())).is_ok();
    let fresh = ours
        && before
            .as_ref()
            .is_some_and(|old| old.targets == targets && is_fresh(&old.header, moment.now, lifetime));
    let newest = state.newest_version(layout::CATALOG_ROLE).unwrap_or(0);
    if fresh {
        list(meta, layout::CATALOG_ROLE, newest);
        return Ok(());
    }
    let mut document = Targets::new(newest + 1, moment.now, lifetime)?;
    document.targets = targets;
    change.put_large(format!("{}.{}.json", newest + 1, layout::CATALOG_ROLE), seal(&document, &[online])?);
    list(meta, layout::CATALOG_ROLE, newest + 1);
    Ok(())
}

/// The version of the snapshot from now on.
fn snapshot(
    state: &State<'_>,
    before: Option<Listing>,
    meta: BTreeMap<String, MetaFile>,
    (online, moment): (&SigningKey, Moment),
    change: &mut Change,
) -> Result<u64> {
    let lifetime = moment.lifetimes.online;
    if let Some(before) = before
        && before.meta == meta
        && is_fresh(&before.header, moment.now, lifetime)
    {
        return Ok(before.header.version);
    }
    let version = state.newest_version("snapshot").unwrap_or(0) + 1;
    let header = Header::new("snapshot", version, moment.now, lifetime)?;
    change.put_large(format!("{version}.snapshot.json"), seal(&Listing { header, meta }, &[online])?);
    Ok(version)
}

fn list(meta: &mut BTreeMap<String, MetaFile>, role: &str, version: u64) {
    let listed = meta.entry(format!("{role}.json")).or_insert(MetaFile { version });
    listed.version = listed.version.max(version);
}

/// Whether more than three quarters of the lifetime are left.
fn is_fresh(header: &Header, now: Timestamp, lifetime: SignedDuration) -> bool {
    header.expires().is_some_and(|expires| expires.duration_since(now) > lifetime * 3 / 4)
}
