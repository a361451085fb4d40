//! Random sequences of the player's verbs against a model in memory (T-83): profiles, packages, history, the way back,
//! and changes by hand. `MUSTER_MODEL_STEPS` sets how many verbs; 10,000 is the long form.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::SystemTime,
};

use muster_domain::{JobId, ProfileId};
use muster_engine::{ChangeRequest, Decision, Engine, Keeping};

use crate::support::{World, outcome};

const MODS: &[&str] = &["lamp", "tide", "moss"];
const CONF: &str = "fov = 72\nvolume = 5\n";
const SEED: u64 = 0x6d75_7374_6572_0001;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// What a profile holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Contents {
    mods: BTreeSet<&'static str>,
    /// Settings that the player changed, by mod.
    settings: BTreeMap<&'static str, String>,
    /// Scripts of which the profile has a version of its own, by mod.
    scripts: BTreeMap<&'static str, String>,
}

/// A state of the history.
#[derive(Clone, Debug, Default)]
struct State {
    mods: BTreeSet<&'static str>,
    /// Scripts that the change put another version of, with what was there; `None`: the package's.
    before: BTreeMap<&'static str, Option<String>>,
}

#[derive(Clone, Debug)]
struct ModelProfile {
    id: ProfileId,
    now: Contents,
    /// By number.
    timeline: Vec<State>,
}

impl ModelProfile {
    fn push(&mut self, before: BTreeMap<&'static str, Option<String>>) {
        self.timeline.push(State { mods: self.now.mods.clone(), before });
    }

    /// Takes back what happened to scripts since a state, and says what was there.
    fn take_back(&mut self, to: usize) -> BTreeMap<&'static str, Option<String>> {
        let mut wanted = BTreeMap::new();
        for state in self.timeline[to + 1..].iter().rev() {
            wanted.extend(state.before.clone());
        }
        wanted.retain(|name, script| self.now.scripts.get(name) != script.as_ref());
        let there = |name: &&'static str| (*name, self.now.scripts.get(name).cloned());
        let before = wanted.keys().map(there).collect();
        for (name, script) in wanted {
            match script {
                Some(script) => drop(self.now.scripts.insert(name, script)),
                None => drop(self.now.scripts.remove(name)),
            }
        }
        before
    }
}

/// What must be true.
struct Model {
    profiles: Vec<ModelProfile>,
    placed: Option<usize>,
    names: u32,
}

impl Model {
    fn mods_on_disk(&self) -> BTreeMap<String, String> {
        let mut expected = BTreeMap::new();
        let Some(profile) = self.placed.map(|placed| &self.profiles[placed].now) else { return expected };
        for name in &profile.mods {
            let own = profile.settings.get(name).cloned().unwrap_or_else(|| CONF.to_owned());
            expected.insert(format!("{name}/settings.conf"), own);
            let script = profile.scripts.get(name).cloned().unwrap_or_else(|| "-- 1.0.0\n".to_owned());
            expected.insert(format!("{name}/init.lua"), script);
            expected.insert(format!("{name}/mod.conf"), format!("name = {name}\n"));
        }
        expected
    }
}

type Tree = BTreeMap<String, Option<(Vec<u8>, SystemTime, bool)>>;

/// Path → content, time and mode of files; `None` for folders.
fn look(folder: &Path, prefix: &str, tree: &mut Tree) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let metadata = entry.metadata().expect("metadata");
        if metadata.is_dir() {
            tree.insert(name.clone(), None);
            look(&entry.path(), &format!("{name}/"), tree);
        } else {
            let bytes = fs::read(entry.path()).expect("bytes");
            tree.insert(
                name,
                Some((bytes, metadata.modified().expect("a time"), metadata.permissions().readonly())),
            );
        }
    }
}

fn tree(world: &World) -> Tree {
    let mut tree = Tree::new();
    look(&world.folder.path().join("game"), "", &mut tree);
    tree
}

async fn done(engine: &Engine, job: JobId) {
    assert_eq!(outcome(engine, job).await, "done");
}

struct Play {
    world: World,
    engine: Engine,
    model: Model,
    dice: Dice,
    original: Tree,
}

