//! A registry, a game's folder and an engine in one temporary folder.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use muster_domain::{
    ArtifactRef, JobId, Kind, ProfileId, PublishedName, Sha256, SourceId, Version, VersionRange,
};
use muster_engine::{ChangeRequest, Engine, EnginePlaces, JobView, Key, NewProfile, Phase, Senses, Wish};
use muster_fsx::{Dir, File};
use muster_package::{Limits, describe, pack, validate};
use muster_registry::{
    Display, KeySet, ReleaseCustom, SigningKey,
    author::{self, Admission, Change, Founding, Lifetimes, MemoryFiles, Moment, Publication},
    layout::Sibling,
    sha256,
};

use muster_store::{
    CatalogDb, StateDb,
    catalog::{Listing, Shard, ShardRef, Words},
    state::Sighting,
};

fn never() -> bool {
    false
}

fn signing(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32])
}

/// The keys of a name; `key` tells one name's old and new ones apart.
fn publisher_key(publisher: &str, key: u8) -> SigningKey {
    signing(publisher.bytes().fold(key, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte)))
}

/// A registry in a folder.
pub struct Registry {
    files: MemoryFiles,
    folder: PathBuf,
    /// What is signed now holds as long as this.
    pub lifetime: SignedDuration,
    admitted: BTreeMap<String, u8>,
}

impl Registry {
    pub fn new(folder: &Path) -> Self {
        let mut registry = Self {
            files: MemoryFiles::default(),
            folder: folder.to_owned(),
            lifetime: SignedDuration::from_hours(240),
            admitted: BTreeMap::new(),
        };
        let (offline, online) = (signing(1), signing(2));
        let set = KeySet::single(offline.public());
        let founding =
            Founding { root: &set, targets: &set, offline: &[&offline], online: &online, newcomers: false };
        let change = author::found(&founding, registry.moment()).expect("founded");
        registry.apply(&change);
        registry
    }

    fn moment(&self) -> Moment {
        Moment { now: Timestamp::now(), lifetimes: Lifetimes::all(self.lifetime) }
    }

    fn apply(&mut self, change: &Change) {
        self.files.apply(change);
        for (folder, files) in [("targets", &change.targets), ("metadata", &change.metadata)] {
            for (name, bytes) in files {
                put(&self.folder.join(folder).join(name), bytes);
            }
        }
    }

    pub fn root(&self) -> Sha256 {
        sha256(&self.files.all().0["1.root.json"])
    }

    pub fn source(&self) -> SourceId {
        SourceId::registry(&self.root())
    }

    pub fn key(&self, id: &str) -> Key {
        Key { source: self.source(), id: id.parse().expect("an id") }
    }

    pub fn wish(&self, id: &str) -> Wish {
        Wish { key: self.key(id), range: VersionRange::any(), sha256: None }
    }

    /// Gives a publisher these keys, whether it had others before or not.
    pub fn admit(&mut self, publisher: &str, key: u8) {
        let name = publisher.parse().expect("a publisher");
        let keys = KeySet::single(publisher_key(publisher, key).public());
        let moment = self.moment();
        let admitted =
            author::admit(&self.files, (&name, &keys), Admission::Recovery, &[&signing(1)], moment);
        self.apply(&admitted.expect("admitted"));
        self.admitted.insert(publisher.to_owned(), key);
    }

    /// Publishes a mod whose one file says its version.
    pub fn publish(&mut self, id: &str, version: &str, depends: &[&str]) {
        self.publish_with(id, version, depends, &[]);
    }

    /// The same with so many bytes more that cannot be compressed.
    pub fn publish_sized(&mut self, id: &str, version: &str, depends: &[&str], more: usize) {
        self.publish_with(id, version, depends, &[("sounds/noise.ogg", noise(more))]);
    }

