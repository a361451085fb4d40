//! From wishes to an exact set of packages, or to the reason why there is none. Pure: no IO, no clock, no randomness.
//!
//! 1. `load`: everything that can matter is read from the [`Provider`]; a caller with many questions about one catalog
//!    makes an [`Index`] of it instead.
//! 2. `index`: releases in order, what every requirement means, every conflict from both sides.
//! 3. `universe`: each release is judged (game, withdrawn, ripeness).
//! 4. `problem`: requirements, any-of, provides and conflicts become PubGrub packages over exact, finite version sets,
//!    so that every source's order of versions stays its own.
//! 5. `stay`: what is installed is the answer where it is one and nothing shall be updated. Else
//!    `solve`: PubGrub (Weizenbaum 2018) with a fixed order of preference: installed, then ripe, then new.
//! 6. `solution`: what nothing needs is dropped; the rest is compared with the lock.
//! 7. `explain` and `fixes`: a failure as a tree of facts with codes, and the smallest changes that would solve it.
//!
//! `offers` says what else would go well with the result; that is the player's choice, and never chosen here.
//!
//! Equal requests over equal catalogs give equal answers.

mod explain;
mod fixes;
mod index;
mod label;
mod load;
mod narrative;
mod offers;
mod problem;
mod request;
mod set;
mod solution;
mod solve;
mod stay;
mod universe;

pub use explain::{Explanation, FACT_CODES, Fact, MAX_FACTS};
pub use fixes::{FIX_CODES, Fix};
pub use index::{Index, target};
pub use offers::{Offer, Strength, offers};
pub use request::{GameTarget, Options, PackageKey, Provider, Request, Role, Update, Wish};
pub use solution::{Change, ChangeKind, Resolution, ResolvedPackage};

use crate::{problem::Problem, request::Memo, solve::Failure, universe::Universe};

/// Finds the packages that fulfil every wish, or explains why there are none.
///
/// # Errors
/// An [`Explanation`] that names the packages involved, with changes that would help where some were found.
pub fn resolve(request: &Request, provider: &dyn Provider) -> Result<Resolution, Box<Explanation>> {
    Solving { memo: Memo::new(provider), index: None }.resolve(request)
}

/// Where the runs for one request take their releases from.
pub(crate) struct Solving<'a> {
    memo: Memo<'a>,
    index: Option<&'a Index>,
}

impl<'a> Solving<'a> {
    pub fn prepared(index: &'a Index) -> Self {
        Self { memo: Memo::new(index), index: Some(index) }
    }

    pub fn resolve(&self, request: &Request) -> Result<Resolution, Box<Explanation>> {
        self.attempt(request).map_err(|mut explanation| {
            explanation.fixes = fixes::find(request, self, &explanation);
            explanation
        })
    }

    /// One run, without looking for ways out of a failure.
    pub fn attempt(&self, request: &Request) -> Result<Resolution, Box<Explanation>> {
        let loaded;
        let index = match self.index.filter(|index| index.serves(request)) {
            Some(index) => index,
            None => {
                loaded = load::load(request, &self.memo).map_err(|_| Box::new(Explanation::too_large()))?;
                &loaded
            }
        };
        let universe = Universe::new(index, request);
        let problem = Problem::new(request, &universe);
        if let Some(selected) = stay::installed(&problem) {
            return Ok(solution::whole(&problem, &selected));
        }
        match solve::solve(&problem) {
            Ok(selected) => Ok(solution::finish(&problem, &selected)),
            Err(Failure::NoSolution(tree)) => Err(Box::new(explain::explain(&problem, &self.memo, &tree))),
            Err(Failure::Budget) => Err(Box::new(Explanation::too_large())),
        }
    }
}
