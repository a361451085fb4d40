//! Definitions that read and make no sense, each with the place that is at fault.

use super::*;
use crate::{GameError, parse_definition};

const TOY: &str = "format: 1\nid: toy\ntitle: Toy\nroots: { user: { linux: ['{home}/toy'] } }\n\
    native: [{ systems: [linux], programs: { client: [toy] }, folders: ['{path}'] }]\n\
    places: { mods: { root: user, path: mods } }\nlists: { all: ['mods/**'] }\n";

fn problem(more: &str) -> DefinitionProblem {
    let install = if more.contains("install:") { "" } else { "install: []\n" };
    match parse_definition("toy", &format!("{TOY}{install}{more}\n")) {
        Err(GameError::Definition { problem, .. }) => problem,
        other => panic!("{more}: {other:?}"),
    }
}

#[test]
fn says_where_a_name_leads_nowhere() {
    for (more, where_, name) in [
        ("launch: { play: { program: server } }", "launch play", "server"),
        ("launch: { play: { program: client, args: ['{list:none}'] } }", "launch play", "list:none"),
        ("launch: { play: { program: client, args: ['x{list:all}'] } }", "launch play", "list:all"),
        ("launch: { play: { program: client, args: ['{parent:none}'] } }", "launch play", "parent:none"),
        ("order-files: [{ place: saves, path: x, parts: [] }]", "order-file x", "saves"),
        (
            "order-files: [{ place: mods, path: x, parts: [list: { of: no, line: '' }] }]",
            "order-file x",
            "no",
        ),
        (
            "order-files: [{ place: mods, path: x, parts: [list: { of: all, line: '{home}' }] }]",
            "order-file x",
            "home",
        ),
        ("trial: { files: { a: [names: { of: none, line: '{name}' }] } }", "trial a", "none"),
        ("loaders: { x: { title: X, files: [none/a.dll] } }", "loader x", "none"),
        ("loaders: { x: { title: X, files: [mods] } }", "loader x", "files"),
        ("loaders: { x: { title: X, files: [mods/a], launches: [dance] } }", "loader x", "dance"),
        ("install: [{ files: { glob: '*', place: none } }]", "install 1", "none"),
        ("version: { files: [{ root: none, path: v.txt }], pattern: x }", "version", "none"),
        ("extensions: { X: { title: X, folder: { root: none, path: x } } }", "extension X", "none"),
        ("extensions: { X: { title: X, folder: { root: user } } }", "extension X", "user"),
        (
            "extensions: { X: { title: X, folder: { root: user, path: x }, pattern: x } }",
            "extension X",
            "pattern",
        ),
    ] {
        let expected = DefinitionProblem::Undefined { at: where_.into(), name: name.into() };
        assert_eq!(problem(more), expected, "{more}");
    }
}

#[test]
fn refuses_what_reaches_further_than_the_game() {
    for more in [
        "launch: { play: { program: client, env: { LD_PRELOAD: x } } }",
        "loaders: { x: { title: X, files: [mods/a], env: { PATH: x } } }",
    ] {
        assert!(matches!(problem(more), DefinitionProblem::Reach { .. }), "{more}");
    }
    let text = TOY.replace("[toy]", "['../toy']") + "install: []\n";
    let refused = parse_definition("toy", &text);
    assert!(matches!(refused, Err(GameError::Definition { problem: DefinitionProblem::Reach { .. }, .. })));
}

#[test]
fn refuses_unusable_names_patterns_and_amounts() {
    for more in ["stores: { gog: ['-x'] }", "stores: { lutris: ['a b'] }", "flatpak: [plain]"] {
        assert!(matches!(problem(more), DefinitionProblem::Name { .. }), "{more}");
    }
    for more in [
        "log: { loaded: ['('] }",
        "log: { loaded: [{ named: x, then: '(' }] }",
        "config: ['../x']",
        "extensions: { X: { title: X, folder: { root: user, path: x }, file: a, pattern: '(' } }",
        "trial: { files: { a: [hex: 'xyz'] } }",
        "install: [{ folder: { anchors: [a], containing: '(', place: mods, name: { pattern: a } } }]",
    ] {
        assert!(matches!(problem(more), DefinitionProblem::Pattern { .. }), "{more}");
    }
    for more in ["trial: { settle: 31 }", "version: { programs: [], args: [], pattern: x, timeout: 61 }"] {
        assert!(matches!(problem(more), DefinitionProblem::Limit { .. }), "{more}");
    }
    let path = "install: [{ files: { glob: '*', place: mods, to: '../x' } }]";
    assert!(matches!(problem(path), DefinitionProblem::Path { .. }));
}
