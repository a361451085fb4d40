//! Collections: applied from several sources, resumed, updated against what the player changed by hand, undone, left.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use muster_domain::SourceId;
use muster_suite::{Mod, Registry, World};
use serde_json::Value;

/// Two registries; what the second one has is in the collection of the first.
struct Net {
    first: Registry,
    second: Registry,
    other: String,
    _folder: tempfile::TempDir,
}

impl Net {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let second = Registry::new(&folder.path().join("second"));
        second.admit("friend");
        second.publish(&[Mod::new("friend/glow", "1.0.0")]);
        let root = second.root().parse().expect("a hash");
        let other = SourceId::registry(&root).to_string();
        let mods = ["1.0.0", "1.1.0", "2.0.0"].map(|version| Mod::new("tester/lamp", version));
        let more = ["tester/tide", "tester/gate", "tester/own"].map(|id| Mod::new(id, "1.0.0"));
        let first = Registry::with(&folder.path().join("first"), &[mods.to_vec(), more.to_vec()].concat());
        let net = Self { first, second, other, _folder: folder };
        net.publish(
            "1.0.0",
            &[
                "package: tester/lamp, version: ^1",
                "package: tester/tide, version: ^1",
                "package: tester/own, version: ^1",
                "package: tester/gate, version: ^1, optional: true",
                &format!("package: friend/glow, version: ^1, source: \"{}\"", net.other),
                "package: tester/none, version: ^1",
            ],
        );
        net
    }

    fn publish(&self, version: &str, packages: &[&str]) {
        self.first.publish(&[Mod::collection("tester/crew", version, packages)]);
    }
}

fn states(offer: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let members = offer["members"].as_array().expect("members").iter();
    members.map(|member| (text(&member["id"]), text(&member["state"]))).collect()
}

fn installed(world: &World) -> Vec<String> {
    let detail = world.muster_json(&["list"]);
    let entries = detail["entries"].as_array().expect("entries").iter();
    let mut found: Vec<String> = entries
        .map(|entry| {
            format!("{} {}", entry["id"].as_str().expect("id"), entry["version"].as_str().expect("version"))
        })
        .collect();
    found.sort();
    found
}

fn expected(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(id, state)| ((*id).to_owned(), (*state).to_owned())).collect()
}

#[test]
fn a_collection_is_applied_resumed_updated_against_the_players_will_and_left() {
    let net = Net::new();
    let world = World::new();
    world.add_registry(&net.first, None);
    world.muster_ok(&["install", "tester/own", "--yes"]);
    world.muster_fails(&["collection", "show", "tester/lamp"], 4, "not-a-collection");
    let offer = world.muster_json(&["collection", "show", "tester/crew"]);
    assert_eq!(
        states(&offer),
        expected(&[
            ("tester/lamp", "comes"),
            ("tester/tide", "comes"),
            ("tester/own", "here"),
            ("tester/gate", "not-chosen"),
            ("friend/glow", "missing"),
            ("tester/none", "missing"),
        ]),
        "{offer}"
    );
    assert_eq!(
        (&offer["members"][4]["source_here"], &offer["members"][5]["source_here"]),
        (&false.into(), &true.into())
    );
    assert_eq!(installed(&world), ["tester/own 1.0.0"], "a look changes nothing");
    world.muster_fails(&["collection", "apply", "tester/crew"], 2, "cli-needs-yes");
    world.muster_ok(&["collection", "apply", "tester/crew", "--yes"]);
    let first = ["tester/crew 1.0.0", "tester/lamp 1.1.0", "tester/own 1.0.0", "tester/tide 1.0.0"];
    assert_eq!(installed(&world), first, "what nobody has does not keep the rest away");
    assert!(world.mods().join("lamp/init.lua").exists() && !world.mods().join("crew").exists());

    // With its source there, what was missing is asked for again; versions stay where the collection wants them.
    let (folder, root) = (net.second.path(), net.second.root());
    let folder = folder.to_str().expect("a path");
    world.muster_ok(&["source", "add", folder, "--alias", "other", "--root", &root]);
    world.muster_ok(&["collection", "update", "tester/crew", "--yes"]);
    assert!(world.mods().join("glow/init.lua").exists());
    world.muster_ok(&["update", "--yes"]);
    assert!(installed(&world).contains(&"tester/lamp 1.1.0".to_owned()), "an update goes no further");

    // What the player takes out stays out, through new versions, too; what was there before stays.
    world.muster_ok(&["remove", "tester/tide"]);
    let offer = world.muster_json(&["collection", "update", "tester/crew", "--dry-run"]);
    assert!(states(&offer).contains(&("tester/tide".to_owned(), "taken-out".to_owned())), "{offer}");
    assert!(offer["plan"].is_null(), "{offer}");
    net.publish(
        "2.0.0",
        &[
            "package: tester/lamp, version: ^2",
            "package: tester/tide, version: ^1",
            "package: tester/gate, version: ^1",
        ],
    );
    world.muster_ok(&["source", "sync", "test"]);
    let list = world.muster_json(&["collection", "list"]);
    assert_eq!((&list[0]["version"], &list[0]["update"]), (&"1.0.0".into(), &"2.0.0".into()), "{list}");
    let offer = world.muster_json(&["collection", "update", "tester/crew", "--dry-run"]);
    assert_eq!(
        states(&offer),
        expected(&[
            ("tester/lamp", "comes"),
            ("tester/tide", "taken-out"),
            ("tester/gate", "comes"),
            ("friend/glow", "goes"),
        ]),
        "{offer}"
    );
    world.muster_ok(&["collection", "update", "tester/crew", "--yes"]);
    let second = ["tester/crew 2.0.0", "tester/gate 1.0.0", "tester/lamp 2.0.0", "tester/own 1.0.0"];
    assert_eq!(installed(&world), second);
    world.muster_ok(&["undo"]);
    assert!(installed(&world).contains(&"friend/glow 1.0.0".to_owned()), "one step of the history");

    world.muster_ok(&["collection", "leave", "tester/crew"]);
    assert_eq!(installed(&world), ["tester/own 1.0.0"], "what was there before the collection stays");
    world.muster_ok(&["undo"]);
    world.muster_ok(&["collection", "leave", "tester/crew", "--keep"]);
    assert_eq!(installed(&world), ["friend/glow 1.0.0", "tester/lamp 1.1.0", "tester/own 1.0.0"]);
}

