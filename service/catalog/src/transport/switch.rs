//! A transport that can be switched off: offline mode asks nobody, whoever would have asked.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use muster_registry::{Fetched, Repository, TransportError};

use super::FetchError;

/// Whether sources on other machines may be asked; clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfflineSwitch(Arc<AtomicBool>);

impl OfflineSwitch {
    pub fn set(&self, is_offline: bool) {
        self.0.store(is_offline, Ordering::SeqCst);
    }

    pub fn is_offline(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Puts the switch before a transport.
    pub fn before(&self, repository: Arc<dyn Repository>, host: String) -> Arc<dyn Repository> {
        Arc::new(Switched { repository, host, switch: self.clone() })
    }
}

struct Switched {
    repository: Arc<dyn Repository>,
    host: String,
    switch: OfflineSwitch,
}

impl Switched {
    fn check(&self) -> Result<(), TransportError> {
        match self.switch.is_offline() {
            true => Err(FetchError::SwitchedOff { host: self.host.clone() }.into()),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl Repository for Switched {
    async fn begin(&self) -> Result<(), TransportError> {
        self.check()?;
        self.repository.begin().await
    }

    async fn abandon(&self) {
        self.repository.abandon().await;
    }

    async fn metadata(&self, name: &str, max_length: u64) -> Result<Fetched, TransportError> {
        self.check()?;
        self.repository.metadata(name, max_length).await
    }

    async fn target(&self, path: &str, max_length: u64) -> Result<Fetched, TransportError> {
        self.check()?;
        self.repository.target(path, max_length).await
    }
}
