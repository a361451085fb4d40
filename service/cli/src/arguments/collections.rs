//! Collections.

use clap::{Args, Subcommand};

use super::ProfileArgument;

#[derive(Debug, Subcommand)]
pub enum CollectionCommand {
    /// The collections of a profile.
    List {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// What a collection is made of, and what it would do; changes nothing.
    Show(CollectionArguments),
    /// Install what a collection lists. What no source has is left out, and asked for again with an update.
    Apply {
        #[command(flatten)]
        collection: CollectionArguments,
        /// Only show what it would do.
        #[arg(long)]
        dry_run: bool,
        /// Agree without being asked.
        #[arg(long, short)]
        yes: bool,
    },
    /// Bring a collection of the profile to its newest version, and what it lists with it; what you changed by hand stays.
    Update {
        #[command(flatten)]
        collection: CollectionArguments,
        /// Only show what it would do.
        #[arg(long)]
        dry_run: bool,
        /// Agree without being asked.
        #[arg(long, short)]
        yes: bool,
    },
    /// Take a collection out of the profile, with what only it brought.
    Leave {
        collection: String,
        /// Leave its packages where they are.
        #[arg(long)]
        keep: bool,
        /// Only show what it would do.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        profile: ProfileArgument,
    },
}

#[derive(Debug, Args)]
pub struct CollectionArguments {
    /// The collection: [source:]publisher/name[@range].
    pub collection: String,
    /// A package of it that is left to choice or was left out; may be given several times.
    #[arg(long)]
    pub with: Vec<String>,
    /// A package of it that is not wanted, now and with its updates; may be given several times.
    #[arg(long)]
    pub without: Vec<String>,
    #[command(flatten)]
    pub profile: ProfileArgument,
}
