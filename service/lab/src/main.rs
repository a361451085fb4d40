//! `muster-lab`: asks the pure parts of Muster from a terminal, for tests and measurements. It is not installed, and speaks
//! English only.
//!
//! Exit codes: 0 answered · 1 something could not be read or understood · 2 wrong arguments.

mod bench;
mod failure;
mod games;
mod questions;
mod rows;
mod versions;

use std::{
    io::{BufWriter, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use failure::Failure;
use questions::Oracle;

/// Asks the pure parts of Muster.
#[derive(Parser)]
#[command(name = "muster-lab", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers questions over a CKAN index: what to install, or why nothing can be.
    ///
    /// A question is a line `{"q":…,"game":"1.12.5","roots":[{"id":"…","version":"…"}]}`, `version` may be absent. Its answer is
    /// a line `{"q":…,"result":"sat","install":{"id":"version"}}` or `{"q":…,"result":"unsat","explanation":"…"}`.
    Resolve {
        /// The index: JSON Lines, packed with zstd or not.
        #[arg(long, value_name = "FILE")]
        ckan: PathBuf,
        /// The questions; standard input if absent.
        #[arg(long, value_name = "FILE")]
        questions: Option<PathBuf>,
        /// Ask for every identifier at these versions of the game instead, and print how long it took.
        #[arg(long, value_name = "GAME", num_args = 1.., value_delimiter = ',', conflicts_with = "questions")]
        measure: Vec<String>,
    },
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
        Command::Resolve { ckan, questions, measure } => {
            let oracle = Oracle::new(rows::read(failure::unpacked(&ckan)?)?);
            match measure.is_empty() {
                true => oracle.answer_all(failure::input(questions.as_deref())?, &mut output)?,
                false => bench::run(&oracle, &measure, &mut output)?,
            }
        }
        Command::Versions { pairs, .. } => versions::compare(failure::input(pairs.as_deref())?, &mut output)?,
    }
    output.flush().map_err(Failure::Write)
}
