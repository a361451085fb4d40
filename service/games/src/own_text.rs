//! What is ours in a text file of the game: some lines, or all of it.

use serde::{Deserialize, Serialize};

use crate::{GameError, SettingsLines};

/// Our part of a file. Lines leave every other byte alone; a whole text stands for the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OwnText {
    Whole(WholeText),
    Lines(SettingsLines),
}

/// The field's name is none that a settings line can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WholeText {
    #[serde(rename = "whole-text")]
    pub text: String,
}

impl From<SettingsLines> for OwnText {
    fn from(lines: SettingsLines) -> Self {
        Self::Lines(lines)
    }
}

impl OwnText {
    /// All of a file.
    pub fn whole(text: String) -> Self {
        Self::Whole(WholeText { text })
    }

    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Whole(_))
    }

    /// The file with our part in it, where `before` was our part until now.
    ///
    /// # Errors
    /// Those of [`SettingsLines::apply`].
    pub fn apply(
        &self,
        text: &[u8],
        before: Option<&OwnText>,
        original: &[u8],
    ) -> Result<Vec<u8>, GameError> {
        match (self, before) {
            (Self::Whole(whole), _) => Ok(whole.text.clone().into_bytes()),
            (Self::Lines(lines), Some(Self::Lines(before))) => lines.apply(text, before, original),
            (Self::Lines(lines), _) => lines.apply(text, &SettingsLines::default(), original),
        }
    }

    /// The file without our part, as far as it can be told from what others wrote: a whole text cannot.
    ///
    /// # Errors
    /// Those of [`SettingsLines::revert`].
    pub fn revert(&self, text: &[u8], original: &[u8]) -> Result<Vec<u8>, GameError> {
        match self {
            Self::Whole(_) => Ok(text.to_vec()),
            Self::Lines(lines) => lines.revert(text, original),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_what_it_was_written_as() {
        let lines = SettingsLines([("load_mod_x".to_owned(), "true".to_owned())].into());
        for text in
            [OwnText::from(lines), OwnText::whole("a\nb".into()), OwnText::Lines(SettingsLines::default())]
        {
            let json = serde_json::to_string(&text).expect("JSON");
            assert_eq!(serde_json::from_str::<OwnText>(&json).expect("reads"), text, "{json}");
        }
    }
}
