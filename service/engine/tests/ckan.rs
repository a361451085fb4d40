//! From an index of CKAN to the folders of Kerbal Space Program and back, over a web host of the test's own.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

mod support;

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    sync::Arc,
};

use muster_domain::{PackageId, ProfileId, Sha256, SourceId, VersionRange};
use muster_engine::{ChangeRequest, Engine, EnginePlaces, Key, NewProfile, Phase, Senses, Wish};
use serde_json::{Value, json};
use support::{carry_out, ended, outcome};

/// A plain ZIP with stored files and a comment, as code hosts pack them.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    let long = |number: usize| u32::try_from(number).expect("small").to_le_bytes();
    let short = |number: usize| u16::try_from(number).expect("small").to_le_bytes();
    for (name, text) in files {
        let mut common = [20u16, 0, 0, 0, 0x21].map(u16::to_le_bytes).concat();
        common.extend(crc32fast::hash(text.as_bytes()).to_le_bytes());
        common.extend([long(text.len()), long(text.len())].concat());
        common.extend(short(name.len()));
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend([0; 8]);
        directory.extend((0o100_644_u32 << 16).to_le_bytes());
        directory.extend(long(out.len()));
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend([0; 2]);
        out.extend(name.as_bytes());
        out.extend(text.as_bytes());
    }
    let start = out.len();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([short(files.len()), short(files.len())].concat());
    out.extend([long(directory.len()), long(start)].concat());
    out.extend(short(8));
    out.extend(b"8f3c0e5d");
    out
}

/// Hands out files by path, whole or in ranges, as long as the test runs.
fn host(files: BTreeMap<String, Vec<u8>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let files = Arc::new(files);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let files = files.clone();
            std::thread::spawn(move || serve(stream, &files));
        }
    });
    port
}

fn serve(mut stream: std::net::TcpStream, files: &BTreeMap<String, Vec<u8>>) {
    loop {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read(&mut byte) {
                Ok(1) => head.push(byte[0]),
                _ => return,
            }
        }
        let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let path = head.split(' ').nth(1).unwrap_or_default();
        let answer = match files.get(path) {
            None => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
            Some(bytes) => found(&head, bytes),
        };
        if stream.write_all(&answer).is_err() {
            return;
        }
    }
}

fn found(head: &str, bytes: &[u8]) -> Vec<u8> {
    let range = head.split("range: bytes=").nth(1).and_then(|rest| rest.split("\r\n").next());
    let range = range.and_then(|range| range.split_once('-'));
    let (status, part) = match range {
        Some((from, to)) => {
            let from: usize = from.parse().expect("a number");
            let to = to.parse::<usize>().map_or(bytes.len(), |to| (to + 1).min(bytes.len()));
            (
                format!("206 Partial Content\r\nContent-Range: bytes {from}-{}/{}", to - 1, bytes.len()),
                &bytes[from..to],
            )
        }
        None => ("200 OK".to_owned(), bytes),
    };
    let mut answer =
        format!("HTTP/1.1 {status}\r\nAccept-Ranges: bytes\r\nContent-Length: {}\r\n\r\n", part.len())
            .into_bytes();
    if !head.starts_with("head ") {
        answer.extend(part);
    }
    answer
}

struct World {
    folder: tempfile::TempDir,
}

