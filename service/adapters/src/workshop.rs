//! What Steam writes on this computer about items of its Workshop: `appworkshop_<app>.acf`, and the names that items give
//! themselves.
//!
//! The file is in Valve's KeyValues text (<https://developer.valvesoftware.com/wiki/KeyValues>), read here token by token with a
//! stack of its own, because the reader that is at hand follows nesting without an end, and anybody can write such a file.

use std::collections::BTreeMap;

use muster_domain::clean_line;
use quick_xml::events::Event;

use crate::{Error, Result};

/// Longest file, in bytes: some hundred thousand items.
const MAX_TEXT: usize = 32 * 1024 * 1024;
/// Deepest nesting; Steam's own is 3.
const MAX_DEPTH: usize = 16;
/// Most items of one game: others are left out.
pub const MAX_ITEMS: usize = 20_000;
/// Longest file of an item that is looked into for its name, in bytes.
pub const MAX_ABOUT: u64 = 256 * 1024;
/// Longest name, in characters.
const MAX_NAME: usize = 120;

/// Files in which items say their names, in the order in which they are asked.
pub const ABOUT_FILES: &[&str] =
    &["About/About.xml", "mod.conf", "mod.json", "modinfo.json", "manifest.json", "info.json"];

/// An item that Steam has installed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Bytes on the disk.
    pub size: Option<u64>,
    /// When the item was changed at the Workshop, in seconds since 1970.
    pub updated: Option<i64>,
}

/// The items that Steam has installed of an application, by their numbers. What an item says wrongly is left out.
///
/// # Errors
/// [`Error::TooLarge`]; [`Error::Syntax`] for what is no such file, is of another application or ends early.
pub fn items(app: u32, text: &[u8]) -> Result<BTreeMap<u64, Item>> {
    if text.len() > MAX_TEXT {
        return Err(Error::TooLarge { limit: MAX_TEXT });
    }
    // Numbers are ASCII; whatever else is in there is not read.
    let text = String::from_utf8_lossy(text);
    let (mut items, mut path, mut key, mut is_ours) = (BTreeMap::new(), Vec::<String>::new(), None, false);
    for token in Tokens(text.trim_start_matches('\u{feff}')) {
        match (token?, key.take()) {
            (Token::Text(text), None) => key = Some(text),
            (Token::Text(value), Some(key)) => {
                match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                    [root] if is(root, "AppWorkshop") && is(&key, "appid") => {
                        is_ours = value.parse() == Ok(app)
                    }
                    [root, section, id]
                        if is(root, "AppWorkshop") && is(section, "WorkshopItemsInstalled") =>
                    {
                        note(&mut items, id, &key, &value);
                    }
                    _ => {}
                }
            }
            (Token::Open, Some(key)) if path.len() < MAX_DEPTH => {
                if let [root, section] = &path[..]
                    && is(root, "AppWorkshop")
                    && is(section, "WorkshopItemsInstalled")
                {
                    note(&mut items, &key, "", "");
                }
                path.push(key);
            }
            (Token::Close, None) if path.pop().is_some() => {}
            _ => return Err(syntax("brackets and names do not fit together")),
        }
    }
    match (path.is_empty() && key.is_none(), is_ours) {
        (true, true) => Ok(items),
        (false, _) => Err(syntax("it ends early")),
        (true, false) => Err(syntax("it is not about this application")),
    }
}

fn syntax(why: &str) -> Error {
    Error::Syntax { why: why.to_owned() }
}

fn is(word: &str, known: &str) -> bool {
    word.eq_ignore_ascii_case(known)
}

fn note(items: &mut BTreeMap<u64, Item>, id: &str, key: &str, value: &str) {
    let Some(id) = item_number(id) else { return };
    if items.len() >= MAX_ITEMS && !items.contains_key(&id) {
        return;
    }
    let item = items.entry(id).or_default();
    if is(key, "size") {
        item.size = value.parse().ok();
    } else if is(key, "timeupdated") {
        item.updated = value.parse().ok().filter(|second| *second > 0);
    }
}

/// The number of an item, as Steam writes it: digits, and no zero in front, so that one item has one name.
pub fn item_number(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_plain)
}

enum Token {
    Text(String),
    Open,
    Close,
}

/// The tokens of a text.
struct Tokens<'a>(&'a str);

