//! One SQLite file: opening, migrating, one writer thread, a few reader threads.
//!
//! Invariants: every write is one `IMMEDIATE` transaction on the writer thread, in the order of the calls; a closure
//! that fails or panics leaves nothing behind and does not end the thread. Threads end when the `Database` is dropped,
//! after all work that was handed over.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{Builder, JoinHandle},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, backup::Backup};

use crate::{Error, Reply, Result};

/// Marks our files in SQLite's header (`application_id`): "Must" in ASCII.
const APPLICATION_ID: i64 = 0x4D75_7374;
const READERS: usize = 2;
/// How long a statement waits for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What is particular about one file.
#[derive(Clone, Copy)]
pub(crate) struct Design {
    /// File name, for errors and thread names.
    pub name: &'static str,
    /// SQL of each migration; `user_version` counts how many have run. Never edited once released.
    pub migrations: &'static [&'static str],
    /// Whether files of earlier versions are brought to the newest; where not, they are refused as foreign.
    pub migrates: bool,
    /// Settings of the writing connection, one `PRAGMA` per line.
    pub pragmas: &'static str,
    /// Whether every page is checked when the file is opened.
    pub check_all_pages: bool,
}

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

/// An open file and its threads.
pub(crate) struct Database {
    name: &'static str,
    writer: Option<mpsc::Sender<Work>>,
    readers: Option<mpsc::Sender<Work>>,
    /// The writer first.
    threads: Vec<JoinHandle<()>>,
}

impl Database {
    /// Opens or creates the file, brings it to the newest version and starts its threads.
    pub(crate) fn open(path: &Path, design: Design) -> Result<Self> {
        Self::open_inner(path, design).map_err(|error| error.in_file(design.name))
    }

    fn open_inner(path: &Path, design: Design) -> Result<Self> {
        let mut connection = connect(path, OpenFlags::default())?;
        check_owner(&connection, &design)?;
        connection.execute_batch(design.pragmas)?;
        if design.check_all_pages {
            check_pages(&connection)?;
        }
        migrate(&mut connection, path, &design)?;

        let mut database = Self { name: design.name, writer: None, readers: None, threads: Vec::new() };
        let (writer, work) = mpsc::channel();
        let work = Arc::new(Mutex::new(work));
        database.start("write", connection, work)?;
        let (readers, work) = mpsc::channel();
        let work = Arc::new(Mutex::new(work));
        for _ in 0..READERS {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let reader = connect(path, flags)?;
            reader.execute_batch(
                "PRAGMA query_only = 1; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY;",
            )?;
            database.start("read", reader, work.clone())?;
        }
        database.writer = Some(writer);
        database.readers = Some(readers);
        Ok(database)
    }

    fn start(
        &mut self,
        task: &str,
        connection: Connection,
        work: Arc<Mutex<mpsc::Receiver<Work>>>,
    ) -> Result<()> {
        let thread = Builder::new()
            .name(format!("{} {task}", self.name))
            .spawn(move || serve(connection, &work))
            .map_err(|e| Error::Other { file: self.name, why: e.to_string() })?;
        self.threads.push(thread);
        Ok(())
    }

    /// Runs `work` in one transaction on the writer thread. An error rolls it back.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Reply<T> {
        self.hand_over(&self.writer, move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let outcome = work(&transaction)?;
            transaction.commit()?;
            Ok(outcome)
        })
    }

    /// Runs `work` on a reader thread; all its statements see the same state.
    pub(crate) fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Reply<T> {
        self.hand_over(&self.readers, move |connection| {
            let transaction = connection.transaction()?;
            work(&transaction)
        })
    }

    fn hand_over<T: Send + 'static>(
        &self,
        threads: &Option<mpsc::Sender<Work>>,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Reply<T> {
        let name = self.name;
        let (sender, reply) = Reply::pair(name);
        let task: Work = Box::new(move |connection| {
            let outcome = catch_unwind(AssertUnwindSafe(|| work(connection)))
                .unwrap_or_else(|_| Err(Error::Other { file: name, why: "the operation panicked".into() }));
            // The caller may have stopped waiting.
            let _ = sender.send(outcome.map_err(|error| error.in_file(name)));
        });
        if let Some(threads) = threads {
            // A failed hand-over drops the sender: the reply says that the file is closed.
            let _ = threads.send(task);
        }
        reply
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.readers = None;
        let writer = self.threads.drain(..self.threads.len().min(1)).collect::<Vec<_>>();
        for thread in self.threads.drain(..) {
            join(self.name, thread);
        }
        // The writer's connection closes last: SQLite then folds the log into the file, which a reader could not.
        self.writer = None;
        for thread in writer {
            join(self.name, thread);
        }
    }
}

fn join(name: &'static str, thread: JoinHandle<()>) {
    if thread.join().is_err() {
        tracing::error!(file = name, "a database thread panicked");
    }
}

