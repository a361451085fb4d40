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
pub struct FeaturesArguments {
    /// publisher/name, or source:publisher/name.
    pub package: String,
    /// Want this feature.
    #[arg(long, value_name = "FEATURE")]
    pub on: Vec<String>,
    /// Do without it.
    #[arg(long, value_name = "FEATURE")]
    pub off: Vec<String>,
    /// Take it as the package's author says, now and in updates.
    #[arg(long, value_name = "FEATURE")]
    pub default: Vec<String>,
    /// Agree without being asked.
    #[arg(long, short)]
    pub yes: bool,
    /// Only say what would happen.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

/// Which features of what is installed are wanted.
#[derive(Debug, Default, Args)]
pub struct FeatureChoices {
    /// Want a feature of the package; where several are installed, publisher/name=feature. Remembered with the profile.
    #[arg(long, value_name = "[PACKAGE=]FEATURE")]
    pub feature: Vec<String>,
    /// Do without a feature of the package.
    #[arg(long, value_name = "[PACKAGE=]FEATURE")]
    pub without_feature: Vec<String>,
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
