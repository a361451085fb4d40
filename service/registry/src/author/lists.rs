//! The lists that the online key signs beside the catalogue: what the registry advises against, what it features.
//!
//! A list that nobody edits is signed again from the newest catalogue role that the keys for it signed: whatever
//! somebody else put into the folder must neither add to it nor take from it.

use std::collections::BTreeMap;

use super::{
    Change, Files, Moment,
    document::{TargetEntry, Targets},
    lint::Problem,
    online::{Refresh, renew, signed_catalogue},
    state::State,
};
use crate::{
    Advisory, CatalogueEntry, Error, MAX_ADVISORIES_FILE, MAX_FEATURED_FILE, Pick, Result, SigningKey,
    layout::{self, ADVISORIES_PATH, FEATURED_PATH},
    parse_advisories, parse_featured, sha256, write_advisories, write_featured,
};

/// Every list, and what to tell its author where other keys signed it.
const LISTS: [(&str, &str); 2] = [
    (ADVISORIES_PATH, "what it advises against was signed by other keys and is left out; say it again"),
    (FEATURED_PATH, "what it features was signed by other keys and is left out; say it again"),
];

/// Changes what the registry advises against, and renews everything as [`super::refresh`] does: clients see it at their
/// next sync.
///
/// # Errors
/// Those of `edit`, [`Error::Malformed`] for a list that may not be signed, [`Error::HashMismatch`] where the list that
/// was there is not the one that was signed.
pub fn advise(
    files: &dyn Files,
    edit: impl FnOnce(&mut Vec<Advisory>) -> Result<()>,
    online: &SigningKey,
    moment: Moment,
) -> Result<Refresh> {
    let state = State::open(files)?;
    let bytes = signed_list(&state, ADVISORIES_PATH, MAX_ADVISORIES_FILE)?;
    let mut list = bytes.map(|bytes| parse_advisories(&bytes)).transpose()?.unwrap_or_default();
    edit(&mut list)?;
    let written = BTreeMap::from([(ADVISORIES_PATH, write_advisories(&list)?)]);
    renew(&state, Lists(written), online, moment)
}

/// Changes what the registry features, in the order in which players see it, and renews everything as
/// [`super::refresh`] does.
///
/// # Errors
/// As [`advise`].
pub fn feature(
    files: &dyn Files,
    edit: impl FnOnce(&mut Vec<Pick>) -> Result<()>,
    online: &SigningKey,
    moment: Moment,
) -> Result<Refresh> {
    let state = State::open(files)?;
    let bytes = signed_list(&state, FEATURED_PATH, MAX_FEATURED_FILE)?;
    let mut list = bytes.map(|bytes| parse_featured(&bytes)).transpose()?.unwrap_or_default();
    edit(&mut list)?;
    let written = BTreeMap::from([(FEATURED_PATH, write_featured(&list)?)]);
    renew(&state, Lists(written), online, moment)
}

/// What the registry features now, as the keys for it signed it.
///
/// # Errors
/// As [`advise`].
pub fn featured(files: &dyn Files) -> Result<Vec<Pick>> {
    let bytes = signed_list(&State::open(files)?, FEATURED_PATH, MAX_FEATURED_FILE)?;
    Ok(bytes.map(|bytes| parse_featured(&bytes)).transpose()?.unwrap_or_default())
}

/// The bytes of a list as it was signed; `None` where there is none.
fn signed_list(state: &State<'_>, path: &str, limit: u64) -> Result<Option<Vec<u8>>> {
    let signed = signed_catalogue(state)?;
    let Some(entry) = signed.as_ref().and_then(|role| role.targets.get(path)) else { return Ok(None) };
    let differs = || Error::HashMismatch { file: path.into() };
    let hash = entry.sha256().ok_or_else(differs)?;
    let file = layout::file_path(path, &hash);
    let bytes = state.target_bytes(&file, limit)?.ok_or(Error::MissingFile { file })?;
    match sha256(&bytes) == hash {
        true => Ok(Some(bytes)),
        false => Err(differs()),
    }
}

/// The lists that are other than they were signed: their new bytes by path.
#[derive(Default)]
pub(super) struct Lists(BTreeMap<&'static str, Vec<u8>>);

impl Lists {
    /// Lists that the folder has and that will be left out, because other keys signed them.
    pub fn left_out(&self, newest: Option<&Targets>, signed: Option<&Targets>) -> Vec<Problem> {
        let has =
            |role: Option<&Targets>, path: &str| role.is_some_and(|role| role.targets.contains_key(path));
        let lost = LISTS
            .into_iter()
            .filter(|(path, _)| !self.0.contains_key(path) && has(newest, path) && !has(signed, path));
        lost.map(|(path, why)| {
            let error = Error::Signature { role: layout::CATALOG_ROLE.into(), why: why.to_owned() };
            Problem::Refused { role: path.to_owned(), error }
        })
        .collect()
    }

    /// Packages of a new list of what is featured that the registry does not have: nobody would see them.
    pub fn unknown(&self, entries: &[CatalogueEntry]) -> Vec<Problem> {
        let picks = self.0.get(FEATURED_PATH).and_then(|bytes| parse_featured(bytes).ok());
        let is_known = |pick: &Pick| entries.iter().any(|entry| entry.id == pick.package);
        let unknown = picks.into_iter().flatten().filter(|pick| !is_known(pick));
        unknown
            .map(|pick| {
                let error = Error::NotFound { what: pick.package.to_string() };
                Problem::Refused { role: FEATURED_PATH.to_owned(), error }
            })
            .collect()
    }

    /// The targets of all lists, and the bytes of those that are new.
    pub fn targets(&self, signed: Option<&Targets>, change: &mut Change) -> BTreeMap<String, TargetEntry> {
        let mut targets = BTreeMap::new();
        for (path, _) in LISTS {
            let entry = match self.0.get(path) {
                Some(bytes) => {
                    let hash = sha256(bytes);
                    change.targets.push((layout::file_path(path, &hash), bytes.clone()));
                    Some(TargetEntry::new(bytes.len() as u64, &hash, None))
                }
                None => signed.and_then(|role| role.targets.get(path).cloned()),
            };
            targets.extend(entry.map(|entry| (path.to_owned(), entry)));
        }
        targets
    }
}