    /// The same with more files in the mod's folder.
    pub fn publish_with(&mut self, id: &str, version: &str, depends: &[&str], files: &[(&str, Vec<u8>)]) {
        let name: PublishedName = id.parse().expect("a name");
        let publisher = name.publisher.to_string();
        if !self.admitted.contains_key(&publisher) {
            self.admit(&publisher, 0);
        }
        let (bytes, publication) = publication(&name, version, depends, files);
        let signer = publisher_key(&publisher, self.admitted[&publisher]);
        let moment = self.moment();
        let published = author::publish(&self.files, publication, &[&signer], moment).expect("published");
        self.apply(&published.change);
        put(&self.folder.join("targets").join(&published.archive_file), &bytes);
        self.refresh();
    }

    /// Signs snapshot, timestamp and catalogue anew.
    pub fn refresh(&mut self) {
        let refresh = author::refresh(&self.files, &signing(2), self.moment()).expect("refreshed");
        self.apply(&refresh.change);
    }
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// Bytes that look random.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ length as u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(next).collect()
}

fn publication(
    name: &PublishedName,
    version: &str,
    depends: &[&str],
    files: &[(&str, Vec<u8>)],
) -> (Vec<u8>, Publication) {
    let work = tempfile::tempdir().expect("a folder");
    let folder = name.package.to_string().replace('-', "_");
    let mut manifest = format!(
        "format: 1\nname: {name}\nversion: \"{version}\"\ntitle: {name}\nsummary: Made for a test.\nkind: mod\n\
         games:\n  - {{game: minetest}}\nlicense: MIT\nauthors: [Test]\n"
    );
    if !depends.is_empty() {
        manifest.push_str("depends:\n");
        let id = |text: &&str| format!("  - {{package: {}}}\n", text.split('?').next().unwrap_or(text));
        manifest.extend(depends.iter().map(id));
    }
    // `id?feature` is needed for this feature only, which is on by itself where it ends in `!`.
    let features: Vec<_> = depends.iter().filter_map(|text| text.split_once('?')).collect();
    manifest.push_str(if features.is_empty() { "" } else { "features:\n" });
    manifest.extend(features.into_iter().map(|(id, feature)| {
        let (name, on) = (feature.trim_end_matches('!'), feature.ends_with('!'));
        format!("  - {{id: {name}, title: The {name}, default: {on}, depends: [{id}]}}\n")
    }));
    if files.iter().any(|(path, _)| *path == "settings.conf") {
        manifest.push_str("config: ['**/settings.conf']\n");
    }
    put(&work.path().join("in/manifest.yaml"), manifest.as_bytes());
    put(&work.path().join(format!("in/files/{folder}/mod.conf")), format!("name = {folder}\n").as_bytes());
    put(&work.path().join(format!("in/files/{folder}/init.lua")), format!("-- {version}\n").as_bytes());
    for (path, bytes) in files {
        put(&work.path().join("in/files").join(&folder).join(path), bytes);
    }
    let (input, output) = (
        Dir::open_ambient(&work.path().join("in")).expect("a folder"),
        Dir::open_ambient(work.path()).expect("a folder"),
    );
    let packed = pack(&input, &output, &never).expect("packed");
    let path = work.path().join(&packed.file_name);
    let file = File::open_ambient(&path).expect("a file");
    let package = validate(&file, &Limits::default()).expect("valid");
    let description = describe(&file, &package, &never).expect("described");
    let manifest = packed.manifest.clone();
    let artifact =
        ArtifactRef { sha256: packed.manifest_sha256, size: package.manifest_bytes().len() as u64 };
    let unpacked_size = manifest.unpacked_size();
    let custom = ReleaseCustom {
        torrent: Some(description.torrent.torrent()),
        unpacked_size,
        games: manifest.games,
        depends: manifest.depends,
        features: manifest.features,
        license: manifest.license,
        display: Display { title: manifest.title, summary: manifest.summary, ..Display::default() },
        ..ReleaseCustom::new(name.clone(), manifest.version, Kind(Kind::MOD.into()), artifact)
    };
    let siblings = BTreeMap::from([
        (Sibling::Manifest, package.manifest_bytes().to_vec()),
        (Sibling::BlockList, description.block_list.to_bytes()),
        (Sibling::EntryMap, description.entry_map.expect("a package has one").to_bytes()),
        (Sibling::TorrentFile, description.torrent.metainfo()),
    ]);
    let archive = description.archive;
    (fs::read(path).expect("bytes"), Publication { description: custom, archive, siblings })
}

