//! From a request to the exact lock: facts, resolver, pins, and what the player must know.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::{
    Lock, LockedPackage, LockedSource, Mapping, PackageChannel, PackageId, Platform, Release, Sha256,
    SourceId, Version, clean_line,
};
use muster_resolver::{
    GameTarget, Offer, Options, PackageKey, Request, Resolution, Role, Update, Wish, offers, resolve,
};
use muster_store::state::Profile;

use crate::{
    ChangeRequest, Engine, EngineError, Explanation, Hold, Item, Key, Reason, RunsOn,
    change::{chooses_otherwise, difference, digest},
    checks::{Judgement, check_agreed_hashes, check_bytes, check_hints, check_replaced, check_trust},
    collections::still_left_out,
    contents,
    facts::FactBook,
    features::{self, ForFeatures},
    trust::AgreedPin,
    upkeep::{Unripe, is_passed_over, left_out},
};

/// Longest reason of a hold, in characters.
const MAX_REASON: usize = 200;

impl Engine {
    /// Whether the bytes of an archive are on this machine, whole and verified.
    pub(crate) fn is_here(&self, sha256: &Sha256) -> bool {
        self.cache().contains(sha256) || self.stores().lease(sha256).is_ok()
    }
}

/// What a request amounts to.
pub(crate) struct Settlement {
    pub after: Lock,
    pub items: Vec<Item>,
    /// Whether the profile remembers a choice that it did not.
    pub remembers: bool,
    pub digest: String,
    pub book: FactBook,
    /// Code, values, and whether it stands in the way.
    pub notices: Vec<(Reason, bool)>,
    /// What goes well with what comes, by the catalogue's word.
    pub offers: Vec<Offer>,
    /// What is only needed for features of packages.
    pub for_features: ForFeatures,
    /// Publishers' keys to pin once the change is made.
    pub pins: Vec<AgreedPin>,
    /// A package that nobody named, of a publisher who is new here: only for eyes that see the preview.
    pub stranger: Option<PackageId>,
    /// What an update that nobody asked for has to wait for.
    pub unripe: Vec<Unripe>,
}

impl From<&Key> for PackageKey {
    fn from(key: &Key) -> Self {
        Self { source: key.source.clone(), id: key.id.clone() }
    }
}

/// Finds the lock that fulfils `request` on top of the profile. Changes nothing but what was seen of publishers: the
/// candidates of pins, and which bytes a version has.
pub(crate) async fn settle(
    engine: &Engine,
    profile: &Profile,
    request: &ChangeRequest,
) -> Result<Settlement, EngineError> {
    if request.is_empty() {
        return Err(EngineError::NothingAsked);
    }
    check_names(&profile.lock, request)?;
    engine.refuse_managed(request.install.iter().map(|wish| &wish.key)).await?;
    let wished = wishes(&profile.lock, request);
    let roots = wished.iter().map(|wish| wish.package.clone());
    let present = engine.installation(profile)?.extensions;
    let mappings = mappings(&profile.lock, request);
    let mapped = mappings.iter().map(|mapping| {
        let key = PackageKey { source: mapping.source.clone(), id: mapping.id.clone() };
        (key, mapping.from.clone())
    });
    let mapped: BTreeMap<PackageKey, SourceId> = mapped.collect();
    let here = |sha256: &Sha256| engine.is_here(sha256);
    let mut book =
        FactBook::gather((engine.catalog(), &here), &profile.lock, roots, (&present, &mapped)).await?;
    check_readable(&profile.lock, request, &mut book)?;
    let not_wanted = engine.soften(profile, request, &mut book).await?;
    let mut question = question(engine, profile, request, wished).await?;
    question.options.denied = engine.denied(&book).await;
    question.options.mapped = mapped;
    let skipped = left_out(profile, request);
    book.leave_out(&|release| is_passed_over(&skipped, &profile.lock, release));
    let unripe = match request.unattended {
        Some(unattended) => engine.leave_out_unripe(profile, &question, &mut book, unattended).await?,
        None => Vec::new(),
    };
    let resolution = match resolve(&question, &book) {
        Ok(resolution) => resolution,
        Err(explanation) => return Err(unsolvable(engine, *explanation, book).await),
    };
    let mut after = lock_of(engine, profile, request, &resolution, &book).await?;
    let is_used = |mapping: &Mapping| after.get(&mapping.from, &mapping.id).is_some();
    after.mappings = mappings.into_iter().filter(is_used).collect();
    after.channel = request.channel.unwrap_or(profile.lock.channel);
    after.side = request.side.unwrap_or(profile.lock.side);
    after.platform = chosen_platform(&profile.lock, request);
    let mut own = channels(&profile.lock, request);
    own.retain(|of| after.get(&of.source, &of.id).is_some());
    after.package_channels = own;
    let chosen = features::choices(&profile.lock, request);
    let (chosen, forgotten) = features::remaining(chosen, (&profile.lock, &after), request, &book)?;
    after.package_features = chosen;
    after.left_out = still_left_out(&profile.lock, not_wanted, &after);
    let after = after.sorted();
    check_agreed_hashes(request, &after)?;
    engine.check_listed_bytes(&profile.lock, &after).await?;
    let items = difference(&profile.lock, &after);
    engine.refuse_advised(&items).await?;
    check_replaced(&profile.lock, request, &book)?;
    check_bytes(engine, &items).await?;
    check_hints(engine, request, &items, &book).await?;
    let Judgement { mut notices, pins, stranger } = check_trust(engine, request, &items).await?;
    notices.extend(held_back(engine, request, &after, &book));
    notices.extend(forgotten.into_iter().map(|notice| (notice, false)));
    let remembers = chooses_otherwise(&profile.lock, &after);
    let digest = digest(&profile.lock, &after);
    let offers = offers(&resolution, &question, &book.hints());
    let for_features = features::needed_for(&resolution);
    Ok(Settlement {
        after,
        items,
        remembers,
        digest,
        book,
        notices,
        offers,
        for_features,
        pins,
        stranger,
        unripe,
    })
}

