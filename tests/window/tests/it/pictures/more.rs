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
        camera.views(place);
    }
    window.find("//*[@id='settings-disk']/..//button[contains(., 'Add up')]");
    window.run("document.getElementById('settings-disk').scrollIntoView()");
    camera.views("disk");
    window.press(&[Key::Control, Key::Character('k')]);
    window.type_into("//*[@role='combobox']", "lantern");
    window.find("//*[@role='option']");
    camera.views("palette");
    window.press(&[Key::Escape]);
    window.gone("//*[@role='option']");
    camera.go("/browse");
    window.click(GLOW);
    window.click("//aside//button[contains(., 'Open its page')]");
    window.click("//main//button[starts-with(normalize-space(.), 'Report')]");
    window.find("//dialog//*[contains(., 'glow-lanterns')]");
    camera.views("report");
    window.press(&[Key::Escape]);
    window.gone("//dialog");
    // Players come here by the list of profiles at the top.
    window
        .run("history.pushState({ key: 90 }, '', '/profiles'); dispatchEvent(new PopStateEvent('popstate'))");
    window.find("//*[@id='upkeep-title']");
    window.run("document.getElementById('upkeep-title').scrollIntoView()");
    camera.views("policies");
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
    camera.views("invitation");
    window.click(show);
    window.find("//dialog[contains(., 'Clock')]");
    camera.views("lobby-dialog");
    window.click("//dialog//button[normalize-space(.)='Not now']");
    window.gone("//dialog");
}

/// All updates of a profile in one sheet, and a package with parts to choose.
pub fn sheets(camera: &Camera<'_>, registry: &Registry) {
    let (window, world) = (camera.window, &camera.stage.world);
    camera.go("/profile");
    window.click("//main//button[@aria-haspopup='dialog'][starts-with(normalize-space(.), 'Update')]");
    window.find("//dialog//li[contains(., 'bells')]");
    camera.views("updates");
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
    camera.views("features");
}

/// Mods that somebody put into the game's folder by hand.
pub fn taking_over(camera: &Camera<'_>) {
    let (window, world) = (camera.window, &camera.stage.world);
    for (folder, text) in [("wreck_diver", "name = wreck_diver\n"), ("notes", "")] {
        let folder = world.mods().join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(if text.is_empty() { "read.txt" } else { "mod.conf" }), text)
            .expect("a file");
        std::fs::write(folder.join("init.lua"), "-- by hand\n").expect("a file");
    }
    window
        .run("history.pushState({ key: 91 }, '', '/profiles'); dispatchEvent(new PopStateEvent('popstate'))");
    window.click("//main//button[normalize-space(.)='Take over mods…']");
    window.click("//main//label[contains(., 'In the folders')]");
    window.find("//main//button[starts-with(normalize-space(.), 'Take over')]");
    std::thread::sleep(Duration::from_secs(1));
    camera.views("adopt");
}

/// A game that is found while the window is open, and its list without mods.
pub fn another_game(camera: &Camera<'_>) {
    let (window, world) = (camera.window, &camera.stage.world);
    let steam = world.player().join(".local/share/Steam/steamapps");
    for (path, text) in [
        ("libraryfolders.vdf", format!("\"libraryfolders\" {{ \"0\" {{ \"path\" \"{}\" \"apps\" {{ \"220200\" \"1\" }} }} }}\n", steam.parent().expect("a folder").display())),
        ("appmanifest_220200.acf", "\"AppState\" { \"appid\" \"220200\" \"name\" \"Kerbal Space Program\" \"installdir\" \"Kerbal Space Program\" \"StateFlags\" \"4\" }\n".to_owned()),
        ("common/Kerbal Space Program/KSP_x64.exe", "the game".to_owned()),
        ("common/Kerbal Space Program/GameData/Squad/part.cfg", "stock".to_owned()),
        ("common/Kerbal Space Program/buildID64.txt", "build id = 03190\n".to_owned()),
    ] {
        let file = steam.join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        std::fs::write(file, text).expect("a file");
    }
    // The service looks for games once a minute at most, and the window when something tells it that it is worth it.
    eventually("the notice of a game", Duration::from_secs(100), || {
        window.run("dispatchEvent(new Event('focus'))");
        std::thread::sleep(Duration::from_secs(2));
        window.look("//footer//button[normalize-space(.)='See the sources']")
    });
    camera.views("found-game");
    world.muster_ok(&["profile", "create", "Kerbals", "--game", "ksp"]);
    window.run(
        "history.pushState({ key: 92 }, '', '/g/ksp/browse'); dispatchEvent(new PopStateEvent('popstate'))",
    );
    window.find("//main//button[contains(., 'Minetest') or contains(., 'Luanti')]");
    camera.views("browse-empty");
}
