//! Installations found in fixture trees.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use muster_games::{
    Definition, GameError, InstallationKind, Library, Mute, Platform, Process, Running, ThisMachine, detect,
    loaders, manual, refuse_dangerous_root, running, worlds,
};

use crate::support::Fixture;

fn minetest() -> Definition {
    Library::shipped()
        .expect("shipped")
        .get(&"minetest".parse().expect("id"))
        .expect("known")
        .as_ref()
        .clone()
}

#[test]
fn finds_debians_server_behind_its_start_script() {
    let fixture =
        Fixture::new(&["usr/games/minetestserver", "usr/lib/minetest/minetestserver", "home/ada/x"]);
    let found = detect(&fixture, &fixture.environment(), &minetest());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, InstallationKind::Native);
    assert_eq!(found[0].programs["server"].path, fixture.path("usr/lib/minetest/minetestserver"));
    assert!(!found[0].programs.contains_key("client"));
    assert_eq!(found[0].places["mods"], fixture.path("home/ada/.minetest/mods"));
    assert_eq!(found[0].version.as_deref(), Some("5.6.1"));
}

#[test]
fn a_glance_finds_the_same_and_starts_no_program() {
    let fixture = Fixture::new(&["usr/games/minetestserver", "usr/lib/minetest/minetestserver"]);
    let mut found = detect(&fixture, &fixture.environment(), &minetest());
    let seen = detect(&Mute(&fixture), &fixture.environment(), &minetest());
    assert_eq!(seen[0].version, None);
    found[0].version = None;
    assert_eq!(seen, found);
}

#[test]
fn prefers_luanti_and_the_users_own_folder() {
    let fixture = Fixture::new(&["usr/bin/luanti", "usr/bin/minetest", "home/ada/x"]);
    let mut environment = fixture.environment();
    let own = fixture.path("games/mt").to_str().expect("utf-8").to_owned();
    environment.variables.insert("MINETEST_USER_PATH".into(), own.clone());
    let found = detect(&fixture, &environment, &minetest());
    assert_eq!(found[0].programs["client"].path, fixture.path("usr/bin/luanti"));
    assert_eq!(found[0].roots["user"], PathBuf::from(own));
}

#[test]
fn finds_flatpaks_with_a_home_of_their_own() {
    let current = "var/lib/flatpak/app/org.luanti.luanti/current/active";
    let fixture = Fixture::new(&["usr/bin/flatpak", current, "home/ada/x"]);
    let found = detect(&fixture, &fixture.environment(), &minetest());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].programs["client"].args, ["run", "org.luanti.luanti"]);
    assert_eq!(found[0].places["mods"], fixture.path("home/ada/.var/app/org.luanti.luanti/.minetest/mods"));
}

#[test]
fn finds_nothing_where_nothing_is() {
    let fixture = Fixture::new(&["home/ada/x"]);
    assert!(detect(&fixture, &fixture.environment(), &minetest()).is_empty());
}

/// T-80
#[test]
fn takes_a_folder_by_hand_only_if_it_is_one_of_the_game() {
    let fixture = Fixture::new(&["srv2/mt/bin/luanti", "srv2/mt/mods/x", "srv2/other/x", "home/ada/mods/x"]);
    let environment = fixture.environment();
    let game = manual(&fixture, &environment, &minetest(), &fixture.path("srv2/mt")).expect("recognised");
    assert_eq!(game.kind, InstallationKind::Manual);
    assert_eq!(game.programs["client"].path, game.roots["user"].join("bin/luanti"));
    let other = manual(&fixture, &environment, &minetest(), &fixture.path("srv2/other"));
    assert!(matches!(other, Err(GameError::NotRecognised { .. })));
    let home = manual(&fixture, &environment, &minetest(), &fixture.path("home/ada"));
    assert!(matches!(home, Err(GameError::Dangerous { .. })));
}

#[cfg(unix)]
#[test]
fn judges_a_link_by_where_it_leads() {
    let fixture = Fixture::new(&["etc/passwd", "home/ada/x"]);
    std::os::unix::fs::symlink(fixture.path("etc"), fixture.path("home/ada/game")).expect("link");
    let refusal = refuse_dangerous_root(&fixture, &fixture.environment(), &fixture.path("home/ada/game"));
    assert!(matches!(refusal, Err(GameError::Dangerous { .. })));
    let missing = refuse_dangerous_root(&fixture, &fixture.environment(), &fixture.path("home/ada/nothing"));
    assert!(matches!(missing, Err(GameError::Dangerous { .. })));
}

