//! Databases of other programs: read from a copy, never from the program's own file, and never written.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::{
    Result,
    row::{Columns, all},
};

/// Most profiles that are read.
const MAX_PROFILES: i64 = 2_000;
/// Longest list of mods of one profile, in bytes.
const MAX_LIST: i64 = 8 * 1024 * 1024;
const GALE: &str = "data.sqlite3";

/// A profile as Gale keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GaleProfile {
    pub name: String,
    pub folder: PathBuf,
    /// Gale's name of the game.
    pub game: String,
    /// JSON: a list of mods.
    pub mods: String,
}

/// The profiles in a copy of Gale's database (`data.sqlite3`, with its `-wal` beside it where there is one).
///
/// # Errors
/// [`crate::Error::Corrupt`], [`crate::Error::CannotOpen`] and [`crate::Error::Other`] for what is no such database, or one of a form that
/// this program does not know.
pub fn gale_profiles(copy: &Path) -> Result<Vec<GaleProfile>> {
    read(copy).map_err(|error| error.in_file(GALE))
}

fn read(copy: &Path) -> Result<Vec<GaleProfile>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(copy, flags)?;
    // Whatever its tables and views say, nothing of it is carried out.
    connection
        .execute_batch("PRAGMA trusted_schema = 0; PRAGMA query_only = 1; PRAGMA cell_size_check = 1;")?;
    let sql =
        "SELECT name, path, game_slug, mods FROM profiles WHERE length(mods) <= ?1 ORDER BY id LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    all(&mut statement, [MAX_LIST, MAX_PROFILES], |row| {
        Ok(GaleProfile {
            name: row.column("name")?,
            folder: PathBuf::from(row.column::<String>("path")?),
            game: row.column("game_slug")?,
            mods: row.column("mods")?,
        })
    })
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "test files are written plainly")]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_read_and_nothing_else_is_one() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("data.sqlite3");
        let connection = Connection::open(&path).expect("opens");
        connection
            .execute_batch(
                "CREATE TABLE profiles (id INTEGER PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL,
                     game_slug TEXT NOT NULL, mods JSON NOT NULL, modpack JSON, something_new TEXT);
                 INSERT INTO profiles VALUES (2, 'Crew', '/p/Crew', 'lethal-company', '[]', NULL, 'x'),
                     (1, 'Default', '/p/Default', 'valheim', '[1]', NULL, NULL);",
            )
            .expect("made");
        drop(connection);
        let found = gale_profiles(&path).expect("reads");
        let brief: Vec<_> =
            found.iter().map(|p| (p.name.as_str(), p.game.as_str(), p.mods.as_str())).collect();
        assert_eq!(brief, [("Default", "valheim", "[1]"), ("Crew", "lethal-company", "[]")]);

        let other = folder.path().join("other");
        Connection::open(&other).expect("opens").execute_batch("CREATE TABLE t (a)").expect("made");
        assert!(gale_profiles(&other).is_err());
        for bytes in [&b""[..], b"SQLite format 3\0 and then nothing", b"{}"] {
            std::fs::write(&other, bytes).expect("written");
            assert!(gale_profiles(&other).is_err());
        }
        assert!(gale_profiles(&folder.path().join("missing")).is_err());
    }
}
