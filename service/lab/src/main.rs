//! `muster-lab`: asks the pure parts of Muster from a terminal, for tests and measurements. It is not installed, and speaks
//! English only.
//!
//! Exit codes: 0 answered · 1 something could not be read or understood · 2 wrong arguments.

mod failure;
mod versions;

use std::{
    io::{BufWriter, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use failure::Failure;

/// Asks the pure parts of Muster.
#[derive(Parser)]
#[command(name = "muster-lab", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compares pairs of versions: reads `a b` from each line, prints `<`, `>` or `=`.
    Versions {
        /// In CKAN's order.
        #[arg(long, required = true)]
        ckan: bool,
        /// Where the pairs are; standard input if absent. A tab may stand between them where versions have spaces.
        pairs: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("muster-lab: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    let mut output = BufWriter::new(std::io::stdout().lock());
    match command {
        Command::Versions { pairs, .. } => versions::compare(failure::input(pairs.as_deref())?, &mut output)?,
    }
    output.flush().map_err(Failure::Write)
}
