//! What the catalogue is given to work with.

use std::sync::Arc;

use crate::{Keys, NoKeys, Repositories};

/// What the catalogue works with beside its databases.
pub struct Means {
    /// A folder for git repositories, which nobody else uses.
    pub repositories: Repositories,
    /// The player's keys for services.
    pub keys: Arc<dyn Keys>,
}

impl Default for Means {
    fn default() -> Self {
        Self { repositories: Repositories::default(), keys: Arc::new(NoKeys) }
    }
}
