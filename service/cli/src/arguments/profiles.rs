//! Profiles and their history.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{PolicyArgument, ProfileArgument};

#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// All profiles.
    List {
        /// Those that were deleted and can come back.
        #[arg(long)]
        deleted: bool,
    },
    /// Make a profile for a game.
    Create {
        name: String,
        #[arg(long)]
        game: String,
        /// Installation, as `muster games` names it.
        #[arg(long, conflicts_with = "folder")]
        installation: Option<String>,
        /// Folder that holds the game's data, where the game was not found.
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// Copy a profile with everything in it.
    Clone { profile: String, name: String },
    /// Put a profile in place of the one that is there, and use it by default.
    #[command(alias = "activate")]
    Switch { profile: String },
    /// Give a profile another name.
    Rename { profile: String, name: String },
    /// Take a profile away, its files out of the game's folders first. It can come back.
    Delete { profile: String },
    /// Bring a deleted profile back.
    Restore {
        /// Its name or id.
        profile: String,
        /// Under this name.
        #[arg(long = "as")]
        name: Option<String>,
    },
    /// What a profile is and where its files go.
    Show { profile: Option<String> },
    /// Say what a profile is for: players or servers, and what its game runs on. What does not fit then is told first.
    Set(RoleArguments),
    /// Bind a profile to a world of its game, or to none.
    World { profile: String, world: Option<String> },
    /// Write what others need to have the same packages: into a file, for any place on the web.
    Share(ShareArguments),
    /// What a shared profile would change; changes nothing.
    Diff {
        #[command(flatten)]
        shared: SharedArguments,
    },
    /// Make a profile what a shared one says.
    Apply {
        #[command(flatten)]
        shared: SharedArguments,
        /// Agree without being asked.
        #[arg(long, short)]
        yes: bool,
    },
    /// The same, and look for its next versions at the same address. Each is shown before it is applied.
    Follow {
        #[command(flatten)]
        shared: SharedArguments,
        /// Agree without being asked.
        #[arg(long, short)]
        yes: bool,
    },
    /// Profiles of others that are followed, and whether there is something new.
    Followed,
    /// Apply what is new in the profile that this one follows.
    Pull {
        #[command(flatten)]
        profile: ProfileArgument,
        /// Agree without being asked.
        #[arg(long, short)]
        yes: bool,
    },
    /// Follow no more; the profile stays as it is.
    Unfollow {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// How far the updates of a profile go by themselves.
    Policy { profile: String, policy: PolicyArgument },
    /// Take over a pack of another manager: a file (.mrpack, .r2z), its address, or a code. What it would do is shown first.
    Import(ImportArguments),
    /// The text of muster.lock.
    Lock {
        #[command(flatten)]
        profile: ProfileArgument,
    },
}

/// Which part of a game that is played over a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SideWord {
    /// Players. A profile is for them unless something else is said.
    Client,
    /// Who hosts for others.
    Server,
    /// Both from the same folders.
    Both,
}

/// What a profile's game runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlatformWord {
    /// What its installation runs on; Windows where Proton or Wine makes one.
    Automatic,
    Linux,
    Windows,
    Macos,
}

#[derive(Debug, Args)]
pub struct RoleArguments {
    #[arg(long, required_unless_present = "platform")]
    pub side: Option<SideWord>,
    #[arg(long)]
    pub platform: Option<PlatformWord>,
    /// Only show what it would do.
    #[arg(long)]
    pub dry_run: bool,
    /// Agree without being asked.
    #[arg(long, short)]
    pub yes: bool,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Debug, Args)]
pub struct ShareArguments {
    /// File to write. One that is there is written as its next version.
    pub file: PathBuf,
    /// Key file of an owner who signs; several may. Without one it can be applied, not followed.
    #[arg(long = "key")]
    pub keys: Vec<PathBuf>,
    /// Key file, or file with the public key, of another owner who may sign the next version.
    #[arg(long = "owner")]
    pub owners: Vec<PathBuf>,
    /// What changed, for those who follow.
    #[arg(long, default_value = "")]
    pub note: String,
    /// Read passphrases from this file, one a line, instead of the terminal.
    #[arg(long)]
    pub passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Debug, Args)]
pub struct SharedArguments {
    /// A web address, a file, or the name of another profile.
    pub shared: String,
    /// Make a new profile of this name for it.
    #[arg(long, conflicts_with = "profile")]
    pub new: Option<String>,
    /// Packages that it does not have stay.
    #[arg(long)]
    pub keep_others: bool,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Debug, Args)]
