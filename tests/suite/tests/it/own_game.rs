//! A game that nobody but the player knows.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]
#![cfg(unix)]

use std::{os::unix::fs::PermissionsExt as _, path::PathBuf};

use muster_suite::{Mod, Registry, World, wait_for};

/// A game that names the files of its one folder as its load order lists them, says that it is ready, and waits.
const PROGRAM: &str = "#!/bin/sh\nif [ \"$1\" = --play ]; then shift; printf '%s\\n' \"$HOOK\" \"$@\" >\"$HOME/started\"; exit; fi\n\
    while read -r file; do [ -f \"$1/$file\" ] && echo \"level $(basename \"$file\")\"; done \\\n\
    <\"$1/../order.txt\"\n\
    echo \"hook $HOOK\"\necho ready\nexec sleep 60\n";

const DEFINITION: &str = r##"
format: 1
id: marbles
title: Marbles
native: [{ systems: [linux, macos], programs: { client: [marbles] }, folders: ["{path}", /usr/games] }]
anchors: [levels]
roots: { user: { linux: ["{data}/marbles"], macos: ["{data}/marbles"] } }
places: { levels: { root: user, path: levels }, settings: { root: user } }
load-order: lists
lists: { levels: ["levels/**/*.lvl"] }
order-files:
  - place: settings
    path: order.txt
    parts: [text: "# made by Muster\n", list: { of: levels, line: "{path}" }, text: "\n"]
install: [{ files: { glob: "**/*.lvl", place: levels, to: "{package}", names: name } }]
launch:
  play: { program: client, args: [--play, "{list:levels}"] }
  prove: { program: client, args: ["{place:levels}"] }
loaders: { hook: { title: Hook, files: [levels/hook/hook.lvl], launches: [play, prove], env: { HOOK: "on" } } }
log: { loaded: ["^level (.+)$"], ready: ["^ready$"], problems: [{ kind: error, pattern: "^hook on$" }] }
"##;

fn world() -> World {
    let world = World::with_programs(&[]);
    let program = world.machine().join("usr/games/marbles");
    std::fs::create_dir_all(program.parent().expect("a folder")).expect("a folder");
    std::fs::write(&program, PROGRAM).expect("a program");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("may run");
    world
}

fn file(world: &World, name: &str, text: &str) -> String {
    let path: PathBuf = world.path().join(name);
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("a path").to_owned()
}

