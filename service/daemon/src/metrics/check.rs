//! A strict reader of the text format and of the house rules for names, for tests.

use std::collections::{BTreeMap, BTreeSet};

/// Reads a text, or panics at what is wrong with it. Gives the value of every sample by its name and labels.
pub fn check(text: &str) -> BTreeMap<String, f64> {
    assert!(text.ends_with('\n'), "the last line has an end");
    let mut samples = BTreeMap::new();
    let mut families: BTreeSet<&str> = BTreeSet::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let help =
            line.strip_prefix("# HELP ").unwrap_or_else(|| panic!("a family begins with help: {line}"));
        let (name, words) = help.split_once(' ').unwrap_or_else(|| panic!("help has words: {line}"));
        assert!(!words.trim().is_empty() && families.insert(name), "{name} twice, or without help");
        let kind = lines.next().and_then(|line| line.strip_prefix(&format!("# TYPE {name} ")));
        let kind = kind.unwrap_or_else(|| panic!("a type follows the help of {name}"));
        check_name(name, kind);
        let before = samples.len();
        while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
            let (sample, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("name and value: {line}"));
            let value: f64 = value.parse().unwrap_or_else(|_| panic!("a number: {line}"));
            assert!(value.is_finite() && value >= 0.0, "{line}");
            check_sample(sample, name);
            assert!(samples.insert(sample.to_owned(), value).is_none(), "{sample} twice");
        }
        assert!(samples.len() > before, "{name} has no samples");
    }
    samples
}

fn check_name(name: &str, kind: &str) {
    let is_word = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit());
    assert!(is_word && name.starts_with("muster_"), "{name}");
    assert!(matches!(kind, "counter" | "gauge"), "{name}: {kind}");
    assert_eq!(name.ends_with("_total"), kind == "counter", "{name} is a {kind}");
    let units = ["_ms", "_kb", "_mb", "_milliseconds", "_percent", "_hours", "_minutes"];
    assert!(!units.iter().any(|unit| name.ends_with(unit)), "{name} is not in base units");
}

fn check_sample(sample: &str, name: &str) {
    let Some(labels) = sample.strip_prefix(name).filter(|labels| !labels.is_empty()) else {
        assert_eq!(sample, name, "a sample of another family");
        return;
    };
    let labels = labels.strip_prefix('{').and_then(|labels| labels.strip_suffix('}'));
    let mut rest = labels.unwrap_or_else(|| panic!("labels in braces: {sample}"));
    let mut known = BTreeSet::new();
    while !rest.is_empty() {
        let (label, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("label=\"value\": {sample}"));
        assert!(
            label.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && known.insert(label),
            "{sample}"
        );
        let end = closing_quote(after).unwrap_or_else(|| panic!("a closing quote: {sample}"));
        check_value(&after[..end], sample);
        rest = &after[end + 1..];
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends.then_some(at)
    })
}

/// Label values are words of ours: no path, no address, no hash, no name of a package.
fn check_value(value: &str, sample: &str) {
    let is_version = sample.starts_with("muster_build_info");
    let allowed = |c: char| c.is_ascii_lowercase() || c == '-';
    assert!(is_version || (!value.is_empty() && value.chars().all(allowed)), "{sample}");
}

#[test]
#[should_panic(expected = "is a gauge")]
fn a_gauge_is_not_called_a_total() {
    check("# HELP muster_a_total x\n# TYPE muster_a_total gauge\nmuster_a_total 1\n");
}

#[test]
#[should_panic(expected = "muster_a twice")]
fn a_sample_stands_there_once() {
    check("# HELP muster_a x\n# TYPE muster_a gauge\nmuster_a 1\nmuster_a 2\n");
}

#[test]
#[should_panic(expected = "muster_a{file")]
fn a_path_is_no_label() {
    check("# HELP muster_a x\n# TYPE muster_a gauge\nmuster_a{file=\"/home/x\"} 1\n");
}