/// What the player names must be readable now: an old state of it is good enough to keep it, not to choose by.
fn check_readable(lock: &Lock, request: &ChangeRequest, book: &mut FactBook) -> Result<(), EngineError> {
    let is_known = |key: &&Key| book.facts(&PackageKey::from(*key)).next().is_some();
    // What is here can be installed without its source; whether there is something newer, only the source knows.
    let install = request.install.iter().map(|wish| &wish.key).filter(|key| !is_known(key));
    let asked: Vec<PackageKey> = install.chain(&request.update).map(PackageKey::from).collect();
    if let Some(error) = asked.iter().find_map(|key| book.failures.remove(key)) {
        return Err(error);
    }
    // Where something can be read, everything that can be updated is; where nothing can, nobody is told "up to date".
    let is_unreadable = |package| book.failures.contains_key(&PackageKey::from(&Key::of(package)));
    if request.update_all && lock.packages.iter().all(is_unreadable) {
        return book.failures.pop_first().map_or(Ok(()), |(_, error)| Err(error));
    }
    Ok(())
}

/// A publisher that cannot be read is the reason to tell, before anything that follows from it.
async fn unsolvable(
    engine: &Engine,
    explanation: muster_resolver::Explanation,
    mut book: FactBook,
) -> EngineError {
    if let Some((_, error)) = book.failures.pop_first() {
        return error;
    }
    let mut names = BTreeMap::new();
    for source in engine.state().sources().all().await.unwrap_or_default() {
        names.insert(source.id.to_string(), source.alias.unwrap_or_else(|| source.id.to_string()));
    }
    let mut explanation = Explanation::from(explanation);
    explanation.name_sources(&names);
    EngineError::Unsolvable(Box::new(explanation))
}

fn check_names(lock: &Lock, request: &ChangeRequest) -> Result<(), EngineError> {
    let named = request.remove.iter().chain(&request.update).chain(&request.enable).chain(&request.disable);
    let named = named.chain(&request.quarantine).chain(&request.unhold);
    let named = named.chain(request.order.iter().flatten());
    let comes = |key: &Key| request.install.iter().any(|wish| wish.key == *key);
    for key in named {
        if lock.get(&key.source, &key.id).is_none() && !comes(key) {
            return Err(EngineError::NotInstalled { id: key.id.clone() });
        }
    }
    let held = request.hold.iter().map(|Hold { key, .. }| key);
    for key in held.chain(request.channels.iter().map(|follow| &follow.key)) {
        let is_here = lock.get(&key.source, &key.id).is_some() && !request.remove.contains(key);
        if !is_here && !request.install.iter().any(|wish| wish.key == *key) {
            return Err(EngineError::NotInstalled { id: key.id.clone() });
        }
    }
    Ok(())
}

