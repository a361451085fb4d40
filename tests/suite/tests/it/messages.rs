//! Whatever a program can say by a code, people read as a sentence, in every language.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use muster_messages::{Language, sources};
use muster_suite::root;

const LANGUAGES: [Language; 2] = [Language::English, Language::German];

/// Ids of all messages of a language.
fn ids(language: Language) -> BTreeSet<&'static str> {
    let lines = sources(language).iter().flat_map(|(_, text)| text.lines());
    let ids = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    ids.filter_map(|line| line.split_once('=')).map(|(id, _)| id.trim()).collect()
}

fn assert_there(wanted: impl IntoIterator<Item = String>) {
    let wanted: BTreeSet<String> = wanted.into_iter().collect();
    assert!(!wanted.is_empty());
    let missing: BTreeMap<_, Vec<_>> = LANGUAGES
        .iter()
        .map(|language| {
            let ids = ids(*language);
            (language.tag(), wanted.iter().filter(|id| !ids.contains(id.as_str())).collect())
        })
        .collect();
    assert!(missing.values().all(Vec::is_empty), "messages are missing: {missing:#?}");
}

/// Rust files of a crate without their tests.
fn code(krate: &str) -> String {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            let is_test = path.file_stem().is_some_and(|name| name == "tests");
            if path.is_dir() && !is_test {
                collect(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs") && !is_test {
                found.push(path);
            }
        }
    }
    let mut files = Vec::new();
    collect(&root().join("service").join(krate).join("src"), &mut files);
    let text = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("a file");
        text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
    };
    files.iter().map(text).collect()
}

/// The first text after each mark, where it comes before the statement's end.
fn texts_after(code: &str, mark: &str) -> BTreeSet<String> {
    let calls = code.split(mark).skip(1);
    let texts = calls.filter_map(|call| {
        let arguments = &call[..call.find([';', ')'])?];
        let text = arguments.split('"').nth(1)?;
        let is_code = !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        is_code.then(|| text.to_owned())
    });
    texts.collect()
}

fn sentence_and_hint<'a>(codes: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    codes.into_iter().flat_map(|code| [format!("error-{code}"), format!("error-{code}-hint")]).collect()
}

#[test]
fn every_error_of_every_crate_has_a_sentence_and_a_hint() {
    let all = [
        muster_adapters::CODES,
        muster_cache::Error::CODES,
        muster_catalog::Error::CODES,
        muster_client::CODES,
        muster_deploy::CODES,
        muster_domain::LinkError::CODES,
        muster_domain::LockError::CODES,
        muster_domain::PathError::CODES,
        muster_engine::CODES,
        muster_engine::PACK_CODES,
        muster_engine::LOBBY_CODES,
        muster_engine::SAVES_CODES,
        muster_engine::SOURCE_CODES,
        muster_fsx::CODES,
        muster_games::CODES,
        muster_keyring::CODES,
        muster_package::CODES,
        muster_registry::CODES,
        muster_resolver::Explanation::CODES,
        muster_store::Error::CODES,
        muster_transfer::CODES,
    ];
    assert_there(sentence_and_hint(all.into_iter().flatten().copied()));
}

#[test]
fn every_refusal_of_the_service_and_the_terminal_has_a_sentence() {
    let mut codes = texts_after(&code("daemon"), "Failure::new(");
    codes.extend(texts_after(&code("cli"), "Failure::new("));
    assert!(codes.contains("api-browser") && codes.contains("cli-needs-yes"), "{codes:?}");
    assert_there(codes.iter().map(|code| format!("error-{code}")));
}

#[test]
fn every_reason_that_is_shown_has_a_sentence() {
    let waits = muster_transfer::queue::Wait::CODES.iter().map(|code| format!("reason-{code}"));
    let holds = muster_engine::manners::codes().map(|code| format!("reason-{code}"));
    let offers = muster_engine::NotOffered::CODES.iter().map(|code| format!("reason-{code}"));
    assert_there(waits.chain(holds).chain(offers));
    // What the engine calls a reason is a cause in a history, a notice before a change, or why something is held back.
    let engine = code("engine");
    let known: Vec<_> = LANGUAGES.iter().map(|language| ids(*language)).collect();
    for reason in texts_after(&engine, "Reason::new(") {
        let forms = ["reason", "cause", "notice"].map(|kind| format!("{kind}-{reason}"));
        for ids in &known {
            assert!(forms.iter().any(|id| ids.contains(id.as_str())), "no sentence for {reason}");
        }
    }
}

#[test]
fn every_reason_of_an_order_has_a_sentence() {
    let codes = muster_deploy::OrderReason::CODES.iter().chain(muster_deploy::WinReason::CODES);
    assert_there(codes.map(|code| (*code).to_owned()));
}

#[test]
fn every_cause_in_a_history_has_a_sentence() {
    let causes = [
        "install",
        "remove",
        "update",
        "enable",
        "disable",
        "quarantine",
        "hold",
        "unhold",
        "order",
        "undo",
        "repair",
        "created",
        "activate",
        "clone",
        "vanilla",
        "keep-mine",
        "keep-theirs",
        "keep-both",
    ];
    assert_there(causes.iter().map(|cause| format!("cause-{cause}")));
}

#[test]
fn every_fact_of_an_explanation_has_a_sentence() {
    let facts = muster_resolver::FACT_CODES.iter().map(|fact| format!("explain-{fact}"));
    assert_there(facts.chain(muster_resolver::FIX_CODES.iter().map(|fix| format!("fix-{fix}"))));
}

#[test]
fn languages_have_the_same_messages() {
    let [english, german] = LANGUAGES.map(ids);
    let different: Vec<_> = english.symmetric_difference(&german).collect();
    assert!(different.is_empty(), "{different:?}");
}
