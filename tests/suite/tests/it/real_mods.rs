//! Real mods, as Debian packages them: the game's own server says that it loads each of them.
//!
//! They are fetched with `apt-get download` into the build folder, once, and never installed; without a network or apt
//! the test says so and passes.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use muster_suite::{Mod, Registry, World, minetest_server};
use serde_json::Value;

/// Debian's packages, without `minetest-mod-` before them. Not among them: what runs in the client, `pycraft`, which
/// wants the server to be configured for it, and `skyblock`, which takes the ground away from all others.
const MODS: &[&str] = &[
    "3d-armor",
    "basic-materials",
    "character-creator",
    "craftguide",
    "currency",
    "ethereal",
    "homedecor",
    "infinite-chest",
    "lucky-block",
    "maidroid",
    "mesecons",
    "meshport",
    "mobs-redo",
    "moreblocks",
    "moreores",
    "nether",
    "pipeworks",
    "protector",
    "quartz",
    "throwing",
    "throwing-arrows",
    "unified-inventory",
    "unifieddyes",
    "worldedit",
    "xdecor",
];

/// What one of Debian's packages says and holds.
struct Fetched {
    name: &'static str,
    version: String,
    needs: Vec<String>,
    /// The folder of its one mod or modpack.
    folder: PathBuf,
}

fn run(program: &str, arguments: &[&str], at: &Path) -> Result<String, String> {
    let output = Command::new(program).args(arguments).current_dir(at).output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!("{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr).trim())),
    }
}

/// Debian's version as a semantic one: its first three numbers.
fn semantic(version: &str) -> String {
    let upstream = version.split_once(':').map_or(version, |(_, rest)| rest);
    let upstream = upstream.split(['-', '+']).next().unwrap_or_default();
    let numbers = upstream
        .split('.')
        .map(|part| part.trim_start_matches('0'))
        .map(|part| part.parse::<u64>().unwrap_or(0));
    let numbers: Vec<String> = numbers.chain([0, 0]).take(3).map(|number| number.to_string()).collect();
    numbers.join(".")
}

fn fetch(name: &'static str, cache: &Path) -> Result<Fetched, String> {
    let package = format!("minetest-mod-{name}");
    let archive = || {
        let mut entries = fs::read_dir(cache).expect("a folder").flatten().map(|entry| entry.path());
        entries.find(|path| {
            path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(&format!("{package}_")))
        })
    };
    if archive().is_none() {
        run("apt-get", &["download", "-q", &package], cache)?;
    }
    let archive = archive().ok_or(format!("apt-get fetched no {package}"))?;
    let archive = archive.to_str().expect("a path");
    let tree = cache.join(name);
    run("dpkg-deb", &["-x", archive, tree.to_str().expect("a path")], cache)?;
    let field = |field: &str| run("dpkg-deb", &["-f", archive, field], cache);
    let depends = field("Depends")?;
    let needs = depends
        .split([',', '|'])
        .filter_map(|need| need.trim().split(' ').next()?.strip_prefix("minetest-mod-"));
    let needs = needs.map(str::to_owned).collect();
    let mods = fs::read_dir(tree.join("usr/share/games/minetest/mods")).map_err(|error| error.to_string())?;
    let folder = mods.flatten().next().ok_or(format!("{package} is empty"))?.path();
    Ok(Fetched { name, version: semantic(field("Version")?.trim()), needs, folder })
}

/// All of them; nothing (with the reason printed) where they cannot be had.
fn fetched() -> Option<Vec<Fetched>> {
    let program = std::env::current_exe().expect("a test runs from a file");
    let target = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists()).map(Path::to_owned);
    let cache = target.unwrap_or_else(std::env::temp_dir).join("real-mods");
    fs::create_dir_all(&cache).expect("a folder");
    MODS.iter()
        .map(|name| fetch(name, &cache))
        .collect::<Result<_, _>>()
        .map_err(|why| eprintln!("skipped: {why}"))
        .ok()
}

fn id(name: &str) -> String {
    format!("debian/{name}")
}

