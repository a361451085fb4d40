//! How ripe releases have to be.

use clap::{Args, ValueEnum};
use muster_api::ReleaseChannel;

use super::ProfileArgument;

/// A channel, as a person writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChannelWord {
    /// What authors call finished.
    Stable,
    /// Also what is being tried out.
    Beta,
    /// Also what was just made.
    Dev,
    /// As the profile (packages only).
    Profile,
}

impl ChannelWord {
    pub fn channel(self) -> Option<ReleaseChannel> {
        match self {
            Self::Stable => Some(ReleaseChannel::Stable),
            Self::Beta => Some(ReleaseChannel::Beta),
            Self::Dev => Some(ReleaseChannel::Dev),
            Self::Profile => None,
        }
    }
}

#[derive(Debug, Args)]
pub struct ChannelArguments {
    pub channel: ChannelWord,
    pub packages: Vec<String>,
    /// Agree without being asked, where a package moves.
    #[arg(long, short)]
    pub yes: bool,
    #[command(flatten)]
    pub profile: ProfileArgument,
}
