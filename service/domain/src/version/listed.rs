//! Versions of sources that only say which release came later: any label, in the order of their releases.
//!
//! ContentDB numbers its releases, others date them; what their authors call them is for people.

use std::{fmt, str::FromStr};

use super::VersionError;

/// Longest label, in bytes of UTF-8.
const MAX_LABEL: usize = 128;

/// A release by its place in its source's order, and by what its author calls it.
///
/// Ordered by place; of one place, by label, so that the order agrees with `Eq`. A list that does not tell the label
/// leaves it empty, so that the same release with its label is never older.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListedVersion {
    place: u64,
    label: String,
}

impl ListedVersion {
    /// A release at a place; the label is cleaned and cut.
    pub fn new(place: u64, label: &str) -> Self {
        let label: String = label.chars().filter(|c| !matches!(c, '<' | '>')).collect();
        let mut label = crate::clean_line(&label, MAX_LABEL);
        while label.len() > MAX_LABEL {
            label.pop();
        }
        Self { place, label: label.trim().to_owned() }
    }

    /// Its place in the order.
    pub fn place(&self) -> u64 {
        self.place
    }

    /// As people know it; its place where nobody gave it a name.
    pub fn label(&self) -> String {
        if self.label.is_empty() { self.place.to_string() } else { self.label.clone() }
    }

    /// The semantic version that the label is, where it is one; authors write it with and without a `v`.
    pub fn as_semver(&self) -> Option<semver::Version> {
        semver::Version::parse(self.label.strip_prefix(['v', 'V']).unwrap_or(&self.label)).ok()
    }
}

impl fmt::Display for ListedVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.place, self.label)
    }
}

impl fmt::Debug for ListedVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ListedVersion({self})")
    }
}

impl FromStr for ListedVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let refusal = |why: &str| VersionError::Version {
            text: text.chars().filter(|c| !c.is_control()).take(20).collect(),
            why: why.to_owned(),
        };
        let shape = || refusal("no place and label");
        let (place, label) = text.split_once(':').ok_or_else(shape)?;
        let is_plain = !place.is_empty() && (place == "0" || !place.starts_with('0'));
        let place = place.parse().ok().filter(|_| is_plain && place.bytes().all(|b| b.is_ascii_digit()));
        let read = Self::new(place.ok_or_else(shape)?, label);
        if read.label == label { Ok(read) } else { Err(refusal("with a character that no version has")) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn later_releases_are_newer_whatever_they_are_called() {
        let old = ListedVersion::new(10, "2.0");
        let new = ListedVersion::new(11, "1.0-fixed");
        assert!(new > old);
        assert!(ListedVersion::new(10, "") < old, "a list that does not tell the label offers nothing newer");
        assert_eq!((ListedVersion::new(7, "").label(), old.label()), ("7".into(), "2.0".into()));
        assert_eq!(
            ListedVersion::new(1, "v1.2.3").as_semver().map(|v| v.to_string()).as_deref(),
            Some("1.2.3")
        );
        assert_eq!(old.as_semver(), None);
    }

    #[test]
    fn what_is_no_place_and_label_is_refused() {
        for bad in
            ["", "1", ":a", "a:b", "-1:a", "01:a", "+1:a", "1: a", "1:a\n", "1:a>", "99999999999999999999:a"]
        {
            assert!(bad.parse::<ListedVersion>().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn text_forms_are_read_again(place: u64, label in "\\PC{0,40}") {
            let version = ListedVersion::new(place, &label);
            prop_assert_eq!(version.to_string().parse::<ListedVersion>().expect("reads"), version);
        }
    }
}
