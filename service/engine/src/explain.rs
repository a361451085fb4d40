//! The resolver's reasons as values that can be kept and shown.

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

impl From<muster_resolver::Explanation> for Explanation {
    fn from(explanation: muster_resolver::Explanation) -> Self {
        let fixes = explanation.fixes.iter().map(|fix| {
            let params = fix.params();
            reason(fix.code(), &params)
        });
        Self { fixes: fixes.collect(), ..tree(&explanation.fact) }
    }
}
