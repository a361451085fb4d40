//! From an index of CKAN to the folders of Kerbal Space Program and back, over a web host of the test's own.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use muster_domain::{PackageId, ProfileId, Sha256, SourceId, VersionRange};
use muster_engine::{ChangeRequest, Engine, EnginePlaces, Key, NewProfile, Phase, Senses, Wish};
use serde_json::{Value, json};

use crate::foreign::{Hosted, host, tree, zip};
use crate::support::{carry_out, ended, outcome};

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
        let wrong = engine.add_source(&address, None, Some(Sha256([0; 32]))).await;
        assert!(wrong.is_err(), "a fingerprint is of what is signed");
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
    let Hosted { port, files, .. } = host();
    *files.lock().expect("lock") = BTreeMap::from([
        ("/tanks-2.0.zip".to_owned(), tanks.clone()),
        ("/tanks-1.9.zip".to_owned(), old.clone()),
        ("/manager-v10.zip".to_owned(), manager.clone()),
    ]);
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
    let Hosted { port, files, .. } = host();
    *files.lock().expect("lock") = BTreeMap::from([
        ("/bad-1.zip".to_owned(), escaping.clone()),
        ("/other-1.zip".to_owned(), good.clone()),
        ("/stock-1.zip".to_owned(), good.clone()),
    ]);
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

/// Some rows of the index have no hash; their archives are known by what comes first.
#[tokio::test]
async fn a_mod_without_a_hash_is_known_by_what_came_first() {
    let world = World::new();
    let tanks = zip(&[("Tanks/tank.cfg", "big")]);
    let Hosted { port, files, .. } = host();
    *files.lock().expect("lock") = BTreeMap::from([("/tanks-1.zip".to_owned(), tanks.clone())]);
    world.index(&[module("Tanks", "1", port, &tanks, json!({"download_hash": null}))]);
    let (engine, source, profile) = world.engine().await;
    let plan = engine.plan(Some(profile), &install(&source, "Tanks")).await.expect("a plan");
    assert!(plan.notices.iter().any(|(notice, _)| notice.code == "first-seen"));
    assert_eq!(carry_out(&engine, profile, install(&source, "Tanks")).await, "done");
    assert_eq!(world.placed("GameData/Tanks/tank.cfg").as_deref(), Some("big"));
    let lock = engine.profile_detail(profile).await.expect("a profile").lock;
    assert!(lock.contains(&sha256(&tanks)) && lock.contains("first-seen"), "{lock}");
    let seeds = engine.seeds().await.expect("seeds");
    assert!(
        seeds.iter().all(|seed| !seed.is_offered),
        "a free licence is not enough where nobody else can tell"
    );
    engine.close().await;
}
