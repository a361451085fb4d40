//! Why there is no solution: a tree of facts. Facts have a code and parameters; sentences are made elsewhere.

use muster_domain::{Feature, SourceId};
use serde::Serialize;

use crate::{
    PackageKey,
    fixes::Fix,
    label,
    narrative::{self, Told},
    problem::Problem,
    request::Memo,
    solve::Tree,
};

/// Most facts of one explanation; what is beyond is left out and said so.
pub const MAX_FACTS: usize = 60;

/// Every code a [`Fact`] can have. Parameters are in display form; `any` stands for every version.
///
/// | code | parameters |
/// |---|---|
/// | `impossible` | `packages` |
/// | `wished` | `package`, `range` |
/// | `pinned` | `package`, `version` |
/// | `needs` | `package`, `versions`, `dependency`, `range` |
/// | `needs-any` | `package`, `versions`, `options` |
/// | `needs-for` | `package`, `versions`, `feature` (titles of those that bring it), `dependency`, `range` |
/// | `needs-any-for` | `package`, `versions`, `feature`, `options` |
/// | `needs-itself` | `package`, `versions`, `range` |
/// | `provided-by` | `package`, `dependency` |
/// | `conflict` | `package`, `versions`, `other`, `range` |
/// | `no-common-version` | `package` |
/// | `no-version` | `package`, `range`, `known` |
/// | `unknown-package` | `package` |
/// | `only-elsewhere` | `package`, `sources` |
/// | `source-unreachable` | `package`, `source` |
/// | `yanked` | `package`, `versions`, `reason` |
/// | `advised-against` | `package`, `versions`, `reason` |
/// | `other-game` | `package`, `versions`, `game`, `game-version` |
/// | `other-platform` | `package`, `versions`, `platforms`, `platform` |
/// | `other-side` | `package`, `versions`, `side` (`client`, `server`: the only one that it is for) |
/// | `unripe` | `package`, `versions`, `channel` |
/// | `replaced` | `package`, `versions` |
/// | `held` | `package`, `version`, `reason` (`none` if there is none) |
/// | `more` | `count` |
/// | `too-large` | |
pub const FACT_CODES: &[&str] = &[
    "impossible",
    "wished",
    "pinned",
    "needs",
    "needs-any",
    "needs-for",
    "needs-any-for",
    "needs-itself",
    "provided-by",
    "conflict",
    "no-common-version",
    "no-version",
    "unknown-package",
    "only-elsewhere",
    "source-unreachable",
    "yanked",
    "advised-against",
    "other-game",
    "other-platform",
    "other-side",
    "unripe",
    "replaced",
    "held",
    "more",
    "too-large",
];

/// One fact and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// One of [`FACT_CODES`].
    pub code: &'static str,
    pub params: Vec<(&'static str, String)>,
    pub because: Vec<Fact>,
}

impl Fact {
    pub(crate) fn new<const N: usize>(code: &'static str, params: [(&'static str, String); N]) -> Self {
        Self::with(code, params.into())
    }

    pub(crate) fn with(code: &'static str, params: Vec<(&'static str, String)>) -> Self {
        debug_assert!(FACT_CODES.contains(&code));
        Self { code, params, because: Vec::new() }
    }

    pub(crate) fn because(mut self, facts: Vec<Fact>) -> Self {
        self.because = facts;
        self
    }

    /// This fact and all below, in telling order.
    pub fn all(&self) -> Vec<&Fact> {
        let mut facts = vec![self];
        for fact in &self.because {
            facts.extend(fact.all());
        }
        facts
    }
}

/// Why a request cannot be fulfilled, and what would help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("no set of packages fulfils every wish")]
pub struct Explanation {
    pub fact: Fact,
    /// The wishes that are part of the problem, sorted.
    pub wishes: Vec<PackageKey>,
    /// Smallest first: each one alone makes the request solvable.
    pub fixes: Vec<Fix>,
    /// Packages that other sources have, by which they could be replaced if the player says so.
    #[serde(skip)]
    pub(crate) elsewhere: Vec<(PackageKey, SourceId)>,
    /// Features that the player could do without.
    #[serde(skip)]
    pub(crate) optional: Vec<(PackageKey, Feature)>,
}

impl Explanation {
    /// The code under which this crosses an API.
    pub const CODES: &[&str] = &["resolver-impossible", "resolver-too-large"];

    /// More packages or steps than a resolution may take.
    pub(crate) fn too_large() -> Self {
        Self {
            fact: Fact::new("too-large", []),
            wishes: Vec::new(),
            fixes: Vec::new(),
            elsewhere: Vec::new(),
            optional: Vec::new(),
        }
    }
}

impl muster_domain::Coded for Explanation {
    fn code(&self) -> &'static str {
        if self.fact.code == "too-large" { "resolver-too-large" } else { "resolver-impossible" }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self.code() {
            "resolver-impossible" => vec![("packages", label::list(self.wishes.iter()))],
            _ => Vec::new(),
        }
    }
}

pub(crate) fn explain<'p>(problem: &Problem<'p>, provider: &Memo<'p>, tree: &Tree) -> Explanation {
    let Told { facts, wishes, elsewhere, optional } = narrative::tell(problem, provider, tree);
    let root = Fact::new("impossible", [("packages", label::list(wishes.iter()))]);
    Explanation { fact: root.because(facts), wishes, fixes: Vec::new(), elsewhere, optional }
}