fn serve(mut connection: Connection, work: &Mutex<mpsc::Receiver<Work>>) {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(task) => task(&mut connection),
            Err(mpsc::RecvError) => return,
        }
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn pragma(connection: &Connection, name: &str) -> Result<i64> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

/// Refuses files of newer programs and databases that are not ours, before anything is written.
fn check_owner(connection: &Connection, design: &Design) -> Result<()> {
    let found = pragma(connection, "user_version")?;
    let known = i64::try_from(design.migrations.len()).unwrap_or(i64::MAX);
    let owner = pragma(connection, "application_id")?;
    let objects: i64 = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    let is_left_behind = !design.migrates && found != 0 && found < known;
    if is_left_behind || owner != APPLICATION_ID && (objects > 0 || found != 0) {
        return Err(Error::Foreign { file: design.name });
    }
    if found > known {
        return Err(Error::Newer { file: design.name, found, known });
    }
    Ok(())
}

fn check_pages(connection: &Connection) -> Result<()> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Error::Corrupt { file: "", why: verdict }) }
}

/// Runs the migrations that the file has not seen, each in a transaction of its own.
fn migrate(connection: &mut Connection, path: &Path, design: &Design) -> Result<()> {
    let found = usize::try_from(pragma(connection, "user_version")?).unwrap_or(0);
    if found > 0 && found < design.migrations.len() {
        copy_aside(connection, &backup_path(path, found))?;
    }
    for (index, sql) in design.migrations.iter().enumerate().skip(found) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", i64::try_from(index + 1).unwrap_or(i64::MAX))?;
        transaction.commit()?;
    }
    Ok(())
}

/// Where the copy of version `version` lies: `state.db` → `state.db.version-3`.
fn backup_path(path: &Path, version: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".version-{version}"));
    PathBuf::from(name)
}

/// Copies the whole database into another file; an older copy there is replaced.
fn copy_aside(connection: &Connection, path: &Path) -> Result<()> {
    let mut copy = Connection::open(path)?;
    Backup::new(connection, &mut copy)?.run_to_completion(1000, Duration::ZERO, None)?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "damaged files are made here")]
mod tests {
    use super::*;

    const ONE: Design = Design {
        name: "test.db",
        migrations: &["CREATE TABLE a (x INTEGER NOT NULL UNIQUE) STRICT;"],
        migrates: true,
        pragmas: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
        check_all_pages: true,
    };
    const TWO: Design = Design {
        migrations: &[ONE.migrations[0], "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 7;"],
        ..ONE
    };
    const BROKEN: Design =
        Design { migrations: &[ONE.migrations[0], "CREATE TABLE b (z); SELECT nonsense;"], ..ONE };

    fn insert(database: &Database, value: i64) -> Reply<()> {
        database.write(move |t| {
            t.execute("INSERT INTO a (x) VALUES (?1)", [value])?;
            Ok(())
        })
    }

    fn count(database: &Database, sql: &'static str) -> Result<i64> {
        database.read(move |c| Ok(c.query_row(sql, [], |row| row.get(0))?)).wait()
    }

    #[test]
    fn migration_keeps_rows_and_leaves_a_copy_of_the_old_version() {
        let folder = tempfile::tempdir().expect("temp dir");
        let path = folder.path().join("test.db");
        let database = Database::open(&path, ONE).expect("created");
        insert(&database, 1).wait().expect("written");
        drop(database);

        let database = Database::open(&path, TWO).expect("migrated");
        assert_eq!(count(&database, "SELECT y FROM a").expect("column"), 7);
        let copy = Database::open(&folder.path().join("test.db.version-1"), ONE)
            .expect("the copy opens as version 1");
        assert_eq!(count(&copy, "SELECT count(*) FROM a").expect("rows"), 1);
    }

    #[test]
    fn a_file_that_nobody_migrates_is_refused_as_it_is() {
        let folder = tempfile::tempdir().expect("temp dir");
        let path = folder.path().join("test.db");
        drop(Database::open(&path, ONE).expect("created"));
        let left_behind = Design { migrates: false, ..TWO };
        assert!(matches!(Database::open(&path, left_behind), Err(Error::Foreign { .. })));
        drop(Database::open(&path, ONE).expect("still version 1"));
        drop(Database::open(&folder.path().join("new.db"), left_behind).expect("a new one is made"));
    }

    #[test]
    fn failed_migration_leaves_the_old_version() {
        let folder = tempfile::tempdir().expect("temp dir");
        let path = folder.path().join("test.db");
        drop(Database::open(&path, ONE).expect("created"));
        assert!(Database::open(&path, BROKEN).is_err());
        let database = Database::open(&path, ONE).expect("still version 1");
        assert_eq!(count(&database, "SELECT count(*) FROM sqlite_master WHERE name = 'b'").expect("read"), 0);
    }

