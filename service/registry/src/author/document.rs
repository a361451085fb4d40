//! TUF metadata as it is written (specification 1.0.34 §4), and sealing it with keys.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use crate::{Error, KeySet, PublicKey, Result, SigningKey, envelope, json};

const SPEC_VERSION: &str = "1.0.34";

/// What every role begins with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Header {
    #[serde(rename = "_type")]
    pub kind: String,
    pub spec_version: String,
    pub version: u64,
    /// Whole seconds, as python-tuf insists.
    pub expires: String,
}

impl Header {
    pub fn new(kind: &str, version: u64, now: Timestamp, lifetime: SignedDuration) -> Result<Self> {
        let mut header = Self {
            kind: kind.into(),
            spec_version: SPEC_VERSION.into(),
            version: version - 1,
            expires: String::new(),
        };
        header.renew(now, lifetime)?;
        Ok(header)
    }

    /// The next version, valid from now on.
    pub fn renew(&mut self, now: Timestamp, lifetime: SignedDuration) -> Result<()> {
        let expires =
            now.checked_add(lifetime).map_err(|error| Error::malformed("expiry", error.to_string()))?;
        self.expires = expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        self.version += 1;
        SPEC_VERSION.clone_into(&mut self.spec_version);
        Ok(())
    }

    pub fn expires(&self) -> Option<Timestamp> {
        self.expires.parse().ok()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RoleKeys {
    pub keyids: Vec<String>,
    pub threshold: u32,
}

impl RoleKeys {
    pub fn of(keys: &KeySet) -> Self {
        Self { keyids: keys.keys().map(PublicKey::key_id).collect(), threshold: keys.threshold() }
    }
}

/// Key id → key object.
pub(super) type KeyTable = BTreeMap<String, Value>;

pub(super) fn add_keys(table: &mut KeyTable, keys: &KeySet) {
    table.extend(keys.keys().map(|key| (key.key_id(), key.to_tuf())));
}

/// The key set that a table and a role describe; Ed25519 only.
pub(super) fn key_set(table: &KeyTable, role: &RoleKeys) -> Result<KeySet> {
    let key = |id: &String| {
        let text = table.get(id).and_then(|key| key["keyval"]["public"].as_str());
        PublicKey::from_hex(text.ok_or_else(|| Error::key(format!("key {id} is not listed")))?)
    };
    KeySet::new(role.keyids.iter().map(key).collect::<Result<Vec<_>>>()?, role.threshold)
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Root {
    #[serde(flatten)]
    pub header: Header,
    pub consistent_snapshot: bool,
    pub keys: KeyTable,
    pub roles: BTreeMap<String, RoleKeys>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Root {
    pub fn role(&self, name: &str) -> Result<KeySet> {
        let role =
            self.roles.get(name).ok_or_else(|| Error::layout("root", format!("it has no role {name}")))?;
        key_set(&self.keys, role)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct MetaFile {
    pub version: u64,
}

/// Snapshot and timestamp: names and versions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Listing {
    #[serde(flatten)]
    pub header: Header,
    pub meta: BTreeMap<String, MetaFile>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TargetEntry {
    pub length: u64,
    pub hashes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<Value>,
}

impl TargetEntry {
    pub fn new(length: u64, sha256: &muster_domain::Sha256, custom: Option<Value>) -> Self {
        Self { length, hashes: BTreeMap::from([("sha256".to_owned(), sha256.to_string())]), custom }
    }

    pub fn sha256(&self) -> Option<muster_domain::Sha256> {
        self.hashes.get("sha256")?.parse().ok()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct DelegatedRole {
    pub name: String,
    #[serde(flatten)]
    pub signers: RoleKeys,
    pub terminating: bool,
    pub paths: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Delegations {
    pub keys: KeyTable,
    pub roles: Vec<DelegatedRole>,
}

impl Delegations {
    pub fn find(&self, role: &str) -> Option<&DelegatedRole> {
        self.roles.iter().find(|entry| entry.name == role)
    }

    /// Drops keys that no role names any more.
    pub fn tidy(&mut self) {
        let used: std::collections::BTreeSet<&String> =
            self.roles.iter().flat_map(|r| &r.signers.keyids).collect();
        let unused: Vec<String> = self.keys.keys().filter(|id| !used.contains(id)).cloned().collect();
        for id in unused {
            self.keys.remove(&id);
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Targets {
    #[serde(flatten)]
    pub header: Header,
    pub targets: BTreeMap<String, TargetEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegations: Option<Delegations>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Targets {
    pub fn new(version: u64, now: Timestamp, lifetime: SignedDuration) -> Result<Self> {
        let header = Header::new("targets", version, now, lifetime)?;
        Ok(Self { header, targets: BTreeMap::new(), delegations: None, extra: Map::new() })
    }
}

/// A metadata file: the document and its signatures.
pub(super) fn seal<T: Serialize>(document: &T, keys: &[&SigningKey]) -> Result<Vec<u8>> {
    let refuse = |why: String| Error::malformed("metadata", why);
    let signed = serde_json::to_value(document).map_err(|error| refuse(error.to_string()))?;
    let message = json::canonical(&signed).map_err(|error| refuse(error.to_string()))?;
    let mut signatures: Vec<Value> = keys
        .iter()
        .map(|key| json!({ "keyid": key.public().key_id(), "sig": hex::encode(key.sign(&message)) }))
        .collect();
    signatures.sort_by_key(|signature| signature["keyid"].to_string());
    serde_json::to_vec(&json!({ "signatures": signatures, "signed": signed }))
        .map_err(|error| refuse(error.to_string()))
}

/// Reads the document of a metadata file without looking at its signatures.
pub(super) fn open<T: DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T> {
    #[derive(Deserialize)]
    struct File<T> {
        signed: T,
    }
    json::parse::<File<T>>(bytes)
        .map(|file| file.signed)
        .map_err(|error| Error::malformed(name, error.to_string()))
}

/// Whether enough keys of the set signed the metadata file.
pub(super) fn check_signatures(role: &str, bytes: &[u8], keys: &KeySet) -> Result<()> {
    let file: Value = json::parse(bytes).map_err(|error| Error::malformed(role, error.to_string()))?;
    let message =
        json::canonical(&file["signed"]).map_err(|error| Error::malformed(role, error.to_string()))?;
    let none = Vec::new();
    let signatures = file["signatures"].as_array().unwrap_or(&none);
    let valid = envelope::count_valid(signatures, &message, keys);
    if valid < keys.threshold() as usize {
        let why = format!("{valid} of {} needed signatures are valid", keys.threshold());
        return Err(Error::Signature { role: role.to_owned(), why });
    }
    Ok(())
}

/// Refuses to sign with keys that the role does not have, or with too few.
pub(super) fn check_signers(role: &str, keys: &KeySet, signers: &[&SigningKey]) -> Result<()> {
    let mut distinct: Vec<PublicKey> = signers.iter().map(|key| key.public()).collect();
    distinct.sort();
    distinct.dedup();
    let fits = distinct.iter().all(|key| keys.contains(key)) && distinct.len() >= keys.threshold() as usize;
    if fits { Ok(()) } else { Err(Error::WrongKey { role: role.to_owned() }) }
}
