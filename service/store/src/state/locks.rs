//! Locks that were read lately. Reading one of five hundred packages takes milliseconds, and one change of a profile reads the
//! same few a hundred times. What a text means never changes, so nothing has to be told when a profile does.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

use muster_domain::{Lock, ProfileId, Sha256};
use rusqlite::{Connection, Row, params};

use crate::{
    Error, Result,
    row::{Columns, all, first},
};

/// Most packages of all locks that are remembered; a package takes about half a kilobyte. One lock always is.
const MOST_PACKAGES: usize = 16_384;

static LATELY: LazyLock<Mutex<Lately>> = LazyLock::new(Mutex::default);

/// The one that was used last is first.
#[derive(Default)]
struct Lately(VecDeque<(String, Lock)>);

impl Lately {
    fn find(&mut self, text: &str) -> Option<Lock> {
        let place = self.0.iter().position(|(known, _)| known == text)?;
        let found = self.0.remove(place)?;
        self.0.push_front(found);
        self.0.front().map(|(_, lock)| lock.clone())
    }

    fn remember(&mut self, text: String, lock: Lock) {
        self.0.push_front((text, lock));
        let mut packages = 0;
        let fits = |(_, lock): &&(String, Lock)| {
            packages += lock.packages.len() + 1;
            packages <= MOST_PACKAGES
        };
        let fitting = self.0.iter().take_while(fits).count();
        self.0.truncate(fitting.max(1));
    }
}

fn lately() -> MutexGuard<'static, Lately> {
    LATELY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lock of a row's column `lock`.
pub(super) fn lock_of(row: &Row<'_>) -> Result<Lock> {
    let text: String = row.column("lock")?;
    let known = lately().find(&text);
    if let Some(lock) = known {
        return Ok(lock);
    }
    let lock = parse(&text)?;
    lately().remember(text, lock.clone());
    Ok(lock)
}

/// The same for a lock that is one of many: it is not remembered, or the others would be forgotten for it.
pub(super) fn one_of_many(row: &Row<'_>) -> Result<Lock> {
    let text: String = row.column("lock")?;
    let known = lately().find(&text);
    known.map_or_else(|| parse(&text), Ok)
}

fn parse(text: &str) -> Result<Lock> {
    Lock::parse(text).map_err(|_| Error::Value { file: "", column: "lock" })
}

/// Archives of each generation, by its number and when it was made: a generation never becomes another one.
type Archives = HashMap<(i64, i64), Arc<[Sha256]>>;

/// The archives of the generations of one file's profiles, as far as they were asked for.
#[derive(Default)]
pub(super) struct KnownArchives(Mutex<HashMap<ProfileId, Archives>>);

impl KnownArchives {
    fn profiles(&self) -> MutexGuard<'_, HashMap<ProfileId, Archives>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of every generation of a profile.
    pub fn of(&self, connection: &Connection, profile: ProfileId) -> Result<Vec<Arc<[Sha256]>>> {
        // Who asks at the same time reads once more.
        let known = self.profiles().remove(&profile).unwrap_or_default();
        let still = read_archives(connection, profile, known)?;
        let found = still.values().cloned().collect();
        self.profiles().insert(profile, still);
        Ok(found)
    }
}

/// Reads what is not known, and forgets what is gone.
fn read_archives(connection: &Connection, profile: ProfileId, mut known: Archives) -> Result<Archives> {
    let id = profile.to_string();
    let sql = "SELECT number, created_at FROM generations WHERE profile = ?1";
    let read = |row: &Row<'_>| Ok((row.column("number")?, row.column("created_at")?));
    let generations: Vec<(i64, i64)> = all(&mut connection.prepare_cached(sql)?, [&id], read)?;
    let mut still = Archives::with_capacity(generations.len());
    let mut statement =
        connection.prepare_cached("SELECT lock FROM generations WHERE profile = ?1 AND number = ?2")?;
    for generation in generations {
        let archives = match known.remove(&generation) {
            Some(archives) => archives,
            None => {
                let lock = first(&mut statement, params![id, generation.0], one_of_many)?.unwrap_or_default();
                lock.packages.iter().map(|package| package.archive.sha256).collect()
            }
        };
        still.insert(generation, archives);
    }
    Ok(still)
}

#[cfg(test)]
mod tests {
    use muster_domain::Side;

    use super::*;

    fn text(number: usize) -> String {
        format!("{}# {number}\n", Lock::default().to_text())
    }

    #[test]
    fn what_was_used_last_stays() {
        let mut lately = Lately::default();
        for number in 0..MOST_PACKAGES {
            lately.remember(text(number), Lock::default());
            assert!(lately.find(&text(0)).is_some());
        }
        lately.remember(text(MOST_PACKAGES), Lock::default());
        assert!(lately.find(&text(0)).is_some());
        assert!(lately.find(&text(1)).is_none());
        assert!(lately.find(&text(2)).is_some());
    }

    #[test]
    fn a_text_is_read_as_what_it_says() {
        let mut lately = Lately::default();
        let lock = Lock { side: Side::Server, ..Lock::default() };
        lately.remember(lock.to_text(), lock.clone());
        assert_eq!(lately.find(&lock.to_text()), Some(lock));
        assert_eq!(lately.find(&Lock::default().to_text()), None);
    }
}