/// What is wished after the change: what was, less what goes, plus what comes.
fn wishes(lock: &Lock, request: &ChangeRequest) -> Vec<Wish> {
    let asked: BTreeSet<&Key> = request.install.iter().map(|wish| &wish.key).collect();
    let kept = lock.packages.iter().filter(|package| {
        let key = Key::of(package);
        package.wished && !request.remove.contains(&key) && !asked.contains(&key)
    });
    let kept = kept.map(|package| Wish::any(package.source.clone(), package.id.clone()));
    let new = request.install.iter().map(|wish| Wish {
        package: PackageKey::from(&wish.key),
        range: wish.range.clone(),
        // A range that names one version asks for it however ripe it is.
        pin: wish.range.sole_version(),
    });
    kept.chain(new).collect()
}

async fn question(
    engine: &Engine,
    profile: &Profile,
    request: &ChangeRequest,
    wished: Vec<Wish>,
) -> Result<Request, EngineError> {
    let version = engine.installation(profile)?.version;
    // Many games leave out the last part.
    let semver =
        |text: String| Version::semver(&text).or_else(|_| Version::semver(&format!("{text}.0"))).ok();
    let version = version.and_then(semver);
    let update = match (request.update_all, request.update.is_empty()) {
        (true, _) => Update::Everything,
        (false, true) => Update::Nothing,
        (false, false) => Update::Only(request.update.iter().map(PackageKey::from).collect()),
    };
    Ok(Request {
        wished,
        installed: profile.lock.clone(),
        game: Some(GameTarget { id: profile.game.clone(), versions: version.into_iter().collect() }),
        options: Options {
            update,
            held: held(&profile.lock, request),
            role: role(engine, profile, request)?,
            channel: request.channel.unwrap_or(profile.lock.channel),
            channels: channels(&profile.lock, request)
                .into_iter()
                .map(|of| (PackageKey { source: of.source, id: of.id }, of.channel))
                .collect(),
            features: features::by_package(&features::choices(&profile.lock, request)),
            ..Options::default()
        },
    })
}

/// What the packages are for after the change.
fn role(engine: &Engine, profile: &Profile, request: &ChangeRequest) -> Result<Role, EngineError> {
    let side = request.side.unwrap_or(profile.lock.side);
    let here = engine.installation(profile)?.platform();
    let before = profile.lock.platform.unwrap_or(here);
    let platform = chosen_platform(&profile.lock, request).unwrap_or(here);
    let is_new = side != profile.lock.side || platform != before;
    Ok(Role { side, platform: Some(platform), is_new })
}

/// What the player says that the game runs on.
fn chosen_platform(lock: &Lock, request: &ChangeRequest) -> Option<Platform> {
    match request.platform {
        None => lock.platform,
        Some(RunsOn::Automatic) => None,
        Some(RunsOn::Platform(platform)) => Some(platform),
    }
}

/// Channels of packages' own: as before, and as is said now.
fn channels(lock: &Lock, request: &ChangeRequest) -> Vec<PackageChannel> {
    let is_said = |of: &&PackageChannel| {
        !request.channels.iter().any(|new| new.key.source == of.source && new.key.id == of.id)
    };
    let kept = lock.package_channels.iter().filter(is_said).cloned();
    let new = request.channels.iter().filter_map(|follow| {
        let Key { source, id } = follow.key.clone();
        Some(PackageChannel { source, id, channel: follow.channel? })
    });
    kept.chain(new).collect()
}

/// Where the player said that needed packages come from: as before, and as is said now.
fn mappings(lock: &Lock, request: &ChangeRequest) -> Vec<Mapping> {
    let is_new = |old: &&Mapping| !request.map.iter().any(|new| new.source == old.source && new.id == old.id);
    lock.mappings.iter().filter(is_new).chain(&request.map).cloned().collect()
}

