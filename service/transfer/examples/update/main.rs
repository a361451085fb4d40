//! How much of an update is fetched: packs two releases of a package, puts the older one into a cache, wants the newer
//! one from a loopback server that counts. `tests/bench/run update` prints the table.
//!
//! Usage: `update NAME OLD_FOLDER NEW_FOLDER WORK_FOLDER`; prints one row: bytes of the new archive, entries that changed
//! of all, their stored bytes, bytes fetched with the old archive here, the same in percent of the archive and above the
//! changed bytes, bytes fetched with only the old tree here, bytes that zsync fetches, milliseconds from archive and tree.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measuring program, written plainly")]

mod server;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use muster_cache::{Cache, Opening, Stores};
use muster_domain::{Sha256, Tier};
use muster_fsx::Dir;
use muster_package::{
    EntryMap, Limits, MANIFEST_NAME, PAYLOAD_FOLDER, Packed, compress_file, pack, unpack, validate,
};
use muster_transfer::{
    Config, Holder, Local, Meets, Origin, Proof, Reach, Transfers, Want,
    queue::{MemoryStore, QueueStore},
};
use server::Server;
use url::Url;

fn never() -> bool {
    false
}

/// A packed release.
struct Made {
    bytes: Vec<u8>,
    packed: Packed,
}

impl Made {
    fn map(&self) -> &EntryMap {
        self.packed.description.entry_map.as_ref().unwrap()
    }

    fn sha256(&self) -> Sha256 {
        self.packed.description.archive.sha256
    }

    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }
}

/// Packs what lies below `folder`.
fn made(version: &str, folder: &Path, work: &Path) -> Made {
    let work = work.join(version);
    fs::create_dir_all(&work).unwrap();
    let manifest =
        format!("format: 1\nname: bench/pair\nversion: {version}\ntitle: Pair\nkind: mod\nlicense: MIT\n");
    fs::write(work.join(MANIFEST_NAME), manifest).unwrap();
    let payload = work.join(PAYLOAD_FOLDER);
    if !payload.exists() {
        assert!(Command::new("cp").arg("-r").arg(folder).arg(&payload).status().unwrap().success());
    }
    let dir = Dir::open_ambient(&work).unwrap();
    let packed = pack(&dir, &dir, &never).unwrap();
    Made { bytes: fs::read(work.join(&packed.file_name)).unwrap(), packed }
}

/// Stored bytes of the entries that the old package does not have, and how many these are.
fn changed(old: &Made, new: &Made) -> (u64, usize) {
    let known: std::collections::BTreeSet<Sha256> =
        old.map().entries().iter().map(|mapped| mapped.stored_sha256).collect();
    let changed = new.map().entries().iter().filter(|mapped| !known.contains(&mapped.stored_sha256));
    let sizes: Vec<u64> = changed.map(|mapped| mapped.entry.compressed).collect();
    (sizes.iter().sum(), sizes.len())
}

/// One update into an empty cache but for the old package as an archive, or as a tree.
async fn update(old: &Made, new: &Made, server: &Server, is_tree: bool) -> (u64, Duration) {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(&folder.path().join("cache"), Timestamp::now()).unwrap();
    let trees = Stores::open(folder.path()).unwrap();
    let holder = if is_tree {
        let tree = trees.main().ensure_tree::<muster_cache::Error>(&old.sha256(), |staging| {
            let package = validate(&old.bytes, &Limits::default()).unwrap();
            unpack(&old.bytes, &package, &staging.create_dir_all(PAYLOAD_FOLDER)?, &never).unwrap();
            Ok(staging.write_atomic(MANIFEST_NAME, package.manifest_bytes())?)
        });
        tree.unwrap();
        Holder::Tree(trees.clone(), old.sha256())
    } else {
        let Opening::Writer(writer) = cache.write(old.sha256(), old.size(), None).unwrap() else {
            unreachable!("the cache is empty")
        };
        writer.write_at(0, &old.bytes).unwrap();
        Holder::Archive(writer.finish(Timestamp::now()).unwrap().sha256())
    };
    let store: Arc<dyn QueueStore> = Arc::new(MemoryStore::default());
    let transfers = Transfers::start(Config::default(), cache.clone(), store).await.unwrap();
    let want = Want {
        sha256: new.sha256(),
        proof: Proof::Hash,
        size: new.size(),
        tier: Tier::User,
        name: "pair".into(),
        origins: vec![Origin { url: Url::parse(&server.url("new.muster")).unwrap(), reach: Reach::Host }],
        torrent: None,
        blocks: Some(new.packed.description.block_list.blocks().into()),
        peers: Vec::new(),
        meets: Meets::No,
        trackers: Vec::new(),
        local: Some(Local { map: Arc::new(new.map().clone()), holders: vec![holder] }),
    };
    server.reset();
    let began = Instant::now();
    let mut handle = transfers.want(want).await.unwrap();
    handle.outcome().await.unwrap();
    let took = began.elapsed();
    transfers.shutdown().await;
    (server.sent(), took)
}

