//! Every row of CKAN's real index: it reads, it says what the data's own notes say, and its stanzas place files.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read shared samples and may panic")]

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    path::PathBuf,
};

use muster_adapters::{
    Error,
    ckan::{Finding, Integrity, Module, ModuleKind, Selection, Stanza, Status, place},
};
use muster_domain::PortablePath;
use proptest::{
    prelude::Strategy as _,
    strategy::ValueTree as _,
    string::string_regex,
    test_runner::{Config, TestRunner},
};

/// The index, if the shared samples are beside this repository.
fn index() -> Option<String> {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ckan/ckan-index.jsonl.zst");
    let Ok(packed) = std::fs::read(&path) else {
        println!("skipped: the shared index is not here ({})", path.display());
        return None;
    };
    Some(String::from_utf8(zstd::decode_all(packed.as_slice()).unwrap()).unwrap())
}

fn modules(index: &str) -> impl Iterator<Item = Module> {
    index.lines().map(|line| match Module::parse(line.as_bytes()) {
        Ok(module) => module,
        Err(error) => panic!("{error}: {line}"),
    })
}

#[test]
fn every_row_of_the_real_index_reads() {
    let Some(index) = index() else { return };
    let (mut rows, mut strong, mut extensions, mut stanzas, mut testing) = (0, 0, 0, 0, 0);
    let (mut depends, mut bounded, mut choices, mut shared) = (0, 0, 0, 0);
    let mut identifiers = BTreeSet::new();
    for module in modules(&index) {
        rows += 1;
        strong += usize::from(matches!(module.integrity, Integrity::Strong(_)));
        extensions += usize::from(module.kind == ModuleKind::Extension);
        testing += usize::from(module.status == Status::Testing);
        stanzas += module.install.len();
        shared += usize::from(module.may_be_passed_on());
        depends += module.depends.iter().filter(|relation| relation.any_of.len() == 1).count();
        bounded += module.depends.iter().filter(|r| r.any_of.iter().any(|n| !n.bounds.is_any())).count();
        choices += module.depends.iter().filter(|relation| relation.any_of.len() > 1).count();
        assert!(
            module.kind == ModuleKind::Extension || !module.downloads.is_empty(),
            "{}",
            module.identifier
        );
        assert!(!module.name.is_empty() && !module.licenses.is_empty());
        identifiers.insert(module.identifier);
    }
    assert_eq!((rows, identifiers.len(), strong, extensions), (30_560, 3_576, 30_423, 34));
    assert_eq!((stanzas, testing), (28_794, 248));
    assert_eq!((bounded, depends + choices), (5_743, 51_087));
    println!("{choices} choices; {shared} of {rows} may be passed on");
}

/// A name that the expression finds, made by turning the expression around.
fn name_for(pattern: &str, runner: &mut TestRunner) -> Option<String> {
    let plain = pattern.trim_start_matches("(?i)").trim_start_matches('^').trim_end_matches('$');
    let strategy = string_regex(&plain.replace(".*", "[a-z]{1,4}").replace(".+", "[a-z]{1,4}")).ok()?;
    (0..20).find_map(|_| {
        let text = strategy.new_tree(runner).ok()?.current();
        let text = if text.len() < 2 { format!("x{text}") } else { text };
        text.parse::<PortablePath>().ok().map(|path| path.to_string())
    })
}

/// Files for which the stanza must find something, and the file that must be among what it takes.
fn files_for(stanza: &Stanza, number: usize, runner: &mut TestRunner) -> Option<Vec<String>> {
    let (root, is_file) = match &stanza.finding {
        Finding::File(path) => (path.clone(), path.rsplit('/').next()?.contains('.')),
        Finding::Find { name, or_file } => (format!("Top-1.0/{name}"), *or_file),
        Finding::FindRegexp { pattern, or_file } => {
            (format!("Top-1.0/{}", name_for(pattern, runner)?), *or_file)
        }
    };
    let leaf = match &stanza.selection {
        Selection::AllBut { .. } => format!("part-{number}.cfg"),
        Selection::Only { names, .. } => format!("{}/part-{number}.cfg", names.first()?),
    };
    Some(vec![if is_file { root } else { format!("{root}/{leaf}") }, "Top-1.0/about-this-archive".into()])
}

#[test]
fn every_stanza_of_the_real_index_places_files_below_its_place() {
    let Some(index) = index() else { return };
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    // Most mods have the same stanzas in every version.
    let mut seen = HashSet::new();
    let mut tried = 0;
    for module in modules(&index).filter(|module| module.kind == ModuleKind::Package) {
        for (number, stanza) in module.stanzas().into_iter().enumerate() {
            if !seen.insert(stanza.clone()) {
                continue;
            }
            let written = Stanza::to_json(std::slice::from_ref(&stanza));
            assert_eq!(
                Stanza::parse_list(&module.identifier, &written).unwrap(),
                std::slice::from_ref(&stanza),
                "{written}"
            );
            let files = files_for(&stanza, number, &mut runner).unwrap_or_default();
            let Ok(files) = files.iter().map(|file| file.parse()).collect::<Result<Vec<PortablePath>, _>>()
            else {
                // A folder with a space at its end cannot be unpacked on every system: nothing is placed from it.
                *left_out.entry("names that are not portable".into()).or_default() += 1;
                continue;
            };
            if files.is_empty() {
                *left_out.entry(format!("{:?}", stanza.finding)).or_default() += 1;
                continue;
            }
            tried += 1;
            match place(&module.identifier, std::slice::from_ref(&stanza), &files) {
                Ok(placed) => {
                    assert!(
                        placed.iter().all(|file| file.base == stanza.target.base),
                        "{stanza:?} {placed:?}"
                    );
                    let below = stanza.target.folder.as_ref().map_or("", PortablePath::as_str);
                    assert!(placed.iter().all(|file| file.path.as_str().starts_with(below)), "{placed:?}");
                    let is_renamed =
                        |name: &str| placed.iter().all(|file| file.path.parts().any(|p| p == name));
                    assert!(stanza.rename.as_deref().is_none_or(is_renamed), "{stanza:?} {placed:?}");
                }
                // The one file that was made up is one that the stanza's own filter leaves out.
                Err(Error::NoMatch { .. }) => {
                    *left_out.entry(format!("{:?}", stanza.selection)).or_default() += 1;
                }
                Err(error) => panic!("{error}: {stanza:?} {files:?}"),
            }
        }
    }
    println!("{tried} stanzas tried; none could be made up for: {left_out:#?}");
    let left_out: usize = left_out.values().sum();
    assert!(left_out * 100 < tried, "{left_out} of {tried}");
}
