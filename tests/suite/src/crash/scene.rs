//! A world in which every verb has its start, and can be struck.

use std::{fs, path::PathBuf, time::Duration};

use muster_api::{
    ChangeRequest, Changed, Job, OperationId, PackageKey, Phase, Profile, ProfileDetail, ProfilePatch, Wish,
};
use muster_client::Request;

use super::{Point, Verb};
use crate::{Files, Mod, Registry, Trace, World, trace::Calls, wait_for};

const CONF: &str = "fov = 72\nvolume = 5\nlang = en\n";
const NEXT_CONF: &str = "fov = 72\nvolume = 5\nlang = de\n";
/// What the player made of the settings.
pub(super) const MINE: &str = "fov = 90\nvolume = 5\nlang = en\n";
const PLAYERS: &[(&str, &str)] = &[("alpha/init.lua", "-- of the player"), ("mine/init.lua", "-- mine")];

const ALPHA: &str = "tester/alpha";
const BETA: &str = "tester/beta";
const GAMMA: &str = "tester/gamma";
const DELTA: &str = "tester/delta";

/// A mods folder and the lock that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub placed: Files,
    pub lock: String,
}

impl State {
    pub fn of(world: &World) -> Self {
        Self { placed: world.placed(), lock: world.books().lock }
    }
}

/// Two profiles of one game in a folder where the player has files of their own.
pub struct Scene {
    pub world: World,
    _registry: Registry,
    pub first: Profile,
    second: Profile,
    /// Known before anything is struck: the service may not live to say it.
    source: String,
    pub original: Files,
    /// Before and after the verb, when nothing disturbs it.
    pub ends: Option<(Verb, State, State)>,
}

fn mods() -> Vec<Mod> {
    let with_textures = |id: &str, version: &str, conf: &str, numbers: std::ops::Range<usize>| {
        let plain = Mod::new(id, version).config("settings.conf", conf);
        numbers.fold(plain, |plain, number| plain.noise(&format!("textures/{number}.png"), 900 + number))
    };
    vec![
        with_textures(ALPHA, "1.0.0", CONF, 0..6),
        // Some files are new, some gone, some the same.
        with_textures(ALPHA, "1.1.0", NEXT_CONF, 2..9).noise("sounds/new.ogg", 300_000),
        Mod::new(BETA, "1.0.0"),
        Mod::new(GAMMA, "1.0.0"),
        with_textures(DELTA, "1.0.0", CONF, 0..12).needs(BETA).noise("sounds/long.ogg", 700_000),
    ]
}

impl Scene {
    pub fn new() -> Self {
        let mut world = World::new();
        let registry = Registry::with(&world.path().join("origin"), &mods());
        for (path, text) in PLAYERS {
            let path = world.mods().join(path);
            fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let original = world.placed();
        world.start();
        world.add_registry(&registry, None);
        world.muster_ok(&["install", "tester/alpha@=1.0.0", "--yes"]);
        let first = world.profile();
        world.muster_ok(&["profile", "clone", &first.name, "Second"]);
        world.muster_ok(&["install", GAMMA, "--yes", "--profile", "Second"]);
        let profiles: Vec<Profile> = world.ask(Request::new(OperationId::Profiles));
        let second = profiles.into_iter().find(|profile| profile.name == "Second").expect("cloned");
        let source = world.to_remove(&[ALPHA]).remove[0].source.clone();
        Self { world, _registry: registry, first, second, source, original, ends: None }
    }

    fn key(&self, id: &str) -> PackageKey {
        PackageKey { source: self.source.clone(), id: id.to_owned() }
    }

    /// The request of a verb that changes packages.
    fn change(&self, verb: Verb) -> ChangeRequest {
        let plain = ChangeRequest { profile: Some(self.first.id.clone()), ..ChangeRequest::default() };
        match verb {
            Verb::Install => {
                let wish = Wish { key: self.key(DELTA), range: None, sha256: None };
                ChangeRequest { install: vec![wish], ..plain }
            }
            Verb::Update => ChangeRequest { update: vec![self.key(ALPHA)], ..plain },
            _ => ChangeRequest { remove: vec![self.key(ALPHA)], ..plain },
        }
    }

    /// Asks for a verb; gives its job, where the service lived long enough to name it.
    pub fn ask(&self, verb: Verb) -> Option<String> {
        let request = match verb {
            Verb::Install | Verb::Update | Verb::Remove => return self.world.try_change(&self.change(verb)),
            Verb::Switch => {
                let patch = ProfilePatch { active: Some(true), ..ProfilePatch::default() };
                let request = Request::new(OperationId::PatchProfile).path("profile", &self.second.id);
                request.body(&patch).expect("JSON")
            }
            Verb::Undo => Request::new(OperationId::UndoLast).path("profile", &self.first.id),
            Verb::Vanilla => Request::new(OperationId::Vanilla).path("profile", &self.first.id),
        };
        self.world.try_ask::<Changed>(request)?.job
    }

    /// Packages that the first profile holds where a verb starts, the last one installed last.
    fn start_of(verb: Verb) -> &'static [(&'static str, &'static str)] {
        match verb {
            Verb::Install | Verb::Update => &[(ALPHA, "1.0.0")],
            Verb::Remove | Verb::Switch | Verb::Undo | Verb::Vanilla => &[(ALPHA, "1.0.0"), (BETA, "1.0.0")],
        }
    }

    fn held(&self) -> Vec<(String, String)> {
        let request = Request::new(OperationId::Profile).path("profile", &self.first.id);
        let detail: ProfileDetail = self.world.ask(request);
        detail.entries.into_iter().map(|entry| (entry.key.id, entry.version)).collect()
    }

