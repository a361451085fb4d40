//! From a lock to files in a game's folders: trees, rules, deployment. Blocks on the disk.

use std::{collections::BTreeSet, sync::Arc};

use muster_cache::{ArchiveLease, StoreId};
use muster_deploy::{
    AuthorRule, Choices, Deployment, Desired, DesiredEdit, Key as FileKey, Left, OrderCycle, OrderedPackage,
    PackageFiles, PackageKey, Placed, PlacedPackage, Put, Release, TreeFile, Watch, merge, order,
    place_files, place_targets,
};
use muster_domain::{Lock, LockedPackage, PortablePath};
use muster_games::{
    Definition, Installation, Lists, NamesByPlace, OrderFile, OwnText, PathGlobs, write_text,
};
use muster_package::FileEntry;
use muster_store::state::Profile;

use crate::{
    Decision, Engine, EngineError, Key,
    homes::Homes,
    mend,
    opening::Opened,
    overlay::{self, OwnFiles},
    payloads::Payloads,
    profiles::Binding,
    recipe,
    tree::TreeList,
    versions::{Exchange, Shelves, Versions, Wanted},
};

/// Most of a file that rules may look into, in bytes.
const MAX_TEXT: u64 = 64 * 1024;

/// Where the files of one package go. Unpacks its archive where its tree is not there yet.
pub(crate) fn place_alone(
    engine: &Engine,
    definition: &Definition,
    package: &LockedPackage,
    archive: Option<&ArchiveLease>,
) -> Result<Placed, EngineError> {
    let mut payloads = Payloads::default();
    payloads.add(engine, (package, archive), &StoreId::Main, &|| engine.is_closing())?;
    place_package(definition, package, &payloads)
}

/// Where the files of every package go, and what the game calls them.
pub(crate) fn place(
    engine: &Engine,
    definition: &Arc<Definition>,
    lock: &Lock,
    payloads: &Payloads,
) -> Result<Vec<PlacedPackage>, EngineError> {
    let mut placed = Vec::new();
    for package in in_load_order(lock, payloads).packages {
        let work_out = || place_package(definition, package, payloads);
        placed.push(PlacedPackage {
            package: PackageKey { source: package.source.clone(), id: package.id.clone() },
            tree: package.archive.sha256,
            placed: engine.inner.unpacked.placed(definition, package, work_out)?,
        });
    }
    Ok(placed)
}

fn place_package(
    definition: &Definition,
    locked: &LockedPackage,
    payloads: &Payloads,
) -> Result<Placed, EngineError> {
    let tree = &locked.archive.sha256;
    let list =
        payloads.list(tree).ok_or(EngineError::Internal("a package of the profile was not unpacked"))?;
    let file = |file: &FileEntry| TreeFile { path: file.path.clone(), size: file.size, sha256: file.sha256 };
    let files: Vec<TreeFile> = list.files().iter().map(file).collect();
    let text = |path: &PortablePath| payloads.folder(tree).ok()?.read(path, MAX_TEXT).ok();
    let package = PackageFiles {
        name: locked.id.as_str(),
        payload: None,
        files: &files,
        text: &text,
        rules: &[],
        config: &[],
    };
    if let Some(recipe) = &locked.recipe {
        if let Some(name) = recipe::name_of_whole(recipe) {
            return place_whole(definition, &package, &name);
        }
        let paths: Vec<PortablePath> = files.iter().map(|file| file.path.clone()).collect();
        return Ok(match recipe::way(definition, locked, recipe, &paths)? {
            recipe::Way::Targets(targets) => place_targets(definition, &package, &targets)?,
            recipe::Way::Rules => place_files(definition, &package)?,
        });
    }
    let manifest = list.manifest().ok_or(EngineError::Internal("a package's tree has no manifest"))?;
    let rules: Vec<AuthorRule> = manifest.install.iter().map(author_rule).collect();
    let config: Vec<String> = manifest.config.iter().map(|glob| glob.as_str().to_owned()).collect();
    let name = manifest.name.package.as_str();
    Ok(place_files(definition, &PackageFiles { name, rules: &rules, config: &config, ..package })?)
}

/// Places the one file of a tree by the rules for its name.
fn place_whole(
    definition: &Definition,
    package: &PackageFiles<'_>,
    name: &PortablePath,
) -> Result<Placed, EngineError> {
    let files: Vec<TreeFile> =
        package.files.iter().take(1).map(|file| TreeFile { path: name.clone(), ..file.clone() }).collect();
    let mut placed = place_files(definition, &PackageFiles { files: &files, ..*package })?;
    if let Some(file) = package.files.first() {
        placed.placements.iter_mut().for_each(|placement| placement.from = file.path.clone());
    }
    Ok(placed)
}

