//! The schemas as they are released: a change needs a new migration, and this test shows it.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::path::Path;

use muster_store::{CatalogDb, StateDb};

fn schema(path: &Path) -> String {
    let connection = rusqlite::Connection::open(path).expect("opens");
    let version: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).expect("version");
    let mut statement = connection
        .prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name")
        .expect("query");
    let statements: Vec<String> =
        statement.query_map([], |row| row.get(0)).expect("rows").map(|row| row.expect("text")).collect();
    format!("-- version {version}\n{};\n", statements.join(";\n"))
}

fn compare(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("MUSTER_BLESS").is_some() {
        std::fs::write(&path, found).expect("golden file written");
    }
    let golden = std::fs::read_to_string(&path).expect("golden file");
    assert!(golden == found, "{name} differs; MUSTER_BLESS=1 writes it anew:\n{found}");
}

#[test]
fn state_schema_is_the_released_one() {
    let folder = tempfile::tempdir().expect("temp dir");
    let path = folder.path().join("state.db");
    drop(StateDb::open(&path).expect("created"));
    compare("state.sql", &schema(&path));
}

#[test]
fn catalog_schema_is_the_released_one() {
    let folder = tempfile::tempdir().expect("temp dir");
    let path = folder.path().join("catalog.db");
    drop(CatalogDb::open(&path).expect("created"));
    compare("catalog.sql", &schema(&path));
}
