//! Proving a profile: every placed file against its hash, every archive against its name; and what the game says.

use jiff::Timestamp;
use muster_deploy::{FileState, PlacedPackage};
use muster_domain::{ProfileId, Sha256};
use muster_fsx::on_all_cores;
use muster_games::LaunchContext;
use muster_store::state::Profile;
use uuid::Uuid;

use crate::{
    Engine, EngineError, LaunchReport,
    jobs::blocking,
    launch::{self, Proof},
    payloads::payloads,
    placing,
    profiles::Binding,
};

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct VerifyReport {
    pub intact: usize,
    /// Configuration files that the player changed, and files of the game's with lines of ours: nothing is wrong.
    pub edited: Vec<FileFinding>,
    pub changed: Vec<FileFinding>,
    pub missing: Vec<FileFinding>,
    /// Archives whose bytes no longer match; they are out of use and will be fetched again.
    pub damaged_archives: Vec<String>,
}

/// A file that is not as it was placed.
#[derive(Clone, Debug)]
pub struct FileFinding {
    pub place: String,
    pub path: String,
    pub package: String,
}

impl Engine {
    /// Reads every placed file and every archive of a profile. Changes nothing of the player's.
    pub async fn verify(&self, id: ProfileId) -> Result<VerifyReport, EngineError> {
        let profile = self.profile(id).await?;
        let turn = self.turn(&profile.place);
        let _turn = turn.lock().await;
        let engine = self.clone();
        blocking(move || verify(&engine, &profile)).await
    }

    /// Starts the game.
    pub async fn play(&self, id: ProfileId) -> Result<LaunchReport, EngineError> {
        let profile = self.profile(id).await?;
        self.touch(&profile);
        let engine = self.clone();
        let started = blocking(move || play(&engine, &profile));
        let report = started.await?;
        self.conduct().game_started();
        Ok(report)
    }

    /// Lets the game's own server load the profile and gives what its log says.
    pub async fn prove(&self, id: ProfileId) -> Result<LaunchReport, EngineError> {
        let profile = self.profile(id).await?;
        let turn = self.turn(&profile.place);
        let _turn = turn.lock().await;
        let engine = self.clone();
        blocking(move || prove(&engine, &profile)).await
    }
}

fn verify(engine: &Engine, profile: &Profile) -> Result<VerifyReport, EngineError> {
    let mut report = VerifyReport::default();
    let archives: Vec<Sha256> = profile.lock.packages.iter().map(|package| package.archive.sha256).collect();
    let is_damaged =
        |sha256: &Sha256| engine.cache().contains(sha256) && engine.cache().verify(sha256).is_err();
    let damaged = on_all_cores(&archives, is_damaged);
    let damaged = archives.iter().zip(damaged).filter(|(_, is_damaged)| *is_damaged);
    report.damaged_archives = damaged.map(|(sha256, _)| sha256.to_string()).collect();
    let binding = Binding::of(profile)?;
    if !profile.active || !engine.has_deployment(&binding.installation) {
        return Ok(report);
    }
    let found = placing::open(engine, &binding.installation)?.verify()?;
    for file in found.files {
        let package = file.package.map(|package| package.id.to_string()).unwrap_or_default();
        let finding = FileFinding { place: file.place, path: file.at, package };
        match file.state {
            FileState::Equal => report.intact += 1,
            FileState::Edited => report.edited.push(finding),
            FileState::Missing => report.missing.push(finding),
            FileState::Changed | FileState::OutOfReach => report.changed.push(finding),
        }
    }
    Ok(report)
}

/// What is in the places of an active profile, package after package in load order.
fn placed(engine: &Engine, profile: &Profile) -> Result<Vec<PlacedPackage>, EngineError> {
    let payloads = payloads(engine, profile)?;
    placing::place(engine, &engine.machine().definition(&profile.game)?, &profile.lock, &payloads)
}

fn play(engine: &Engine, profile: &Profile) -> Result<LaunchReport, EngineError> {
    let definition = engine.machine().definition(&profile.game)?;
    let installation = Binding::of(profile)?.installation;
    let mut context = LaunchContext {
        loaders: engine.machine().loaders(&definition, &installation),
        ..LaunchContext::default()
    };
    if profile.active && !definition.lists.is_empty() {
        context.lists = placing::lists(&definition, &placed(engine, profile)?).on_disk(&installation);
    }
    launch::play(&definition, &installation, &context)
}

fn prove(engine: &Engine, profile: &Profile) -> Result<LaunchReport, EngineError> {
    let binding = Binding::of(profile)?;
    let definition = engine.machine().definition(&profile.game)?;
    let not_possible = |why| EngineError::ProofNotPossible { game: profile.game.clone(), why };
    if !profile.active {
        return Err(not_possible("the profile is not the one that is placed"));
    }
    let placed = placed(engine, profile)?;
    let names = placing::names(&placed);
    let proofs = engine.inner.places.cache.join("proofs");
    let dir = muster_fsx::Dir::create_ambient_private(&proofs)?;
    let name = format!("{}-{}", Timestamp::now().as_second(), Uuid::now_v7().simple());
    let scratch = proofs.join(&name);
    dir.create_dir_new(name.as_str())?;
    let proof = Proof {
        definition: &definition,
        installation: &binding.installation,
        names: &names,
        lists: &placing::lists(&definition, &placed),
        loaders: &engine.machine().loaders(&definition, &binding.installation),
        scratch: &scratch,
        // A game server must not outlive the service that started it for a moment.
        cancelled: &|| engine.is_closing(),
    };
    let report = launch::prove(&proof);
    // A folder that cannot be removed is in the cache, which may be deleted at any time.
    let _ = dir.remove_tree(name.as_str());
    report
}
