//! The test vectors beside every shipped game definition.

use std::collections::BTreeMap;

use muster_deploy::{PackageFiles, TreeFile, place_files};
use muster_domain::{Coded as _, PortablePath, Sha256};
use muster_games::{Library, Vector, shipped_vectors};

fn check(library: &Library, game: &muster_domain::GameId, vector: &Vector) {
    let definition = library.get(game).expect("known");
    let payload: PortablePath = "files".parse().expect("path");
    // As in our own packages: the payload lies in a folder, and the manifest outside it.
    let mut files =
        vec![TreeFile { path: "manifest.yaml".parse().expect("path"), size: 1, sha256: Sha256([0; 32]) }];
    let mut texts = BTreeMap::new();
    for file in &vector.files {
        let path = payload.join(file.path()).expect("path");
        files.push(TreeFile { path: path.clone(), size: file.text().len() as u64, sha256: Sha256([1; 32]) });
        texts.insert(path, file.text().as_bytes().to_vec());
    }
    let package = PackageFiles {
        name: &vector.package,
        payload: Some(&payload),
        files: &files,
        text: &|path| texts.get(path).cloned(),
        rules: &[],
        config: &[],
    };
    match (place_files(definition, &package), &vector.refused) {
        (Err(error), refused) => assert_eq!(Some(error.code()), refused.as_deref(), "{}", vector.about),
        (Ok(placed), None) => {
            let found: BTreeMap<PortablePath, (String, PortablePath)> = placed
                .placements
                .iter()
                .map(|p| (p.from.strip_prefix("files").expect("payload"), (p.place.clone(), p.path.clone())))
                .collect();
            let expected = vector
                .placed
                .iter()
                .map(|(from, to)| (from.clone(), (to.place.clone(), to.path.clone())))
                .collect();
            assert_eq!(found, expected, "{}", vector.about);
            let names: Vec<&str> = placed.all_names().collect();
            assert_eq!(names, vector.names, "{}", vector.about);
        }
        (Ok(placed), Some(refused)) => panic!("{}: {refused} expected, {placed:?} found", vector.about),
    }
}

#[test]
fn packages_go_where_the_definitions_say() {
    let library = Library::shipped().expect("shipped");
    for (game, vectors) in shipped_vectors().expect("vectors") {
        vectors.vectors.iter().for_each(|vector| check(&library, &game, vector));
    }
}
