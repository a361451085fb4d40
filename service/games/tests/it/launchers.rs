//! Games found in the files of launchers, laid out as the launchers do.

use std::path::PathBuf;

use muster_games::{
    Definition, GameError, Installation, InstallationKind, LaunchContext, Packaging, System, detect,
    launch_command, manual, parse_definition,
};

use crate::support::Fixture;

fn caves() -> Definition {
    let text = "format: 1\nid: caves\ntitle: Caves\n\
        native:\n\
        - { systems: [linux], programs: { client: [caves.x86_64], server: [caves-server] }, folders: ['{game}'] }\n\
        - { systems: [windows], programs: { client: [Caves.exe] }, folders: ['{game}', '{game}/bin'] }\n\
        stores: { steam: [4242], gog: ['1200'], epic: [Newt], lutris: [caves] }\n\
        roots:\n\
        \x20 game: { linux: ['{game}'], windows: ['{game}'] }\n\
        \x20 user: { linux: ['{data}/caves'], windows: ['{local}/Caves'] }\n\
        places: { mods: { root: game, path: Mods }, saves: { root: user } }\n\
        anchors: [Mods, Caves.exe]\n\
        install: []\n\
        version: { files: [{ root: game, path: version.txt }], programs: [server], args: [--version],\n\
        \x20 pattern: '(?:Minetest|build) (\\S+)' }\n\
        launch: { play: { program: client, args: [--fast, 'a b&c'] }, plain: { program: client } }\n";
    parse_definition("caves", text).expect("reads")
}

/// A library of Steam with the game in it.
fn library(fixture: &Fixture, library: &str, folder: &str) {
    let manifest = format!(
        "\"AppState\"\n{{\n\t\"appid\"\t\t\"4242\"\n\t\"universe\"\t\t\"1\"\n\t\"name\"\t\t\"Caves\"\n\
         \t\"StateFlags\"\t\t\"4\"\n\t\"installdir\"\t\t\"{folder}\"\n\t\"buildid\"\t\t\"77\"\n}}\n"
    );
    fixture.write(&format!("{library}/steamapps/appmanifest_4242.acf"), &manifest);
}

fn steam(fixture: &Fixture, steam: &str, libraries: &[&str]) {
    let entry = |(number, library): (usize, &&str)| {
        let path = fixture.path(library);
        format!(
            "\t\"{number}\"\n\t{{\n\t\t\"path\"\t\t\"{}\"\n\t\t\"label\"\t\t\"\"\n\
             \t\t\"apps\"\n\t\t{{\n\t\t\t\"4242\"\t\t\"1\"\n\t\t}}\n\t}}\n",
            path.display()
        )
    };
    let all: String = libraries.iter().enumerate().map(entry).collect();
    fixture.write(
        &format!("{steam}/steamapps/libraryfolders.vdf"),
        &format!("\"libraryfolders\"\n{{\n{all}}}\n"),
    );
}

fn found(fixture: &Fixture) -> Vec<Installation> {
    detect(fixture, &fixture.environment(), &caves())
}

#[test]
fn finds_a_native_game_in_a_second_library_of_steam() {
    let fixture = Fixture::new(&["usr/games/steam", "disk/Lib/steamapps/common/The Caves/caves.x86_64"]);
    steam(&fixture, "home/ada/.local/share/Steam", &["home/ada/.local/share/Steam", "disk/Lib"]);
    library(&fixture, "disk/Lib", "The Caves");
    fixture.link("home/ada/.local/share/Steam", "home/ada/.steam/steam");
    let found = found(&fixture);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].kind, InstallationKind::Steam { app: 4242, packaging: Packaging::System });
    let folder = fixture.path("disk/Lib/steamapps/common/The Caves");
    assert_eq!(found[0].places["mods"], folder.join("Mods"));
    assert_eq!(found[0].places["saves"], fixture.path("home/ada/.local/share/caves"));
    assert_eq!(found[0].prefix, None);
    let command = launch_command(&caves(), &found[0], "play", &LaunchContext::default()).expect("starts");
    assert_eq!(command.program, fixture.path("usr/games/steam"));
    assert_eq!(command.args, ["-applaunch", "4242", "--fast", "a b&c"]);
}

#[test]
fn finds_the_windows_that_proton_made() {
    let steam_folder = "home/ada/.local/share/Steam";
    let users = format!("{steam_folder}/steamapps/compatdata/4242/pfx/drive_c/users");
    let fixture = Fixture::new(&[
        "usr/bin/steam",
        &format!("{steam_folder}/steamapps/common/Caves/Caves.exe"),
        &format!("{users}/steamuser/x"),
        &format!("{users}/Public/x"),
    ]);
    steam(&fixture, steam_folder, &[steam_folder]);
    library(&fixture, steam_folder, "Caves");
    fixture.write(&format!("{steam_folder}/steamapps/common/Caves/version.txt"), "Caves\r\nbuild 2.3.1\r\n");
    let found = found(&fixture);
    assert_eq!(found[0].version.as_deref(), Some("2.3.1"), "a file tells where no program can be asked");
    let prefix = fixture.path(&format!("{steam_folder}/steamapps/compatdata/4242/pfx"));
    assert_eq!(found[0].prefix.as_ref(), Some(&prefix));
    assert_eq!(found[0].places["saves"], prefix.join("drive_c/users/steamuser/AppData/Local/Caves"));
    assert!(found[0].places["mods"].ends_with("steamapps/common/Caves/Mods"));
    assert_eq!(found[0].programs.len(), 1, "only Steam can start it");
}

