//! Identities. Names in registries follow a strict grammar; foreign ids are opaque and never used as paths.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Sha256, text_form::text_form};

/// Longest opaque id of a foreign source, in bytes of UTF-8.
const MAX_FOREIGN_ID: usize = 128;

/// Why a text is not an identity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("a {what} has 2 to 39 letters a–z, digits and single hyphens between them")]
    Name { what: &'static str },
    #[error("a package is named publisher/name")]
    NotPublished,
    #[error("an id has 1 to 128 bytes and no control or invisible characters")]
    Foreign,
    #[error("a source id is reg-<64 hexadecimal digits> or kind[:scope]")]
    Source,
    #[error("not a UUID")]
    Uuid,
}

/// Grammar of `decisions.md`: `[a-z0-9](-?[a-z0-9]){1,38}`.
fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut characters = 0;
    let mut hyphen = true;
    for &byte in bytes {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' => {
                characters += 1;
                hyphen = false;
            }
            b'-' if !hyphen => hyphen = true,
            _ => return false,
        }
    }
    !hyphen && (2..=39).contains(&characters)
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text form; parsing it gives an equal value.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let check: fn(&str) -> Result<(), IdError> = $check;
                check(text).map(|()| Self(text.to_owned()))
            }
        }

        text_form!($name, { "type": "string", "maxLength": 160 });
    };
}

text_id!(
    /// A publisher in a registry.
    Publisher,
    |text| if is_name(text) { Ok(()) } else { Err(IdError::Name { what: "publisher" }) }
);
text_id!(
    /// The name of a package under its publisher.
    PackageName,
    |text| if is_name(text) { Ok(()) } else { Err(IdError::Name { what: "package name" }) }
);
text_id!(
    /// A feature inside its package (`textures-4k`).
    FeatureId,
    |text| if is_name(text) { Ok(()) } else { Err(IdError::Name { what: "feature" }) }
);
text_id!(
    /// A game, by the name of its definition (`minetest`, `openttd`).
    GameId,
    |text| if is_name(text) { Ok(()) } else { Err(IdError::Name { what: "game" }) }
);
text_id!(
    /// A package inside one source: `publisher/name` in registries, opaque elsewhere. Never used as a path part.
    PackageId,
    |text| {
        let hidden = |c: char| c.is_control() || crate::text::is_invisible(c);
        if text.is_empty() || text.len() > MAX_FOREIGN_ID || text.chars().any(hidden) {
            return Err(IdError::Foreign);
        }
        Ok(())
    }
);
text_id!(
    /// Where a package comes from: `reg-<SHA-256 of root version 1>` or `kind[:scope]`.
    SourceId,
    |text| {
        if let Some(hash) = text.strip_prefix("reg-") {
            return hash.parse::<Sha256>().map(|_| ()).map_err(|_| IdError::Source);
        }
        let (kind, scope) = text.split_once(':').map_or((text, None), |(kind, scope)| (kind, Some(scope)));
        let kind_fits = !kind.is_empty() && kind.len() <= 32 && kind.bytes().all(|b| b.is_ascii_lowercase());
        let scope_fits = scope.is_none_or(|scope| {
            !scope.is_empty()
                && scope.len() <= 64
                && scope.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        });
        if kind_fits && scope_fits { Ok(()) } else { Err(IdError::Source) }
    }
);

impl SourceId {
    /// The registry whose first trusted root has this hash.
    pub fn registry(root: &Sha256) -> Self {
        Self(format!("reg-{root}"))
    }

    /// The root fingerprint, if this is a registry.
    pub fn registry_root(&self) -> Option<Sha256> {
        self.0.strip_prefix("reg-")?.parse().ok()
    }
}

/// A package in a registry: publisher and name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PublishedName {
    pub publisher: Publisher,
    pub package: PackageName,
}

impl fmt::Display for PublishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.publisher, self.package)
    }
}

impl FromStr for PublishedName {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (publisher, package) = text.split_once('/').ok_or(IdError::NotPublished)?;
        Ok(Self { publisher: publisher.parse()?, package: package.parse()? })
    }
}

text_form!(PublishedName, {
    "type": "string",
    "pattern": "^[a-z0-9](-?[a-z0-9]){1,38}/[a-z0-9](-?[a-z0-9]){1,38}$",
});

impl From<PublishedName> for PackageId {
    fn from(name: PublishedName) -> Self {
        Self(name.to_string())
    }
}

impl PackageId {
    /// The registry form, if it has one.
    pub fn published(&self) -> Result<PublishedName, IdError> {
        self.0.parse()
    }
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::parse_str(text).map(Self).map_err(|_| IdError::Uuid)
            }
        }
    };
}

uuid_id!(
    /// One job of the engine (UUIDv7).
    JobId
);
uuid_id!(
    /// One profile (UUIDv7).
    ProfileId
);

/// The n-th state of a profile; 0 is the state before Muster changed anything.
pub type GenerationNumber = u64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_grammar_holds() {
        for good in ["ab", "a1", "a-b", "abc-def-9", &"a".repeat(39)] {
            assert!(good.parse::<Publisher>().is_ok(), "{good}");
        }
        for bad in ["", "a", "-ab", "ab-", "a--b", "Ab", "ä1", "a_b", "a/b", &"a".repeat(40), "a\0b"] {
            assert!(bad.parse::<Publisher>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn source_ids_are_registries_or_kinds() {
        let root: Sha256 = "0f".repeat(32).parse().expect("hash");
        let id = SourceId::registry(&root);
        assert_eq!(id.as_str().parse::<SourceId>().expect("round trip").registry_root(), Some(root));
        for good in ["ckan", "thunderstore:lethal-company", "folder:0190a0b0"] {
            assert!(good.parse::<SourceId>().is_ok(), "{good}");
        }
        for bad in ["reg-abc", "../x", "C:", "NUL/", "a:", ":a", "a:../b", ""] {
            assert!(bad.parse::<SourceId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn foreign_ids_keep_case_and_refuse_invisible_characters() {
        assert_eq!("Some Mod".parse::<PackageId>().expect("opaque").as_str(), "Some Mod");
        assert!("a\u{202e}b".parse::<PackageId>().is_err());
        assert!("x".repeat(129).parse::<PackageId>().is_err());
    }
}
