//! What Steam has brought from its Workshop: found, searched, watched, and never touched.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]
#![cfg(unix)]

use std::{os::unix::fs::PermissionsExt as _, path::PathBuf};

use muster_suite::{World, files, wait_for};

const DEFINITION: &str = r#"
format: 1
id: caves
title: Caves
native: [{ systems: [linux], programs: { client: [caves] }, folders: ["{game}"] }]
stores: { steam: [4242] }
anchors: [Mods]
roots: { game: { linux: ["{game}"] } }
places: { mods: { root: game, path: Mods } }
install: [{ files: { glob: "**/*", place: mods, to: "{package}", names: path } }]
"#;

struct Steam(PathBuf);

impl Steam {
    /// A library with the game in it.
    fn new(world: &World) -> Self {
        let steam = Self(world.player().join(".local/share/Steam/steamapps"));
        let library = steam.0.parent().expect("a folder").display().to_string();
        steam.write(
            "libraryfolders.vdf",
            &format!("\"libraryfolders\"\n{{\n\t\"0\"\n\t{{\n\t\t\"path\"\t\t\"{library}\"\n\t\t\"apps\"\n\t\t{{\n\t\t\t\"4242\"\t\t\"1\"\n\t\t}}\n\t}}\n}}\n"),
        );
        steam.write(
            "appmanifest_4242.acf",
            "\"AppState\"\n{\n\t\"appid\"\t\t\"4242\"\n\t\"name\"\t\t\"Caves\"\n\t\"StateFlags\"\t\t\"4\"\n\t\"installdir\"\t\t\"Caves\"\n\t\"buildid\"\t\t\"7\"\n}\n",
        );
        steam.write("common/Caves/caves", "#!/bin/sh\n");
        std::fs::create_dir_all(steam.0.join("common/Caves/Mods")).expect("a folder");
        let program = steam.0.join("common/Caves/caves");
        std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).expect("may run");
        steam
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("written");
    }

    /// Brings items, as Steam does: the folders first, then its list.
    fn bring(&self, items: &[(u64, &str)]) {
        let mut list = String::new();
        for (number, name) in items {
            self.write(
                &format!("workshop/content/4242/{number}/mod.json"),
                &format!("{{\"name\": \"{name}\"}}"),
            );
            self.write(&format!("workshop/content/4242/{number}/data/lamp.bin"), "light");
            list += &format!(
                "\t\t\"{number}\"\n\t\t{{\n\t\t\t\"size\"\t\t\"2048\"\n\t\t\t\"timeupdated\"\t\t\"1600000000\"\n\t\t}}\n"
            );
        }
        let text = format!(
            "\"AppWorkshop\"\n{{\n\t\"appid\"\t\t\"4242\"\n\t\"WorkshopItemsInstalled\"\n\t{{\n{list}\t}}\n}}\n"
        );
        self.write("workshop/appworkshop_4242.acf", &text);
    }
}

fn found(world: &World, text: &str) -> Vec<String> {
    let page = world.muster_json(&["search", text]);
    let rows = page["rows"].as_array().expect("rows");
    rows.iter().filter_map(|row| row["title"].as_str().map(str::to_owned)).collect()
}

