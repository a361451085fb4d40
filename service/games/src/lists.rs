//! Lists of placed files in load order, and the text files that are made from them. Pure.
//!
//! A definition says which placed files belong to which list (`lists`), how a launch hands a list to the game
//! (`{list:NAME}`) and how a file holds one (`order-files`, `trial`).

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use muster_domain::PortablePath;

use crate::{
    Definition, Escape, FileName, GameError, Installation, ListLines, NameLines, PathGlobs, TextPart,
};

/// Names that the game knows, by place.
pub type NamesByPlace = BTreeMap<String, BTreeSet<String>>;

/// Placed files by list, in load order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists(BTreeMap<String, Vec<(String, PortablePath)>>);

impl Lists {
    /// Sorts placed files, given as place and path in load order, into the lists of the definition. A file that
    /// comes again counts where it comes last, because that one is in its place.
    pub fn new<'f>(
        definition: &Definition,
        files: impl IntoIterator<Item = (&'f str, &'f PortablePath)>,
    ) -> Self {
        let globs = |texts: &Vec<String>| PathGlobs::new(texts).ok();
        let lists: Vec<(&String, PathGlobs)> =
            definition.lists.iter().filter_map(|(name, texts)| Some((name, globs(texts)?))).collect();
        let mut found: BTreeMap<String, Vec<(String, PortablePath)>> =
            definition.lists.keys().map(|name| (name.clone(), Vec::new())).collect();
        let files: Vec<_> = files.into_iter().collect();
        let mut seen = BTreeSet::new();
        for (place, path) in files.into_iter().rev() {
            if !seen.insert((place, path.fold())) {
                continue;
            }
            for (name, _) in lists.iter().filter(|(_, globs)| globs.matches_in(place, path)) {
                if let Some(list) = found.get_mut(*name) {
                    list.push((place.to_owned(), path.clone()));
                }
            }
        }
        found.values_mut().for_each(|list| list.reverse());
        Self(found)
    }

    /// The files of a list as place and path.
    pub fn get(&self, list: &str) -> &[(String, PortablePath)] {
        self.0.get(list).map_or(&[], Vec::as_slice)
    }

    /// Where the files of every list lie in an installation.
    pub fn on_disk(&self, installation: &Installation) -> BTreeMap<String, Vec<PathBuf>> {
        let path = |(place, path): &(String, PortablePath)| {
            Some(installation.places.get(place)?.join(path.as_str()))
        };
        self.0.iter().map(|(name, files)| (name.clone(), files.iter().filter_map(path).collect())).collect()
    }
}

/// Makes a file from its parts.
///
/// # Errors
/// [`GameError::Text`] if a value has characters that the file's format cannot hold.
pub fn write_text(
    definition: &Definition,
    parts: &[TextPart],
    lists: &Lists,
    names: &NamesByPlace,
) -> Result<Vec<u8>, GameError> {
    let mut bytes = Vec::new();
    for part in parts {
        match part {
            TextPart::Text(text) => bytes.extend_from_slice(text.as_bytes()),
            TextPart::Hex(text) => bytes.extend(hex(text).unwrap_or_default()),
            TextPart::List(lines) => bytes.extend(list_lines(definition, lines, lists)?.into_bytes()),
            TextPart::Names(lines) => bytes.extend(name_lines(definition, lines, names)?.into_bytes()),
        }
    }
    Ok(bytes)
}

fn list_lines(definition: &Definition, lines: &ListLines, lists: &Lists) -> Result<String, GameError> {
    let line = |(_, path): &(String, PortablePath)| {
        let value = |name: &str| {
            let part = match name {
                "path" => FileName::Path,
                "name" => FileName::Name,
                "stem" => FileName::Stem,
                _ => return None,
            };
            Some(part.of(path).to_owned())
        };
        fill(definition, &lines.line, lines.escape, value)
    };
    Ok(lists.get(&lines.of).iter().map(line).collect::<Result<Vec<_>, _>>()?.join(&lines.separator))
}

fn name_lines(definition: &Definition, lines: &NameLines, names: &NamesByPlace) -> Result<String, GameError> {
    let known = names.get(&lines.of).into_iter().flatten();
    let line = |known: &String| {
        fill(definition, &lines.line, lines.escape, |name| (name == "name").then(|| known.clone()))
    };
    Ok(known.map(line).collect::<Result<Vec<_>, _>>()?.join(&lines.separator))
}

