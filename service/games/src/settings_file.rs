//! Edits single lines of a game's `key = value` text and leaves every other byte alone.
//!
//! The format is Minetest's (`world.mt`, `minetest.conf`): `key = value` lines, `#` comments, values over several
//! lines between `"""`, groups between `{` and `}`. Lines inside such values and groups are never touched.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::GameError;

/// Largest settings file that is edited, in bytes.
const MAX_SIZE: usize = 1024 * 1024;

/// Which lines are ours: `<prefix><name> = <value>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SettingsRule {
    /// Letters, digits and `_`.
    pub prefix: String,
    pub value: String,
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.len() <= 200 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

impl SettingsRule {
    pub(crate) fn is_valid(&self) -> bool {
        let value_is_plain =
            self.value.len() <= 200 && !self.value.contains(['\n', '\r', '"', '{', '}', '#']);
        is_key(&self.prefix) && value_is_plain && self.value.trim() == self.value && !self.value.is_empty()
    }

    /// The lines that turn these names on.
    ///
    /// # Errors
    /// [`GameError::Settings`] if a name has a character that a key cannot have.
    pub fn lines<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<SettingsLines, GameError> {
        let mut lines = BTreeMap::new();
        for name in names {
            let key = format!("{}{name}", self.prefix);
            if !is_key(&key) || name.is_empty() {
                return Err(GameError::Settings { why: "a name has a character that a setting cannot have" });
            }
            lines.insert(key, self.value.clone());
        }
        Ok(SettingsLines(lines))
    }
}

/// Keys and values that are wanted in a settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SettingsLines(pub BTreeMap<String, String>);

impl SettingsLines {
    /// The text with exactly these values for these keys; `before` are lines of ours that may be taken out again.
    ///
    /// A key of `before` that is no longer wanted gets the value that `original` had, or its line goes; unless
    /// somebody else has changed it meanwhile, then it stays as it is.
    ///
    /// # Errors
    /// [`GameError::Settings`] if the text is too large or ends inside a group or a long value.
    pub fn apply(&self, text: &[u8], before: &SettingsLines, original: &[u8]) -> Result<Vec<u8>, GameError> {
        if text.len() > MAX_SIZE || original.len() > MAX_SIZE {
            return Err(GameError::Settings { why: "the file is larger than 1 MiB" });
        }
        let originals = values(original);
        let current = values(text);
        let mut changes: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for (key, ours) in &before.0 {
            if current.get(key.as_str()) == Some(&ours.as_str()) {
                changes.insert(key, originals.get(key.as_str()).copied());
            }
        }
        for (key, value) in &self.0 {
            changes.insert(key, Some(value));
        }
        changes.retain(|key, value| current.get(key).copied() != *value);
        if !changes.is_empty() && split(text).1 {
            return Err(GameError::Settings { why: "a value or a group in the file never ends" });
        }
        Ok(edit(text, &changes))
    }

    /// The text without our lines: `apply` of nothing.
    ///
    /// # Errors
    /// [`GameError::Settings`] if the text is too large or ends inside a group or a long value.
    pub fn revert(&self, text: &[u8], original: &[u8]) -> Result<Vec<u8>, GameError> {
        SettingsLines::default().apply(text, self, original)
    }

    /// The keys, sorted.
    pub fn keys(&self) -> BTreeSet<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

/// One line with its end, and what it sets.
struct Line<'t> {
    bytes: &'t [u8],
    setting: Option<(&'t str, &'t str)>,
}

fn lines(text: &[u8]) -> Vec<Line<'_>> {
    split(text).0
}

/// Splits into lines, whose bytes in a row are the text again; and whether the text ends inside a value or group.
fn split(text: &[u8]) -> (Vec<Line<'_>>, bool) {
    let mut found = Vec::new();
    let mut depth = 0usize;
    let mut in_long_value = false;
    for bytes in text.split_inclusive(|&b| b == b'\n') {
        let plain = std::str::from_utf8(bytes).unwrap_or("").trim();
        let mut setting = None;
        if in_long_value {
            in_long_value = !plain.ends_with("\"\"\"");
        } else if depth > 0 && plain == "}" {
            depth -= 1;
        } else if let Some((key, value)) = plain.split_once('=').filter(|_| !plain.starts_with('#')) {
            let (key, value) = (key.trim(), value.trim());
            if value == "{" {
                depth += 1;
            } else if let Some(rest) = value.strip_prefix("\"\"\"") {
                in_long_value = rest.is_empty() || !rest.ends_with("\"\"\"");
            } else if depth == 0 {
                setting = Some((key, value));
            }
        }
        found.push(Line { bytes, setting });
    }
    (found, in_long_value || depth > 0)
}

/// Keys and values outside groups; the last line of a key counts.
fn values(text: &[u8]) -> BTreeMap<&str, &str> {
    lines(text).into_iter().filter_map(|line| line.setting).collect()
}

