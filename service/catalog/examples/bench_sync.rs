//! What a catalogue of 100,000 packages costs: fetched whole, and after a day on which 0.5 % of it changed.
//!
//! `bench_sync INDEX [PACKAGES] [VERSIONS] [FOLDER]`: with a folder the registry is written there, and nothing else. Titles,
//! summaries and tags are those of a CKAN index, again and again; the registry is made by the authoring code, with 1,000 publishers.

#![allow(clippy::disallowed_methods, reason = "a benchmark writes its files plainly")]

use std::{collections::BTreeMap, error::Error, fs, path::Path, sync::Arc, time::Instant};

use jiff::{SignedDuration, Timestamp};
use muster_catalog::{
    Address, Catalog, CkanSource, IndexAddress, PackageRow, Patience, Query, RegistrySource, SearchContext,
};
use muster_domain::{Archive, ArtifactRef, Channel, GameSupport, Kind, PublishedName, Publisher, Version};
use muster_registry::{
    KeySet, MemoryRepository, ReleaseCustom, SigningKey,
    author::{self, Admission, Change, Founding, Lifetimes, MemoryFiles, Moment},
    json::canonical,
    layout, sha256,
};
use muster_store::{CatalogDb, StateDb};
use serde_json::{Value, json};

/// The service's (decision 0036): what is measured here is its work.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PUBLISHERS: usize = 1_000;

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn moment() -> Moment {
    Moment { now: now(), lifetimes: Lifetimes::all(SignedDuration::from_hours(240)) }
}

