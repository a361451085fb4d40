//! Games that are modded with BepInEx: one definition for all of them, and a row for each.
//!
//! The rows (`definitions/bepinex.games.json`) are facts of the Thunderstore ecosystem schema: names, what shops call a
//! game, its programs, and which folders its mods know. A game is called like its community there.

use std::collections::BTreeMap;

use muster_domain::{GameId, PortablePath};
use serde::Deserialize;

use crate::{
    Definition, DefinitionProblem, GameError, InstallRule, Layout, Managers, NativeDetection, Place, Route,
    Stores, System, parse_definition,
};

const BASE: &str = include_str!("../definitions/bepinex.base.yaml");
const GAMES: &str = include_str!("../definitions/bepinex.games.json");
/// The folders of mods that nearly all games have.
const USUAL: &str = "1";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    routes: BTreeMap<String, Vec<Way>>,
    games: Vec<Row>,
}

/// A folder of the game that mods go to, named like the folder of a package that goes there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Way {
    path: PortablePath,
    #[serde(default)]
    layout: Layout,
    #[serde(default)]
    endings: Vec<String>,
    #[serde(default)]
    default: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: GameId,
    title: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    steam: Vec<u32>,
    #[serde(default)]
    epic: Vec<String>,
    /// Programs.
    windows: Vec<String>,
    #[serde(default)]
    linux: Vec<String>,
    /// Unity's folder beside the program.
    #[serde(default)]
    data: Option<PortablePath>,
    /// What r2modman calls the folder of the game's profiles.
    folder: String,
    /// Name of the list of routes.
    #[serde(default = "usual")]
    rules: String,
}

fn usual() -> String {
    USUAL.to_owned()
}

/// The definitions of all of them.
///
/// # Errors
/// None in a released program: a test reads and checks all of them.
pub(crate) fn definitions() -> Result<Vec<Definition>, GameError> {
    let base = parse_definition("bepinex", BASE)?;
    let refuse = |why: String| GameError::Definition {
        name: "bepinex.games".into(),
        problem: DefinitionProblem::Syntax { why },
    };
    let Table { routes, games } = serde_json::from_str(GAMES).map_err(|error| refuse(error.to_string()))?;
    let made = games.into_iter().map(|row| {
        let ways = routes.get(&row.rules).ok_or_else(|| refuse(format!("{}: no such routes", row.id)))?;
        Ok(definition(&base, row, ways))
    });
    made.collect()
}

fn definition(base: &Definition, row: Row, ways: &[Way]) -> Definition {
    let mut definition = base.clone();
    let mut routes = Vec::new();
    for way in ways {
        let name = way.path.file_name();
        let place = Place { root: "game".into(), path: Some(way.path.clone()) };
        definition.places.insert(place_name(name), place);
        routes.push(Route {
            place: place_name(name),
            folder: name.to_owned(),
            layout: way.layout,
            endings: way.endings.clone(),
            default: way.default,
        });
    }
    definition.install.push(InstallRule::Routes(routes));
    let programs = row.windows.iter().chain(&row.linux);
    definition.protected.extend(programs.clone().map(|program| format!("game-root/{}", escaped(program))));
    definition
        .protected
        .extend(row.data.iter().map(|data| format!("game-root/{}/**", escaped(data.as_str()))));
    definition.anchors = programs.filter_map(|program| program.parse().ok()).chain(row.data).collect();
    let folders =
        |system| base.roots.values().filter_map(|root| root.get(&system)).flatten().cloned().collect();
    let native = |system, programs: Vec<String>| NativeDetection {
        systems: [system].into(),
        programs: BTreeMap::from([("client".to_owned(), programs)]),
        folders: folders(system),
    };
    definition.native = [(System::Windows, row.windows), (System::Linux, row.linux)]
        .into_iter()
        .filter(|(_, programs)| !programs.is_empty())
        .map(|(system, programs)| native(system, programs))
        .collect();
    definition.stores = Stores { steam: row.steam, epic: row.epic, ..Stores::default() };
    // Gale calls it like the community.
    definition.managers = Managers { r2modman: vec![row.folder], gale: vec![row.id.to_string()] };
    definition.sources = vec![format!("thunderstore:{}", row.id)];
    definition.also_called = row.also;
    definition.title = row.title;
    definition.id = row.id;
    definition
}

