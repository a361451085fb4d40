//! The pictures of `docs/images`, taken from the real window on the real service. `docs/images/shoot` runs this; it is
//! not a test of its own.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use muster_suite::{Mod, Registry};
use muster_window_suite::{Driver, Key, Stage, app, eventually};

mod more;

const GLOW: &str = "//*[@role='row'][contains(@data-key, 'lantern-works/glow-lanterns')]";
const FESTIVAL: &str = "//*[@role='row'][contains(@data-key, 'lantern-works/harbour-festival')]";
const AXLE: &str = "//*[@role='row'][contains(@data-key, 'cogsworth/axle')]";
const SEARCH: &str = "//input[@role='searchbox']";
const INSTALL: &str = "//aside//button[contains(., '·')]";

/// A folder for pictures, and the window to take them from.
struct Camera<'a> {
    stage: &'a Stage,
    window: &'a Driver,
    folder: PathBuf,
}

impl Camera<'_> {
    /// One picture in the light, one in the dark, and one in German.
    fn views(&self, name: &str) {
        for theme in ["light", "dark"] {
            self.set(&format!("theme={theme}"), &format!("dataset.theme === '{theme}'"));
            self.one(&format!("{name}-{theme}"));
        }
        self.set("theme=light", "dataset.theme === 'light'");
        self.set("language=de", "lang === 'de'");
        self.one(&format!("{name}-german"));
        self.set("language=en", "lang === 'en'");
    }

    fn one(&self, name: &str) {
        // The last frame before the picture has to be drawn.
        std::thread::sleep(Duration::from_millis(400));
        std::fs::write(self.folder.join(format!("{name}.png")), self.stage.desktop.picture("^Muster$"))
            .expect("a picture");
    }

    /// Changes a setting and waits until the page follows.
    fn set(&self, setting: &str, shows: &str) {
        self.stage.world.muster_ok(&["--quiet", "settings", setting]);
        eventually(setting, Duration::from_secs(10), || {
            (self.window.run(&format!("return document.documentElement.{shows}")) == true).then_some(())
        });
    }

    fn go(&self, part: &str) {
        self.window.click(&format!("//nav//a[contains(@href, '{part}')]"));
    }
}

#[test]
#[ignore = "makes pictures; docs/images/shoot runs it"]
fn pictures() {
    let folder = PathBuf::from(std::env::var_os("MUSTER_PICTURES").expect("MUSTER_PICTURES names a folder"));
    first_run(&folder);
    let Some((stage, server)) = Stage::with_served_starter() else { panic!("no desktop, no pictures") };
    let register = muster_suite::root().join("installer/desktop/register");
    assert!(stage.command(register).arg(app()).status().expect("it runs").success());
    let window = stage.window();
    let camera = Camera { stage: &stage, window: &window, folder };
    window.find(AXLE);
    window.resize(1280, 800);

    camera.go("/profile");
    window.find("//main//button[starts-with(normalize-space(.), 'Browse for')]");
    camera.views("profile-empty");
    browse(&camera);
    link(&camera);
    server.slow(14_000);
    install(&camera);
    server.calm();
    eventually("the packages", Duration::from_secs(60), || (stage.installed().len() == 4).then_some(()));
    camera.go("/profile");
    window.find(GLOW);
    window.click("//*[@role='row'][contains(@data-key, 'lamplib')]");
    camera.views("profile");
    views(&camera);
    // A message that is old by now has gone by itself.
    let close = "//footer//button[contains(@class, 'close')]";
    if window.look(close).is_some() {
        window.click(close);
    }
    let registry = more_views(&camera);
    lobby(&camera);
    more::places(&camera);
    more::invitation(&camera, &server);
    collection(&camera, &registry);
    more::sheets(&camera, &registry);
    camera.go("/settings");
    window.click("//main//button[not(@disabled)][normalize-space(.)='Add a game of your own…']");
    window.find("//form//input[@type='text']");
    camera.views("own-game");
    window.click("//form//button[normalize-space(.)='Cancel']");
    camera.go("/browse");
    window.find(GLOW);
    window.resize(640, 800);
    camera.one("browse-640-light");
    window.resize(1280, 800);
    more::taking_over(&camera);
    more::another_game(&camera);
}

