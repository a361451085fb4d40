//! Updates without anybody asking.

use clap::{Args, ValueEnum};

use super::ProfileArgument;

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PolicyArgument {
    /// Updates are shown, and nothing more.
    Off,
    /// They are downloaded in the background, so that they take no time when you want them.
    Fetch,
    /// They are made in the background while the game does not run, as a state that can be undone.
    Apply,
}

#[derive(Debug, Args)]
pub struct SubscribeArguments {
    /// Packages or collections of the profile.
    #[arg(required = true)]
    pub packages: Vec<String>,
    /// Only download new versions.
    #[arg(long)]
    pub fetch: bool,
    #[command(flatten)]
    pub profile: ProfileArgument,
}