fn author_rule(rule: &muster_package::InstallRule) -> AuthorRule {
    AuthorRule {
        glob: rule.files.as_str().to_owned(),
        place: rule.to.clone(),
        to: rule.into.as_ref().map(ToString::to_string),
        strip: rule.strip,
    }
}

/// Packages that are switched on.
pub(crate) fn switched_on(lock: &Lock) -> impl Iterator<Item = &LockedPackage> {
    lock.packages.iter().filter(|package| package.enabled && !package.kind.is_collection())
}

/// What the player chose of the load order.
pub(crate) fn chosen(lock: &Lock) -> Vec<PackageKey> {
    let mut ranked: Vec<(u32, PackageKey)> = lock
        .packages
        .iter()
        .filter_map(|package| {
            Some((package.rank?, PackageKey { source: package.source.clone(), id: package.id.clone() }))
        })
        .collect();
    ranked.sort();
    ranked.into_iter().map(|(_, package)| package).collect()
}

/// Packages in load order, with what was said about it.
pub(crate) struct Sorted<'l> {
    pub packages: Vec<&'l LockedPackage>,
    /// In the same order.
    pub wishes: Vec<OrderedPackage>,
    pub cycles: Vec<OrderCycle>,
}

/// Packages that are switched on, as they, their authors and the player want them to be loaded; a later one wins where
/// two hold the same file.
pub(crate) fn in_load_order<'l>(lock: &'l Lock, payloads: &Payloads) -> Sorted<'l> {
    let packages: Vec<&LockedPackage> = switched_on(lock).collect();
    let wishes: Vec<OrderedPackage> = packages.iter().map(|package| wishes(package, payloads)).collect();
    let order = order(&wishes, &chosen(lock));
    Sorted {
        packages: order.sequence.iter().map(|&at| packages[at]).collect(),
        wishes: order.sequence.iter().map(|&at| wishes[at].clone()).collect(),
        cycles: order.cycles,
    }
}

fn wishes(package: &LockedPackage, payloads: &Payloads) -> OrderedPackage {
    let manifest = payloads.list(&package.archive.sha256).and_then(TreeList::manifest);
    OrderedPackage {
        package: PackageKey { source: package.source.clone(), id: package.id.clone() },
        needs: package.needs.clone(),
        load_after: manifest.map(|manifest| manifest.load_after.clone()).unwrap_or_default(),
        load_before: manifest.map(|manifest| manifest.load_before.clone()).unwrap_or_default(),
    }
}

/// What the places of a profile have to hold.
fn desired(
    definition: &Definition,
    binding: &Binding,
    placed: &[PlacedPackage],
) -> Result<Desired, EngineError> {
    let mut edits = Vec::new();
    if let (Some(world), Some(settings)) = (&binding.world, &definition.world_settings) {
        let names: BTreeSet<&str> = placed.iter().flat_map(|package| package.placed.all_names()).collect();
        let world: PortablePath =
            world.parse().map_err(|_| EngineError::Internal("a world's folder has no name"))?;
        let path =
            world.join(&settings.file).map_err(|_| EngineError::Internal("a world's file has no path"))?;
        let lines = settings.lines.lines(names)?.into();
        edits.push(DesiredEdit { place: settings.place.clone(), path, lines });
    }
    edits.extend(order_files(definition, placed)?);
    Ok(merge(placed, edits)?)
}

/// What is placed, by the lists of the definition.
pub(crate) fn lists(definition: &Definition, placed: &[PlacedPackage]) -> Lists {
    let files = placed.iter().flat_map(|package| &package.placed.placements);
    Lists::new(definition, files.map(|file| (file.place.as_str(), &file.path)))
}

/// What the game calls the mods in the places.
pub(crate) fn names(placed: &[PlacedPackage]) -> NamesByPlace {
    let mut names = NamesByPlace::new();
    for (place, found) in placed.iter().flat_map(|package| &package.placed.names) {
        names.entry(place.clone()).or_default().extend(found.iter().cloned());
    }
    names
}

/// The files in which the game reads its load order; none where nothing is placed, so that the game's own come back.
fn order_files(definition: &Definition, placed: &[PlacedPackage]) -> Result<Vec<DesiredEdit>, EngineError> {
    if placed.is_empty() {
        return Ok(Vec::new());
    }
    let (lists, names) = (lists(definition, placed), names(placed));
    let edit = |file: &OrderFile| {
        let bytes = write_text(definition, &file.parts, &lists, &names)?;
        let text = String::from_utf8(bytes).map_err(|_| EngineError::Internal("a load order is no text"))?;
        Ok(DesiredEdit { place: file.place.clone(), path: file.path.clone(), lines: OwnText::whole(text) })
    };
    definition.order_files.iter().map(edit).collect()
}