    #[test]
    fn refuses_newer_foreign_and_damaged_files_without_touching_them() {
        let folder = tempfile::tempdir().expect("temp dir");
        let path = folder.path().join("test.db");
        drop(Database::open(&path, TWO).expect("created"));
        let newer = Database::open(&path, ONE).err().expect("refused");
        assert!(matches!(newer, Error::Newer { file: "test.db", found: 2, known: 1 }), "{newer}");

        let foreign = folder.path().join("foreign.db");
        Connection::open(&foreign).expect("opens").execute_batch("CREATE TABLE t (x);").expect("made");
        let bytes = std::fs::read(&foreign).expect("read");
        assert!(matches!(Database::open(&foreign, ONE), Err(Error::Foreign { .. })));
        assert_eq!(std::fs::read(&foreign).expect("read"), bytes);

        let noise = folder.path().join("noise.db");
        std::fs::write(&noise, [0x5a; 8192]).expect("written");
        assert!(matches!(Database::open(&noise, ONE), Err(Error::Corrupt { .. })));
        assert_eq!(std::fs::read(&noise).expect("read"), [0x5a; 8192]);
    }

    #[test]
    fn damaged_pages_are_found_at_opening() {
        let folder = tempfile::tempdir().expect("temp dir");
        let path = folder.path().join("test.db");
        let database = Database::open(&path, ONE).expect("created");
        let filled = database.write(|t| {
            for x in 0..20_000 {
                t.execute("INSERT INTO a (x) VALUES (?1)", [x])?;
            }
            Ok(())
        });
        filled.wait().expect("written");
        drop(database);
        let mut bytes = std::fs::read(&path).expect("read");
        let middle = bytes.len() / 2;
        bytes[middle..middle + 8192].fill(0xa5);
        std::fs::write(&path, bytes).expect("damaged");
        let refusal = Database::open(&path, ONE).err().expect("refused");
        assert!(matches!(refusal, Error::Corrupt { .. }), "{refusal}");
    }

    #[test]
    fn a_failing_or_panicking_write_leaves_nothing_and_the_thread_lives() {
        let folder = tempfile::tempdir().expect("temp dir");
        let database = Database::open(&folder.path().join("test.db"), ONE).expect("created");
        let failing = database.write(|t| {
            t.execute("INSERT INTO a (x) VALUES (1)", [])?;
            t.execute("INSERT INTO a (x) VALUES (1)", [])?;
            Ok(())
        });
        assert!(matches!(failing.wait(), Err(Error::Conflict { file: "test.db", .. })));
        let panicking: Reply<()> = database.write(|t| {
            t.execute("INSERT INTO a (x) VALUES (2)", [])?;
            panic!("on purpose");
        });
        assert!(matches!(panicking.wait(), Err(Error::Other { .. })));
        insert(&database, 3).wait().expect("still works");
        assert_eq!(count(&database, "SELECT sum(x) FROM a").expect("read"), 3);
    }

    #[test]
    fn a_full_disk_is_its_own_error_and_keeps_what_was_written() {
        let small = Design {
            pragmas: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA max_page_count = 8;",
            ..ONE
        };
        let folder = tempfile::tempdir().expect("temp dir");
        let database = Database::open(&folder.path().join("test.db"), small).expect("created");
        insert(&database, 1).wait().expect("written");
        let much = database.write(|t| {
            for value in 2..100_000 {
                t.execute("INSERT INTO a (x) VALUES (?1)", [value])?;
            }
            Ok(())
        });
        assert!(matches!(much.wait(), Err(Error::NoSpace { file: "test.db" })));
        assert_eq!(count(&database, "SELECT count(*) FROM a").expect("read"), 1);
    }

    #[test]
    fn readers_cannot_write_and_handed_over_work_is_done_before_closing() {
        let folder = tempfile::tempdir().expect("temp dir");
        let path = folder.path().join("test.db");
        let database = Database::open(&path, ONE).expect("created");
        let refused = database.read(|c| Ok(c.execute("INSERT INTO a (x) VALUES (1)", [])?)).wait();
        assert!(matches!(refused, Err(Error::ReadOnly { .. })), "{refused:?}");
        for value in 0..100 {
            drop(insert(&database, value));
        }
        drop(database);
        let database = Database::open(&path, ONE).expect("reopened");
        assert_eq!(count(&database, "SELECT count(*) FROM a").expect("read"), 100);
    }

    #[tokio::test]
    async fn replies_can_be_awaited() {
        let folder = tempfile::tempdir().expect("temp dir");
        let database = Database::open(&folder.path().join("test.db"), ONE).expect("created");
        insert(&database, 5).await.expect("written");
        let value: i64 =
            database.read(|c| Ok(c.query_row("SELECT x FROM a", [], |row| row.get(0))?)).await.expect("read");
        assert_eq!(value, 5);
    }
}
