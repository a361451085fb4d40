//! Versions that were set aside: listed, brought back, let go.
#![allow(clippy::disallowed_methods)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use muster_domain::Sha256;
use muster_fsx::Dir;

use super::support::{LINKS, World};
use crate::{
    Brought, Choices, Deployment, Desired, Held, KeptFile, Key, Outcome, Plan, Room, Source, Trees, Version,
    Watch, edits::sha256,
};

fn key(path: &str) -> Key {
    Key::new("mods", &path.parse().expect("a path"))
}

/// A changed file of a package was replaced; its version is set aside.
fn prepared() -> (World, Deployment, Desired) {
    let world = World::new();
    world.write("mods/lamps/old.lua", "original");
    let mut deployment = world.open();
    let lamps = world.package("lamps", &[("lamps/init.lua", "light"), ("lamps/old.lua", "new")]);
    let desired = world.desired(&[lamps]);
    world.apply(&mut deployment, &desired).expect("applies");
    world.write("mods/lamps/init.lua", "mine");
    let choices = Choices { replace: [key("lamps/init.lua")].into(), ..Choices::default() };
    let plan = deployment.plan(&desired, &choices).expect("plans");
    world.apply_plan(&mut deployment, &plan).expect("applies");
    (world, deployment, desired)
}

fn saved(deployment: &Deployment) -> KeptFile {
    let kept = deployment.kept().expect("lists");
    kept.into_iter().find(|kept| matches!(kept.held, Held::Saved(_))).expect("set aside")
}

fn bring(kept: &KeptFile, path: &str, room: Room) -> (Key, Brought) {
    let version = Some(Version {
        source: Source::Held(kept.held.clone()),
        sha256: kept.sha256,
        size: kept.metadata.size,
    });
    let brought = Brought { place: "mods".into(), path: path.parse().expect("a path"), version, room };
    (key(path), brought)
}

#[test]
fn what_was_set_aside_is_listed_with_its_place() {
    let (_world, deployment, _) = prepared();
    let kept = deployment.kept().expect("lists");
    let shown: Vec<(String, bool)> =
        kept.iter().map(|kept| (kept.spot.clone().expect("known").at, kept.why.comes_back())).collect();
    assert_eq!(shown, [("lamps/old.lua".to_owned(), true), ("lamps/init.lua".to_owned(), false)]);
    assert_eq!(kept[1].sha256, sha256(b"mine"));
}

#[test]
fn a_version_comes_back_beside_packages_with_its_time_and_what_is_there_is_set_aside() {
    let (world, mut deployment, mut desired) = prepared();
    let kept = saved(&deployment);
    world.write("mods/notes/deep/x.txt", "in the way");
    desired.brought.extend([
        bring(&kept, "notes/deep/x.txt", Room::Any),
        bring(&kept, "fresh/folder/y.txt", Room::Any),
        // A package's file is brought back by what the package places.
        bring(&kept, "lamps/init.lua", Room::Any),
    ]);
    world.apply(&mut deployment, &desired).expect("applies");
    assert_eq!(world.read("mods/notes/deep/x.txt").as_deref(), Some("mine"));
    assert_eq!(world.read("mods/fresh/folder/y.txt").as_deref(), Some("mine"));
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("light"));
    let time = |path: &str| fs::metadata(world.path(path)).and_then(|m| m.modified()).expect("a time");
    assert_eq!(time("mods/fresh/folder/y.txt"), kept.metadata.modified);
    assert_eq!(deployment.applied().saved.len(), 2, "what was in the way is set aside");
    // What is brought back is the player's: it shares nothing with what is kept, and stays.
    fs::write(world.path("mods/fresh/folder/y.txt"), "scribbled").expect("written");
    let version = world.root.join("state/saved").join(&deployment.applied().saved[0].name);
    assert_eq!(fs::read_to_string(version).expect("kept"), "mine");
    world.undeploy(&mut deployment);
    assert_eq!(world.read("mods/fresh/folder/y.txt").as_deref(), Some("scribbled"));
    world.assert_tidy(&deployment);
}

