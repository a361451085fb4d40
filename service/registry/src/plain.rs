//! A plain TUF client for any repository: what the independent conformance suite judges.
//!
//! No layout, no pins, no catalogue: only the client workflow of the specification over our ports, guards and
//! cryptography. Each verified file is kept at once, also when a later one fails.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    Error, Fetched, Limits, MetadataStore, Repository, Result,
    tuf::{Flavour, Found, Ports, Reach, Session},
};

/// A plain TUF client.
pub struct PlainUpdater {
    session: Session,
    repository: Arc<dyn Repository>,
}

/// A target that a plain repository signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainTarget(Found);

impl PlainUpdater {
    /// Starts from a trusted root and what the store holds; no network.
    pub async fn open(
        root: &[u8],
        repository: Arc<dyn Repository>,
        store: Arc<dyn MetadataStore>,
        limits: Limits,
    ) -> Result<Self> {
        let ports = Ports { repository: repository.clone(), store };
        let session = Session::open(root, ports, Flavour::Plain, limits).await?;
        Ok(Self { session, repository })
    }

    /// The client workflow of TUF §5.3–§5.6.
    pub async fn refresh(&mut self, now: Timestamp) -> Result<()> {
        let outcome = self.session.refresh(now).await;
        self.session.commit(None).await?;
        outcome
    }

    /// The target as the responsible role signed it (§5.6.7).
    pub async fn find(&self, now: Timestamp, path: &str) -> Result<PlainTarget> {
        let found = self.session.find(path, now, Reach::Network).await?;
        found.map(PlainTarget).ok_or_else(|| Error::NotFound { what: path.to_owned() })
    }

    /// The target's bytes, verified (§5.7).
    pub async fn fetch(&self, target: &PlainTarget, max_length: u64) -> Result<Vec<u8>> {
        let Some(file) = target.0.file(self.session.is_consistent()) else {
            return Err(Error::HashMismatch { file: target.0.path.clone() });
        };
        fetch_target(self.repository.as_ref(), &target.0, file, max_length).await
    }
}

impl PlainTarget {
    /// Whether these are the signed bytes.
    pub fn matches(&self, bytes: &[u8]) -> bool {
        self.0.matches(bytes)
    }
}

/// Fetches a target file of a known length into memory and verifies it.
pub(crate) async fn fetch_target(
    repository: &dyn Repository,
    target: &Found,
    file: String,
    max_length: u64,
) -> Result<Vec<u8>> {
    if target.length > max_length {
        return Err(Error::TooLarge { file, limit: max_length });
    }
    match repository.target(&file, target.length).await {
        Err(source) => Err(Error::Transport { file, source }),
        Ok(Fetched::NotFound) => Err(Error::MissingFile { file }),
        Ok(Fetched::Found(bytes)) if target.matches(&bytes) => Ok(bytes),
        Ok(Fetched::Found(_)) => Err(Error::HashMismatch { file }),
    }
}
