//! Profiles that are handed on: written as a file, applied and followed by others, and only by the will of their owners.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use muster_suite::{Mod, Registry, Server, World, files};

/// A registry on the web, a place for a shared profile, and the keys of two owners and a stranger.
struct Net {
    registry: Registry,
    server: Server,
    folder: tempfile::TempDir,
}

impl Net {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mods = [
            Mod::new("tester/lamp", "1.0.0").file("init.lua", b"-- lamp".to_vec()),
            Mod::new("tester/lamp", "1.1.0").file("init.lua", b"-- brighter".to_vec()),
            Mod::new("tester/tide", "1.0.0").file("init.lua", b"-- tide".to_vec()),
            Mod::new("tester/gate", "1.0.0").file("init.lua", b"-- gate".to_vec()).needs("tester/tide"),
        ];
        let registry = Registry::with(&folder.path().join("registry"), &mods);
        let place = folder.path().join("web");
        std::fs::create_dir_all(&place).expect("a folder");
        let server = Server::start(&place);
        Self { registry, server, folder }
    }

    fn player(&self) -> World {
        let world = World::new();
        world.add_registry(&self.registry, None);
        world
    }

    /// The file behind the address.
    fn file(&self) -> String {
        self.folder.path().join("web/crew.json").to_str().expect("a path").to_owned()
    }

    fn address(&self) -> String {
        format!("{}crew.json", self.server.address())
    }

    fn key(&self, world: &World, name: &str) -> String {
        let path = self.folder.path().join(format!("{name}.key"));
        let path = path.to_str().expect("a path").to_owned();
        if !std::path::Path::new(&path).exists() {
            world.muster_ok(&["key", "new", &path, "--test-key"]);
        }
        path
    }
}

fn versions(world: &World) -> Vec<(String, String)> {
    let detail = world.muster_json(&["list"]);
    let entries = detail["entries"].as_array().expect("entries").iter();
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let mut found: Vec<_> = entries.map(|entry| (text(&entry["id"]), text(&entry["version"]))).collect();
    found.sort();
    found
}

#[test]
fn friends_follow_a_profile_and_see_the_difference_before_it_is_theirs() {
    let net = Net::new();
    let owner = net.player();
    let key = net.key(&owner, "owner");
    owner.muster_ok(&["install", "tester/lamp@=1.0.0", "tester/gate", "--yes"]);
    owner.muster_ok(&["profile", "share", &net.file(), "--key", &key]);

    let friend = net.player();
    let before = files(&friend.mods());
    let diff = friend.muster_json(&["profile", "diff", &net.address()]);
    assert_eq!(diff["plan"]["items"].as_array().expect("items").len(), 3, "{diff}");
    assert_eq!(files(&friend.mods()), before, "a difference changes nothing");
    friend.muster_fails(&["profile", "follow", &net.address()], 2, "cli-needs-yes");
    friend.muster_ok(&["profile", "follow", &net.address(), "--yes"]);
    assert_eq!(versions(&friend), versions(&owner));
    assert_eq!(friend.placed(), owner.placed());

    // The owner goes on; the friend is told, and nothing moves before the friend agrees.
    owner.muster_ok(&["update", "--yes"]);
    owner.muster_ok(&["remove", "tester/gate"]);
    owner.muster_ok(&["profile", "share", &net.file(), "--key", &key, "--note", "brighter"]);
    let followed = friend.muster_json(&["profile", "followed"]);
    assert_eq!((&followed[0]["version"], &followed[0]["seen"]), (&1.into(), &2.into()), "{followed}");
    assert_ne!(friend.placed(), owner.placed());
    friend.muster_ok(&["profile", "pull", "--yes"]);
    assert_eq!(friend.placed(), owner.placed());
    assert_eq!(
        versions(&friend),
        [("tester/lamp".to_owned(), "1.1.0".to_owned())],
        "what nothing needs is gone"
    );

    // One step of the history, undone like any other.
    friend.muster_ok(&["undo"]);
    assert_eq!(versions(&friend).len(), 3);
    friend.muster_ok(&["profile", "unfollow"]);
    friend.muster_fails(&["profile", "pull", "--yes"], 4, "shared-not-following");
}

