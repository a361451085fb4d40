//! Packs of other managers: a pack of Modrinth, and a profile of r2modman as a file and under a code. The difference first,
//! then one change that is undone like any other; programs that a pack smuggles along stay behind and are shown (T-37).

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use muster_suite::{Files, Server, World};
use serde_json::{Value, json};

const CODE: &str = "018f3d4c-1111-2222-3333-0123456789ab";

/// Packed as anybody would: by Python's own module. Bytes of an archive, by the names that are given.
fn zip(target: &Path, entries: &[(&str, &[u8])]) {
    let work = tempfile::tempdir().expect("a folder");
    let mut list = Vec::new();
    for (number, (name, bytes)) in entries.iter().enumerate() {
        let path = work.path().join(number.to_string());
        fs::write(&path, bytes).expect("written");
        list.push(json!([name, path]));
    }
    fs::create_dir_all(target.parent().expect("a folder")).expect("folders");
    let script = "import json, sys, zipfile\n\
        with zipfile.ZipFile(sys.argv[1], 'w') as z:\n    \
            for name, path in json.loads(sys.argv[2]):\n        \
                z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), open(path, 'rb').read())\n";
    let made = Command::new("python3")
        .args(["-c", script])
        .arg(target)
        .arg(Value::from(list).to_string())
        .output()
        .expect("python3 runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn sha512(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha512::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A folder that is served, and a player.
struct Net {
    folder: tempfile::TempDir,
    server: Server,
    world: World,
    game: PathBuf,
}

impl Net {
    fn new(game: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::start(folder.path());
        let world = World::with_programs(&[]);
        let place = world.path().join("game");
        for (path, text) in game {
            let path = place.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(path, text).expect("written");
        }
        Self { folder, server, world, game: place }
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, bytes).expect("written");
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.server.address())
    }

    fn has(&self, path: &str) -> bool {
        self.game.join(path).exists()
    }

    /// Every file of the game; empty folders say nothing.
    fn files(&self) -> Files {
        muster_suite::files(&self.game).into_iter().filter(|(path, _)| !path.ends_with('/')).collect()
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.game.join(path)).unwrap_or_default()
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("a path").to_owned()
    }
}

const GLOW: &[u8] = b"the mod glow";
const EXTRA: &[u8] = b"PK\x03\x04 a mod that no source has";

/// Modrinth with one project, and a host for files.
fn modrinth(net: &Net) {
    let hit = json!({"project_id": "GLOW0001", "project_type": "mod", "slug": "glow", "title": "Glow",
        "categories": ["fabric"], "date_modified": "2026-01-01T00:00:00Z"});
    let version = json!({
        "id": "V0000001", "project_id": "GLOW0001", "version_number": "1.0", "version_type": "release",
        "date_published": "2026-01-01T00:00:00Z", "game_versions": ["1.20.1"], "loaders": ["fabric"], "dependencies": [],
        "files": [{"hashes": {"sha1": "00", "sha512": sha512(GLOW)}, "url": net.address("cdn/glow.jar"),
            "filename": "glow-1.0.jar", "primary": true, "size": GLOW.len()}],
    });
    let about = json!({"id": "GLOW0001", "slug": "glow", "project_type": "mod", "title": "Glow", "body": "",
        "license": {"id": "MIT"}});
    net.write("v2/search", json!({"hits": [hit], "total_hits": 1}).to_string().as_bytes());
    net.write("v2/project/GLOW0001/index", about.to_string().as_bytes());
    net.write("v2/project/GLOW0001/version", json!([version]).to_string().as_bytes());
    net.write("v2/version_files", json!({sha512(GLOW): version}).to_string().as_bytes());
    net.write("cdn/glow.jar", GLOW);
    net.write("cdn/extra.jar", EXTRA);
    net.world.muster_ok(&["source", "add", &format!("modrinth+{}", net.address("v2/fabric/"))]);
    let folder = net.game.to_str().expect("a path");
    net.world.muster_ok(&["profile", "create", "crafters", "--game", "minecraft", "--folder", folder]);
}

fn listed(net: &Net, path: &str, bytes: &[u8], address: &str) -> Value {
    let address = if address.contains("://") { address.to_owned() } else { net.address(address) };
    json!({"path": path, "hashes": {"sha1": "0", "sha512": sha512(bytes)}, "fileSize": bytes.len(),
        "env": {"client": "required", "server": "required"}, "downloads": [address]})
}

