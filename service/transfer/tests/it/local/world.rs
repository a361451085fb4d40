//! Packages, their updates, and a node that has some of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    sync::{Arc, LazyLock, atomic::Ordering},
    time::Duration,
};

use muster_cache::Stores;
use muster_domain::Sha256;
use muster_fsx::Dir;
use muster_package::{
    EntryMap, Limits, MANIFEST_NAME, MappedEntry, Method, PAYLOAD_FOLDER, pack, unpack, validate,
};
use muster_transfer::{Holder, Local, Phase, SourceSplit, Want};

use crate::support::{BLOCK, Manner, Node, Server, content, sha256, want};

/// The files of a package.
pub type Files = BTreeMap<String, Vec<u8>>;

pub fn never() -> bool {
    false
}

/// A package as its publisher has it.
pub struct Made {
    pub bytes: Vec<u8>,
    pub map: Arc<EntryMap>,
}

impl Made {
    pub fn sha256(&self) -> Sha256 {
        sha256(&self.bytes)
    }

    /// Which bytes need not be fetched where everything of an older package is here.
    pub fn known(&self, old: Option<&Made>) -> Vec<bool> {
        let old: BTreeSet<Sha256> =
            old.into_iter().flat_map(|old| old.map.entries()).map(|mapped| mapped.stored_sha256).collect();
        let mut is_known = vec![true; self.bytes.len()];
        for mapped in self.map.entries().iter().filter(|mapped| !old.contains(&mapped.stored_sha256)) {
            let (start, length) = (mapped.entry.data_offset as usize, mapped.entry.compressed as usize);
            is_known[start..start + length].fill(false);
        }
        is_known
    }

    /// What has to be fetched then: of blocks that are not whole, everything but known bytes at their ends and known
    /// stretches that are worth a request of their own.
    pub fn to_fetch(&self, old: &Made) -> u64 {
        to_fetch(&self.known(Some(old)))
    }
}

pub fn is_whole(block: &&[bool]) -> bool {
    block.iter().all(|known| *known)
}

pub fn to_fetch(is_known: &[bool]) -> u64 {
    let blocks: Vec<&[bool]> = is_known.chunks(BLOCK).collect();
    blocks.split(is_whole).map(|run| fetched(&run.concat())).sum()
}

/// Bytes that are fetched of a run of blocks.
pub fn fetched(is_known: &[bool]) -> u64 {
    let Some(first) = is_known.iter().position(|known| !known) else { return 0 };
    let last = is_known.iter().rposition(|known| !known).unwrap();
    let inside = &is_known[first..=last];
    let left_out = inside.split(|known| !known).map(<[bool]>::len).filter(|length| *length >= 2_048);
    (inside.len() - left_out.sum::<usize>()) as u64
}

