//! What migrations make of what was written before them.

use muster_domain::SourceId;
use muster_store::StateDb;

#[test]
fn pins_of_before_say_since_when_their_keys_count() {
    let source: &SourceId = &format!("reg-{}", "01".repeat(32)).parse().expect("a source");
    let folder = tempfile::tempdir().expect("temp dir");
    let path = folder.path().join("state.db");
    let before = rusqlite::Connection::open(&path).expect("opens");
    for sql in [
        include_str!("../../src/migrations/state-1.sql"),
        include_str!("../../src/migrations/state-2.sql"),
        include_str!("../../src/migrations/state-3.sql"),
        include_str!("../../src/migrations/state-4.sql"),
        include_str!("../../src/migrations/state-5.sql"),
    ] {
        before.execute_batch(sql).expect("migrated");
    }
    for (publisher, changed) in [("ada", 1_000), ("bea", 9_000)] {
        let sql =
            "INSERT INTO pins (source, publisher, fingerprint, keys_json, threshold, first_seen, changed_at)
                   VALUES (?1, ?2, ?3, '[]', 1, 1000, ?4)";
        before
            .execute(sql, rusqlite::params![source.as_str(), publisher, [5u8; 32], changed])
            .expect("put in");
    }
    before.pragma_update(None, "application_id", 0x4D75_7374).expect("marked");
    before.pragma_update(None, "user_version", 5).expect("marked");
    drop(before);
    let database = StateDb::open(&path).expect("migrated");
    let told = |publisher: &str| {
        let publisher = publisher.parse().expect("publisher");
        let events = database.pins().events(source, &publisher).wait().expect("read");
        events.iter().map(|event| (event.kind.as_str(), event.at.as_second())).collect::<Vec<_>>()
    };
    assert_eq!(told("ada"), [("pinned", 1)]);
    assert_eq!(told("bea"), [("changed", 9)], "how it changed was not written down");
}
