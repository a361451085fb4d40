//! Which language to speak.

use std::str::FromStr;

use unic_langid::{LanguageIdentifier, langid};

/// A language that Muster speaks. The two pseudo-languages are made from English, to find text that is cut off, not
/// translatable or laid out in one direction only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    German,
    /// Accented, bracketed and 40 % longer.
    PseudoLong,
    /// Written from right to left.
    PseudoRightToLeft,
}

impl Language {
    pub const ALL: [Self; 4] = [Self::English, Self::German, Self::PseudoLong, Self::PseudoRightToLeft];

    /// The tag of settings and folders; private-use tags (BCP 47) for the pseudo-languages.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::PseudoLong => "en-x-long",
            Self::PseudoRightToLeft => "en-x-rtl",
        }
    }

    /// Whether the language is written from right to left.
    pub fn is_right_to_left(self) -> bool {
        self == Self::PseudoRightToLeft
    }

    /// The language of a tag (`de`, `de-AT`, `de_DE.UTF-8@euro`); `None` if it is none of ours.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
        if let Some(exact) = Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(&tag))
        {
            return Some(exact);
        }
        let identifier = LanguageIdentifier::from_str(&tag).ok()?;
        [Self::English, Self::German]
            .into_iter()
            .find(|language| language.identifier().language == identifier.language)
    }

    /// The language of a process: `LC_ALL`, `LC_MESSAGES`, `LANG`; unless that is plain C, the list in `LANGUAGE` goes
    /// before it (as gettext has it). English if nothing fits.
    pub fn from_environment(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let read = |name: &str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(read);
        let is_plain = |locale: &String| matches!(locale.split('.').next(), Some("C" | "POSIX"));
        let Some(locale) = locale.filter(|locale| !is_plain(locale)) else { return Self::English };
        let list = read("LANGUAGE").unwrap_or_default();
        list.split(':').chain([locale.as_str()]).find_map(Self::from_tag).unwrap_or_default()
    }

    pub(crate) fn identifier(self) -> LanguageIdentifier {
        match self {
            Self::German => langid!("de"),
            _ => langid!("en"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(values: &'static [(&'static str, &'static str)]) -> Language {
        Language::from_environment(&|name| {
            values.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn tags_of_all_kinds_are_understood() {
        for (tag, language) in [
            ("de", Some(Language::German)),
            ("de-AT", Some(Language::German)),
            ("de_DE.UTF-8@euro", Some(Language::German)),
            ("EN_us", Some(Language::English)),
            ("en-x-rtl", Some(Language::PseudoRightToLeft)),
            ("fr", None),
            ("", None),
            ("\u{0}!", None),
        ] {
            assert_eq!(Language::from_tag(tag), language, "{tag:?}");
        }
    }

    #[test]
    fn the_environment_is_read_as_gettext_reads_it() {
        assert_eq!(environment(&[]), Language::English);
        assert_eq!(environment(&[("LANG", "de_DE.UTF-8")]), Language::German);
        assert_eq!(environment(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "en_GB")]), Language::English);
        assert_eq!(environment(&[("LANG", "en_US.UTF-8"), ("LANGUAGE", "fr:de:en")]), Language::German);
        assert_eq!(environment(&[("LANG", "C.UTF-8"), ("LANGUAGE", "de")]), Language::English);
        assert_eq!(environment(&[("LANG", "de_DE"), ("LC_ALL", "")]), Language::German);
    }
}
