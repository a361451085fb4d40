//! A key or token of the player's for a service of others.

use std::fmt;

use zeroize::Zeroizing;

/// Longest secret that is taken, in bytes. The longest that services give out are signed tokens of about two thousand.
const MAX_SECRET: usize = 4096;

/// Something that only its owner and the service that it is for may see. It is no part of any stored or sent form: it
/// cannot be serialized, prints as nothing, and is wiped from memory when it is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Reads one as a person typed or pasted it; blanks around it are not part of it. `None` for what no service gives
    /// out: nothing, more than one word, characters that a header cannot carry (RFC 9110 §5.5), more than 4096 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = (1..=MAX_SECRET).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The secret itself, for the one who is to be shown it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_one_word_that_a_header_carries_is_a_secret() {
        assert_eq!(Secret::parse(" ghp_Ab1 \n").expect("a secret").reveal(), "ghp_Ab1");
        let longest = "x".repeat(MAX_SECRET);
        assert!(Secret::parse(&longest).is_some());
        for bad in ["", " \n", "two words", "line\nline", "schlüssel", "a\0b", &format!("{longest}x")] {
            assert!(Secret::parse(bad).is_none(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn a_secret_never_prints(text in "[!-~]{8,40}") {
            let secret = Secret::parse(&text).expect("a secret");
            let printed = format!("{secret:?} {:#?}", [Some(secret.clone())]);
            prop_assert!(!printed.contains(&text));
        }
    }
}
