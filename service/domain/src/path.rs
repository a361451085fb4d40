//! Paths that mean the same file on every system: the only form in which a path from outside is accepted.
//!
//! The rules are those of `security.md` §3.3 C (cases T-50 to T-56): anything that some system would rewrite, fold
//! onto another name or treat as a device is refused on every system, never cleaned up.

use std::{fmt, str::FromStr};

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use crate::text_form::text_form;

/// Longest relative path, in characters (Windows: 260 with the game's own folder).
const MAX_PATH: usize = 180;
/// Longest part in bytes of UTF-8 (ext4, APFS).
const MAX_PART_BYTES: usize = 255;
/// Longest part in UTF-16 units (NTFS, with room for a temporary suffix).
const MAX_PART_UTF16: usize = 240;
/// Most parts.
const MAX_DEPTH: usize = 32;

/// Why a path is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    #[error("the path is empty or has an empty part")]
    Empty,
    #[error("the path is absolute or names a drive or share")]
    Absolute,
    #[error("the path leaves its folder or has a . or .. part")]
    Dots,
    #[error("the path has a character that some system forbids or hides")]
    Character,
    #[error("a part ends in a dot or a space")]
    Trailing,
    #[error("a part is the name of a device on Windows")]
    Reserved,
    #[error("a part looks like a short (8.3) name")]
    ShortName,
    #[error("the path is too long or too deep")]
    TooLong,
    #[error("the path is not in Unicode normal form C")]
    NotNormal,
}

impl PathError {
    /// Every code that [`PathError::code`] can give.
    pub const CODES: &[&str] = &[
        "path-empty",
        "path-absolute",
        "path-dots",
        "path-character",
        "path-trailing",
        "path-reserved",
        "path-short-name",
        "path-too-long",
        "path-not-normal",
    ];
}

impl crate::Coded for PathError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "path-empty",
            Self::Absolute => "path-absolute",
            Self::Dots => "path-dots",
            Self::Character => "path-character",
            Self::Trailing => "path-trailing",
            Self::Reserved => "path-reserved",
            Self::ShortName => "path-short-name",
            Self::TooLong => "path-too-long",
            Self::NotNormal => "path-not-normal",
        }
    }
}

/// A relative path with `/` between its parts that is safe and unambiguous on Linux, Windows and macOS.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortablePath(String);

impl PortablePath {
    /// The text, with `/` between the parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts, outermost first; never empty.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }

    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The folder above, if there is one.
    pub fn parent(&self) -> Option<PortablePath> {
        self.0.rsplit_once('/').map(|(parent, _)| Self(parent.to_owned()))
    }

    /// `self/below`, checked again because lengths add up.
    pub fn join(&self, below: &PortablePath) -> Result<PortablePath, PathError> {
        format!("{}/{}", self.0, below.0).parse()
    }

    /// The path below `folder`, if it is below it.
    pub fn strip_prefix(&self, folder: &str) -> Option<PortablePath> {
        let rest = self.0.strip_prefix(folder)?.strip_prefix('/')?;
        (!rest.is_empty()).then(|| Self(rest.to_owned()))
    }

    /// The form under which two paths are the same file on some system.
    pub fn fold(&self) -> FoldedPath {
        FoldedPath(fold(&self.0))
    }
}

/// Compatibility composition and full case folding (Unicode 3.13, R4 with NFKC), for finding collisions.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FoldedPath(String);

impl FoldedPath {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    fold_unicode(text)
}

fn fold_unicode(text: &str) -> String {
    let decompose = DecomposingNormalizerBorrowed::new_nfkd();
    let compose = ComposingNormalizerBorrowed::new_nfkc();
    // Folding can undo normal form and the other way round; twice is a fixed point.
    let once = CaseMapper::new().fold_string(&decompose.normalize(text)).into_owned();
    let twice = CaseMapper::new().fold_string(&decompose.normalize(&once)).into_owned();
    compose.normalize(&twice).into_owned()
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end_matches(' ').to_ascii_uppercase();
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$") {
        return true;
    }
    let Some(number) = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT")) else { return false };
    let mut digits = number.chars();
    matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
}

/// `~` and a digit before the extension, as in `PROGRA~1`.
fn is_short_name(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part);
    let Some((before, number)) = stem.rsplit_once('~') else { return false };
    !before.is_empty() && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

fn check_part(part: &str) -> Result<(), PathError> {
    match part {
        "" => return Err(PathError::Empty),
        "." | ".." => return Err(PathError::Dots),
        _ => {}
    }
    let forbidden = |c: char| {
        c.is_control()
            || crate::text::is_invisible(c)
            || matches!(
                c,
                '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{2028}' | '\u{2029}' | '\u{fffd}'
            )
    };
    if part.chars().any(forbidden) {
        return Err(PathError::Character);
    }
    if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        return Err(PathError::Trailing);
    }
    if is_device(part) {
        return Err(PathError::Reserved);
    }
    if is_short_name(part) {
        return Err(PathError::ShortName);
    }
    if part.len() > MAX_PART_BYTES || part.encode_utf16().count() > MAX_PART_UTF16 {
        return Err(PathError::TooLong);
    }
    Ok(())
}

