//! Every sentence that this program asks for is there.

use std::{fs, path::Path};

use muster_messages::{Language, Messages};

/// All Rust sources of this program as one text, without their tests.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            text.push_str(&sources(&path));
        } else if name.ends_with(".rs") && name != "tests.rs" && name != "words.rs" {
            let source = fs::read_to_string(&path).unwrap();
            text.push_str(source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default());
        }
    }
    text
}

/// What stands between double quotes.
fn literals(source: &str) -> impl Iterator<Item = &str> {
    source
        .split('"')
        .filter(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
}

fn has_error(words: &Messages, code: &str) -> bool {
    words.has(&format!("error-{code}")) && words.has(&format!("error-{code}-hint"))
}

#[test]
fn every_message_that_is_named_in_the_source_exists() {
    let source = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let words = Messages::new(Language::English);
    let areas = ["cli-", "job-phase-", "cause-", "notice-", "reason-"];
    let named: Vec<&str> =
        literals(&source).filter(|text| areas.iter().any(|area| text.starts_with(area))).collect();
    assert!(named.len() > 80, "{}", named.len());
    let unknown: Vec<_> = named.iter().filter(|id| !words.has(id) && !has_error(&words, id)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn every_failure_has_a_sentence_and_a_hint() {
    let source = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let words = Messages::new(Language::English);
    let codes: Vec<&str> = source
        .split("Failure::new(")
        .skip(1)
        .filter_map(|rest| literals(&rest[..rest.len().min(80)]).next())
        .collect();
    assert!(codes.len() > 20, "{codes:?}");
    let unknown: Vec<_> = codes.iter().filter(|code| !has_error(&words, code)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn every_way_not_to_reach_the_service_has_a_sentence_and_a_hint() {
    let words = Messages::new(Language::English);
    let unknown: Vec<_> = muster_client::CODES.iter().filter(|code| !has_error(&words, code)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn every_state_and_relation_that_the_api_names_has_a_word() {
    use muster_api::ServiceState::{Attention, Idle, Paused, Sharing, Working};
    let words = Messages::new(Language::English);
    for state in [Idle, Working, Sharing, Paused, Attention] {
        let name = serde_json::to_value(state).unwrap();
        assert!(words.has(&format!("cli-state-{}", name.as_str().unwrap())), "{name}");
    }
    for relation in ["depends", "recommends", "suggests", "conflicts"] {
        assert!(words.has(&format!("cli-show-{relation}")), "{relation}");
    }
}
