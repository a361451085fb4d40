//! Where CKAN's specification puts the files of an archive.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use muster_adapters::{
    Error,
    ckan::{Identifier, Module, Stanza, place},
};
use muster_domain::{Coded as _, PortablePath};
use proptest::prelude::*;

fn files(names: &[&str]) -> Vec<PortablePath> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn identifier() -> Identifier {
    "Example".parse().unwrap()
}

/// Targets as they would be below the game's own folder, with where they come from.
fn placed(stanzas: &str, names: &[&str]) -> Result<Vec<(String, String)>, Error> {
    let stanzas = Stanza::parse_list(&identifier(), stanzas)?;
    let placed = place(&identifier(), &stanzas, &files(names))?;
    let shown = placed.into_iter().map(|file| {
        let target = match file.base.path() {
            Some(base) => format!("{base}/{}", file.path),
            None => file.path.to_string(),
        };
        (target, file.from.to_string())
    });
    Ok(shown.collect())
}

fn targets(stanzas: &str, names: &[&str]) -> Vec<String> {
    let mut targets: Vec<_> = placed(stanzas, names).unwrap().into_iter().map(|(target, _)| target).collect();
    targets.sort();
    targets
}

fn code(stanzas: &str, names: &[&str]) -> &'static str {
    placed(stanzas, names).unwrap_err().code()
}

