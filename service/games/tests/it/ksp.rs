//! Kerbal Space Program, laid out as its shops lay it out on Linux, on Windows, and in Proton.

use muster_games::{Definition, Installation, InstallationKind, Library, System, detect, manual};

use crate::support::Fixture;

const STEAM: &str = "home/ada/.local/share/Steam";
const GAME: &str = "home/ada/.local/share/Steam/steamapps/common/Kerbal Space Program";

fn definition() -> Definition {
    let library = Library::shipped().expect("shipped");
    (**library.get(&"ksp".parse().expect("id")).expect("known")).clone()
}

/// The game in Steam's library, with these files.
fn steam(files: &[&str]) -> Fixture {
    let fixture = Fixture::new(&["usr/games/steam", &format!("{GAME}/GameData/Squad/Parts/x.cfg")]);
    files.iter().for_each(|file| fixture.add(&format!("{GAME}/{file}")));
    let folder = fixture.path(STEAM);
    fixture.write(
        &format!("{STEAM}/steamapps/libraryfolders.vdf"),
        &format!(
            "\"libraryfolders\"\n{{\n\t\"0\"\n\t{{\n\t\t\"path\"\t\t\"{}\"\n\t\t\"apps\"\n\t\t{{\n\
             \t\t\t\"220200\"\t\t\"1\"\n\t\t}}\n\t}}\n}}\n",
            folder.display()
        ),
    );
    fixture.write(
        &format!("{STEAM}/steamapps/appmanifest_220200.acf"),
        "\"AppState\"\n{\n\t\"appid\"\t\t\"220200\"\n\t\"name\"\t\t\"Kerbal Space Program\"\n\
         \t\"StateFlags\"\t\t\"4\"\n\t\"installdir\"\t\t\"Kerbal Space Program\"\n\t\"buildid\"\t\t\"10109855\"\n}\n",
    );
    fixture
}

fn found(fixture: &Fixture) -> Installation {
    let mut found = detect(fixture, &fixture.environment(), &definition());
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn places_lie_in_the_game(fixture: &Fixture, installation: &Installation) {
    let game = fixture.path(GAME);
    for (place, folder) in [
        ("game-data", "GameData"),
        ("ships", "Ships"),
        ("missions", "Missions"),
        ("training", "saves/training"),
        ("scenarios", "saves/scenarios"),
    ] {
        assert_eq!(installation.places[place], game.join(folder));
    }
    assert_eq!(installation.places["game-root"], game);
}

#[test]
fn the_native_game_is_found_with_its_version_and_its_extensions() {
    let fixture = steam(&["KSP.x86_64"]);
    fixture.write(
        &format!("{GAME}/buildID64.txt"),
        "build id = 03190\r\n2022-12-12_19:34:03\r\nBranch: master\r\n",
    );
    fixture.write(&format!("{GAME}/readme.txt"), "Kerbal Space Program\n   Version 1.12.4\n");
    let expansion = format!("{GAME}/GameData/SquadExpansion");
    fixture.write(&format!("{expansion}/MakingHistory/readme.txt"), "Making History\r\nVersion 1.12.1\r\n");
    fixture.add(&format!("{expansion}/Serenity/Parts/rotor.cfg"));
    let installation = found(&fixture);
    assert!(matches!(installation.kind, InstallationKind::Steam { app: 220_200, .. }));
    assert_eq!(installation.version.as_deref(), Some("1.12.5"), "the build counts before the text");
    assert_eq!(installation.extensions["MakingHistory-DLC"].as_deref(), Some("1.12.1"));
    assert_eq!(
        installation.extensions["BreakingGround-DLC"], None,
        "there, though nothing names its version"
    );
    assert_eq!(installation.prefix, None);
    places_lie_in_the_game(&fixture, &installation);
}

#[test]
fn the_windows_game_in_proton_has_the_same_places() {
    let fixture = steam(&["KSP_x64.exe"]);
    fixture.add(&format!("{STEAM}/steamapps/compatdata/220200/pfx/drive_c/users/steamuser/x"));
    fixture.write(&format!("{GAME}/readme.txt"), "=====\r\nKerbal Space Program\r\nVersion 1.8.1\r\n");
    let installation = found(&fixture);
    assert!(installation.prefix.is_some());
    assert_eq!(installation.version.as_deref(), Some("1.8.1"));
    assert!(installation.extensions.is_empty());
    places_lie_in_the_game(&fixture, &installation);
}

#[test]
fn a_build_that_nobody_listed_leaves_the_version_to_the_text_or_unknown() {
    let fixture = steam(&["KSP.x86_64"]);
    fixture.write(&format!("{GAME}/buildID.txt"), "build id = 99999\n");
    assert!(found(&fixture).version.is_none_or(|version| version != "99999"));
    fixture.write(&format!("{GAME}/readme.txt"), "Version 1.13.0\n");
    assert_eq!(found(&fixture).version.as_deref(), Some("1.13.0"));
}

#[test]
fn what_heroic_installed_from_gog_is_found() {
    let fixture = Fixture::new(&["usr/bin/heroic", "games/KSP/KSP.x86_64", "games/KSP/GameData/Squad/x"]);
    let folder = fixture.path("games/KSP");
    fixture.write(
        "home/ada/.config/heroic/gog_store/installed.json",
        &format!(
            r#"{{"installed":[{{"appName":"1429864849","install_path":"{}","platform":"linux","version":"1.12.5","is_dlc":false}}]}}"#,
            folder.display()
        ),
    );
    let installation = found(&fixture);
    assert_eq!(installation.places["game-data"], folder.join("GameData"));
}

#[test]
fn a_folder_named_by_hand_is_known_by_what_lies_in_it() {
    let fixture = Fixture::new(&[
        "disk/KSP modded/GameData/Squad/x.cfg",
        "disk/KSP modded/KSP_x64.exe",
        "disk/other/x",
    ]);
    fixture.write("disk/KSP modded/buildID64.txt", "build id = 02939\n");
    let environment = fixture.environment();
    assert_eq!(environment.system, System::Linux);
    let by_hand = |folder: &str| manual(&fixture, &environment, &definition(), &fixture.path(folder));
    let installation = by_hand("disk/KSP modded").expect("recognised");
    assert_eq!(installation.version.as_deref(), Some("1.10.1"));
    assert!(installation.places["scenarios"].ends_with("KSP modded/saves/scenarios"));
    assert!(by_hand("disk/other").is_err());
}

#[test]
fn the_program_and_the_players_games_are_protected() {
    let definition = definition();
    let globs = muster_games::PathGlobs::new(&definition.protected).expect("patterns");
    let is_protected = |place: &str, path: &str| globs.matches_in(place, &path.parse().expect("path"));
    for path in
        ["KSP_x64.exe", "KSP.x86_64", "KSP_Data/Managed/x.dll", "saves/mine/persistent.sfs", "settings.cfg"]
    {
        assert!(is_protected("game-root", path), "{path}");
    }
    assert!(!is_protected("game-root", "SDL2.dll"));
    assert!(!is_protected("scenarios", "x/persistent.sfs") && !is_protected("game-data", "KSP/x"));
}
