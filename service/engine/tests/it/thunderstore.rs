//! From a community of Thunderstore to the folder of a game with BepInEx and back, over a web host of the test's own. The
//! service gives no hash of any archive: what came first is what a version is.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{collections::BTreeMap, fs, path::PathBuf, sync::atomic::Ordering};

use muster_domain::{PackageId, ProfileId, SourceId, VersionRange};
use muster_engine::{ChangeRequest, Engine, EnginePlaces, Key, NewProfile, Phase, Senses, Wish};
use serde_json::{Value, json};

use crate::foreign::{Hosted, host, tree, zip};
use crate::support::{carry_out, ended, outcome};

struct World {
    folder: tempfile::TempDir,
}

impl World {
    /// The game by hand, as it comes from its shop.
    fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a folder") };
        for (path, text) in [
            ("game/Lethal Company.exe", "the game"),
            ("game/UnityPlayer.dll", "its engine"),
            ("game/Lethal Company_Data/globalgamemanagers", "data"),
        ] {
            let path = world.path(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, text).expect("written");
        }
        world
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    async fn engine(&self, port: u16) -> (Engine, SourceId, ProfileId) {
        let places = EnginePlaces {
            state: self.path("state"),
            cache: self.path("cache"),
            config: self.path("config"),
        };
        let engine = Engine::open(places, Senses::blind()).await.expect("opens");
        engine.start().await;
        let address = format!("thunderstore+http://127.0.0.1:{port}/c/lethal-company/");
        let offer = engine.inspect_source(&address).await.expect("an offer");
        let (source, job) =
            engine.add_source(&offer.address, Some("store".into()), offer.root).await.expect("a source");
        assert_eq!(ended(&engine, job).await.phase, Phase::Done);
        let new = NewProfile {
            name: "crew".into(),
            game: "lethal-company".parse().expect("a game"),
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

fn version(name: &str, number: &str, archive: &[u8], port: u16, needs: &[&str]) -> Value {
    json!({
        "version_number": number, "file_size": archive.len(), "dependencies": needs, "downloads": 3,
        "description": "A mod", "download_url": format!("http://127.0.0.1:{port}/download/{name}/{number}/"),
    })
}

fn package(name: &str, versions: &[Value]) -> Value {
    json!({"full_name": name, "categories": ["Mods"], "versions": versions})
}

/// The archives that the host has, by the path of their download, and the community's list of packages.
fn offered(archives: &[(&str, &str, &[u8], &[&str])], port: u16) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut packages: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (name, number, archive, needs) in archives {
        files.insert(format!("/download/{name}/{number}/").to_ascii_lowercase(), archive.to_vec());
        packages.entry(name).or_default().push(version(name, number, archive, port, needs));
    }
    let list: Vec<Value> = packages.into_iter().map(|(name, versions)| package(name, &versions)).collect();
    files.insert("/c/lethal-company/api/v1/package/".into(), Value::from(list).to_string().into_bytes());
    files
}

fn install(source: &SourceId, id: &str) -> ChangeRequest {
    let id: PackageId = id.parse().expect("an id");
    let wish = Wish { key: Key { source: source.clone(), id }, range: VersionRange::any(), sha256: None };
    ChangeRequest { install: vec![wish], ..ChangeRequest::default() }
}

fn loader() -> Vec<u8> {
    zip(&[
        ("manifest.json", "{}"),
        ("icon.png", "png"),
        ("BepInExPack/winhttp.dll", "doorstop"),
        ("BepInExPack/doorstop_config.ini", "enabled = true"),
        ("BepInExPack/BepInEx/core/BepInEx.dll", "loader"),
        ("BepInExPack/BepInEx/core/0Harmony.dll", "harmony"),
        ("BepInExPack/BepInEx/config/BepInEx.cfg", "[Logging]"),
    ])
}

fn lantern(text: &str) -> Vec<u8> {
    zip(&[
        ("manifest.json", "{\"name\": \"Lantern\"}"),
        ("README.md", "words"),
        ("BepInEx/plugins/Lantern.dll", text),
        ("BepInEx/config/ada.lantern.cfg", "glow = 1"),
    ])
}

const LOADER: &str = "BepInEx-BepInExPack";

#[tokio::test]
async fn a_mod_with_its_loader_is_placed_pinned_and_taken_out_again() {
    let world = World::new();
    let before = tree(&world.path("game"));
    let Hosted { port, files, .. } = host();
    let (pack, old, new) = (loader(), lantern("old"), lantern("new"));
    *files.lock().expect("lock") = offered(
        &[
            (LOADER, "5.4.2100", &pack, &[]),
            ("Ada-Lantern", "1.0.0", &old, &["BepInEx-BepInExPack-5.4.1900"]),
            ("Ada-Lantern", "1.1.0", &new, &["BepInEx-BepInExPack-5.4.2100"]),
        ],
        port,
    );
    let (engine, source, profile) = world.engine(port).await;
    let plan = engine.plan(Some(profile), &install(&source, "Ada-Lantern")).await.expect("a plan");
    let shown: Vec<String> = plan
        .items
        .iter()
        .map(|item| format!("{} {}", item.key.id, item.to.as_ref().map(|v| v.label()).unwrap_or_default()))
        .collect();
    assert_eq!(shown, ["Ada-Lantern 1.1.0", "BepInEx-BepInExPack 5.4.2100"], "at least what its author had");
    assert!(plan.notices.iter().any(|(notice, blocks)| notice.code == "first-seen" && !blocks));
    assert_eq!(plan.download, (pack.len() + new.len()) as u64);
    let agreed = ChangeRequest { agreed: Some(plan.digest), ..install(&source, "Ada-Lantern") };
    assert_eq!(carry_out(&engine, profile, agreed).await, "done");
    assert_eq!(world.placed("BepInEx/plugins/Ada-Lantern/Lantern.dll").as_deref(), Some("new"));
    assert_eq!(world.placed("BepInEx/plugins/Ada-Lantern/README.md").as_deref(), Some("words"));
    assert_eq!(world.placed("BepInEx/config/ada.lantern.cfg").as_deref(), Some("glow = 1"));
    assert_eq!(world.placed("BepInEx/core/BepInEx.dll").as_deref(), Some("loader"));
    assert_eq!(world.placed("winhttp.dll").as_deref(), Some("doorstop"));
    assert_eq!((world.placed("icon.png"), world.placed("BepInExPack/winhttp.dll")), (None, None));
    let report = engine.verify(profile).await.expect("verified");
    assert_eq!((report.changed.len(), report.missing.len()), (0, 0));
    let lock = engine.profile_detail(profile).await.expect("a profile").lock;
    let sha256 = muster_registry::sha256(&new).to_string();
    assert!(
        lock.contains(&sha256) && lock.contains("vouched = \"first-seen\"") && !lock.contains("awaited"),
        "{lock}"
    );

    // What is installed stays and comes back without its source.
    engine.remove_source(&source).await.expect("forgotten");
    let job = engine.go_back(profile, 0).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(tree(&world.path("game")), before, "every byte as before");
    let job = engine.go_back(profile, 1).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("BepInEx/plugins/Ada-Lantern/Lantern.dll").as_deref(), Some("new"));
    engine.close().await;
}

/// The service, or whoever got hold of it, changes the bytes of a version that was seen here.
#[tokio::test]
async fn a_version_that_was_seen_never_changes() {
    let world = World::new();
    let Hosted { port, files, sent } = host();
    let first = lantern("first");
    *files.lock().expect("lock") = offered(&[("Ada-Lantern", "1.0.0", &first, &[])], port);
    let (engine, source, profile) = world.engine(port).await;
    assert_eq!(carry_out(&engine, profile, install(&source, "Ada-Lantern")).await, "done");
    let remove = |id: &str| ChangeRequest {
        remove: vec![Key { source: source.clone(), id: id.parse().expect("an id") }],
        ..ChangeRequest::default()
    };
    assert_eq!(carry_out(&engine, profile, remove("Ada-Lantern")).await, "done");
    // Installed again it costs nothing, and nobody is asked.
    let before = sent.load(Ordering::Relaxed);
    assert_eq!(carry_out(&engine, profile, install(&source, "Ada-Lantern")).await, "done");
    assert_eq!(sent.load(Ordering::Relaxed), before);
    assert_eq!(carry_out(&engine, profile, remove("Ada-Lantern")).await, "done");
    engine.close().await;
    drop(engine);

    // As after a year: the cache is empty, and the service sends something else of the same length.
    fs::remove_dir_all(world.path("cache")).expect("emptied");
    fs::rename(world.path("state/store"), world.path("gone")).expect("moved");
    files.lock().expect("lock").insert("/download/ada-lantern/1.0.0/".into(), lantern("other"));
    let places =
        EnginePlaces { state: world.path("state"), cache: world.path("cache"), config: world.path("config") };
    let engine = Engine::open(places, Senses::blind()).await.expect("opens");
    engine.start().await;
    // The catalogue went with the cache.
    let job = engine.sync_source(&source).await.expect("a job");
    assert_eq!(ended(&engine, job).await.phase, Phase::Done);
    let code = carry_out(&engine, profile, install(&source, "Ada-Lantern")).await;
    assert_ne!(code, "done");
    assert_ne!(code, "resolution-failed", "it is found, and refused for its bytes");
    assert_eq!(world.placed("BepInEx/plugins/Ada-Lantern/Lantern.dll"), None);
    // The right bytes are taken.
    files.lock().expect("lock").insert("/download/ada-lantern/1.0.0/".into(), first);
    assert_eq!(carry_out(&engine, profile, install(&source, "Ada-Lantern")).await, "done");
    assert_eq!(world.placed("BepInEx/plugins/Ada-Lantern/Lantern.dll").as_deref(), Some("first"));
    engine.close().await;
}

#[tokio::test]
async fn what_is_no_archive_or_reaches_too_far_stops_before_the_game_is_touched() {
    let world = World::new();
    let before = tree(&world.path("game"));
    let Hosted { port, files, .. } = host();
    let escaping = zip(&[("../../Lantern.dll", "a")]);
    let over = zip(&[("BepInExPack/UnityPlayer.dll", "mine")]);
    let page = b"<html>please sign in to go on with your download</html>".to_vec();
    *files.lock().expect("lock") = offered(
        &[
            ("Ada-Escaping", "1.0.0", &escaping, &[]),
            (LOADER, "1.0.0", &over, &[]),
            ("Ada-Page", "1.0.0", &page, &[]),
            ("Ada-Short", "1.0.0", &page, &[]),
        ],
        port,
    );
    // The list says another size than the archive has.
    files.lock().expect("lock").insert("/download/ada-short/1.0.0/".into(), page[..20].to_vec());
    let (engine, source, profile) = world.engine(port).await;
    for (id, code) in [("Ada-Escaping", "package-path"), (LOADER, "deploy-protected")] {
        assert_eq!(carry_out(&engine, profile, install(&source, id)).await, code, "{id}");
    }
    for id in ["Ada-Page", "Ada-Short"] {
        assert_ne!(carry_out(&engine, profile, install(&source, id)).await, "done", "{id}");
    }
    assert_eq!(tree(&world.path("game")), before);
    // What could not be unpacked is not what the version is for ever.
    let good = lantern("good");
    *files.lock().expect("lock") = offered(&[("Ada-Page", "1.0.0", &good, &[])], port);
    let job = engine.sync_source(&source).await.expect("a job");
    assert_eq!(ended(&engine, job).await.phase, Phase::Done);
    assert_eq!(carry_out(&engine, profile, install(&source, "Ada-Page")).await, "done");
    engine.close().await;
}