impl Play {
    async fn new() -> Self {
        let mut world = World::new();
        for name in MODS {
            let id = format!("alice/{name}");
            world.registry.publish_with(&id, "1.0.0", &[], &[("settings.conf", CONF.into())]);
        }
        let mods = world.folder.path().join("game/mods");
        for (path, text) in [("tide/init.lua", "-- the player's tide"), ("mine/init.lua", "-- mine")] {
            fs::create_dir_all(mods.join(path).parent().expect("a parent")).expect("a folder");
            fs::write(mods.join(path), text).expect("a file");
        }
        fs::create_dir_all(mods.join("empty/deep")).expect("a folder");
        let original = tree(&world);
        let (engine, id) = world.engine().await;
        let first = ModelProfile { id, now: Contents::default(), timeline: vec![State::default()] };
        let model = Model { profiles: vec![first], placed: Some(0), names: 0 };
        Self { world, engine, model, dice: Dice(SEED), original }
    }

    /// The disk holds what the model says, and the player's own files are there.
    fn check(&self, verb: &str) {
        let found: BTreeMap<String, String> = tree(&self.world)
            .into_iter()
            .filter_map(|(path, file)| {
                let text = String::from_utf8(file?.0).expect("text");
                Some((path.strip_prefix("mods/")?.to_owned(), text))
            })
            .collect();
        let mut wanted = self.model.mods_on_disk();
        wanted.entry("tide/init.lua".into()).or_insert_with(|| "-- the player's tide".into());
        wanted.insert("mine/init.lua".into(), "-- mine".into());
        assert_eq!(found, wanted, "after {verb}");
    }

