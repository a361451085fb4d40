//! The resolver's reasons as values that can be kept and shown.

use std::collections::BTreeMap;

use muster_resolver::Fact;

use crate::{Explanation, Reason};

fn reason(code: &str, params: &[(&'static str, String)]) -> Reason {
    let context = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Reason { code: code.to_owned(), context }
}

fn tree(fact: &Fact) -> Explanation {
    Explanation {
        reason: reason(fact.code, &fact.params),
        because: fact.because.iter().map(tree).collect(),
        fixes: Vec::new(),
    }
}

impl Explanation {
    /// Puts the player's names of sources in the place of their ids.
    pub(crate) fn name_sources(&mut self, names: &BTreeMap<String, String>) {
        let reasons = std::iter::once(&mut self.reason).chain(&mut self.fixes);
        let values = reasons.flat_map(|reason| reason.context.iter_mut());
        for (_, text) in values.filter(|(name, _)| matches!(name.as_str(), "source" | "sources")) {
            let named = text.split(", ").map(|id| names.get(id).map_or(id, String::as_str));
            *text = named.collect::<Vec<_>>().join(", ");
        }
        self.because.iter_mut().for_each(|because| because.name_sources(names));
    }
}

impl From<muster_resolver::Explanation> for Explanation {
    fn from(explanation: muster_resolver::Explanation) -> Self {
        let fixes = explanation.fixes.iter().map(|fix| {
            let params = fix.params();
            reason(fix.code(), &params)
        });
        Self { fixes: fixes.collect(), ..tree(&explanation.fact) }
    }
}