/// Names of programs stand in globs: nothing in them may be read as a pattern.
fn escaped(name: &str) -> String {
    name.chars().map(|c| if "*?[]{}!".contains(c) { '?' } else { c }).collect()
}

/// The name of a place: that of its folder, in small letters and hyphens.
fn place_name(folder: &str) -> String {
    folder.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{check::check, read_log};

    #[test]
    fn every_row_makes_a_definition_that_makes_sense() {
        let all = definitions().expect("reads");
        assert!(all.len() > 200);
        for definition in &all {
            check(definition).unwrap_or_else(|problem| panic!("{}: {problem}", definition.id));
            assert!(!definition.native.is_empty() && !definition.anchors.is_empty(), "{}", definition.id);
        }
        let ids: BTreeSet<&GameId> = all.iter().map(|definition| &definition.id).collect();
        let steam: Vec<u32> = all.iter().flat_map(|definition| definition.stores.steam.clone()).collect();
        assert_eq!(ids.len(), all.len(), "each game once");
        assert_eq!(steam.iter().collect::<BTreeSet<_>>().len(), steam.len(), "no shop's number twice");
        assert!(all.iter().all(|d| d.places.keys().all(|name| name.len() <= 20)));
    }

    #[test]
    fn rows_are_written_in_order_one_a_line() {
        let table: Table = serde_json::from_str(GAMES).expect("reads");
        assert!(table.games.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert!(table.games.iter().all(|row| table.routes.contains_key(&row.rules)));
        let lines = GAMES.lines().filter(|line| line.trim_start().starts_with("{\"id\"")).count();
        assert_eq!(lines, table.games.len());
    }

    #[test]
    fn some_games_that_people_know_are_there() {
        let all = definitions().expect("reads");
        let find = |id: &str| all.iter().find(|definition| definition.id.as_str() == id).expect("there");
        assert_eq!(find("lethal-company").stores.steam, [1_966_720]);
        assert_eq!(find("riskofrain2").stores.steam, [632_360]);
        let valheim = find("valheim");
        assert_eq!(
            (valheim.stores.steam.clone(), valheim.native.len()),
            (vec![892_970], 2),
            "also for Linux itself"
        );
        assert!(valheim.places.contains_key("slimvml"), "a folder of its own");
        assert_eq!(valheim.sources, ["thunderstore:valheim"]);
    }

    /// Lines as BepInEx 5 and 6 write them.
    #[test]
    fn the_log_tells_what_was_loaded() {
        let base = parse_definition("bepinex", BASE).expect("reads");
        let log = "[Message:   BepInEx] BepInEx 5.4.21.0 - valheim (1/1/2026 0:00:00 AM)\n\
            [Info   :   BepInEx] 3 plugins to load\n\
            [Info   :   BepInEx] Loading [Big Lantern 1.2.3]\n\
            [Info   :Big Lantern] hello\n\
            [Info   :   BepInEx] Loading [Lib [core] 0.1]\n\
            [Error  :   BepInEx] Could not load [Dim 1.0.0] because it has missing dependencies: com.ada.lib\n\
            [Message:   BepInEx] Chainloader startup complete\n";
        let verdict = read_log(&base, log);
        assert_eq!(
            verdict.loaded.iter().map(String::as_str).collect::<Vec<_>>(),
            ["Big Lantern", "Lib [core]"]
        );
        assert!(verdict.is_ready);
        assert_eq!(verdict.problems.len(), 1);
        assert_eq!(verdict.problems[0].mod_name.as_deref(), Some("Dim"));
    }
}
