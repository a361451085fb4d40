//! `muster source`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    List,
    /// Add a source. Without --root the fingerprint of a registry is shown and asked about.
    Add {
        /// https address or folder of a registry, or its repository (git+https://HOST/PATH.git#BRANCH:FOLDER);
        /// "ckan", "contentdb", "thunderstore:COMMUNITY", "modrinth:LOADER" for other services, or NAME+ADDRESS for
        /// another host of one of them; github:GAME+OWNER/REPOSITORY for its releases; folder:GAME+PATH for a folder
        /// of your own whose files are packages; workshop:GAME for what Steam has brought of its Workshop.
        #[arg(required_unless_present = "preset")]
        address: Option<String>,
        /// One that fits a game, as "muster source presets" lists it, in place of an address.
        #[arg(long, value_name = "ID", conflicts_with_all = ["address", "root"])]
        preset: Option<String>,
        #[arg(long)]
        alias: Option<String>,
        /// Fingerprint of the registry's first root, from somewhere you trust.
        #[arg(long)]
        root: Option<String>,
    },
    /// Sources that fit the games that you have (or GAME), with the hosts that they ask. Nobody is asked for this list.
    Presets {
        game: Option<String>,
        /// Do not offer this one any more.
        #[arg(long, value_name = "ID")]
        decline: Option<String>,
        /// Offer this one again.
        #[arg(long, value_name = "ID", conflicts_with = "decline")]
        offer: Option<String>,
    },
    /// Forget a source; what was installed from it stays.
    Remove {
        source: String,
    },
    /// Use a source again that was switched off.
    Enable {
        source: String,
    },
    /// Neither ask nor show a source; nothing that it said is forgotten.
    Disable {
        source: String,
    },
    /// Give a source another place in the order, 1 being the first: where several have the same, the first is shown.
    Move {
        source: String,
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        place: u32,
    },
    /// Refresh one source, or all.
    Sync {
        source: Option<String>,
    },
    /// A key (token) of yours that the service of a source is asked with: kept in the keyring of this computer.
    Key {
        source: String,
        #[command(subcommand)]
        action: SourceKeyCommand,
    },
    /// Trust a publisher's new key, after the old one no longer signs.
    TrustKey {
        source: String,
        publisher: String,
        key: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum SourceKeyCommand {
    /// Give it a key: typed in without being shown, or from the standard input. It is never shown again.
    Set {
        /// In place of the keyring: an environment variable that holds it whenever the service is started.
        #[arg(long, value_name = "NAME", conflicts_with = "file")]
        variable: Option<String>,
        /// In place of the keyring: a file that holds it, and that only you may read (chmod 600).
        #[arg(long, value_name = "PATH")]
        file: Option<PathBuf>,
    },
    /// Let it go, also out of the keyring. A variable or file of yours stays.
    Forget,
    /// Whether there is one, and where it lies.
    Show,
}
