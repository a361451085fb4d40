//! Names of packages: `author/name`.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// Longest part of a name, in bytes.
const MAX: usize = 60;

/// Author and technical name of a package.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageName {
    text: String,
    /// Length of the author's name.
    author: usize,
}

impl PackageName {
    /// Puts a name together.
    ///
    /// # Errors
    /// A sentence for what no author or package is called.
    pub fn new(author: &str, name: &str) -> Result<Self, &'static str> {
        if !is_author(author) {
            return Err("an author is named in letters, digits, dots, hyphens and underscores");
        }
        if !is_technical(name) {
            return Err("a package is named in small letters, digits and underscores");
        }
        Ok(Self { text: format!("{author}/{name}"), author: author.len() })
    }

    /// `author/name`, which is also how addresses of the service name it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn author(&self) -> &str {
        &self.text[..self.author]
    }

    /// The technical name: also the name of the folder that the package is installed as.
    pub fn name(&self) -> &str {
        &self.text[self.author + 1..]
    }
}

impl FromStr for PackageName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (author, name) = text.split_once('/').ok_or("a package is named author/name")?;
        Self::new(author, name)
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for PackageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PackageName({self})")
    }
}

impl Serialize for PackageName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// The part becomes a part of addresses: nothing in it may mean anything there.
fn is_author(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    (1..=MAX).contains(&text.len()) && text.bytes().all(is_plain) && !text.bytes().all(|b| b == b'.')
}

/// Names of mods, games and texture packs, as Luanti takes them.
pub(super) fn is_technical(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=MAX).contains(&text.len()) && text.bytes().all(is_plain)
}

/// What a package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Kind {
    /// A mod, or several in one package.
    Mod,
    Game,
    TexturePack,
}

impl Kind {
    /// As answers and queries of the service write it, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        let of = |kind: Self| text.eq_ignore_ascii_case(kind.as_str()).then_some(kind);
        [Self::Mod, Self::Game, Self::TexturePack].into_iter().find_map(of)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mod => "mod",
            Self::Game => "game",
            Self::TexturePack => "txp",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_be_a_path_or_an_address_is_no_name() {
        let name: PackageName = "Wuzzy-2.0/mcl_core".parse().expect("a name");
        assert_eq!((name.author(), name.name()), ("Wuzzy-2.0", "mcl_core"));
        for bad in [
            "", "a", "/a", "a/", "../a", "a/..", "a/b/c", "a/B", "a/b-c", "a b/c", "a?/b", "a%2f/b", "a/b#",
            "ä/b", "a/b\0",
        ] {
            assert!(bad.parse::<PackageName>().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn what_reads_prints_the_same(text in "[-A-Za-z0-9_./ ]{0,16}") {
            if let Ok(name) = text.parse::<PackageName>() {
                prop_assert_eq!(name.to_string(), text.clone());
                prop_assert_eq!(format!("{}/{}", name.author(), name.name()), text);
            }
        }
    }
}
