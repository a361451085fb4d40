//! Mod loaders that are in place.

use std::collections::BTreeSet;

use crate::{Definition, Installation, Loader, Platform};

/// Names of the loaders whose files are all there; hand them to [`crate::launch_command`].
pub fn loaders(
    platform: &dyn Platform,
    definition: &Definition,
    installation: &Installation,
) -> BTreeSet<String> {
    let is_there = |loader: &Loader| {
        loader.files.iter().all(|file| {
            let Some((place, path)) = file.as_str().split_once('/') else { return false };
            installation.places.get(place).is_some_and(|place| platform.is_file(&place.join(path)))
        })
    };
    let there = definition.loaders.iter().filter(|(_, loader)| is_there(loader));
    there.map(|(name, _)| name.clone()).collect()
}
