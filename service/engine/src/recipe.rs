//! Recipes of other services: who reads which, and what they make of an archive's files. Pure.

use muster_adapters::ckan;
use muster_deploy::Target;
use muster_domain::{LockedPackage, PortablePath, Recipe};

use crate::EngineError;

/// Where the recipe of a package puts its files.
pub(crate) fn targets(
    package: &LockedPackage,
    recipe: &Recipe,
    files: &[PortablePath],
) -> Result<Vec<Target>, EngineError> {
    match recipe.by.as_str() {
        ckan::RECIPE => by_ckan(package, recipe, files),
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
