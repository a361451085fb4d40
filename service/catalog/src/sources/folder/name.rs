//! What a file in a folder is called as a package, and in which version. Pure.

use muster_domain::clean_line;

/// How a file becomes a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sources) enum Form {
    /// A package of ours, which says everything itself.
    Package,
    /// A plain archive.
    Archive,
    /// A file that its game opens itself.
    Whole,
}

/// Endings of files that games open themselves.
const WHOLE: &[&str] = &["jar", "wad", "pk3", "grf"];

/// What is made of a file by its name; `None` for files that are no packages, and for those that are still coming.
pub(in crate::sources) fn form(name: &str) -> Option<Form> {
    let (stem, ending) = name.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    if stem.is_empty() || stem.starts_with('.') || stem.starts_with('~') {
        return None;
    }
    match ending.as_str() {
        "muster" => Some(Form::Package),
        "zip" => Some(Form::Archive),
        ending if WHOLE.contains(&ending) => Some(Form::Whole),
        _ => None,
    }
}

/// Name and version that a file's name tells: the version begins with a digit behind the last separator that has one.
/// Browsers number a file that they fetched again, ` (1)`; that is no part of either.
pub(in crate::sources) fn name_and_version(file: &str) -> (String, String) {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = match stem.rsplit_once(" (") {
        Some((before, number)) if number.strip_suffix(')').is_some_and(is_number) => before,
        _ => stem,
    };
    let is_separator = |c: char| matches!(c, '-' | '_' | ' ');
    let begins = |text: &str| {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        text.starts_with(|c: char| c.is_ascii_digit())
    };
    let cut = stem.char_indices().filter(|(_, c)| is_separator(*c)).find(|(at, _)| begins(&stem[at + 1..]));
    let (name, version) = match cut {
        Some((at, _)) => (&stem[..at], &stem[at + 1..]),
        None => (stem, ""),
    };
    let name = clean_line(name.trim_matches(is_separator), 80);
    (if name.is_empty() { "file".to_owned() } else { name }, clean_line(version, 80))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_and_versions_are_told_apart() {
        for (file, name, version) in [
            ("glow-1.2.3.zip", "glow", "1.2.3"),
            ("Glow_Mod-v2.0-beta.zip", "Glow_Mod", "v2.0-beta"),
            ("3d_armor.zip", "3d_armor", ""),
            ("sodium-fabric-0.5.3+mc1.20.1.jar", "sodium-fabric", "0.5.3+mc1.20.1"),
            ("big mod 2 (1).zip", "big mod", "2"),
            ("one (12).zip", "one", ""),
            ("-1.zip", "file", "1"),
        ] {
            let found = name_and_version(file);
            assert_eq!((found.0.as_str(), found.1.as_str()), (name, version), "{file}");
        }
    }

    #[test]
    fn only_whole_files_of_known_endings_are_packages() {
        assert_eq!(form("a-1.muster"), Some(Form::Package));
        assert_eq!(form("a.ZIP"), Some(Form::Archive));
        assert_eq!(form("a.jar"), Some(Form::Whole));
        for other in ["a", ".zip", "a.zip.part", "a.crdownload", "a.txt", ".a.zip", "~a.zip", "a.exe", "a.7z"]
        {
            assert_eq!(form(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn every_name_gives_a_name(file in "\\PC{0,30}") {
            let (name, _) = name_and_version(&file);
            prop_assert!(!name.is_empty());
        }
    }
}
