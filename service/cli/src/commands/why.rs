//! Why a package is in a profile, and which packages have newer versions.

use std::collections::{HashMap, VecDeque};

use muster_domain::{Lock, LockedPackage, Side};
use serde::Serialize;

use super::changes;
use crate::{
    arguments::ProfileArgument, commands::profile::detail, context::Context, failure::Failure, output, target,
};

/// The answer to "why is this here".
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Why {
    package: String,
    version: String,
    /// Whether the player asked for it.
    wished: bool,
    /// Where it is needed when the game is played over a network.
    side: Side,
    /// One shortest chain from each package that the player asked for and that leads here, ends included; shortest first.
    chains: Vec<Vec<String>>,
}

/// Tells for each package who asked for it or needs it.
pub async fn why(context: &Context, words: &[String], argument: ProfileArgument) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    let keys = target::installed(&client, &profile, words).await?;
    let text = detail(&client, &profile).await?.lock;
    let lock = Lock::parse(&text).map_err(|error| Failure::new(1, "cli-io", error.to_string()))?;
    let is_meant = |package: &LockedPackage| {
        keys.iter().any(|key| key.source == package.source.as_str() && key.id == package.id.as_str())
    };
    let reasons: Vec<Why> = (0..lock.packages.len())
        .filter(|at| is_meant(&lock.packages[*at]))
        .map(|at| explain(&lock, at))
        .collect();
    if context.json {
        return output::json(&reasons);
    }
    reasons.iter().try_for_each(|reason| show(context, reason))
}

fn show(context: &Context, why: &Why) -> Result<(), Failure> {
    let words = &context.words;
    output::line(&format!("{} {}", why.package, why.version))?;
    if why.wished {
        output::line(&format!("  {}", words.text("cli-why-wished", &[])))?;
    }
    if let Some(side) = only_for(why.side) {
        let side = [("side", super::role::side(context, side))];
        output::line(&format!("  {}", words.text("cli-why-side", &side)))?;
    }
    for chain in &why.chains {
        output::line(&format!("  {}", chain.join(" → ")))?;
    }
    if !why.wished && why.chains.is_empty() {
        output::line(&format!("  {}", words.text("cli-why-nothing", &[])))?;
    }
    Ok(())
}

/// Packages that have a newer version, one line each.
pub async fn outdated(
    context: &Context,
    with_changes: bool,
    argument: ProfileArgument,
) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    let mut entries = detail(&client, &profile).await?.entries;
    entries.retain(|entry| entry.update.is_some());
    let mut changed = Vec::new();
    for entry in entries.iter().filter(|_| with_changes) {
        changed.push(changes::of(&client, &profile, &entry.key, entry.update.as_deref()).await?);
    }
    if context.json && with_changes {
        return output::json(&changed);
    }
    if context.json {
        return output::json(&entries);
    }
    if entries.is_empty() {
        context.note(context.words.text("cli-outdated-nothing", &[("profile", profile.name)]));
    }
    let row = |entry: &muster_api::ProfileEntry| {
        let newer = entry.update.clone().unwrap_or_default();
        let held = entry.held.as_ref().map(|reason| super::hold::sentence(context, reason));
        vec![entry.key.id.clone(), entry.version.clone(), format!("→ {newer}"), held.unwrap_or_default()]
    };
    output::table(&entries.iter().map(row).collect::<Vec<_>>())?;
    changed.iter().try_for_each(|one| changes::show(context, one))
}

fn explain(lock: &Lock, package: usize) -> Why {
    let next = towards(lock, package);
    let id = |at: usize| lock.packages[at].id.to_string();
    let mut chains = Vec::new();
    for (at, from) in lock.packages.iter().enumerate() {
        if !from.wished || at == package || !next.contains_key(&at) {
            continue;
        }
        let steps = std::iter::successors(Some(at), |at| (*at != package).then(|| next[at]));
        chains.push(steps.map(id).collect::<Vec<_>>());
    }
    chains.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let it = &lock.packages[package];
    let (package, version) = (it.id.to_string(), it.version.label());
    Why { package, version, wished: it.wished, side: it.side, chains }
}

/// The one side that something is for.
fn only_for(side: Side) -> Option<muster_api::Side> {
    match side {
        Side::Client => Some(muster_api::Side::Client),
        Side::Server => Some(muster_api::Side::Server),
        Side::Both => None,
    }
}

/// For every package that leads to `goal`: the next one on a shortest way there.
fn towards(lock: &Lock, goal: usize) -> HashMap<usize, usize> {
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); lock.packages.len()];
    for (at, package) in lock.packages.iter().enumerate() {
        for id in &package.needs {
            let of_same_source = |other: &LockedPackage| other.id == *id && other.source == package.source;
            let position = |is_it: &dyn Fn(&LockedPackage) -> bool| lock.packages.iter().position(is_it);
            let found = position(&of_same_source).or_else(|| position(&|other| other.id == *id));
            if let Some(found) = found {
                needed_by[found].push(at);
            }
        }
    }
    let mut next = HashMap::new();
    let mut waiting = VecDeque::from([goal]);
    while let Some(at) = waiting.pop_front() {
        for from in &needed_by[at] {
            if *from != goal && !next.contains_key(from) {
                next.insert(*from, at);
                waiting.push_back(*from);
            }
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lock of lines `name needs…`; a star before the name means wished.
    fn lock(lines: &[&str]) -> Lock {
        let packages = lines.iter().map(|line| {
            let mut words = line.split(' ');
            let name = words.next().unwrap_or_default();
            let needs: Vec<String> = words.map(|word| format!("{word:?}")).collect();
            format!(
                "[[package]]\nsource = \"ckan:ksp\"\nid = {:?}\nversion = \"ckan:1.0\"\nkind = \"mod\"\nsha256 = \"{}\"\nsize = 1\nwished = {}\nneeds = [{}]\n",
                name.trim_start_matches('*'),
                "0".repeat(64),
                name.starts_with('*'),
                needs.join(", ")
            )
        });
        Lock::parse(&format!("format = 1\n{}", packages.collect::<String>())).unwrap()
    }

    fn of(lock: &Lock, id: &str) -> Why {
        explain(lock, lock.packages.iter().position(|package| package.id.as_str() == id).unwrap())
    }

    fn chains(lock: &Lock, id: &str) -> Vec<String> {
        of(lock, id).chains.iter().map(|chain| chain.join(" ")).collect()
    }

    #[test]
    fn every_wish_that_leads_to_a_package_is_told_by_its_shortest_way() {
        let lock = lock(&["*tower gears lib", "*clock tower", "gears lib", "lib", "*lamp", "loose lib"]);
        assert_eq!(chains(&lock, "lib"), ["tower lib", "clock tower lib"]);
        assert_eq!(chains(&lock, "tower"), ["clock tower"]);
        assert!(chains(&lock, "lamp").is_empty());
        assert!(of(&lock, "lamp").wished && !of(&lock, "loose").wished);
        assert_eq!(of(&lock, "lib").version, "1.0");
    }

    #[test]
    fn packages_that_need_each_other_end() {
        let lock = lock(&["*a b", "b c", "c b"]);
        assert_eq!(chains(&lock, "b"), ["a b"]);
        assert_eq!(chains(&lock, "c"), ["a b c"]);
    }
}