/// Opens the deployment of an installation as soon as no other part has it open, recovering what a crash left behind.
pub(crate) fn open(engine: &Engine, installation: &Installation) -> Result<Opened, EngineError> {
    let state = engine.deployment_folder(installation);
    engine.inner.openings.open(&state, |left| {
        let places = installation.places.clone();
        let (deployment, recovery) = match left {
            Some(books) => Deployment::reopen(places, &state, books)?,
            None => Deployment::open(places, &state)?,
        };
        if recovery != muster_deploy::Recovery::Clean {
            tracing::info!(?recovery, "an interrupted deployment was recovered");
        }
        Ok(deployment)
    })
}

/// What the folders of a profile shall hold of ours.
#[derive(Clone, Copy)]
pub(crate) enum Aim<'a> {
    Lock(&'a Lock),
    /// The same, with every damaged file put right.
    Mend(&'a Lock),
    /// The same, where what is new lies there already: nothing of the player's is set aside.
    Adopt(&'a Lock),
    /// The same, with what was decided about files that were changed by hand.
    Decide(&'a Lock, &'a Decision),
    /// The same, with what changes did to versions of files taken back; with packages that had not been there before.
    Back(&'a Lock, &'a [Exchange], &'a [Key]),
    /// The same, with versions of files that were set aside.
    Bring(&'a Lock, &'a [Wanted]),
    Vanilla,
}

impl<'a> Aim<'a> {
    fn lock(self) -> Option<&'a Lock> {
        match self {
            Self::Lock(lock) | Self::Mend(lock) | Self::Adopt(lock) => Some(lock),
            Self::Decide(lock, _) | Self::Back(lock, ..) | Self::Bring(lock, _) => Some(lock),
            Self::Vanilla => None,
        }
    }

    /// Whose files that lay there before stay, or come back, when their packages go.
    fn release(self) -> Release {
        let package = |key: &Key| PackageKey { source: key.source.clone(), id: key.id.clone() };
        match self {
            Self::Vanilla => Release::All,
            Self::Back(_, _, released) => Release::Of(released.iter().map(package).collect()),
            _ => Release::Of(BTreeSet::new()),
        }
    }
}

/// What has to be on the books before the folders are changed.
pub(crate) struct Notice<'a> {
    /// Number that the change will have in the folders' journal; none where no folder is changed.
    pub sequence: Option<u64>,
    /// The profile's own versions of files.
    pub own: &'a OwnFiles,
    /// What the change does to versions of files.
    pub exchanges: Vec<Exchange>,
}

/// Writes a notice down, durably.
pub(crate) type Note<'a> = dyn FnMut(Notice<'_>) -> Result<(), EngineError> + 'a;

/// The profile whose files are where this one's go.
fn placed_profile(engine: &Engine, profile: &Profile) -> Result<Option<Profile>, EngineError> {
    let profiles = engine.state().profiles().all().wait()?;
    Ok(profiles.into_iter().find(|other| other.active && other.place == profile.place))
}

