//! What can be set when transfers start.

use std::time::Duration;

use crate::{Backoff, Bounds, DiscoveryConfig, Patience, SwarmPatience, queue::Slots};

/// Settings of all transfers; the defaults are the product's own.
#[derive(Clone, Debug)]
pub struct Config {
    pub slots: Slots,
    /// Waits between runs of the same transfer after failures that may pass.
    pub retry: Backoff,
    pub patience: Patience,
    pub swarm_patience: SwarmPatience,
    pub bounds: Bounds,
    pub discovery: DiscoveryConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            slots: Slots::default(),
            retry: Backoff { first: Duration::from_secs(3), longest: Duration::from_secs(300), attempts: 4 },
            patience: Patience::default(),
            swarm_patience: SwarmPatience::default(),
            bounds: Bounds::default(),
            discovery: DiscoveryConfig::default(),
        }
    }
}
