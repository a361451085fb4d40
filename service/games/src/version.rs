//! Finding out a game's version.

use std::time::Duration;

use regex::Regex;

use crate::{Definition, Installation, Place, Platform, VersionProbe, pattern};

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
    let in_files = probe.files.iter().find_map(|file| in_file(platform, installation, file, &pattern));
    in_files.or_else(|| said(platform, installation, probe, &pattern))
}

fn in_file(
    platform: &dyn Platform,
    installation: &Installation,
    file: &Place,
    pattern: &Regex,
) -> Option<String> {
    let path = installation.roots.get(&file.root)?.join(file.path.as_ref()?.as_str());
    let bytes = platform.read(&path, MAX_FILE)?;
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
