//! The grammar of the command line.

mod advice;
mod channel;
mod collections;
mod featured;
mod limits;
mod lobby;
mod packages;
mod profiles;
mod registry;
mod sources;
mod transfers;
mod upkeep;

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use advice::{AdviseArguments, DoctorCommand};
pub use channel::{ChannelArguments, ChannelWord};
pub use collections::{CollectionArguments, CollectionCommand};
pub use featured::FeatureArguments;
pub use lobby::{HostArguments, JoinArguments, LinkArgument, LobbyCommand};
pub use packages::{FeatureChoices, FeaturesArguments, HoldArguments, PackagesArguments, UpdateArguments};
pub use profiles::{
    AdoptArguments, DriftArguments, DriftCommand, HistoryArguments, HistoryCommand, ImportArguments,
    KeepArgument, KeptCommand, PlatformWord, ProfileCommand, RoleArguments, SavesCommand, ShareArguments,
    SharedArguments, SideWord, UndoArguments, VanillaArguments, WhenArgument,
};
pub use registry::{RegistryCommand, SignArguments};
pub use sources::{SourceCommand, SourceKeyCommand};
pub use transfers::{FreeArguments, LaneArgument, QueueCommand, SeedCommand};
pub use upkeep::{PolicyArgument, SubscribeArguments};

pub use limits::{
    ConsiderArgument, LimitsCommand, LimitsSetting, PauseArgument, RateArgument, TurtleArgument,
};

/// Every player's mods in place before the match starts.
#[derive(Debug, Parser)]
#[command(name = "muster", version, propagate_version = true, arg_required_else_help = true)]
pub struct Arguments {
    /// Print JSON, for scripts.
    #[arg(long, global = true)]
    pub json: bool,

