//! The grammar of the queue and of what is kept.

use clap::{Args, Subcommand, ValueEnum};

/// Downloads are named by their package, by their name in the list, or by the beginning of their hash.
#[derive(Debug, Subcommand)]
pub enum QueueCommand {
    /// What is on its way, why something waits, and how far everything is together.
    List,
    /// Pause one download, or everything.
    Pause { transfer: Option<String> },
    /// Go on with one download, or everything; a failed one is tried again.
    Resume { transfer: Option<String> },
    /// Put a download before all others of its tier.
    First { transfer: String },
    /// Put a download behind all others of its tier.
    Last { transfer: String },
    /// Move a download to a place in its tier; 1 is the first.
    Move {
        transfer: String,
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        place: u32,
    },
    /// Change how urgent a download is.
    Tier { transfer: String, tier: LaneArgument },
    /// Take a download out of the queue. A change that cannot do without it is cancelled; what has arrived is kept.
    Cancel { transfer: String },
    /// Try a failed download again.
    Retry { transfer: String },
    /// Name peers that have an archive.
    Peers {
        transfer: String,
        #[arg(required = true)]
        peers: Vec<String>,
    },
}

/// Archives are named by their package, or by the beginning of their hash.
#[derive(Debug, Subcommand)]
pub enum SeedCommand {
    /// What is kept, how large, why, what it gave, and whether it is shared.
    List,
    /// Keep archives whatever else has to go.
    Pin {
        #[arg(required = true)]
        archives: Vec<String>,
    },
    /// Let pinned archives go again.
    Unpin {
        #[arg(required = true)]
        archives: Vec<String>,
    },
    /// Stop sharing archives, or everything; downloads go on.
    Pause { archives: Vec<String> },
    /// Share them again.
    Resume { archives: Vec<String> },
    /// Make room: says what goes and what stays, and asks.
    Free(FreeArguments),
}

#[derive(Debug, Args)]
pub struct FreeArguments {
    /// An amount (500MB, 2GB), or archives.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub what: Vec<String>,
    /// Everything that may go.
    #[arg(long)]
    pub all: bool,
    /// Agree without being asked.
    #[arg(long, short)]
    pub yes: bool,
    /// Only say what would happen.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LaneArgument {
    Now,
    Next,
    Idle,
}
