//! All definitions known here: shipped ones, overlaid by packages, overlaid by the user's own.

use std::{collections::BTreeMap, sync::Arc};

use muster_domain::GameId;

use crate::{Definition, GameError, Vectors, bepinex, parse_definition, parse_vectors};

/// Who wrote a definition; later ones win.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Shipped,
    Package,
    User,
}

/// File name, definition, test vectors.
const SHIPPED: &[(&str, &str, &str)] = &[
    ("doom", include_str!("../definitions/doom.yaml"), include_str!("../definitions/doom.vectors.yaml")),
    ("ksp", include_str!("../definitions/ksp.yaml"), include_str!("../definitions/ksp.vectors.yaml")),
    (
        "minecraft",
        include_str!("../definitions/minecraft.yaml"),
        include_str!("../definitions/minecraft.vectors.yaml"),
    ),
    (
        "minetest",
        include_str!("../definitions/minetest.yaml"),
        include_str!("../definitions/minetest.vectors.yaml"),
    ),
    (
        "openttd",
        include_str!("../definitions/openttd.yaml"),
        include_str!("../definitions/openttd.vectors.yaml"),
    ),
];

/// The game that stands for all that are modded with BepInEx, and the test vectors of what they have in common.
const BEPINEX: (&str, &str) = ("valheim", include_str!("../definitions/bepinex.vectors.yaml"));

/// Definitions by game. One from below comes to light again when the one above it goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    games: BTreeMap<GameId, BTreeMap<Origin, Arc<Definition>>>,
}

impl Library {
    /// The definitions inside this program.
    ///
    /// # Errors
    /// None in a released program: a test reads all of them.
    pub fn shipped() -> Result<Self, GameError> {
        let mut library = Self::default();
        for (name, text, _) in SHIPPED {
            library.add(Origin::Shipped, name, text)?;
        }
        for definition in bepinex::definitions()? {
            library.put(Origin::Shipped, definition);
        }
        Ok(library)
    }

    /// Adds one definition, in place of one of the same origin and above those of lower ones.
    ///
    /// # Errors
    /// Those of [`parse_definition`]; the library stays as it was.
    pub fn add(&mut self, origin: Origin, name: &str, text: &str) -> Result<GameId, GameError> {
        let definition = parse_definition(name, text)?;
        let id = definition.id.clone();
        self.put(origin, definition);
        Ok(id)
    }

    fn put(&mut self, origin: Origin, definition: Definition) {
        self.games.entry(definition.id.clone()).or_default().insert(origin, Arc::new(definition));
    }

    /// The definition of a game.
    ///
    /// # Errors
    /// [`GameError::Unknown`].
    pub fn get(&self, game: &GameId) -> Result<&Arc<Definition>, GameError> {
        let found = self.games.get(game).and_then(|origins| origins.last_key_value());
        found.map(|(_, definition)| definition).ok_or_else(|| GameError::Unknown { game: game.clone() })
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.games.values().filter_map(|origins| origins.last_key_value()).map(|(_, definition)| definition)
    }

    /// Who wrote the definition of a game, those that are hidden below another first.
    pub fn origins(&self, game: &GameId) -> Vec<Origin> {
        self.games.get(game).map(|origins| origins.keys().copied().collect()).unwrap_or_default()
    }

    /// Takes one away; whether it was there.
    pub fn remove(&mut self, game: &GameId, origin: Origin) -> bool {
        let Some(origins) = self.games.get_mut(game) else { return false };
        let removed = origins.remove(&origin).is_some();
        if origins.is_empty() {
            self.games.remove(game);
        }
        removed
    }
}

/// The test vectors of the shipped definitions, by game.
///
/// # Errors
/// None in a released program: a test reads all of them.
pub fn shipped_vectors() -> Result<Vec<(GameId, Vectors)>, GameError> {
    let read = |(name, text, vectors): &(&str, &str, &str)| {
        Ok((parse_definition(name, text)?.id, parse_vectors(name, vectors)?))
    };
    let (game, vectors) = BEPINEX;
    let of_bepinex = shipped_game(game)?.zip(Some(parse_vectors("bepinex", vectors)?));
    SHIPPED.iter().map(read).chain(of_bepinex.map(Ok)).collect()
}

fn shipped_game(name: &str) -> Result<Option<GameId>, GameError> {
    let all = bepinex::definitions()?;
    Ok(all.into_iter().map(|definition| definition.id).find(|id| id.as_str() == name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_shipped_definition_reads_and_is_named_like_its_file() {
        let library = Library::shipped().expect("shipped");
        let is_there = |name: &&str| library.iter().any(|definition| definition.id.as_str() == *name);
        assert!(SHIPPED.iter().map(|(name, ..)| name).all(is_there) && is_there(&BEPINEX.0));
        assert_eq!(library.iter().count(), SHIPPED.len() + bepinex::definitions().expect("rows").len());
        let vectors = shipped_vectors().expect("vectors");
        assert!(vectors.len() == SHIPPED.len() + 1 && vectors.iter().all(|(_, of)| of.vectors.len() >= 5));
    }

    #[test]
    fn saves_are_what_the_vectors_say() {
        let library = Library::shipped().expect("shipped");
        for (game, vectors) in shipped_vectors().expect("vectors") {
            let definition = library.get(&game).expect("known");
            let shown: BTreeSet<&str> = vectors.saves.iter().map(|vector| vector.of.as_str()).collect();
            assert_eq!(shown, definition.saves.keys().map(String::as_str).collect(), "{game}");
            for vector in &vectors.saves {
                let filter = crate::SavesFilter::new(&definition.saves[&vector.of]).expect("globs");
                let mut kept: Vec<_> = vector.files.iter().filter(|path| filter.takes(path)).collect();
                kept.sort();
                assert_eq!(kept, vector.kept.iter().collect::<Vec<_>>(), "{game}: {}", vector.about);
            }
        }
    }

    #[test]
    fn the_users_own_definition_wins() {
        let mut library = Library::shipped().expect("shipped");
        let game: GameId = "minetest".parse().expect("id");
        let (_, shipped, _) = SHIPPED.iter().find(|(name, ..)| *name == "minetest").expect("shipped");
        let renamed = shipped.replace("title: Luanti (Minetest)", "title: Mine");
        library.add(Origin::User, "mine", &renamed).expect("adds");
        library.add(Origin::Package, "package", shipped).expect("reads");
        assert_eq!(library.get(&game).expect("known").title, "Mine");
        assert_eq!(library.origins(&game), [Origin::Shipped, Origin::Package, Origin::User]);
        assert!(library.add(Origin::User, "broken", "format: 1").is_err());
        assert_eq!(library.get(&game).expect("known").title, "Mine");
        assert!(library.remove(&game, Origin::User) && !library.remove(&game, Origin::User));
        assert_eq!(library.get(&game).expect("known").title, "Luanti (Minetest)");
    }
}
