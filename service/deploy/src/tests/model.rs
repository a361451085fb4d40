//! Random sequences against a model in memory (T-83). `MUSTER_MODEL_CASES` sets how many; 10,000 is the long form.
#![allow(clippy::disallowed_methods)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use proptest::prelude::*;

use super::support::World;
use crate::{Choices, Deployment, Desired, Recovery, Release};

const PATHS: &[&str] = &["a/x", "a/y", "a/b/z", "c/x", "top"];

#[derive(Clone, Debug)]
enum Operation {
    /// Packages in order; each a set of paths with a version as content.
    Deploy(Vec<Vec<(usize, u8)>>),
    /// The same with everything damaged put right.
    Repair(Vec<Vec<(usize, u8)>>),
    Write(usize, u8),
    /// The player puts the very bytes of a package.
    Bring(usize, u8),
    Delete(usize),
    Reopen,
}

fn cases() -> u32 {
    std::env::var("MUSTER_MODEL_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

fn package() -> impl Strategy<Value = Vec<(usize, u8)>> {
    proptest::collection::btree_map(0..PATHS.len(), 0..3u8, 1..PATHS.len())
        .prop_map(|files| files.into_iter().collect())
}

fn operation(with_player: bool) -> impl Strategy<Value = Operation> {
    let player = if with_player { 3 } else { 0 };
    prop_oneof![
        4 => proptest::collection::vec(package(), 0..3).prop_map(Operation::Deploy),
        1 => proptest::collection::vec(package(), 0..3).prop_map(Operation::Repair),
        player => (0..PATHS.len(), 0..3u8).prop_map(|(path, version)| Operation::Write(path, version)),
        player => (0..PATHS.len(), 0..3u8).prop_map(|(path, version)| Operation::Bring(path, version)),
        player => (0..PATHS.len()).prop_map(Operation::Delete),
        1 => Just(Operation::Reopen),
    ]
}

/// What the disk must hold, by the rules in the header of `plan`.
#[derive(Default)]
struct Model {
    disk: BTreeMap<&'static str, String>,
    ours: BTreeMap<&'static str, Ours>,
}

#[derive(Clone)]
struct Ours {
    content: String,
    displaced: Option<String>,
    adopted: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mends {
    Yes,
    No,
}

impl Model {
    /// `mends`: what the player changed makes room; it is saved elsewhere.
    fn deploy(&mut self, wanted: &BTreeMap<&'static str, String>, mends: Mends) {
        for path in PATHS {
            let now = self.disk.get(path).cloned();
            match (wanted.get(path), self.ours.get(path).cloned(), now) {
                (Some(wanted), None, now) => {
                    let adopted = now.as_ref() == Some(wanted);
                    let displaced = now.filter(|_| !adopted);
                    self.put(path, Ours { content: wanted.clone(), displaced, adopted });
                }
                (Some(wanted), Some(ours), now) => {
                    let is_changed = now.as_ref().is_some_and(|now| *now != ours.content && now != wanted);
                    if is_changed && mends == Mends::No {
                        continue;
                    }
                    let makes_room = ours.adopted && *wanted != ours.content && now.as_ref() != Some(wanted);
                    let stays_theirs = ours.adopted && !makes_room;
                    let displaced = if makes_room { now } else { ours.displaced };
                    self.put(path, Ours { content: wanted.clone(), displaced, adopted: stays_theirs });
                }
                (None, Some(ours), now) => {
                    self.ours.remove(path);
                    match ours.displaced {
                        _ if ours.adopted => {}
                        Some(displaced) => drop(self.disk.insert(path, displaced)),
                        None if now.as_ref() == Some(&ours.content) || mends == Mends::Yes => {
                            drop(self.disk.remove(path))
                        }
                        None => {}
                    }
                }
                (None, None, _) => {}
            }
        }
    }

    fn put(&mut self, path: &'static str, ours: Ours) {
        self.disk.insert(path, ours.content.clone());
        self.ours.insert(path, ours);
    }
}

fn files(world: &World) -> BTreeMap<String, String> {
    let tree = world.look();
    let files = tree.iter().filter_map(|(path, file)| {
        let (content, ..) = file.as_ref()?;
        Some((path.strip_prefix("mods/")?.to_owned(), String::from_utf8_lossy(content).into_owned()))
    });
    files.collect()
}

fn desired(world: &World, packages: &[Vec<(usize, u8)>]) -> (Desired, BTreeMap<&'static str, String>) {
    let mut wanted = BTreeMap::new();
    let mut placed = Vec::new();
    for (number, files) in packages.iter().enumerate() {
        let files: Vec<(&str, String)> = files
            .iter()
            .map(|(path, version)| (PATHS[*path], format!("package {number} v{version}")))
            .collect();
        wanted.extend(files.iter().cloned());
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, content)| (*path, content.as_str())).collect();
        placed.push(world.package(&format!("p{number}"), &files));
    }
    // The static paths of the model.
    let wanted = PATHS.iter().filter_map(|path| Some((*path, wanted.get(path)?.clone()))).collect();
    (world.desired(&placed), wanted)
}

fn check(operations: Vec<Operation>) {
    let world = World::new();
    let mut model = Model::default();
    let mut deployment = Some(world.open());
    for operation in operations {
        match operation {
            Operation::Deploy(packages) => {
                let (desired, wanted) = desired(&world, &packages);
                let deployment = deployment.as_mut().expect("open");
                world.apply(deployment, &desired).expect("applies");
                model.deploy(&wanted, Mends::No);
                world.assert_tidy(deployment);
            }
            Operation::Repair(packages) => {
                let (desired, wanted) = desired(&world, &packages);
                let deployment = deployment.as_mut().expect("open");
                let plan = deployment.plan_repair(&desired, Choices::default()).expect("plans");
                world.apply_plan(deployment, &plan).expect("applies");
                model.deploy(&wanted, Mends::Yes);
                world.assert_tidy(deployment);
                assert!(deployment.verify().expect("verifies").is_clean());
            }
            Operation::Write(path, version) => {
                let content = format!("player v{version}");
                world.write(&format!("mods/{}", PATHS[path]), &content);
                model.disk.insert(PATHS[path], content);
            }
            Operation::Bring(path, version) => {
                let content = format!("package 0 v{version}");
                world.write(&format!("mods/{}", PATHS[path]), &content);
                model.disk.insert(PATHS[path], content);
            }
            Operation::Delete(path) => {
                let _ = fs::remove_file(world.path("mods").join(PATHS[path]));
                model.disk.remove(PATHS[path]);
            }
            Operation::Reopen => {
                let left = deployment.take().and_then(|mut deployment| deployment.leave());
                let books = left.expect("nothing is left to do");
                let (again, recovery) =
                    Deployment::reopen(world.places(), &world.root.join("state"), books).expect("reopens");
                assert_eq!(recovery, Recovery::Clean);
                world.assert_books(again.applied());
                deployment = Some(again);
            }
        }
        let expected: BTreeMap<String, String> =
            model.disk.iter().map(|(path, content)| ((*path).to_owned(), content.clone())).collect();
        assert_eq!(files(&world), expected);
    }
    let mut deployment = deployment.expect("open");
    world.undeploy(&mut deployment);
    model.deploy(&BTreeMap::new(), Mends::No);
    let expected: BTreeMap<String, String> =
        model.disk.iter().map(|(path, content)| ((*path).to_owned(), content.clone())).collect();
    assert_eq!(files(&world), expected);
    assert!(deployment.applied().is_empty());
    world.assert_tidy(&deployment);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_disk_is_what_the_model_says(operations in proptest::collection::vec(operation(true), 1..40)) {
        check(operations);
    }

    /// Nobody interferes: then not only contents but times, permissions and empty folders are as before.
    #[test]
    fn taking_everything_out_leaves_the_original_tree(
        originals in proptest::collection::btree_map(0..PATHS.len(), 0..4u8, 0..4),
        operations in proptest::collection::vec(operation(false), 1..25),
        release in any::<bool>(),
    ) {
        let world = World::new();
        for (path, version) in originals {
            // Some of them are what a package brings.
            let content = if version == 3 { "original".into() } else { format!("package 0 v{version}") };
            world.write(&format!("mods/{}", PATHS[path]), &content);
        }
        fs::create_dir_all(world.path("mods/empty/deep")).expect("dirs");
        let before = world.look();
        let mut deployment = world.open();
        for operation in operations {
            match operation {
                Operation::Deploy(packages) | Operation::Repair(packages) => {
                    // What was there before goes with its package, or stays.
                    let release = if release { Release::All } else { Release::Of(BTreeSet::new()) };
                    let (desired, _) = desired(&world, &packages);
                    let choices = Choices { release, ..Choices::default() };
                    let plan = deployment.plan(&desired, &choices).expect("plans");
                    world.apply_plan(&mut deployment, &plan).expect("applies");
                    world.assert_tidy(&deployment);
                }
                _ => {
                    drop(deployment);
                    deployment = world.open();
                }
            }
        }
        world.undeploy(&mut deployment);
        prop_assert_eq!(world.look(), before);
        // The proof says so too, where anything was ever placed.
        if let Some(proof) = deployment.prove().expect("reads") {
            prop_assert!(proof.is_original() && proof.departed.is_empty(), "{:?}", proof);
        }
    }
}
