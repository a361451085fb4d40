//! What is done to packages of a profile.

use clap::Args;

use super::ProfileArgument;

#[derive(Debug, Args)]
pub struct PackagesArguments {
    #[arg(required = true)]
    pub packages: Vec<String>,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Debug, Args)]
pub struct HoldArguments {
    #[arg(required = true)]
    pub packages: Vec<String>,
    /// Why, shown wherever the hold keeps something from happening.
    #[arg(long)]
    pub reason: Option<String>,
    /// Agree without being asked, where a package moves to another version first.
    #[arg(long, short)]
    pub yes: bool,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Debug, Args)]
pub struct UpdateArguments {
    pub packages: Vec<String>,
    /// Also say what is new, joined over the versions that the update skips.
    #[arg(long)]
    pub changes: bool,
    #[arg(long, short)]
    pub yes: bool,
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub profile: ProfileArgument,
}
