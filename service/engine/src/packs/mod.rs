//! Packs that other managers made: of Modrinth (`.mrpack`), and profiles that r2modman, the Thunderstore Mod Manager and Gale
//! hand on (`.r2z`, and codes).
//!
//! A pack is looked at first ([`Engine::inspect_pack`]): which of its mods which source has, which come from an address
//! that it names, which nobody has, which of its own files come along, and which stay behind and why. Nothing is changed by
//! that. Taking it in ([`Engine::take_pack_in`]) makes packages of the player's own of what no source has, and gives the
//! change that makes a profile what the pack says: the one that every profile of others becomes
//! (`shared::request`), planned, agreed to and undone like any other.

mod contents;
mod error;
mod fetch;
mod judge;
mod own;
mod sources;

use std::path::PathBuf;

use jiff::Timestamp;
use muster_catalog::DocumentAddress;
use muster_domain::{GameId, ProfileId, Sha256};
use muster_fsx::File;
use muster_package::ReadAt;
use muster_registry::{SharedPackage, SharedProfile};
use sha2::Digest as _;

pub use error::{PACK_CODES, PackError};
pub use judge::Refusal;

use contents::{Carried, Contents, MAX_PACK, Made};
use judge::Judge;
use sources::Here;

use crate::{
    ChangeRequest, Engine, EngineError, FileAt, Key, Others, PlanView, SourceError, jobs::blocking,
    shared::request,
};

/// The game that packs of Modrinth are for.
const MODRINTH_GAME: &str = "minecraft";
/// Longest archive that is fetched from an address, in bytes.
const MAX_FETCHED: u64 = 512 * 1024 * 1024;

/// Where a pack is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackAt {
    /// A file on this machine.
    Path(PathBuf),
    /// A web address that gives the file itself.
    Address(String),
    /// A code under which a service keeps a profile.
    Code(String),
}

/// What to look at, for which profile.
#[derive(Clone, Debug)]
pub struct PackRequest {
    pub at: PackAt,
    /// Absent: it is only looked at.
    pub profile: Option<ProfileId>,
    /// Which game a profile is for whose list does not say it.
    pub game: Option<GameId>,
    pub others: Others,
}

/// Who made a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackForm {
    Modrinth,
    /// r2modman, the Thunderstore Mod Manager or Gale.
    Export,
}

/// How a mod of a pack can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackState {
    /// A source has exactly this one.
    Found(SharedPackage),
    /// A source has the mod, and not in this version.
    OtherVersion {
        key: Key,
        newest: String,
    },
    /// No source has it: it comes from this host, and is known by its SHA-512.
    ByAddress {
        host: String,
    },
    /// Nobody here has it.
    Unknown,
    Refused(Refusal),
}

/// One mod of a pack.
#[derive(Clone, Debug)]
pub struct PackMod {
    /// As the pack names it: a path or a full name.
    pub name: String,
    /// Empty where the pack does not say it.
    pub version: String,
    /// Bytes; 0 where the pack does not say it.
    pub size: u64,
    pub is_on: bool,
    pub state: PackState,
}

/// One of the files that a pack brings itself.
#[derive(Clone, Debug)]
pub struct PackFileView {
    /// Below the folder of the game.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Why it stays behind.
    pub refusal: Option<Refusal>,
}

/// A pack, and what it would do. Nothing was changed.
#[derive(Clone, Debug)]
pub struct PackView {
    pub name: String,
    pub version: String,
    pub form: PackForm,
    pub game: GameId,
    /// What it asks for that Muster does not install: the game and its loader.
    pub needs: Vec<(String, String)>,
    pub mods: Vec<PackMod>,
    pub files: Vec<PackFileView>,
    /// Sources that would have its mods, by the word that adds them.
    pub missing_sources: Vec<String>,
    /// Names what was looked at and what was found.
    pub digest: Sha256,
    /// What would become of the packages that sources have; absent without a profile of its game, or without its sources.
    pub plan: Option<PlanView>,
}