#[test]
fn a_definition_of_the_players_own_is_checked_kept_and_used() {
    let mut world = world();
    assert!(!world.muster_ok(&["game"]).contains("marbles"));
    world.muster_ok(&["game", "add", &file(&world, "marbles.yaml", DEFINITION)]);
    assert!(world.muster_ok(&["games"]).contains("Marbles"));
    let shown = world.muster_json(&["game", "show", "marbles"]);
    assert_eq!(shown["origins"], serde_json::json!(["user"]));
    assert_eq!(shown["installations"][0]["id"], "native", "{shown}");
    assert!(world.muster_ok(&["game", "show", "marbles"]).contains("levels"));

    let levels = Mod::of_game("marbles", "tester/hills", "1.0.0").file("hills.lvl", b"up and down".to_vec());
    let hook = Mod::of_game("marbles", "tester/hook", "1.0.0").file("hook.lvl", b"hook".to_vec());
    world.add_registry(&Registry::with(world.path(), &[levels, hook]), None);
    world.muster_ok(&["install", "tester/hills", "--yes"]);
    let report = world.muster_json(&["launch", "--prove"]);
    assert_eq!(report["loaded"], serde_json::json!(["hills.lvl"]), "{report}");

    let order = world.player().join(".local/share/marbles/order.txt");
    let text = || std::fs::read_to_string(&order).expect("a load order");
    assert_eq!(text(), "# made by Muster\nhills/hills.lvl\n");

    // The file that makes the loader: the game is told of it, and says so.
    world.muster_ok(&["install", "tester/hook", "--yes"]);
    let run = world.muster(&["launch", "--prove", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(report["errors"], serde_json::json!(["hook on"]), "{report}");
    assert_eq!(text(), "# made by Muster\nhills/hills.lvl\nhook/hook.lvl\n");
    world.muster_ok(&["order", "tester/hook", "tester/hills"]);
    assert_eq!(text(), "# made by Muster\nhook/hook.lvl\nhills/hills.lvl\n");
    let run = world.muster(&["launch", "--prove", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(report["loaded"], serde_json::json!(["hook.lvl", "hills.lvl"]), "the game reads it: {report}");
    world.muster_ok(&["launch"]);
    let started = wait_for("the game", || {
        std::fs::read_to_string(world.player().join("started"))
            .ok()
            .filter(|text| text.ends_with("hills.lvl\n"))
    });
    let levels = world.player().join(".local/share/marbles/levels");
    let expected = format!("on\n{0}/hook/hook.lvl\n{0}/hills/hills.lvl\n", levels.display());
    assert_eq!(started, expected, "started with its loader and with every file in its order");
    world.muster_ok(&["remove", "tester/hook"]);

    world.kill();
    let report = world.muster_json(&["launch", "--prove"]);
    assert_eq!(report["loaded"], serde_json::json!(["hills.lvl"]), "known again after a restart");
    world.muster_fails(&["game", "remove", "marbles"], 5, "game-in-use");
    world.muster_ok(&["remove", "tester/hills"]);
    assert!(!order.exists(), "a load order of nothing goes with the last package");
}

#[test]
fn a_broken_definition_changes_nothing_and_is_told_with_its_place() {
    let world = world();
    for (text, code) in [
        (DEFINITION.replace("place: levels, to", "place: nowhere, to"), "game-definition-undefined"),
        (DEFINITION.replace("[marbles]", "['../marbles']"), "game-definition-reach"),
        (DEFINITION.replace("HOOK: \"on\"", "LD_PRELOAD: x"), "game-definition-reach"),
        (DEFINITION.replace("^level (.+)$", "("), "game-definition-pattern"),
        (DEFINITION.replace("format: 1", "format: 2"), "game-format"),
        (DEFINITION.replace("title:", "titel:"), "game-definition"),
    ] {
        world.muster_fails(&["game", "add", &file(&world, "broken.yaml", &text)], 1, code);
    }
    assert!(!world.muster_ok(&["game"]).contains("Marbles"));
    world.muster_fails(&["game", "show", "marbles"], 4, "game-unknown");
    world.muster_fails(&["game", "remove", "marbles"], 4, "game-unknown");
}

/// T-80
#[test]
fn a_definition_cannot_make_a_place_of_the_players_home_or_the_system() {
    let world = world();
    for root in ["{home}", "{home}/.ssh", "/etc"] {
        let text = DEFINITION.replace("{data}/marbles", root).replace("path: levels }", "path: x }");
        world.muster_ok(&["game", "add", "--replace", &file(&world, "marbles.yaml", &text)]);
        let shown = world.muster_json(&["game", "show", "marbles"]);
        assert_eq!(shown["installations"], serde_json::json!([]), "{root}");
    }
    world.muster_ok(&["game", "remove", "marbles"]);
}

#[test]
fn ones_own_definition_hides_the_one_that_came_with_muster_until_it_goes() {
    let world = world();
    let mine = DEFINITION.replace("id: marbles", "id: doom").replace("title: Marbles", "title: My Doom");
    let title = || world.muster_json(&["game", "show", "doom"])["title"].as_str().map(str::to_owned);
    let before = title();
    world.muster_fails(&["game", "add", &file(&world, "doom.yaml", &mine)], 5, "game-taken");
    assert_eq!(title(), before, "nothing takes its place by accident");
    world.muster_ok(&["game", "add", "--replace", &file(&world, "doom.yaml", &mine)]);
    assert_eq!(title().as_deref(), Some("My Doom"));
    world.muster_ok(&["game", "remove", "doom"]);
    assert_eq!(title(), before);
    world.muster_fails(&["game", "remove", "doom"], 5, "game-not-own");
}