fn key(seed: u64) -> SigningKey {
    SigningKey::from_seed(sha256(&seed.to_le_bytes()).0)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Seconds of processor time of this process.
fn processor() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// A registry that is served from memory.
struct World {
    files: MemoryFiles,
    repository: Arc<MemoryRepository>,
    /// What people read of real packages.
    real: Vec<PackageRow>,
    packages: usize,
    versions: usize,
}

impl World {
    fn apply(&self, change: &Change) {
        self.files.apply(change);
        change.metadata.iter().for_each(|(name, bytes)| self.repository.put_metadata(name, bytes.clone()));
        change.targets.iter().for_each(|(name, bytes)| self.repository.put_target(name, bytes.clone()));
    }

    fn publisher(number: usize) -> Publisher {
        format!("publisher{number}").parse().expect("a name")
    }

    fn found(&self) -> Result<(), Box<dyn Error>> {
        let (offline, online) = (key(1), key(2));
        let set = KeySet::single(offline.public());
        let founding =
            Founding { root: &set, targets: &set, offline: &[&offline], online: &online, newcomers: false };
        self.apply(&author::found(&founding, moment())?);
        for number in 0..PUBLISHERS {
            let keys = KeySet::single(key(100 + number as u64).public());
            let who = (&Self::publisher(number), &keys);
            self.apply(&author::admit(&self.files, who, Admission::First, &[&offline], moment())?);
        }
        Ok(())
    }

    /// One package as its publisher signs it; `day` counts how often it was published anew.
    fn targets(&self, package: usize, day: usize) -> Result<Vec<(String, Value)>, Box<dyn Error>> {
        let like = &self.real[package % self.real.len()];
        let publisher = Self::publisher(package % PUBLISHERS);
        let name: PublishedName = format!("{publisher}/package{package}").parse()?;
        let mut targets = Vec::new();
        for number in 0..self.versions + day {
            let version = Version::semver(&format!("1.{number}.0"))?;
            let hash = sha256(format!("{name} {version}").as_bytes());
            let manifest = ArtifactRef { sha256: sha256(&hash.0), size: 400 };
            let mut custom =
                ReleaseCustom::new(name.clone(), version.clone(), Kind(Kind::MOD.into()), manifest);
            custom.display.title = format!("{} {package}", like.title);
            custom.display.summary = like.summary.clone();
            custom.display.tags = like.tags.clone();
            custom.license = like.license.clone();
            custom.channel = Channel::Stable;
            custom.published =
                Timestamp::from_second(1_700_000_000 + (package * 977 + number * 86_400) as i64).ok();
            custom.games = vec![GameSupport { game: "ksp".parse()?, version: "^1.8".parse()? }];
            let archive = Archive { sha256: hash, size: 1_000 + (package as u64 * 7919) % 50_000_000 };
            let entry = json!({
                "length": archive.size,
                "hashes": { "sha256": archive.sha256.to_string() },
                "custom": custom.to_custom(),
            });
            targets.push((layout::archive_path(&name, &version), entry));
        }
        Ok(targets)
    }

    /// The role of a publisher with all its packages, signed.
    fn sign(
        &self,
        number: usize,
        version: u64,
        changed: &BTreeMap<usize, usize>,
    ) -> Result<(), Box<dyn Error>> {
        let mut targets = serde_json::Map::new();
        for package in (number..self.packages).step_by(PUBLISHERS) {
            targets.extend(self.targets(package, changed.get(&package).copied().unwrap_or(0))?);
        }
        let signed = json!({
            "_type": "targets", "spec_version": "1.0.34", "version": version,
            "expires": "2037-01-01T00:00:00Z", "targets": targets,
        });
        let key = key(100 + number as u64);
        let signature = hex(&key.sign(&canonical(&signed)?));
        let file = json!({
            "signatures": [{ "keyid": key.public().key_id(), "sig": signature }], "signed": signed,
        });
        let role = layout::publisher_role(&Self::publisher(number));
        let metadata = vec![(format!("{version}.{role}.json"), serde_json::to_vec(&file)?)];
        self.apply(&Change { targets: Vec::new(), metadata });
        Ok(())
    }

    /// Writes all files below a folder that does not exist yet.
    fn write(&self, folder: &Path) -> Result<(), Box<dyn Error>> {
        let (metadata, targets) = self.files.all();
        for (below, files) in [("metadata", metadata), ("targets", targets)] {
            for (name, bytes) in files {
                let path = folder.join(below).join(name);
                fs::create_dir_all(path.parent().ok_or("no folder")?)?;
                fs::write(path, bytes)?;
            }
        }
        Ok(())
    }

    fn refresh(&self) -> Result<(), Box<dyn Error>> {
        let started = Instant::now();
        let refresh = author::refresh(&self.files, &key(2), moment())?;
        if let Some(problem) = refresh.problems.first() {
            return Err(problem.to_string().into());
        }
        self.apply(&refresh.change);
        println!("signed by the registry: {:.1?}", started.elapsed());
        Ok(())
    }
}

/// Syncs once and tells what it cost.
async fn sync(
    what: &str,
    world: &World,
    catalog: &Catalog,
    id: &muster_domain::SourceId,
) -> Result<(), Box<dyn Error>> {
    world.repository.take_requests();
    let (started, spent) = (Instant::now(), processor());
    catalog.sync(id, now(), 0.0).await?;
    let (time, spent) = (started.elapsed(), processor() - spent);
    let requests = world.repository.take_requests();
    let of = |part: &str| -> u64 {
        requests.iter().filter(|(file, _)| file.contains(part)).map(|(_, bytes)| bytes).sum()
    };
    let all: u64 = requests.iter().map(|(_, bytes)| bytes).sum();
    println!(
        "{what}: {all} bytes in {} files (snapshot {}, catalogue role {}, shards {}, changes {}), {time:.2?}, {spent:.2} s of processor",
        requests.len(),
        of("snapshot"),
        of("catalog.json"),
        of(".shard.zst"),
        of(".changes.zst"),
    );
    Ok(())
}

async fn real_rows(index: &str) -> Result<Vec<PackageRow>, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let database = Arc::new(CatalogDb::open(&folder.path().join("catalog.db"))?);
    let state = Arc::new(StateDb::open(&folder.path().join("state.db"))?);
    let catalog = Catalog::open(database.clone(), state, Patience::default()).await?;
    let address = IndexAddress::parse(&format!("ckan+{index}"))?.ok_or("no index")?;
    let source = Arc::new(CkanSource::open(address, database)?);
    let id = muster_catalog::Source::id(source.as_ref()).clone();
    catalog.add(source);
    catalog.sync(&id, now(), 0.0).await?;
    let context = SearchContext { now: now(), ..SearchContext::default() };
    let query = Query::parse("sort:name");
    let found = catalog.search(&query, context.clone(), 0..500).await?;
    let mut rows = found.page.rows;
    while rows.len() < found.page.total {
        let shown = rows.len()..rows.len() + 500;
        rows.extend(catalog.search(&query, context.clone(), shown).await?.page.rows);
    }
    Ok(rows)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise: usize| {
        arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let index = arguments.first().ok_or("INDEX [PACKAGES] [VERSIONS]")?;
    let (packages, versions) = (number(1, 100_000), number(2, 1));
    let real = real_rows(index).await?;
    let world = World { files: MemoryFiles::default(), repository: Arc::default(), real, packages, versions };
    world.found()?;
    let mut changed: BTreeMap<usize, usize> = BTreeMap::new();
    for publisher in 0..PUBLISHERS {
        world.sign(publisher, 1, &changed)?;
    }
    world.refresh()?;
    println!("{packages} packages of {PUBLISHERS} publishers, {versions} versions each, real texts");
    if let Some(folder) = arguments.get(3) {
        return world.write(folder.as_ref());
    }
    let folder = tempfile::tempdir()?;
    let database = Arc::new(CatalogDb::open(&folder.path().join("catalog.db"))?);
    let state = Arc::new(StateDb::open(&folder.path().join("state.db"))?);
    let catalog = Catalog::open(database, state.clone(), Patience::default()).await?;
    let root = world.files.all().0["1.root.json"].clone();
    let address = Address::Folder(folder.path().to_owned());
    let source = RegistrySource::open_with(&root, address, world.repository.clone(), state).await?;
    let id = muster_catalog::Source::id(&source).clone();
    catalog.add_registry(Arc::new(source));
    sync("cold", &world, &catalog, &id).await?;
    sync("nothing new", &world, &catalog, &id).await?;
    for day in 1..=2_usize {
        // Updates come from everywhere: one of 200 packages.
        let moved: Vec<usize> = (0..packages / 200).map(|turn| (turn * 199 + day * 37) % packages).collect();
        moved.iter().for_each(|package| *changed.entry(*package).or_default() += 1);
        let publishers: std::collections::BTreeSet<usize> =
            moved.iter().map(|package| package % PUBLISHERS).collect();
        for publisher in publishers {
            world.sign(publisher, 1 + day as u64, &changed)?;
        }
        world.refresh()?;
        sync(&format!("changes of day {day}, 0.5 %"), &world, &catalog, &id).await?;
    }
    Ok(())
}