/// The bytes of a pack.
enum Bytes {
    File(File),
    Memory(Vec<u8>),
}

impl ReadAt for Bytes {
    fn size(&self) -> muster_package::Result<u64> {
        match self {
            Self::File(file) => ReadAt::size(file),
            Self::Memory(bytes) => bytes.size(),
        }
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> muster_package::Result<()> {
        match self {
            Self::File(file) => ReadAt::read_exact_at(file, buffer, offset),
            Self::Memory(bytes) => bytes.read_exact_at(buffer, offset),
        }
    }
}

/// A pack that was read, and what is known of its mods.
struct Look {
    bytes: Bytes,
    made: Made,
    sha256: Sha256,
    game: GameId,
    mods: Vec<PackMod>,
    carried: Vec<Carried>,
    missing_sources: Vec<String>,
}

impl Look {
    /// Stands for the pack and for what was found of it.
    fn digest(&self) -> Sha256 {
        let mut hasher = sha2::Sha256::new();
        hasher.update(format!("{}\0{}\0", self.sha256, self.game));
        for one in &self.mods {
            hasher.update(format!("{}\0{}\0{:?}\0", one.name, one.is_on, one.state));
        }
        Sha256(hasher.finalize().into())
    }

    /// The packages that sources have, with those that were made here.
    fn shared(&self, own: Vec<SharedPackage>) -> SharedProfile {
        let found = self.mods.iter().filter_map(|one| match &one.state {
            PackState::Found(package) => Some(package.clone()),
            _ => None,
        });
        SharedProfile {
            name: self.made.name().to_owned(),
            game: self.game.clone(),
            version: 1,
            written: Timestamp::UNIX_EPOCH,
            note: String::new(),
            side: None,
            platform: None,
            owners: Vec::new(),
            sources: Vec::new(),
            packages: found.chain(own).collect(),
        }
    }
}

impl Engine {
    /// What a pack is made of and what it would do. Changes nothing.
    pub async fn inspect_pack(&self, wanted: &PackRequest) -> Result<PackView, EngineError> {
        let look = self.look_at_pack(wanted).await?;
        let mut plan = None;
        if let Some(id) = wanted.profile {
            let profile = self.profile(id).await?;
            if profile.game == look.game && look.missing_sources.is_empty() {
                let mut change = request(&look.shared(Vec::new()), &profile.lock, wanted.others);
                // What was made here of an earlier version of the pack is made anew, and not known yet.
                let own = self.own_source(&look.game);
                change.remove.retain(|key| key.source != own);
                if !change.is_empty() {
                    plan = Some(self.plan(Some(id), &change).await?);
                }
            }
        }
        let digest = look.digest();
        let Look { made, game, mods, carried, missing_sources, .. } = look;
        let (form, needs) = match &made {
            Made::Modrinth(pack) => (PackForm::Modrinth, pack.needs.clone().into_iter().collect()),
            Made::Export(_) => (PackForm::Export, Vec::new()),
        };
        let files = carried.into_iter().map(|file| PackFileView {
            path: file.path.to_string(),
            size: file.entry.size,
            refusal: file.to.err(),
        });
        Ok(PackView {
            name: made.name().to_owned(),
            version: made.version().to_owned(),
            files: files.collect(),
            form,
            game,
            needs,
            mods,
            missing_sources,
            digest,
            plan,
        })
    }