/// What the player holds: as before, less what is let go; also what is held from now on, unless it comes or moves with
/// this change.
fn held(lock: &Lock, request: &ChangeRequest) -> BTreeMap<PackageKey, String> {
    let mut held = BTreeMap::new();
    for package in &lock.packages {
        let key = Key::of(package);
        let new = request.hold.iter().find(|hold| hold.key == key);
        let moves = new.is_some() && request.install.iter().any(|wish| wish.key == key);
        let reason = new.map(|hold| &hold.reason).or(package.held.as_ref());
        if let Some(reason) = reason.filter(|_| !moves && !request.unhold.contains(&key)) {
            held.insert(PackageKey::from(&key), reason.clone());
        }
    }
    held
}

/// What an update leaves where it is because the player holds it.
fn held_back(engine: &Engine, request: &ChangeRequest, after: &Lock, book: &FactBook) -> Vec<(Reason, bool)> {
    let asked = |key: &Key| request.update_all || request.update.contains(key);
    let kept = after.packages.iter().filter_map(|package| Some((package, package.held.as_ref()?)));
    let kept = kept.filter(|(package, _)| asked(&Key::of(package)));
    let is_newer = |package: &LockedPackage, release: &Release| {
        release.version > package.version
            && release.yanked.is_none()
            && !engine.is_released_despite_advice(release)
    };
    kept.filter(|(package, _)| {
        book.facts(&PackageKey::from(&Key::of(package))).any(|fact| is_newer(package, &fact.release))
    })
    .map(|(package, reason)| {
        let why = if reason.is_empty() { "none" } else { reason };
        let notice =
            Reason::new("held").with("package", &package.id).with("version", package.version.label());
        (notice.with("reason", why), false)
    })
    .collect()
}

async fn lock_of(
    engine: &Engine,
    profile: &Profile,
    request: &ChangeRequest,
    resolution: &Resolution,
    book: &FactBook,
) -> Result<Lock, EngineError> {
    let mut lock = Lock::default();
    let mut sources: BTreeSet<SourceId> = BTreeSet::new();
    for package in &resolution.packages {
        let release = &package.release;
        let fact = book.fact(release).ok_or(EngineError::Internal("a chosen release has no facts"))?;
        let key = Key { source: release.source.clone(), id: release.id.clone() };
        let before = profile.lock.get(&key.source, &key.id);
        let was_enabled = before.is_none_or(|package| package.enabled);
        let unchanged = before.filter(|package| package.archive == release.archive);
        let goes_off = request.disable.contains(&key) || request.quarantine.contains(&key);
        let enabled = match (request.enable.contains(&key), goes_off) {
            (true, _) => true,
            (_, true) => false,
            _ => was_enabled || request.install.iter().any(|wish| wish.key == key),
        };
        let rank = match &request.order {
            Some(order) => contents::rank(order, &key),
            None => before.and_then(|package| package.rank),
        };
        sources.insert(release.source.clone());
        lock.packages.push(LockedPackage {
            source: release.source.clone(),
            id: release.id.clone(),
            version: release.version.clone(),
            kind: release.kind.clone(),
            archive: release.archive,
            vouched: release.vouched,
            // What stays keeps the key that signed it when it came.
            publisher_key: match unchanged {
                Some(before) => before.publisher_key,
                None => fact.signed.as_ref().map(|signed| signed.publisher_key),
            },
            wished: package.wished && !request.needed.contains(&key),
            enabled,
            rank,
            held: match request.hold.iter().find(|hold| hold.key == key) {
                Some(hold) => Some(clean_line(&hold.reason, MAX_REASON)),
                None if request.unhold.contains(&key) => None,
                None => before.and_then(|package| package.held.clone()),
            },
            side: release.side,
            needs: package.needs.iter().map(|needed| needed.id.clone()).collect(),
            recipe: release.recipe.clone(),
        });
    }
    for id in sources {
        let kept = || profile.lock.sources.iter().find(|source| source.id == id)?.address.clone();
        let address = engine.source_address(&id).await.or_else(kept);
        lock.sources.push(LockedSource { id, address });
    }
    Ok(lock.sorted())
}
