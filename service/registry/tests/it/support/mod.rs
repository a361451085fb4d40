//! A small registry in memory, with every key at hand, and the means to damage it.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};
use muster_domain::{Archive, ArtifactRef, Kind, PublishedName, Publisher, Version};
use muster_registry::{
    Client, KeySet, MemoryRepository, MemoryStore, ReleaseCustom, SigningKey,
    author::{
        Admission, Change, Files, Founding, Lifetimes, MemoryFiles, Moment, Publication, Refresh, admit,
        found, introduce, publish, refresh,
    },
    json,
    layout::Sibling,
    sha256,
};
use serde_json::{Value, json};

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// When every world begins.
pub fn start() -> Timestamp {
    at("2026-11-01T00:00:00Z")
}

pub fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32])
}

pub struct World {
    pub files: Arc<MemoryFiles>,
    pub repository: Arc<MemoryRepository>,
    pub store: Arc<MemoryStore>,
    pub offline: SigningKey,
    pub online: SigningKey,
    pub lifetimes: Lifetimes,
    pub now: Timestamp,
}

impl World {
    pub fn new() -> Self {
        Self::with(Lifetimes::default())
    }

    pub fn with(lifetimes: Lifetimes) -> Self {
        let world = Self {
            files: Arc::default(),
            repository: Arc::default(),
            store: Arc::default(),
            offline: key(1),
            online: key(2),
            lifetimes,
            now: start(),
        };
        let offline = KeySet::single(world.offline.public());
        let founding = Founding {
            root: &offline,
            targets: &offline,
            offline: &[&world.offline],
            online: &world.online,
            newcomers: true,
        };
        let change = found(&founding, world.moment()).unwrap();
        world.apply(&change);
        world
    }

    pub fn moment(&self) -> Moment {
        Moment { now: self.now, lifetimes: self.lifetimes }
    }

    /// Writes and serves a change.
    pub fn apply(&self, change: &Change) {
        self.files.apply(change);
        for (name, bytes) in &change.metadata {
            self.repository.put_metadata(name, bytes.clone());
        }
        for (name, bytes) in &change.targets {
            self.repository.put_target(name, bytes.clone());
        }
    }

    pub fn root(&self) -> Vec<u8> {
        self.files.metadata("1.root.json").unwrap().unwrap()
    }

    pub fn admit(&self, publisher: &str, key: &SigningKey) {
        let keys = KeySet::single(key.public());
        let publisher: Publisher = publisher.parse().unwrap();
        let change =
            admit(&self.files, (&publisher, &keys), Admission::First, &[&self.offline], self.moment());
        self.apply(&change.unwrap());
    }

    pub fn introduce(&self, publisher: &str, key: &SigningKey) {
        let keys = KeySet::single(key.public());
        let publisher: Publisher = publisher.parse().unwrap();
        let change = introduce(&self.files, (&publisher, &keys), &self.online, self.moment());
        self.apply(&change.unwrap());
    }

    pub fn publish(&self, name: &str, version: &str, key: &SigningKey) {
        let publication = publication(name, version, b"");
        let published = publish(&self.files, publication, &[key], self.moment()).unwrap();
        let bytes = archive_bytes(name, version, b"");
        self.files.put_target(&published.archive_file, bytes.clone());
        self.repository.put_target(&published.archive_file, bytes);
        self.apply(&published.change);
    }

    pub fn refresh(&self) -> Refresh {
        let refreshed = refresh(&self.files, &self.online, self.moment()).unwrap();
        self.apply(&refreshed.change);
        refreshed
    }

    /// Two publishers with one package each, signed and listed.
    pub fn usual() -> Self {
        let world = Self::new();
        for (publisher, seed) in [("alice", 11), ("bobby", 12)] {
            world.admit(publisher, &key(seed));
            world.publish(&format!("{publisher}/trees"), "1.0.0", &key(seed));
        }
        assert!(world.refresh().problems.is_empty());
        world
    }

    pub async fn client(&self) -> Client {
        Client::open(&self.root(), self.repository.clone(), self.store.clone()).await.unwrap()
    }

    /// A client with an empty store.
    pub async fn fresh_client(&self) -> Client {
        Client::open(&self.root(), self.repository.clone(), Arc::new(MemoryStore::default())).await.unwrap()
    }

    /// The served bytes of a metadata file.
    pub fn served(&self, name: &str) -> Vec<u8> {
        self.files.metadata(name).unwrap().unwrap()
    }

    /// Serves a metadata file, changed by `edit` and signed by `keys`, under `name`; also for the author.
    pub fn forge(&self, from: &str, name: &str, keys: &[&SigningKey], edit: impl FnOnce(&mut Value)) {
        let mut file: Value = serde_json::from_slice(&self.served(from)).unwrap();
        edit(&mut file["signed"]);
        let bytes = seal(&file["signed"], keys);
        self.apply(&Change { targets: Vec::new(), metadata: vec![(name.to_owned(), bytes)] });
    }

    /// Lets the online key sign a snapshot and timestamp with these versions, whatever they are.
    pub fn sign_online(&self, edit: impl FnOnce(&mut Value)) {
        static VERSION: AtomicU64 = AtomicU64::new(1000);
        let version = VERSION.fetch_add(1, Ordering::Relaxed);
        let timestamp: Value = serde_json::from_slice(&self.served("timestamp.json")).unwrap();
        let known = timestamp["signed"]["meta"]["snapshot.json"]["version"].as_u64().unwrap();
        self.forge(
            &format!("{known}.snapshot.json"),
            &format!("{version}.snapshot.json"),
            &[&self.online],
            |signed| {
                signed["version"] = version.into();
                edit(&mut signed["meta"]);
            },
        );
        self.forge("timestamp.json", "timestamp.json", &[&self.online], |signed| {
            signed["version"] = version.into();
            signed["meta"]["snapshot.json"]["version"] = version.into();
        });
    }
}

pub fn seal(signed: &Value, keys: &[&SigningKey]) -> Vec<u8> {
    let message = json::canonical(signed).unwrap();
    let signatures: Vec<Value> = keys
        .iter()
        .map(|key| json!({ "keyid": key.public().key_id(), "sig": hex::encode(key.sign(&message)) }))
        .collect();
    serde_json::to_vec(&json!({ "signatures": signatures, "signed": signed })).unwrap()
}

pub fn name(text: &str) -> PublishedName {
    text.parse().unwrap()
}

pub fn archive_bytes(name: &str, version: &str, salt: &[u8]) -> Vec<u8> {
    [name.as_bytes(), version.as_bytes(), salt].concat()
}

pub fn publication(package: &str, version: &str, salt: &[u8]) -> Publication {
    let bytes = archive_bytes(package, version, salt);
    let manifest = ArtifactRef { sha256: sha256(b""), size: 0 };
    let version = Version::semver(version).unwrap();
    let mut description = ReleaseCustom::new(name(package), version, Kind(Kind::MOD.into()), manifest);
    description.display.title = format!("The title of {package}");
    Publication {
        description,
        archive: Archive { sha256: sha256(&bytes), size: bytes.len() as u64 },
        siblings: BTreeMap::from([(Sibling::Manifest, format!("name: {package}\n").into_bytes())]),
    }
}

pub fn code<T: std::fmt::Debug>(result: muster_registry::Result<T>) -> &'static str {
    use muster_domain::Coded;
    result.expect_err("must be refused").code()
}