impl Iterator for Tokens<'_> {
    type Item = Result<Token>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.0 = self.0.trim_start();
            let Some(comment) = self.0.strip_prefix("//") else { break };
            self.0 = comment.find('\n').map_or("", |end| &comment[end..]);
        }
        let first = self.0.chars().next()?;
        let rest = &self.0[first.len_utf8()..];
        match first {
            '{' => self.0 = rest,
            '}' => self.0 = rest,
            '"' => return Some(self.quoted(rest)),
            _ => {
                let end = self.0.find(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '"'));
                let (word, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
                self.0 = rest;
                return Some(Ok(Token::Text(word.to_owned())));
            }
        }
        Some(Ok(if first == '{' { Token::Open } else { Token::Close }))
    }
}

impl<'a> Tokens<'a> {
    /// What stands before the next quotation mark; a backslash makes one part of it.
    fn quoted(&mut self, rest: &'a str) -> Result<Token> {
        let (mut text, mut is_escaped) = (String::new(), false);
        for (at, c) in rest.char_indices() {
            match c {
                _ if is_escaped => {
                    text.push(c);
                    is_escaped = false;
                }
                '\\' => is_escaped = true,
                '"' => {
                    self.0 = &rest[at + 1..];
                    return Ok(Token::Text(text));
                }
                _ => text.push(c),
            }
        }
        self.0 = "";
        Err(syntax("it ends early"))
    }
}

/// The name that an item gives itself in one of its [`ABOUT_FILES`], made safe to show.
pub fn name_in(file: &str, bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let name = match file.rsplit_once('.')?.1 {
        "xml" => xml_name(text),
        "json" => json_name(text),
        _ => conf_name(text),
    }?;
    let name = clean_line(&name, MAX_NAME);
    (!name.trim().is_empty()).then(|| name.trim().to_owned())
}

/// The text of the first `name` directly below the outermost element. Entities other than XML's own five are left out.
fn xml_name(text: &str) -> Option<String> {
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut depth, mut name) = (0_usize, None::<String>);
    loop {
        match (reader.read_event().ok()?, &mut name) {
            (Event::Start(start), _) => {
                depth += 1;
                if depth == 2 && start.local_name().as_ref().eq_ignore_ascii_case("name") {
                    name = Some(String::new());
                }
            }
            (Event::End(_), Some(_)) if depth == 2 => return name,
            (Event::End(_), _) => depth = depth.checked_sub(1)?,
            (Event::Text(text), Some(name)) => name.push_str(&text),
            (Event::GeneralRef(entity), Some(name)) => {
                name.push_str(quick_xml::escape::resolve_xml_entity(&entity).unwrap_or_default());
            }
            (Event::Eof, _) => return None,
            _ => {}
        }
    }
}

fn json_name(text: &str) -> Option<String> {
    let about: serde_json::Value = serde_json::from_str(text).ok()?;
    let said = |field: &str| about.get(field)?.as_str().map(str::to_owned);
    ["title", "displayName", "name"].into_iter().find_map(said)
}

