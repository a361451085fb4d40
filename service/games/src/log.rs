//! What a game's log says about mods, by the patterns of its definition.

use regex::Regex;

use crate::{Definition, LoadedPattern, NamedThenLoaded, pattern::pattern};
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
    /// For each of them the line that shows it, made safe to show.
    pub evidence: Vec<String>,
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

fn patterns(texts: &[String]) -> Vec<Regex> {
    texts.iter().filter_map(|text| pattern(text).ok()).collect()
}

/// Finds names of loaded mods line by line.
struct Loaded {
    single: Vec<Regex>,
    /// The pattern that names, the one that confirms, and the name that waits for it.
    double: Vec<(Regex, Regex, Option<String>)>,
}

impl Loaded {
    fn new(patterns: &[LoadedPattern]) -> Self {
        let (mut single, mut double) = (Vec::new(), Vec::new());
        for loaded in patterns {
            match loaded {
                LoadedPattern::Line(text) => single.extend(pattern(text).ok()),
                LoadedPattern::Lines(NamedThenLoaded { named, then }) => {
                    double.extend(pattern(named).ok().zip(pattern(then).ok()).map(|(n, t)| (n, t, None)));
                }
            }
        }
        Self { single, double }
    }

    /// The mod that this line shows to be loaded.
    fn look(&mut self, line: &str) -> Option<String> {
        let group = |pattern: &Regex| Some(pattern.captures(line)?.get(1)?.as_str().to_owned());
        if let Some(name) = self.single.iter().find_map(group) {
            return Some(name);
        }
        self.double.iter_mut().find_map(|(named, then, waiting)| {
            if let Some(name) = group(named) {
                *waiting = Some(name);
                return None;
            }
            waiting.take_if(|_| then.is_match(line))
        })
    }
}

/// Reads a log; colour codes and time stamps before the text do not matter.
pub fn read_log(definition: &Definition, text: &str) -> LogVerdict {
    let mut loaded = Loaded::new(&definition.log.loaded);
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
        if let Some(name) = loaded.look(line) {
            if !verdict.loaded.contains(&name) {
                verdict.loaded.push(name);
                verdict.evidence.push(clean_line(line, 300));
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
            .as_ref()
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

    #[test]
    fn takes_a_mod_as_loaded_only_when_a_later_line_says_so() {
        let library = crate::Library::shipped().expect("shipped");
        let openttd = library.get(&"openttd".parse().expect("id")).expect("openttd");
        let log = "dbg: [grf] LoadNewGRFFile: Reading NewGRF-file 'a/off.grf'\n\
            dbg: [grf] LoadNewGRFFile: Reading NewGRF-file 'a/on.grf'\n\
            dbg: [grf] [a/on.grf:3] GRFComment: hello\n\
            dbg: [grf] GRFInfo: Loaded GRFv8 set 4D550001 - On 1.0 (palette: Windows, version: 0)\n\
            dbg: [grf] GRFInfo: Loaded GRFv8 set 4D550002 - Nobody's (palette: Windows, version: 0)\n\
            List of AIs:\n  Patient (v4): waits\n\
            dbg: [script] [0] [S] Your script made an error: couldn't find library 'util.Roads' with version 2\n\
            Error with the configuration file... ... ignoring invalid NewGRF 'a/gone.grf': not found\n";
        let verdict = read_log(openttd, log);
        assert_eq!(verdict.loaded, ["a/on.grf", "Patient"]);
        assert!(verdict.evidence[0].contains("On 1.0"));
        let kinds: Vec<&str> = verdict.problems.iter().map(|problem| problem.kind.as_str()).collect();
        assert_eq!(kinds, ["missing-dependency", "missing-mod"]);
        assert_eq!(verdict.problems[1].mod_name.as_deref(), Some("a/gone.grf"));
    }
}
