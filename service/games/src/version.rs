//! Asking a game for its version.

use std::time::Duration;

use crate::{Definition, Installation, Platform};

/// The version that the installation's program names, if it answers in time.
pub(crate) fn version(
    platform: &dyn Platform,
    definition: &Definition,
    installation: &Installation,
) -> Option<String> {
    let probe = definition.version.as_ref()?;
    let program = probe.programs.iter().find_map(|role| installation.programs.get(role))?;
    let pattern = crate::pattern::pattern(&probe.pattern).ok()?;
    let args: Vec<String> = program.args.iter().chain(&probe.args).cloned().collect();
    let output = platform.output(&program.path, &args, Duration::from_secs(probe.timeout.into()))?;
    let version =
        output.lines().find_map(|line| Some(pattern.captures(line)?.get(1)?.as_str().to_owned()))?;
    (version.len() <= 64).then_some(version)
}