    /// Print nothing but results and errors.
    #[arg(long, short, global = true)]
    pub quiet: bool,

    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The service at a glance.
    Status,
    /// Start the service where none runs.
    Start,
    /// End the service.
    Stop,
    /// Search the catalog: words, and facets such as tag:weather or -license:GPL-3.0.
    Search(SearchArguments),
    /// One package: versions, needs, who signed it.
    Show {
        /// publisher/name, or source:publisher/name.
        package: String,
    },
    /// Install packages with what they need, as one step.
    Install(InstallArguments),
    /// Remove packages, and what only they needed.
    Remove(RemoveArguments),
    /// Move packages (default: all) to the newest versions that fit.
    Update(UpdateArguments),
    /// Switch packages on.
    Enable(PackagesArguments),
    /// Switch packages off without removing them.
    Disable(PackagesArguments),
    /// Keep packages at a version: the one that they have, or publisher/name@1.2.3. Updates leave them there.
    #[command(alias = "pin")]
    Hold(HoldArguments),
    /// Let packages move with updates again.
    #[command(alias = "unpin")]
    Unhold(PackagesArguments),
    /// Keep packages or collections of a profile up to date in the background, whatever the profile does otherwise.
    /// Versions come when they have been on offer for two days.
    Subscribe(SubscribeArguments),
    /// End subscriptions.
    Unsubscribe(PackagesArguments),
    /// What is kept up to date in the background, and how far its updates have got.
    Subscriptions {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Choose how ripe releases have to be: of packages, or of the whole profile where none is named.
    Channel(ChannelArguments),
    /// The features of a package: parts that you may want or do without. Choose some of an installed one with --on and --off.
    Features(FeaturesArguments),
    /// The packages of a profile.
    List {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Why packages are in a profile: who asked for them, or what needs them.
    Why {
        #[arg(required = true)]
        packages: Vec<String>,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// The packages of a profile that have a newer version.
    Outdated {
        /// Also say what is new, joined over the versions that an update skips.
        #[arg(long)]
        changes: bool,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Installed packages that your sources advise against. The exit code is 1 if one of them is switched on.
    Audit {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Look for what is wrong.
    Doctor {
        #[command(subcommand)]
        command: DoctorCommand,
    },
    /// Switch packages off that your sources advise against (default: all of the profile). Undone like any change.
    Quarantine {
        packages: Vec<String>,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Compare every placed file with its hash; or a package file with itself.
    Verify {
        /// A .muster file to verify instead of the profile.
        file: Option<PathBuf>,
        /// Put damaged and missing files right. What somebody changed is kept first.
        #[arg(long, conflicts_with = "file")]
        repair: bool,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Put the last change of a profile back, or go back to an earlier state.
    Undo(UndoArguments),
    /// The states of a profile, newest first; compare them, name them, let them go.
    History(HistoryArguments),
    /// Files of packages that were changed by hand, and whose version stands.
    Drift(DriftArguments),
    /// Versions of files that Muster set aside: list them, bring them back, let them go.
    Kept {
        #[command(subcommand)]
        command: KeptCommand,
    },
    /// Saves of a game: snapshot them, bring them back, and choose when Muster does it by itself.
    Saves {
        #[command(subcommand)]
        command: SavesCommand,
    },
    /// Take mods that lie in a folder into a profile, where they lie. Nothing is moved, changed or fetched.
    Adopt(AdoptArguments),
    /// Take everything of Muster out of a game's folders, and prove that the original game is back.
    Vanilla(VanillaArguments),
    /// In which order packages count, the first to load first; or choose it.
    Order {
        /// The packages to put in this order before all others; none only shows the order.
        packages: Vec<String>,
        /// Forget what was chosen before.
        #[arg(long, conflicts_with = "packages")]
        clear: bool,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Files that several packages hold: who wins, and why.
    Conflicts {
        #[arg(long, default_value_t = 100)]
        limit: u32,
        #[arg(long, default_value_t = 0)]
        offset: u32,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Start the game of a profile.
    Launch(LaunchArguments),
    /// Profiles.
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Lists of packages that somebody put together.
    #[command(subcommand)]
    Collection(CollectionCommand),
    /// Where packages come from.
    #[command(subcommand)]
    Source(SourceCommand),
    /// The download queue.
    #[command(subcommand_required = false)]
    Queue {
        #[command(subcommand)]
        command: Option<QueueCommand>,
    },
    /// What is shared and how fast now, and why. Limits, the second set of limits, a pause of everything.
    #[command(subcommand_required = false)]
    Limits {
        #[command(subcommand)]
        command: Option<LimitsCommand>,
    },
    /// Archives that are kept and may be shared.
    #[command(subcommand_required = false, alias = "seeds")]
    Seed {
        #[command(subcommand)]
        command: Option<SeedCommand>,
    },
    /// Who is connected, of everything or of one archive.
    Peers {
        /// A package, the name of a download, or the beginning of its hash.
        archive: Option<String>,
    },
    /// What Muster takes on each disk: packages of one profile, of several, of earlier states, and what could go.
    Disk,
    /// Look at, or change settings: `muster settings sharing=nearby upload-limit=1000000`.
    Settings {
        /// name=value
        changes: Vec<String>,
    },
    /// Games and where they were found; definitions of your own.
    #[command(subcommand_required = false, alias = "games")]
    Game {
        #[command(subcommand)]
        command: Option<GameCommand>,
    },
    /// Play together: open a lobby with your mods, or bring those of another one for the match.
    Lobby {
        #[command(subcommand)]
        command: LobbyCommand,
    },
    /// Look at a muster:// link, and follow it after a question.
    Open {
        link: String,
        /// Agree without being asked.
        #[arg(long, short)]
        yes: bool,
    },
    /// Open the window; with a muster:// link, on a question about what the link names.
    Window {
        /// Read by the window alone, whatever it is.
        #[arg(allow_hyphen_values = true)]
        link: Option<OsString>,
    },
    /// Pack a folder (manifest.yaml and files/) into a .muster file.
    Pack(PackArguments),
    /// What a .muster file says about itself.
    Inspect(FileArgument),
    /// Keys of publishers and registries.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Make and keep a registry: a folder of static files.
    #[command(subcommand)]
    Registry(RegistryCommand),
    /// Completions for a shell.
    Completions { shell: clap_complete::Shell },
}

#[derive(Debug, Args)]
pub struct ProfileArgument {
    /// Profile by name or id; the active one otherwise.
    #[arg(long, short)]
    pub profile: Option<String>,
}

#[derive(Debug, Args)]
pub struct SearchArguments {
    pub words: Vec<String>,
    #[arg(long, value_enum, default_value_t)]
    pub sort: SortArgument,
    #[arg(long, default_value_t = 20)]
    pub limit: u32,
    #[arg(long, default_value_t = 0)]
    pub offset: u32,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum SortArgument {
    #[default]
    Relevance,
    Downloads,
    Newest,
    Updated,
    Name,
    /// What was downloaded more lately, by the word of the sources that count.
    Trending,
}

#[derive(Debug, Args)]
pub struct InstallArguments {
    /// publisher/name, optionally source: before and @range behind (starter:lantern-works/glow@^1.2); or a file on this
    /// machine or at an address: a .muster package, a plain archive, or a file that the game opens itself.
    #[arg(required = true)]
    pub packages: Vec<String>,
    /// Agree without being asked.
    #[arg(long, short)]
    pub yes: bool,
    /// Only say what would happen.
    #[arg(long)]
    pub dry_run: bool,
    /// The least ripe releases to take of them, now and in updates.
    #[arg(long)]
    pub channel: Option<ChannelWord>,
    #[command(flatten)]
    pub features: FeatureChoices,
    /// Also take what goes well with them by the word of their authors, as far as it fits.
    #[arg(long)]
    pub recommended: bool,
    /// Take something that is needed from another source: publisher/name=source. Remembered with the profile.
    #[arg(long, value_name = "PACKAGE=SOURCE")]
    pub from: Vec<String>,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Debug, Args)]
pub struct RemoveArguments {
    #[arg(required = true)]
    pub packages: Vec<String>,
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Debug, Args)]
pub struct LaunchArguments {
    /// Let the game's own server load everything on a world made for it, and report what its log says.
    #[arg(long)]
    pub prove: bool,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Debug, Subcommand)]
pub enum GameCommand {
    /// All games that Muster knows.
    List,
    /// Add a definition of your own (docs/formats/game.md).
    Add {
        file: PathBuf,
        /// Take the place of a definition that the game has already.
        #[arg(long)]
        replace: bool,
    },
    /// One game: where it was found, what its definition says.
    Show { game: String },
    /// Forget a definition of your own; one that came with Muster is in force again.
    Remove { game: String },
}

#[derive(Debug, Args)]
pub struct PackArguments {
    /// Folder with manifest.yaml and files/.
    pub folder: PathBuf,
    /// Folder for the package, named as the manifest says.
    #[arg(long, short, default_value = ".")]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct FileArgument {
    pub file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key. Its secret half is encrypted with a passphrase.
    New {
        /// File to write; must not exist.
        file: PathBuf,
        /// Read the passphrase from this file instead of the terminal.
        #[arg(long, conflicts_with = "test_key")]
        passphrase_file: Option<PathBuf>,
        /// Not encrypted, and marked as a test key that no released program accepts for real packages.
        #[arg(long)]
        test_key: bool,
    },
    /// The public half and the fingerprint of a key.
    Show { file: PathBuf },
}

#[cfg(test)]
mod tests;
