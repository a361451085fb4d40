//! Definitions that somebody broke: refused with a place and a reason, or as harmless as the others. Never a panic.

use muster_domain::Coded as _;
use muster_games::{Definition, GameError, Library, TextPart, parse_definition};
use proptest::prelude::*;

const SHIPPED: &[&str] = &[
    include_str!("../../definitions/doom.yaml"),
    include_str!("../../definitions/minetest.yaml"),
    include_str!("../../definitions/openttd.yaml"),
];

/// What somebody may write who means no good, or slipped.
const WORDS: &[&str] = &[
    "../x",
    "/etc",
    "{home}",
    "{list:wads}",
    "{shell}",
    "~",
    "''",
    "[]",
    "{}",
    "LD_PRELOAD",
    "PATH",
    "\0",
    "(",
    "**",
    "-x",
    "&a",
    "*a",
    "999999999",
    "null",
    "mods",
    "play",
    "\u{202e}",
    "!!binary x",
];

/// Nothing that an accepted definition says leads out of its places or starts anything but programs by file name.
fn assert_harmless(definition: &Definition) {
    for native in &definition.native {
        for name in native.programs.values().flatten() {
            assert!(!name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with('-'), "{name}");
        }
    }
    let launches = definition.launch.values().map(|launch| &launch.env);
    let loaders = definition.loaders.values().map(|loader| &loader.env);
    for name in launches.chain(loaders).flat_map(|env| env.keys()) {
        assert!(!name.starts_with("LD_") && !name.starts_with("DYLD_") && name != "PATH", "{name}");
    }
    for place in definition.places.values() {
        assert!(definition.roots.contains_key(&place.root));
    }
    let order = definition.order_files.iter().map(|file| &file.parts);
    for part in order.chain(definition.trial.files.values()).flatten() {
        match part {
            TextPart::List(lines) => assert!(definition.lists.contains_key(&lines.of)),
            TextPart::Names(lines) => assert!(definition.places.contains_key(&lines.of)),
            TextPart::Text(_) | TextPart::Hex(_) => {}
        }
    }
}

fn judge(text: &str) {
    match parse_definition("broken", text) {
        Ok(definition) => assert_harmless(&definition),
        Err(error @ (GameError::Definition { .. } | GameError::Format { .. })) => {
            assert!(GameError::CODES.contains(&error.code()));
            assert!(error.context().iter().all(|(_, value)| value.len() <= 1200), "{error}");
        }
        Err(other) => panic!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_value_that_somebody_changed_does_no_harm(
        which in 0..SHIPPED.len(),
        line in any::<prop::sample::Index>(),
        word in prop::sample::select(WORDS),
    ) {
        let mut lines: Vec<String> = SHIPPED[which].lines().map(str::to_owned).collect();
        let at = line.index(lines.len());
        if let Some((key, _)) = lines[at].split_once(": ") {
            lines[at] = format!("{key}: {word}");
        }
        judge(&lines.join("\n"));
    }

    #[test]
    fn a_part_that_is_missing_does_no_harm(
        which in 0..SHIPPED.len(),
        from in any::<prop::sample::Index>(),
        count in 1..6_usize,
    ) {
        let mut lines: Vec<&str> = SHIPPED[which].lines().collect();
        let from = from.index(lines.len());
        lines.drain(from..(from + count).min(lines.len()));
        judge(&lines.join("\n"));
    }

    #[test]
    fn bytes_that_somebody_changed_do_no_harm(
        which in 0..SHIPPED.len(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = SHIPPED[which].as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        judge(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn the_shipped_ones_are_harmless() {
    Library::shipped().expect("shipped").iter().for_each(|definition| assert_harmless(definition));
}