/// The line with escaped values for its variables. Unknown variables stay as they are: a definition with one is
/// refused before.
fn fill(
    definition: &Definition,
    line: &str,
    escape: Escape,
    value: impl Fn(&str) -> Option<String>,
) -> Result<String, GameError> {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let found = after.split_once('}').and_then(|(name, behind)| Some((value(name)?, behind)));
        match found {
            Some((value, behind)) => {
                let unfit = || GameError::Text { game: definition.id.clone(), value: value.clone() };
                text.push_str(&escaped(&value, escape).ok_or_else(unfit)?);
                rest = behind;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    Ok(text)
}

/// The variables of a line: names in braces that hold nothing but letters.
pub(crate) fn variables(line: &str) -> impl Iterator<Item = &str> {
    let names = line.split('{').skip(1).filter_map(|after| Some(after.split_once('}')?.0));
    names.filter(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase()))
}

fn escaped(value: &str, escape: Escape) -> Option<String> {
    if value.chars().any(char::is_control) {
        return None;
    }
    Some(match escape {
        Escape::Refuse if value.contains(['"', '\\']) => return None,
        Escape::Refuse => value.to_owned(),
        Escape::Json => value.replace('\\', "\\\\").replace('"', "\\\""),
        Escape::Xml => value
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&apos;"),
    })
}

/// The bytes that hexadecimal digits stand for; spaces and line ends do not matter.
pub(crate) fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits?;
    (digits.len() % 2 == 0).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TOY: &str = r#"
format: 1
id: toy
title: Toy
roots: { user: { linux: ["{home}/toy"] } }
places: { mods: { root: user, path: mods }, docs: { root: user, path: docs } }
install: []
load-order: lists
lists: { plugins: ["mods/**/*.esp", "mods/*.esp"] }
"#;

    fn toy() -> Definition {
        crate::parse_definition("toy", TOY).expect("reads")
    }

    fn path(text: &str) -> PortablePath {
        text.parse().expect("a path")
    }

    fn written(paths: &[PortablePath], line: &str, separator: &str, escape: Escape) -> Option<String> {
        let lists = Lists::new(&toy(), paths.iter().map(|path| ("mods", path)));
        let lines =
            ListLines { of: "plugins".into(), line: line.into(), separator: separator.into(), escape };
        let bytes = write_text(&toy(), &[TextPart::List(lines)], &lists, &NamesByPlace::new()).ok()?;
        Some(String::from_utf8(bytes).expect("text"))
    }

    #[test]
    fn takes_what_the_globs_take_and_what_comes_again_counts_last() {
        let [a, b, other, doc] = ["a.esp", "x/b.esp", "readme.txt", "a.esp"].map(path);
        let files = [("mods", &a), ("mods", &b), ("mods", &other), ("docs", &doc), ("mods", &a)];
        let lists = Lists::new(&toy(), files);
        let found: Vec<&str> = lists.get("plugins").iter().map(|(_, path)| path.as_str()).collect();
        assert_eq!(found, ["x/b.esp", "a.esp"]);
        assert!(lists.get("nothing").is_empty());
    }

    #[test]
    fn writes_the_parts_one_after_the_other() {
        let names: NamesByPlace = [("mods".to_owned(), ["One", "Two"].map(str::to_owned).into())].into();
        let lines = |line: &str| NameLines {
            of: "mods".into(),
            line: line.into(),
            separator: "\n".into(),
            escape: Escape::Refuse,
        };
        let parts = [
            TextPart::Text("[mods]\n".into()),
            TextPart::Names(lines("start \"{name}\"")),
            TextPart::Hex("0a 7B\n7d".into()),
        ];
        let text = write_text(&toy(), &parts, &Lists::default(), &names).expect("writes");
        assert_eq!(text, b"[mods]\nstart \"One\"\nstart \"Two\"\n{}");
        let sly: NamesByPlace = [("mods".to_owned(), ["a\"\nquit".to_owned()].into())].into();
        let refused = write_text(&toy(), &parts, &Lists::default(), &sly);
        assert!(matches!(refused, Err(GameError::Text { .. })));
    }

    #[test]
    fn writes_the_load_orders_of_well_known_formats() {
        let files = ["Fürst & Sohn.esp", "b's.esp"].map(path);
        let marked = written(&files, "*{name}", "\r\n", Escape::Refuse).expect("fits");
        assert_eq!(marked, "*Fürst & Sohn.esp\r\n*b's.esp");
        let xml = written(&files, r#"<mod name="{stem}"/>"#, "", Escape::Xml).expect("fits");
        assert_eq!(xml, r#"<mod name="Fürst &amp; Sohn"/><mod name="b&apos;s"/>"#);
        let json = written(&files, r#"{"name":"{stem}","enabled":true}"#, ",", Escape::Json).expect("fits");
        let read: serde_json::Value = serde_json::from_str(&format!("[{json}]")).expect("JSON");
        assert_eq!(read[1], serde_json::json!({ "name": "b's", "enabled": true }));
    }

    proptest! {
        /// Whatever files are called, a reader of the format finds exactly them, in their order.
        #[test]
        fn a_reader_finds_the_files_again(names in proptest::collection::vec("[a-zA-Z0-9 äß&<>'\"{}\\[\\]=;#-]{1,12}", 0..20)) {
            let paths: Vec<PortablePath> =
                names.iter().filter_map(|name| format!("x/{name}.esp").parse().ok()).collect();
            let lists = Lists::new(&toy(), paths.iter().map(|path| ("mods", path)));
            let expected: Vec<&str> = lists.get("plugins").iter().map(|(_, path)| path.as_str()).collect();
            let json = written(&paths, "\"{path}\"", ",", Escape::Json).expect("JSON takes all");
            let read: Vec<String> = serde_json::from_str(&format!("[{json}]")).expect("JSON");
            prop_assert_eq!(&read, &expected);
            if let Some(lines) = written(&paths, "{path}", "\n", Escape::Refuse) {
                prop_assert_eq!(lines.lines().collect::<Vec<_>>(), expected);
            }
        }
    }
}
