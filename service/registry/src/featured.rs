//! What a registry features: packages of its own, in its order, each with a sentence.
//!
//! The list is one signed target of the online role ([`layout::FEATURED_PATH`](crate::layout::FEATURED_PATH)). It is for
//! looking only: it adds trust to nothing, changes no order of results that anybody asked for, and can name nothing but
//! packages of the registry that signs it. The key that may list a package in the catalogue anyway is enough for it.
//!
//! Reading is total and bounded: what is not understood of a list is left out, and so is what a list has too much of.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::{GameId, PublishedName, clean_line};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Error, Result, json};

const KIND: &str = "muster-featured";
const FORMAT: u64 = 1;
/// Bytes of the file of featured packages.
pub const MAX_FEATURED_FILE: u64 = 256 * 1024;
/// Picks of one registry.
pub const MAX_PICKS: usize = 200;
/// Characters of the sentence that players read.
const MAX_TEXT: usize = 160;
const FILE: &str = "featured.json";

/// One package that a registry features.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pick {
    /// Of the registry that says so; nobody can feature what is somebody else's.
    pub package: PublishedName,
    /// Why, in one line of at most 160 characters; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// For players of this game only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub game: Option<GameId>,
    /// Not from this moment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Pick {
    /// Whether it counts now, for players of a game; without one, of any.
    pub fn holds(&self, now: Timestamp, game: Option<&str>) -> bool {
        let is_for = |wanted: &GameId| game.is_none_or(|game| wanted.as_str() == game);
        self.until.is_none_or(|until| now < until) && self.game.as_ref().is_none_or(is_for)
    }

    /// Package and game, which one list names together only once.
    fn place(&self) -> (PublishedName, Option<GameId>) {
        (self.package.clone(), self.game.clone())
    }
}

/// Reads a file of featured packages: the first [`MAX_PICKS`] of it, each once.
///
/// # Errors
/// [`Error::TooLarge`] or [`Error::Malformed`] for the file as a whole; a pick that cannot be read is left out.
pub fn parse_featured(bytes: &[u8]) -> Result<Vec<Pick>> {
    if bytes.len() as u64 > MAX_FEATURED_FILE {
        return Err(Error::TooLarge { file: FILE.into(), limit: MAX_FEATURED_FILE });
    }
    let mut file: Value = json::parse(bytes).map_err(|error| Error::malformed(FILE, error.to_string()))?;
    if file["_type"] != KIND || file["format"] != FORMAT {
        return Err(Error::malformed(FILE, "it is of another type or format"));
    }
    let Value::Array(listed) = file["featured"].take() else {
        return Err(Error::malformed(FILE, "it has no list"));
    };
    let mut seen = BTreeSet::new();
    let understood = listed.into_iter().take(MAX_PICKS).filter_map(|pick| {
        let mut pick: Pick = serde_json::from_value(pick).ok()?;
        pick.text = clean_line(&pick.text, MAX_TEXT);
        seen.insert(pick.place()).then_some(pick)
    });
    Ok(understood.collect())
}

