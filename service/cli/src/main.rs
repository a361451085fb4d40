//! `muster`: Muster in a terminal. Arguments in; tables, bars and JSON out.
//!
//! Exit codes: 0 done · 1 failed · 2 wrong arguments · 3 the service cannot be reached · 4 not found ·
//! 5 refused (no set of packages fits, a key changed, a plan differs, nothing may be freed, a word means several) ·
//! 6 cancelled, or not agreed to.

mod amount;
mod arguments;
mod author;
mod commands;
mod context;
mod failure;
mod output;
mod progress;
mod target;
#[cfg(test)]
mod words;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use muster_client::WindowProgram;

use arguments::{Arguments, Command};
use context::Context;
use failure::Failure;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let words = context::words();
    match run(arguments) {
        Ok(code) => code,
        Err(failure) => failure.report(&words),
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    if let Command::Completions { shell } = arguments.command {
        let mut command = Arguments::command();
        clap_complete::generate(shell, &mut command, "muster", &mut std::io::stdout());
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Window { link } = &arguments.command {
        WindowProgram::find()?.become_it(link.as_deref())?;
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::io)?;
    runtime.block_on(async {
        match arguments.command {
            Command::Pack(_) | Command::Inspect(_) | Command::Key(_) | Command::Registry(_) => {
                author::run(arguments).await
            }
            Command::Verify { file: Some(_), .. } => author::run(arguments).await,
            _ => commands::run(Context::new(&arguments)?, arguments.command).await,
        }
    })
}
