//! Patterns over paths below a folder. `*` and `?` stay inside one part, `**` spans parts; case does not matter,
//! because on some systems it does not make another file.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use muster_domain::PortablePath;

/// A set of patterns.
#[derive(Clone, Debug)]
pub struct PathGlobs(GlobSet);

impl PathGlobs {
    /// Compiles patterns.
    ///
    /// # Errors
    /// A sentence, if a pattern is malformed, too long, or leads out of its folder.
    pub fn new<'g>(texts: impl IntoIterator<Item = &'g String>) -> Result<Self, String> {
        let mut set = GlobSetBuilder::new();
        for text in texts {
            if text.is_empty()
                || text.len() > 256
                || text.starts_with('/')
                || text.contains('\\')
                || text.split('/').any(|part| part == "..")
            {
                return Err(format!("{text:?} is no pattern below a folder"));
            }
            let glob = GlobBuilder::new(text).literal_separator(true).case_insensitive(true).build();
            set.add(glob.map_err(|error| error.to_string())?);
        }
        set.build().map(Self).map_err(|error| error.to_string())
    }

    /// Whether any pattern fits.
    pub fn matches(&self, path: &PortablePath) -> bool {
        self.0.is_match(path.as_str())
    }

    /// Whether any pattern fits `place/path`.
    pub fn matches_in(&self, place: &str, path: &PortablePath) -> bool {
        self.0.is_match(format!("{place}/{path}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stay_in_their_part() {
        let globs = PathGlobs::new(&["*.md".to_owned(), "worlds/**".to_owned()]).expect("patterns");
        let matches = |path: &str| globs.matches(&path.parse().expect("path"));
        assert!(matches("README.md") && matches("readme.MD") && matches("worlds/a/b"));
        assert!(!matches("docs/README.md") && !matches("world/a"));
        assert!(globs.matches_in("worlds", &"a".parse().expect("path")));
    }

    #[test]
    fn refuses_patterns_that_lead_out() {
        for text in ["../x", "/x", "a/../b", "", "a\\b", "[", "a{b"] {
            assert!(PathGlobs::new(&[text.to_owned()]).is_err(), "{text}");
        }
    }
}