#[test]
fn a_file_stanza_leaves_out_the_folders_above_it() {
    let stanza = r#"[{"file": "MyMods/KSP/Foo", "install_to": "GameData"}]"#;
    let archive =
        ["MyMods/KSP/Foo/a.cfg", "MyMods/KSP/Foo/Plugins/b.dll", "MyMods/KSP/Food/c.cfg", "Foo/d.cfg"];
    assert_eq!(targets(stanza, &archive), ["GameData/Foo/Plugins/b.dll", "GameData/Foo/a.cfg"]);
    assert_eq!(
        targets(r#"[{"file": "x/Manager.dll", "install_to": "GameData"}]"#, &["x/Manager.dll", "x/b"]),
        ["GameData/Manager.dll"]
    );
}

#[test]
fn a_folder_named_like_a_place_gives_its_content_only() {
    let archive = ["Pack-1.2/GameData/Foo/a.cfg", "Pack-1.2/GameData/b.dll", "Pack-1.2/Ships/VAB/c.craft"];
    let stanzas =
        r#"[{"find": "GameData", "install_to": "GameData"}, {"find": "Ships", "install_to": "Ships"}]"#;
    assert_eq!(targets(stanzas, &archive), ["GameData/Foo/a.cfg", "GameData/b.dll", "Ships/VAB/c.craft"]);
    let top = r#"[{"file": "GameData", "install_to": "GameData"}]"#;
    assert_eq!(targets(top, &["GameData/Foo/a.cfg", "readme.txt"]), ["GameData/Foo/a.cfg"]);
    let ships = r#"[{"file": "Ships/VAB", "install_to": "Ships"}]"#;
    assert_eq!(targets(ships, &["Ships/VAB/a.craft", "Ships/SPH/b.craft"]), ["Ships/VAB/a.craft"]);
    // With a new name it is not the place any more.
    let renamed = r#"[{"find": "GameData", "as": "Foo", "install_to": "GameData"}]"#;
    assert_eq!(targets(renamed, &["x/GameData/a.cfg"]), ["GameData/Foo/a.cfg"]);
}

#[test]
fn find_takes_the_topmost_folder_with_exactly_that_name() {
    let stanza = r#"[{"find": "Foo", "install_to": "GameData"}]"#;
    let archive = ["a/b/Foo/deep.cfg", "a/Foo/top.cfg", "a/Foo/Foo/inner.cfg", "aFoo/x", "a/Foobar/x", "Foo"];
    assert_eq!(targets(stanza, &archive[..5]), ["GameData/Foo/Foo/inner.cfg", "GameData/Foo/top.cfg"]);
    // A file of that name is not a folder …
    assert_eq!(targets(stanza, &archive), ["GameData/Foo/Foo/inner.cfg", "GameData/Foo/top.cfg"]);
    // … unless the stanza says that it counts, or there is no folder at all.
    let or_file = r#"[{"find": "Foo", "find_matches_files": true, "install_to": "GameData"}]"#;
    assert_eq!(placed(or_file, &archive).unwrap(), [("GameData/Foo".into(), "Foo".into())]);
    assert_eq!(placed(stanza, &["x/Foo", "readme"]).unwrap(), [("GameData/Foo".into(), "x/Foo".into())]);
    assert_eq!(targets(stanza, &["A/fOO/x.cfg"]), ["GameData/fOO/x.cfg"], "either case fits");
    let several = r#"[{"find": "Foo/Bar", "install_to": "GameData/Mine"}]"#;
    assert_eq!(targets(several, &["q/Foo/Bar/x", "q/Foo/y", "q/r/Foo/Bar/z"]), ["GameData/Mine/Bar/x"]);
}

#[test]
fn find_regexp_takes_the_topmost_folder_that_fits_or_all_files() {
    let stanza = r#"[{"find_regexp": "Foo-?[0-9.]*$", "install_to": "GameData", "as": "Foo"}]"#;
    let archive = ["x/Foo-1.2/a.cfg", "x/y/Foo-1.2/b.cfg", "x/Fool/c.cfg"];
    assert_eq!(targets(stanza, &archive), ["GameData/Foo/a.cfg"]);
    let slash = r#"[{"find_regexp": "y/Foo-1.2/", "install_to": "GameData"}]"#;
    assert_eq!(targets(slash, &archive), ["GameData/Foo-1.2/b.cfg"]);
    let craft = r#"[{"find_regexp": "\\.craft$", "find_matches_files": true, "install_to": "Ships/VAB"}]"#;
    assert_eq!(
        targets(craft, &["p/One.craft", "p/q/Two.CRAFT", "p/three.craft.txt"]),
        ["Ships/VAB/One.craft", "Ships/VAB/Two.CRAFT"]
    );
}

#[test]
fn as_gives_the_found_file_or_folder_another_name() {
    let file = r#"[{"find": "CRP/Water.txt", "find_matches_files": true, "as": "Water.cfg",
        "install_to": "GameData/T/CRP"}]"#;
    assert_eq!(targets(file, &["M/CRP/Water.txt"]), ["GameData/T/CRP/Water.cfg"]);
    let folder = r#"[{"file": "Planes", "as": "SPH", "install_to": "Ships"}]"#;
    assert_eq!(
        targets(folder, &["Planes/a.craft", "Planes/sub/b.craft"]),
        ["Ships/SPH/a.craft", "Ships/SPH/sub/b.craft"]
    );
}

#[test]
fn filters_go_by_whole_names_in_either_case_and_by_expressions() {
    let archive = ["F/a.cfg", "F/Source/b.cs", "F/sources/c.cs", "F/THUMBS.DB", "F/p/d.pdb", "F/p/E.PDB"];
    let stanza = r#"[{"find": "F", "install_to": "GameData", "filter": ["source", "Thumbs.db"],
        "filter_regexp": "\\.pdb$"}]"#;
    assert_eq!(
        targets(stanza, &archive),
        ["GameData/F/a.cfg", "GameData/F/p/E.PDB", "GameData/F/sources/c.cs"]
    );
    // .NET looks behind over any length.
    let behind = r#"[{"find": "F", "install_to": "GameData", "filter_regexp": "(?<!KA_.+\\.cfg)$"}]"#;
    assert_eq!(targets(behind, &["F/KA_one.cfg", "F/other.cfg"]), ["GameData/F/KA_one.cfg"]);
    let only =
        r#"[{"find": "F", "install_to": "GameData", "include_only": "P", "include_only_regexp": ["a\\."]}]"#;
    assert_eq!(targets(only, &archive), ["GameData/F/a.cfg", "GameData/F/p/E.PDB", "GameData/F/p/d.pdb"]);
}