fn edit(text: &[u8], changes: &BTreeMap<&str, Option<&str>>) -> Vec<u8> {
    if changes.is_empty() {
        return text.to_vec();
    }
    let lines = lines(text);
    let end: &[u8] =
        if lines.first().is_some_and(|line| line.bytes.ends_with(b"\r\n")) { b"\r\n" } else { b"\n" };
    let last: BTreeMap<&str, usize> =
        lines.iter().enumerate().filter_map(|(n, line)| Some((line.setting?.0, n))).collect();
    let mut result = Vec::with_capacity(text.len() + changes.len() * 32);
    for (number, line) in lines.iter().enumerate() {
        let change = line.setting.and_then(|(key, _)| Some((key, changes.get(key)?)));
        match change {
            // Without the key every line of it has to go; a value is decided by the last one.
            Some((_, None)) => {}
            Some((key, Some(value))) if last.get(key) == Some(&number) => {
                result.extend_from_slice(format!("{key} = {value}").as_bytes());
                let body = line.bytes.trim_ascii_end().len();
                let line_end = line.bytes[body..].iter().position(|b| matches!(b, b'\r' | b'\n'));
                result.extend_from_slice(line_end.map_or(&[][..], |at| &line.bytes[body + at..]));
            }
            _ => result.extend_from_slice(line.bytes),
        }
    }
    for (key, value) in changes {
        let Some(value) = value.filter(|_| !last.contains_key(key)) else { continue };
        if !result.is_empty() && !result.ends_with(b"\n") {
            result.extend_from_slice(end);
        }
        result.extend_from_slice(format!("{key} = {value}").as_bytes());
        result.extend_from_slice(end);
    }
    result
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wanted(names: &[&str]) -> SettingsLines {
        let rule = SettingsRule { prefix: "load_mod_".into(), value: "true".into() };
        rule.lines(names.iter().copied()).expect("names")
    }

    fn text(bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }

    #[test]
    fn sets_and_removes_only_lines_of_its_own() {
        let world = b"gameid = minetest_game\nload_mod_old = false\n# load_mod_a = x\nbackend = sqlite3";
        let on = wanted(&["a", "old"]).apply(world, &SettingsLines::default(), world).expect("edit");
        assert_eq!(
            text(&on),
            "gameid = minetest_game\nload_mod_old = true\n# load_mod_a = x\nbackend = sqlite3\nload_mod_a = true\n"
        );
        let off = wanted(&["a", "old"]).revert(&on, world).expect("revert");
        assert_eq!(text(&off), text(world) + "\n");
    }

    #[test]
    fn keeps_what_the_player_changed_meanwhile() {
        let world = b"gameid = x\n";
        let theirs = b"gameid = x\nload_mod_a = false\nmore = 1\nload_mod_b = true\n";
        assert_eq!(
            text(&wanted(&["a", "b"]).revert(theirs, world).expect("revert")),
            "gameid = x\nload_mod_a = false\nmore = 1\n"
        );
    }

    #[test]
    fn leaves_groups_and_long_values_alone() {
        let world = b"g = {\nload_mod_a = false\n}\nl = \"\"\"\nload_mod_a = 1\n\"\"\"\n";
        let on = wanted(&["a"]).apply(world, &SettingsLines::default(), world).expect("edit");
        assert_eq!(text(&on), text(world) + "load_mod_a = true\n");
    }

    #[test]
    fn keeps_the_line_ends_of_the_file() {
        let world = b"gameid = x\r\nload_mod_b = false\r\n";
        let on = wanted(&["a", "b"]).apply(world, &SettingsLines::default(), world).expect("edit");
        assert_eq!(text(&on), "gameid = x\r\nload_mod_b = true\r\nload_mod_a = true\r\n");
    }

    #[test]
    fn refuses_names_that_would_write_other_lines() {
        let rule = SettingsRule { prefix: "load_mod_".into(), value: "true".into() };
        for name in ["a\nb", "a = b", "", "a b", "a#", "ä"] {
            assert!(rule.lines([name]).is_err(), "{name:?}");
        }
    }

    fn any_text() -> impl Strategy<Value = Vec<u8>> {
        let line = prop_oneof![
            Just("load_mod_a = true".to_owned()),
            Just("load_mod_b = false".to_owned()),
            Just("load_mod_z=true".to_owned()),
            Just("x = {".to_owned()),
            Just("}".to_owned()),
            Just("y = \"\"\"".to_owned()),
            Just("\"\"\"".to_owned()),
            "[ -~]{0,20}",
        ];
        let end = prop_oneof![Just("\n"), Just("\r\n"), Just("")];
        prop_oneof![
            proptest::collection::vec((line, end), 0..12)
                .prop_map(|lines| lines.into_iter().flat_map(|(l, e)| (l + e).into_bytes()).collect()),
            proptest::collection::vec(any::<u8>(), 0..60),
        ]
    }

    proptest! {
        #[test]
        fn every_other_line_keeps_its_bytes(world in any_text(), names in proptest::collection::btree_set("[a-e]", 0..4)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let ours = wanted(&names);
            let Ok(on) = ours.apply(&world, &SettingsLines::default(), &world) else {
                prop_assert!(split(&world).1);
                return Ok(());
            };
            let others = |bytes: &[u8]| -> Vec<u8> {
                let keep = |line: &Line<'_>| !line.setting.is_some_and(|(key, _)| ours.0.contains_key(key));
                lines(bytes).iter().filter(|l| keep(l)).flat_map(|l| l.bytes.to_vec()).collect()
            };
            let (before, after) = (others(&world), others(&on));
            prop_assert!(after == before || after == [&before[..], b"\n"].concat() || after == [&before[..], b"\r\n"].concat());
            let now = values(&on);
            prop_assert!(ours.0.iter().all(|(key, value)| now.get(key.as_str()) == Some(&value.as_str())));
            prop_assert_eq!(&ours.apply(&on, &ours, &world).expect("again"), &on);
        }

        #[test]
        fn revert_undoes_apply(world in "([a-z]{1,3} = [a-z]{0,3}\n){0,5}", names in proptest::collection::btree_set("[a-e]{1,2}", 0..4)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let ours = wanted(&names);
            let on = ours.apply(world.as_bytes(), &SettingsLines::default(), world.as_bytes()).expect("edit");
            prop_assert_eq!(text(&ours.revert(&on, world.as_bytes()).expect("revert")), world);
        }
    }
}