impl FromStr for PortablePath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        if text.is_empty() {
            return Err(PathError::Empty);
        }
        let drive = text.as_bytes().get(1) == Some(&b':') && text.as_bytes()[0].is_ascii_alphabetic();
        if text.starts_with(['/', '\\']) || drive {
            return Err(PathError::Absolute);
        }
        if text.len() > MAX_PATH * 4 || text.chars().count() > MAX_PATH || text.split('/').count() > MAX_DEPTH
        {
            return Err(PathError::TooLong);
        }
        text.split('/').try_for_each(check_part)?;
        if !ComposingNormalizerBorrowed::new_nfc().is_normalized(text) {
            return Err(PathError::NotNormal);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for PortablePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PortablePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PortablePath({:?})", self.0)
    }
}

text_form!(PortablePath, { "type": "string", "minLength": 1, "maxLength": 180 });

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(text: &str) -> PathError {
        match text.parse::<PortablePath>() {
            Ok(_) => panic!("{text:?} was accepted"),
            Err(refusal) => refusal,
        }
    }

    /// T-50
    #[test]
    fn refuses_what_leaves_its_folder() {
        for text in ["../x", "a/../../x", "./a", "a/.", "a/..", "x/../y"] {
            assert_eq!(refusal(text), PathError::Dots, "{text}");
        }
        for text in ["/abs", "//srv/share", "C:/x", "C:x", r"\\?\C:\x", r"\x"] {
            assert_eq!(refusal(text), PathError::Absolute, "{text}");
        }
        for text in ["", "a//b", "a/"] {
            assert_eq!(refusal(text), PathError::Empty, "{text}");
        }
        assert_eq!(refusal(r"..\x"), PathError::Character);
        assert_eq!(refusal(r"a\b"), PathError::Character);
    }

    /// T-51, T-54
    #[test]
    fn refuses_characters_that_hide_or_mean_something_elsewhere() {
        for text in ["a\0", "a\nb", "a\u{7f}", "a\u{202e}b", "a\u{2066}", "a\u{200b}", "\u{feff}a", "a\u{85}"]
        {
            assert_eq!(refusal(text), PathError::Character, "{text:?}");
        }
        for text in ["a.dll:evil", "a.dll::$DATA", "dir::$INDEX_ALLOCATION", "a*", "a?", "a|b", "<a>"] {
            assert_eq!(refusal(text), PathError::Character, "{text:?}");
        }
    }

    /// T-52
    #[test]
    fn folds_names_that_collide_somewhere() {
        let folded = |text: &str| text.parse::<PortablePath>().expect("portable").fold();
        assert_eq!(folded("Data/a"), folded("data/A"));
        assert_eq!(folded("straße"), folded("STRASSE"));
        assert_eq!(folded("ﬁle"), folded("file"));
        assert_eq!(refusal("K\u{212a}").to_string(), PathError::NotNormal.to_string());
        assert_eq!(refusal("e\u{301}"), PathError::NotNormal);
        for text in ["a.", "a ", "a/b./c", " a"] {
            assert_eq!(refusal(text), PathError::Trailing, "{text:?}");
        }
    }

    /// T-53
    #[test]
    fn refuses_device_names_everywhere() {
        for name in
            ["CON", "con", "PRN", "aux", "NUL", "COM0", "com9", "LPT1", "COM¹", "lpt³", "CONIN$", "CLOCK$"]
        {
            for text in
                [name.to_owned(), format!("{name}.txt"), format!("a/{name}/b"), format!("{name} .txt")]
            {
                assert_eq!(refusal(&text), PathError::Reserved, "{text:?}");
            }
        }
        for text in ["CONSOLE", "COM10", "COMA", "nullify.lua", "auxiliary"] {
            assert!(text.parse::<PortablePath>().is_ok(), "{text}");
        }
    }

    /// T-55
    #[test]
    fn refuses_short_names() {
        for text in ["PROGRA~1/x", "LONGNA~1.DLL", "git~2"] {
            assert_eq!(refusal(text), PathError::ShortName, "{text}");
        }
        assert!("backup~".parse::<PortablePath>().is_ok());
    }

    /// T-56
    #[test]
    fn refuses_what_is_too_long_or_too_deep() {
        assert_eq!(refusal(&"a".repeat(181)), PathError::TooLong);
        assert_eq!(refusal(&["a"; 33].join("/")), PathError::TooLong);
        assert_eq!(refusal(&"😀".repeat(64)), PathError::TooLong);
        assert!(["a"; 32].join("/").parse::<PortablePath>().is_ok());
    }

    proptest! {
        #[test]
        fn never_panics_and_round_trips(text in "\\PC{0,60}|[a-zA-Z0-9./~: _-]{0,40}") {
            if let Ok(path) = text.parse::<PortablePath>() {
                prop_assert_eq!(path.as_str(), &text);
                prop_assert!(path.parts().all(|part| !part.is_empty() && part != ".." && part != "."));
                prop_assert_eq!(fold(path.fold().as_str()), path.fold().0);
                prop_assert_eq!(fold_unicode(path.as_str()), path.fold().0, "the short way gives the same");
            }
        }
    }
}