fn browse(camera: &Camera<'_>) {
    let window = camera.window;
    camera.go("/browse");
    window.click(GLOW);
    window.find("//aside[contains(., 'Lamp Library')]");
    camera.views("browse");
    window.click("//aside//button[contains(., 'Open its page')]");
    window.find("//main//*[@role='tab']");
    camera.views("package");
    window.click("//main//button[starts-with(normalize-space(.), 'Back')]");
    window.find(AXLE);
}

fn link(camera: &Camera<'_>) {
    let link = "muster://package/starter/lantern-works/glow-lanterns";
    assert!(camera.stage.command("/usr/bin/xdg-open").arg(link).status().expect("it runs").success());
    camera.window.find("//dialog[contains(., 'Lamp Library')]");
    camera.views("link");
    camera.window.click("//dialog//button[normalize-space(.)='Not now']");
    camera.window.gone("//dialog");
}

fn install(camera: &Camera<'_>) {
    let window = camera.window;
    window.type_into(SEARCH, "festival");
    window.gone(AXLE);
    window.click(FESTIVAL);
    window.find("//aside[.//h2[contains(., 'Harbour Festival')]][contains(., 'Harbour Bells')]");
    window.click(INSTALL);
    camera.go("/downloads");
    window.find("//main//*[@data-transfer]//*[@role='progressbar'][@aria-valuenow > 25]");
    camera.views("downloads");
    window.click("//button[contains(@class, 'clear')]");
}

/// A file changed by hand, the history, and the way back to the original game.
fn views(camera: &Camera<'_>) {
    let window = camera.window;
    let settings = camera.stage.world.mods().join("lamplib/init.lua");
    let text = std::fs::read_to_string(&settings).expect("a file");
    // As editors do it: another file takes its place.
    std::fs::remove_file(&settings).expect("removed");
    std::fs::write(&settings, text + "-- brighter\n").expect("written");
    window.click(&view("Files"));
    window.click("//*[@role='row'][contains(., 'init.lua')]");
    window.find("//aside//button[normalize-space(.)='Keep both']");
    camera.views("files");
    window.click("//aside//button[normalize-space(.)='Compare versions…']");
    window.find("//main//*[@role='row'][contains(., '-- brighter')]");
    camera.views("compare");
    window.click("//main//button[@aria-label='Back to the list']");
    window.click(&view("History"));
    window.find("//main//*[@role='row'][contains(., 'Harbour Festival')]");
    camera.views("history");
    window.click(&view("Original"));
    window.find("//main//button[normalize-space(.)='Take the mods out']");
    camera.views("original");
    window.click(&view("Order"));
    window.find(GLOW);
}

/// Files that two packages hold, a version that was set aside, and where packages come from.
fn more_views(camera: &Camera<'_>) -> Registry {
    let (window, world) = (camera.window, &camera.stage.world);
    let lamps = |id: &str| {
        Mod::of_game("minetest", id, "1.0.0")
            .file("lamps/mod.conf", b"name = lamps\n".to_vec())
            .file("lamps/init.lua", format!("-- {id}\n").into_bytes())
            .noise("lamps/textures/lamp.png", 4_000)
    };
    let mods = [lamps("tester/harbour-lamps"), lamps("tester/street-lamps")];
    let registry = Registry::with(&world.path().join("second"), &mods);
    world.add_registry(&registry, None);
    world.muster_ok(&["install", "tester/harbour-lamps", "tester/street-lamps", "--yes"]);
    camera.go("/profile");
    window.click(&view("Conflicts"));
    window.click("//*[@role='row'][contains(., 'init.lua')]");
    camera.views("conflicts");
    world.muster_ok(&["drift", "keep", "theirs", "mods/lamplib/init.lua"]);
    window.click(&view("Set aside"));
    window.click("//*[@role='row'][contains(., 'init.lua')]");
    camera.views("kept");
    camera.go("/sources");
    window.find("//*[@role='row'][contains(., 'starter')]");
    camera.views("sources");
    registry
}