    /// Makes packages of the player's own of what a pack brings and no source has, as it was looked at, and gives the change
    /// that makes the profile what the pack says. The profile stays as it is until that change is made.
    pub async fn take_pack_in(
        &self,
        wanted: &PackRequest,
        digest: Sha256,
    ) -> Result<ChangeRequest, EngineError> {
        let profile = self.profile(wanted.profile.ok_or(EngineError::NothingAsked)?).await?;
        let look = self.look_at_pack(wanted).await?;
        if look.digest() != digest {
            return Err(EngineError::PlanChanged);
        }
        if profile.game != look.game {
            return Err(EngineError::OtherGame { game: look.game });
        }
        if !look.missing_sources.is_empty() {
            return Err(EngineError::MissingSources { sources: look.missing_sources.join(", ") });
        }
        let (mut own, fetched) = self.fetch_missing(&look).await?;
        let (engine, look, made) = {
            let engine = self.clone();
            blocking(move || {
                let what = (&look.game, &look.made);
                let made = own::make(&engine, what, &look.bytes, (&look.carried, fetched))?;
                Ok((engine, look, made))
            })
            .await?
        };
        if let Some(made) = &made {
            let name = made.path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
            let name = name.ok_or(EngineError::Internal("a package has no name"))?;
            let wish = engine.own_file(&look.game, FileAt::Path(made.path.clone()), &name, None).await?;
            own.push(sources::shared_package(&wish, true)?);
        }
        let mut change = request(&look.shared(own), &profile.lock, wanted.others);
        // A pack is no profile that could be followed: the history tells what was installed.
        change.shared = None;
        Ok(change)
    }

    async fn look_at_pack(&self, wanted: &PackRequest) -> Result<Look, EngineError> {
        let profile = match wanted.profile {
            Some(id) => Some(self.profile(id).await?),
            None => None,
        };
        let asked = profile.as_ref().map(|profile| profile.game.clone()).or_else(|| wanted.game.clone());
        let bytes = self.bytes_of(&wanted.at, asked.as_ref()).await?;
        let (bytes, contents) = blocking(move || {
            let contents = Contents::read(&bytes)?;
            Ok((bytes, contents))
        })
        .await?;
        let game = self.game_of(&contents.made, asked)?;
        let definition = self.machine().definition(&game)?;
        let judged = definition.clone();
        let (bytes, contents, carried) = blocking(move || {
            let carried = contents.judged(&bytes, &Judge::new(&judged)?)?;
            Ok((bytes, contents, carried))
        })
        .await?;
        let here = Here { engine: self, game: &game, definition: &definition };
        let (mods, missing_sources) = here.mods(&contents.made).await?;
        let Contents { made, sha256, .. } = contents;
        Ok(Look { bytes, made, sha256, game, mods, carried, missing_sources })
    }

    async fn bytes_of(&self, at: &PackAt, game: Option<&GameId>) -> Result<Bytes, EngineError> {
        match at {
            PackAt::Path(path) => {
                let path = path.clone();
                blocking(move || Ok(Bytes::File(File::open_ambient(&path)?))).await
            }
            PackAt::Address(address) => {
                let document = DocumentAddress::parse(address)?;
                if self.settings().offline && !document.is_local() {
                    return Err(EngineError::Offline);
                }
                let unreadable = |why: String| SourceError::Unreadable { file: address.clone(), why };
                let fetched = document.fetch(MAX_FETCHED.min(MAX_PACK)).await;
                Ok(Bytes::Memory(fetched.map_err(|error| unreadable(error.to_string()))?))
            }
            PackAt::Code(code) => self.left_under(code, game).await.map(Bytes::Memory),
        }
    }

    /// A pack of Modrinth is for one game; a profile says its community, or is for the game that the player means.
    fn game_of(&self, made: &Made, asked: Option<GameId>) -> Result<GameId, EngineError> {
        match made {
            Made::Modrinth(_) => {
                MODRINTH_GAME.parse().map_err(|_| EngineError::Internal("a game has no name"))
            }
            Made::Export(export) => {
                let said = export.community.as_deref().and_then(|name| name.parse::<GameId>().ok());
                let said = said.filter(|game| self.machine().definition(game).is_ok());
                Ok(said.or(asked).ok_or(PackError::UnknownGame)?)
            }
        }
    }
}
