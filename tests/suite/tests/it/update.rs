//! Updates over the network: what is here is not fetched again, and the terminal says so.

use muster_api::{OperationId, Transfers};
use muster_client::Request;
use muster_suite::{Mod, Registry, Server, World, wait_for};

fn sea(version: &str) -> Mod {
    let changed = format!("-- {version}\n{}", "minetest.log('waves')\n".repeat(200));
    Mod::new("tester/sea", version)
        .noise("sounds/deep.ogg", 900_000)
        .noise("sounds/shore.ogg", 500_000)
        .file("words.txt", "stone water and sand, in that order\n".repeat(20_000).into_bytes())
        .file("waves.lua", changed.into_bytes())
}

#[test]
fn an_update_fetches_what_changed_and_says_before_how_little_that_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let registry = Registry::with(folder.path(), &[sea("1.0.0")]);
    let server = Server::start(&registry.path());
    let world = World::new();
    world.add_registry(&registry, Some(server.address()));
    world.muster_ok(&["install", "tester/sea", "--yes"]);
    let whole = server.sent("*.muster");
    assert!(whole > 1_400_000);

    registry.publish(&[sea("1.1.0")]);
    world.muster_ok(&["source", "sync"]);
    let plan = world.muster_json(&["update", "--dry-run"]);
    let amount = |name: &str| plan[name].as_u64().unwrap_or_else(|| panic!("{name} in {plan}"));
    let (download, here) = (amount("download"), amount("here"));
    assert!(download < 20_000 && here > 1_400_000, "{plan}");

    world.muster_ok(&["update", "--yes"]);
    assert_eq!(server.sent("*.muster") - whole, download, "what was promised");
    for (path, bytes) in sea("1.1.0").placed() {
        assert_eq!(std::fs::read(world.mods().join(&path)).ok(), Some(bytes), "{path}");
    }
    let transfer = wait_for("the books of the transfer", || {
        let transfers: Transfers = world.ask(Request::new(OperationId::Transfers));
        transfers.transfers.into_iter().find(|transfer| transfer.from_servers == download)
    });
    assert_eq!((transfer.here, transfer.size), (here, here + download));
}

#[test]
fn an_update_says_what_is_new_in_every_version_that_it_skips() {
    let folder = tempfile::tempdir().expect("a folder");
    let lamp = |version: &str, changes: &str| Mod::new("tester/lamp", version).changes(changes);
    let registry = Registry::with(folder.path(), &[lamp("1.0.0", "The first one.")]);
    let server = Server::start(&registry.path());
    let world = World::new();
    world.add_registry(&registry, Some(server.address()));
    world.muster_ok(&["install", "tester/lamp", "--yes"]);
    let hostile = "- *Fewer* moths\n<script>alert(1)</script>\u{202e}[here](http://moths.example)";
    registry.publish(&[
        lamp("1.1.0", hostile),
        Mod::new("tester/lamp", "1.2.0"),
        lamp("1.3.0", "- Brighter"),
    ]);
    world.muster_ok(&["source", "sync"]);

    let changes = world.muster_json(&["outdated", "--changes"]);
    let found = &changes[0];
    assert_eq!(
        (&found["from"], &found["to"], &found["told"]),
        (&"1.0.0".into(), &"1.3.0".into(), &true.into())
    );
    let versions: Vec<(&str, Option<&str>)> = found["versions"]
        .as_array()
        .expect("versions")
        .iter()
        .map(|one| (one["version"].as_str().expect("a version"), one["text"].as_str()))
        .collect();
    let cleaned = hostile.replace('\u{202e}', "");
    assert_eq!(versions, [("1.3.0", Some("- Brighter")), ("1.2.0", None), ("1.1.0", Some(cleaned.as_str()))]);
    let html = found["versions"][2]["html"].as_str().expect("HTML");
    assert!(
        html.contains("<em>Fewer</em> moths") && !html.contains("<script") && !html.contains("href"),
        "{html}"
    );

    let told = world.muster_ok(&["update", "--dry-run", "--changes"]);
    let at = |text: &str| told.find(text).unwrap_or_else(|| panic!("{text} in {told}"));
    assert!(
        at("lamp 1.0.0 → 1.3.0") < at("- Brighter") && at("does not say what is new") < at("- *Fewer* moths")
    );
    assert!(!told.contains("The first one."), "what is here already is not new: {told}");

    // What was read once needs no network.
    drop(server);
    assert_eq!(world.muster_json(&["outdated", "--changes"]), changes);
}
