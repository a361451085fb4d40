//! Whole sentences, as people read them.

use std::collections::BTreeMap;

use muster_messages::{Explanation, Language, Messages};

fn context(values: &[(&str, &str)]) -> BTreeMap<String, String> {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn fact(code: &str, values: &[(&str, &str)], because: Vec<Explanation>) -> Explanation {
    Explanation { code: code.to_owned(), context: context(values), because, fixes: Vec::new() }
}

fn two_at_odds() -> Explanation {
    let needs = |package, range| {
        let values = [("package", package), ("versions", "any"), ("dependency", "p/wood"), ("range", range)];
        vec![fact("needs", &values, vec![])]
    };
    let mut root = fact(
        "impossible",
        &[("packages", "p/house, p/trees")],
        vec![
            fact("wished", &[("package", "p/house"), ("range", "any")], needs("p/house", "^2")),
            fact("wished", &[("package", "p/trees"), ("range", "^1.2")], needs("p/trees", "^1")),
            fact("no-common-version", &[("package", "p/wood")], vec![]),
        ],
    );
    root.fixes = vec![
        ("leave-out".to_owned(), context(&[("packages", "p/house")])),
        ("leave-out".to_owned(), context(&[("packages", "p/trees")])),
    ];
    root
}

#[test]
fn an_explanation_is_one_paragraph_with_the_ways_out_below() {
    assert_eq!(
        Messages::new(Language::English).explain(&two_at_odds()),
        "p/house, p/trees cannot be installed as asked. You want p/house. p/house needs p/wood ^2. \
         You want p/trees in version ^1.2. p/trees needs p/wood ^1. No version of p/wood suits all of them.\n\
         One of these would help:\n• do without p/house.\n• do without p/trees."
    );
    let mut one_way = two_at_odds();
    one_way.fixes.truncate(1);
    let german = Messages::new(Language::German).explain(&one_way);
    assert!(german.ends_with("\nDas würde helfen: auf p/house verzichten."), "{german}");
}

#[test]
fn errors_have_sentences_and_unknown_codes_their_fallback() {
    let english = Messages::for_tag("en");
    let values = context(&[("needed", "480000000"), ("available", "1200000")]);
    let text = english.error_text("cache-no-space", &values, "fallback").replace('\u{a0}', " ");
    assert_eq!(text, "The disk is too full: 480 MB are needed, 1.2 MB are free.");
    let text =
        Messages::for_tag("de-CH").error_text("cache-no-space", &values, "fallback").replace('\u{a0}', " ");
    assert_eq!(text, "Der Datenträger ist zu voll: 480 MB sind nötig, 1,2 MB sind frei.");
    assert!(english.hint_text("cache-no-space", &values).expect("hint").starts_with("Nothing was written."));
    assert_eq!(english.error_text("not-yet-known", &values, "fallback"), "fallback");
    assert_eq!(english.hint_text("not-yet-known", &values), None);
    assert_eq!(english.text("no-such-id", &[]), "no-such-id");
}

#[test]
fn numbers_take_part_in_plurals_and_version_like_text_stays_as_it_is() {
    let english = Messages::new(Language::English);
    assert_eq!(english.text("tray-working", &[("jobs", "1".into())]), "Working on 1 change");
    assert_eq!(english.text("tray-working", &[("jobs", "12".into())]), "Working on 12 changes");
    assert_eq!(english.text("tray-working", &[("jobs", "0".into())]), "Downloading");
    for version in ["1.10", "007", "18446744073709551615", "2048"] {
        let values = [("package", "trees".to_owned()), ("version", version.to_owned())];
        assert_eq!(english.text("explain-pinned", &values), format!("You want exactly trees {version}."));
    }
}

#[test]
fn pseudo_languages_are_made_from_english() {
    let long = Messages::new(Language::PseudoLong);
    assert_eq!(long.text("tray-quit", &[]), "⟦Qüüíít⟧");
    assert_eq!(long.text("cli-list-empty", &[("profile", "Main".into())]).matches("Main").count(), 1);
    let mirrored = Messages::for_tag("en-x-rtl").text("tray-quit", &[]);
    assert_eq!(mirrored, "\u{202e}Quit\u{202c}");
}
