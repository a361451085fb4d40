//! The author's own install rules, from the package's manifest.

use muster_domain::PortablePath;
use muster_games::Definition;
use serde::{Deserialize, Serialize};

use super::{Candidate, PackageFiles, below, globs, without_leading};
use crate::DeployError;

/// Files that match a glob go to a place of the game, below a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorRule {
    /// Over paths of the payload.
    pub glob: String,
    /// A place of the game's definition.
    pub place: String,
    /// Folder below the place; plain text, nothing in it is expanded.
    pub to: Option<String>,
    /// How many leading folders of the payload's path are left out of the target's path.
    pub strip: u8,
}

/// Folders that look like variables or home folders are refused, so that nobody relies on their expansion (T-81).
fn folder(package: &PackageFiles<'_>, text: &str) -> Result<PortablePath, DeployError> {
    if text.contains(['$', '%', '~', '{', '}', '[', ']', '!']) {
        let why = "a folder is named as it is, without variables and patterns".to_owned();
        return Err(DeployError::Path { package: package.name.to_owned(), path: text.to_owned(), why });
    }
    text.parse().map_err(|why| DeployError::path(package.name, text, why))
}

pub(super) fn take<'a>(
    definition: &Definition,
    package: &PackageFiles<'_>,
    rest: &mut Vec<Candidate<'a>>,
) -> Result<Vec<(Candidate<'a>, String, PortablePath)>, DeployError> {
    let mut targets = Vec::new();
    for rule in package.rules {
        if !definition.places.contains_key(&rule.place) {
            let why = "the game has no such place".to_owned();
            let path = rule.place.clone();
            return Err(DeployError::Path { package: package.name.to_owned(), path, why });
        }
        let globs = globs(package, [&rule.glob])?;
        let to = rule.to.as_deref().map(|to| folder(package, to)).transpose()?;
        let (taken, left) =
            std::mem::take(rest).into_iter().partition(|c: &Candidate<'_>| globs.matches(&c.path));
        *rest = left;
        for candidate in taken {
            let inner = without_leading(&candidate.path, usize::from(rule.strip));
            let path = below(package, to.as_ref().map(PortablePath::as_str), &inner)?;
            targets.push((candidate, rule.place.clone(), path));
        }
    }
    Ok(targets)
}
