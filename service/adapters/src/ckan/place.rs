//! From the files of an archive to their places, by CKAN's specification. Pure.
//!
//! - `file` is a path; `find` the topmost folder with a name; `find_regexp` the topmost folder that fits. Folders above
//!   the found one are left out of the target, and so is the found one itself if it is named like a place of the game.
//! - Topmost is what begins first in its path. Files count beside folders where the stanza says so, and where no
//!   folder fits at all: published metadata counts on both.
//! - Letters of either case fit when something is searched or filtered by name; expressions of filters count case.
//! - Metadata inside an archive (`*.ckan`) is never placed.

use std::collections::{BTreeMap, BTreeSet};

use fancy_regex::{Regex, RegexBuilder};
use muster_domain::{PortablePath, clean_line};

use super::{Base, Finding, Identifier, Selection, Stanza, Target};
use crate::{Error, Result};

/// Steps that one match of an expression may take.
const MAX_STEPS: usize = 200_000;
/// Names that the game keeps for its places: a found folder of such a name gives its content only.
const RESERVED: [&str; 3] = ["gamedata/", "ships/", "missions/"];
/// Places inside the game's own folder, so that one file cannot be placed under two names.
const INNER: [Base; 5] = [Base::GameData, Base::Ships, Base::Missions, Base::Tutorial, Base::Scenarios];

/// One file and where it goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlacedFile {
    /// In the archive.
    pub from: PortablePath,
    pub base: Base,
    /// Below the base.
    pub path: PortablePath,
}

/// Where the files of an archive go, sorted by place; files that no stanza takes are not in it.
///
/// # Errors
/// [`Error::NoMatch`] for a stanza that takes no file, [`Error::UnsafePath`], [`Error::Twice`], and [`Error::Effort`]
/// for an expression that would search for too long.
pub fn place(identifier: &Identifier, stanzas: &[Stanza], files: &[PortablePath]) -> Result<Vec<PlacedFile>> {
    let mut placed: BTreeMap<(Base, String), PlacedFile> = BTreeMap::new();
    for stanza in stanzas {
        for file in take(identifier, stanza, files)? {
            let key = (file.base, file.path.fold().as_str().to_owned());
            let path = file.path.to_string();
            if let Some(other) = placed.insert(key, file.clone())
                && other.from != file.from
            {
                return Err(Error::Twice { package: identifier.to_string(), path });
            }
        }
    }
    Ok(placed.into_values().collect())
}

/// What one stanza takes.
fn take(identifier: &Identifier, stanza: &Stanza, files: &[PortablePath]) -> Result<Vec<PlacedFile>> {
    let roots = roots(identifier, &stanza.finding, files)?;
    let filter = Filter::new(identifier, &stanza.selection)?;
    let mut placed = Vec::new();
    for file in files {
        let Some(root) = roots.iter().find(|root| is_at_or_below(file.as_str(), root)) else { continue };
        if filter.takes(file)? {
            placed.push(target(identifier, stanza, root, file)?);
        }
    }
    if placed.is_empty() {
        let wanted = match &stanza.finding {
            Finding::File(text) => text,
            Finding::Find { name, .. } => name,
            Finding::FindRegexp { pattern, .. } => pattern,
        };
        let wanted = clean_line(wanted, 120);
        return Err(Error::NoMatch { package: identifier.to_string(), wanted });
    }
    Ok(placed)
}

