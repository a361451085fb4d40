//! A collection in the real window: found, looked at, applied with the difference first, and taken out again.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::time::Duration;

use muster_suite::{Mod, Registry, files};
use muster_window_suite::{Stage, eventually};

/// Longest time until a change is in the game.
const SLOWEST: Duration = Duration::from_secs(30);

#[test]
fn a_collection_is_applied_and_taken_out_in_the_window() {
    let Some(stage) = Stage::empty() else { return };
    let world = &stage.world;
    let single = ["tester/own", "tester/lamp", "tester/tide"].map(|id| Mod::new(id, "1.0.0"));
    let crew = ["package: tester/lamp, version: ^1", "package: tester/tide, version: ^1, optional: true"];
    let crew = Mod::collection(
        "tester/crew",
        "1.0.0",
        &[&crew[..], &["package: tester/none, version: ^1"]].concat(),
    );
    let registry = Registry::with(&world.path().join("made"), &[single.to_vec(), vec![crew]].concat());
    world.add_registry(&registry, None);
    world.muster_ok(&["install", "tester/own", "--yes"]);
    let own = files(&world.mods());

    let window = stage.window();
    window.find("//*[@role='row'][contains(@data-key, 'tester/own')]");
    window.click("//nav//a[contains(@href, '/collections')]");
    window.click("//main//button[@aria-pressed][normalize-space(.)='Lists']");
    window.click("//*[@role='row'][contains(@data-key, 'tester/crew')]//button[normalize-space(.)='See what is in it']");
    // What nobody has comes first; what is the player's choice is not taken.
    window.find("//main//*[@role='row'][@data-index='0'][contains(., 'none')][contains(., 'in no source')]");
    window.find("//main//*[@role='row'][contains(., 'tide')][contains(., 'not chosen')]");
    window.click("//main//button[normalize-space(.)='Apply…']");
    window.find("//dialog[contains(., '2 added')][contains(., 'no source has it')]");
    let focused = window.run("return document.activeElement.textContent.trim()");
    assert!(focused.as_str().is_some_and(|text| text.starts_with("Keep as is")), "{focused}");
    assert_eq!(files(&world.mods()), own, "looking changes nothing");
    window.click("//dialog//button[not(@disabled)][starts-with(normalize-space(.), 'Apply ·')]");
    window.gone("//dialog");
    eventually("the collection's mods", SLOWEST, || {
        let installed = stage.installed();
        (installed.contains(&"tester/lamp".into()) && installed.contains(&"tester/crew".into())).then_some(())
    });
    assert!(world.mods().join("lamp/init.lua").is_file());
    assert!(!world.mods().join("tide").exists());

    window.click("//main//button[not(@disabled)][normalize-space(.)='Leave it…']");
    window.find("//dialog[contains(., 'removed')]");
    window.click("//dialog//button[not(@disabled)][normalize-space(.)='Take it out']");
    window.gone("//dialog");
    eventually("the own mods", SLOWEST, || (files(&world.mods()) == own).then_some(()));
}
