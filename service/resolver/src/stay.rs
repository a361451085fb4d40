//! Whether what is installed is the answer already: then nothing moves, whatever else would do.
//!
//! Without this, a package that only counts because it is installed (a pre-release that something needed by name) could
//! take the place of others at the next question.

use std::collections::VecDeque;

use pubgrub::VersionSet as _;

use crate::{PackageKey, Update, index::Side, problem::Problem, solution::reached, solve::Selected};

/// The installed packages, if they fulfil the request, nothing of them is left over and nothing shall be updated.
pub(crate) fn installed(problem: &Problem<'_>) -> Option<Selected> {
    let request = problem.request;
    if request.options.update != Update::Nothing || request.installed.packages.is_empty() {
        return None;
    }
    let selected = wanted(problem)?;
    let is_whole = selected.len() == request.installed.packages.len();
    let holds = is_whole && wishes_hold(problem, &selected) && needs_hold(problem, &selected);
    (holds && nothing_is_left_over(problem, &selected)).then_some(selected)
}

/// What the wishes lead to along the lock; nothing if some of it is not known any more.
fn wanted(problem: &Problem<'_>) -> Option<Selected> {
    let request = problem.request;
    let mut selected = Selected::new();
    let mut waiting: VecDeque<PackageKey> = request.wished.iter().map(|wish| wish.package.clone()).collect();
    while let Some(key) = waiting.pop_front() {
        let package = problem.universe.find(&key)?;
        let version = problem.universe.package(package).installed()?;
        if selected.insert(package, version).is_none() {
            let locked = request.installed.get(&key.source, &key.id)?;
            let needs = locked.needs.iter().cloned();
            waiting.extend(needs.map(|id| PackageKey { source: key.source.clone(), id }));
        }
    }
    Some(selected)
}

/// Whether no package of the answer was only there for what there is no need of now: a feature that is off.
fn nothing_is_left_over(problem: &Problem<'_>, selected: &Selected) -> bool {
    reached(problem, selected).len() == selected.len()
}

fn wishes_hold(problem: &Problem<'_>, selected: &Selected) -> bool {
    problem.request.wished.iter().all(|wish| {
        let package = problem.universe.find(&wish.package);
        let accepted = package.map(|package| {
            problem
                .universe
                .package(package)
                .accepted(&wish.range, wish.pin.as_ref())
                .contains(&selected[&package])
        });
        accepted == Some(true)
    })
}

fn needs_hold(problem: &Problem<'_>, selected: &Selected) -> bool {
    selected.iter().all(|(package, version)| {
        let is_there =
            |(other, set): &(u32, crate::set::Set)| selected.get(other).is_some_and(|v| set.contains(v));
        let needs = problem.all_alternatives(*package, *version);
        let mut guards = problem.universe.index.sides(*package);
        needs.iter().all(|alternatives| alternatives.iter().any(is_there))
            && guards.all(|(guard, _, side)| {
                let is_stated = side == Side::First && guard.versions.contains(version);
                !is_stated
                    || selected.get(&guard.other).is_none_or(|other| !guard.other_versions.contains(other))
            })
    })
}
