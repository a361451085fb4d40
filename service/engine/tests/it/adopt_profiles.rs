//! Profiles of r2modman and Gale, taken over into a game with BepInEx: their folders stay as they are.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use muster_domain::{PackageId, ProfileId, SourceId};
use muster_engine::{
    AdoptionRequest, AdoptionView, ChangeRequest, Engine, EnginePlaces, Key, NewProfile, Phase, Senses, Wish,
    Yours,
};
use serde_json::json;

use crate::foreign::{Hosted, host, tree, zip};
use crate::support::{carry_out, ended, outcome};

struct World {
    folder: tempfile::TempDir,
}

impl World {
    /// The game as its shop gives it, and a profile of r2modman with the loader and three mods.
    fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a folder") };
        for (path, text) in [
            ("game/Lethal Company.exe", "the game"),
            ("game/Lethal Company_Data/globalgamemanagers", "data"),
            ("r2/LethalCompany/profiles/Crew/mods.yml", LIST),
            ("r2/LethalCompany/profiles/Crew/winhttp.dll", "doorstop"),
            ("r2/LethalCompany/profiles/Crew/doorstop_config.ini", "enabled = true"),
            ("r2/LethalCompany/profiles/Crew/_state/installation_state.yml", "theirs"),
            ("r2/LethalCompany/profiles/Crew/BepInEx/core/BepInEx.dll", "loader"),
            ("r2/LethalCompany/profiles/Crew/BepInEx/core/0Harmony.dll", "harmony"),
            ("r2/LethalCompany/profiles/Crew/BepInEx/config/BepInEx.cfg", "[Logging]"),
            ("r2/LethalCompany/profiles/Crew/BepInEx/config/ada.lantern.cfg", "glow = 7"),
            ("r2/LethalCompany/profiles/Crew/BepInEx/LogOutput.log", "[Info   :   BepInEx] old"),
            ("r2/LethalCompany/profiles/Crew/BepInEx/plugins/Ada-Lantern/Lantern.dll", "lantern"),
            ("r2/LethalCompany/profiles/Crew/BepInEx/plugins/Ada-Lantern/manifest.json", "{}"),
            ("r2/LethalCompany/profiles/Crew/BepInEx/patchers/Ada-Lantern/Early.dll", "early"),
            ("r2/LethalCompany/profiles/Crew/BepInEx/plugins/Bo-Boots/Boots.dll", "boots"),
            (
                "r2/LethalCompany/profiles/Crew/BepInEx/plugins/Bo-Boots/manifest.json",
                "{\"name\": \"Boots\"}",
            ),
            ("r2/LethalCompany/profiles/Crew/BepInEx/plugins/Cy-Off/Off.dll.old", "off"),
            ("r2/LethalCompany/profiles/Crew/BepInEx/plugins/mine.dll", "nobody knows"),
        ] {
            world.put(path, text.as_bytes());
        }
        world
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn crew(&self) -> PathBuf {
        self.path("r2/LethalCompany/profiles/Crew")
    }

    fn put(&self, below: &str, bytes: &[u8]) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, bytes).expect("written");
    }

    async fn engine(&self) -> (Engine, ProfileId) {
        let places = EnginePlaces {
            state: self.path("state"),
            cache: self.path("cache"),
            config: self.path("config"),
        };
        let engine = Engine::open(places, Senses::blind()).await.expect("opens");
        engine.start().await;
        let new = NewProfile {
            name: "first".into(),
            game: "lethal-company".parse().expect("a game"),
            installation: None,
            folder: Some(self.path("game")),
        };
        let profile = engine.create_profile(new).await.expect("a profile");
        (engine, profile)
    }

    fn placed(&self, below: &str) -> Option<String> {
        fs::read_to_string(self.path("game").join(below)).ok()
    }
}

const LIST: &str = "- name: BepInEx-BepInExPack\n  displayName: BepInExPack\n  versionNumber: {major: 5, minor: 4, patch: 2100}\n  enabled: true\n\
    - name: Ada-Lantern\n  authorName: Ada\n  displayName: Lantern\n  versionNumber: {major: 1, minor: 0, patch: 0}\n  enabled: true\n\
    - name: Bo-Boots\n  displayName: Boots\n  versionNumber: {major: 2, minor: 0, patch: 0}\n  enabled: true\n\
    - name: Cy-Off\n  displayName: Off\n  versionNumber: {major: 3, minor: 0, patch: 0}\n  enabled: false\n";

/// Title with version, whether its archive is known, whether a source has that name and version; and what stays.
type Brief<'v> = (Vec<(String, bool, bool)>, Vec<(&'v str, Yours)>);

fn brief(view: &AdoptionView) -> Brief<'_> {
    let adopted = view.adopted.iter().map(|found| {
        let version = found.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        (format!("{}{version}", found.title), found.package.is_some(), found.known_as.is_some())
    });
    let mut adopted: Vec<_> = adopted.collect();
    adopted.sort();
    (adopted, view.yours.iter().map(|found| (found.name.as_str(), found.why)).collect())
}

async fn take_over(engine: &Engine, profile: Option<ProfileId>, path: &Path) -> (ProfileId, String) {
    let mut request = AdoptionRequest { profile, path: Some(path.to_owned()), ..AdoptionRequest::default() };
    let view = engine.plan_adoption(&request).await.expect("a preview");
    assert!(view.is_copied);
    request.agreed = Some(view.digest);
    let (profile, job, _) = engine.adopt(request).await.expect("asked");
    (profile, outcome(engine, job).await)
}

