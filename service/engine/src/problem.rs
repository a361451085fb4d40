//! Why something failed, as values that can be kept and shown: a code, values for its sentence, a tree of reasons.

use std::collections::BTreeMap;

use muster_domain::Coded;
use serde::{Deserialize, Serialize};

use crate::Fault;

/// A code with the values of its sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub code: String,
    #[serde(default)]
    pub context: BTreeMap<String, String>,
}

impl Reason {
    /// A reason without values.
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), context: BTreeMap::new() }
    }

    /// The same with one more value.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.context.insert(name.to_owned(), value.to_string());
        self
    }
}

/// A tree of reasons with the smallest changes that would help.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    #[serde(flatten)]
    pub reason: Reason,
    #[serde(default)]
    pub because: Vec<Explanation>,
    #[serde(default)]
    pub fixes: Vec<Reason>,
}

/// A failure, as it is kept with a job and shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    #[serde(flatten)]
    pub reason: Reason,
    /// English, for logs and developers.
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub explanation: Option<Explanation>,
    #[serde(default)]
    pub fault: Fault,
}

impl Problem {
    /// The problem that an error is.
    pub fn of(error: &dyn Coded) -> Self {
        let context = error.context().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let reason = Reason { code: error.code().to_owned(), context };
        Self { reason, title: error.to_string(), explanation: None, fault: Fault::Failed }
    }
}
