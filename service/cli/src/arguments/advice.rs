//! What is advised against, and looking for what is wrong.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::SignArguments;

/// How bad it is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SeverityArgument {
    /// Does not work, or damages by mistake.
    Broken,
    /// Somebody else can abuse it.
    Vulnerable,
    /// Made to do harm.
    Malware,
}

impl SeverityArgument {
    /// Stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Vulnerable => "vulnerable",
            Self::Malware => "malware",
        }
    }
}

#[derive(Debug, Args)]
pub struct AdviseArguments {
    #[command(flatten)]
    pub sign: SignArguments,
    /// Key of snapshot, timestamp and catalogue.
    #[arg(long)]
    pub online_key: PathBuf,
    /// Name of the statement inside the registry, such as 2026-0001; one of the same name is replaced.
    pub id: String,
    /// Take the statement back.
    #[arg(long, conflicts_with_all = ["severity", "text", "sha256", "package", "publisher", "fixed", "more"])]
    pub withdraw: bool,
    #[arg(long, value_enum)]
    pub severity: Option<SeverityArgument>,
    /// One line that players read.
    #[arg(long)]
    pub text: Option<String>,
    /// Bytes that are meant, wherever they come from.
    #[arg(long, value_name = "HASH")]
    pub sha256: Vec<String>,
    /// Package of this registry, with @range behind: alice/trees@<1.2.0
    #[arg(long)]
    pub package: Vec<String>,
    /// Everything of a publisher of this registry.
    #[arg(long)]
    pub publisher: Vec<String>,
    /// The first version without the fault.
    #[arg(long)]
    pub fixed: Option<String>,
    /// https address of a page that says more.
    #[arg(long)]
    pub more: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum DoctorCommand {
    /// How each source is. The exit code is 1 if one of them failed, or answers so that something cannot be used.
    Sources {
        /// These only (default: all that are switched on).
        sources: Vec<String>,
        /// Ask each service, and print field by field where its answers are not as Muster reads them. Keeps nothing.
        #[arg(long)]
        live: bool,
        /// Also print what is as expected.
        #[arg(long, requires = "live")]
        all: bool,
    },
}