#[test]
fn only_owners_write_the_next_version_and_nobody_goes_back() {
    let net = Net::new();
    let owner = net.player();
    let (first, second, stranger) =
        (net.key(&owner, "first"), net.key(&owner, "second"), net.key(&owner, "stranger"));
    owner.muster_ok(&["install", "tester/lamp@=1.0.0", "--yes"]);
    owner.muster_ok(&["profile", "share", &net.file(), "--key", &first, "--owner", &second]);
    let old = std::fs::read(net.file()).expect("written");
    owner.muster_fails(&["profile", "share", &net.file(), "--key", &stranger], 2, "cli-share-owner");
    assert_eq!(std::fs::read(net.file()).expect("still there"), old);

    let friend = net.player();
    friend.muster_ok(&["profile", "follow", &net.address(), "--yes"]);
    owner.muster_ok(&["install", "tester/tide", "--yes"]);
    // Somebody who holds the host writes one of their own.
    std::fs::remove_file(net.file()).expect("removed");
    owner.muster_ok(&["profile", "share", &net.file(), "--key", &stranger]);
    owner.muster_ok(&["profile", "share", &net.file(), "--key", &stranger]);
    friend.muster_fails(&["profile", "pull", "--yes"], 1, "registry-signature");
    let followed = friend.muster_json(&["profile", "followed"]);
    assert_eq!(followed[0]["problem"]["code"], "registry-signature", "{followed}");
    // The other owner may.
    std::fs::write(net.file(), &old).expect("written");
    owner.muster_ok(&["profile", "share", &net.file(), "--key", &second]);
    friend.muster_ok(&["profile", "pull", "--yes"]);
    assert_eq!(versions(&friend).len(), 2);
    // An older one that was really signed is refused.
    std::fs::write(net.file(), &old).expect("written");
    friend.muster_fails(&["profile", "pull", "--yes"], 1, "registry-rollback");
    assert_eq!(versions(&friend).len(), 2);
}

#[test]
fn what_nobody_signed_is_applied_and_not_followed_and_a_missing_source_is_named() {
    let net = Net::new();
    let owner = net.player();
    owner.muster_ok(&["install", "tester/lamp", "--yes"]);
    owner.muster_ok(&["profile", "share", &net.file()]);
    let friend = net.player();
    friend.muster_ok(&["install", "tester/tide", "--yes"]);
    friend.muster_fails(&["profile", "follow", &net.file(), "--yes"], 1, "registry-signature");
    friend.muster_ok(&["profile", "apply", &net.file(), "--keep-others", "--yes"]);
    assert_eq!(versions(&friend).len(), 2, "one's own stays where that is asked for");
    friend.muster_ok(&["profile", "apply", &net.file(), "--yes"]);
    assert_eq!(versions(&friend), versions(&owner));

    let stranger = World::new();
    stranger.muster_fails(&["profile", "apply", &net.file(), "--yes"], 5, "shared-missing-sources");
    // Who is offline asks nobody, whoever follows whom.
    friend.muster_ok(&["settings", "offline=true"]);
    friend.muster_fails(&["profile", "diff", "https://crew.example/crew.json"], 5, "offline-mode");
    friend.muster_ok(&["settings", "offline=false"]);
    // Between two profiles of one's own the same works by name.
    friend.muster_ok(&["profile", "clone", "Standard", "copy"]);
    friend.muster_ok(&["install", "tester/gate", "--yes", "--profile", "copy"]);
    let diff = friend.muster_json(&["profile", "diff", "copy"]);
    assert_eq!(diff["plan"]["items"].as_array().expect("items").len(), 2, "{diff}");
}
