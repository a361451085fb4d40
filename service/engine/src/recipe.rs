//! Recipes of other services: who reads which, and what they make of an archive's files. Pure.

use muster_adapters::{ckan, contentdb, modrinth, thunderstore};
use muster_catalog::{ARCHIVE_RECIPE, FILE_RECIPE};
use muster_deploy::Target;
use muster_domain::{LockedPackage, PortablePath, Recipe};
use muster_games::Definition;

use crate::EngineError;

/// The place that is the game's own folder, in games whose loaders bring a copy of it.
pub(crate) const GAME_FOLDER: &str = "game-root";

/// The one file of a tree whose archive is placed as it came.
pub(crate) const WHOLE_FILE: &str = "file";

/// What a recipe says of the bytes of its archive, besides where they go.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Bytes {
    /// They are one file of the game, and not opened.
    pub are_whole: bool,
    /// What their source says that they hash to: 128 hexadecimal digits.
    pub sha512: Option<String>,
}

/// What a recipe says of the bytes of its archive.
pub(crate) fn bytes(recipe: &Recipe) -> Result<Bytes, EngineError> {
    match recipe.by.as_str() {
        modrinth::RECIPE => {
            let recipe = modrinth::FileRecipe::parse(&recipe.rules)?;
            Ok(Bytes { are_whole: true, sha512: Some(recipe.sha512) })
        }
        FILE_RECIPE => Ok(Bytes { are_whole: true, sha512: None }),
        _ => Ok(Bytes::default()),
    }
}

/// What the one file of a tree is called, where its archive stays whole and the rules of the game say where it goes.
pub(crate) fn name_of_whole(recipe: &Recipe) -> Option<PortablePath> {
    let name = Some(&recipe.rules).filter(|name| recipe.by == FILE_RECIPE && !name.contains('/'));
    name.and_then(|name| name.parse().ok())
}

/// Who says where the files of an archive go.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The recipe.
    Targets(Vec<Target>),
    /// The rules of the game's definition.
    Rules,
}

/// Where the recipe of a package puts its files.
pub(crate) fn way(
    definition: &Definition,
    package: &LockedPackage,
    recipe: &Recipe,
    files: &[PortablePath],
) -> Result<Way, EngineError> {
    match (recipe.by.as_str(), recipe.rules.as_str()) {
        (ckan::RECIPE, _) => by_ckan(package, recipe, files).map(Way::Targets),
        (contentdb::RECIPE, rules) => {
            let placed = contentdb::place(rules, files)?.into_iter();
            let target = |file: contentdb::Placed| Target {
                from: file.from,
                place: file.place.to_owned(),
                path: file.path,
            };
            Ok(Way::Targets(placed.map(target).collect()))
        }
        (modrinth::RECIPE, rules) => {
            let modrinth::FileRecipe { place, path, .. } = modrinth::FileRecipe::parse(rules)?;
            let whole = files.iter().find(|file| file.as_str() == WHOLE_FILE).cloned();
            let from = whole.ok_or(EngineError::Internal("a file that stays whole was unpacked"))?;
            Ok(Way::Targets(vec![Target { from, place, path }]))
        }
        (ARCHIVE_RECIPE | FILE_RECIPE, _) => Ok(Way::Rules),
        (thunderstore::RECIPE, "") => Ok(Way::Rules),
        (thunderstore::RECIPE, folder) => Ok(Way::Targets(copy_of_the_game(definition, folder, files))),
        _ => Err(EngineError::UnknownRecipe { id: package.id.clone(), by: recipe.by.clone() }),
    }
}

fn by_ckan(
    package: &LockedPackage,
    recipe: &Recipe,
    files: &[PortablePath],
) -> Result<Vec<Target>, EngineError> {
    let identifier = package.id.as_str().parse();
    let identifier = identifier.map_err(|_| EngineError::UnknownPackage { id: package.id.clone() })?;
    let stanzas = ckan::Stanza::parse_list(&identifier, &recipe.rules)?;
    let placed = ckan::place(&identifier, &stanzas, files)?;
    let target = |file: ckan::PlacedFile| Target {
        from: file.from,
        place: file.base.place().to_owned(),
        path: file.path,
    };
    Ok(placed.into_iter().map(target).collect())
}

/// What lies below a folder of the archive goes into the game's folder; whatever lies beside it is about the package and
/// not for the game.
fn copy_of_the_game(definition: &Definition, folder: &str, files: &[PortablePath]) -> Vec<Target> {
    let inside = |from: &PortablePath| match folder {
        thunderstore::WHOLE_ARCHIVE => (!thunderstore::ABOUT.contains(&from.as_str())).then(|| from.clone()),
        folder => from.strip_prefix(folder),
    };
    let target = |from: &PortablePath| {
        let (place, path) = innermost(definition, inside(from)?);
        Some(Target { from: from.clone(), place, path })
    };
    files.iter().filter_map(target).collect()
}

/// A file of the game's folder under the name of the innermost place that it lies in, so that two packages cannot hold one
/// file under two names.
pub(crate) fn innermost(definition: &Definition, path: PortablePath) -> (String, PortablePath) {
    let root = definition.places.get(GAME_FOLDER).map(|place| place.root.as_str());
    let inside = |(name, place): (&String, &muster_games::Place)| {
        let folder = place.path.as_ref().filter(|_| Some(place.root.as_str()) == root)?;
        Some((folder.as_str().len(), name.clone(), without(&path, folder)?))
    };
    let found = definition.places.iter().filter_map(inside).max_by_key(|(length, ..)| *length);
    found.map_or_else(|| (GAME_FOLDER.to_owned(), path.clone()), |(_, name, rest)| (name, rest))
}

/// The path below a folder, letters of either case.
fn without(path: &PortablePath, folder: &PortablePath) -> Option<PortablePath> {
    let start = path.as_str().get(..folder.as_str().len())?;
    let rest = path.as_str()[start.len()..].strip_prefix('/')?;
    start.eq_ignore_ascii_case(folder.as_str()).then(|| rest.parse().ok())?
}

#[cfg(test)]
mod tests {
    use muster_games::Library;

    use super::*;

    #[test]
    fn a_loaders_copy_of_the_game_goes_where_the_game_has_places() {
        let library = Library::shipped().expect("shipped");
        let definition = library.get(&"valheim".parse().expect("id")).expect("known");
        let files = [
            "Pack/winhttp.dll",
            "Pack/BepInEx/core/BepInEx.dll",
            "Pack/bepinex/config/BepInEx.cfg",
            "icon.png",
        ];
        let files: Vec<PortablePath> = files.iter().map(|file| file.parse().expect("path")).collect();
        let found: Vec<String> = copy_of_the_game(definition, "Pack", &files)
            .into_iter()
            .map(|target| format!("{}:{}", target.place, target.path))
            .collect();
        assert_eq!(found, ["game-root:winhttp.dll", "core:BepInEx.dll", "config:BepInEx.cfg"]);
        let whole = copy_of_the_game(definition, thunderstore::WHOLE_ARCHIVE, &files);
        assert_eq!(
            (whole.len(), whole[0].path.as_str()),
            (3, "Pack/winhttp.dll"),
            "without what is about the package"
        );
    }
}