/// A home with a game's folder and a registry.
pub struct World {
    pub folder: tempfile::TempDir,
    pub registry: Registry,
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let registry = Registry::new(&folder.path().join("registry"));
        fs::create_dir_all(folder.path().join("game/mods")).expect("a folder");
        fs::create_dir_all(folder.path().join("game/worlds")).expect("a folder");
        Self { folder, registry }
    }

    /// An engine that is not started yet, on a machine about which nothing is known.
    pub async fn open(&self) -> Engine {
        self.open_on(Senses::blind()).await
    }

    /// The same, on the machine that the senses tell of.
    pub async fn open_on(&self, senses: Senses) -> Engine {
        let home = self.folder.path();
        let places = EnginePlaces {
            state: home.join("state"),
            cache: home.join("cache"),
            config: home.join("config"),
        };
        Engine::open(places, senses).await.expect("opens")
    }

    /// A started engine that trusts the registry, and its profile.
    pub async fn engine(&self) -> (Engine, ProfileId) {
        self.engine_on(Senses::blind()).await
    }

    /// The same, on the machine that the senses tell of.
    pub async fn engine_on(&self, senses: Senses) -> (Engine, ProfileId) {
        let engine = self.open_on(senses).await;
        engine.start().await;
        let address = self.folder.path().join("registry");
        let (_, job) = engine
            .add_source(address.to_str().expect("text"), None, Some(self.registry.root()))
            .await
            .expect("a source");
        assert_eq!(ended(&engine, job).await.phase, Phase::Done);
        let profile = self.profile(&engine, "first").await;
        (engine, profile)
    }

    pub async fn profile(&self, engine: &Engine, name: &str) -> ProfileId {
        let new = NewProfile {
            name: name.into(),
            game: "minetest".parse().expect("a game"),
            installation: None,
            folder: Some(self.folder.path().join("game")),
        };
        engine.create_profile(new).await.expect("a profile")
    }

    /// What a mod's file says, if it is placed.
    pub fn placed(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.path().join("game/mods").join(name).join("init.lua")).ok()
    }

    /// The file of an archive in the cache.
    pub fn cached(&self, sha256: &Sha256) -> PathBuf {
        let name = sha256.to_string();
        self.folder.path().join("cache/packages/archives").join(&name[..2]).join(name)
    }

    /// Other bytes under the same size and time, as a disk may do it.
    pub fn damage(&self, sha256: &Sha256) {
        let path = self.cached(sha256);
        let modified = fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time");
        let mut bytes = fs::read(&path).expect("kept");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::remove_file(&path).expect("removed");
        put(&path, &bytes);
        let file = fs::File::options().write(true).open(&path).expect("a file");
        file.set_modified(modified).expect("a time");
    }

    /// Changes the index of the cache, as if it had been written so. Needs a closed engine.
    pub fn edit_index(&self, change: impl FnOnce(&mut serde_json::Value)) {
        let path = self.folder.path().join("cache/packages/index");
        let text = fs::read_to_string(&path).expect("an index");
        let (_, body) = text.split_once('\n').expect("two parts");
        let mut document = serde_json::from_str(body).expect("JSON");
        change(&mut document);
        let body = document.to_string();
        put(&path, format!("{}\n{body}", sha256(body.as_bytes())).as_bytes());
    }

    /// As if the run before had been killed. Needs a closed engine.
    pub fn was_killed(&self) {
        self.edit_index(|index| index["clean"] = false.into());
    }

    /// As if nothing had been used for this long. Needs a closed engine.
    pub fn nothing_used_for(&self, time: SignedDuration) {
        let then = (Timestamp::now() - time).to_string();
        self.edit_index(|index| {
            let archives = index["archives"].as_object_mut().expect("archives");
            archives.values_mut().for_each(|archive| archive["last_used"] = then.clone().into());
        });
    }

    /// Writes a value of the settings table. Needs a closed engine.
    pub async fn set(&self, key: &str, value: serde_json::Value) {
        let database = StateDb::open(&self.folder.path().join("state/state.db")).expect("opens");
        database.settings().set(key, value, Timestamp::now()).await.expect("written");
    }

    pub async fn sync(&self, engine: &Engine) {
        let job = engine.sync_source(&self.registry.source()).await.expect("a job");
        assert_eq!(ended(engine, job).await.phase, Phase::Done);
    }

    /// As if the version had been seen with other bytes before. Needs a closed engine.
    pub async fn saw_other_bytes(&self, id: &str, version: &str) {
        let state = self.folder.path().join("state");
        Dir::create_ambient_private(&state).expect("a folder");
        let database = StateDb::open(&state.join("state.db")).expect("opens");
        let (key, version) = (self.registry.key(id), Version::semver(version).expect("a version"));
        let sighting = database.first_seen().observe(
            (&key.source, &key.id, &version),
            Sha256([7; 32]),
            Timestamp::now(),
        );
        assert_eq!(sighting.await.expect("observed"), Sighting::New);
    }

    /// Lets an unfinished job claim that it was deploying as this number. Needs a closed engine.
    pub async fn claim_sequence(&self, job: JobId, sequence: u64) {
        let database = StateDb::open(&self.folder.path().join("state/state.db")).expect("opens");
        let mut progress = database.jobs().get(job).await.expect("read").expect("recorded").progress;
        progress["sequence"] = sequence.into();
        database.jobs().advance(job, "deploying", progress, Timestamp::now()).await.expect("written");
    }

    /// Makes the browse catalogue show one package only, with another licence than its publisher signed: what whoever
    /// has the online key can do. Needs a closed engine.
    pub async fn lie_about(&self, id: &str) {
        let database = CatalogDb::open(&self.folder.path().join("cache/catalog.db")).expect("opens");
        let key = self.registry.key(id);
        let shown = database.package(&key.source, &key.id).await.expect("read").expect("listed");
        let mut releases = shown.releases;
        releases[0].license = Some("LicenseRef-other".into());
        let row = shown.package;
        let listing = Listing {
            id: row.id,
            publisher: row.publisher,
            name: row.name,
            title: row.title,
            summary: row.summary,
            kind: row.kind,
            license: row.license,
            version: row.version,
            channel: row.channel,
            side: row.side,
            size: row.size,
            updated: row.updated,
            published: row.published,
            downloads: row.downloads,
            games: row.games,
            tags: row.tags,
            detail: shown.detail,
            facets: Vec::new(),
            words: Words::default(),
            releases,
        };
        let shards = database.shards(&key.source).await.expect("read");
        let (path, sha256) = shards.into_iter().next().expect("a shard");
        let shard = ShardRef { source: key.source, path, sha256 };
        let shard = Shard { shard, listings: vec![listing] };
        database.replace_shard(shard, Timestamp::now()).await.expect("written");
    }

    pub fn install(&self, id: &str) -> ChangeRequest {
        ChangeRequest { install: vec![self.registry.wish(id)], ..ChangeRequest::default() }
    }
}

/// What comes of looking again and again.
pub async fn wait<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited too long for {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The job when it has ended.
pub async fn ended(engine: &Engine, job: JobId) -> JobView {
    until(engine, job, |view| view.phase.is_end()).await
}

/// The job when it is as wanted.
pub async fn until(engine: &Engine, job: JobId, wanted: impl Fn(&JobView) -> bool) -> JobView {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let view = engine.job(job).expect("on the board");
        if wanted(&view) {
            return view;
        }
        assert!(Instant::now() < deadline, "{view:?}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Carries a change out and gives how it ended: the code of its problem, or "done".
pub async fn carry_out(engine: &Engine, profile: ProfileId, request: ChangeRequest) -> String {
    let (_, job) = engine.change(Some(profile), request).await.expect("asked");
    outcome(engine, job).await
}

pub async fn outcome(engine: &Engine, job: JobId) -> String {
    let view = ended(engine, job).await;
    view.problem.map_or_else(|| view.phase.as_str().to_owned(), |problem| problem.reason.code)
}
