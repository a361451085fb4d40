//! Where the files of one package go: the game's rules (or the author's) applied to a list of files. Pure.

mod author;
mod folders;
mod routes;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, VecDeque},
    rc::Rc,
};

use muster_domain::{PortablePath, Sha256};
use muster_games::{Definition, InstallRule, NamesByPlace, PathGlobs, SpreadRule};
use serde::{Deserialize, Serialize};

pub use author::AuthorRule;

use crate::DeployError;

/// One file of an unpacked package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeFile {
    /// Below the tree.
    pub path: PortablePath,
    /// Bytes.
    pub size: u64,
    pub sha256: Sha256,
}

/// The package whose files are to be placed.
pub struct PackageFiles<'a> {
    /// Its short name: stands in where a folder gives no name.
    pub name: &'a str,
    /// The folder of the tree that holds the payload (`files`); files outside it are not looked at.
    pub payload: Option<&'a PortablePath>,
    pub files: &'a [TreeFile],
    /// The beginning of a small file (path below the tree), for names inside it; at most 64 KiB are looked at.
    pub text: &'a dyn Fn(&PortablePath) -> Option<Vec<u8>>,
    /// The author's own rules; if there are any, the game's are not used.
    pub rules: &'a [AuthorRule],
    /// Files of the payload that the player may edit, in addition to those of the game.
    pub config: &'a [String],
}

/// One file and where it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// Below the tree.
    pub from: PortablePath,
    pub place: String,
    /// Below the place.
    pub path: PortablePath,
    pub size: u64,
    pub sha256: Sha256,
    /// Always copied, because the player may edit it.
    pub config: bool,
}

/// Where another service's recipe puts one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Below the tree.
    pub from: PortablePath,
    pub place: String,
    /// Below the place.
    pub path: PortablePath,
}

/// What the rules made of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// By place and path.
    pub placements: Vec<Placement>,
    /// What the game calls the mods in it, by place.
    pub names: NamesByPlace,
    /// Files that no rule takes.
    pub unplaced: Vec<PortablePath>,
}

impl Placed {
    /// What the game calls the mods in it.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.names.values().flatten().map(String::as_str)
    }
}

/// A file of the payload while rules look for its place.
#[derive(Clone, Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) file: &'a TreeFile,
    /// Below the payload.
    pub(crate) path: PortablePath,
}

/// Applies the rules.
///
/// # Errors
/// [`DeployError::NothingToPlace`], [`DeployError::Path`] for places out of bounds (T-81),
/// [`DeployError::Protected`], [`DeployError::Twice`]; [`DeployError::Game`] if a pattern does not compile.
pub fn place_files(definition: &Definition, package: &PackageFiles<'_>) -> Result<Placed, DeployError> {
    let mut rest = payload(package);
    let mut targets: Vec<(Candidate<'_>, String, PortablePath)> = Vec::new();
    if package.rules.is_empty() {
        for rule in &definition.install {
            match rule {
                InstallRule::Folder(rule) => targets.extend(folders::take(rule, package, &mut rest)?),
                InstallRule::Files(rule) => targets.extend(spread(rule, package, &mut rest)?),
                InstallRule::Routes(routes) => targets.extend(routes::take(routes, package, &mut rest)?),
                InstallRule::Ignore(rule) => {
                    let globs = globs(package, &rule.globs)?;
                    rest.retain(|candidate| !globs.matches(&candidate.path));
                }
            }
        }
    } else {
        targets = author::take(definition, package, &mut rest)?;
    }
    let names = folders::names(definition, package, &targets);
    let unplaced = rest.into_iter().map(|candidate| candidate.file.path.clone()).collect();
    let placements = placements(definition, package, targets)?;
    Ok(Placed { placements, names, unplaced })
}

/// Takes targets that a recipe gave, by the same limits as those of rules: neither may reach what the other may not.
///
/// # Errors
/// Those of [`place_files`]; [`DeployError::Path`] for a place that the game does not have, and for a file that the
/// package does not hold.
pub fn place_targets(
    definition: &Definition,
    package: &PackageFiles<'_>,
    wanted: &[Target],
) -> Result<Placed, DeployError> {
    let candidates = payload(package);
    let by_path: BTreeMap<&PortablePath, &Candidate<'_>> =
        candidates.iter().map(|candidate| (&candidate.path, candidate)).collect();
    let refuse = |path: &str, why: &str| DeployError::Path {
        package: package.name.to_owned(),
        path: path.to_owned(),
        why: why.to_owned(),
    };
    let mut targets = Vec::with_capacity(wanted.len());
    for Target { from, place, path } in wanted {
        if !definition.places.contains_key(place) {
            return Err(refuse(place, "the game has no such place"));
        }
        let found = by_path.get(from).ok_or_else(|| refuse(from.as_str(), "the package has no such file"))?;
        targets.push(((*found).clone(), place.clone(), path.clone()));
    }
    let taken: BTreeSet<&PortablePath> = wanted.iter().map(|target| &target.from).collect();
    let left = candidates.iter().filter(|candidate| !taken.contains(&candidate.path));
    let unplaced = left.map(|candidate| candidate.file.path.clone()).collect();
    let names = folders::names(definition, package, &targets);
    let placements = placements(definition, package, targets)?;
    Ok(Placed { placements, names, unplaced })
}

fn payload<'a>(package: &PackageFiles<'a>) -> Vec<Candidate<'a>> {
    let below = |file: &'a TreeFile| {
        let path = match package.payload {
            Some(payload) => file.path.strip_prefix(payload.as_str())?,
            None => file.path.clone(),
        };
        Some(Candidate { file, path })
    };
    package.files.iter().filter_map(below).collect()
}

