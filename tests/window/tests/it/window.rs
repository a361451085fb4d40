//! The real window on the real service, used the way a player uses it.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::time::Duration;

use muster_window_suite::{Driver, Key, Stage, eventually, patiently};

const SEARCH: &str = "//input[@role='searchbox']";
const SLOWEST_INSTALL: Duration = Duration::from_secs(30);

fn place(name: &str) -> String {
    format!("//nav//a[contains(@href, '{name}')]")
}

fn button(words: &str) -> String {
    format!("//button[starts-with(normalize-space(.), '{words}')]")
}

/// The row of a package in whichever list is shown.
fn row(id: &str) -> String {
    format!("//*[@role='row'][contains(@data-key, '{id}')]")
}

fn wait_installed(stage: &Stage, wanted: &[&str]) {
    let arrived = patiently(SLOWEST_INSTALL, || {
        let installed = stage.installed();
        let all_are_here = wanted.iter().all(|id| installed.iter().any(|have| have == id));
        (installed.len() == wanted.len() && all_are_here).then_some(())
    });
    let world = &stage.world;
    arrived.unwrap_or_else(|| {
        panic!("{wanted:?} do not arrive: {}\n{}", world.muster_ok(&["queue"]), world.log())
    });
}

/// What a player does once: search, look, install, see it arrive, see it in the profile.
#[test]
fn a_mod_is_found_and_installed_with_the_mouse() {
    let Some(stage) = Stage::with_starter() else { return };
    let window = stage.window();
    stage.wait_for("muster-service");
    window.find(&row("cogsworth/axle"));
    assert!(window.text().contains("22"), "the number of packages: {}", window.text());

    window.type_into(SEARCH, "lantern");
    window.gone(&row("cogsworth/axle"));
    window.click(&row("lantern-works/glow-lanterns"));
    window.find("//aside//h2[contains(., 'Glow Lanterns')]");
    window.click(&format!("//aside{}", button("Install ·")));

    wait_installed(&stage, &["lantern-works/glow-lanterns", "lantern-works/lamplib"]);
    window.find(&format!("{}//*[normalize-space(.)='On']", row("lantern-works/glow-lanterns")));
    for folder in ["glow_lanterns", "lamplib"] {
        assert!(stage.world.mods().join(folder).join("mod.conf").is_file(), "{folder}");
    }

    window.click(&place("/profile"));
    window.find(&row("lantern-works/glow-lanterns"));
    window.find(&format!("{}[contains(., 'needed by')]", row("lantern-works/lamplib")));
    window.click(&place("/downloads"));
    window.find("//*[contains(@class, 'finished')][contains(., 'Glow Lanterns')]");
}

/// A download on a slow line is visible wherever the player is, and in Downloads in full.
#[test]
fn a_slow_download_shows_how_far_it_is() {
    let Some((stage, server)) = Stage::with_served_starter() else { return };
    let window = stage.window();
    window.find(&row("cogsworth/axle"));
    window.type_into(SEARCH, "festival");
    window.gone(&row("cogsworth/axle"));
    window.click(&row("lantern-works/harbour-festival"));
    window.find("//aside[.//h2[contains(., 'Harbour Festival')]][contains(., 'Harbour Bells')]");
    server.slow(16_000);
    window.click(&format!("//aside{}", button("Install ·")));
    window.find("//footer[contains(., 'Working')]");
    window.click(&place("/downloads"));
    window.find(
        "//main//*[@data-transfer][contains(., 'Glow Lanterns')][contains(., 'kB/s')][contains(., 'to go')]",
    );
    let half_way = "[@aria-valuenow > 0 and @aria-valuenow < 100]";
    window.find(&format!("//main//*[@role='progressbar']{half_way}"));
    window.find(&format!("//footer//*[@role='progressbar']{half_way}"));
    server.calm();
    wait_installed(
        &stage,
        &[
            "lantern-works/glow-lanterns",
            "lantern-works/harbour-festival",
            "lantern-works/lamplib",
            "saltmere/harbour-bells",
        ],
    );
    window.find("//footer[contains(., 'Ready')]");
}

#[test]
fn a_mod_is_found_and_installed_with_the_keyboard_alone() {
    let Some(stage) = Stage::with_starter() else { return };
    let window = stage.window();
    window.find(&row("cogsworth/axle"));
    window.press(&[Key::Control, Key::Character('f')]);
    window.type_text("driftwood");
    window.find(&row("saltmere/driftwood"));
    window.gone(&row("cogsworth/axle"));
    window.press(&[Key::Enter]);
    eventually("the focus on the row", Duration::from_secs(5), || {
        let key = window.run("return document.activeElement.dataset.key ?? ''");
        key.as_str()?.contains("saltmere/driftwood").then_some(())
    });
    window.press(&[Key::Character('i')]);
    wait_installed(&stage, &["saltmere/driftwood"]);
    window.press(&[Key::Control, Key::Character('4')]);
    window.find(&row("saltmere/driftwood"));
}

