//! The event stream: a snapshot, then what changed, at most four batches a second; the end of a job is told at once.

use std::{collections::BTreeSet, convert::Infallible, time::Duration};

use axum::response::{
    IntoResponse, Response, Sse,
    sse::{self, KeepAlive},
};
use futures::stream;
use muster_api::{Event, EventPayload, Status};
use muster_engine::{Engine, Signal};
use tokio::{sync::broadcast::Receiver, time::Instant};

use super::{App, Failure, told::Told};
use crate::convert;

/// Time in which changes are gathered into one batch.
const BATCH: Duration = Duration::from_millis(250);
/// The same where a job ended: somebody waits for it, and what follows from it is signalled right behind it.
const END: Duration = Duration::from_millis(10);

/// One listener.
struct Listener {
    app: App,
    signals: Receiver<Signal>,
    number: u64,
    /// What this listener believes about the service as a whole.
    status: Option<Status>,
    told: Told,
    /// What is still to be sent of this batch.
    pending: Vec<EventPayload>,
}

/// Answers with a stream that ends when the service does, or when the listener fell too far behind.
pub(super) async fn stream(app: &App) -> Response {
    // Subscribed before the snapshot is made: nothing falls between the two.
    let signals = app.engine.subscribe();
    let (told, snapshot) = match convert::snapshot(&app.engine, app.started).await {
        Ok(snapshot) => Told::by(snapshot),
        Err(error) => return Failure::from(error).into_response(),
    };
    let pending = vec![EventPayload::Snapshot(Box::new(snapshot))];
    let listener = Listener { app: app.clone(), signals, number: 0, status: None, told, pending };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}

impl Listener {
    async fn next(&mut self) -> Option<sse::Event> {
        while self.pending.is_empty() {
            let mut signals = tokio::select! {
                () = self.app.shutdown.cancelled() => return None,
                signals = gather(&self.app.engine, &mut self.signals) => signals?,
            };
            // Jobs, downloads and settings are part of the status; it is told where that made it another one.
            if signals.iter().any(|signal| !matches!(signal, Signal::Catalog(_))) {
                signals.insert(Signal::Status);
            }
            for signal in signals {
                // What can no longer be read (a job that left the board) is not worth an event.
                if let Some(payload) = self.payload(signal).await {
                    self.pending.push(payload);
                }
            }
            self.pending.reverse();
        }
        let payload = self.pending.pop()?;
        let event = Event { number: self.number, change: self.app.engine.last_change(), payload };
        self.number += 1;
        let data = serde_json::to_string(&event).ok()?;
        Some(sse::Event::default().id(event.number.to_string()).data(data))
    }

    async fn payload(&mut self, signal: Signal) -> Option<EventPayload> {
        let engine = &self.app.engine;
        Some(match signal {
            Signal::Status => {
                let status = convert::status(engine, self.app.started).await;
                if self.status.as_ref() == Some(&status) {
                    return None;
                }
                self.status = Some(status.clone());
                EventPayload::Status(status)
            }
            Signal::Job(id) => EventPayload::Job(self.told.job(convert::job(engine.job(id).ok()?))),
            Signal::Transfers => EventPayload::Transfers(self.told.transfers(convert::transfers(engine))),
            Signal::Profiles => EventPayload::Profiles(
                engine.profiles().await.ok()?.into_iter().map(convert::profile).collect(),
            ),
            Signal::ProfileChanged(profile) => EventPayload::ProfileChanged { profile: profile.to_string() },
            Signal::Sources => {
                EventPayload::Sources(engine.sources().await.ok()?.into_iter().map(convert::source).collect())
            }
            Signal::Catalog(source) => EventPayload::Catalog { source: source.to_string() },
            Signal::Lobbies => {
                EventPayload::Lobbies(Box::new(convert::lobbies(engine.lobbies().await.ok()?)))
            }
            Signal::Settings => EventPayload::Settings(convert::settings(&engine.settings())),
        })
    }
}

/// Waits for a signal, then a moment for those that come with it. `None` ends the stream: a listener that missed
/// signals connects again and gets a snapshot.
async fn gather(engine: &Engine, signals: &mut Receiver<Signal>) -> Option<BTreeSet<Signal>> {
    let mut gathered = BTreeSet::new();
    let mut deadline = None;
    loop {
        let signal = match deadline {
            None => receive(signals).await?,
            Some(deadline) => tokio::select! {
                () = tokio::time::sleep_until(deadline) => return Some(gathered),
                signal = receive(signals) => signal?,
            },
        };
        let pause = if ends(engine, &signal) { END } else { BATCH };
        let latest = Instant::now() + pause;
        deadline = Some(deadline.map_or(latest, |deadline| deadline.min(latest)));
        gathered.insert(signal);
    }
}

/// Whether a signal says that a job ended.
fn ends(engine: &Engine, signal: &Signal) -> bool {
    match signal {
        Signal::Job(id) => engine.job(*id).is_ok_and(|job| job.phase.is_end()),
        _ => false,
    }
}

async fn receive(signals: &mut Receiver<Signal>) -> Option<Signal> {
    signals.recv().await.ok()
}