pub struct ImportArguments {
    /// A file (.mrpack, .r2z), a web address that gives it, or a code of r2modman or Gale.
    pub pack: String,
    /// Make a new profile of this name for it.
    #[arg(long, conflicts_with = "profile")]
    pub new: Option<String>,
    /// The game of a profile that does not say it, with --new.
    #[arg(long, conflicts_with = "profile")]
    pub game: Option<String>,
    /// Packages that it does not have stay.
    #[arg(long)]
    pub keep_others: bool,
    /// Only show what it would do.
    #[arg(long)]
    pub dry_run: bool,
    /// Agree without being asked.
    #[arg(long, short)]
    pub yes: bool,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct HistoryArguments {
    /// What turns one state into another, by their numbers.
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    pub diff: Option<Vec<u64>>,
    #[command(flatten)]
    pub profile: ProfileArgument,
    #[command(subcommand)]
    pub command: Option<HistoryCommand>,
}

#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// Give a state a name, so that it is kept; without a name it is taken away.
    Name {
        state: u64,
        name: Option<String>,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Let old states go. The first, the current and those with a name stay.
    Prune {
        /// Keep so many of the newest.
        #[arg(long, default_value_t = 20)]
        keep: u64,
        /// Keep all that are at most so many days old.
        #[arg(long, default_value_t = 30)]
        days: u32,
        #[command(flatten)]
        profile: ProfileArgument,
    },
}

#[derive(Debug, Args)]
pub struct UndoArguments {
    /// Number of the state to go back to; the one before the current otherwise.
    #[arg(long)]
    pub to: Option<u64>,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Debug, Args)]
pub struct AdoptArguments {
    /// One mod, a folder of mods, or the folder of another manager's profile; all places of the profile otherwise.
    pub path: Option<PathBuf>,
    /// Makes a profile of this game, where no profile's mods go to the folder.
    #[arg(long)]
    pub game: Option<String>,
    /// Agree without being asked.
    #[arg(long, short)]
    pub yes: bool,
    /// Only show what would be adopted.
    #[arg(long)]
    pub dry_run: bool,
    /// Only list the profiles that other managers (r2modman, Gale) keep here.
    #[arg(long, conflicts_with_all = ["path", "game", "dry_run", "profile"])]
    pub found: bool,
    #[command(flatten)]
    pub profile: ProfileArgument,
}

#[derive(Debug, Args)]
pub struct VanillaArguments {
    /// A profile for the game's folders; the active one otherwise.
    pub profile: Option<String>,
    /// Only hold what is there against what was there; change nothing.
    #[arg(long)]
    pub check: bool,
    /// Read every file that was there and is as it was, so that the proof goes by bytes from now on.
    #[arg(long)]
    pub read_all: bool,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct DriftArguments {
    #[command(flatten)]
    pub profile: ProfileArgument,
    #[command(subcommand)]
    pub command: Option<DriftCommand>,
}

#[derive(Debug, Subcommand)]
pub enum DriftCommand {
    /// Decide about changed files; about all of them where none is named.
    Keep {
        whose: KeepArgument,
        /// Files as the list writes them: place/path.
        files: Vec<String>,
        #[command(flatten)]
        profile: ProfileArgument,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum KeepArgument {
    /// Your version, whatever the package brings.
    Mine,
    /// The package's; yours is kept in Muster's data.
    Theirs,
    /// Your version, with what the package changes later merged in.
    Both,
}

#[derive(Debug, Subcommand)]
pub enum KeptCommand {
    /// What is kept of the folders of a profile.
    List {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Bring versions back where they were. What is there is set aside first; muster undo takes it back.
    Restore {
        /// Files as the list writes them (place/path, with @HASH where one has several versions), or hashes.
        #[arg(required = true)]
        versions: Vec<String>,
        /// Bring one version to this place/path instead.
        #[arg(long)]
        to: Option<String>,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Let versions go for good: undo cannot bring them back any more.
    Free {
        /// Files as the list writes them, or hashes.
        #[arg(required_unless_present = "all")]
        versions: Vec<String>,
        /// All of them but those that come back by themselves.
        #[arg(long, conflicts_with = "versions")]
        all: bool,
        /// Agree without being asked.
        #[arg(long, short)]
        yes: bool,
        #[command(flatten)]
        profile: ProfileArgument,
    },
}

#[derive(Debug, Subcommand)]
pub enum SavesCommand {
    /// Snapshots of the saves of a profile's game, the newest first.
    List {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Take a snapshot of all saves now.
    Snapshot {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Bring saves back as they were in a snapshot. Those that are there are snapshotted first.
    Restore {
        /// Number of the snapshot.
        snapshot: u64,
        /// Names of saves, as the list shows them; all of the snapshot otherwise.
        saves: Vec<String>,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Let a snapshot go for good.
    Free {
        /// Number of the snapshot.
        snapshot: u64,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// When saves are snapshotted by themselves, and how much of that is kept.
    When {
        when: Option<WhenArgument>,
        /// Most space for all snapshots of the game: 500MB, 2GB.
        #[arg(long)]
        quota: Option<String>,
        /// Most snapshots of the game.
        #[arg(long)]
        keep: Option<u32>,
        #[command(flatten)]
        profile: ProfileArgument,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum WhenArgument {
    Off,
    /// Before changes that old saves may not survive: mods that go, or come in another generation.
    BeforeLarge,
}
