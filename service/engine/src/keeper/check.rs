//! Hashing what nothing vouches for, and now and then what was hashed long ago, so slowly that nobody notices.
//!
//! After a run that ended badly every archive is checked before it is offered again, small ones first; each that is
//! right is offered at once. What is wrong is told to the keeper by the cache itself.

use std::{
    collections::BTreeSet,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use muster_cache::{Check, Error};
use muster_domain::Sha256;

use crate::{Engine, EngineError, TransferPhase, jobs::blocking};

/// Bytes a second that a check reads at most.
const RATE: u64 = 32_000_000;
/// What was checked is offered at most this much later.
const OFFER_EVERY: Duration = Duration::from_secs(2);
/// How often it is looked for old checks.
const LOOK_EVERY: Duration = Duration::from_secs(600);
/// A check that is older is made again, while nothing is being fetched.
const RECHECK_AFTER: SignedDuration = SignedDuration::from_hours(24 * 30);

pub(super) async fn run(engine: &Engine) {
    let mut unreadable = BTreeSet::new();
    let mut offered = Instant::now();
    let mut has_news = false;
    while let Some(next) = engine.cache().next_unchecked(&unreadable) {
        match check(engine, next).await {
            Ok(Check::Stopped) => return,
            Ok(Check::Whole) => has_news = true,
            Err(EngineError::Cache(Error::Corrupt(_) | Error::Missing(_))) => {}
            Err(error) => {
                tracing::warn!(archive = %next.short(), %error, "an archive cannot be checked");
                unreadable.insert(next);
            }
        }
        if has_news && offered.elapsed() >= OFFER_EVERY {
            engine.refresh_sharing().await;
            (offered, has_news) = (Instant::now(), false);
        }
    }
    if has_news {
        tracing::info!("every archive was checked");
        engine.refresh_sharing().await;
    }
    recheck(engine).await;
}

async fn recheck(engine: &Engine) {
    loop {
        tokio::select! {
            () = engine.closing().cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let is_fetching = |transfer: &crate::TransferView| transfer.phase == TransferPhase::Fetching;
        let due = Timestamp::now().saturating_sub(RECHECK_AFTER).unwrap_or(Timestamp::MIN);
        let Some((oldest, _)) = engine.cache().oldest_check().filter(|(_, at)| *at < due) else { continue };
        if engine.transfer_snapshot().transfers.iter().any(is_fetching) {
            continue;
        }
        if let Err(error) = check(engine, oldest).await {
            tracing::info!(archive = %oldest.short(), %error, "an archive was checked again");
        }
    }
}

async fn check(engine: &Engine, sha256: Sha256) -> Result<Check, EngineError> {
    let engine = engine.clone();
    blocking(move || {
        let begin = Instant::now();
        let mut read = 0;
        Ok(engine.cache().check(&sha256, &mut |bytes| {
            read += bytes;
            std::thread::sleep(ahead(read, begin.elapsed()));
            if engine.is_closing() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?)
    })
    .await
}

/// How long to wait so that `read` bytes took as long as they should.
fn ahead(read: u64, elapsed: Duration) -> Duration {
    Duration::from_secs_f64(read as f64 / RATE as f64).saturating_sub(elapsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_waits_until_it_is_no_faster_than_it_should_be() {
        assert_eq!(ahead(RATE, Duration::from_millis(400)), Duration::from_millis(600));
        assert_eq!(ahead(RATE, Duration::from_secs(3)), Duration::ZERO);
    }
}
