//! From a ContentDB to the game and back: found, installed with what it needs, loaded by the game's own server, updated.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use muster_suite::{Server, World, minetest_server};
use serde_json::{Value, json};

/// One release of one package, as its author made it.
struct Made {
    author: &'static str,
    name: &'static str,
    kind: &'static str,
    release: u64,
    title: &'static str,
    depends: &'static [&'static str],
    /// Path below the archive and text.
    files: &'static [(&'static str, &'static str)],
}

/// A host that answers as the service does, with these packages.
struct Host {
    server: Server,
    folder: tempfile::TempDir,
}

impl Host {
    fn new(packages: &[Made]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let host = Self { server: Server::start(folder.path()), folder };
        host.offer(packages);
        host
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, bytes).expect("written");
    }

    /// Packed as anybody would: by Python's own module.
    fn archive(&self, made: &Made) -> u64 {
        let folder = format!("made/{}/{}", made.name, made.release);
        for (path, text) in made.files {
            self.write(&format!("{folder}/{path}"), text.as_bytes());
        }
        let target =
            format!("packages/{}/{}/releases/{}/download/index", made.author, made.name, made.release);
        self.write(&target, b"");
        let top = made.files[0].0.split('/').next().expect("a part");
        let output = std::process::Command::new("python3")
            .args(["-m", "zipfile", "-c"])
            .arg(self.folder.path().join(&target))
            .arg(top)
            .current_dir(self.folder.path().join(&folder))
            .output();
        let output = output.expect("python3 runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::metadata(self.folder.path().join(&target)).expect("an archive").len()
    }

    fn offer(&self, packages: &[Made]) {
        let mut releases: BTreeMap<(&str, &str), Vec<Value>> = BTreeMap::new();
        let mut newest: BTreeMap<(&str, &str), &Made> = BTreeMap::new();
        for made in packages {
            let size = self.archive(made);
            releases.entry((made.author, made.name)).or_default().push(json!({
                "id": made.release, "title": made.title, "release_date": "2026-01-02T03:04:05", "size": size,
                "min_minetest_version": null, "max_minetest_version": null,
            }));
            newest.insert((made.author, made.name), made);
        }
        let list: Vec<Value> = newest
            .values()
            .map(|made| {
                json!({"author": made.author, "name": made.name, "type": made.kind, "release": made.release,
                    "title": made.name, "short_description": "made for a test"})
            })
            .collect();
        let needs: Vec<Value> = newest
            .values()
            .map(|made| {
                let provides = if made.kind == "game" { "default" } else { made.name };
                json!({"author": made.author, "name": made.name, "type": made.kind, "provides": [provides],
                    "depends": made.depends, "optional_depends": []})
            })
            .collect();
        self.write("api/packages/index", Value::from(list).to_string().as_bytes());
        let page = json!({"page": 1, "page_count": 1, "items": needs});
        self.write("api/dependencies/index", page.to_string().as_bytes());
        for ((author, name), releases) in releases {
            let details =
                json!({"license": "MIT", "media_license": "CC0-1.0", "long_description": "# It glows"});
            self.write(&format!("api/packages/{author}/{name}/index"), details.to_string().as_bytes());
            let list = Value::from(releases).to_string();
            self.write(&format!("api/packages/{author}/{name}/releases/index"), list.as_bytes());
        }
    }
}

const GLOW: Made = Made {
    author: "Ada",
    name: "cdb_glow",
    kind: "mod",
    release: 31,
    title: "1.0",
    depends: &["default", "cdb_lib"],
    files: &[
        ("cdb_glow-main/mod.conf", "name = cdb_glow\ndepends = default, cdb_lib\n"),
        ("cdb_glow-main/init.lua", "assert(cdb_lib)\n"),
        ("cdb_glow-main/textures/readme.txt", "pictures"),
    ],
};
const LIB: Made = Made {
    author: "Bo",
    name: "cdb_lib",
    kind: "mod",
    release: 12,
    title: "2026-01-01",
    depends: &[],
    files: &[("init.lua", "cdb_lib = {}\n")],
};
const GAME: Made = Made {
    author: "ruben",
    name: "toy_game",
    kind: "game",
    release: 3,
    title: "1",
    depends: &[],
    files: &[("toy/game.conf", "title = Toy\n"), ("toy/mods/default/init.lua", "")],
};
const PACK: Made = Made {
    author: "Ada",
    name: "hd",
    kind: "txp",
    release: 4,
    title: "v1",
    depends: &[],
    files: &[("default_dirt.png", "not really a picture")],
};

fn world(host: &Host) -> World {
    let world = World::new();
    let address = format!("contentdb+{}", host.server.address());
    world.muster_ok(&["source", "add", &address, "--alias", "cdb"]);
    world
}

