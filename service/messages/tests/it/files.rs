//! The message files themselves, also those of the window: complete, equal in every language, without mistakes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};
use muster_messages::{Language, Messages, sources};

/// By message id: the file it is in, and the values it uses.
type Ids = BTreeMap<String, (String, BTreeSet<String>)>;

fn folder(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(language)
}

/// Read by the window only, and not built in here.
fn is_of_the_window(file: &str) -> bool {
    file.starts_with("ui-") && file != "ui-reasons.ftl"
}

fn files(language: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder(language)).expect("folder").map(|entry| entry.expect("entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "ftl"));
    files.sort();
    files
}

fn ids(language: &str) -> Ids {
    let mut ids = Ids::new();
    for file in files(language) {
        let name = file.file_name().expect("name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("text");
        let resource = parser::parse(text.as_str())
            .unwrap_or_else(|(_, errors)| panic!("{language}/{name}: {errors:?}"));
        for entry in &resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut values = BTreeSet::new();
            let patterns =
                message.value.iter().chain(message.attributes.iter().map(|attribute| &attribute.value));
            patterns.for_each(|pattern| in_pattern(pattern, &mut values));
            let id = message.id.name.to_owned();
            if let Some((other, _)) = ids.insert(id.clone(), (name.clone(), values)) {
                panic!("{language}: {id} is in {other} and in {name}");
            }
        }
    }
    ids
}

fn in_pattern(pattern: &Pattern<&str>, values: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, values);
        }
    }
}

fn in_expression(expression: &Expression<&str>, values: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, values),
        Expression::Select { selector, variants } => {
            in_inline(selector, values);
            variants.iter().for_each(|variant| in_pattern(&variant.value, values));
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, values: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            values.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| in_inline(argument, values));
        }
        InlineExpression::Placeable { expression } => in_expression(expression, values),
        _ => {}
    }
}

#[test]
fn every_message_is_in_every_language_with_the_same_values() {
    let (english, german) = (ids("en"), ids("de"));
    let missing: Vec<_> = english.keys().filter(|id| !german.contains_key(*id)).collect();
    assert!(missing.is_empty(), "not in German: {missing:?}");
    let extra: Vec<_> = german.keys().filter(|id| !english.contains_key(*id)).collect();
    assert!(extra.is_empty(), "not in English: {extra:?}");
    for (id, (file, values)) in &english {
        assert_eq!(&german[id], &(file.clone(), values.clone()), "{id}: file and values differ");
    }
}

#[test]
fn every_error_has_a_sentence_and_a_hint() {
    for (id, (file, _)) in ids("en").iter().filter(|(id, _)| id.starts_with("error-")) {
        assert!(file.starts_with("errors-") || file.starts_with("ui-"), "{id} does not belong into {file}");
        let other = match id.strip_suffix("-hint") {
            Some(error) => error.to_owned(),
            None => format!("{id}-hint"),
        };
        assert!(ids("en").contains_key(&other), "{id} without {other}");
    }
}

#[test]
fn names_and_words_follow_the_house() {
    for language in ["en", "de"] {
        for (id, (file, _)) in ids(language) {
            let is_plain = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            assert!(is_plain, "{file}: {id} is not kebab-case");
        }
        for file in files(language) {
            let text = fs::read_to_string(&file).expect("text");
            for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
                let words = line.split_once(" = ").map_or(line, |(_, words)| words).to_lowercase();
                for banned in ["swarm", "leecher", "webseed", "schwarm"] {
                    assert!(!words.contains(banned), "{}: {line}", file.display());
                }
                assert!(!words.contains('!'), "{}: {line}", file.display());
            }
        }
    }
}

#[test]
fn every_file_but_the_windows_is_built_in() {
    for (language, name) in [(Language::English, "en"), (Language::German, "de")] {
        let on_disk: Vec<String> = files(name)
            .iter()
            .map(|file| file.file_name().expect("name").to_string_lossy().into_owned())
            .filter(|name| !is_of_the_window(name))
            .collect();
        let built_in: Vec<&str> = sources(language).iter().map(|(name, _)| *name).collect();
        assert_eq!(built_in, on_disk);
    }
}

#[test]
fn every_message_can_be_written_in_every_language() {
    for language in Language::ALL {
        let messages = Messages::new(language);
        for (id, (file, values)) in ids("en") {
            if is_of_the_window(&file) {
                continue;
            }
            for value in ["1", "5", "any", "Some-Mod"] {
                let values: Vec<(&str, String)> =
                    values.iter().map(|name| (name.as_str(), value.to_owned())).collect();
                let text = messages.text(&id, &values);
                assert!(!text.is_empty() && text != id, "{language:?} {id}");
                assert!(!text.contains("{$") && !text.contains("SIZE("), "{language:?} {id}: {text}");
            }
        }
    }
}
