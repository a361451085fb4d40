//! Names of mods in CKAN: letters, digits and hyphens of ASCII.

use std::{fmt, str::FromStr};

/// Longest identifier; the longest of the real index has 55 characters.
const MAX: usize = 128;

/// The name of a mod, or of something that mods provide. Case counts between equal names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(String);

impl Identifier {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Identifier {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        let begins_well = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        match begins_well && text.len() <= MAX && text.bytes().all(fits) {
            true => Ok(Self(text.to_owned())),
            false => Err("an identifier has 1 to 128 letters, digits and hyphens"),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identifier({})", self.0)
    }
}
