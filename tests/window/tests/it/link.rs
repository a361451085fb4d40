//! `muster://` links through the desktop's own handler: from a registered program, to a question, to one click.

use std::{path::Path, process::Command, time::Duration};

use muster_window_suite::{Driver, Stage, app, eventually};

const LINK: &str = "muster://package/starter/lantern-works/glow-lanterns";
const XDG_OPEN: &str = "/usr/bin/xdg-open";
const DIALOG: &str = "//dialog";

/// A world in which links open this build, as `installer/run` leaves one behind.
fn registered() -> Option<Stage> {
    if !Path::new(XDG_OPEN).is_file() {
        println!("skipped: this test needs the Debian package xdg-utils");
        return None;
    }
    let stage = Stage::with_starter()?;
    let register = muster_suite::root().join("installer/desktop/register");
    let output = stage.command(register).arg(app()).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(stage.world.player().join(".local/share/applications").is_dir(), "registered elsewhere");
    Some(stage)
}

/// Opens a link the way any program of the desktop does, while the window is there.
fn open(stage: &Stage, link: &str) {
    let status = stage.command(XDG_OPEN).arg(link).status().expect("it runs");
    assert!(status.success(), "{status}");
}

fn says(window: &Driver, words: &str) {
    window.find(&format!("{DIALOG}[contains(normalize-space(.), '{words}')]"));
}

/// Presses the button after the half second in which keys and clicks meant for another program do not count.
fn agree(window: &Driver) {
    std::thread::sleep(Duration::from_millis(700));
    window.click(&format!("{DIALOG}//button[starts-with(normalize-space(.), 'Install ·')]"));
    window.gone(DIALOG);
}

fn wait_installed(stage: &Stage) {
    eventually("two packages in the profile", Duration::from_secs(30), || {
        (stage.installed().len() == 2).then_some(())
    });
    assert!(stage.world.mods().join("glow_lanterns/mod.conf").is_file());
    assert!(stage.world.mods().join("lamplib/mod.conf").is_file());
}

/// Everything that was ever fetched.
fn fetched(stage: &Stage) -> u64 {
    stage.world.muster_json(&["status"])["cache_used"].as_u64().expect("a number")
}

#[test]
fn a_link_starts_the_window_on_a_question_and_one_click_installs() {
    let Some(stage) = registered() else { return };
    let window = stage.start(Path::new(XDG_OPEN), &[LINK]);
    says(&window, "Install Glow Lanterns into");
    says(&window, "lantern-works");
    says(&window, "from starter");
    says(&window, "2 changes");
    says(&window, "kB to download");
    assert_eq!((stage.installed().len(), fetched(&stage)), (0, 0), "a question changes nothing");
    let focused = window.run("return document.activeElement.textContent.trim()");
    assert_eq!(focused, "Not now", "the focus is on the safe answer");
    agree(&window);
    wait_installed(&stage);
}

#[test]
fn a_link_reaches_the_window_that_is_open() {
    let Some(stage) = registered() else { return };
    let window = stage.window();
    window.find("//*[@role='row'][contains(@data-key, 'cogsworth/axle')]");
    open(&stage, LINK);
    says(&window, "Install Glow Lanterns into");
    let windows = stage.processes().iter().filter(|process| process.name == "muster-app").count();
    assert_eq!(windows, 1, "the second start hands over and ends");
    agree(&window);
    wait_installed(&stage);
    std::thread::sleep(Duration::from_secs(1));
    open(&stage, LINK);
    says(&window, "Glow Lanterns is in this profile already");
}

#[test]
fn what_a_link_may_not_ask_for_is_refused_in_words() {
    let Some(stage) = registered() else { return };
    let window = stage.start(Path::new(XDG_OPEN), &["muster://package/starter/../glow-lanterns"]);
    says(&window, "This link cannot be used");
    assert!(window.look(&format!("{DIALOG}//button[starts-with(normalize-space(.), 'Install')]")).is_none());
    window.click(&format!("{DIALOG}//button[normalize-space(.)='Close']"));
    window.gone(DIALOG);

    std::thread::sleep(Duration::from_secs(1));
    open(&stage, "muster://package/elsewhere/lantern-works/glow-lanterns");
    says(&window, "Nothing was done with the link to");
    says(&window, "not one of yours, so nothing was fetched");
    assert_eq!((stage.installed().len(), fetched(&stage)), (0, 0));
}

/// Programs of other people call the handler with anything.
#[test]
fn what_is_no_link_opens_nothing() {
    let Some(stage) = registered() else { return };
    for arguments in [&["--config=x"][..], &[LINK, "--flag"]] {
        let output = Command::new(app()).args(arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    assert!(!stage.runs("muster-app"));
}
