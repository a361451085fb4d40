//! What mods and other managers write down about themselves: whatever a file holds, a name or nothing. Pure.

use muster_domain::{Version, clean_line};
use serde_json::Value;

/// Files that say what the folder they lie in is, the one that counts most first.
pub(crate) const MANIFESTS: &[&str] =
    &["manifest.json", "mod.conf", "modpack.conf", "game.conf", "texture_pack.conf"];
/// The list that r2modman keeps of a profile, in the profile's folder.
pub(crate) const LIST: &str = "mods.yml";
/// Largest of these files that is read, in bytes.
pub(crate) const MAX_TEXT: u64 = 4 * 1024 * 1024;
/// Most mods that a list is read for.
const MAX_LISTED: usize = 5_000;
const MAX_NAME: usize = 100;
const MAX_LINE: usize = 500;

/// What a mod says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub name: String,
    pub title: String,
    /// Absent where it says none that can be compared.
    pub version: Option<Version>,
    pub authors: Vec<String>,
    pub summary: String,
}

/// A mod as another manager lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListedMod {
    /// Name of the folders that its files are in.
    pub folder: String,
    pub named: Named,
    pub is_on: bool,
}

/// Reads a manifest by the name of its file; `None` where it names nothing.
pub(crate) fn named(file_name: &str, bytes: &[u8]) -> Option<Named> {
    let text = text(bytes)?;
    let named = match file_name.rsplit_once('.')?.1 {
        "json" => from_json(&serde_json::from_str(text).ok()?)?,
        "conf" => from_lines(text)?,
        _ => return None,
    };
    Some(named).filter(|named| !named.name.is_empty())
}

/// Reads r2modman's list of a profile: <https://github.com/ebkr/r2modmanPlus>, `ManifestV2`. What is no mod in it is
/// left out; what is no list is none.
pub(crate) fn list(bytes: &[u8]) -> Vec<ListedMod> {
    let read = text(bytes).and_then(|text| serde_saphyr::from_str::<Vec<Value>>(text).ok());
    read.unwrap_or_default().iter().take(MAX_LISTED).filter_map(listed).collect()
}

/// Reads Gale's list of a profile (<https://github.com/Kesomannen/gale>, the column `mods` of its table of profiles): mods of
/// Thunderstore by their full name with the version, others by name and version.
pub(crate) fn gale_list(bytes: &[u8]) -> Vec<ListedMod> {
    let read = text(bytes).and_then(|text| serde_json::from_str::<Vec<Value>>(text).ok());
    read.unwrap_or_default().iter().take(MAX_LISTED).filter_map(gale_listed).collect()
}

fn gale_listed(value: &Value) -> Option<ListedMod> {
    let is_on = value["enabled"].as_bool().unwrap_or(true);
    let (folder, title, number, author) = match value["fullName"].as_str() {
        Some(full) => {
            let (folder, number) = full.rsplit_once('-')?;
            let (author, name) = folder.rsplit_once('-')?;
            (folder.to_owned(), clean_line(name, MAX_LINE), number.to_owned(), clean_line(author, MAX_NAME))
        }
        None => {
            let name = value["name"].as_str()?.to_owned();
            let (number, author) = (line(value, "version", MAX_NAME), line(value, "author", MAX_NAME));
            let title = clean_line(&name, MAX_LINE);
            (name, title, number, author)
        }
    };
    let name = clean_line(&folder, MAX_NAME);
    if name.is_empty() {
        return None;
    }
    let title = first_of(title.replace('_', " "), &name);
    let (version, authors, summary) =
        (version(&number), authors(author), line(value, "description", MAX_LINE));
    Some(ListedMod { folder, named: Named { name, title, version, authors, summary }, is_on })
}

fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn line(value: &Value, key: &str, limit: usize) -> String {
    value[key].as_str().map(|text| clean_line(text, limit)).unwrap_or_default()
}

