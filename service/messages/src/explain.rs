//! A resolver's tree of facts as one paragraph, and the ways out below it.

use std::collections::BTreeMap;

use crate::Messages;

/// A tree of facts: codes (`explain-<code>`) and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    pub code: String,
    pub context: BTreeMap<String, String>,
    pub because: Vec<Explanation>,
    /// The smallest changes that would help, best first: codes (`fix-<code>`) and values.
    pub fixes: Vec<(String, BTreeMap<String, String>)>,
}

impl Messages {
    /// One paragraph that names the packages, then a line for each way out. Nothing is said twice.
    pub fn explain(&self, explanation: &Explanation) -> String {
        let mut sentences = Vec::new();
        let mut fixes = Vec::new();
        self.collect(explanation, &mut sentences, &mut fixes);
        let mut text = sentences.join(" ");
        if let [only] = &fixes[..] {
            text.push('\n');
            text.push_str(&self.text("explain-one-fix", &[("fix", only.clone())]));
        } else if !fixes.is_empty() {
            text.push('\n');
            text.push_str(&self.text("explain-fixes", &[]));
            for fix in fixes {
                text.push_str("\n• ");
                text.push_str(&fix);
            }
        }
        text
    }

    /// The sentence of one fact alone.
    pub fn explain_fact(&self, explanation: &Explanation) -> String {
        self.text(&format!("explain-{}", explanation.code), &crate::pairs(&explanation.context))
    }

    fn collect(&self, explanation: &Explanation, sentences: &mut Vec<String>, fixes: &mut Vec<String>) {
        let add = |list: &mut Vec<String>, text: String| {
            if !list.contains(&text) {
                list.push(text);
            }
        };
        add(sentences, self.explain_fact(explanation));
        for below in &explanation.because {
            self.collect(below, sentences, fixes);
        }
        for (code, context) in &explanation.fixes {
            add(fixes, self.text(&format!("fix-{code}"), &crate::pairs(context)));
        }
    }
}
