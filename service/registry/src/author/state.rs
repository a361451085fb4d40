//! A registry's newest files, by role.

use std::collections::BTreeMap;

use muster_domain::Publisher;

use super::{
    Files,
    document::{DelegatedRole, Listing, Root, Targets, check_signatures, key_set, open},
};
use crate::{Error, KeySet, Result, layout};

/// How many older versions are tried when the newest is not signed as it should be.
const MAX_STEPS_BACK: usize = 100;

/// File names with higher versions are not ours: nobody signs that often, and the next number must exist.
const MAX_VERSION: u64 = 1 << 53;

/// The author's view: the newest version of every role, whether the snapshot has it yet or not.
pub(super) struct State<'a> {
    files: &'a dyn Files,
    newest: BTreeMap<String, u64>,
    pub root: Root,
}

impl<'a> State<'a> {
    pub fn open(files: &'a dyn Files) -> Result<Self> {
        let mut newest = BTreeMap::new();
        for name in files.metadata_names().map_err(Error::Store)? {
            let Some((version, role)) = split(&name) else { continue };
            let known = newest.entry(role.to_owned()).or_insert(version);
            *known = version.max(*known);
        }
        let version = *newest.get("root").ok_or(Error::NotRefreshed)?;
        let root = read(files, "root", version)?.ok_or(Error::NotRefreshed)?;
        Ok(Self { files, newest, root })
    }

    pub fn newest_version(&self, role: &str) -> Option<u64> {
        self.newest.get(role).copied()
    }

    /// The newest version of a targets role that enough of these keys signed. An author signs again what was there
    /// before: whatever somebody else put into the folder must not get the author's signature.
    pub fn targets_signed_by(&self, role: &str, keys: &KeySet) -> Result<Option<Targets>> {
        let newest = self.newest_version(role).unwrap_or(0);
        for version in (1..=newest).rev().take(MAX_STEPS_BACK) {
            let Some(bytes) = self.bytes(role, version)? else { continue };
            if check_signatures(role, &bytes, keys).is_ok() {
                return open(role, &bytes).map(Some);
            }
        }
        Ok(None)
    }

    /// The newest version of a targets role.
    pub fn targets(&self, role: &str) -> Result<Option<Targets>> {
        match self.newest_version(role) {
            Some(version) => read(self.files, role, version),
            None => Ok(None),
        }
    }

    /// Refuses to build on a newest version that the keys did not sign.
    pub fn check_newest(&self, role: &str, keys: &KeySet) -> Result<()> {
        let Some(version) = self.newest_version(role) else { return Ok(()) };
        let Some(bytes) = self.bytes(role, version)? else { return Ok(()) };
        check_signatures(role, &bytes, keys)
    }

    pub fn bytes(&self, role: &str, version: u64) -> Result<Option<Vec<u8>>> {
        self.files.metadata(&format!("{version}.{role}.json")).map_err(Error::Store)
    }

    /// The bytes of a small target file.
    pub fn target_bytes(&self, file: &str, max_length: u64) -> Result<Option<Vec<u8>>> {
        self.files.target_bytes(file, max_length).map_err(Error::Store)
    }

    pub fn top(&self) -> Result<Targets> {
        self.targets("targets")?.ok_or_else(|| Error::MissingFile { file: "targets.json".into() })
    }

    /// The snapshot that the timestamp names, if both are signed by the keys of now.
    pub fn snapshot(&self) -> Result<Option<Listing>> {
        let Some(timestamp) = self.timestamp()? else { return Ok(None) };
        let Some(meta) = timestamp.meta.get("snapshot.json") else { return Ok(None) };
        let bytes = self.bytes("snapshot", meta.version)?;
        self.listing("snapshot", bytes)
    }

    /// The timestamp, if it is signed by the key of now. What an earlier key signed, clients forget with that key.
    pub fn timestamp(&self) -> Result<Option<Listing>> {
        let bytes = self.files.metadata("timestamp.json").map_err(Error::Store)?;
        self.listing("timestamp", bytes)
    }

    fn listing(&self, role: &str, bytes: Option<Vec<u8>>) -> Result<Option<Listing>> {
        let keys = self.root.role(role)?;
        let signed = bytes.filter(|bytes| check_signatures(role, bytes, &keys).is_ok());
        signed.map(|bytes| open(role, &bytes)).transpose()
    }

    /// The role that empowers a publisher, and the keys it names: the shard before the newcomers.
    pub fn admission(&self, publisher: &Publisher) -> Result<Option<(String, KeySet)>> {
        let role = layout::publisher_role(publisher);
        for delegator in [layout::shard_role(publisher), layout::new_role(publisher)] {
            let Some(document) = self.targets(&delegator)? else { continue };
            let Some(delegations) = document.delegations else { continue };
            if let Some(entry) = delegations.find(&role) {
                return Ok(Some((delegator, key_set(&delegations.keys, &entry.signers)?)));
            }
        }
        Ok(None)
    }

    /// The roles that a role of a given prefix among the delegations of `targets` delegates to.
    pub fn delegated_by(&self, role: &str) -> Result<Vec<(DelegatedRole, Result<KeySet>)>> {
        let Some(delegations) = self.targets(role)?.and_then(|document| document.delegations) else {
            return Ok(Vec::new());
        };
        let with_keys = |entry: &DelegatedRole| (entry.clone(), key_set(&delegations.keys, &entry.signers));
        Ok(delegations.roles.iter().map(with_keys).collect())
    }
}

fn read<T: serde::de::DeserializeOwned>(files: &dyn Files, role: &str, version: u64) -> Result<Option<T>> {
    let name = format!("{version}.{role}.json");
    let bytes = files.metadata(&name).map_err(Error::Store)?;
    bytes.map(|bytes| open(&name, &bytes)).transpose()
}

/// `12.pub.alice.json` → 12 and `pub.alice`.
fn split(name: &str) -> Option<(u64, &str)> {
    let (version, role) = name.strip_suffix(".json")?.split_once('.')?;
    let plain = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || !layout::is_known_role(role) {
        return None;
    }
    version.parse().ok().filter(|version| *version < MAX_VERSION).map(|version| (version, role))
}