#[test]
fn finds_steam_as_flatpak_and_tells_two_installations_apart() {
    let own = "home/ada/.local/share/Steam";
    let flatpak = "home/ada/.var/app/com.valvesoftware.Steam/.local/share/Steam";
    let fixture = Fixture::new(&[
        "usr/bin/steam",
        "usr/bin/flatpak",
        &format!("{own}/steamapps/common/Caves/caves.x86_64"),
        &format!("{flatpak}/steamapps/common/Caves/caves.x86_64"),
    ]);
    for folder in [own, flatpak] {
        steam(&fixture, folder, &[folder]);
        library(&fixture, folder, "Caves");
    }
    let found = found(&fixture);
    assert_eq!(found.len(), 2, "{found:?}");
    let kind = |packaging| InstallationKind::Steam { app: 4242, packaging };
    assert_eq!(found[0].kind, kind(Packaging::System));
    assert_eq!(found[1].kind, kind(Packaging::Flatpak));
    let home = fixture.path("home/ada/.var/app/com.valvesoftware.Steam");
    assert_eq!(found[1].places["saves"], home.join(".local/share/caves"));
    let client = &found[1].programs["client"];
    assert_eq!(client.args, ["run", "com.valvesoftware.Steam", "-applaunch", "4242"]);
}

#[test]
fn leaves_out_what_steam_no_longer_has_and_manifests_that_lead_elsewhere() {
    let own = "home/ada/.local/share/Steam";
    let fixture = Fixture::new(&["usr/bin/steam", "home/ada/x"]);
    steam(&fixture, own, &[own, "gone"]);
    library(&fixture, own, "Caves");
    assert!(found(&fixture).is_empty(), "its folder is not there");
    library(&fixture, own, "../../..");
    assert!(found(&fixture).is_empty());
    fixture.write(&format!("{own}/steamapps/appmanifest_4242.acf"), "no manifest");
    assert!(found(&fixture).is_empty());
}

#[test]
fn finds_what_heroic_installed_from_gog_and_epic() {
    let config = "home/ada/.config/heroic";
    let fixture = Fixture::new(&[
        "usr/bin/heroic",
        "home/ada/Games/Caves/caves.x86_64",
        "home/ada/Games/CavesEpic/bin/Caves.exe",
        "home/ada/Games/Prefixes/Newt/pfx/drive_c/users/steamuser/x",
    ]);
    let path = |below: &str| fixture.path(below).to_string_lossy().into_owned();
    let gog = serde_json::json!({ "installed": [
        { "platform": "linux", "executable": "", "install_path": path("home/ada/Games/Caves"), "is_dlc": false,
          "version": "1.4.2", "appName": "1200", "language": "en-US" },
        { "platform": "linux", "install_path": path("home/ada/Games/Caves"), "is_dlc": true, "appName": "1200" },
    ] });
    fixture.write(&format!("{config}/gog_store/installed.json"), &gog.to_string());
    let epic = serde_json::json!({ "Newt": {
        "app_name": "Newt", "title": "Caves", "platform": "Windows", "executable": "bin/Caves.exe",
        "install_path": path("home/ada/Games/CavesEpic"), "version": "9.9", "is_dlc": false,
    } });
    fixture.write(&format!("{config}/legendaryConfig/legendary/installed.json"), &epic.to_string());
    assert_eq!(found(&fixture).len(), 1, "nobody knows yet where the other's Windows is");
    let settings = serde_json::json!({
        "Newt": { "winePrefix": path("home/ada/Games/Prefixes/Newt"), "wineVersion": { "type": "proton" } },
        "version": "v0", "explicit": true,
    });
    fixture.write(&format!("{config}/GamesConfig/Newt.json"), &settings.to_string());
    let found = found(&fixture);
    let packaging = Packaging::System;
    let kind =
        |store: &str, id: &str| InstallationKind::Heroic { store: store.into(), id: id.into(), packaging };
    assert_eq!(found[0].kind, kind("gog", "1200"));
    assert_eq!(found[0].version.as_deref(), Some("1.4.2"));
    assert_eq!(found[1].kind, kind("epic", "Newt"));
    let home = fixture.path("home/ada/Games/Prefixes/Newt/pfx/drive_c/users/steamuser");
    assert_eq!(found[1].places["saves"], home.join("AppData/Local/Caves"));
    let command = launch_command(&caves(), &found[1], "play", &LaunchContext::default()).expect("starts");
    let address = "heroic://launch?appName=Newt&runner=legendary&arg=--fast&arg=a%20b%26c";
    assert_eq!(command.args, ["--no-gui", address]);
}

