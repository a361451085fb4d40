//! The published schema is the one that the code reads. `MUSTER_BLESS=1` rewrites it.

use std::{env, path::Path};

#[test]
#[allow(clippy::disallowed_methods)]
fn the_published_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/game.schema.json");
    let text = serde_json::to_string_pretty(&muster_games::schema()).expect("serialises") + "\n";
    if env::var_os("MUSTER_BLESS").is_some() {
        std::fs::write(&path, &text).expect("writes");
    }
    let current = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(current == text, "stale: run MUSTER_BLESS=1 cargo test -p muster-games");
}
