//! Places and sheets that the way through `pictures` does not pass.

use muster_suite::{Registry, Server, World};

use super::*;

/// What runs in the background, what was, and how everything is set.
pub fn places(camera: &Camera<'_>) {
    let window = camera.window;
    for place in ["seeding", "activity", "settings"] {
        camera.go(&format!("/{place}"));
        // The heading of a place that begins with a list is for screen readers only.
        window.find("//main//*[not(self::h1)][normalize-space(.)]");
        std::thread::sleep(Duration::from_millis(500));
        camera.both(place);
    }
    window.press(&[Key::Control, Key::Character('k')]);
    window.type_into("//*[@role='combobox']", "lantern");
    window.find("//*[@role='option']");
    camera.both("palette");
    window.press(&[Key::Escape]);
    window.gone("//*[@role='option']");
    camera.go("/browse");
    window.click(GLOW);
    window.click("//aside//button[contains(., 'Open its page')]");
    window.click("//main//button[starts-with(normalize-space(.), 'Report')]");
    window.find("//dialog//*[contains(., 'glow-lanterns')]");
    camera.both("report");
    window.press(&[Key::Escape]);
    window.gone("//dialog");
    // Players come here by the list of profiles at the top.
    window
        .run("history.pushState({ key: 90 }, '', '/profiles'); dispatchEvent(new PopStateEvent('popstate'))");
    window.find("//*[@id='upkeep-title']");
    window.run("document.getElementById('upkeep-title').scrollIntoView()");
    camera.both("policies");
}

/// A friend's link to a lobby, whose packages come from the same server.
pub fn invitation(camera: &Camera<'_>, server: &Server) {
    let (window, world) = (camera.window, &camera.stage.world);
    let friend = World::new();
    let sources = world.muster_json(&["source", "list"]);
    let starter = sources.as_array().into_iter().flatten().find(|source| source["alias"] == "starter");
    let root = starter.and_then(|source| source["root"].as_str()).expect("the key of the starter registry");
    friend.muster_ok(&[
        "settings",
        "sharing=everybody",
        "listen=127.0.0.1:0",
        "find-nearby=false",
        "find-public=false",
    ]);
    friend.muster_ok(&["source", "add", server.address(), "--alias", "starter", "--root", root]);
    friend.muster_ok(&["install", "cogsworth/clock-tower", "lantern-works/eternal-torches", "--yes"]);
    let words = ["lobby", "host", "--name", "Clockmakers", "--optional", "lantern-works/eternal-torches"];
    let hosted = friend.muster_json(&words);
    let link = hosted["link"].as_str().expect("a link");
    assert!(camera.stage.command("/usr/bin/xdg-open").arg(link).status().expect("it runs").success());
    // The address of whoever has the invitation is shown before anything is asked there. A button that agrees takes no
    // click that was meant for something else: it waits for a moment, which the pictures take.
    let show = "//dialog//button[normalize-space(.)='Show what it plays with']";
    window.find(show);
    camera.both("invitation");
    window.click(show);
    window.find("//dialog[contains(., 'Clock')]");
    camera.both("lobby-dialog");
    window.click("//dialog//button[normalize-space(.)='Not now']");
    window.gone("//dialog");
}

/// All updates of a profile in one sheet, and a package with parts to choose.
pub fn sheets(camera: &Camera<'_>, registry: &Registry) {
    let (window, world) = (camera.window, &camera.stage.world);
    camera.go("/profile");
    window.click("//main//button[@aria-haspopup='dialog'][starts-with(normalize-space(.), 'Update')]");
    window.find("//dialog//li[contains(., 'bells')]");
    camera.both("updates");
    window.press(&[Key::Escape]);
    window.gone("//dialog");
    let ship = Mod::new("evening/ship", "1.0.0").needs("evening/fog").needs("evening/gulls").line(
        "features: [{id: horn, title: A horn in the fog, default: true, depends: [evening/fog]}, \
         {id: birds, title: Birds around the mast, depends: [evening/gulls]}]",
    );
    registry.publish(&[ship]);
    world.muster_ok(&["source", "sync"]);
    camera.go("/browse");
    window.type_into("//input[@role='searchbox']", "ship");
    window.click("//*[@role='row'][contains(@data-key, 'evening/ship')]");
    window.find("//aside//*[contains(., 'A horn in the fog')]");
    camera.both("features");
}