#[test]
fn what_is_left_to_choice_is_chosen_and_what_is_not_wanted_stays_out() {
    let net = Net::new();
    let world = World::new();
    world.add_registry(&net.first, None);
    let choice =
        ["collection", "apply", "tester/crew", "--with", "tester/gate", "--without", "tester/tide", "--yes"];
    world.muster_ok(&choice);
    let found = ["tester/crew 1.0.0", "tester/gate 1.0.0", "tester/lamp 1.1.0", "tester/own 1.0.0"];
    assert_eq!(installed(&world), found);
    // It is not offered again: neither by an update of the collection, nor of everything, nor after an undo.
    let offer = world.muster_json(&["collection", "update", "tester/crew", "--dry-run"]);
    let out = ("tester/tide".to_owned(), "left-out".to_owned());
    assert!(states(&offer).contains(&out) && offer["plan"].is_null(), "{offer}");
    net.publish("1.1.0", &["package: tester/lamp, version: ^1", "package: tester/tide, version: ^1"]);
    world.muster_ok(&["source", "sync", "test"]);
    world.muster_ok(&["update", "--yes"]);
    let found = ["tester/crew 1.1.0", "tester/gate 1.0.0", "tester/lamp 1.1.0"];
    assert_eq!(installed(&world), found);
    world.muster_ok(&["undo"]);
    let offer = world.muster_json(&["collection", "update", "tester/crew", "--dry-run"]);
    assert!(states(&offer).contains(&out), "{offer}");

    // It is taken in again by name, and then it is there like all else; an undo brings back that it is left out.
    world.muster_ok(&["collection", "update", "tester/crew", "--with", "tester/tide", "--yes"]);
    assert!(installed(&world).contains(&"tester/tide 1.0.0".to_owned()));
    world.muster_ok(&["undo"]);
    let offer = world.muster_json(&["collection", "show", "tester/crew"]);
    assert!(states(&offer).contains(&out), "{offer}");

    // Something can be left out without anything else happening.
    let crew = "tester/crew@1.0.0";
    world.muster_ok(&["collection", "update", crew, "--without", "friend/glow", "--yes"]);
    let offer = world.muster_json(&["collection", "show", crew]);
    assert!(states(&offer).contains(&("friend/glow".to_owned(), "left-out".to_owned())), "{offer}");
    assert!(offer["plan"].is_null(), "{offer}");

    // A version of one's own is kept, whatever the collection wants.
    world.muster_ok(&["install", "tester/lamp@2.0.0", "--yes"]);
    let offer = world.muster_json(&["collection", "update", crew, "--without", "tester/tide", "--dry-run"]);
    assert!(states(&offer).contains(&("tester/lamp".to_owned(), "yours".to_owned())), "{offer}");
    assert!(offer["plan"].is_null(), "{offer}");
}

#[test]
fn a_collection_that_lies_in_a_folder_brings_its_packages_from_there_and_from_elsewhere() {
    let net = Net::new();
    let world = World::new();
    world.add_registry(&net.first, None);
    let work = tempfile::tempdir().expect("a folder");
    let root = net.first.root().parse().expect("a hash");
    let list = [
        format!("package: tester/lamp, version: ^1, source: \"{}\"", SourceId::registry(&root)),
        "package: maker/pond, version: ^1".to_owned(),
        "package: maker/reed, optional: true".to_owned(),
    ];
    let list: Vec<&str> = list.iter().map(String::as_str).collect();
    // Packed and handed on as files: nobody's registry has them.
    let maker = Registry::new(&work.path().join("maker"));
    maker.admit("maker");
    maker.publish(&[
        Mod::new("maker/pond", "1.0.0"),
        Mod::new("maker/reed", "1.0.0"),
        Mod::collection("maker/garden", "1.0.0", &list),
    ]);
    let mine = work.path().join("mine");
    std::fs::create_dir(&mine).expect("a folder");
    for name in ["pond", "reed", "garden"] {
        let file = format!("maker-{name}-1.0.0.muster");
        std::fs::copy(maker.archive(&file), mine.join(&file)).expect("copied");
    }
    world.muster_ok(&["source", "add", &format!("folder:minetest+{}", mine.display()), "--alias", "mine"]);
    let offer = world.muster_json(&["collection", "show", "maker/garden"]);
    let states_before =
        expected(&[("tester/lamp", "comes"), ("maker/pond", "comes"), ("maker/reed", "not-chosen")]);
    assert_eq!(states(&offer), states_before, "{offer}");
    world.muster_ok(&["collection", "apply", "maker/garden", "--yes"]);
    let found = ["maker/garden 1.0.0", "maker/pond 1.0.0", "tester/lamp 1.1.0"];
    assert_eq!(installed(&world), found);
    assert!(world.mods().join("pond/init.lua").exists() && world.mods().join("lamp/init.lua").exists());
    world.muster_ok(&["collection", "leave", "maker/garden"]);
    assert_eq!(installed(&world), Vec::<String>::new(), "what only it brought goes with it");
}