fn names(list: &Value) -> BTreeSet<&str> {
    list.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

fn below(world: &World, path: &str) -> PathBuf {
    world.mods().parent().expect("the game's folder").join(path)
}

#[test]
fn a_mod_comes_with_what_it_needs_and_the_game_loads_both() {
    if minetest_server().is_none() {
        eprintln!("skipped: no Minetest server is installed");
        return;
    }
    let host = Host::new(&[GLOW, LIB, GAME, PACK]);
    let world = world(&host);
    let found = world.muster_json(&["search", "glow"]);
    assert_eq!(found["rows"][0]["id"], "Ada/cdb_glow", "{found}");
    let shown = world.muster_json(&["show", "cdb:Ada/cdb_glow"]);
    assert_eq!(shown["version"], "1.0", "as its author calls it: {shown}");
    assert_eq!(shown["license"], "MIT AND CC0-1.0", "{shown}");
    assert!(shown["description_html"].as_str().is_some_and(|html| html.contains("It glows")), "{shown}");
    world.muster_ok(&["install", "Ada/cdb_glow", "--yes"]);
    let placed: Vec<String> = world.placed().into_keys().collect();
    assert!(placed.iter().any(|path| path.ends_with("cdb_glow/mod.conf")), "{placed:?}");
    assert!(placed.iter().any(|path| path.ends_with("cdb_lib/init.lua")), "{placed:?}");
    assert!(!placed.iter().any(|path| path.contains("toy_game")), "the game is the player's: {placed:?}");
    let report = world.muster_json(&["launch", "--prove"]);
    assert_eq!(names(&report["loaded"]), BTreeSet::from(["cdb_glow", "cdb_lib"]), "{report}");
    assert!(world.muster_ok(&["verify"]).contains('4'), "four files of two mods");
}

#[test]
fn games_and_texture_packs_go_where_the_game_looks_for_them() {
    let host = Host::new(&[GLOW, LIB, GAME, PACK]);
    let world = world(&host);
    world.muster_ok(&["install", "ruben/toy_game", "Ada/hd", "--yes"]);
    assert!(below(&world, "games/toy_game/mods/default/init.lua").is_file());
    assert!(below(&world, "textures/hd/default_dirt.png").is_file());
    world.muster_ok(&["remove", "ruben/toy_game", "Ada/hd"]);
    assert!(!below(&world, "games/toy_game/game.conf").exists() && !below(&world, "textures/hd").exists());
}

#[test]
fn a_newer_release_is_an_update_and_the_old_one_can_be_had_back() {
    let host = Host::new(&[LIB]);
    let world = world(&host);
    world.muster_ok(&["install", "Bo/cdb_lib", "--yes"]);
    assert!(world.muster_json(&["outdated"]).as_array().is_some_and(Vec::is_empty));
    // Older by its name, newer by its number: the number counts.
    let newer =
        Made { release: 15, title: "0.9", files: &[("init.lua", "cdb_lib = { new = true }\n")], ..LIB };
    host.offer(&[LIB, newer]);
    world.muster_ok(&["source", "sync", "cdb"]);
    assert_eq!(world.muster_json(&["outdated"]).as_array().map(Vec::len), Some(1));
    world.muster_ok(&["update", "--yes"]);
    let text = || std::fs::read_to_string(world.mods().join("cdb_lib/init.lua")).expect("placed");
    assert!(text().contains("new"));
    world.muster_ok(&["undo"]);
    assert!(!text().contains("new"));
    world.muster_ok(&["install", "Bo/cdb_lib@0.9", "--yes"]);
    assert!(text().contains("new"), "versions are named as people know them");
}

#[test]
fn a_bad_short_name_is_told_as_one() {
    let world = World::new();
    let run = world.muster(&["source", "add", "contentdb", "--alias", "Not A Name"]);
    assert!(run.names("source-alias"), "{run:?}");
}

#[test]
fn a_service_that_answers_otherwise_is_told_field_by_field_and_changes_nothing() {
    let host = Host::new(&[LIB]);
    let world = world(&host);
    let run = world.muster(&["doctor", "sources", "--live"]);
    assert_eq!(run.exit, 0, "nothing of it hurts: {run:?}");
    assert!(run.out.contains("api/packages/Bo/cdb_lib/releases/"), "{run:?}");
    assert!(world.muster_ok(&["doctor", "sources", "--live", "--all"]).contains("[].author"));

    let list = json!([{"author": "Bo", "name": "cdb_lib", "type": "mod", "release": "12", "views": 5}, {"author": "Cy"}]);
    host.write("api/packages/index", list.to_string().as_bytes());
    let run = world.muster(&["doctor", "sources", "--live", "cdb"]);
    assert_eq!(run.exit, 1, "{run:?}");
    let told =
        |path: &str, word: &str| run.out.lines().any(|line| line.contains(path) && line.contains(word));
    assert!(told("[].name", "missing"), "{run:?}");
    assert!(told("[].release", "integer ≠ string"), "{run:?}");
    assert!(told("[].views", "not read"), "{run:?}");
    assert_eq!(world.muster_json(&["search", "cdb_lib"])["rows"][0]["id"], "Bo/cdb_lib", "nothing is kept");
    assert!(world.muster_ok(&["doctor", "sources"]).contains("cdb"), "without asking anybody");
}