#[test]
fn lists_worlds_that_have_settings() {
    let fixture = Fixture::new(&[
        "usr/bin/luanti",
        "home/ada/.minetest/worlds/b/world.mt",
        "home/ada/.minetest/worlds/a/world.mt",
        "home/ada/.minetest/worlds/empty/x",
    ]);
    let found = detect(&fixture, &fixture.environment(), &minetest());
    let names: Vec<String> = worlds(&fixture, &minetest(), &found[0]).into_iter().map(|w| w.name).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn knows_a_running_game_by_file_and_by_name() {
    let mut fixture = Fixture::new(&["usr/lib/minetest/minetestserver", "home/ada/x"]);
    let found = detect(&fixture, &fixture.environment(), &minetest());
    let process = |id, program: PathBuf| Process { id, program };
    fixture.processes = vec![
        process(7, fixture.path("usr/lib/minetest/minetestserver")),
        process(8, PathBuf::from("/elsewhere/luanti")),
        process(9, PathBuf::from("/bin/sh")),
    ];
    let running = running(&fixture, &minetest(), &found);
    let is_played: Vec<_> = running.iter().map(Running::is_played).collect();
    let roles: Vec<(u32, String)> = running.into_iter().map(|r| (r.process, r.role)).collect();
    assert_eq!(roles, [(7, "server".to_owned()), (8, "client".to_owned())]);
    assert_eq!(is_played, [false, true], "a server runs for others");
}

#[cfg(target_os = "linux")]
#[test]
fn sees_real_processes_and_output() {
    let mine = std::env::current_exe().expect("own program").canonicalize().expect("canonical");
    assert!(ThisMachine.processes().iter().any(|p| p.id == std::process::id() && p.program == mine));
    let shell = Path::new("/bin/sh");
    let args = |text: &str| vec!["-c".to_owned(), text.to_owned()];
    let second = Duration::from_secs(5);
    assert_eq!(ThisMachine.output(shell, &args("echo hi"), second).as_deref(), Some("hi\n"));
    let started = std::time::Instant::now();
    assert_eq!(ThisMachine.output(shell, &args("exec sleep 30"), Duration::from_millis(200)), None);
    assert!(started.elapsed() < Duration::from_secs(5), "a silent program is ended");
    assert_eq!(ThisMachine.output(Path::new("/no/such/program"), &[], second), None);
}

#[test]
fn a_loader_is_there_when_all_its_files_are() {
    let text = "format: 1\nid: toy\ntitle: Toy\nroots: { user: { linux: ['{home}/toy'] } }\n\
        places: { game: { root: user } }\ninstall: []\n\
        native: [{ systems: [linux], programs: { client: [toy] }, folders: ['{path}'] }]\n\
        loaders: { hook: { title: Hook, files: [game/hook.dll, game/core/x.dll] } }\n";
    let toy = muster_games::parse_definition("toy", text).expect("reads");
    let fixture = Fixture::new(&["usr/bin/toy", "home/ada/toy/hook.dll"]);
    let found = detect(&fixture, &fixture.environment(), &toy);
    assert!(loaders(&fixture, &toy, &found[0]).is_empty());
    fixture.add("home/ada/toy/core/x.dll");
    assert_eq!(loaders(&fixture, &toy, &found[0]), ["hook".to_owned()].into());
}

/// T-80: a definition may come from anybody.
#[test]
fn does_not_find_games_whose_folders_are_the_systems_or_everybodys() {
    let toy = |root: &str| {
        let text = format!(
            "format: 1\nid: toy\ntitle: Toy\nroots: {{ user: {{ linux: ['{root}'] }} }}\n\
             places: {{ mods: {{ root: user }} }}\ninstall: []\n\
             native: [{{ systems: [linux], programs: {{ client: [toy] }}, folders: ['{{path}}'] }}]\n"
        );
        muster_games::parse_definition("toy", &text).expect("reads")
    };
    let fixture = Fixture::new(&["usr/bin/toy", "home/ada/x", "etc/x"]);
    let finds = |root: &str| !detect(&fixture, &fixture.environment(), &toy(root)).is_empty();
    for root in ["/etc", "/", "/usr/bin", "{home}", "{home}/.ssh", "{home}/.config", "/home"] {
        assert!(!finds(root), "{root}");
    }
    for root in ["{home}/.toy", "{data}/toy", "/opt/toy", "/var/games/toy"] {
        assert!(finds(root), "{root}");
    }
}