    fn finish(&self, request: ChangeRequest) {
        let request = ChangeRequest { profile: Some(self.first.id.clone()), ..request };
        let job = self.world.wait_job(&self.world.change(&request));
        assert_eq!(job.phase, Phase::Done, "{job:?}\n{}", self.world.log());
    }

    /// Brings everything to where a verb starts: the first profile is placed, with settings of the player's.
    pub fn prepare(&mut self, verb: Verb) {
        self.world.start_if_dead();
        let patch = ProfilePatch { active: Some(true), ..ProfilePatch::default() };
        let request = Request::new(OperationId::PatchProfile).path("profile", &self.first.id);
        let changed: Changed = self.world.ask(request.body(&patch).expect("JSON"));
        if let Some(job) = changed.job {
            assert_eq!(self.world.wait_job(&job).phase, Phase::Done, "{}", self.world.log());
        }
        let (held, wanted) = (self.held(), Self::start_of(verb));
        let is_wanted = |id: &str| wanted.iter().any(|(wanted, _)| *wanted == id);
        // An undo takes back the last step, which has to be the same every time.
        let surplus = |id: &str| !is_wanted(id) || (verb == Verb::Undo && id == BETA);
        let gone: Vec<&str> = held.iter().map(|(id, _)| id.as_str()).filter(|id| surplus(id)).collect();
        let gone: Vec<PackageKey> = gone.into_iter().map(|id| self.key(id)).collect();
        if !gone.is_empty() {
            self.finish(ChangeRequest { remove: gone, ..ChangeRequest::default() });
        }
        for (id, version) in wanted {
            if !self.held().contains(&((*id).to_owned(), (*version).to_owned())) {
                let wish = Wish { key: self.key(id), range: Some(format!("={version}")), sha256: None };
                self.finish(ChangeRequest { install: vec![wish], ..ChangeRequest::default() });
            }
        }
        let conf = self.world.mods().join("alpha/settings.conf");
        if fs::read_to_string(&conf).is_ok_and(|text| text != MINE) {
            // As editors do it: another file takes its place.
            fs::remove_file(&conf).expect("was placed");
            fs::write(&conf, MINE).expect("a file");
        }
        if verb.fetches() {
            self.forget_archives();
        }
        if let Some((_, old, _)) = self.ends.as_ref().filter(|(known, ..)| *known == verb) {
            assert_eq!(State::of(&self.world), *old, "{verb:?} starts where it started before");
        }
    }

    /// Everything has to be fetched and unpacked again.
    fn forget_archives(&mut self) {
        self.world.kill();
        let places = self.world.places();
        for folder in [places.cache.join("packages"), places.state.join("store")] {
            fs::remove_dir_all(folder).expect("was used before");
        }
        self.world.start();
    }

    /// Carries a verb out with nothing in its way, and counts its system calls; `None` (with the reason printed) where
    /// that cannot be done. What it leads from and to is what every other run is compared with.
    pub fn count(&mut self, verb: Verb) -> Option<Calls> {
        self.ends = None;
        self.prepare(verb);
        let old = State::of(&self.world);
        let list = self.world.path().join("calls");
        let trace = Trace::list(self.world.pid(), &list)?;
        let job = self.ask(verb).expect("a job");
        let job = self.world.wait_job(&job);
        assert_eq!(job.phase, Phase::Done, "{verb:?}: {job:?}\n{}", self.world.log());
        drop(trace);
        let new = State::of(&self.world);
        assert_ne!(old, new, "{verb:?} does something");
        assert!(verb != Verb::Vanilla || new.placed == self.original, "{:?}", new.placed);
        self.ends = Some((verb, old, new));
        Some(Calls::read(&list))
    }

    /// Carries out a verb that is struck; gives whether the strike had an effect, and `None` where strace cannot.
    pub fn strike(&mut self, point: &Point) -> Option<Struck> {
        self.prepare(point.verb);
        let injection =
            format!("{}:{}:when={}", point.step.calls, point.fault.injection(), point.step.number);
        let trace = Trace::attach(self.world.pid(), &[injection])?;
        let job = self.ask(point.verb);
        let ended = match (&job, point.fault) {
            (None, _) => None,
            (Some(job), super::Fault::Kill) => wait_for("the service or the job to end", || {
                self.world.try_job(job).map_or(Some(None), |job| job.phase.is_end().then_some(Some(job)))
            }),
            // The call that fails may be one of the answer.
            (Some(job), _) => {
                Some(wait_for("the job to end", || self.world.try_job(job).filter(|job| job.phase.is_end())))
            }
        };
        drop(trace);
        let died = self.world.wait_end(Duration::from_millis(20)).is_some();
        assert!(
            died == (point.fault == super::Fault::Kill) || !died,
            "{point}: the service ended: {}",
            self.world.log()
        );
        let now = State::of(&self.world);
        self.world.kill();
        Some(Struck { died, ended, now })
    }

    /// Files of ours in the player's folders that are not finished.
    pub(super) fn unfinished(&self) -> Vec<PathBuf> {
        crate::leftovers(&self.world.player(), &muster_fsx::is_temporary)
    }
}

impl Default for Scene {
    fn default() -> Self {
        Self::new()
    }
}

/// What a strike did.
#[derive(Debug)]
pub struct Struck {
    pub died: bool,
    /// The job as it ended while the service lived.
    pub ended: Option<Job>,
    /// The folder and the books when the service was gone.
    pub now: State,
}

impl Struck {
    /// The strike had an effect.
    pub fn hit(&self) -> bool {
        self.died || self.ended.as_ref().is_none_or(|job| job.phase != Phase::Done)
    }
}
