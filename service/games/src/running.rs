//! Whether a game runs now, by the programs of its installations.

use std::path::Path;

use crate::{Definition, Installation, Platform};

/// A running program of a game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Process id.
    pub process: u32,
    /// `client`, `server`.
    pub role: String,
}

/// The processes of this user that are a program of the game: one of an installation's files, or a program that has
/// the name the definition gives (a start script hands over to a file elsewhere).
pub fn running(
    platform: &dyn Platform,
    definition: &Definition,
    installations: &[Installation],
) -> Vec<Running> {
    let role_of = |program: &Path| {
        let installed = installations.iter().flat_map(|installation| &installation.programs);
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
    let processes = platform.processes().into_iter();
    processes
        .filter_map(|process| Some(Running { process: process.id, role: role_of(&process.program)? }))
        .collect()
}
