//! What was read of unpacked trees and what rules made of it, remembered while it is in use.
//!
//! A tree is named by the hash of its archive and does not change; where its files go depends on nothing but its list, the
//! game's definition, and name and recipe of the package. A change of one package in a profile of five hundred would
//! otherwise read and place all of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use muster_deploy::Placed;
use muster_domain::{LockedPackage, PackageId, Recipe, Sha256};
use muster_games::Definition;

use crate::{EngineError, tree::TreeList};

/// Most files of remembered trees, of a few hundred bytes each; with more, all is forgotten.
const MOST_FILES: usize = 100_000;

/// The memory.
#[derive(Debug, Default)]
pub(crate) struct Unpacked(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    trees: HashMap<Sha256, Entry>,
    files: usize,
}

#[derive(Debug)]
struct Entry {
    list: Arc<TreeList>,
    /// By the rules of the game and of the package for which it was worked out last.
    placed: Option<Outcome>,
    at: Instant,
}

#[derive(Debug)]
struct Outcome {
    /// Held, so that no other one can get its address.
    definition: Arc<Definition>,
    id: PackageId,
    recipe: Option<Recipe>,
    placed: Arc<Placed>,
}

impl Outcome {
    fn is_for(&self, definition: &Arc<Definition>, package: &LockedPackage) -> bool {
        Arc::ptr_eq(&self.definition, definition) && self.id == package.id && self.recipe == package.recipe
    }
}

impl Unpacked {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The list of a tree, read where it is not remembered.
    pub fn list(
        &self,
        tree: &Sha256,
        read: impl FnOnce() -> Result<TreeList, EngineError>,
    ) -> Result<Arc<TreeList>, EngineError> {
        if let Some(entry) = self.memory().trees.get_mut(tree) {
            entry.at = Instant::now();
            return Ok(entry.list.clone());
        }
        let list = Arc::new(read()?);
        let mut memory = self.memory();
        if memory.files + list.files().len() > MOST_FILES {
            *memory = Memory::default();
        }
        let entry = Entry { list: list.clone(), placed: None, at: Instant::now() };
        if memory.trees.insert(*tree, entry).is_none() {
            memory.files += list.files().len();
        }
        Ok(list)
    }

    /// Where the files of a package go, worked out where that is not remembered.
    pub fn placed(
        &self,
        definition: &Arc<Definition>,
        package: &LockedPackage,
        work_out: impl FnOnce() -> Result<Placed, EngineError>,
    ) -> Result<Arc<Placed>, EngineError> {
        let tree = &package.archive.sha256;
        let known = self.memory().trees.get(tree).and_then(|entry| {
            let outcome = entry.placed.as_ref().filter(|outcome| outcome.is_for(definition, package));
            Some(outcome?.placed.clone())
        });
        if let Some(placed) = known {
            return Ok(placed);
        }
        let placed = Arc::new(work_out()?);
        if let Some(entry) = self.memory().trees.get_mut(tree) {
            let (definition, id, recipe) = (definition.clone(), package.id.clone(), package.recipe.clone());
            entry.placed = Some(Outcome { definition, id, recipe, placed: placed.clone() });
        }
        Ok(placed)
    }

    /// Whether something is remembered of a tree.
    pub fn knows(&self, tree: &Sha256) -> bool {
        self.memory().trees.contains_key(tree)
    }

    /// Forgets a tree that is unpacked anew.
    pub fn forget_tree(&self, tree: &Sha256) {
        let mut memory = self.memory();
        if let Some(entry) = memory.trees.remove(tree) {
            memory.files -= entry.list.files().len();
        }
    }

