//! Folders that are recognised by a file in them, and what the game calls them.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::PortablePath;
use muster_games::{
    Definition, FolderRule, InstallRule, NameSource, NamesByPlace, PathGlobs, SpreadRule, TextPattern,
};

use super::{Candidate, PackageFiles, TreeFile, below};
use crate::DeployError;

/// Most of a file that is read for a name, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// The folder a file lies in, `""` for the top.
fn folder_of(path: &PortablePath) -> &str {
    path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_inside(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The folders that are in no other of them.
fn topmost(folders: BTreeSet<&str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    // In this order a folder comes before those inside it.
    for folder in folders {
        if !found.iter().any(|outer| is_inside(folder, outer)) {
            found.push(folder.to_owned());
        }
    }
    found
}

/// Takes whole folders out of `rest`, with where each file goes.
pub(super) fn take<'a>(
    rule: &FolderRule,
    package: &PackageFiles<'_>,
    rest: &mut Vec<Candidate<'a>>,
) -> Result<Vec<(Candidate<'a>, String, PortablePath)>, DeployError> {
    let containing = rule.containing.as_deref().map(TextPattern::new);
    let is_anchor = |c: &&Candidate<'_>| {
        rule.anchors.iter().any(|anchor| anchor == c.path.file_name())
            && containing.as_ref().is_none_or(|pattern| pattern.is_in(&text(package, c.file)))
    };
    let folders = topmost(rest.iter().filter(is_anchor).map(|c| folder_of(&c.path)).collect());
    let mut targets = Vec::new();
    for folder in folders {
        let (taken, left): (Vec<_>, Vec<_>) = std::mem::take(rest)
            .into_iter()
            .partition(|c: &Candidate<'_>| is_inside(c.path.as_str(), &folder));
        *rest = left;
        let name = name(&rule.name, package, &folder, &taken)?;
        for candidate in taken {
            let inner = match folder.as_str() {
                "" => Some(candidate.path.clone()),
                folder => candidate.path.strip_prefix(folder),
            };
            let Some(inner) = inner else { continue };
            let path = below(package, Some(&name), &inner)?;
            targets.push((candidate, rule.place.clone(), path));
        }
    }
    Ok(targets)
}

/// A regular expression over the whole name; the definition's parser has already tried to compile it.
fn fits(source: &NameSource, name: &str) -> bool {
    let is_part = name.parse::<PortablePath>().is_ok_and(|path| path.parts().count() == 1);
    is_part && source.fits(name)
}

fn name(
    source: &NameSource,
    package: &PackageFiles<'_>,
    folder: &str,
    files: &[Candidate<'_>],
) -> Result<String, DeployError> {
    if let Some(name) = name_inside(source, package, folder, files) {
        return Ok(name);
    }
    let own = folder.rsplit('/').next().unwrap_or(folder);
    if fits(source, own) {
        return Ok(own.to_owned());
    }
    let substituted: String = package
        .name
        .chars()
        .map(|c| match source.substitute {
            Some(substitute) if !source.fits(c.encode_utf8(&mut [0; 4])) => substitute,
            _ => c,
        })
        .collect();
    if fits(source, &substituted) {
        return Ok(substituted);
    }
    let why = "the game allows no such name".to_owned();
    Err(DeployError::Path { package: package.name.to_owned(), path: substituted, why })
}

/// The name that a file in the folder gives, if it is one that the game allows.
fn name_inside(
    source: &NameSource,
    package: &PackageFiles<'_>,
    folder: &str,
    files: &[Candidate<'_>],
) -> Option<String> {
    let file = source.file.as_ref()?;
    let holder = files.iter().find(|c| folder_of(&c.path) == folder && c.path.file_name() == file)?;
    let text = text(package, holder.file);
    let name = match (&source.key, &source.find) {
        (Some(key), _) => text.lines().find_map(|line| {
            let (found, value) = line.split_once('=')?;
            (found.trim() == key).then(|| value.trim().to_owned())
        })?,
        (None, Some(find)) => TextPattern::new(find).group(&text)?,
        (None, None) => return None,
    };
    fits(source, &name).then_some(name)
}

/// The beginning of a file as text; empty where it cannot be read.
fn text(package: &PackageFiles<'_>, file: &TreeFile) -> String {
    let mut bytes = (package.text)(&file.path).unwrap_or_default();
    bytes.truncate(MAX_TEXT);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What the game calls the mods among the placed files: the topmost folders of a place that hold a member file, and
/// the files that rules name.
pub(super) fn names(
    definition: &Definition,
    package: &PackageFiles<'_>,
    targets: &[(Candidate<'_>, String, PortablePath)],
) -> NamesByPlace {
    let mut rules: BTreeMap<&str, Vec<&FolderRule>> = BTreeMap::new();
    let mut names = NamesByPlace::new();
    for rule in &definition.install {
        match rule {
            InstallRule::Folder(rule) if !rule.members.is_empty() => {
                rules.entry(&rule.place).or_default().push(rule);
            }
            InstallRule::Files(rule) => {
                let found = file_names(rule, targets);
                if !found.is_empty() {
                    names.entry(rule.place.clone()).or_default().extend(found);
                }
            }
            InstallRule::Folder(_) | InstallRule::Routes(_) | InstallRule::Ignore(_) => {}
        }
    }
    for (place, rules) in rules {
        let found = folder_names(place, &rules, package, targets);
        if !found.is_empty() {
            names.entry(place.to_owned()).or_default().extend(found);
        }
    }
    names
}

fn file_names(rule: &SpreadRule, targets: &[(Candidate<'_>, String, PortablePath)]) -> Vec<String> {
    let (Some(part), Ok(globs)) = (rule.names, PathGlobs::new([&rule.glob])) else { return Vec::new() };
    let inside = targets.iter().filter(|(_, place, _)| *place == rule.place);
    inside.filter(|(c, ..)| globs.matches(&c.path)).map(|(.., path)| part.of(path).to_owned()).collect()
}

fn folder_names(
    place: &str,
    rules: &[&FolderRule],
    package: &PackageFiles<'_>,
    targets: &[(Candidate<'_>, String, PortablePath)],
) -> BTreeSet<String> {
    let inside = || targets.iter().filter(|(_, to, _)| to == place);
    let is_member =
        |path: &PortablePath| rules.iter().any(|r| r.members.iter().any(|m| m == path.file_name()));
    let holders = inside().filter(|(_, _, path)| is_member(path)).map(|(_, _, path)| folder_of(path));
    let mut names = BTreeSet::new();
    for folder in topmost(holders.filter(|folder| !folder.is_empty()).collect()) {
        let files: Vec<Candidate<'_>> = inside()
            .filter(|(_, _, path)| folder_of(path) == folder)
            .map(|(candidate, _, path)| Candidate { file: candidate.file, path: path.clone() })
            .collect();
        let given = rules.iter().find_map(|rule| name_inside(&rule.name, package, &folder, &files));
        let own = || folder.rsplit('/').next().unwrap_or(&folder).to_owned();
        names.insert(given.unwrap_or_else(own));
    }
    names
}