/// What zsync fetches for the same update, its control file included; `None` where it is not installed or fails.
fn zsync(server: &Server, served: &Path, old: &Path, work: &Path) -> Option<u64> {
    let made = Command::new("zsyncmake")
        .args(["-u", "new.muster", "-o"])
        .arg(served.join("new.zsync"))
        .arg(served.join("new.muster"))
        .output()
        .ok()?;
    made.status.success().then_some(())?;
    server.reset();
    let out = work.join("zsynced");
    // It would begin with what is there.
    let _ = fs::remove_file(&out);
    let run =
        Command::new("zsync").arg("-i").arg(old).arg("-o").arg(&out).arg(server.url("new.zsync")).output();
    run.ok()?.status.success().then_some(())?;
    (fs::read(&out).ok()? == fs::read(served.join("new.muster")).ok()?).then(|| server.sent())
}

/// Bytes of content, bytes stored, and how long one thread compresses them.
fn compressing(made: &Made, work: &Path) -> (u64, u64, Duration) {
    let dir = Dir::open_ambient(&work.join("1.0.0").join(PAYLOAD_FOLDER)).unwrap();
    let began = Instant::now();
    let (mut read, mut stored) = (0, 0);
    for file in &made.packed.manifest.files {
        let mut content = dir.open(&file.path).unwrap();
        read += file.size;
        compress_file(&mut content, &never, &mut |bytes| {
            stored += bytes.len() as u64;
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    }
    (read, stored, began.elapsed())
}

fn main() {
    let [name, old, new, work]: [String; 4] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().expect("NAME OLD NEW WORK");
    let work = PathBuf::from(work);
    let old = made("1.0.0", Path::new(&old), &work);
    let new = made("1.1.0", Path::new(&new), &work);
    let served = work.join("served");
    fs::create_dir_all(&served).unwrap();
    fs::write(served.join("new.muster"), &new.bytes).unwrap();
    let server = Server::start(&served);
    let (changed, entries) = changed(&old, &new);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (from_archive, archive_took) = runtime.block_on(update(&old, &new, &server, false));
    let (from_tree, tree_took) = runtime.block_on(update(&old, &new, &server, true));
    let old_file = work.join("1.0.0").join(&old.packed.file_name);
    let zsync = zsync(&server, &served, &old_file, &work);
    let (read, stored, compressed) = compressing(&old, &work);
    let percent = |bytes: u64| bytes as f64 * 100.0 / new.size() as f64;
    println!(
        "{name:<46} {:>10} {:>5}/{:<5} {changed:>10} {from_archive:>10} {:>6.1} {:>6.1} {from_tree:>10} {:>10} {:>8} {:>8}",
        new.size(),
        entries,
        new.map().entries().len(),
        percent(from_archive),
        from_archive as f64 * 100.0 / changed as f64 - 100.0,
        zsync.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string()),
        archive_took.as_millis(),
        tree_took.as_millis(),
    );
    eprintln!(
        "{name}: one thread compresses {:.1} MB/s of content to {:.1} MB/s",
        read as f64 / 1e6 / compressed.as_secs_f64(),
        stored as f64 / 1e6 / compressed.as_secs_f64()
    );
}
