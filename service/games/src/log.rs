//! What a game's log says about mods, by the patterns of its definition.

use regex::{Regex, RegexBuilder};

use crate::Definition;
use muster_domain::clean_line;

/// Longest line that is looked at, in bytes.
const MAX_LINE: usize = 4096;
/// Most problems that are kept.
const MAX_PROBLEMS: usize = 200;

/// What was found in a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogVerdict {
    /// Names of loaded mods in the order in which they were loaded, each once.
    pub loaded: Vec<String>,
    pub problems: Vec<LogProblem>,
    /// The game came so far that it could be played.
    pub is_ready: bool,
}

impl LogVerdict {
    /// Whether all these mods were loaded.
    pub fn has_loaded<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> bool {
        names.into_iter().all(|name| self.loaded.iter().any(|loaded| loaded == name))
    }
}

/// A line that means trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProblem {
    /// As the definition calls it: `missing-dependency`, `name-conflict`, `error`.
    pub kind: String,
    pub mod_name: Option<String>,
    pub detail: Option<String>,
    /// The line itself, made safe to show.
    pub line: String,
}

/// Compiles a pattern of a definition within a small budget; matching is linear in the text.
pub(crate) fn pattern(text: &str) -> Result<Regex, String> {
    if text.len() > 1024 {
        return Err("the pattern is longer than 1024 bytes".into());
    }
    RegexBuilder::new(text).size_limit(1 << 20).dfa_size_limit(1 << 20).build().map_err(|e| e.to_string())
}

fn patterns(texts: &[String]) -> Vec<Regex> {
    texts.iter().filter_map(|text| pattern(text).ok()).collect()
}

/// Reads a log; colour codes and time stamps before the text do not matter.
pub fn read_log(definition: &Definition, text: &str) -> LogVerdict {
    let loaded = patterns(&definition.log.loaded);
    let ready = patterns(&definition.log.ready);
    let problems: Vec<(&str, Regex)> = definition
        .log
        .problems
        .iter()
        .filter_map(|p| Some((p.kind.as_str(), pattern(&p.pattern).ok()?)))
        .collect();
    let mut verdict = LogVerdict::default();
    for line in text.lines().filter(|line| line.len() <= MAX_LINE) {
        verdict.is_ready |= ready.iter().any(|pattern| pattern.is_match(line));
        let name = loaded.iter().find_map(|pattern| pattern.captures(line)?.get(1));
        if let Some(name) = name {
            let name = name.as_str();
            if !verdict.loaded.iter().any(|known| known == name) {
                verdict.loaded.push(name.to_owned());
            }
            continue;
        }
        if verdict.problems.len() < MAX_PROBLEMS {
            verdict.problems.extend(problem(&problems, line));
        }
    }
    verdict
}

/// The first pattern that fits says what kind of trouble it is.
fn problem(patterns: &[(&str, Regex)], line: &str) -> Option<LogProblem> {
    patterns.iter().find_map(|(kind, pattern)| {
        let groups = pattern.captures(line)?;
        let group =
            |name| groups.name(name).map(|found| clean_line(found.as_str(), 300)).filter(|t| !t.is_empty());
        Some(LogProblem {
            kind: (*kind).to_owned(),
            mod_name: group("mod"),
            detail: group("detail"),
            line: clean_line(line, 500),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minetest() -> Definition {
        crate::Library::shipped()
            .expect("shipped")
            .get(&"minetest".parse().expect("id"))
            .expect("minetest")
            .clone()
    }

    #[test]
    fn names_loaded_mods_and_missing_dependencies() {
        let log = "2026-11-21 09:00:00: INFO[Main]: Mod \"lamps\" loaded after 1 milliseconds\n\
            2026-11-21 09:00:00: ERROR[Main]: mod \"castle\" has unsatisfied dependencies:  \"stones\"\n\
            2026-11-21 09:00:00: ACTION[Main]: Server for gameid=\"minetest\" listening on 0.0.0.0:30123.\n";
        let verdict = read_log(&minetest(), log);
        assert_eq!(verdict.loaded, ["lamps"]);
        assert!(verdict.is_ready && verdict.has_loaded(["lamps"]) && !verdict.has_loaded(["castle"]));
        assert_eq!(verdict.problems.len(), 1);
        assert_eq!(verdict.problems[0].kind, "missing-dependency");
        assert_eq!(verdict.problems[0].mod_name.as_deref(), Some("castle"));
    }

    #[test]
    fn finds_conflicts_and_script_errors_and_nothing_in_noise() {
        let log = "ERROR[Main]: ModError: Unresolved name conflicts for mods \"a\", \"b\"\n\
            ERROR[Main]: ModError: Failed to load and run script from /x/mods/a/init.lua:\n\0\u{1}\n";
        let kinds: Vec<String> = read_log(&minetest(), log).problems.into_iter().map(|p| p.kind).collect();
        assert_eq!(kinds, ["name-conflict", "error"]);
        assert_eq!(read_log(&minetest(), &"x".repeat(10_000)), LogVerdict::default());
    }
}
