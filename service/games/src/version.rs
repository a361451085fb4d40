//! Finding out a game's version, and which of its parts are there that are sold by themselves.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use regex::Regex;

use crate::{Definition, Extension, Installation, Place, Platform, VersionProbe, pattern};

/// Largest file that is read for a version, in bytes.
const MAX_FILE: u64 = 64 * 1024;
/// Longest version, in bytes.
const MAX_VERSION: usize = 64;

/// The version that a file of the installation names, or else its program, if that answers in time.
pub(crate) fn version(
    platform: &dyn Platform,
    definition: &Definition,
    installation: &Installation,
) -> Option<String> {
    let probe = definition.version.as_ref()?;
    let pattern = pattern::pattern(&probe.pattern).ok()?;
    let text_of = |file| {
        let path = path_of(installation, file)?;
        named(probe, in_file(platform, &path, &pattern)?)
    };
    probe.files.iter().find_map(text_of).or_else(|| {
        let said = said(platform, installation, probe, &pattern)?;
        named(probe, said)
    })
}

/// The parts sold by themselves that are there, with their versions where a file names them.
pub(crate) fn extensions(
    platform: &dyn Platform,
    definition: &Definition,
    installation: &Installation,
) -> BTreeMap<String, Option<String>> {
    let found = |(name, extension): (&String, &Extension)| {
        let folder = path_of(installation, &extension.folder)?;
        platform.is_dir(&folder).then(|| {
            let pattern = extension.pattern.as_deref().and_then(|text| pattern::pattern(text).ok());
            let file = extension.file.as_ref().map(|file| folder.join(file.as_str()));
            let version = file.zip(pattern).and_then(|(file, pattern)| in_file(platform, &file, &pattern));
            (name.clone(), version)
        })
    };
    definition.extensions.iter().filter_map(found).collect()
}

/// The version that a text stands for.
fn named(probe: &VersionProbe, text: String) -> Option<String> {
    match probe.builds.get(&text) {
        Some(version) => Some(version.clone()),
        None => (probe.builds.is_empty() || text.contains('.')).then_some(text),
    }
}

fn path_of(installation: &Installation, place: &Place) -> Option<PathBuf> {
    Some(installation.roots.get(&place.root)?.join(place.path.as_ref()?.as_str()))
}

fn in_file(platform: &dyn Platform, path: &Path, pattern: &Regex) -> Option<String> {
    let bytes = platform.read(path, MAX_FILE)?;
    in_text(&String::from_utf8_lossy(&bytes), pattern)
}

fn said(
    platform: &dyn Platform,
    installation: &Installation,
    probe: &VersionProbe,
    pattern: &Regex,
) -> Option<String> {
    let program = probe.programs.iter().find_map(|role| installation.programs.get(role))?;
    let args: Vec<String> = program.args.iter().chain(&probe.args).cloned().collect();
    let output = platform.output(&program.path, &args, Duration::from_secs(probe.timeout.into()))?;
    in_text(&output, pattern)
}

fn in_text(text: &str, pattern: &Regex) -> Option<String> {
    let found = text.lines().find_map(|line| Some(pattern.captures(line)?.get(1)?.as_str().to_owned()))?;
    (found.len() <= MAX_VERSION).then_some(found)
}
