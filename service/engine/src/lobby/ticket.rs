//! Bringing a ticket from the players who have it, and having it for others.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use muster_cache::{ArchiveLease, Opening};
use muster_domain::{JoinLink, MAX_TICKET, Sha256, Tier};
use muster_registry::{SignedTicket, Ticket};
use muster_transfer::{Meets, Proof, SeedSpec, Want};

use super::{LobbyAt, LobbyError};
use crate::{Engine, EngineError, jobs::blocking};

/// Longest wait for the players whom a link names. A ticket is a few kilobytes.
const PATIENCE: Duration = Duration::from_secs(30);

impl Engine {
    /// The ticket, which still holds.
    pub(super) async fn read_ticket(&self, at: &LobbyAt) -> Result<SignedTicket, EngineError> {
        let found = match at {
            LobbyAt::Text(text) => Ticket::read(text.as_bytes())?,
            LobbyAt::Inline(packed) => Ticket::read(&Ticket::unpack(packed)?)?,
            LobbyAt::Link(link) => Ticket::read(&self.fetch_ticket(link).await?)?,
        };
        match found.ticket.holds_at(Timestamp::now()) {
            true => Ok(found),
            false => Err(LobbyError::Expired { name: found.ticket.name }.into()),
        }
    }

    async fn fetch_ticket(&self, link: &JoinLink) -> Result<Bytes, EngineError> {
        if let Ok(lease) = self.cache().lease(&link.ticket, Timestamp::now()) {
            return read(lease).await;
        }
        if self.settings().offline {
            return Err(EngineError::Offline);
        }
        let want = Want {
            sha256: link.ticket,
            proof: Proof::Hash,
            size: link.size,
            tier: Tier::LobbyUrgent,
            name: link.ticket.short(),
            origins: Vec::new(),
            torrent: None,
            blocks: None,
            peers: link.peers.clone(),
            meets: Meets::ByHash,
            trackers: Vec::new(),
            local: None,
        };
        let mut wanted = self.transfers().want(want).await?;
        let unreachable = || LobbyError::Unreachable { count: link.peers.len() };
        let lease = tokio::time::timeout(PATIENCE, wanted.outcome()).await.map_err(|_| unreachable())??;
        read(lease).await
    }

    /// Gives a ticket to whoever asks for it by its hash, as far as the player shares anything.
    pub(super) async fn offer_ticket(&self, digest: Sha256, text: Bytes) -> Result<(), EngineError> {
        let size = text.len() as u64;
        let cache = self.cache().clone();
        let lease = blocking(move || match cache.write(digest, size, None)? {
            Opening::Complete(lease) => Ok(lease),
            Opening::Writer(writer) => {
                writer.write_at(0, &text)?;
                Ok(writer.finish(Timestamp::now())?)
            }
        })
        .await?;
        self.keep_ticket(Some(lease));
        let spec = SeedSpec { size, torrent: None, trackers: Vec::new() };
        Ok(self.transfers().seed(&digest, spec).await?)
    }

    /// The ticket is nobody's any more.
    pub(super) async fn withdraw_ticket(&self, digest: Sha256) -> Result<(), EngineError> {
        self.transfers().unseed(&digest).await?;
        self.keep_ticket(None);
        Ok(())
    }

    fn keep_ticket(&self, lease: Option<ArchiveLease>) {
        let mut kept = self.inner.lobbies.lease.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *kept = lease;
    }
}

async fn read(lease: ArchiveLease) -> Result<Bytes, EngineError> {
    blocking(move || {
        let size = lease.size().min(MAX_TICKET);
        let mut text = vec![0; usize::try_from(size).unwrap_or_default()];
        lease.open()?.read_exact_at(&mut text, 0)?;
        Ok(Bytes::from(text))
    })
    .await
}
