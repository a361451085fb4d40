//! What must hold of a service that was struck, of its recovery, and of how it goes on.

use std::{
    fs,
    time::{Duration, Instant},
};

use muster_api::{OperationId, Phase, VanillaProof};
use muster_client::Request;
use muster_fsx::is_temporary;

use super::{Fault, Point, Scene, State, Verb, scene::MINE, scene::Struck};
use crate::{Files, PATIENCE, leftovers};

impl Scene {
    /// Judges a strike, starts the service again, and gives whether recovery led to the new state.
    pub fn judge(&mut self, point: &Point, struck: &Struck) -> bool {
        let what = point.to_string();
        let (_, old, new) = self.ends.clone().expect("counted before");
        let now = &struck.now;
        between(&what, now, &old, &new);
        match struck.ended.as_ref().map(|job| job.phase) {
            Some(Phase::Done) => {
                let found =
                    State { placed: without_emptied(&now.placed, &old, &new), lock: now.lock.clone() };
                assert_eq!(found, new, "{what}: done means new");
            }
            Some(_) => assert!(
                now.placed == old.placed || now.placed == new.placed,
                "{what}: a job that failed left something half: {now:?}"
            ),
            None => {}
        }
        self.sound(&what);
        let asked = !self.world.books().unfinished.is_empty();
        let is_new = self.recovered(&what, now, asked);
        self.carried_on(point, &what, asked, now);
        is_new
    }

    /// Starts a service that cannot listen: it recovers, and ends before it carries anything on.
    pub fn recover_only(&mut self) {
        let socket = self.world.socket();
        let _ = fs::remove_file(&socket);
        fs::create_dir(&socket).expect("a folder in the way");
        let output = self.world.command(&crate::service()).arg("--headless").output().expect("it starts");
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        fs::remove_dir(&socket).expect("it was left alone");
    }

    fn recovered(&mut self, what: &str, now: &State, asked: bool) -> bool {
        let (_, old, new) = self.ends.clone().expect("counted before");
        self.recover_only();
        let recovered = State::of(&self.world);
        let is_new = recovered.placed == new.placed;
        assert!(is_new || recovered.placed == old.placed, "{what}: neither old nor new: {recovered:?}");
        assert_eq!(recovered.lock, now.lock, "{what}: recovery is of the folder");
        if is_new && recovered.lock == old.lock {
            assert!(asked, "{what}: the folder is ahead of the books, and nothing would bring them up to it");
        }
        assert_eq!(self.unfinished(), Vec::<std::path::PathBuf>::new(), "{what}");
        is_new
    }

    /// What was asked for is carried on, and everything agrees with everything.
    fn carried_on(&mut self, point: &Point, what: &str, asked: bool, now: &State) {
        let (verb, old, new) = self.ends.clone().expect("counted before");
        self.world.start();
        for job in self.world.wait_idle() {
            let is_fine =
                job.phase == Phase::Done || (point.fault != Fault::Kill && job.phase == Phase::Failed);
            assert!(is_fine, "{what}: {job:?}\n{}", self.world.log());
        }
        let ended = State::of(&self.world);
        match asked || now.lock == new.lock {
            true => assert_eq!(ended, new, "{what}: what was asked for is carried on"),
            false => assert_eq!(ended, old, "{what}: what was never written down is not done"),
        }
        if verb == Verb::Vanilla && ended == new {
            let request = Request::new(OperationId::VanillaProof).path("profile", &self.first.id);
            let proof: VanillaProof = self.world.ask(request);
            assert!(proof.original && proof.counts.equal == 1, "{what}: {proof:?}");
        } else {
            let report = self.world.muster_json(&["verify"]);
            for key in ["changed", "missing", "damaged_archives"] {
                assert_eq!(report[key], serde_json::json!([]), "{what}: {report}");
            }
        }
        if verb == Verb::Undo || verb == Verb::Switch {
            let conf = fs::read_to_string(self.world.mods().join("alpha/settings.conf")).expect("placed");
            assert!(ended != old || conf == MINE, "{what}: the player's settings");
        }
        self.sound(what);
        // The service that runs now may be writing a file; what the one before left would stay.
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = leftovers(self.world.path(), &is_temporary);
            if left.is_empty() {
                return;
            }
            assert!(Instant::now() < deadline, "{what}: leftovers: {left:?}\n{}", self.world.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The database is whole, and each profile's lock is the one of its current state.
    fn sound(&self, what: &str) {
        let database = self.world.database();
        let check: String =
            database.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("read");
        assert_eq!(check, "ok", "{what}");
        let sql = "SELECT count(*) FROM profiles p WHERE NOT EXISTS (SELECT 1 FROM generations g
                   WHERE g.profile = p.id AND g.number = p.generation AND g.lock = p.lock)";
        let astray: i64 = database.connection.query_row(sql, [], |row| row.get(0)).expect("read");
        assert_eq!(astray, 0, "{what}: a profile whose lock is not that of its current state");
    }
}

/// Without folders of ours that a committed change emptied and could not remove: the next change or start does.
fn without_emptied(placed: &Files, old: &State, new: &State) -> Files {
    let is_emptied = |path: &String| {
        let is_left = path.ends_with('/') && old.placed.contains_key(path) && !new.placed.contains_key(path);
        is_left
            && !placed.keys().any(|other| other != path && other.starts_with(path) && !other.ends_with('/'))
    };
    placed
        .iter()
        .filter(|(path, _)| !is_emptied(path))
        .map(|(path, file)| (path.clone(), file.clone()))
        .collect()
}

/// What a dead service may leave: old files, new files, and files that are named as unfinished.
fn between(what: &str, found: &State, old: &State, new: &State) {
    assert!(found.lock == old.lock || found.lock == new.lock, "{what}: a lock that nobody asked for");
    if found.lock == new.lock && old.lock != new.lock {
        let placed = without_emptied(&found.placed, old, new);
        assert_eq!(placed, new.placed, "{what}: the books were ahead of the folder");
    }
    let is_temporary = |path: &str| path.trim_end_matches('/').split('/').any(is_temporary);
    for (path, content) in found.placed.iter().filter(|(path, _)| !is_temporary(path)) {
        let known = [old.placed.get(path), new.placed.get(path)].contains(&Some(content));
        assert!(known, "{what}: {path} was half written");
    }
    for (path, content) in old.placed.iter().filter(|(path, content)| new.placed.get(*path) == Some(content))
    {
        assert_eq!(found.placed.get(path), Some(content), "{what}: {path} was touched without need");
    }
}
