//! The search language (`ui.md` §9.3): words, `facet:value`, a leading minus, bounds and a sort. Pure and total.
//!
//! Anything that is not understood is searched as words; parsing what [`Query`] prints gives the same query.

use std::fmt;

use muster_domain::{Platform, Side, clean_line};
use serde::{Deserialize, Serialize};

/// Longest text of a query, in characters; the rest is cut.
const MAX_TEXT: usize = 400;
/// Most conditions that are kept.
const MAX_CONDITIONS: usize = 64;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Plain words; every one of them must be found.
    pub text: String,
    pub conditions: Vec<Condition>,
    /// `None`: best match with text; without, the order of the sources for what they feature, else most downloaded.
    pub sort: Option<Sort>,
}

/// One restriction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub mode: Mode,
    pub test: Test,
}

/// Whether packages that pass are wanted or unwanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Include,
    Exclude,
}

/// What a package must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Has this value; compared without case.
    Facet(Facet, String),
    Installed,
    Updatable,
    /// Its source features it.
    Featured,
    /// Archive size in bytes.
    Size(Comparison, u64),
    /// Days since its last release.
    Updated(Comparison, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Less,
    More,
}

/// What packages are counted and filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Facet {
    Game,
    Kind,
    Tag,
    License,
    Platform,
    Side,
    Channel,
    Publisher,
    Source,
    Disclosure,
}

impl Facet {
    pub const ALL: [Self; 10] = [
        Self::Game,
        Self::Kind,
        Self::Tag,
        Self::License,
        Self::Platform,
        Self::Side,
        Self::Channel,
        Self::Publisher,
        Self::Source,
        Self::Disclosure,
    ];

    /// The word in the language, and the name in `catalog.db`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Game => "game",
            Self::Kind => "kind",
            Self::Tag => "tag",
            Self::License => "license",
            Self::Platform => "platform",
            Self::Side => "side",
            Self::Channel => "channel",
            Self::Publisher => "publisher",
            Self::Source => "source",
            Self::Disclosure => "disclosure",
        }
    }

    /// The facet with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.as_str().eq_ignore_ascii_case(word))
    }

    /// Whether packages that have no value of it have this one: what names no platform runs on all, what names no side is
    /// needed on both.
    pub fn is_meant_by_silence(self, key: &str) -> bool {
        match self {
            Self::Platform => Platform::named(key).is_some(),
            Self::Side => key == Side::Both.as_str(),
            _ => false,
        }
    }

    /// Whether several included values must all be there (a package has many tags), or any one is enough.
    pub fn needs_all(self) -> bool {
        matches!(self, Self::Tag | Self::Disclosure)
    }
}

/// Order of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    Best,
    Downloads,
    New,
    Updated,
    Name,
    /// What moved lately in the sources that count downloads, then the others as [`Sort::Downloads`].
    Trending,
}

impl Sort {
    const ALL: [Self; 6] =
        [Self::Best, Self::Downloads, Self::New, Self::Updated, Self::Name, Self::Trending];

    /// The word in the language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Downloads => "downloads",
            Self::New => "new",
            Self::Updated => "updated",
            Self::Name => "name",
            Self::Trending => "trending",
        }
    }

    /// The sort with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str().eq_ignore_ascii_case(word))
    }
}

impl Query {
    /// Reads the language. Every text is a query.
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        let mut words = Vec::new();
        for token in tokens(&clean_line(text, MAX_TEXT)) {
            if query.take(&token) {
                continue;
            }
            // Quotes around something else than a value mean nothing, but what was inside may be a condition.
            for word in token.replace('"', " ").split_whitespace() {
                if !query.take(word) {
                    words.push(word.to_owned());
                }
            }
        }
        query.text = words.join(" ");
        query
    }

    /// Takes a condition or sort over; anything else is left to the caller.
    fn take(&mut self, token: &str) -> bool {
        match read_token(token) {
            Some(Token::Sort(sort)) => self.sort = Some(sort),
            Some(Token::Condition(condition)) => {
                if self.conditions.len() < MAX_CONDITIONS && !self.conditions.contains(&condition) {
                    self.conditions.push(condition);
                }
            }
            None => return false,
        }
        true
    }
}

enum Token {
    Sort(Sort),
    Condition(Condition),
}

/// Splits at spaces outside double quotes; an unclosed quote reaches to the end.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut token = String::new();
    let mut quoted = false;
    for c in text.chars() {
        if c == '"' {
            quoted = !quoted;
        }
        if c == ' ' && !quoted {
            found.push(std::mem::take(&mut token));
        } else {
            token.push(c);
        }
    }
    found.push(token);
    found.retain(|token| !token.is_empty());
    found
}

fn read_token(token: &str) -> Option<Token> {
    let (mode, rest) = match token.strip_prefix('-') {
        Some(rest) => (Mode::Exclude, rest),
        None => (Mode::Include, token),
    };
    let (key, value) = rest.split_once(':')?;
    let value = value.replace('"', "");
    let value = &*value.split_whitespace().collect::<Vec<_>>().join(" ");
    if value.is_empty() {
        return None;
    }
    if mode == Mode::Include
        && key.eq_ignore_ascii_case("sort")
        && let Some(sort) = Sort::parse(value)
    {
        return Some(Token::Sort(sort));
    }
    let test = read_test(key, value)?;
    Some(Token::Condition(Condition { mode, test }))
}