/// Makes the folders of a profile hold exactly what is aimed at.
pub(crate) fn deploy(
    engine: &Engine,
    profile: &Profile,
    aim: Aim<'_>,
    payloads: &mut Payloads,
    note: &mut Note<'_>,
) -> Result<(), EngineError> {
    let binding = Binding::of(profile)?;
    let definition = engine.machine().definition(&profile.game)?;
    let mut deployment = open(engine, &binding.installation)?;
    let sequence = Some(deployment.applied().sequence + 1);
    let mut desired = match aim.lock() {
        Some(lock) => {
            let placed = place(engine, &definition, lock, payloads)?;
            payloads.bring(engine, &Homes::of(engine, &definition, &binding.installation)?, &placed)?;
            desired(&definition, &binding, &placed)?
        }
        None => Desired::default(),
    };
    if matches!(aim, Aim::Vanilla) {
        let left = what_loaders_left(&definition, &deployment)?;
        (desired.brought, desired.emptied) = (left.files, left.folders);
    }
    let texts = overlay::texts(engine)?;
    let mut versions = {
        let _held = overlay::hold_texts(engine);
        let shelves = Shelves { engine, texts: &texts, deployment: &deployment };
        let versions = versions(shelves, profile, aim, &desired)?;
        note(Notice { sequence, own: &versions.own, exchanges: versions.exchanges() })?;
        versions
    };
    versions.ask_for(&mut desired);
    overlay::lay_over(&texts, &mut versions.own, &mut desired, payloads)?;
    payloads.set_kept(texts);
    let release = aim.release();
    let choices = Choices { replace: versions.replace.clone(), release, ..Choices::default() };
    let plan = match aim {
        Aim::Mend(_) => deployment.plan_repair(&desired, choices)?,
        _ => deployment.plan(&desired, &choices)?,
    };
    let taken = plan.steps.iter().filter_map(|step| match &step.put {
        Some(Put::Tree { tree, .. }) => Some(tree),
        _ => None,
    });
    mend::check(engine, taken.collect::<BTreeSet<_>>().into_iter())?;
    versions.add_brought(&plan, &desired);
    if matches!(aim, Aim::Mend(_)) {
        versions.add_repaired(&plan, &desired);
    }
    if matches!(aim, Aim::Adopt(_)) && plan.summary.actions.contains_key(&muster_deploy::Action::Displace) {
        // Something changed since it was looked at.
        return Err(EngineError::PlanChanged);
    }
    if !plan.is_empty() && engine.machine().is_played(&definition, &binding.installation) {
        return Err(EngineError::GameRunning { game: definition.title.clone() });
    }
    note(Notice { sequence, own: &versions.own, exchanges: versions.exchanges() })?;
    let mut progress = |_| {};
    // Past this point the change is finished or undone as a whole; there is nothing to cancel half-way.
    let mut watch = Watch {
        trees: payloads,
        links: &definition.links,
        progress: &mut progress,
        cancelled: &|| engine.is_closing(),
    };
    match deployment.apply(&plan, &mut watch)? {
        muster_deploy::Outcome::Cancelled => Err(EngineError::Closed),
        muster_deploy::Outcome::Unchanged | muster_deploy::Outcome::Applied { .. } => Ok(()),
    }
}

/// What becomes of versions of files: what the player changed is taken up, then what the change is about.
fn versions(
    shelves: Shelves<'_>,
    profile: &Profile,
    aim: Aim<'_>,
    desired: &Desired,
) -> Result<Versions, EngineError> {
    let engine = shelves.engine;
    let replace = match placed_profile(engine, profile)? {
        Some(placed) => overlay::take_up(engine, shelves.deployment, &placed)?,
        None => BTreeSet::new(),
    };
    // What was just taken up may be the profile's own.
    let now =
        engine.state().profiles().get(profile.id).wait()?.ok_or(EngineError::UnknownProfile(profile.id))?;
    let mut versions = Versions::new(overlay::by_key(overlay::own_files(&now)?), replace);
    match aim {
        Aim::Decide(_, decision) => versions.decide(shelves, decision)?,
        Aim::Back(_, exchanges, _) => versions.take_back(shelves, exchanges)?,
        Aim::Bring(_, wanted) => versions.bring(shelves, wanted, desired)?,
        Aim::Lock(_) | Aim::Mend(_) | Aim::Adopt(_) | Aim::Vanilla => {}
    }
    Ok(versions)
}

/// What going back makes of a profile's own versions, where its files are not in the folders.
pub(crate) fn take_back_unplaced(
    engine: &Engine,
    profile: &Profile,
    exchanges: &[Exchange],
    note: &mut Note<'_>,
) -> Result<(), EngineError> {
    let installation = Binding::of(profile)?.installation;
    let deployment = open(engine, &installation)?;
    let texts = overlay::texts(engine)?;
    let _held = overlay::hold_texts(engine);
    let mut versions = Versions::new(overlay::by_key(overlay::own_files(profile)?), BTreeSet::new());
    let shelves = Shelves { engine, texts: &texts, deployment: &deployment };
    versions.take_back_unplaced(shelves, exchanges)?;
    note(Notice { sequence: None, own: &versions.own, exchanges: versions.exchanges() })
}

/// What the loaders that Muster placed wrote themselves: no part of the original game.
fn what_loaders_left(definition: &Definition, deployment: &Deployment) -> Result<Left, EngineError> {
    let applied = &deployment.applied().files;
    let is_ours = |file: &PortablePath| {
        let (place, path) = file.as_str().split_once('/')?;
        let placed = applied.get(&FileKey::new(place, &path.parse().ok()?))?;
        Some(!placed.adopted)
    };
    let ours = definition.loaders.values().filter(|loader| {
        !loader.files.is_empty() && loader.files.iter().all(|file| is_ours(file) == Some(true))
    });
    let globs: Vec<&String> = ours.flat_map(|loader| &loader.leaves).collect();
    if globs.is_empty() {
        return Ok(Left::default());
    }
    let globs = PathGlobs::new(globs).map_err(|_| EngineError::Internal("globs were not checked"))?;
    Ok(deployment.find_left(&globs)?)
}
