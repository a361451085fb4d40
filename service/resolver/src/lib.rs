//! From wishes to an exact set of packages, or to the reason why there is none. Pure: no IO, no clock, no randomness.
//!
//! 1. `universe`: everything that can matter is loaded from the [`Provider`], and each release is judged (game,
//!    withdrawn, ripeness).
//! 2. `problem`: requirements, any-of, provides and conflicts become PubGrub packages over exact, finite version sets,
//!    so that semver's rules for pre-releases stay semver's.
//! 3. `solve`: PubGrub (Weizenbaum 2018) with a fixed order of preference: installed, then ripe, then new.
//! 4. `solution`: what nothing needs is dropped; the rest is compared with the lock.
//! 5. `explain` and `fixes`: a failure as a tree of facts with codes, and the smallest changes that would solve it.
//!
//! Equal requests over equal catalogs give equal answers.

mod explain;
mod fixes;
mod narrative;
mod problem;
mod request;
mod set;
mod solution;
mod solve;
mod universe;

pub use explain::{Explanation, FACT_CODES, Fact, MAX_FACTS};
pub use fixes::{FIX_CODES, Fix};
pub use request::{GameTarget, Options, PackageKey, Provider, Request, Update, Wish};
pub use solution::{Change, ChangeKind, Resolution, ResolvedPackage};

use crate::{problem::Problem, request::Memo, solve::Failure, universe::Universe};

/// Finds the packages that fulfil every wish, or explains why there are none.
///
/// # Errors
/// An [`Explanation`] that names the packages involved, with changes that would help where some were found.
pub fn resolve(request: &Request, provider: &dyn Provider) -> Result<Resolution, Box<Explanation>> {
    let memo = Memo::new(provider);
    attempt(request, &memo).map_err(|mut explanation| {
        explanation.fixes = fixes::find(request, &memo, &explanation);
        explanation
    })
}

/// One run, without looking for ways out of a failure.
pub(crate) fn attempt(request: &Request, provider: &Memo<'_>) -> Result<Resolution, Box<Explanation>> {
    let universe = Universe::load(request, provider).map_err(|_| Box::new(Explanation::too_large()))?;
    let problem = Problem::new(request, &universe);
    match solve::solve(&problem) {
        Ok(selected) => Ok(solution::finish(&problem, &selected)),
        Err(Failure::NoSolution(tree)) => Err(Box::new(explain::explain(&problem, provider, &tree))),
        Err(Failure::Budget) => Err(Box::new(Explanation::too_large())),
    }
}