impl World {
    /// The game by hand, with one of its extensions.
    fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a folder") };
        for (path, text) in [
            ("game/GameData/Squad/part.cfg", "stock"),
            ("game/KSP_x64.exe", "the game"),
            ("game/buildID64.txt", "build id = 03190\n"),
            ("game/GameData/SquadExpansion/MakingHistory/readme.txt", "Version 1.12.1\n"),
        ] {
            world.put(path, text.as_bytes());
        }
        world
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn put(&self, below: &str, bytes: &[u8]) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, bytes).expect("written");
    }

    fn index(&self, modules: &[Value]) {
        let gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut tar = tar::Builder::new(gz);
        for (number, module) in modules.iter().enumerate() {
            let text = module.to_string();
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            let name = format!("CKAN-meta-master/mods/{number}.ckan");
            tar.append_data(&mut header, name, text.as_bytes()).expect("appended");
        }
        let bytes = tar.into_inner().and_then(flate2::write::GzEncoder::finish).expect("packed");
        self.put("index.tar.gz", &bytes);
    }

    async fn engine(&self) -> (Engine, SourceId, ProfileId) {
        let places = EnginePlaces {
            state: self.path("state"),
            cache: self.path("cache"),
            config: self.path("config"),
        };
        let engine = Engine::open(places, Senses::blind()).await.expect("opens");
        engine.start().await;
        let address = format!("ckan+{}", self.path("index.tar.gz").display());
        let offer = engine.inspect_source(&address).await.expect("an offer");
        let wrong = engine.add_source(&address, None, Sha256([0; 32])).await;
        assert!(wrong.is_err(), "only what the player confirmed");
        let (source, job) =
            engine.add_source(&offer.address, Some("ckan".into()), offer.root).await.expect("a source");
        assert_eq!(ended(&engine, job).await.phase, Phase::Done);
        let new = NewProfile {
            name: "kerbals".into(),
            game: "ksp".parse().expect("a game"),
            installation: None,
            folder: Some(self.path("game")),
        };
        let profile = engine.create_profile(new).await.expect("a profile");
        (engine, source, profile)
    }

    fn placed(&self, below: &str) -> Option<String> {
        fs::read_to_string(self.path("game").join(below)).ok()
    }
}

fn sha256(bytes: &[u8]) -> String {
    muster_registry::sha256(bytes).to_string()
}

/// A module whose archive the host has.
fn module(identifier: &str, version: &str, port: u16, archive: &[u8], changes: Value) -> Value {
    let mut module = json!({
        "spec_version": "v1.34", "identifier": identifier, "name": format!("The {identifier}"), "abstract": "A mod",
        "author": "somebody", "license": "MIT", "version": version, "ksp_version": "1.12",
        "download": format!("http://127.0.0.1:{port}/{identifier}-{version}.zip").to_ascii_lowercase(),
        "download_size": archive.len(), "download_hash": {"sha256": sha256(archive).to_ascii_uppercase()},
    });
    for (name, value) in changes.as_object().expect("an object") {
        module[name] = value.clone();
    }
    module
}

fn install(source: &SourceId, id: &str) -> ChangeRequest {
    let id: PackageId = id.parse().expect("an id");
    let key = Key { source: source.clone(), id };
    let wish = Wish { key, range: VersionRange::any(), sha256: None };
    ChangeRequest { install: vec![wish], ..ChangeRequest::default() }
}

/// Every file below a folder with its text.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(tree(&path)),
            path => drop(found.insert(path.clone(), fs::read(&path).expect("a file"))),
        }
    }
    found
}

