//! Which mods of a pack the player's sources have.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_adapters::{
    modrinth::{FileRecipe, PackFile, RECIPE, is_pack_host},
    thunderstore::{ExportedMod, ProfileCode, unwrap_profile},
};
use muster_domain::{FeatureChoice, GameId, PackageId, Release, Side, SourceId};
use muster_games::Definition;
use muster_registry::SharedPackage;
use muster_store::state::Source;
use url::Url;

use super::{
    PackMod, PackState,
    contents::{self, Made},
    error::PackError,
    judge::{Judge, Refusal},
};
use crate::{Engine, EngineError, Key, Wish};

/// What the player has for a game.
pub(super) struct Here<'e> {
    pub engine: &'e Engine,
    pub game: &'e GameId,
    pub definition: &'e Definition,
}

impl Here<'_> {
    /// The mods of a pack, and the sources that would have them and are not here.
    pub async fn mods(&self, made: &Made) -> Result<(Vec<PackMod>, Vec<String>), EngineError> {
        let (mut mods, missing) = match made {
            Made::Modrinth(pack) => {
                let (kind, loader) = ("modrinth", contents::loader(pack));
                let fits = |source: &Source| loader.is_none_or(|loader| last_part(&source.address) == loader);
                let sources: Vec<Source> = self.sources(kind).await?.into_iter().filter(fits).collect();
                let missing = match sources.is_empty() {
                    true => vec![format!("{kind}:{}", loader.unwrap_or("fabric"))],
                    false => Vec::new(),
                };
                (self.by_hash(&made.files().collect::<Vec<_>>(), &sources).await?, missing)
            }
            Made::Export(_) => {
                let sources = self.sources("thunderstore").await?;
                let missing = match sources.is_empty() {
                    true => vec![format!("thunderstore:{}", self.game)],
                    false => Vec::new(),
                };
                (self.by_name(made.mods(), &sources).await?, missing)
            }
        };
        mods.extend(made.refused().into_iter().map(|name| PackMod {
            name,
            version: String::new(),
            size: 0,
            is_on: true,
            state: PackState::Refused(Refusal::Name),
        }));
        Ok((mods, missing))
    }

    /// The sources of a kind that are switched on, in the player's order. Those of Thunderstore are for one game.
    async fn sources(&self, kind: &str) -> Result<Vec<Source>, EngineError> {
        let mut sources = self.engine.state().sources().all().await?;
        sources.retain(|source| source.enabled && source.kind == kind);
        if kind == "thunderstore" {
            sources.retain(|source| last_part(&source.address) == self.game.as_str());
        }
        Ok(sources)
    }

    async fn by_hash(&self, files: &[&PackFile], sources: &[Source]) -> Result<Vec<PackMod>, EngineError> {
        let hashes: Vec<String> = files.iter().map(|file| file.sha512.clone()).collect();
        let mut found: BTreeMap<String, SharedPackage> = BTreeMap::new();
        for source in sources {
            let missing: Vec<String> =
                hashes.iter().filter(|hash| !found.contains_key(*hash)).cloned().collect();
            if missing.is_empty() {
                continue;
            }
            let named = self.engine.catalog().find_files(&source.id, &missing, Timestamp::now()).await?;
            for (hash, id) in named {
                if let Some(release) = self.release(&source.id, &id, |one| is_file(one, &hash)).await? {
                    found.insert(hash, shared(&release, true));
                }
            }
        }
        let judge = Judge::new(self.definition)?;
        let state = |file: &PackFile| match found.remove(&file.sha512) {
            Some(package) => PackState::Found(package),
            None => match (is_placed(&judge, file), addresses(file, sources).first()) {
                (Err(refusal), _) => PackState::Refused(refusal),
                (Ok(()), Some(address)) => {
                    PackState::ByAddress { host: address.host_str().unwrap_or_default().to_owned() }
                }
                (Ok(()), None) => PackState::Refused(Refusal::Address),
            },
        };
        let mut state = state;
        let entry = |file: &&PackFile| PackMod {
            name: file.path.to_string(),
            version: String::new(),
            size: file.size,
            is_on: true,
            state: state(file),
        };
        Ok(files.iter().map(entry).collect())
    }

    async fn by_name(&self, mods: &[ExportedMod], sources: &[Source]) -> Result<Vec<PackMod>, EngineError> {
        let mut all = Vec::with_capacity(mods.len());
        for wanted in mods {
            let mut state = PackState::Unknown;
            let id = wanted.package.as_str().parse::<PackageId>();
            for source in sources.iter().filter(|_| id.is_ok()) {
                let Ok(id) = &id else { continue };
                if let Some(release) =
                    self.release(&source.id, id, |one| one.version == wanted.number).await?
                {
                    state = PackState::Found(shared(&release, wanted.is_on));
                    break;
                }
                if let Some(newest) = self.release(&source.id, id, |_| true).await? {
                    let key = Key { source: source.id.clone(), id: id.clone() };
                    state = PackState::OtherVersion { key, newest: newest.version.label() };
                }
            }
            all.push(PackMod {
                name: wanted.package.to_string(),
                version: wanted.number.to_string(),
                size: 0,
                is_on: wanted.is_on,
                state,
            });
        }
        Ok(all)
    }

    /// The first release of a package that fits; none where the source does not know the package.
    async fn release(
        &self,
        source: &SourceId,
        id: &PackageId,
        fits: impl Fn(&Release) -> bool,
    ) -> Result<Option<Release>, EngineError> {
        match self.engine.catalog().package(source, id).await {
            Ok(detail) => Ok(detail.releases.into_iter().find(fits)),
            Err(muster_catalog::Error::UnknownPackage { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

impl Engine {
    /// What a service keeps under a code: an archive.
    pub(super) async fn left_under(&self, code: &str, game: Option<&GameId>) -> Result<Vec<u8>, EngineError> {
        let unknown = || PackError::UnknownCode { code: code.to_owned() };
        let code: ProfileCode = code.parse().map_err(|_| unknown())?;
        let game = game.ok_or(PackError::UnknownGame)?;
        let definition = self.machine().definition(game)?;
        let here = Here { engine: self, game, definition: &definition };
        let sources = here.sources("thunderstore").await?;
        let Some(source) = sources.first() else {
            return Err(EngineError::MissingSources { sources: format!("thunderstore:{game}") });
        };
        if self.settings().offline {
            return Err(EngineError::Offline);
        }
        let kept = self.catalog().left_under(&source.id, &code.to_string()).await?;
        Ok(unwrap_profile(&kept.ok_or_else(unknown)?)?)
    }

    /// Where a file of a pack may be fetched from: the hosts that the format names, and the hosts of the player's own
    /// sources of it.
    pub(super) async fn pack_addresses(&self, file: &PackFile) -> Result<Vec<Url>, EngineError> {
        let mut sources = self.state().sources().all().await?;
        sources.retain(|source| source.enabled && source.kind == "modrinth");
        Ok(addresses(file, &sources))
    }
}

/// The community or the loader that an address of a source ends in.
fn last_part(address: &str) -> &str {
    address.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default()
}

fn addresses(file: &PackFile, sources: &[Source]) -> Vec<Url> {
    let own: Vec<Url> =
        sources.iter().filter_map(|source| Url::parse(source.address.split_once('+')?.1).ok()).collect();
    let is_own = |address: &&Url| own.iter().any(|own| own.origin() == address.origin());
    file.downloads.iter().filter(|address| is_pack_host(address) || is_own(address)).cloned().collect()
}

/// Whether a file that no source has can be placed: a mod goes where the game's own rules put it, anything else where the
/// pack says, if that is allowed.
fn is_placed(judge: &Judge<'_>, file: &PackFile) -> Result<(), Refusal> {
    match super::fetch::is_mod(&file.path) {
        true => judge.place(&file.path).map(drop),
        false => judge.by_name(&file.path).map(drop),
    }
}

/// Whether a release is exactly the file of this SHA-512.
fn is_file(release: &Release, sha512: &str) -> bool {
    let recipe = release.recipe.as_ref().filter(|recipe| recipe.by == RECIPE);
    let recipe = recipe.and_then(|recipe| FileRecipe::parse(&recipe.rules).ok());
    recipe.is_some_and(|recipe| recipe.sha512 == sha512)
}

fn shared(release: &Release, is_on: bool) -> SharedPackage {
    SharedPackage {
        source: release.source.clone(),
        id: release.id.clone(),
        version: release.version.clone(),
        sha256: release.archive.sha256,
        wished: true,
        enabled: is_on,
        rank: None,
        features: FeatureChoice::new(),
        side: release.side,
    }
}

/// A package of the player's own, as a profile of others would name it.
pub(super) fn shared_package(wish: &Wish, is_on: bool) -> Result<SharedPackage, EngineError> {
    let unnamed = EngineError::Internal("a package has no version");
    let version = wish.range.sole_version().ok_or(unnamed)?;
    let sha256 = wish.sha256.ok_or(EngineError::Internal("a package has no hash"))?;
    let Key { source, id } = wish.key.clone();
    Ok(SharedPackage {
        source,
        id,
        version,
        sha256,
        wished: true,
        enabled: is_on,
        rank: None,
        features: FeatureChoice::new(),
        side: Side::Both,
    })
}
