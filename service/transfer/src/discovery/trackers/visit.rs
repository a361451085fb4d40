//! Carrying out a visit.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::Client;
use tokio::time::timeout;

use super::{
    TrackersConfig,
    announce::{Announce, Answer, Failure, Identity},
    book::{Report, Visit},
    http,
    udp::Session,
};
use crate::{Patience, Reach, origin};

/// What all visits share. Connections that are kept for the next visit close with it.
#[derive(Debug)]
pub(super) struct Desk {
    identity: Identity,
    config: TrackersConfig,
    /// One for each reach, made when it is needed.
    clients: [OnceLock<Option<Client>>; 3],
}

impl Desk {
    pub fn new(identity: Identity, config: TrackersConfig) -> Self {
        Self { identity, config, clients: Default::default() }
    }

    fn client(&self, reach: Reach) -> Option<&Client> {
        let patience = Patience { connect: self.config.patience, ..Patience::default() };
        let make = || {
            let made = origin::client(reach, &patience);
            made.inspect_err(|error| tracing::warn!(%error, "no HTTP client for trackers")).ok()
        };
        self.clients[reach as usize].get_or_init(make).as_ref()
    }
}

/// Tells a tracker one thing after the other, until something concerns all of them.
pub(super) async fn visit(desk: Arc<Desk>, visit: Visit) -> Report {
    let mut results = vec![];
    let mut session = None;
    for job in &visit.jobs {
        let result = match visit.tracker.url.scheme() {
            "udp" => over_udp(&desk, &visit, &mut session, job).await,
            _ => over_http(&desk, &visit, job).await,
        };
        let is_over = result.as_ref().is_err_and(Failure::is_general);
        if let Err(failure) = &result {
            let host = visit.tracker.url.host_str().unwrap_or_default();
            tracing::debug!(host, %failure, hash = job.info_hash.short(), "a tracker was of no use");
        }
        results.push((job.clone(), result));
        if is_over {
            break;
        }
    }
    Report { visit, results }
}

async fn over_http(desk: &Desk, visit: &Visit, job: &Announce) -> Result<Answer, Failure> {
    let reach = visit.tracker.reach;
    let client = desk.client(reach).ok_or(Failure::Unreachable)?;
    let answer = http::announce(client, &visit.tracker.url, reach, job, &desk.identity);
    timeout(desk.config.patience, answer).await.unwrap_or(Err(Failure::Unreachable))
}

async fn over_udp(
    desk: &Desk,
    visit: &Visit,
    session: &mut Option<Session>,
    job: &Announce,
) -> Result<Answer, Failure> {
    let session = match session {
        Some(session) if !session.is_old() => session,
        _ => {
            let opened = Session::open(&visit.tracker.url, visit.tracker.reach, first_wait(desk)).await?;
            session.insert(opened)
        }
    };
    session.announce(job, &desk.identity).await
}

/// Three tries with doubled waits are seven of the first.
fn first_wait(desk: &Desk) -> Duration {
    desk.config.patience / 7
}
