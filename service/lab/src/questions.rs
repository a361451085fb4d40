//! Questions in, answers out: which versions to install for some roots, or why there are none.

use std::{
    collections::BTreeMap,
    io::{BufRead, Write},
};

use muster_domain::{CkanVersion, PackageId, Version, VersionRange};
use muster_messages::{Language, Messages};
use muster_resolver::{Explanation, Fact, GameTarget, Index, PackageKey, Request, Resolution, Wish};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    failure::Failure,
    games,
    rows::{GAME, Rows, source},
};

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Question {
    /// Given back as it came.
    #[serde(default)]
    pub q: Value,
    pub game: String,
    pub roots: Vec<Root>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Root {
    pub id: String,
    pub version: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    q: Value,
    #[serde(flatten)]
    result: Outcome,
}

#[derive(Debug, Serialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
enum Outcome {
    Sat {
        install: BTreeMap<String, String>,
    },
    Unsat {
        explanation: String,
    },
    /// The search was ended because of its length.
    Unknown,
}

/// An index that is ready for questions.
pub(crate) struct Oracle {
    rows: Rows,
    index: Index,
    words: Messages,
}

impl Oracle {
    pub fn new(rows: Rows) -> Self {
        let index = Index::new(rows.releases.iter().cloned());
        Self { rows, index, words: Messages::new(Language::English) }
    }

    pub fn answer_all(&self, questions: impl BufRead, output: &mut impl Write) -> Result<(), Failure> {
        for (at, line) in questions.lines().enumerate() {
            let line = line.map_err(Failure::Read)?;
            if line.trim().is_empty() {
                continue;
            }
            let refuse = |why: String| Failure::Line { line: at + 1, why };
            let question: Question =
                serde_json::from_str(&line).map_err(|error| refuse(error.to_string()))?;
            let result = match self.request(&question) {
                Ok(request) => self.outcome(&request),
                Err(explanation) => Outcome::Unsat { explanation },
            };
            let answer = Answer { q: question.q, result };
            let text = serde_json::to_string(&answer).map_err(|error| refuse(error.to_string()))?;
            writeln!(output, "{text}").map_err(Failure::Write)?;
        }
        Ok(())
    }

    /// The first name of every package, for measurements.
    pub fn ids(&self) -> std::collections::BTreeSet<String> {
        self.rows.releases.iter().map(|release| release.id.to_string()).collect()
    }

    pub fn resolve(&self, request: &Request) -> Result<Resolution, Box<Explanation>> {
        self.index.resolve(request)
    }

    /// A question in the resolver's terms. An id or version that cannot be one is a question that nothing answers.
    pub fn request(&self, question: &Question) -> Result<Request, String> {
        let wished = question.roots.iter().map(|root| self.wish(root)).collect::<Result<_, _>>()?;
        let id = GAME.parse().map_err(|error| format!("{error}"))?;
        let versions = games::stand_ins(&question.game, &self.rows.beginnings)?;
        Ok(Request { wished, game: Some(GameTarget { id, versions }), ..Request::default() })
    }

    /// A version means the row with this text; where there is none, those that count as the same.
    fn wish(&self, root: &Root) -> Result<Wish, String> {
        let id: PackageId = root.id.parse().map_err(|error| format!("{}: {error}", root.id))?;
        let mut wish = Wish::any(source(), id);
        if let Some(text) = &root.version {
            let version: CkanVersion = text.parse().map_err(|_| format!("{text:?} is not a version"))?;
            let pin = Version::Ckan(version.clone());
            match self.has(&wish.package, &pin) {
                true => wish.pin = Some(pin),
                false => wish.range = VersionRange::ckan(Some(version.clone()), Some(version)),
            }
        }
        Ok(wish)
    }

    fn has(&self, package: &PackageKey, version: &Version) -> bool {
        use muster_resolver::Provider as _;
        self.index.releases(&package.source, &package.id).iter().any(|release| release.version == *version)
    }

    fn outcome(&self, request: &Request) -> Outcome {
        match self.resolve(request) {
            Ok(resolution) => {
                let releases = resolution.packages.iter().map(|package| &package.release);
                let install = releases.map(|release| (release.id.to_string(), release.version.label()));
                Outcome::Sat { install: install.collect() }
            }
            Err(explanation) if explanation.fact.code == "too-large" => Outcome::Unknown,
            Err(explanation) => Outcome::Unsat { explanation: self.tell(&explanation) },
        }
    }

    /// The tree of facts, one to a line and deeper by two spaces, and what would help.
    fn tell(&self, explanation: &Explanation) -> String {
        let mut lines = Vec::new();
        self.tell_fact(&explanation.fact, 0, &mut lines);
        for fix in &explanation.fixes {
            let fix = self.words.text(&format!("fix-{}", fix.code()), &fix.params());
            lines.push(self.words.text("explain-one-fix", &[("fix", fix)]));
        }
        lines.join("\n")
    }

    fn tell_fact(&self, fact: &Fact, depth: usize, lines: &mut Vec<String>) {
        let sentence = self.words.text(&format!("explain-{}", fact.code), &fact.params);
        lines.push(format!("{}{sentence}", "  ".repeat(depth)));
        fact.because.iter().for_each(|below| self.tell_fact(below, depth + 1, lines));
    }
}