fn read_test(key: &str, value: &str) -> Option<Test> {
    match key.to_ascii_lowercase().as_str() {
        "is" if value.eq_ignore_ascii_case("installed") => Some(Test::Installed),
        "is" if value.eq_ignore_ascii_case("updatable") => Some(Test::Updatable),
        "is" if value.eq_ignore_ascii_case("featured") => Some(Test::Featured),
        "size" => {
            let (comparison, amount) = read_comparison(value)?;
            Some(Test::Size(comparison, read_bytes(amount)?))
        }
        "updated" => {
            let (comparison, amount) = read_comparison(value)?;
            Some(Test::Updated(comparison, read_days(amount)?))
        }
        key => Facet::parse(key).map(|facet| Test::Facet(facet, value.to_owned())),
    }
}

fn read_comparison(value: &str) -> Option<(Comparison, &str)> {
    if let Some(rest) = value.strip_prefix('<') {
        return Some((Comparison::Less, rest));
    }
    value.strip_prefix('>').map(|rest| (Comparison::More, rest))
}

/// A number and what follows it.
fn read_number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// Units are decimal, as the window shows them.
fn read_bytes(text: &str) -> Option<u64> {
    let (number, unit) = read_number(text)?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" | "k" => 1_000,
        "mb" | "m" => 1_000_000,
        "gb" | "g" => 1_000_000_000,
        _ => return None,
    };
    number.checked_mul(factor)
}

fn read_days(text: &str) -> Option<u32> {
    let (number, unit) = read_number(text)?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "d" => 1,
        "w" => 7,
        "m" => 30,
        "y" => 365,
        _ => return None,
    };
    u32::try_from(number.checked_mul(factor)?).ok()
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mode == Mode::Exclude {
            f.write_str("-")?;
        }
        let sign = |comparison: &Comparison| if *comparison == Comparison::Less { '<' } else { '>' };
        match &self.test {
            Test::Facet(facet, value) if value.contains(' ') => write!(f, "{}:\"{value}\"", facet.as_str()),
            Test::Facet(facet, value) => write!(f, "{}:{value}", facet.as_str()),
            Test::Installed => f.write_str("is:installed"),
            Test::Updatable => f.write_str("is:updatable"),
            Test::Featured => f.write_str("is:featured"),
            Test::Size(comparison, bytes) => {
                let (number, unit) = [(1_000_000_000, "gb"), (1_000_000, "mb"), (1_000, "kb")]
                    .into_iter()
                    .find(|(factor, _)| *bytes > 0 && bytes % factor == 0)
                    .map_or((*bytes, "b"), |(factor, unit)| (bytes / factor, unit));
                write!(f, "size:{}{number}{unit}", sign(comparison))
            }
            Test::Updated(comparison, days) => write!(f, "updated:{}{days}d", sign(comparison)),
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self.conditions.iter().map(ToString::to_string).collect();
        parts.extend(self.sort.map(|sort| format!("sort:{}", sort.as_str())));
        if !self.text.is_empty() {
            parts.push(self.text.clone());
        }
        f.write_str(&parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn include(test: Test) -> Condition {
        Condition { mode: Mode::Include, test }
    }

    #[test]
    fn words_facets_bounds_and_sort_are_told_apart() {
        let query = Query::parse(
            "game:minetest tag:\"old school\" -license:Proprietary storm size:<50mb updated:>2w is:installed sort:new rain",
        );
        assert_eq!(query.text, "storm rain");
        assert_eq!(query.sort, Some(Sort::New));
        assert_eq!(
            query.conditions,
            [
                include(Test::Facet(Facet::Game, "minetest".into())),
                include(Test::Facet(Facet::Tag, "old school".into())),
                Condition { mode: Mode::Exclude, test: Test::Facet(Facet::License, "Proprietary".into()) },
                include(Test::Size(Comparison::Less, 50_000_000)),
                include(Test::Updated(Comparison::More, 14)),
                include(Test::Installed),
            ]
        );
        assert_eq!(Query::parse(&query.to_string()), query);
    }

    #[test]
    fn what_is_not_understood_is_searched() {
        for text in
            ["re:zero", "size:<many", "is:nice", "tag:", "a-b", "sort:sideways", "- -", ":", "updated:5"]
        {
            let query = Query::parse(text);
            assert!(query.conditions.is_empty() && query.sort.is_none(), "{text}");
            assert_eq!(query.text, text);
        }
        assert_eq!(Query::parse("tag:hud tag:hud").conditions.len(), 1);
        assert_eq!(Query::parse("size:<99999999999999999999gb").text, "size:<99999999999999999999gb");
    }

    proptest! {
        #[test]
        fn parsing_is_total_and_printing_is_its_inverse(text in "\\PC{0,80}") {
            let query = Query::parse(&text);
            prop_assert_eq!(Query::parse(&query.to_string()), query);
        }

        #[test]
        fn the_language_itself_round_trips(
            parts in proptest::collection::vec(
                prop_oneof![
                    "-?(tag|kind|game|source):[a-z\" ]{1,6}", "-?size:[<>][0-9]{1,4}(mb|kb|b|gb)?",
                    "-?updated:[<>][0-9]{1,3}[dwmy]?", "-?is:(installed|updatable|featured)", "sort:(new|name|trending)", "[a-z:\"-]{1,6}"
                ],
                0..8,
            ),
        ) {
            let query = Query::parse(&parts.join(" "));
            prop_assert_eq!(Query::parse(&query.to_string()), query);
        }
    }
}