fn pack(of: &Fetched) -> Mod {
    let folder = of.folder.file_name().expect("a name").to_string_lossy();
    let package = Mod::of_game("minetest", &id(of.name), &of.version).folder(&folder, &of.folder);
    of.needs.iter().fold(package, |package, need| package.needs(&id(need)))
}

/// Names that the server must load: folders with a program in them.
fn mods_in(folder: &Path, names: &mut BTreeSet<String>) {
    let conf = fs::read_to_string(folder.join("mod.conf")).unwrap_or_default();
    if folder.join("init.lua").exists() {
        let name = conf.lines().find_map(|line| line.split_once('=').filter(|(key, _)| key.trim() == "name"));
        let folder = folder.file_name().expect("a name").to_string_lossy().into_owned();
        names.insert(name.map_or(folder, |(_, name)| name.trim().to_owned()));
        return;
    }
    for entry in fs::read_dir(folder).expect("a folder").flatten().filter(|entry| entry.path().is_dir()) {
        mods_in(&entry.path(), names);
    }
}

fn loaded(world: &World) -> BTreeSet<String> {
    let report = world.muster_json(&["launch", "--prove"]);
    assert_eq!(report["not_loaded"], Value::Array(vec![]), "{report}");
    let evidence = report["evidence"].as_array().expect("a list");
    let loaded = report["loaded"].as_array().expect("a list").iter().filter_map(Value::as_str);
    let said = |name: &str| {
        evidence.iter().filter_map(Value::as_str).any(|line| line.contains(&format!("\"{name}\" loaded")))
    };
    loaded.inspect(|name| assert!(said(name), "the server did not say {name}")).map(str::to_owned).collect()
}

#[test]
fn a_server_loads_twenty_real_mods_after_install_update_and_undo() {
    if minetest_server().is_none() {
        eprintln!("skipped: no Minetest server is installed");
        return;
    }
    let Some(fetched) = fetched() else { return };
    let world = World::new();
    fs::create_dir_all(world.mods().join("mine")).expect("a folder");
    fs::write(world.mods().join("mine/init.lua"), "-- of the player").expect("a file");
    let original = world.placed();
    let registry = Registry::new(&world.path().join("origin"));
    registry.admit("debian");
    let packages: Vec<Mod> = fetched.iter().map(pack).collect();
    registry.publish(&packages);
    world.add_registry(&registry, None);

    let ids: Vec<String> = MODS.iter().map(|name| id(name)).collect();
    let install: Vec<&str> = ["install", "--yes"].into_iter().chain(ids.iter().map(String::as_str)).collect();
    world.muster_ok(&install);
    let mut expected = BTreeSet::new();
    fetched.iter().for_each(|of| mods_in(&of.folder, &mut expected));
    assert!(fetched.len() >= 20 && expected.len() >= 80, "{expected:?}");
    let installed = world.placed();
    let now = loaded(&world);
    assert_eq!(expected.difference(&now).collect::<Vec<_>>(), Vec::<&String>::new(), "every mod is loaded");

    // A release that brings one mod more: the server is the witness of the update, and of its undoing.
    let quartz = fetched.iter().find(|of| of.name == "quartz").expect("one of them");
    let next = Fetched {
        name: quartz.name,
        version: quartz.version.replace(".0.0", ".1.0"),
        needs: Vec::new(),
        folder: quartz.folder.clone(),
    };
    assert_ne!(next.version, quartz.version);
    let news = b"name = quartz_news\ndepends = quartz\n".to_vec();
    let next =
        pack(&next).file("quartz_news/mod.conf", news).file("quartz_news/init.lua", b"-- news".to_vec());
    registry.publish(&[next]);
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["update", "--yes"]);
    let mut with_news = now.clone();
    with_news.insert("quartz_news".into());
    assert_eq!(loaded(&world), with_news);

    world.muster_ok(&["undo"]);
    assert_eq!(world.placed(), installed, "undone to the byte");
    assert_eq!(loaded(&world), now);

    let proof = world.muster_json(&["vanilla"]);
    assert_eq!(proof["original"], true, "{proof}");
    assert_eq!(world.placed(), original);
    world.muster_ok(&["undo"]);
    assert_eq!(world.placed(), installed, "and back");
}
