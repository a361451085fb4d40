//! The verbs of authors and registry hosts: files in, files out, no service needed.

pub mod keys;
mod package;
mod registry;

use std::process::ExitCode;

use muster_messages::Messages;

use crate::{
    arguments::{Arguments, Command},
    context,
    failure::Failure,
};

/// How an authoring verb prints.
pub struct Style {
    pub words: Messages,
    pub json: bool,
    pub quiet: bool,
}

impl Style {
    /// Prints a line of explanation, where people read.
    pub fn note(&self, text: impl std::fmt::Display) {
        if !self.quiet && !self.json {
            eprintln!("{text}");
        }
    }
}

/// Runs one authoring verb.
pub async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let style = &Style { words: context::words(), json: arguments.json, quiet: arguments.quiet };
    match arguments.command {
        Command::Pack(arguments) => package::pack(style, &arguments)?,
        Command::Inspect(arguments) => package::inspect(style, &arguments.file)?,
        Command::Verify { file: Some(file), .. } => package::verify_file(style, &file)?,
        Command::Key(command) => keys::run(style, command)?,
        Command::Registry(command) => return registry::run(style, command).await,
        // The others need the service (`main`).
        _ => {}
    }
    Ok(ExitCode::SUCCESS)
}
