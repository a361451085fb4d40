//! Where the files of an archive go: into one folder named like the package, wherever in the archive it begins.
//!
//! Follows what Luanti's own installer does: the content begins at the top, or in the only folder at the top.

use muster_domain::PortablePath;

use super::{Kind, name::is_technical};
use crate::{Error, Result};

/// A file of the archive and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub from: PortablePath,
    /// Name of a place of the game's definition.
    pub place: &'static str,
    pub path: PortablePath,
}

/// Files that say where content begins.
const BEGINNINGS: &[&str] =
    &["mod.conf", "init.lua", "modpack.conf", "modpack.txt", "game.conf", "texture_pack.conf"];

/// Places the files of an archive by its recipe (`mod:name`).
///
/// # Errors
/// [`Error::Field`] for a recipe that is none, [`Error::NoMatch`] if the archive is not what the recipe says, and
/// [`Error::UnsafePath`] for a path that is too long once it is placed.
pub fn place(recipe: &str, files: &[PortablePath]) -> Result<Vec<Placed>> {
    let refuse =
        |why: &str| Error::Field { package: recipe.to_owned(), field: "recipe", why: why.to_owned() };
    let (kind, name) = recipe.split_once(':').ok_or_else(|| refuse("it is no kind and name"))?;
    let kind = Kind::parse(kind).ok_or_else(|| refuse("an unknown kind"))?;
    if !is_technical(name) {
        return Err(refuse("no name of a folder"));
    }
    let top = beginning(kind, files)
        .ok_or_else(|| Error::NoMatch { package: name.to_owned(), wanted: wanted(kind).to_owned() })?;
    let place = match kind {
        Kind::Mod => "mods",
        Kind::Game => "games",
        Kind::TexturePack => "textures",
    };
    let inside = files.iter().filter_map(|file| Some((file, inside(file, top)?)));
    let kept = inside.filter(|(_, rest)| !rest.split('/').any(|part| part == ".git" || part == ".github"));
    kept.map(|(file, rest)| {
        let path = format!("{name}/{rest}").parse().map_err(|why: muster_domain::PathError| {
            Error::UnsafePath { package: name.to_owned(), path: file.to_string(), why: why.to_string() }
        });
        Ok(Placed { from: file.clone(), place, path: path? })
    })
    .collect()
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Mod => "init.lua",
        Kind::Game => "game.conf",
        Kind::TexturePack => "*.png",
    }
}

/// The folder in which the content begins; empty for the archive itself.
fn beginning(kind: Kind, files: &[PortablePath]) -> Option<&str> {
    let has =
        |folder: &str, fits: fn(&str) -> bool| files.iter().filter_map(|file| inside(file, folder)).any(fits);
    let says_so: fn(&str) -> bool = match kind {
        Kind::Mod => |rest| BEGINNINGS.contains(&rest),
        Kind::Game => |rest| rest == "game.conf",
        Kind::TexturePack => |rest| BEGINNINGS.contains(&rest) || rest.ends_with(".png"),
    };
    if has("", says_so) {
        return Some("");
    }
    let mut tops = files.iter().filter_map(|file| file.as_str().split_once('/')).map(|(top, _)| top);
    let first = tops.next()?;
    let only = tops.all(|other| other == first).then_some(first);
    if let Some(top) = only.filter(|top| has(top, says_so)) {
        return Some(top);
    }
    // Several mods in one package may have nothing that says so but the mods.
    [only, Some("")].into_iter().flatten().find(|folder| kind == Kind::Mod && has(folder, is_member))
}

/// Whether a path is the beginning of a mod in a folder of its own.
fn is_member(rest: &str) -> bool {
    rest.split_once('/').is_some_and(|(_, file)| matches!(file, "init.lua" | "mod.conf"))
}

fn inside<'a>(file: &'a PortablePath, folder: &str) -> Option<&'a str> {
    match folder {
        "" => Some(file.as_str()),
        folder => file.as_str().strip_prefix(folder)?.strip_prefix('/'),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn placed(recipe: &str, files: &[&str]) -> Result<Vec<String>> {
        let files: Vec<PortablePath> = files.iter().map(|file| file.parse().expect("path")).collect();
        Ok(place(recipe, &files)?
            .into_iter()
            .map(|placed| format!("{}:{}", placed.place, placed.path))
            .collect())
    }

    #[test]
    fn content_begins_at_the_top_or_in_the_only_folder() {
        assert_eq!(
            placed("mod:glow", &["init.lua", "textures/a.png"]).expect("flat"),
            ["mods:glow/init.lua", "mods:glow/textures/a.png"]
        );
        assert_eq!(
            placed(
                "mod:glow",
                &["glow-abc123/init.lua", "glow-abc123/.github/ci.yml", "glow-abc123/sub/init.lua"]
            )
            .expect("in a folder"),
            ["mods:glow/init.lua", "mods:glow/sub/init.lua"]
        );
        assert_eq!(
            placed("game:toy", &["x/game.conf", "x/mods/a/init.lua"]).expect("a game"),
            ["games:toy/game.conf", "games:toy/mods/a/init.lua"]
        );
        assert_eq!(
            placed("txp:hd", &["default_dirt.png"]).expect("pictures"),
            ["textures:hd/default_dirt.png"]
        );
    }

    #[test]
    fn several_mods_stay_together() {
        for mark in ["p/modpack.conf", "p/modpack.txt", "p/README.md"] {
            let found = placed("mod:pack", &[mark, "p/a/init.lua", "p/b/init.lua"]).expect("a pack");
            assert!(found.contains(&"mods:pack/a/init.lua".to_owned()), "{mark}");
        }
        assert_eq!(placed("mod:pack", &["a/init.lua", "b/mod.conf"]).expect("a pack").len(), 2);
    }

    #[test]
    fn what_is_something_else_is_refused() {
        for (recipe, files) in [
            ("mod:glow", &["a/b/init.lua", "c/d/init.lua"][..]),
            ("game:toy", &["init.lua"]),
            ("txp:hd", &["readme.txt"]),
            ("mod:glow", &[]),
        ] {
            assert!(matches!(placed(recipe, files), Err(Error::NoMatch { .. })), "{recipe}");
        }
        for recipe in ["", "mod", "mod:", "mod:../x", "mod:A", "world:x", "mod:a/b"] {
            assert!(matches!(placed(recipe, &["init.lua"]), Err(Error::Field { .. })), "{recipe}");
        }
    }

    proptest! {
        #[test]
        fn every_file_lies_below_the_folder_of_the_package(
            files in prop::collection::btree_set("([a-c]/){0,3}(init\\.lua|x\\.png|game\\.conf)", 0..8),
            kind in prop::sample::select(vec!["mod", "game", "txp"]),
        ) {
            let files: Vec<PortablePath> = files.iter().map(|file| file.parse().expect("path")).collect();
            if let Ok(placed) = place(&format!("{kind}:name"), &files) {
                let mut targets: Vec<String> = placed.iter().map(|p| p.path.to_string()).collect();
                prop_assert!(targets.iter().all(|path| path.starts_with("name/")));
                targets.sort();
                targets.dedup();
                prop_assert_eq!(targets.len(), placed.len(), "one target per file");
            }
        }
    }
}