/// Closing the window ends the window and nothing else; opening it again shows where the player was.
#[test]
fn closing_leaves_the_service_and_opening_restores_the_place() {
    let Some(stage) = Stage::with_starter() else { return };
    {
        let window = stage.window();
        window.find(&row("cogsworth/axle"));
        window.click(&place("/profile"));
        window.find(&button("Browse for"));
        stage.desktop.close_window("^Muster$");
        stage.wait_without("muster-app");
    }
    std::thread::sleep(Duration::from_secs(2));
    let left: Vec<_> = stage.processes().into_iter().map(|process| process.name).collect();
    assert_eq!(left, ["muster-service"], "two seconds after the window was closed");

    let window = stage.window();
    window.find(&button("Browse for"));
    assert!(window.place().contains("/profile"), "{}", window.place());
}

/// The load order as the service has it.
fn order(stage: &Stage) -> Vec<String> {
    let order = stage.world.muster_json(&["order"]);
    let packages = order["packages"].as_array().cloned().unwrap_or_default();
    packages.iter().filter_map(|one| one["id"].as_str().map(str::to_owned)).collect()
}

fn wait_order<Name: AsRef<str>>(stage: &Stage, window: &Driver, wanted: &[Name]) {
    let wanted: Vec<&str> = wanted.iter().map(AsRef::as_ref).collect();
    patiently(SLOWEST_INSTALL, || (order(stage) == wanted).then_some(())).unwrap_or_else(|| {
        panic!("the order is {:?} and not {wanted:?}; the window shows:\n{}", order(stage), window.text())
    });
}

#[test]
fn mods_are_moved_with_the_mouse_and_with_keys() {
    let Some(stage) = Stage::with_starter() else { return };
    stage.world.muster_ok(&["install", "lantern-works/glow-lanterns", "cogsworth/axle", "--yes"]);
    let before = order(&stage);
    assert_eq!(before, ["cogsworth/axle", "lantern-works/lamplib", "lantern-works/glow-lanterns"]);
    let window = stage.window();
    window.click(&place("/profile"));
    window.find(&row("glow-lanterns"));
    // What it needs comes along, because it must be loaded first.
    window.drag(&row("glow-lanterns"), &row("axle"), 14);
    let moved = ["lantern-works/lamplib", "lantern-works/glow-lanterns", "cogsworth/axle"];
    wait_order(&stage, &window, &moved);
    window.find("//footer[contains(., 'Moved Glow Lanterns')]");

    window.click(&row("axle"));
    window.press(&[Key::Alt, Key::Up]);
    window.press(&[Key::Alt, Key::Up]);
    wait_order(&stage, &window, &before);
    // Messages come one at a time: what the next key is answered with would be behind this one.
    window.find("//footer[contains(., 'Moved Axle')]");
    window.click(&row("lamplib"));
    window.press(&[Key::Alt, Key::Down]);
    window.find("//footer[contains(., 'stays before Glow Lanterns')]");
    assert_eq!(order(&stage), before, "an author's wish is stronger");
}

/// Chooses in a window of the desktop, which no page can do. What is typed before such a window has drawn its field is
/// lost, and the first Return may only take what the field proposes: both are done again while the window is there.
fn choose(stage: &Stage, title: &str, path: &std::path::Path) {
    let run = |words: &[&str]| {
        let output = stage.command("xdotool").args(words).output().expect("it runs");
        output.status.success()
    };
    assert!(run(&["search", "--sync", "--onlyvisible", "--name", title, "windowfocus", "--sync"]), "{title}");
    for _ in 0..4 {
        std::thread::sleep(Duration::from_millis(500));
        assert!(run(&["type", "--delay", "20", path.to_str().expect("a path")]));
        for _ in 0..3 {
            assert!(run(&["key", "Return"]));
            let closed = patiently(Duration::from_secs(1), || {
                (!run(&["search", "--onlyvisible", "--name", title])).then_some(())
            });
            if closed.is_some() {
                return;
            }
        }
        assert!(run(&["key", "ctrl+a"]), "what is in the field goes");
    }
    panic!("{title} does not close");
}

#[test]
fn a_game_of_ones_own_is_added_through_windows_of_the_desktop() {
    let Some(stage) = Stage::with_starter() else { return };
    let (program, folder) = (stage.world.path().join("marbles-game"), stage.world.path().join("levels"));
    std::fs::write(&program, "#!/bin/sh\n").expect("a program");
    std::fs::create_dir_all(&folder).expect("a folder");
    let window = stage.window();
    window.click(&place("/settings"));
    window.click("//button[not(@disabled)][starts-with(normalize-space(.), 'Add a game of your own')]");
    window.type_into("//form//input[@type='text']", "Marbles");
    for (part, title, path) in [
        ("program", "Program that starts the game", &program),
        ("folder", "Folder that the game takes mods from", &folder),
    ] {
        window.click(&format!("//form//button[@aria-describedby='game-{part}']"));
        choose(&stage, title, path);
        window.find(&format!("//form[contains(., '{}')]", path.display()));
    }
    window.click(&button("Add the game"));
    let found = stage
        .command("xdotool")
        .args(["search", "--sync", "--onlyvisible", "--name", "Add Marbles"])
        .status();
    assert!(found.expect("it runs").success(), "it is asked outside of the page");
    let games = || stage.world.muster_ok(&["games"]);
    assert!(!games().contains("Marbles"), "nothing is added before the answer");
    stage.command("xdotool").args(["key", "Return"]).status().expect("it runs");
    window.find("//footer[contains(., 'Added Marbles')]");
    assert_eq!(stage.world.muster_json(&["game", "show", "marbles"])["origins"], serde_json::json!(["user"]));
}