fn mrpack(net: &Net, name: &str, version: &str, mods: &[Value], others: &[(&str, &[u8])]) -> String {
    let index = json!({"formatVersion": 1, "game": "minecraft", "name": "Crafters", "versionId": version,
        "files": mods, "dependencies": {"minecraft": "1.20.1", "fabric-loader": "0.16.0"}});
    let index = index.to_string().into_bytes();
    let mut entries: Vec<(&str, &[u8])> = vec![("modrinth.index.json", &index)];
    entries.extend(others);
    zip(&net.folder.path().join(name), &entries);
    net.file(name)
}

fn states(offer: &Value) -> Vec<(String, String)> {
    let mods = offer["mods"].as_array().expect("mods").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    mods.map(|one| (text(&one["name"]), text(&one["state"]))).collect()
}

fn behind(offer: &Value) -> Vec<(&str, &str)> {
    let files = offer["files"].as_array().expect("files").iter();
    let mut behind: Vec<_> =
        files.filter_map(|file| Some((file["path"].as_str()?, file["why"].as_str()?))).collect();
    behind.sort_unstable();
    behind
}

#[test]
fn a_pack_of_modrinth_is_shown_installed_and_undone() {
    let net = Net::new(&[("options.txt", "fov:0.5\n"), ("saves/world/level.dat", "mine")]);
    modrinth(&net);
    let before = net.files();
    let trap = net.folder.path().join("trap.zip");
    zip(&trap, &[("assets/x.txt", b"x"), ("Evil.class", b"\xca\xfe\xba\xbe")]);
    let pictures = net.folder.path().join("pictures.zip");
    zip(&pictures, &[("pack.mcmeta", b"{}"), ("assets/a.png", b"\x89PNG")]);
    let (trap, pictures) = (fs::read(trap).expect("read"), fs::read(pictures).expect("read"));
    let mut servers = listed(&net, "mods/server.jar", b"server", "cdn/server.jar");
    servers["env"]["client"] = "unsupported".into();
    let mods = [
        listed(&net, "mods/glow-1.0.jar", GLOW, "cdn/glow.jar"),
        listed(&net, "mods/extra.jar", EXTRA, "cdn/extra.jar"),
        listed(&net, "mods/stranger.jar", b"stranger", "https://evil.example/stranger.jar"),
        listed(&net, "../../escape.jar", b"escape", "cdn/escape.jar"),
        servers,
    ];
    let pack = mrpack(
        &net,
        "one.mrpack",
        "1.0.0",
        &mods,
        &[
            ("overrides/config/glow.toml", b"level = 1\n"),
            ("client-overrides/config/glow.toml", b"level = 2\n"),
            ("server-overrides/config/server.toml", b"x = 1\n"),
            ("overrides/options.txt", b"fov:0.9\n"),
            ("overrides/resourcepacks/Pictures.zip", &pictures),
            ("overrides/resourcepacks/Trap.zip", &trap),
            ("overrides/mods/Evil.jar", b"PK"),
            ("overrides/config/tool.txt", b"MZ\x90\x00"),
            ("overrides/saves/world/level.dat", b"theirs"),
            ("overrides/notes.md", b"hello"),
        ],
    );
    let offer = net.world.muster_json(&["profile", "import", &pack, "--dry-run", "--profile", "crafters"]);
    let expected = [
        ("mods/glow-1.0.jar", "found"),
        ("mods/extra.jar", "by-address"),
        ("mods/stranger.jar", "refused"),
        ("../../escape.jar", "refused"),
    ];
    assert_eq!(states(&offer), expected.map(|(name, state)| (name.to_owned(), state.to_owned())), "{offer}");
    assert_eq!(
        behind(&offer),
        [
            ("config/tool.txt", "program"),
            ("mods/Evil.jar", "program"),
            ("notes.md", "outside"),
            ("resourcepacks/Trap.zip", "program"),
            ("saves/world/level.dat", "protected"),
        ]
    );
    assert_eq!(net.files(), before, "a difference changes nothing");
    net.world.muster_fails(&["profile", "import", &pack, "--profile", "crafters"], 2, "cli-needs-yes");
    assert_eq!(net.files(), before);

    net.world.muster_ok(&["profile", "import", &pack, "--yes", "--profile", "crafters"]);
    assert_eq!(fs::read(net.game.join("mods/glow-1.0.jar")).expect("placed"), GLOW);
    assert_eq!(fs::read(net.game.join("mods/extra.jar")).expect("placed"), EXTRA);
    assert_eq!(net.text("config/glow.toml"), "level = 2\n", "the player's part is laid over");
    assert_eq!(net.text("options.txt"), "fov:0.5\n", "settings that were there are the player's");
    assert_eq!(fs::read(net.game.join("resourcepacks/Pictures.zip")).expect("placed"), pictures);
    assert_eq!(net.text("saves/world/level.dat"), "mine");
    for path in ["mods/Evil.jar", "config/tool.txt", "notes.md", "resourcepacks/Trap.zip", "mods/server.jar"]
    {
        assert!(!net.has(path), "{path}");
    }
    let same = net.world.muster_json(&["profile", "import", &pack, "--yes", "--profile", "crafters"]);
    assert_eq!(same, Value::Null, "it is so already");

    // The next version of the pack leaves a mod out; settings that the player changed since stay.
    fs::write(net.game.join("config/glow.toml"), "level = 7\n").expect("written");
    let next = mrpack(
        &net,
        "two.mrpack",
        "1.1.0",
        &[listed(&net, "mods/extra.jar", EXTRA, "cdn/extra.jar")],
        &[("overrides/config/glow.toml", b"level = 2\n"), ("overrides/config/new.toml", b"a = 1\n")],
    );
    net.world.muster_ok(&["profile", "import", &next, "--yes", "--profile", "crafters"]);
    assert!(!net.has("mods/glow-1.0.jar") && net.has("mods/extra.jar") && net.has("config/new.toml"));
    assert_eq!(net.text("config/glow.toml"), "level = 7\n");
    net.world.muster_ok(&["undo", "--to", "0", "--profile", "crafters"]);
    assert_eq!(net.files(), before, "every byte as before");
}

