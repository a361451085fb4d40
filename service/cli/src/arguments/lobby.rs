//! Lobbies.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ProfileArgument;

#[derive(Debug, Subcommand)]
pub enum LobbyCommand {
    /// The lobby that is open here, and the one that was joined.
    Status {
        #[command(flatten)]
        link: LinkArgument,
    },
    /// Open a lobby for a profile as it is now, and print the link that invites to it.
    Host(HostArguments),
    /// Close the lobby that is open here. Who joined keeps its mods until they leave.
    Close,
    /// Bring a lobby's mods for the match, as a profile of their own. Yours is back after the game.
    Join(JoinArguments),
    /// Bring your own profile back.
    Leave,
    /// Hosts whose lobbies the window joins without asking.
    Hosts,
    /// Ask about a host's lobbies again: its key, or words of it, as `muster lobby hosts` prints them.
    Forget { host: String },
}

#[derive(Debug, Args)]
pub struct LinkArgument {
    /// Print the longer link that has the ticket in it, too, where it fits: nobody has to be asked for it then.
    #[arg(long)]
    pub long_link: bool,
}

#[derive(Debug, Args)]
pub struct HostArguments {
    #[command(flatten)]
    pub profile: ProfileArgument,
    /// What the lobby is called; the profile's name otherwise.
    #[arg(long)]
    pub name: Option<String>,
    /// Where others reach this machine, as ADDRESS:PORT; found out otherwise. Several may be given.
    #[arg(long = "address")]
    pub addresses: Vec<String>,
    /// How long the invitation holds.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=168))]
    pub hours: u32,
    /// A package that guests may leave out, as SOURCE/ID or its id. Several may be given.
    #[arg(long = "optional", value_name = "PACKAGE")]
    pub optional: Vec<String>,
    /// The page that guests go back to once they have joined, as https://…
    #[arg(long, value_name = "PAGE")]
    pub back: Option<String>,
    /// Sign with a key that stays from lobby to lobby, too, so that guests can know you again. Others can, too.
    #[arg(long)]
    pub known: bool,
    /// Write the ticket into this file, too: for those who cannot reach this machine.
    #[arg(long)]
    pub ticket: Option<PathBuf>,
    #[command(flatten)]
    pub link: LinkArgument,
}

#[derive(Debug, Args)]
pub struct JoinArguments {
    /// A muster://join/ link, or a file with a ticket.
    pub lobby: String,
    /// What you are called there, for the others; the name of last time otherwise.
    #[arg(long = "as")]
    pub name: Option<String>,
    /// Leave an optional package out, by its id. Several may be given; without any, optional ones that are not verified are
    /// left out.
    #[arg(long = "without", value_name = "PACKAGE")]
    pub without: Vec<String>,
    /// Bring every optional package, also those that are not verified.
    #[arg(long, conflicts_with = "without")]
    pub all: bool,
    /// Show what would be brought, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Agree without being asked.
    #[arg(long, short)]
    pub yes: bool,
    /// Start the game once its mods are there.
    #[arg(long)]
    pub play: bool,
}
