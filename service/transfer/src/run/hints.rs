//! Torrents that peers gave, where nobody who is trusted did: believed until the file turns out wrong.

use std::{collections::BTreeSet, net::SocketAddr, sync::OnceLock};

use muster_domain::Sha1;

use crate::swarm::{Hint, Metainfo};

/// Torrents that peers gave.
#[derive(Default)]
pub(super) struct Hints {
    found: OnceLock<Hint>,
    pub refused: BTreeSet<Sha1>,
    pub liars: BTreeSet<SocketAddr>,
}

/// Wrong torrents after which no peer is believed any more.
const MAX_LIES: usize = 5;

impl Hints {
    pub fn torrent(&self) -> Option<&Metainfo> {
        self.found.get().map(|hint| &hint.metainfo)
    }

    pub fn take(&self, hint: Hint) {
        // Only one is asked for at a time.
        let _ = self.found.set(hint);
    }

    /// The file was wrong; says whether there was a hint to blame, and others may be asked for.
    pub fn refuse(&mut self) -> bool {
        let Some(hint) = self.found.take() else { return false };
        self.refused.insert(hint.metainfo.info_hash);
        self.liars.insert(hint.from);
        self.liars.len() < MAX_LIES
    }
}
