//! Whether a game runs now, by the programs of its installations.

use std::path::Path;

use crate::{Definition, Installation, Platform, Process};

/// The role of programs that serve a game to others; nobody plays in them.
const SERVER: &str = "server";

/// A running program of a game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Process id.
    pub process: u32,
    /// `client`, `server`.
    pub role: String,
}

impl Running {
    /// Whether somebody plays in it, as opposed to a server that runs for others day and night.
    pub fn is_played(&self) -> bool {
        self.role != SERVER
    }
}

/// The processes of this user that are a program of the game.
pub fn running(
    platform: &dyn Platform,
    definition: &Definition,
    installations: &[Installation],
) -> Vec<Running> {
    running_among(&platform.processes(), definition, installations)
}

/// Those of `processes` that are a program of the game: one of an installation's files, or a program that has the name
/// the definition gives (a start script hands over to a file elsewhere).
pub fn running_among<'a>(
    processes: &[Process],
    definition: &Definition,
    installations: impl IntoIterator<Item = &'a Installation> + Clone,
) -> Vec<Running> {
    let role_of = |program: &Path| {
        let installed = installations.clone().into_iter().flat_map(|installation| &installation.programs);
        let by_file = installed
            .filter(|(_, known)| known.args.is_empty() && known.path == program)
            .map(|(role, _)| role.clone())
            .next();
        by_file.or_else(|| {
            let name = program.file_name()?.to_str()?;
            let named = definition.native.iter().flat_map(|native| &native.programs);
            named
                .into_iter()
                .find(|(_, names)| names.iter().any(|known| known == name))
                .map(|(role, _)| role.clone())
        })
    };
    processes
        .iter()
        .filter_map(|process| Some(Running { process: process.id, role: role_of(&process.program)? }))
        .collect()
}