#[tokio::test]
async fn a_profile_of_r2modman_is_taken_over_and_its_folder_stays_as_it_is() {
    let world = World::new();
    let (theirs, game) = (tree(&world.crew()), tree(&world.path("game")));
    let (engine, profile) = world.engine().await;
    let request = AdoptionRequest { path: Some(world.crew()), ..AdoptionRequest::default() };
    let view = engine.plan_adoption(&request).await.expect("a preview");
    let named = |title: &str| (title.to_owned(), false, false);
    assert_eq!(
        brief(&view),
        (
            vec![
                named("BepInExPack 5.4.2100"),
                named("Boots 2.0.0"),
                named("Crew (config)"),
                named("Lantern 1.0.0")
            ],
            vec![("Cy-Off", Yours::Off), ("mine.dll", Yours::Unknown)],
        )
    );
    assert_eq!(
        (view.game.as_str(), view.profile),
        ("lethal-company", None),
        "the place of the folder says the game"
    );
    assert_eq!(tree(&world.path("game")), game, "a preview changes nothing");

    let (_, code) = take_over(&engine, Some(profile), &world.crew()).await;
    assert_eq!(code, "done");
    for (path, text) in [
        ("winhttp.dll", "doorstop"),
        ("BepInEx/core/BepInEx.dll", "loader"),
        ("BepInEx/config/ada.lantern.cfg", "glow = 7"),
        ("BepInEx/plugins/Ada-Lantern/Lantern.dll", "lantern"),
        ("BepInEx/patchers/Ada-Lantern/Early.dll", "early"),
        ("BepInEx/plugins/Bo-Boots/Boots.dll", "boots"),
    ] {
        assert_eq!(world.placed(path).as_deref(), Some(text), "{path}");
    }
    for path in
        ["mods.yml", "_state/installation_state.yml", "BepInEx/LogOutput.log", "BepInEx/plugins/mine.dll"]
    {
        assert_eq!(world.placed(path), None, "{path}");
    }
    assert_eq!(tree(&world.crew()), theirs, "the other manager's folder is as it was");
    let report = engine.verify(profile).await.expect("verified");
    assert_eq!((report.changed.len(), report.missing.len()), (0, 0));

    let job = engine.go_back(profile, 0).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(tree(&world.path("game")), game, "every byte as before");
    assert_eq!(tree(&world.crew()), theirs);
    engine.close().await;
}

#[tokio::test]
async fn without_a_profile_one_is_made_that_is_called_like_the_other_managers() {
    let world = World::new();
    let (engine, first) = world.engine().await;
    let (profile, code) = take_over(&engine, None, &world.crew()).await;
    assert_eq!((code.as_str(), profile == first), ("done", false));
    let detail = engine.profile_detail(profile).await.expect("there");
    assert_eq!((detail.view.name.as_str(), detail.entries.len()), ("Crew", 4));
    // The game is the first profile's until the player switches.
    assert_eq!(world.placed("winhttp.dll"), None);
    engine.close().await;
}

/// What Thunderstore has is told, and where its archive is here, the mod is that package.
#[tokio::test]
async fn mods_are_identified_against_thunderstore() {
    let world = World::new();
    let Hosted { port, files, .. } = host();
    let lantern =
        zip(&[("manifest.json", "{}"), ("plugins/Lantern.dll", "lantern"), ("patchers/Early.dll", "early")]);
    let version = |number: &str, size: usize| {
        json!({"version_number": number, "file_size": size, "dependencies": [],
            "download_url": format!("http://127.0.0.1:{port}/lantern.zip")})
    };
    let list = json!([
        {"full_name": "Ada-Lantern", "versions": [version("1.0.0", lantern.len())]},
        {"full_name": "Bo-Boots", "versions": [version("2.0.0", 7), version("1.0.0", 7)]},
    ]);
    *files.lock().expect("lock") = BTreeMap::from([
        ("/lantern.zip".to_owned(), lantern),
        ("/c/lethal-company/api/v1/package/".to_owned(), list.to_string().into_bytes()),
    ]);
    let (engine, profile) = world.engine().await;
    let address = format!("thunderstore+http://127.0.0.1:{port}/c/lethal-company/");
    let offer = engine.inspect_source(&address).await.expect("an offer");
    let (source, job) = engine.add_source(&offer.address, None, offer.root).await.expect("a source");
    assert_eq!(ended(&engine, job).await.phase, Phase::Done);
    let request = AdoptionRequest { path: Some(world.crew()), ..AdoptionRequest::default() };
    let view = engine.plan_adoption(&request).await.expect("a preview");
    let (adopted, _) = brief(&view);
    assert!(adopted.contains(&("Boots 2.0.0".into(), false, true)), "{adopted:?}");
    assert!(adopted.contains(&("Lantern 1.0.0".into(), false, true)), "a name proves nothing: {adopted:?}");

    // Installed once from the source, its bytes are known.
    let key = lantern_of(&source);
    let wish = Wish { key: key.clone(), range: muster_domain::VersionRange::any(), sha256: None };
    let install = ChangeRequest { install: vec![wish], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, install).await, "done");
    let remove = ChangeRequest { remove: vec![key.clone()], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, remove).await, "done");
    let view = engine.plan_adoption(&request).await.expect("a preview");
    let found = view.adopted.iter().find(|found| found.package.as_ref() == Some(&key));
    assert_eq!(found.map(|found| found.files), Some(3), "{:?}", brief(&view));
    engine.close().await;
}

fn lantern_of(source: &SourceId) -> Key {
    let id: PackageId = "Ada-Lantern".parse().expect("an id");
    Key { source: source.clone(), id }
}
