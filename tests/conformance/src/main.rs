//! `muster-tuf-conformance`: the registry crate's plain TUF client behind the command line that the independent suite
//! `theupdateframework/tuf-conformance` drives. For development only.
//!
//! Exit status 0 or 1. Trusted metadata lies in the metadata folder under unversioned names, byte for byte as served.

mod repository;
mod store;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use jiff::Timestamp;
use muster_registry::{Limits, PlainUpdater};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::{repository::HttpRepository, store::FolderStore};

/// Bytes of a target that this program takes into memory.
const MAX_TARGET: u64 = 256 * 1024 * 1024;

#[derive(Parser)]
#[command(about = "Plain TUF client for the TUF conformance suite")]
struct Arguments {
    /// Where trusted metadata is kept.
    #[arg(long)]
    metadata_dir: PathBuf,
    /// Where metadata is fetched from.
    #[arg(long)]
    metadata_url: Option<Url>,
    /// A target path; may be repeated.
    #[arg(long)]
    target_name: Vec<String>,
    /// Where targets are fetched from.
    #[arg(long)]
    target_base_url: Option<Url>,
    /// Where verified targets are kept.
    #[arg(long)]
    target_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Trust this root.
    Init { trusted_root: PathBuf },
    /// Fetch and verify the metadata.
    Refresh,
    /// Refresh, then fetch and verify the named targets in their order.
    Download,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Ok(arguments) = Arguments::try_parse().map_err(|error| error.print()) else {
        return ExitCode::FAILURE;
    };
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.command {
        Command::Init { trusted_root } => {
            let root = std::fs::read(trusted_root).context("cannot read the trusted root")?;
            muster_fsx::write_atomic(&arguments.metadata_dir.join("root.json"), &root)?;
            Ok(())
        }
        Command::Refresh => refreshed(arguments).await.map(|_| ()),
        Command::Download => download(arguments).await,
    }
}

async fn refreshed(arguments: &Arguments) -> Result<PlainUpdater> {
    let metadata = arguments.metadata_url.as_ref().context("--metadata-url is needed")?;
    let repository = HttpRepository::new(metadata, arguments.target_base_url.as_ref())?;
    let store = FolderStore::new(arguments.metadata_dir.clone());
    let root = std::fs::read(arguments.metadata_dir.join("root.json")).context("init comes first")?;
    // The suite rotates the root once per version up to 32 times and more; the limit itself is ours to choose.
    let mut updater =
        PlainUpdater::open(&root, Arc::new(repository), Arc::new(store), Limits::default()).await?;
    updater.refresh(Timestamp::now()).await?;
    Ok(updater)
}

async fn download(arguments: &Arguments) -> Result<()> {
    anyhow::ensure!(!arguments.target_name.is_empty(), "--target-name is needed");
    let folder = arguments.target_dir.as_ref().context("--target-dir is needed")?;
    let updater = refreshed(arguments).await?;
    for name in &arguments.target_name {
        let target = updater.find(Timestamp::now(), name).await?;
        let file = folder.join(utf8_percent_encode(name, NON_ALPHANUMERIC).to_string());
        if std::fs::read(&file).is_ok_and(|bytes| target.matches(&bytes)) {
            continue;
        }
        let bytes = updater.fetch(&target, MAX_TARGET).await?;
        muster_fsx::write_atomic(&file, &bytes)?;
    }
    Ok(())
}