#[test]
fn a_pack_that_breaks_a_rule_of_archives_or_lies_about_a_file_changes_nothing() {
    let net = Net::new(&[("options.txt", "fov:0.5\n")]);
    modrinth(&net);
    let before = net.files();
    let wrong = [listed(&net, "mods/extra.jar", b"other bytes than are there", "cdn/extra.jar")];
    let refused = [
        (mrpack(&net, "a.mrpack", "1", &[], &[("overrides/../../escape.txt", b"x")]), "path"),
        (mrpack(&net, "b.mrpack", "1", &[], &[("overrides/config/CON", b"x")]), "path"),
        (
            mrpack(&net, "c.mrpack", "1", &[], &[("overrides/config/a", b"x"), ("overrides/Config/A", b"y")]),
            "package",
        ),
        (mrpack(&net, "d.mrpack", "1", &wrong, &[]), "pack-file-differs"),
    ];
    for (pack, code) in refused {
        let run = net.world.muster(&["profile", "import", &pack, "--yes", "--profile", "crafters", "--json"]);
        assert_ne!(run.exit, 0, "{run:?}");
        assert!(format!("{run:?}").contains(code), "{code}: {run:?}");
        assert_eq!(net.files(), before);
    }
    zip(&net.folder.path().join("none.zip"), &[("readme.txt", b"x")]);
    let none = net.file("none.zip");
    net.world.muster_fails(&["profile", "import", &none, "--profile", "crafters"], 1, "pack-unknown-form");
    let lost = World::with_programs(&[]);
    let good = mrpack(&net, "e.mrpack", "1", &[listed(&net, "mods/glow-1.0.jar", GLOW, "cdn/glow.jar")], &[]);
    let offer = lost.muster_json(&["profile", "import", &good, "--dry-run", "--new", "x"]);
    assert_eq!(offer["missing_sources"], json!(["modrinth:fabric"]), "{offer}");
}

/// The service's list with the archives behind it.
fn thunderstore(net: &Net) {
    let mut list = Vec::new();
    let mut add = |name: &str, version: &str, entries: &[(&str, &[u8])]| {
        let path = format!("dl/{name}-{version}.zip");
        zip(&net.folder.path().join(&path), entries);
        let size = fs::metadata(net.folder.path().join(&path)).expect("an archive").len();
        list.push(json!({"full_name": name, "categories": [], "versions": [{
            "version_number": version, "download_url": net.address(&path), "file_size": size, "dependencies": [],
            "downloads": 1, "description": "made for a test"}]}));
    };
    add(
        "BepInEx-BepInExPack",
        "5.4.2100",
        &[
            ("BepInExPack/winhttp.dll", b"doorstop"),
            ("BepInExPack/doorstop_config.ini", b"enabled = true\n"),
            ("BepInExPack/BepInEx/core/BepInEx.dll", b"loader"),
            ("BepInExPack/BepInEx/core/0Harmony.dll", b"harmony"),
            ("manifest.json", b"{}"),
        ],
    );
    add("Ada-Lantern", "1.2.3", &[("Lantern.dll", b"lantern"), ("manifest.json", b"{}")]);
    add("Bo-Boots", "2.0.0", &[("Boots.dll", b"boots"), ("manifest.json", b"{}")]);
    add("Ada-Lamp", "1.0.0", &[("Lamp.dll", b"lamp"), ("manifest.json", b"{}")]);
    net.write("c/lethal-company/api/v1/package/index", Value::from(list).to_string().as_bytes());
    net.world.muster_ok(&["source", "add", &format!("thunderstore+{}", net.address("c/lethal-company/"))]);
    let folder = net.game.to_str().expect("a path");
    net.world.muster_ok(&["profile", "create", "crew", "--game", "lethal-company", "--folder", folder]);
}