    /// One verb, on the engine and on the model.
    async fn step(&mut self) -> &'static str {
        let count = self.model.profiles.len();
        let at = self.dice.roll(count);
        let id = self.model.profiles[at].id;
        match self.dice.roll(12) {
            0..=2 => self.change(at, id).await,
            3 | 4 => {
                if let Some(job) = self.engine.switch_to(id).await.expect("asked") {
                    done(&self.engine, job).await;
                    self.model.profiles[at].push(BTreeMap::new());
                    self.model.placed = Some(at);
                }
                "switch"
            }
            5 if count < 4 => {
                self.model.names += 1;
                let name = format!("copy {}", self.model.names);
                let id = self.engine.clone_profile(id, &name).await.expect("cloned");
                let mut copy = ModelProfile { id, ..self.model.profiles[at].clone() };
                // What is changed in the folder and not taken up yet stays with the original.
                copy.now.settings = self.engine_settings(at).await;
                copy.timeline = vec![State::default()];
                copy.push(BTreeMap::new());
                self.model.profiles.push(copy);
                "clone"
            }
            6 => {
                let states = self.model.profiles[at].timeline.len();
                if states < 2 {
                    return "nothing";
                }
                // Mostly a short way.
                let furthest = if self.dice.roll(3) == 0 { states - 1 } else { (states - 1).min(6) };
                let to = states - 2 - self.dice.roll(furthest);
                done(&self.engine, self.engine.go_back(id, to as u64).await.expect("asked")).await;
                let profile = &mut self.model.profiles[at];
                // The first state is the one before anything was placed.
                let before = if to == 0 { BTreeMap::new() } else { profile.take_back(to) };
                profile.now.mods = profile.timeline[to].mods.clone();
                profile.push(before);
                "go back"
            }
            7 => {
                if let Some((job, _)) = self.engine.vanilla(id).await.expect("asked") {
                    done(&self.engine, job).await;
                    let placed = self.model.placed.take().expect("somebody was there");
                    self.model.profiles[placed].push(BTreeMap::new());
                    let proof = self.engine.prove_vanilla(id).await.expect("asked").proof;
                    assert!(proof.is_none_or(|proof| proof.is_original() && proof.departed.is_empty()));
                }
                "vanilla"
            }
            8 | 9 => self.edit(),
            10 => self.damage_and_repair().await,
            _ => self.remove_and_restore(at, id).await,
        }
    }

    async fn engine_settings(&self, at: usize) -> BTreeMap<&'static str, String> {
        let own = self.engine.drift(self.model.profiles[at].id).await.expect("looked").own;
        let is_known = |name: &&&str| own.iter().any(|own| own.spot.at == format!("{name}/settings.conf"));
        let settings = &self.model.profiles[at].now.settings;
        let known = MODS.iter().filter(is_known);
        known.filter_map(|name| Some((*name, settings.get(name)?.clone()))).collect()
    }

    async fn change(&mut self, at: usize, id: ProfileId) -> &'static str {
        let name = MODS[self.dice.roll(MODS.len())];
        let has = self.model.profiles[at].now.mods.contains(name);
        let key = self.world.registry.key(&format!("alice/{name}"));
        let request = match has {
            true => ChangeRequest { remove: vec![key], ..ChangeRequest::default() },
            false => self.world.install(&format!("alice/{name}")),
        };
        let (_, job) = self.engine.change(Some(id), request).await.expect("asked");
        done(&self.engine, job).await;
        let profile = &mut self.model.profiles[at];
        match has {
            true => drop(profile.now.mods.remove(name)),
            false => drop(profile.now.mods.insert(name)),
        }
        profile.push(BTreeMap::new());
        if has { "remove" } else { "install" }
    }

    /// The player changes settings of a mod that is placed.
    fn edit(&mut self) -> &'static str {
        let Some(placed) = self.model.placed else { return "nothing" };
        let mods: Vec<&'static str> = self.model.profiles[placed].now.mods.iter().copied().collect();
        if mods.is_empty() {
            return "nothing";
        }
        let name = mods[self.dice.roll(mods.len())];
        let text = format!("fov = {}\nvolume = 5\n", 80 + self.dice.roll(40));
        let path = self.world.folder.path().join("game/mods").join(name).join("settings.conf");
        fs::remove_file(&path).expect("placed");
        fs::write(&path, &text).expect("written");
        self.model.profiles[placed].now.settings.insert(name, text);
        "edit"
    }

    async fn damage_and_repair(&mut self) -> &'static str {
        let Some(placed) = self.model.placed else { return "nothing" };
        let id = self.model.profiles[placed].id;
        let Some(name) = self.model.profiles[placed].now.mods.first().copied() else { return "nothing" };
        let folder = self.world.folder.path().join("game/mods").join(name);
        let by_hand = format!("-- by hand, {}", self.dice.roll(5));
        fs::remove_file(folder.join("init.lua")).expect("placed");
        fs::write(folder.join("init.lua"), &by_hand).expect("written");
        fs::remove_file(folder.join("mod.conf")).expect("placed");
        let profile = &mut self.model.profiles[placed];
        let decides = self.dice.roll(2) == 1;
        let mut before = BTreeMap::new();
        let job = match decides {
            false => self.engine.mend(id).await,
            true => {
                let files =
                    vec![muster_engine::Spot { place: "mods".into(), at: format!("{name}/init.lua") }];
                self.engine.decide_drift(id, Decision { keep: Keeping::Theirs, files }).await
            }
        };
        done(&self.engine, job.expect("asked")).await;
        // A repair leaves what is the profile's own; a decision is about it.
        match profile.now.scripts.get_mut(name) {
            Some(script) if !decides => *script = by_hand,
            _ => {
                profile.now.scripts.remove(name);
                before.insert(name, Some(by_hand));
            }
        }
        profile.push(before);
        if decides { "decide" } else { "repair" }
    }

    async fn remove_and_restore(&mut self, at: usize, id: ProfileId) -> &'static str {
        let (job, undo) = self.engine.remove_profile(id).await.expect("asked");
        done(&self.engine, job).await;
        let was_placed = self.model.placed == Some(at);
        if was_placed {
            self.model.placed = None;
        }
        self.check("delete");
        let is_free = self.model.placed.is_none();
        let job = self.engine.undo(&undo).await.expect("undone");
        assert_eq!(job.is_some(), is_free);
        if let Some(job) = job {
            done(&self.engine, job).await;
            self.model.profiles[at].push(BTreeMap::new());
            self.model.placed = Some(at);
        }
        "delete and restore"
    }
}

#[tokio::test]
async fn any_sequence_of_verbs_does_what_the_model_says_and_leads_back_to_the_original_game() {
    let steps = std::env::var("MUSTER_MODEL_STEPS").ok().and_then(|text| text.parse().ok()).unwrap_or(120);
    let mut play = Play::new().await;
    let mut done_verbs: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..steps {
        let verb = play.step().await;
        *done_verbs.entry(verb).or_default() += 1;
        play.check(verb);
    }
    println!("{steps} verbs: {done_verbs:?}");
    let any = play.model.profiles[0].id;
    if let Some((job, _)) = play.engine.vanilla(any).await.expect("asked") {
        done(&play.engine, job).await;
    }
    assert_eq!(tree(&play.world), play.original, "bytes, times, modes and empty folders");
    assert!(done_verbs.len() >= 8 || steps < 100, "{done_verbs:?}");
    play.engine.close().await;
}