    /// Forgets what nobody wanted to know again since then.
    pub fn forget(&self, before: Instant) {
        let mut memory = self.memory();
        memory.trees.retain(|_, entry| entry.at >= before);
        memory.files = memory.trees.values().map(|entry| entry.list.files().len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use muster_domain::{Archive, Kind, Side, SourceId, Version, Vouched};
    use muster_games::Library;
    use muster_package::FileEntry;

    use super::*;

    fn tree(byte: u8) -> Sha256 {
        Sha256([byte; 32])
    }

    fn list(files: usize) -> TreeList {
        let entry = |number: usize| FileEntry {
            path: format!("mod/{number}").parse().expect("a path"),
            size: 1,
            sha256: tree(0),
        };
        TreeList::Foreign((0..files).map(entry).collect())
    }

    fn package(id: &str, byte: u8) -> LockedPackage {
        LockedPackage {
            source: SourceId::registry(&tree(0)),
            id: id.parse().expect("an id"),
            version: Version::semver("1.0.0").expect("a version"),
            kind: Kind(Kind::MOD.into()),
            archive: Archive { sha256: tree(byte), size: 1 },
            vouched: Vouched::Source,
            publisher_key: None,
            wished: true,
            enabled: true,
            rank: None,
            held: None,
            side: Side::Both,
            needs: Vec::new(),
            recipe: None,
        }
    }

    fn unread() -> Result<TreeList, EngineError> {
        panic!("it is remembered")
    }

    #[test]
    fn a_tree_is_read_once_and_again_after_it_was_forgotten() {
        let unpacked = Unpacked::default();
        let first = unpacked.list(&tree(1), || Ok(list(3))).expect("reads");
        assert!(Arc::ptr_eq(&first, &unpacked.list(&tree(1), unread).expect("remembers")));
        unpacked.forget(Instant::now() - Duration::from_secs(60));
        unpacked.list(&tree(1), unread).expect("it was asked for since");
        unpacked.forget_tree(&tree(1));
        assert_eq!(unpacked.list(&tree(1), || Ok(list(2))).expect("reads").files().len(), 2);
        unpacked.forget(Instant::now() + Duration::from_secs(1));
        assert_eq!(unpacked.list(&tree(1), || Ok(list(1))).expect("reads").files().len(), 1);
        assert_eq!(unpacked.memory().files, 1);
    }

    #[test]
    fn more_files_than_there_is_room_for_make_all_forgotten() {
        let unpacked = Unpacked::default();
        unpacked.list(&tree(1), || Ok(list(MOST_FILES))).expect("reads");
        unpacked.list(&tree(2), || Ok(list(1))).expect("reads");
        assert_eq!(unpacked.memory().trees.keys().copied().collect::<Vec<_>>(), [tree(2)]);
        assert_eq!(unpacked.memory().files, 1);
    }

    #[test]
    fn what_decides_where_files_go_is_part_of_the_question() {
        let unpacked = Unpacked::default();
        let library = Library::shipped().expect("shipped");
        let game = |id: &str| library.get(&id.parse().expect("an id")).expect("known").clone();
        let (minetest, valheim) = (game("minetest"), game("valheim"));
        let one = package("ada/one", 1);
        unpacked.list(&tree(1), || Ok(list(1))).expect("reads");
        let ask = |definition: &Arc<Definition>, package: &LockedPackage| {
            let mut is_worked_out = false;
            let placed = unpacked.placed(definition, package, || {
                is_worked_out = true;
                Ok(Placed::default())
            });
            placed.expect("places");
            is_worked_out
        };
        assert!(ask(&minetest, &one));
        assert!(!ask(&minetest, &one));
        assert!(ask(&valheim, &one), "another game");
        assert!(ask(&minetest, &one), "only the last outcome is remembered");
        // The player changed the definition.
        assert!(ask(&Arc::new((*minetest).clone()), &one));
        let mut renamed = one.clone();
        renamed.id = "ada/other".parse().expect("an id");
        assert!(ask(&minetest, &renamed));
        let recipe = Recipe { by: "test".into(), rules: String::new() };
        assert!(ask(&minetest, &LockedPackage { recipe: Some(recipe), ..renamed.clone() }));
        assert!(ask(&minetest, &renamed));
        unpacked.forget_tree(&tree(1));
        assert!(ask(&minetest, &renamed));
        assert!(ask(&minetest, &renamed), "nothing is kept of a tree that is not known");
    }
}