const LIST: &[u8] = b"profileName: Night crew\nmods:\n\
    - name: BepInEx-BepInExPack\n  version: {major: 5, minor: 4, patch: 2100}\n  enabled: true\n\
    - name: Ada-Lantern\n  version: {major: 1, minor: 2, patch: 3}\n  enabled: true\n\
    - name: Bo-Boots\n  version: {major: 2, minor: 0, patch: 0}\n  enabled: false\n\
    - name: Ada-Lamp\n  version: {major: 0, minor: 9, patch: 0}\n  enabled: true\n\
    - name: Ada-Gone\n  version: {major: 1, minor: 0, patch: 0}\n  enabled: true\n";

#[test]
fn a_profile_of_r2modman_comes_as_a_file_or_under_a_code_without_what_it_smuggles() {
    let net = Net::new(&[
        ("Lethal Company.exe", "the game"),
        ("Lethal Company_Data/globalgamemanagers", "its data"),
    ]);
    thunderstore(&net);
    let before = net.files();
    let profile = net.folder.path().join("night.r2z");
    zip(
        &profile,
        &[
            ("export.r2x", LIST),
            ("mods.yml", b"[]"),
            ("config/ada.lantern.cfg", b"glow = 7\n"),
            ("BepInEx/plugins/Evil.dll", b"MZ"),
            ("BepInEx/config/Evil.cfg.dll", b"x"),
            ("Lethal Company_Data/globalgamemanagers", b"other data"),
        ],
    );
    let file = profile.to_str().expect("a path");
    let offer = net.world.muster_json(&["profile", "import", file, "--dry-run", "--profile", "crew"]);
    let expected = [
        ("BepInEx-BepInExPack", "found"),
        ("Ada-Lantern", "found"),
        ("Bo-Boots", "found"),
        ("Ada-Lamp", "other-version"),
        ("Ada-Gone", "unknown"),
    ];
    assert_eq!(states(&offer), expected.map(|(name, state)| (name.to_owned(), state.to_owned())), "{offer}");
    assert_eq!(offer["mods"][3]["newest"], "1.0.0");
    assert_eq!(
        behind(&offer),
        [
            ("BepInEx/config/Evil.cfg.dll", "program"),
            ("BepInEx/plugins/Evil.dll", "program"),
            ("Lethal Company_Data/globalgamemanagers", "protected"),
        ]
    );
    assert_eq!(net.files(), before);
    net.world.muster_ok(&["profile", "import", file, "--yes", "--profile", "crew"]);
    assert!(net.has("winhttp.dll") && net.has("BepInEx/core/BepInEx.dll"));
    assert!(net.has("BepInEx/plugins/Ada-Lantern/Lantern.dll"));
    assert!(!net.has("BepInEx/plugins/Bo-Boots/Boots.dll"), "switched off there, switched off here");
    assert_eq!(net.text("BepInEx/config/ada.lantern.cfg"), "glow = 7\n");
    assert!(!net.has("BepInEx/plugins/Evil.dll") && !net.has("BepInEx/config/Evil.cfg.dll"));
    assert_eq!(net.text("Lethal Company_Data/globalgamemanagers"), "its data");
    net.world.muster_ok(&["undo", "--profile", "crew"]);
    assert_eq!(net.files(), before, "one step of the history");

    // The same under a code.
    let script = "import base64, sys; print('#r2modman\\n' + base64.b64encode(open(sys.argv[1], 'rb').read()).decode())";
    let text = Command::new("python3").args(["-c", script, file]).output().expect("python3 runs").stdout;
    net.world.muster_fails(&["profile", "import", CODE, "--profile", "crew"], 4, "pack-code-unknown");
    net.write(&format!("api/experimental/legacyprofile/get/{CODE}/index"), &text);
    net.world.muster_ok(&["profile", "import", CODE, "--yes", "--profile", "crew"]);
    assert!(net.has("BepInEx/plugins/Ada-Lantern/Lantern.dll"));
    net.world.muster_ok(&["undo", "--profile", "crew"]);
    net.world.muster_ok(&["settings", "offline=true"]);
    net.world.muster_fails(&["profile", "import", CODE, "--profile", "crew"], 5, "offline-mode");
}