/// Writes a file of featured packages, in this order.
///
/// # Errors
/// [`Error::Malformed`] where a sentence is no plain line of at most 160 characters, where a package is there twice for
/// the same game, or where there are more than [`MAX_PICKS`].
pub fn write_featured(picks: &[Pick]) -> Result<Vec<u8>> {
    let refuse = |why: &'static str| Err(Error::malformed(FILE, why));
    if picks.iter().any(|pick| pick.text != clean_line(&pick.text, MAX_TEXT)) {
        return refuse("a sentence is one line of at most 160 characters, without invisible ones");
    }
    let mut seen = BTreeSet::new();
    if !picks.iter().all(|pick| seen.insert(pick.place())) {
        return refuse("a package is featured twice for the same game");
    }
    if picks.len() > MAX_PICKS {
        return refuse("there are more than 200 featured packages");
    }
    let file = json!({ "_type": KIND, "format": FORMAT, "featured": picks });
    serde_json::to_vec_pretty(&file).map_err(|error| Error::malformed(FILE, error.to_string()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pick(package: &str, text: &str) -> Pick {
        Pick { package: package.parse().expect("a name"), text: text.into(), game: None, until: None }
    }

    fn file(list: Value) -> Vec<u8> {
        json!({ "_type": KIND, "format": FORMAT, "featured": list }).to_string().into_bytes()
    }

    #[test]
    fn a_list_reads_back_in_its_order_and_leaves_out_what_it_does_not_know() {
        let until = Some("2026-12-24T00:00:00Z".parse().expect("a time"));
        let list = [
            Pick { game: Some("minetest".parse().expect("a game")), until, ..pick("bobby/rocks", "Heavy.") },
            pick("alice/trees", ""),
        ];
        let bytes = write_featured(&list).expect("written");
        assert_eq!(parse_featured(&bytes).expect("read"), list);
        let mut changed: Value = serde_json::from_slice(&bytes).expect("JSON");
        let rows = changed["featured"].as_array_mut().expect("a list");
        rows[0]["colour"] = "red".into();
        rows.push(json!({ "package": "../../etc" }));
        rows.push(json!(7));
        rows.push(rows[1].clone());
        assert_eq!(parse_featured(&serde_json::to_vec(&changed).expect("JSON")).expect("read"), list);
    }

    #[test]
    fn a_list_without_measure_is_cut_and_one_without_end_refused() {
        let many: Vec<Value> = (0..2_000).map(|n| json!({ "package": format!("alice/p{n}") })).collect();
        let read = parse_featured(&file(many.into())).expect("read");
        assert_eq!(read.len(), MAX_PICKS);
        assert_eq!(read[MAX_PICKS - 1].package.to_string(), format!("alice/p{}", MAX_PICKS - 1));
        let huge: Vec<Value> =
            (0..10_000).map(|n| json!({ "package": format!("alice/package{n}") })).collect();
        let refused = parse_featured(&file(huge.into())).expect_err("too large");
        assert!(matches!(refused, Error::TooLarge { .. }), "{refused}");
        let long = file(json!([{ "package": "alice/trees", "text": "x".repeat(100_000) }]));
        assert_eq!(parse_featured(&long).expect("read")[0].text.len(), MAX_TEXT);
    }

    #[test]
    fn nobody_signs_what_readers_would_change() {
        for bad in [
            vec![pick("alice/trees", "two\nlines")],
            vec![pick("alice/trees", &"x".repeat(161))],
            vec![pick("alice/trees", "a"), pick("alice/trees", "b")],
            (0..201).map(|n| pick(&format!("alice/p{n}"), "")).collect(),
        ] {
            assert!(write_featured(&bad).is_err());
        }
        for bad in ["{}", "[]", r#"{"_type":"muster-featured","format":2,"featured":[]}"#, "x"] {
            assert!(parse_featured(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_pick_holds_until_its_end_and_for_its_game() {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().expect("a time");
        let one = Pick {
            game: Some("minetest".parse().expect("a game")),
            until: Some(now),
            ..pick("alice/trees", "")
        };
        let before: Timestamp = "2026-11-28T11:59:59Z".parse().expect("a time");
        assert!(!one.holds(now, Some("minetest")), "its end is not part of it");
        assert!(one.holds(before, Some("minetest")) && one.holds(before, None));
        assert!(!one.holds(before, Some("saltmere")));
        assert!(pick("alice/trees", "").holds(now, Some("saltmere")));
    }

    proptest! {
        #[test]
        fn reading_is_total(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse_featured(&bytes);
        }

        #[test]
        fn what_is_read_is_plain_and_may_be_signed_again(
            texts in prop::collection::vec("\\PC{0,200}|[\\x00-\\x1f\u{202e}a]{0,9}", 0..5),
        ) {
            let list: Vec<Value> = texts.iter().enumerate()
                .map(|(n, text)| json!({ "package": format!("alice/p{n}"), "text": text })).collect();
            let read = parse_featured(&file(list.into())).expect("a list");
            prop_assert_eq!(read.len(), texts.len());
            prop_assert_eq!(parse_featured(&write_featured(&read).expect("written")).expect("read"), read);
        }
    }
}