/// Lines of `key = value`.
fn conf_name(text: &str) -> Option<String> {
    let pairs: BTreeMap<&str, &str> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
        .collect();
    pairs.get("title").or_else(|| pairs.get("name")).map(|name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const APP: u32 = 294_100;

    fn file(items: &str) -> String {
        format!(
            "\"AppWorkshop\"\n{{\n\t\"appid\"\t\t\"294100\"\n\t\"SizeOnDisk\"\t\t\"9\"\n\t\"NeedsUpdate\"\t\t\"0\"\n\
             \t\"WorkshopItemsInstalled\"\n\t{{\n{items}\t}}\n\t\"WorkshopItemDetails\"\n\t{{\n\t\t\"7\"\n\t\t{{\n\
             \t\t\t\"timeupdated\"\t\t\"1\"\n\t\t}}\n\t}}\n}}\n"
        )
    }

    fn entry(id: &str, size: &str, updated: &str) -> String {
        format!(
            "\t\t\"{id}\"\n\t\t{{\n\t\t\t\"size\"\t\t\"{size}\"\n\t\t\t\"timeupdated\"\t\t\"{updated}\"\n\t\t}}\n"
        )
    }

    #[test]
    fn installed_items_are_read_and_others_are_not() {
        let text =
            file(&(entry("818773962", "7340", "1600000000") + &entry("2009463077", "12", "1700000000")));
        let found = items(APP, text.as_bytes()).expect("reads");
        let item = |size, updated| Item { size: Some(size), updated: Some(updated) };
        assert_eq!(
            found,
            BTreeMap::from([
                (818_773_962, item(7340, 1_600_000_000)),
                (2_009_463_077, item(12, 1_700_000_000))
            ])
        );
        assert_eq!(items(APP, file("").as_bytes()), Ok(BTreeMap::new()));
    }

    #[test]
    fn what_is_wrong_in_an_item_costs_that_item_only() {
        let text = file(
            &(entry("not-a-number", "1", "1")
                + &entry("-5", "1", "1")
                + &entry("007", "1", "1")
                + &entry("99999999999999999999999", "1", "1")
                + &entry("11", "many", "yesterday")
                + &entry("12", "-1", "-1")
                + "\t\t\"13\"\t\t\"not a section\"\n"),
        );
        let found = items(APP, text.as_bytes()).expect("reads");
        assert_eq!(found, BTreeMap::from([(11, Item::default()), (12, Item::default())]));
        let mut bytes = file(&entry("14", "1", "1")).into_bytes();
        bytes.splice(16..16, b"\"\xff\xfe\" \"\x80\"".iter().copied());
        assert_eq!(items(APP, &bytes).expect("reads").len(), 1);
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        let deep = "\"a\"{".repeat(5_000_000);
        for bad in [
            "",
            "{",
            "}",
            "\"AppWorkshop\"",
            "\"AppWorkshop\" { \"appid\" \"294100\"",
            "\"AppWorkshop\" { \"appid\" \"294100\" } }",
            "\"AppWorkshop\" { \"appid\" \"7\" }",
            "\"AppWorkshop\" { \"appid\" { } }",
            "\"AppWorkshop\" { { \"appid\" \"294100\" } }",
            "\"AppWorkshop",
            "<html>",
            &deep,
        ] {
            assert!(matches!(items(APP, bad.as_bytes()), Err(Error::Syntax { .. })), "{:.40}", bad);
        }
        let long = vec![b' '; MAX_TEXT + 1];
        assert_eq!(items(APP, &long), Err(Error::TooLarge { limit: MAX_TEXT }));
    }

    #[test]
    fn no_more_items_than_anybody_has_are_taken() {
        let many: String = (1..=MAX_ITEMS + 50).map(|id| entry(&id.to_string(), "1", "1")).collect();
        assert_eq!(items(APP, file(&many).as_bytes()).expect("reads").len(), MAX_ITEMS);
    }

    #[test]
    fn names_are_found_where_items_say_them() {
        let xml = "<?xml version=\"1.0\"?><ModMetaData><packageId>a.b</packageId><deps><name>other</name></deps>\
                   <name>Soft Lamps</name></ModMetaData>";
        for (file, text, name) in [
            ("About/About.xml", xml, Some("Soft Lamps")),
            ("About/About.xml", "<a><Name>Lamps &amp; <i>Wells</i>&#65;</Name></a>", Some("Lamps & Wells")),
            ("About/About.xml", "<a><b>x</b></a>", None),
            ("About/About.xml", "<a></b></c></d>", None),
            ("mod.conf", "name = lamps\ntitle = Lamps\n", Some("Lamps")),
            ("mod.conf", "name = lamps", Some("lamps")),
            ("mod.json", "\u{feff}{\"name\": \"Lamps\\u202e\\n\"}", Some("Lamps")),
            ("manifest.json", "{\"name\": 5, \"displayName\": \"Lamps\"}", Some("Lamps")),
            ("info.json", "[]", None),
            ("info.json", "{\"title\": \"  \"}", None),
        ] {
            assert_eq!(name_in(file, text.as_bytes()).as_deref(), name, "{file}: {text}");
        }
    }

    proptest! {
        #[test]
        fn anything_gives_items_or_a_refusal(text in "[{}\"\\\\/a-zA-Z0-9 \n\t]{0,300}") {
            let _ = items(APP, text.as_bytes());
        }

        #[test]
        fn cut_off_anywhere_it_is_refused(cut in 0_usize..300) {
            let text = file(&entry("818773962", "7340", "1600000000"));
            let text = text.trim_end();
            prop_assume!(cut < text.len());
            prop_assert!(items(APP, &text.as_bytes()[..cut]).is_err());
        }

        #[test]
        fn any_bytes_give_a_clean_name_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            for file in ABOUT_FILES {
                if let Some(name) = name_in(file, &bytes) {
                    prop_assert!(!name.chars().any(char::is_control) && !name.is_empty());
                }
            }
        }
    }
}