fn is_at_or_below(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The files and folders that a stanza is about, as they are written in the archive.
fn roots(identifier: &Identifier, finding: &Finding, files: &[PortablePath]) -> Result<Vec<String>> {
    let folders = folders(files);
    let names: BTreeSet<&str> = files.iter().map(PortablePath::as_str).collect();
    match finding {
        Finding::File(path) => {
            let wanted = path.to_lowercase();
            let all = folders.iter().chain(&names);
            Ok(all.filter(|found| found.to_lowercase() == wanted).map(|found| (*found).to_owned()).collect())
        }
        Finding::Find { name, or_file } => {
            let wanted = name.to_lowercase();
            let fits = |found: &str| Ok(begins_at(&found.to_lowercase(), &wanted));
            let (found, _) = search(&folders, &names, *or_file, fits)?;
            let first = found.iter().map(|(at, _)| *at).min();
            Ok(found.into_iter().filter(|(at, _)| Some(*at) == first).map(|(_, path)| path).collect())
        }
        Finding::FindRegexp { pattern, or_file } => {
            let pattern = Pattern::new(identifier, pattern, Letters::Either)?;
            // Some authors end their expressions with a slash, as folders in archives do.
            let is_in = |found: &str| {
                let as_folder = || format!("{found}/");
                Ok(pattern.is_in(found)? || (folders.contains(found) && pattern.is_in(&as_folder())?))
            };
            let fits = |found: &str| Ok(is_in(found)?.then_some(found.len()));
            let (found, is_folder) = search(&folders, &names, *or_file, fits)?;
            let topmost = found.iter().min().cloned();
            match is_folder {
                true => Ok(topmost.into_iter().map(|(_, path)| path).collect()),
                // Several files of one kind (craft, flags) are what such an expression is written for.
                false => Ok(found.into_iter().map(|(_, path)| path).collect()),
            }
        }
    }
}

/// Where the last names of a path begin, if they are these.
fn begins_at(path: &str, names: &str) -> Option<usize> {
    let before = path.strip_suffix(names)?;
    (before.is_empty() || before.ends_with('/')).then_some(before.len())
}

/// What fits, with its measure; and whether the best of it is a folder.
fn search(
    folders: &BTreeSet<&str>,
    files: &BTreeSet<&str>,
    or_file: bool,
    fits: impl Fn(&str) -> Result<Option<usize>>,
) -> Result<(Vec<(usize, String)>, bool)> {
    let fitting = |names: &BTreeSet<&str>| {
        let mut found = Vec::new();
        for name in names {
            found.extend(fits(name)?.map(|measure| (measure, (*name).to_owned())));
        }
        Ok::<_, Error>(found)
    };
    let of_folders = fitting(folders)?;
    if !or_file && !of_folders.is_empty() {
        return Ok((of_folders, true));
    }
    let of_files = fitting(files)?;
    let is_folder = match (of_folders.iter().min(), of_files.iter().min()) {
        (Some(folder), Some(file)) => folder < file,
        (folder, _) => folder.is_some(),
    };
    Ok((if is_folder { of_folders } else { of_files }, is_folder))
}

/// Every folder that holds something, at whatever depth.
fn folders(files: &[PortablePath]) -> BTreeSet<&str> {
    let mut folders = BTreeSet::new();
    for file in files {
        let mut path = file.as_str();
        while let Some((folder, _)) = path.rsplit_once('/') {
            if !folders.insert(folder) {
                break;
            }
            path = folder;
        }
    }
    folders
}

fn target(identifier: &Identifier, stanza: &Stanza, root: &str, file: &PortablePath) -> Result<PlacedFile> {
    let above = root.rsplit_once('/').map_or(0, |(above, _)| above.len() + 1);
    let path = &file.as_str()[above..];
    let path = match &stanza.rename {
        Some(name) => match path.split_once('/') {
            Some((_, rest)) => format!("{name}/{rest}"),
            None => name.clone(),
        },
        None => without_reserved(path).to_owned(),
    };
    let Target { base, folder } = &stanza.target;
    let text = match folder {
        Some(folder) => format!("{folder}/{path}"),
        None => path,
    };
    let path: PortablePath = text.parse().map_err(|why: muster_domain::PathError| Error::UnsafePath {
        package: identifier.to_string(),
        path: clean_line(&text, 200),
        why: why.to_string(),
    })?;
    let (base, path) = inner(*base, path);
    Ok(PlacedFile { from: file.clone(), base, path })
}

fn without_reserved(path: &str) -> &str {
    let name = RESERVED.iter().find(|name| {
        path.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && path.len() > name.len()
    });
    name.map_or(path, |name| &path[name.len()..])
}

/// The same file under the name of the innermost place.
fn inner(base: Base, path: PortablePath) -> (Base, PortablePath) {
    if base != Base::GameRoot {
        return (base, path);
    }
    let below = |base: Base| {
        let folder = base.path()?;
        let start = path.as_str().get(..folder.len())?;
        let rest = path.as_str()[folder.len()..].strip_prefix('/')?;
        start.eq_ignore_ascii_case(folder).then(|| rest.parse().ok().map(|rest| (base, rest)))?
    };
    INNER.into_iter().find_map(below).unwrap_or((base, path))
}

/// Whether letters of the other case fit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Letters {
    Either,
    Exact,
}

/// An expression in .NET's syntax.
struct Pattern {
    package: String,
    text: String,
    regex: Regex,
}

impl Pattern {
    fn new(identifier: &Identifier, text: &str, letters: Letters) -> Result<Self> {
        let package = identifier.to_string();
        let regex = build(&package, text, letters)?;
        Ok(Self { package, text: text.to_owned(), regex })
    }

    fn is_in(&self, path: &str) -> Result<bool> {
        let effort =
            |_| Error::Effort { package: self.package.clone(), pattern: clean_line(&self.text, 120) };
        self.regex.is_match(path).map_err(effort)
    }
}

/// Compiles an expression, to find out whether it is one.
pub(super) fn compile(package: &str, text: &str) -> Result<()> {
    build(package, text, Letters::Exact).map(|_| ())
}

fn build(package: &str, text: &str, letters: Letters) -> Result<Regex> {
    let mut builder = RegexBuilder::new(text);
    builder.backtrack_limit(MAX_STEPS).case_insensitive(letters == Letters::Either);
    builder.build().map_err(|error| Error::Pattern {
        package: package.to_owned(),
        pattern: clean_line(text, 120),
        why: clean_line(&error.to_string(), 200),
    })
}

/// A stanza's selection, ready to judge files.
struct Filter {
    names: BTreeSet<String>,
    patterns: Vec<Pattern>,
    /// Whether what fits is what is wanted.
    wants_fitting: bool,
}

impl Filter {
    fn new(identifier: &Identifier, selection: &Selection) -> Result<Self> {
        let (names, patterns, wants_fitting) = match selection {
            Selection::AllBut { names, patterns } => (names, patterns, false),
            Selection::Only { names, patterns } => (names, patterns, true),
        };
        let compiled = patterns.iter().map(|text| Pattern::new(identifier, text, Letters::Exact));
        Ok(Self {
            names: names.iter().map(|name| name.to_lowercase()).collect(),
            patterns: compiled.collect::<Result<_>>()?,
            wants_fitting,
        })
    }

    fn takes(&self, file: &PortablePath) -> Result<bool> {
        let lower = file.as_str().to_lowercase();
        if lower.ends_with(".ckan") {
            return Ok(false);
        }
        let mut fits = lower.split('/').any(|part| self.names.contains(part));
        for pattern in &self.patterns {
            fits = fits || pattern.is_in(file.as_str())?;
        }
        Ok(fits == self.wants_fitting)
    }
}
