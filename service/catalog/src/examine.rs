//! Whether a service still answers as it is understood: the answers that a source lives from, field by field.

use muster_adapters::{Field, Shape};
use muster_domain::SourceId;
use serde_json::Value;

use crate::{Error, Result};

/// Most entries of one list that are looked at.
pub(crate) const ENTRIES: usize = 2_000;

/// One answer of a service, held against what reads it.
#[derive(Debug)]
pub struct Examined {
    /// What was asked for, below the service's address.
    pub asked: String,
    /// Every field, the worst first; or why there is no answer to look at.
    pub outcome: Result<Vec<Field>>,
}

impl Examined {
    /// Holds an answer against its shape. Of a list, the first entries count.
    pub(crate) fn of(source: &SourceId, asked: String, shape: &Shape, answer: Result<Vec<u8>>) -> Self {
        let outcome = answer.and_then(|bytes| value(source, &bytes)).map(|answer| shape.compare(&answer));
        Self { asked, outcome }
    }
}

/// An answer as JSON, long lists cut.
pub(crate) fn value(source: &SourceId, bytes: &[u8]) -> Result<Value> {
    let refuse = |why: String| Error::Index { source_id: source.clone(), why };
    let mut value = serde_json::from_slice(bytes).map_err(|error| refuse(error.to_string()))?;
    if let Value::Array(entries) = &mut value {
        entries.truncate(ENTRIES);
    }
    Ok(value)
}
