//! Making and keeping a registry.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{AdviseArguments, FeatureArguments};

/// What every verb that signs takes.
#[derive(Debug, Args)]
pub struct SignArguments {
    /// Registry folder.
    pub registry: PathBuf,
    /// Read passphrases from this file, one a line, instead of the terminal.
    #[arg(long)]
    pub passphrase_file: Option<PathBuf>,
    /// Take this time for now (RFC 3339), for builds that must come out the same.
    #[arg(long)]
    pub now: Option<jiff::Timestamp>,
    /// What is signed now stays valid this long instead of the usual times; for registries that nobody refreshes.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=20))]
    pub valid_years: Option<u8>,
}

#[derive(Debug, Subcommand)]
pub enum RegistryCommand {
    /// Make an empty registry.
    Init {
        #[command(flatten)]
        sign: SignArguments,
        /// Key of root, targets and shards: keep it offline.
        #[arg(long)]
        offline_key: PathBuf,
        /// Key of snapshot, timestamp and catalogue: a secret of the machine that refreshes.
        #[arg(long)]
        online_key: PathBuf,
    },
    /// Let a publisher in.
    Admit {
        #[command(flatten)]
        sign: SignArguments,
        publisher: String,
        /// File with the public half of the publisher's key (ed25519:…), or its key file.
        #[arg(long)]
        publisher_key: PathBuf,
        /// Key of root, targets and shards.
        #[arg(long)]
        offline_key: PathBuf,
    },
    /// Sign packages into the publisher's role.
    Publish {
        #[command(flatten)]
        sign: SignArguments,
        /// The publisher's key.
        #[arg(long)]
        key: PathBuf,
        /// Files made by `muster pack`, all of one publisher.
        #[arg(required = true)]
        packages: Vec<PathBuf>,
    },
    /// Rebuild the catalogue and sign snapshot and timestamp anew: what was admitted and published shows from then on.
    ///
    /// What cannot be taken in is told and stays as it was; it is no failure.
    Refresh {
        #[command(flatten)]
        sign: SignArguments,
        /// Key of snapshot, timestamp and catalogue.
        #[arg(long)]
        online_key: PathBuf,
    },
    /// Advise against packages: players are warned, and whoever has them stops sharing them at the next sync.
    Advise(Box<AdviseArguments>),
    /// Feature packages of this registry: players see them first in Browse, in this order, until it is taken back.
    Feature(Box<FeatureArguments>),
    /// Check every signature and every file. The exit code is 1 if there is anything to look at.
    Verify {
        /// Registry folder.
        registry: PathBuf,
        /// Take this time for now (RFC 3339).
        #[arg(long)]
        now: Option<jiff::Timestamp>,
    },
}
