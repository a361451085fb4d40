//! What the service wrote down, read beside it.

use tempfile::TempDir;

use crate::World;

/// A copy of `state.db`, as long as it is looked at.
#[derive(Debug)]
pub struct Ledger {
    pub connection: rusqlite::Connection,
    _copy: TempDir,
}

/// What `state.db` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    /// The active profile's lock.
    pub lock: String,
    /// Phases of the jobs that are to go on.
    pub unfinished: Vec<String>,
}

impl World {
    /// A copy of the database, so that the original keeps what a crash left in it.
    pub fn database(&self) -> Ledger {
        let copy = tempfile::tempdir().expect("a folder");
        for name in ["state.db", "state.db-wal"] {
            let from = self.places().state.join(name);
            if from.exists() {
                std::fs::copy(from, copy.path().join(name)).expect("a copy");
            }
        }
        let connection = rusqlite::Connection::open(copy.path().join("state.db")).expect("a database");
        Ledger { connection, _copy: copy }
    }

    /// What the books say.
    pub fn books(&self) -> Books {
        let ledger = self.database();
        let database = &ledger.connection;
        let text = |sql: &str| -> Vec<String> {
            let mut statement = database.prepare(sql).expect("SQL");
            let rows = statement.query_map([], |row| row.get(0)).expect("rows");
            rows.collect::<Result<_, _>>().expect("text")
        };
        let locks = text("SELECT lock FROM profiles WHERE active = 1");
        let unfinished = text("SELECT phase FROM jobs WHERE outcome_json IS NULL ORDER BY created_at");
        Books { lock: locks.into_iter().next().unwrap_or_default(), unfinished }
    }
}