#[test]
fn what_steam_brought_is_shown_and_left_alone() {
    let mut world = World::with_programs(&[]);
    let steam = Steam::new(&world);
    steam.bring(&[(818_773_962, "Soft Lamps"), (2_009_463_077, "Deep Wells")]);
    world.start();
    world.muster_fails(&["source", "add", "workshop:caves"], 4, "source-no-workshop");
    let definition = world.path().join("caves.yaml");
    std::fs::write(&definition, DEFINITION).expect("written");
    world.muster_ok(&["game", "add", definition.to_str().expect("a path")]);

    let before = files(&steam.0);
    world.muster_ok(&["source", "add", "workshop:caves", "--alias", "ws"]);
    let sources = world.muster_json(&["source", "list"]);
    assert_eq!((sources[0]["kind"].as_str(), sources[0]["packages"].as_u64()), (Some("workshop"), Some(2)));
    assert_eq!(found(&world, "lamps game:caves"), ["Soft Lamps"]);
    let shown = world.muster_json(&["show", "ws:818773962"]);
    assert_eq!(
        (shown["status"]["state"].as_str(), shown["status"]["by"].as_str()),
        (Some("managed"), Some("steam")),
        "{shown}"
    );
    assert_eq!((shown["size"].as_u64(), shown["license"].as_str()), (Some(2048), None));
    assert_eq!(shown["homepage"], "https://steamcommunity.com/sharedfiles/filedetails/?id=818773962");
    assert!(world.muster_ok(&["show", "ws:818773962"]).contains("managed by Steam"));
    for arguments in [&["install", "ws:818773962"][..], &["install", "--dry-run", "ws:818773962"]] {
        world.muster_fails(arguments, 5, "source-managed");
    }
    assert_eq!(world.muster_json(&["seeds"]).as_array().map(Vec::len), Some(0));

    // Steam brings another one and takes one away; nobody refreshes anything.
    std::fs::remove_dir_all(steam.0.join("workshop/content/4242/2009463077")).expect("unsubscribed");
    steam.bring(&[(818_773_962, "Soft Lamps"), (31, "High Towers")]);
    wait_for("the new item", || {
        (found(&world, "game:caves").iter().any(|title| title == "High Towers")).then_some(())
    });
    let mut all = found(&world, "game:caves");
    all.sort();
    assert_eq!(all, ["High Towers", "Soft Lamps"]);

    let after = files(&steam.0);
    world.muster_ok(&["source", "remove", "ws"]);
    assert!(found(&world, "game:caves").is_empty());
    assert_eq!(files(&steam.0), after, "forgetting the source forgets nothing of Steam's");
    let kept = |name: &str| name.contains("818773962");
    for (name, bytes) in before.iter().filter(|(name, _)| kept(name)) {
        assert_eq!(after.get(name), Some(bytes), "{name}");
    }
}

#[test]
fn sources_for_games_that_came_are_offered_until_they_are_turned_down() {
    let mut world = World::with_programs(&[]);
    let steam = Steam::new(&world);
    steam.bring(&[(31, "High Towers")]);
    world.start();
    let offered = |world: &World| {
        let presets = world.muster_json(&["source", "presets"]);
        let presets = presets.as_array().expect("a list").iter().filter(|preset| preset["offered"] == true);
        presets.map(|preset| preset["id"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(offered(&world), Vec::<String>::new(), "no game is here");
    assert!(world.muster_ok(&["source", "presets", "minecraft"]).contains("api.modrinth.com"));
    world.muster_fails(&["source", "presets", "no-such-game"], 4, "game-unknown");
    let definition = world.path().join("caves.yaml");
    std::fs::write(&definition, DEFINITION.replace("anchors:", "sources: [\"modrinth:fabric\"]\nanchors:"))
        .expect("written");
    let added = world.muster(&["game", "add", definition.to_str().expect("a path")]);
    assert!(added.exit == 0 && added.err.contains("muster source presets caves"), "{added:?}");

    let workshop = format!("workshop:caves+{}", steam.0.join("workshop/content/4242").display());
    assert_eq!(offered(&world), ["modrinth:fabric".to_owned(), workshop.clone()]);
    assert!(
        world.muster_json(&["source", "list"]).as_array().is_some_and(Vec::is_empty),
        "nothing was added"
    );
    world.muster_ok(&["source", "presets", "--decline", "modrinth:fabric"]);
    assert_eq!(offered(&world), [workshop.as_str()]);
    assert!(world.muster_ok(&["source", "presets"]).contains("turned down"));
    world.muster_fails(&["source", "presets", "--decline", "https://a.example/"], 4, "source-no-preset");
    world.muster_fails(&["source", "add", "--preset", "nothing"], 4, "source-no-preset");

    world.muster_ok(&["source", "add", "--preset", "workshop:caves", "--alias", "ws"]);
    assert_eq!(found(&world, "game:caves"), ["High Towers"]);
    assert_eq!(offered(&world), Vec::<String>::new());
    // Who removes a source does not want it offered; after a start as well.
    world.muster_ok(&["source", "remove", "ws"]);
    world.kill();
    world.start();
    assert_eq!(offered(&world), Vec::<String>::new());
    world.muster_ok(&["source", "presets", "--offer", "modrinth:fabric"]);
    assert_eq!(offered(&world), ["modrinth:fabric"]);
}
