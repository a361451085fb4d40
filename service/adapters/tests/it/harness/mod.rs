//! What must hold for any bytes that a service sends: read or refused, never a panic. Used by the targets in `fuzz/` and, with
//! a fixed budget, by the crate's own tests.
#![allow(dead_code)]

use muster_adapters::{
    Shape,
    ckan::{Identifier, Module, Stanza, place},
    contentdb, modrinth, thunderstore, workshop as steam,
};
use muster_domain::PortablePath;

/// Paths of an archive that the rules of the samples look for.
const FILES: [&str; 7] = [
    "Pack-1.2/GameData/Lantern/lantern.cfg",
    "Pack-1.2/GameData/Lantern/Plugins/Lantern.dll",
    "Pack-1.2/Ships/VAB/Tower.craft",
    "GameData/Other/other.cfg",
    "README.md",
    "mod.conf",
    "textures/größe.png",
];

fn files() -> Vec<PortablePath> {
    FILES.iter().filter_map(|name| name.parse().ok()).collect()
}

/// A row of CKAN's index.
pub fn ckan(bytes: &[u8]) {
    let Ok(module) = Module::parse(bytes) else { return };
    let _ = place(&module.identifier, &module.install, &files());
}

/// Install stanzas, as they are kept with what was installed: files of the archive only, each place once.
pub fn stanzas(bytes: &[u8]) {
    let (Ok(text), Ok(identifier)) = (std::str::from_utf8(bytes), "Lantern".parse::<Identifier>()) else {
        return;
    };
    let Ok(stanzas) = Stanza::parse_list(&identifier, text) else { return };
    let files = files();
    let Ok(placed) = place(&identifier, &stanzas, &files) else { return };
    let mut places: Vec<String> =
        placed.iter().map(|file| format!("{:?} {}", file.base.path(), file.path)).collect();
    let all = places.len();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), all, "two files at one place");
    assert!(placed.iter().all(|file| files.contains(&file.from)));
}

/// A list of packages of a Thunderstore community, or of its pieces.
pub fn thunderstore(bytes: &[u8]) {
    let _ = thunderstore::pieces(bytes);
    for element in thunderstore::elements(bytes).unwrap_or_default() {
        let _ = thunderstore::Package::parse(element);
    }
}

/// ContentDB's answers.
pub fn contentdb(bytes: &[u8]) {
    let _ = contentdb::list(bytes);
    let _ = contentdb::Details::parse(bytes);
    let _ = contentdb::DependencyPage::parse(bytes);
    let _ = contentdb::release_list(bytes);
    if let Ok(recipe) = std::str::from_utf8(bytes) {
        let _ = contentdb::place(recipe, &files());
    }
}

/// Modrinth's answers.
pub fn modrinth(bytes: &[u8]) {
    let _ = modrinth::SearchPage::parse(bytes);
    let _ = modrinth::About::parse(bytes);
    let _ = modrinth::version_list(bytes);
    let Some(recipe) =
        std::str::from_utf8(bytes).ok().and_then(|text| modrinth::FileRecipe::parse(text).ok())
    else {
        return;
    };
    assert_eq!(modrinth::FileRecipe::parse(&recipe.to_text()).ok(), Some(recipe));
}

/// Packs of other managers: the index of a Modrinth pack, the list of an r2modman profile, what lies under a code.
pub fn packs(bytes: &[u8]) {
    if let Ok(pack) = modrinth::Pack::parse(bytes) {
        let mut places: Vec<String> =
            pack.files.iter().map(|file| file.path.to_string().to_lowercase()).collect();
        let all = places.len();
        places.sort();
        places.dedup();
        assert_eq!(places.len(), all, "two files at one place");
    }
    if let Ok(export) = thunderstore::Export::parse(bytes) {
        assert!(!export.name.is_empty());
    }
    let _ = thunderstore::unwrap_profile(bytes);
    let _ = modrinth::files_found(bytes);
    let _ = std::str::from_utf8(bytes).map(str::parse::<thunderstore::ProfileCode>);
}

/// Any answer, held against the shape of every other.
pub fn shapes(bytes: &[u8]) {
    let Ok(answer) = serde_json::from_slice::<serde_json::Value>(bytes) else { return };
    for shape in shapes_of_all() {
        let fields = shape.compare(&answer);
        assert!(!fields.is_empty() && fields.iter().all(|field| field.count <= field.of));
    }
}

fn shapes_of_all() -> [Shape; 5] {
    [
        Module::list_shape(),
        thunderstore::Package::list_shape(),
        contentdb::DependencyPage::shape(),
        modrinth::SearchPage::shape(),
        modrinth::versions_shape(),
    ]
}

/// What Steam and items of its Workshop write on this computer.
pub fn workshop(bytes: &[u8]) {
    if let Ok(items) = steam::items(294_100, bytes) {
        assert!(items.len() <= steam::MAX_ITEMS);
    }
    for file in steam::ABOUT_FILES {
        if let Some(name) = steam::name_in(file, bytes) {
            assert_eq!(muster_domain::clean_line(&name, name.len()), name, "{file}");
        }
    }
}