#[test]
fn metadata_in_an_archive_and_files_of_no_stanza_are_not_placed() {
    let stanza = r#"[{"find": "F", "install_to": "GameData"}]"#;
    assert_eq!(
        targets(stanza, &["F/a.cfg", "F/Example.ckan", "F/B.CKAN", "readme.txt"]),
        ["GameData/F/a.cfg"]
    );
    assert_eq!(code(stanza, &["F/Example.ckan"]), "adapter-no-match");
}

#[test]
fn every_place_of_the_specification_has_its_folder() {
    for (to, folder) in [
        ("GameData", "GameData"),
        ("GameData/Some/Where", "GameData/Some/Where"),
        ("Ships", "Ships"),
        ("Ships/SPH", "Ships/SPH"),
        ("Ships/VAB", "Ships/VAB"),
        ("Ships/Script", "Ships/Script"),
        ("Ships/@thumbs/VAB", "Ships/@thumbs/VAB"),
        ("Tutorial", "saves/training"),
        ("Scenarios", "saves/scenarios"),
        ("Missions", "Missions"),
        ("Missions/Pack", "Missions/Pack"),
    ] {
        let stanza = format!(r#"[{{"file": "a", "install_to": "{to}"}}]"#);
        assert_eq!(targets(&stanza, &["a/b"]), [format!("{folder}/a/b")]);
    }
    assert_eq!(targets(r#"[{"file": "a.exe", "install_to": "GameRoot"}]"#, &["a.exe"]), ["a.exe"]);
}

#[test]
fn a_file_has_one_name_in_the_game_however_it_is_reached() {
    let stanzas =
        r#"[{"file": "z/saves", "install_to": "GameRoot"}, {"file": "x", "install_to": "Scenarios"}]"#;
    assert_eq!(
        targets(stanzas, &["z/saves/scenarios/a/b.sfs", "x/c"]),
        ["saves/scenarios/a/b.sfs", "saves/scenarios/x/c"]
    );
    let twice =
        r#"[{"file": "z/saves", "install_to": "GameRoot"}, {"file": "a", "install_to": "Scenarios"}]"#;
    assert_eq!(code(twice, &["z/saves/scenarios/a/b", "a/b"]), "adapter-twice");
    let by_case = r#"[{"file": "p/F", "install_to": "GameData"}, {"file": "q/f", "install_to": "GameData"}]"#;
    assert_eq!(code(by_case, &["p/F/x", "q/f/X"]), "adapter-twice");
    let same =
        r#"[{"file": "p/F", "install_to": "GameData"}, {"file": "p/F/x", "install_to": "GameData/F"}]"#;
    assert_eq!(targets(same, &["p/F/x"]), ["GameData/F/x"], "the same file at the same place is one file");
}

#[test]
fn what_leaves_its_place_or_names_none_is_refused() {
    for (stanza, expected) in [
        (r#"{"file": "a", "install_to": "GameData/../Example"}"#, "adapter-unsafe-path"),
        (r#"{"file": "a", "install_to": "GameData/.."}"#, "adapter-unsafe-path"),
        (r#"{"file": "a", "install_to": "../GameData"}"#, "adapter-unsafe-path"),
        (r#"{"file": "a", "install_to": "/etc"}"#, "adapter-unsafe-path"),
        (r#"{"file": "a", "install_to": "C:\\Windows"}"#, "adapter-unsafe-path"),
        (r#"{"file": "a", "install_to": "GameData\\..\\..\\x"}"#, "adapter-unsafe-path"),
        (r#"{"file": "a", "install_to": "Ships/Elsewhere"}"#, "adapter-unsafe-path"),
        (r#"{"file": "a", "install_to": "Scenarios/x"}"#, "adapter-unsafe-path"),
        (r#"{"file": "a", "install_to": "BepInEx/plugins"}"#, "adapter-unsafe-path"),
        (r#"{"file": "a", "install_to": "GameData", "as": "../x"}"#, "adapter-unsafe-path"),
        (r#"{"file": "a", "install_to": "GameData", "as": ".."}"#, "adapter-unsafe-path"),
        (r#"{"file": "a", "install_to": "GameData", "as": "NUL"}"#, "adapter-unsafe-path"),
        (r#"{"file": "a"}"#, "adapter-field"),
        (r#"{"install_to": "GameData"}"#, "adapter-field"),
        (r#"{"file": "", "install_to": "GameData"}"#, "adapter-field"),
        (r#"{"file": "a", "find": "a", "install_to": "GameData"}"#, "adapter-field"),
        (r#"{"file": "a", "filter": "b", "include_only": "c", "install_to": "GameData"}"#, "adapter-field"),
        (r#"{"find_regexp": "(", "install_to": "GameData"}"#, "adapter-pattern"),
        (r#"{"file": "a", "filter_regexp": ["[z-a]"], "install_to": "GameData"}"#, "adapter-pattern"),
        (r#"{"file": "b", "install_to": "GameData"}"#, "adapter-no-match"),
        (r#"{"find": "b", "install_to": "GameData"}"#, "adapter-no-match"),
        (r#"{"find": "a", "filter": "A", "install_to": "GameData"}"#, "adapter-no-match"),
    ] {
        assert_eq!(code(&format!("[{stanza}]"), &["a/x.cfg"]), expected, "{stanza}");
    }
}

#[test]
fn an_expression_that_never_ends_is_given_up() {
    let name = format!("F/{}", "a".repeat(60));
    let stanza = r#"[{"find": "F", "filter_regexp": "^F/(?:(?=a)a|a(?!b))*b$", "install_to": "GameData"}]"#;
    assert_eq!(code(stanza, &[&name]), "adapter-effort");
}

#[test]
fn a_mod_without_stanzas_is_the_folder_with_its_name() {
    let module =
        br#"{"spec_version": 1, "identifier": "Example", "version": "1", "name": "E", "abstract": "e",
        "author": "a", "license": "MIT", "download": "https://example.org/e.zip"}"#;
    let module = Module::parse(module).unwrap();
    let archive = files(&["E-1/GameData/Example/a.cfg", "E-1/Example.txt"]);
    let placed = place(&module.identifier, &module.stanzas(), &archive).unwrap();
    assert_eq!(placed.len(), 1);
    assert_eq!((placed[0].base.place(), placed[0].path.as_str()), ("game-data", "Example/a.cfg"));
}

proptest! {
    /// Whatever the stanzas and the archive say: files of the archive below places of the game, each target once.
    #[test]
    fn nothing_leaves_the_places(
        names in prop::collection::btree_set("[abF]{1,2}(/[abF]{1,2}){0,3}", 1..12),
        finding in prop::sample::select(vec!["file", "find", "find_regexp"]),
        wanted in "[abF./]{1,4}",
        to in prop::sample::select(vec!["GameData", "Ships/VAB", "GameRoot", "Tutorial", "GameData/x", "Missions"]),
        renamed in prop::option::of("[abF./]{1,2}"),
        filter in prop::option::of("[abF]"),
    ) {
        let mut stanza = serde_json::json!({ finding: wanted, "install_to": to, "find_matches_files": true });
        if let Some(name) = renamed {
            stanza["as"] = name.into();
        }
        if let Some(name) = &filter {
            stanza["filter"] = name.clone().into();
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let archive = files(&names);
        if let Ok(stanzas) = Stanza::parse_list(&identifier(), &serde_json::json!([stanza]).to_string())
            && let Ok(placed) = place(&identifier(), &stanzas, &archive)
        {
            let mut seen = std::collections::BTreeSet::new();
            prop_assert!(!placed.is_empty());
            for file in &placed {
                prop_assert!(archive.contains(&file.from));
                prop_assert!(seen.insert((file.base, file.path.fold())));
                prop_assert!(!file.from.parts().any(|part| filter.as_deref() == Some(part)));
            }
        }
    }
}