/// Patterns that are remembered; those of a game's rules are the same for each of its packages.
const REMEMBERED: usize = 32;

thread_local! {
    /// Making a pattern ready takes longer than asking it about the few files of a package.
    static READY: RefCell<VecDeque<(Vec<String>, Rc<PathGlobs>)>> = const { RefCell::new(VecDeque::new()) };
}

pub(crate) fn globs<'g>(
    package: &PackageFiles<'_>,
    texts: impl IntoIterator<Item = &'g String>,
) -> Result<Rc<PathGlobs>, DeployError> {
    let texts: Vec<String> = texts.into_iter().cloned().collect();
    let known =
        READY.with_borrow(|ready| ready.iter().find(|(of, _)| *of == texts).map(|(_, globs)| globs.clone()));
    if let Some(globs) = known {
        return Ok(globs);
    }
    let made = PathGlobs::new(&texts).map_err(|why| DeployError::Path {
        package: package.name.to_owned(),
        path: String::new(),
        why,
    })?;
    let made = Rc::new(made);
    READY.with_borrow_mut(|ready| {
        ready.truncate(REMEMBERED - 1);
        ready.push_front((texts, made.clone()));
    });
    Ok(made)
}

fn spread<'a>(
    rule: &SpreadRule,
    package: &PackageFiles<'_>,
    rest: &mut Vec<Candidate<'a>>,
) -> Result<Vec<(Candidate<'a>, String, PortablePath)>, DeployError> {
    let globs = globs(package, [&rule.glob])?;
    let folder = rule.to.as_ref().map(|to| to.replace("{package}", package.name));
    let (taken, left) =
        std::mem::take(rest).into_iter().partition(|c: &Candidate<'_>| globs.matches(&c.path));
    *rest = left;
    let target = |candidate: Candidate<'a>| {
        let inner = without_leading(&candidate.path, usize::from(rule.strip));
        let path = below(package, folder.as_deref(), &inner)?;
        Ok((candidate, rule.place.clone(), path))
    };
    taken.into_iter().map(target).collect()
}

/// `folder/path`, checked as a whole.
pub(crate) fn below(
    package: &PackageFiles<'_>,
    folder: Option<&str>,
    path: &PortablePath,
) -> Result<PortablePath, DeployError> {
    let text = match folder {
        Some(folder) => format!("{folder}/{path}"),
        None => path.as_str().to_owned(),
    };
    text.parse().map_err(|why| DeployError::path(package.name, &text, why))
}

/// The path without its first `count` folders; the file's own name always stays.
fn without_leading(path: &PortablePath, count: usize) -> PortablePath {
    let folders = path.parts().count() - 1;
    let kept: Vec<&str> = path.parts().skip(count.min(folders)).collect();
    kept.join("/").parse().unwrap_or_else(|_| path.clone())
}

fn placements(
    definition: &Definition,
    package: &PackageFiles<'_>,
    targets: Vec<(Candidate<'_>, String, PortablePath)>,
) -> Result<Vec<Placement>, DeployError> {
    if targets.is_empty() {
        return Err(DeployError::NothingToPlace { package: package.name.to_owned() });
    }
    let protected = globs(package, &definition.protected)?;
    let config = globs(package, definition.config.iter().chain(package.config))?;
    let mut seen = BTreeSet::new();
    let mut placements = Vec::with_capacity(targets.len());
    for (candidate, place, path) in targets {
        let name = || (package.name.to_owned(), place.clone(), path.to_string());
        let is_order =
            |file: &muster_games::OrderFile| file.place == place && file.path.fold() == path.fold();
        if protected.matches_in(&place, &path) || definition.order_files.iter().any(is_order) {
            let (package, place, path) = name();
            return Err(DeployError::Protected { package, place, path });
        }
        if path.parts().any(muster_fsx::is_temporary) {
            let why = "the name is kept for unfinished work".to_owned();
            return Err(DeployError::Path { package: package.name.to_owned(), path: path.to_string(), why });
        }
        if !seen.insert((place.clone(), path.fold())) {
            let (package, place, path) = name();
            return Err(DeployError::Twice { package, place, path });
        }
        let TreeFile { path: from, size, sha256 } = candidate.file.clone();
        let config = config.matches(&candidate.path);
        placements.push(Placement { from, place, path, size, sha256, config });
    }
    placements.sort_by(|a, b| (&a.place, &a.path).cmp(&(&b.place, &b.path)));
    Ok(placements)
}
