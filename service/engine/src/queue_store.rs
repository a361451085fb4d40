//! The transfer queue's rows in `state.db`.

use std::sync::Arc;

use jiff::Timestamp;
use muster_domain::Sha256;
use muster_store::{
    StateDb,
    state::{Problem, Transfer},
};
use muster_transfer::queue::{QueueRow, QueueStore, RowState};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) struct StoredQueue(pub Arc<StateDb>);

/// What a row has besides the columns.
#[derive(Serialize, Deserialize)]
struct Spec {
    name: String,
    failures: u32,
    state: RowState,
}

fn to_stored(row: &QueueRow, now: Timestamp) -> Transfer {
    let (state, problem) = match &row.state {
        RowState::Queued => ("queued", None),
        RowState::Paused => ("paused", None),
        RowState::Failed { code, .. } => {
            ("failed", Some(Problem { code: code.clone(), context: Vec::new() }))
        }
    };
    let spec = Spec { name: row.name.clone(), failures: row.failures, state: row.state.clone() };
    Transfer {
        sha256: row.sha256,
        size: row.size,
        tier: row.tier,
        position: row.position,
        state: state.into(),
        spec: serde_json::to_value(spec).unwrap_or_else(|_| json!({})),
        added_at: now,
        problem,
    }
}

fn from_stored(stored: Transfer) -> Option<QueueRow> {
    let spec: Spec =
        serde_json::from_value::<Value>(stored.spec).ok().and_then(|v| serde_json::from_value(v).ok())?;
    Some(QueueRow {
        sha256: stored.sha256,
        size: stored.size,
        name: spec.name,
        tier: stored.tier,
        position: stored.position,
        failures: spec.failures,
        state: spec.state,
    })
}

impl QueueStore for StoredQueue {
    fn load(&self) -> Result<Vec<QueueRow>, String> {
        let stored = self.0.transfers().all().wait().map_err(|error| error.to_string())?;
        Ok(stored.into_iter().filter_map(from_stored).collect())
    }

    fn save(&self, changed: &[QueueRow], removed: &[Sha256]) -> Result<(), String> {
        let now = Timestamp::now();
        let rows = changed.iter().map(|row| to_stored(row, now)).collect();
        self.0.transfers().put(rows).wait().map_err(|error| error.to_string())?;
        self.0.transfers().remove(removed.to_vec()).wait().map_err(|error| error.to_string())
    }
}
