//! Regular expressions of definitions.

use regex::{Regex, RegexBuilder};

/// Compiles a pattern of a definition within a small budget; matching is linear in the text.
pub(crate) fn pattern(text: &str) -> Result<Regex, String> {
    if text.len() > 1024 {
        return Err("the pattern is longer than 1024 bytes".into());
    }
    RegexBuilder::new(text).size_limit(1 << 20).dfa_size_limit(1 << 20).build().map_err(|e| e.to_string())
}

/// A pattern over the text of a file. One that does not compile fits nothing: a definition with it is refused before.
#[derive(Clone, Debug)]
pub struct TextPattern(Option<Regex>);

impl TextPattern {
    pub fn new(text: &str) -> Self {
        Self(pattern(text).ok())
    }

    /// Whether the text holds it somewhere.
    pub fn is_in(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|pattern| pattern.is_match(text))
    }

    /// Group 1 of its first place in the text.
    pub fn group(&self, text: &str) -> Option<String> {
        Some(self.0.as_ref()?.captures(text)?.get(1)?.as_str().to_owned())
    }
}