fn first_of(first: String, otherwise: &str) -> String {
    if first.is_empty() { otherwise.to_owned() } else { first }
}

fn authors(author: String) -> Vec<String> {
    Some(author).filter(|author| !author.is_empty()).into_iter().collect()
}

fn listed(value: &Value) -> Option<ListedMod> {
    // Exactly as it is written: it has to equal the name of a folder.
    let folder = value["name"].as_str()?.to_owned();
    let name = clean_line(&folder, MAX_NAME);
    if name.is_empty() {
        return None;
    }
    let part = |part: &str| value["versionNumber"][part].as_u64();
    let version = match (part("major"), part("minor"), part("patch")) {
        (Some(major), Some(minor), Some(patch)) => version(&format!("{major}.{minor}.{patch}")),
        _ => None,
    };
    let named = Named {
        title: first_of(line(value, "displayName", MAX_LINE), &name),
        authors: authors(line(value, "authorName", MAX_NAME)),
        summary: line(value, "description", MAX_LINE),
        version,
        name,
    };
    Some(ListedMod { folder, named, is_on: value["enabled"].as_bool().unwrap_or(true) })
}

/// Thunderstore's `manifest.json` (`version_number`), and others that have a name and a version.
fn from_json(value: &Value) -> Option<Named> {
    let name = line(value, "name", MAX_NAME);
    let number = [line(value, "version_number", MAX_NAME), line(value, "version", MAX_NAME)];
    value.is_object().then(|| Named {
        title: first_of(line(value, "title", MAX_LINE), &name),
        version: number.iter().find_map(|number| version(number)),
        authors: authors(line(value, "author", MAX_NAME)),
        summary: line(value, "description", MAX_LINE),
        name,
    })
}

/// Lines of `key = value`, as Luanti writes them: <https://docs.luanti.org/for-creators/mods-modpacks/>.
fn from_lines(text: &str) -> Option<Named> {
    let value = |wanted: &str, limit: usize| {
        let found = text.lines().filter_map(|line| line.split_once('='));
        let mut found = found.filter(|(key, _)| key.trim() == wanted);
        found.next().map(|(_, value)| clean_line(value.trim().trim_matches('"'), limit)).unwrap_or_default()
    };
    let name = value("name", MAX_NAME);
    Some(Named {
        title: first_of(value("title", MAX_LINE), &name),
        version: version(&value("version", MAX_NAME)),
        authors: authors(value("author", MAX_NAME)),
        summary: value("description", MAX_LINE),
        name,
    })
}