pub fn made(version: &str, files: &Files) -> Made {
    let work = tempfile::tempdir().unwrap();
    let input = Dir::create_ambient(&work.path().join("in")).unwrap();
    let manifest =
        format!("format: 1\nname: ada/big\nversion: {version}\ntitle: Big\nkind: mod\nlicense: MIT\n");
    input.write_atomic(MANIFEST_NAME, manifest.as_bytes()).unwrap();
    for (path, bytes) in files {
        let path = work.path().join("in").join(PAYLOAD_FOLDER).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let output = Dir::open_ambient(work.path()).unwrap();
    let packed = pack(&input, &output, &never).unwrap();
    let bytes = fs::read(work.path().join(&packed.file_name)).unwrap();
    Made { bytes, map: Arc::new(packed.description.entry_map.unwrap()) }
}

/// Text that compresses to about a third.
pub fn text(seed: u64, length: usize) -> Vec<u8> {
    let words =
        ["stone", "water", "minetest.register_node", "(", ")\n", "local ", "= ", "tiles", "{", "},\n", "0.5"];
    let mut text = String::new();
    for number in content(seed, length / 3) {
        text.push_str(words[number as usize % words.len()]);
        if number > 200 {
            text.push_str(&number.to_string());
        }
    }
    text.truncate(length);
    text.into_bytes()
}

/// Two hundred files: texts, noise that is stored as it is, and some empty ones.
pub fn many() -> Files {
    let file = |number: u64| {
        let length = 1_000 + (number as usize * 7_919) % 90_000;
        let bytes = match number % 5 {
            0 => content(number, length),
            1 if number.is_multiple_of(3) => Vec::new(),
            _ => text(number, length),
        };
        (format!("folder{}/{number:03}.bin", number % 7), bytes)
    };
    (0..200).map(file).collect()
}

pub fn changed(files: &Files) -> Files {
    let mut files = files.clone();
    for number in [20, 97, 163] {
        let path = format!("folder{}/{number:03}.bin", number % 7);
        files.insert(path, text(1_000 + number, 50_000));
    }
    files
}

/// A node that has older packages, and a server with the new one.
pub struct Update {
    pub node: Node,
    pub server: Server,
    pub trees: Stores,
}

impl Update {
    pub async fn start(new: &Made, manner: Manner) -> Self {
        let node = Node::start().await;
        let trees = Stores::open(node.dir.path()).unwrap();
        Self { server: Server::start(&new.bytes, manner).await, node, trees }
    }

    pub fn archive(&self, made: &Made) -> Holder {
        Holder::Archive(self.node.put(&made.bytes))
    }

    pub fn archive_path(&self, sha256: &Sha256) -> PathBuf {
        let name = sha256.to_string();
        self.node.dir.path().join("cache/archives").join(&name[..2]).join(name)
    }

    pub fn tree_path(&self, sha256: &Sha256) -> PathBuf {
        let name = sha256.to_string();
        self.node.dir.path().join("store/trees").join(&name[..2]).join(name)
    }

    pub fn tree(&self, made: &Made) -> Holder {
        let sha256 = made.sha256();
        let unpacked = self.trees.main().ensure_tree::<muster_cache::Error>(&sha256, |staging| {
            let package = validate(&made.bytes, &Limits::default()).unwrap();
            let payload = staging.create_dir_all(PAYLOAD_FOLDER)?;
            unpack(&made.bytes, &package, &payload, &never).unwrap();
            Ok(staging.write_atomic(MANIFEST_NAME, package.manifest_bytes())?)
        });
        unpacked.unwrap();
        Holder::Tree(self.trees.clone(), sha256)
    }

    pub fn want(&self, new: &Made, holders: Vec<Holder>) -> Want {
        let local = Some(Local { map: new.map.clone(), holders });
        Want { origins: vec![self.server.origin()], local, ..want(&new.bytes) }
    }

    /// Fetches the new package and proves it; gives where its bytes came from and what the server sent.
    pub async fn fetch(&self, new: &Made, want: Want) -> (SourceSplit, u64) {
        let mut handle = self.node.transfers.want(want).await.unwrap();
        let outcome =
            tokio::time::timeout(Duration::from_secs(60), handle.outcome()).await.expect("ends in time");
        outcome.unwrap();
        assert!(self.node.read(&new.sha256()) == new.bytes, "the archive is the one that was signed");
        let snapshot = self.node.transfers.snapshot();
        self.node.wait_until("done", |s| s.get(&new.sha256()).is_some_and(|t| t.phase == Phase::Done)).await;
        let split = snapshot.borrow().get(&new.sha256()).unwrap().split;
        (split, self.server.sent.load(Ordering::Relaxed))
    }
}

/// Replaces a file, also one that is read-only.
pub fn put(path: &std::path::Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A package and its update, in which three files are others.
pub fn packages() -> &'static (Made, Made) {
    static PACKAGES: LazyLock<(Made, Made)> = LazyLock::new(|| {
        let files = many();
        (made("1.0.0", &files), made("1.1.0", &changed(&files)))
    });
    &PACKAGES
}

/// The same package as another program packs it: compressed less.
pub fn repacked(made: &Made) -> Made {
    let package = validate(&made.bytes, &Limits::default()).unwrap();
    let (folder, stored) = (tempfile::tempdir().unwrap(), made.map.entries());
    let tree = Dir::open_ambient(folder.path()).unwrap();
    unpack(&made.bytes, &package, &tree, &never).unwrap();
    let (mut map, mut all, mut size) = (b"muster-entries 1\n".to_vec(), Vec::new(), 22);
    map.extend((stored.len() as u32).to_le_bytes());
    for MappedEntry { entry, sha256: content, .. } in stored {
        let name = entry.path.as_str();
        let file = match name.strip_prefix("files/") {
            Some(path) => tree.read(path, 1 << 30).unwrap(),
            None => package.manifest_bytes().to_vec(),
        };
        let bytes = match entry.method {
            Method::Store => file,
            Method::Deflate => miniz_oxide::deflate::compress_to_vec(&file, 1),
        };
        map.extend((name.len() as u16).to_le_bytes());
        map.extend(name.as_bytes());
        map.push(if entry.method == Method::Store { 0 } else { 8 });
        for number in [entry.crc32, bytes.len() as u32, entry.size as u32] {
            map.extend(number.to_le_bytes());
        }
        map.extend(sha256(&bytes).0);
        map.extend(content.0);
        size += 30 + 46 + 2 * name.len() + bytes.len();
        all.push(bytes);
    }
    let map = EntryMap::parse(&map, size as u64).unwrap();
    let mut archive = vec![0; size];
    let contents = map.entries().iter().map(|mapped| mapped.entry.data_offset).zip(all);
    for (start, bytes) in map.frame().unwrap().into_iter().chain(contents) {
        archive[start as usize..start as usize + bytes.len()].copy_from_slice(&bytes);
    }
    Made { bytes: archive, map: Arc::new(map) }
}