#[tokio::test]
async fn a_mod_of_ckan_is_found_resolved_placed_proven_and_taken_out_again() {
    let world = World::new();
    let before = tree(&world.path("game"));
    let tanks = zip(&[
        ("Tanks-2.0/GameData/Tanks/tank.cfg", "big"),
        ("Tanks-2.0/GameData/Tanks/Source/tank.cs", "code"),
        ("Tanks-2.0/Ships/VAB/Tanker.craft", "craft"),
        ("Tanks-2.0/README.md", "words"),
    ]);
    let old = zip(&[("Tanks/tank.cfg", "small")]);
    let manager = zip(&[("Manager.4.dll", "library"), ("license.txt", "words")]);
    let port = host(BTreeMap::from([
        ("/tanks-2.0.zip".to_owned(), tanks.clone()),
        ("/tanks-1.9.zip".to_owned(), old.clone()),
        ("/manager-v10.zip".to_owned(), manager.clone()),
    ]));
    let needs = json!([{"name": "Manager", "min_version": "v9"}, {"name": "MakingHistory-DLC", "min_version": "1.1"}]);
    let stanzas = json!([
        {"find": "Tanks", "install_to": "GameData", "filter": "Source"},
        {"file": "Tanks-2.0/Ships", "install_to": "Ships"},
    ]);
    world.index(&[
        module("Tanks", "2.0", port, &tanks, json!({"depends": needs, "install": stanzas})),
        module("Tanks", "1.9", port, &old, json!({})),
        module("Tanks", "3.0", port, &tanks, json!({"ksp_version": "1.11"})),
        module(
            "Manager",
            "v10",
            port,
            &manager,
            json!({"install": [{"file": "Manager.4.dll", "install_to": "GameData"}]}),
        ),
        module("Manager", "v2", port, &manager, json!({})),
        json!({"identifier": "../bad", "version": "1"}),
    ]);
    let (engine, source, profile) = world.engine().await;
    let plan = engine.plan(Some(profile), &install(&source, "Tanks")).await.expect("a plan");
    let versions: Vec<String> =
        plan.items.iter().filter_map(|item| item.to.as_ref()).map(|version| version.label()).collect();
    assert_eq!(versions, ["v10", "2.0"], "the newest for this game, with what it needs");
    let agreed = ChangeRequest { agreed: Some(plan.digest), ..install(&source, "Tanks") };
    assert_eq!(carry_out(&engine, profile, agreed).await, "done");
    assert_eq!(world.placed("GameData/Tanks/tank.cfg").as_deref(), Some("big"));
    assert_eq!(world.placed("Ships/VAB/Tanker.craft").as_deref(), Some("craft"));
    assert_eq!(world.placed("GameData/Manager.4.dll").as_deref(), Some("library"));
    assert_eq!(world.placed("GameData/Tanks/Source/tank.cs"), None, "filtered");
    let report = engine.verify(profile).await.expect("verified");
    assert_eq!((report.intact, report.changed.len(), report.missing.len()), (3, 0, 0));
    let lock = engine.profile_detail(profile).await.expect("a profile").lock;
    assert!(lock.contains("ckan:2.0") && lock.contains(r#"by = "ckan""#), "{lock}");

    // What is installed stays and comes back without its source.
    engine.remove_source(&source).await.expect("forgotten");
    let job = engine.go_back(profile, 0).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(tree(&world.path("game")), before, "every byte as before");
    let job = engine.go_back(profile, 1).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("GameData/Tanks/tank.cfg").as_deref(), Some("big"));
    engine.close().await;
}

#[tokio::test]
async fn what_cannot_be_trusted_or_had_stops_the_change_before_the_game_is_touched() {
    let world = World::new();
    let before = tree(&world.path("game"));
    let good = zip(&[("Good/a.cfg", "a")]);
    let escaping = zip(&[("Bad/../../a.cfg", "a")]);
    let port = host(BTreeMap::from([
        ("/bad-1.zip".to_owned(), escaping.clone()),
        ("/other-1.zip".to_owned(), good.clone()),
        ("/stock-1.zip".to_owned(), good.clone()),
    ]));
    let serenity = json!([{"name": "BreakingGround-DLC"}]);
    let over_the_game = json!([{"file": "Good/a.cfg", "as": "KSP_x64.exe", "install_to": "GameRoot"}]);
    world.index(&[
        module("Bad", "1", port, &escaping, json!({})),
        module("Other", "1", port, &good, json!({})),
        module("Stock", "1", port, &good, json!({"install": over_the_game})),
        module("Needs", "1", port, &good, json!({"depends": serenity})),
    ]);
    let (engine, source, profile) = world.engine().await;
    for (id, code) in [("Bad", "package-path"), ("Other", "adapter-no-match"), ("Stock", "deploy-protected")]
    {
        assert_eq!(carry_out(&engine, profile, install(&source, id)).await, code, "{id}");
    }
    let missing = engine.plan(Some(profile), &install(&source, "Needs")).await;
    assert!(missing.is_err(), "an extension that is not there");
    assert_eq!(tree(&world.path("game")), before);
    engine.close().await;
}