#[test]
fn finds_heroic_as_flatpak() {
    let home = "home/ada/.var/app/com.heroicgameslauncher.hgl";
    let fixture = Fixture::new(&["usr/bin/flatpak", "home/ada/Games/Caves/caves.x86_64"]);
    let folder = fixture.path("home/ada/Games/Caves");
    let gog = serde_json::json!({ "installed": [
        { "platform": "linux", "install_path": folder, "appName": "1200" }
    ] });
    fixture.write(&format!("{home}/config/heroic/gog_store/installed.json"), &gog.to_string());
    let found = found(&fixture);
    assert_eq!(found[0].programs["client"].args[..2], ["run", "com.heroicgameslauncher.hgl"]);
    assert_eq!(found[0].places["saves"], fixture.path(&format!("{home}/data/caves")));
}

#[test]
fn finds_what_lutris_keeps_in_its_old_and_new_places() {
    let fixture = Fixture::new(&[
        "usr/games/lutris",
        "home/ada/Games/caves/drive_c/Program Files/Caves/Caves.exe",
        "home/ada/Games/caves/drive_c/users/ada/x",
        "home/ada/Games/caves/drive_c/users/Public/x",
    ]);
    let prefix: PathBuf = fixture.path("home/ada/Games/caves");
    let text = format!(
        "game:\n  exe: drive_c/Program Files/Caves/Caves.exe\n  prefix: {}\n  arch: win64\n\
         game_slug: caves\nname: Caves\nsystem: {{}}\nwine:\n  version: wine-ge-8-26-x86_64\n",
        prefix.display()
    );
    fixture.write("home/ada/.local/share/lutris/games/caves-1700000000.yml", &text);
    fixture.write("home/ada/.config/lutris/games/caves-1690000000.yml", &text);
    fixture.write("home/ada/.config/lutris/games/broken-1690000000.yml", "game: [");
    let found = found(&fixture);
    assert_eq!(found.len(), 1, "{found:?}");
    let packaging = Packaging::System;
    assert_eq!(found[0].kind, InstallationKind::Lutris { slug: "caves".into(), packaging });
    assert_eq!(found[0].prefix.as_ref(), Some(&prefix));
    assert_eq!(found[0].places["saves"], prefix.join("drive_c/users/ada/AppData/Local/Caves"));
    let plain = launch_command(&caves(), &found[0], "plain", &LaunchContext::default()).expect("starts");
    assert_eq!(plain.args, ["lutris:rungame/caves"]);
    let with = launch_command(&caves(), &found[0], "play", &LaunchContext::default());
    assert!(matches!(with, Err(GameError::NoLaunch { .. })), "Lutris hands no arguments on");
}

#[test]
fn a_folder_by_hand_is_the_games_own_where_the_definition_tells_it_from_others() {
    let fixture = Fixture::new(&["disk/Caves/Mods/x", "disk/Caves/caves.x86_64"]);
    let game =
        manual(&fixture, &fixture.environment(), &caves(), &fixture.path("disk/Caves")).expect("known");
    assert_eq!(game.places["mods"], fixture.path("disk/Caves/Mods").canonicalize().expect("there"));
    assert_eq!(game.places["saves"], fixture.path("home/ada/.local/share/caves"));
    assert!(game.programs.contains_key("client"));
    let sly = parse_definition(
        "sly",
        &serde_json::to_string(&caves()).expect("JSON").replace("{data}/caves", "{home}"),
    );
    let refused = manual(&fixture, &fixture.environment(), &sly.expect("reads"), &fixture.path("disk/Caves"));
    assert!(matches!(refused, Err(GameError::Dangerous { .. })), "{refused:?}");
    let only_windows = Definition {
        roots: caves()
            .roots
            .into_iter()
            .map(|(name, mut templates)| {
                templates.remove(&System::Linux);
                (name, templates)
            })
            .collect(),
        ..caves()
    };
    let game =
        manual(&fixture, &fixture.environment(), &only_windows, &fixture.path("disk/Caves")).expect("known");
    assert!(game.places.contains_key("mods") && !game.places.contains_key("saves"));
}

#[test]
fn an_installation_is_kept_and_read_again() {
    let fixture = Fixture::new(&["usr/games/steam", "disk/steamapps/common/Caves/caves.x86_64"]);
    steam(&fixture, "home/ada/.local/share/Steam", &["disk"]);
    library(&fixture, "disk", "Caves");
    for installation in found(&fixture) {
        let text = serde_json::to_string(&installation).expect("JSON");
        assert_eq!(serde_json::from_str::<Installation>(&text).expect("reads"), installation);
    }
    let old = r#"{ "game": "caves", "kind": "native", "programs": {}, "roots": {}, "places": {}, "version": null }"#;
    assert_eq!(serde_json::from_str::<Installation>(old).expect("reads").folder, None);
}