#[test]
fn taking_back_leaves_what_somebody_wrote_since() {
    let (world, mut deployment, mut desired) = prepared();
    let kept = saved(&deployment);
    world.write("mods/x.txt", "first");
    world.write("mods/y.txt", "first");
    let gone = |path: &str, room| (key(path), Brought { version: None, ..bring(&kept, path, room).1 });
    desired.brought.extend([
        gone("x.txt", Room::Only(Some(sha256(b"first")))),
        gone("y.txt", Room::Only(Some(sha256(b"other")))),
        bring(&kept, "z.txt", Room::Only(None)),
    ]);
    world.write("mods/z.txt", "written since");
    let plan = world.apply(&mut deployment, &desired).expect("applies");
    assert_eq!(plan.steps.len(), 1, "{plan:?}");
    assert_eq!(world.read("mods/x.txt"), None);
    assert_eq!(world.read("mods/y.txt").as_deref(), Some("first"));
    assert_eq!(world.read("mods/z.txt").as_deref(), Some("written since"));
    assert!(deployment.kept().expect("lists").iter().any(|kept| kept.sha256 == sha256(b"first")));
}

#[test]
fn versions_are_let_go_and_the_books_know_it_after_reopening() {
    let (world, mut deployment, desired) = prepared();
    let Held::Saved(name) = saved(&deployment).held else { panic!("a saved version") };
    assert_eq!(deployment.free_kept(&BTreeSet::from([name])).expect("freed"), 4);
    drop(deployment);
    let mut deployment = world.open();
    assert!(deployment.applied().saved.is_empty());
    assert_eq!(deployment.kept().expect("lists").len(), 1, "what comes back by itself stays");
    assert!(deployment.plan(&desired, &Choices::default()).expect("plans").is_empty());
    world.undeploy(&mut deployment);
    assert_eq!(world.read("mods/lamps/old.lua").as_deref(), Some("original"));
}

/// Versions by their hash, beside the trees of packages.
struct Kept(Dir, BTreeMap<Sha256, Dir>);

impl Trees for Kept {
    fn tree(&self, _place: &str, archive: &Sha256) -> Option<&Dir> {
        self.1.get(archive)
    }

    fn kept(&self) -> Option<&Dir> {
        Some(&self.0)
    }
}

fn apply(world: &World, deployment: &mut Deployment, plan: &Plan) -> Result<Outcome, crate::DeployError> {
    let folder = world.root.join("versions");
    fs::create_dir_all(&folder).expect("a folder");
    let trees = Kept(Dir::open_ambient(&folder).expect("a folder"), world.trees());
    let mut progress = |_| {};
    deployment.apply(
        plan,
        &mut Watch { trees: &trees, links: LINKS, progress: &mut progress, cancelled: &|| false },
    )
}

#[test]
fn a_version_by_its_hash_stands_for_a_packages_file_and_is_checked() {
    let (world, mut deployment, mut desired) = prepared();
    let mine = vec![b'm'; 3_000_000];
    fs::create_dir_all(world.root.join("versions")).expect("a folder");
    let version = world.root.join("versions").join(sha256(&mine).to_string());
    fs::write(&version, b"damaged").expect("a file");
    desired.put_kept(&key("lamps/init.lua"), sha256(&mine), mine.len() as u64);
    let plan = deployment.plan(&desired, &Choices::default()).expect("plans");
    assert!(apply(&world, &mut deployment, &plan).is_err(), "wrong bytes are never placed");
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("light"));
    fs::write(&version, &mine).expect("a file");
    let plan = deployment.plan(&desired, &Choices::default()).expect("plans");
    apply(&world, &mut deployment, &plan).expect("applies");
    assert_eq!(fs::read(world.path("mods/lamps/init.lua")).expect("placed"), mine);
    assert!(deployment.verify().expect("verifies").is_clean());
    let journal = fs::metadata(world.root.join("state/journal")).expect("a file").len();
    assert!(journal < 100_000, "the bytes are not in the journal: {journal}");
    fs::write(world.path("mods/lamps/init.lua"), "scribbled").expect("written");
    assert_eq!(fs::read(&version).expect("kept"), mine, "nothing is shared with what is kept");
}