/// A semantic version; parts that are left out are 0.
fn version(text: &str) -> Option<Version> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    if text.is_empty() || text.len() > 60 {
        return None;
    }
    [text.to_owned(), format!("{text}.0"), format!("{text}.0.0")]
        .iter()
        .find_map(|text| Version::semver(text).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MODS: &str = "- manifestVersion: 1\n  name: Ada-Lamps\n  authorName: Ada\n  displayName: Lamps\n  \
        description: Light\n  versionNumber:\n    major: 1\n    minor: 2\n    patch: 30\n  enabled: true\n\
        - name: Ada-Off\n  versionNumber: {major: 0, minor: 1, patch: 0}\n  enabled: false\n\
        - name: 12\n- 7\n- name: ''\n- name: Ada-Odd\n  versionNumber: newest\n  enabled: perhaps\n";

    #[test]
    fn reads_the_list_of_a_profile_and_leaves_out_what_is_no_mod() {
        let mods = list(MODS.as_bytes());
        let brief: Vec<_> = mods
            .iter()
            .map(|listed| {
                let version = listed.named.version.as_ref().map(ToString::to_string);
                (listed.folder.as_str(), listed.named.title.as_str(), version, listed.is_on)
            })
            .collect();
        assert_eq!(
            brief,
            [
                ("Ada-Lamps", "Lamps", Some("1.2.30".to_owned()), true),
                ("Ada-Off", "Ada-Off", Some("0.1.0".to_owned()), false),
                ("Ada-Odd", "Ada-Odd", None, true),
            ]
        );
        assert!(list(b"").is_empty() && list(b"name: no list").is_empty());
    }

    #[test]
    fn reads_gales_list_of_a_profile() {
        let text = r#"[
            {"enabled": true, "installTime": "2026-01-01T00:00:00Z", "fullName": "vis-eyth-Big_Lamps-1.2.30",
             "packageUuid": "x", "versionUuid": "y", "new": 1},
            {"enabled": false, "fullName": "Ada-Off-0.1.0"},
            {"name": "homemade", "version": "2.0.0", "author": "me", "uuid": "z", "description": "mine"},
            {"fullName": "nothing"}, {"fullName": 5}, 7, {"name": ""}
        ]"#;
        let mods = gale_list(text.as_bytes());
        let brief: Vec<_> = mods
            .iter()
            .map(|listed| {
                let version = listed.named.version.as_ref().map(ToString::to_string).unwrap_or_default();
                (listed.folder.as_str(), listed.named.title.as_str(), version, listed.is_on)
            })
            .collect();
        assert_eq!(
            brief,
            [
                ("vis-eyth-Big_Lamps", "Big Lamps", "1.2.30".to_owned(), true),
                ("Ada-Off", "Off", "0.1.0".to_owned(), false),
                ("homemade", "homemade", "2.0.0".to_owned(), true),
            ]
        );
        assert!(gale_list(b"").is_empty() && gale_list(b"{}").is_empty());
    }

    #[test]
    fn reads_what_mods_say_about_themselves() {
        let conf = "# name = no\nname = lamps\r\ntitle = Lamps \u{202e}!\nauthor = ada\nversion = 1.2\n";
        let lamps = named("mod.conf", conf.as_bytes()).expect("named");
        assert_eq!((lamps.name.as_str(), lamps.title.as_str()), ("lamps", "Lamps !"));
        assert_eq!(
            (lamps.version.map(|v| v.to_string()), lamps.authors),
            (Some("1.2.0".into()), vec!["ada".into()])
        );
        let json = "\u{feff}{\"name\": \"Lamps\", \"version_number\": \"2.0.1\", \"description\": 7}";
        let lamps = named("manifest.json", json.as_bytes()).expect("named");
        assert_eq!((lamps.name.as_str(), lamps.summary.as_str()), ("Lamps", ""));
        assert_eq!(lamps.version.map(|v| v.to_string()).as_deref(), Some("2.0.1"));
    }

    #[test]
    fn a_file_that_names_nothing_names_nothing() {
        for (name, text) in [
            ("mod.conf", ""),
            ("mod.conf", "name =\n"),
            ("mod.conf", "depends = lamps\n"),
            ("manifest.json", ""),
            ("manifest.json", "[]"),
            ("manifest.json", "{\"name\": 3}"),
            ("manifest.json", "{\"name\": \"\\u202e\"}"),
            ("init.lua", "name = lamps"),
        ] {
            assert_eq!(named(name, text.as_bytes()), None, "{name}: {text}");
        }
    }

    proptest! {
        /// Whatever lies there, it is read without a panic, and what comes of it can be shown.
        #[test]
        fn foreign_text_is_never_more_than_a_short_line(bytes in prop::collection::vec(any::<u8>(), 0..300), text in ".{0,200}") {
            for bytes in [bytes, text.clone().into_bytes(), format!("name = {text}\nversion = {text}").into_bytes()] {
                let listed = list(&bytes).into_iter().chain(gale_list(&bytes)).map(|listed| listed.named);
                for named in MANIFESTS.iter().filter_map(|name| named(name, &bytes)).chain(listed) {
                    prop_assert!(!named.name.is_empty() && named.name.chars().count() <= MAX_NAME);
                    prop_assert!(!named.name.chars().chain(named.title.chars()).any(char::is_control));
                }
            }
        }
    }
}