/// What a newcomer sees.
fn first_run(folder: &Path) {
    let Some(stage) = Stage::empty() else { panic!("no desktop, no pictures") };
    let window = stage.window();
    let camera = Camera { stage: &stage, window: &window, folder: folder.to_owned() };
    window.find("//main//h1[starts-with(normalize-space(.), 'Welcome')]");
    window.resize(1280, 800);
    camera.views("first-run");
}

/// The games, and playing together.
fn lobby(camera: &Camera<'_>) {
    let (window, world) = (camera.window, &camera.stage.world);
    camera.go("/library");
    window.find("//main//*[@role='row'][@data-index]");
    camera.views("library");
    world.muster_ok(&["lobby", "host", "--name", "Friday night", "--address", "203.0.113.7:41641"]);
    camera.go("/lobby");
    window.find("//main//h2[contains(., 'Friday night is open')]");
    camera.views("lobby");
    world.muster_ok(&["lobby", "close"]);
}

/// A collection with its difference, what is new in a version, and its publisher.
fn collection(camera: &Camera<'_>, registry: &Registry) {
    let (window, world) = (camera.window, &camera.stage.world);
    let bells = |version: &str, news: &str| Mod::new("evening/bells", version).changes(news);
    let mods = [
        bells("1.0.0", "The first bells."),
        bells(
            "1.1.0",
            "## Louder\n\n* Bells are heard across the harbour.\n* They ring *twice* at midnight.",
        ),
        Mod::new("evening/fog", "2.0.0").noise("textures/fog.png", 30_000),
        Mod::new("evening/gulls", "1.4.0"),
        Mod::collection(
            "evening/friday",
            "3.0.0",
            &[
                "package: evening/bells, version: ^1",
                "package: evening/fog, version: ^2",
                "package: evening/gulls, version: ^1, optional: true",
                "package: evening/whales, version: ^1",
            ],
        ),
    ];
    registry.admit("evening");
    registry.publish(&mods);
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["install", "evening/bells@=1.0.0", "--yes"]);
    camera.go("/collections");
    window.click("//main//button[@aria-pressed][normalize-space(.)='Lists']");
    window.find("//*[@role='row'][contains(@data-key, 'evening/friday')]");
    camera.views("collections");
    window.click("//*[@role='row'][contains(@data-key, 'evening/friday')]//button");
    window.find("//main//*[@role='row'][contains(., 'whales')]");
    camera.views("collection");
    window.click("//main//button[normalize-space(.)='Apply…']");
    window.find("//dialog[contains(., 'fog')]");
    camera.views("collection-difference");
    window.click("//dialog//button[starts-with(normalize-space(.), 'Keep as is')]");
    window.gone("//dialog");
    camera.go("/browse");
    window.type_into(SEARCH, "bells");
    window.click("//*[@role='row'][contains(@data-key, 'evening/bells')]");
    window.click("//aside//button[contains(., 'Open its page')]");
    window.click("//main//*[@role='tab'][contains(., 'new')]");
    window.find("//main//h2[contains(., 'Louder')] | //main//h3[contains(., 'Louder')] | //main//h4[contains(., 'Louder')]");
    camera.views("changes");
    window.click("//main//button[normalize-space(.)='All by this publisher']");
    window.find("//main//*[@role='row'][contains(., 'fog')]");
    camera.views("publisher");
}

fn view(name: &str) -> String {
    format!("//main//button[@aria-pressed][normalize-space(.)='{name}']")
}
