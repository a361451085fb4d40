//! What this disk already holds of an archive: taken before anybody else is asked.
//!
//! The signed entry map of the archive names its parts; older archives of the cache and unpacked trees may have some of
//! them ([`muster_package::Reuse`]). They are taken only where there is a signed block list, and a block counts only once
//! that confirms it: a holder that is damaged, forged, of another packer or gone costs no more than the bytes it would
//! have saved. Right bytes of blocks that are not whole are kept in the unfinished file, and servers are asked for the
//! others alone (`parts`). Layers: `holders` (opens and asks them) → `fill` (reads spans in the order of the new archive,
//! files of trees compressed ahead by `compress`) → `gather` (makes blocks of spans).

mod compress;
mod fill;
mod gather;
mod holders;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use muster_cache::{Cache, Stores};
use muster_domain::{Sha256, Tier};
use muster_package::{EntryMap, whole_blocks};
use tokio_util::sync::CancellationToken;

use crate::{
    Error,
    assembly::{Assembly, Counters},
    origin::blocking,
    parts::Parts,
};

/// Longest time that a lobby waits for files of trees to be compressed.
const LOBBY_PATIENCE: Duration = Duration::from_secs(3);

/// Where parts of an archive may lie on this disk. Holders may be gone or changed by the time they are asked.
#[derive(Clone, Debug)]
pub struct Local {
    /// The signed map of the archive that is wanted.
    pub map: Arc<EntryMap>,
    /// Best first: archives before trees, whose files have to be compressed again.
    pub holders: Vec<Holder>,
}

/// Something that may hold parts of other archives.
#[derive(Clone, Debug)]
pub enum Holder {
    /// A complete archive of the cache.
    Archive(Sha256),
    /// A tree with `manifest.yaml` and the payload.
    Tree(Stores, Sha256),
}

impl Local {
    /// Bytes of an archive of `size` bytes that servers need not send, as far as directories and manifests tell. Reads
    /// these: call from a blocking thread.
    pub fn estimate(&self, cache: &Cache, size: u64) -> u64 {
        let Some(survey) = holders::survey(self, cache, &|| false) else { return 0 };
        let mut parts = Parts::default();
        for span in &survey.spans {
            parts.note(span.start..span.end());
        }
        // What is fetched lies between whole blocks.
        let (mut at, mut to_fetch) = (0, 0);
        for run in whole_blocks(&survey.spans, size) {
            to_fetch += parts.to_fetch(at..run.start);
            at = run.end;
        }
        size.saturating_sub(to_fetch + parts.to_fetch(at..size))
    }
}

/// What is kept of blocks that are not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    /// Nothing: who waits for a lobby should not wait for many small requests.
    Blocks,
    Parts,
}

/// How much is done for a transfer.
#[derive(Clone, Copy, Debug)]
struct Manner {
    keep: Keep,
    /// How long files may be compressed, which can be slower than a good line.
    compresses: Duration,
}

impl Manner {
    fn of(tier: Tier) -> Self {
        match tier {
            Tier::LobbyUrgent => Self { keep: Keep::Blocks, compresses: LOBBY_PATIENCE },
            Tier::User | Tier::Background => Self { keep: Keep::Parts, compresses: Duration::MAX },
        }
    }
}

/// Stores what is here into the archive under construction. Ends early when it is cancelled.
///
/// # Errors
/// Those of writing; whatever is wrong with a holder is none.
pub(crate) async fn take(
    local: &Local,
    cache: &Cache,
    (assembly, counters): (&Arc<Assembly>, &Arc<Counters>),
    tier: Tier,
    cancel: &CancellationToken,
) -> Result<(), Error> {
    let (local, cache, cancel) = (local.clone(), cache.clone(), cancel.clone());
    let (assembly, counters) = (assembly.clone(), counters.clone());
    let filled = blocking(move || {
        fill::fill(&local, &cache, (&assembly, &counters), Manner::of(tier), &|| cancel.is_cancelled())
    });
    Ok(filled.await?)
}
