//! Hashes as values: lower-case hexadecimal outside, bytes inside.

use std::{fmt, str::FromStr};

use crate::text_form::text_form;

/// The text is not a hash of the expected length in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a {expected}-character lower-case hexadecimal hash")]
pub struct ParseHashError {
    expected: usize,
}

macro_rules! hash_type {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// The first eight characters, for logs.
            pub fn short(&self) -> String {
                hex::encode(&self.0[..4])
            }

            /// The raw digest.
            pub fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.short())
            }
        }

        impl FromStr for $name {
            type Err = ParseHashError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let refusal = ParseHashError { expected: $len * 2 };
                if text.len() != $len * 2 || text.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                    return Err(refusal);
                }
                let mut bytes = [0; $len];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| refusal)?;
                Ok(Self(bytes))
            }
        }

        text_form!($name, { "type": "string", "pattern": format!("^[0-9a-f]{{{}}}$", $len * 2) });
    };
}

hash_type!(
    /// SHA-256 (FIPS 180-4): the identity of every archive, tree and file.
    Sha256, 32
);
hash_type!(
    /// SHA-1, only as BitTorrent v1 info-hash (BEP 3); never trusted for content.
    Sha1, 20
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_upper_case_and_wrong_length() {
        assert!("AA".repeat(32).parse::<Sha256>().is_err());
        assert!("aa".repeat(31).parse::<Sha256>().is_err());
        assert!("é".repeat(32).parse::<Sha256>().is_err());
        let hash: Sha256 = "ab".repeat(32).parse().expect("valid");
        assert_eq!(hash.to_string(), "ab".repeat(32));
    }
}
