//! The author's own rules, and what no package may do.

use muster_deploy::{
    AuthorRule, DeployError, PackageFiles, PackageKey, PlacedPackage, TreeFile, merge, place_files,
};
use muster_domain::{Coded as _, Sha256};
use muster_games::{Definition, Library};

fn minetest() -> Definition {
    Library::shipped()
        .expect("shipped")
        .get(&"minetest".parse().expect("id"))
        .expect("known")
        .as_ref()
        .clone()
}

fn place(files: &[&str], rules: &[AuthorRule]) -> Result<muster_deploy::Placed, DeployError> {
    let file = |path: &&str| TreeFile { path: path.parse().expect("path"), size: 1, sha256: Sha256([1; 32]) };
    let files: Vec<TreeFile> = files.iter().map(file).collect();
    let text = |_: &muster_domain::PortablePath| None;
    let config = ["**/*.cfg".to_owned()];
    place_files(
        &minetest(),
        &PackageFiles { name: "demo", payload: None, files: &files, text: &text, rules, config: &config },
    )
}

fn rule(glob: &str, place: &str, to: Option<&str>, strip: u8) -> AuthorRule {
    let text = |text: Option<&str>| text.map(str::to_owned);
    AuthorRule { glob: glob.into(), place: place.into(), to: text(to), strip }
}

#[test]
fn the_authors_rules_replace_those_of_the_game() {
    let rules = [rule("src/**", "mods", Some("demo"), 1)];
    let placed = place(&["src/init.lua", "src/a.cfg", "docs/x.txt"], &rules).expect("places");
    let to: Vec<String> =
        placed.placements.iter().map(|p| format!("{} {} {}", p.place, p.path, p.config)).collect();
    assert_eq!(to, ["mods demo/a.cfg true", "mods demo/init.lua false"]);
    assert_eq!(placed.all_names().collect::<Vec<_>>(), ["demo"]);
    assert_eq!(placed.unplaced.len(), 1);
}

/// T-81
#[test]
fn refuses_targets_out_of_their_place() {
    let targets =
        ["../x", "/abs", "a/../../b", "C:/x", "~/x", "$HOME/x", "%APPDATA%", "x*", "{home}", "a\\b", ""];
    for to in targets {
        let refusal = place(&["init.lua"], &[rule("**", "mods", Some(to), 0)]).expect_err(to);
        assert_eq!(refusal.code(), "deploy-path", "{to}");
    }
    for glob in ["../**", "/etc/*", "a/../b", "["] {
        assert_eq!(
            place(&["init.lua"], &[rule(glob, "mods", None, 0)]).expect_err(glob).code(),
            "deploy-path"
        );
    }
    let nowhere = place(&["init.lua"], &[rule("**", "system", None, 0)]).expect_err("no such place");
    assert_eq!(nowhere.code(), "deploy-path");
}

#[test]
fn refuses_worlds_and_temporary_names_and_doubles() {
    let worlds = place(&["world.mt"], &[rule("**", "worlds", Some("home"), 0)]).expect_err("protected");
    assert_eq!(worlds.code(), "deploy-protected");
    let temporary = place(&[".muster-tmp-x"], &[rule("**", "mods", None, 0)]).expect_err("temporary");
    assert_eq!(temporary.code(), "deploy-path");
    let twice = [rule("a/**", "mods", None, 1), rule("b/**", "mods", None, 1)];
    assert_eq!(place(&["a/x", "b/X"], &twice).expect_err("twice").code(), "deploy-twice");
    assert_eq!(
        place(&["x"], &[rule("y", "mods", None, 0)]).expect_err("none").code(),
        "deploy-nothing-to-place"
    );
}

#[test]
fn refuses_packages_that_need_one_path_as_file_and_as_folder() {
    let package = |name: &str, path: &str| PlacedPackage {
        package: PackageKey {
            source: "folder:test".parse().expect("source"),
            id: format!("ada/{name}").parse().expect("id"),
        },
        tree: Sha256([2; 32]),
        placed: place(&[path], &[rule("**", "mods", None, 0)]).expect("places").into(),
    };
    let clash = merge(&[package("one", "a/x"), package("two", "A")], Vec::new()).expect_err("clash");
    assert_eq!(clash.code(), "deploy-clash");
}
