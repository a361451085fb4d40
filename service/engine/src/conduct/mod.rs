//! Carries the manners out: the one place that tells the transfers what they may do.
//!
//! [`Engine::carry_out`] decides and applies, one at a time. It is called by the one task that waits for whatever may
//! change the verdict (`follow`), and by every verb that changes what the player decided, so that it is in force when
//! the verb comes back. Remembered across restarts: a pause, and the uploads of the month.

mod apply;
mod follow;
mod uploads;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{Timestamp, Zoned};
use muster_store::StateDb;
use muster_surroundings::{Surroundings, Watcher};
use muster_transfer::Snapshot;
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::{Notify, watch};

use crate::{
    Engine, EngineError, Settings, Signal,
    jobs::blocking,
    manners::{Facts, Ledger, Pause, PauseWish, Verdict, decide, matters_whether_playing},
};
use apply::Applied;
use uploads::Uploads;

/// Keys in the settings table.
const PAUSE: &str = "manners.pause";
const UPLOADS: &str = "manners.uploads";

/// The state of the manners.
pub(crate) struct Conduct {
    watcher: Arc<Watcher>,
    memory: Mutex<Memory>,
    verdict: watch::Sender<Arc<Verdict>>,
    /// Something changed, and the task has to think again of what it waits for.
    stirred: Notify,
}

/// What is known beside the settings and the machine.
#[derive(Debug, Default)]
struct Memory {
    pause: Option<Pause>,
    uploads: Uploads,
    /// Looked for only while it matters.
    playing: Option<bool>,
    has_background: bool,
    uplink: Option<u64>,
    applied: Applied,
}

/// What is in force, and what by.
#[derive(Clone, Debug)]
pub struct LimitsView {
    pub verdict: Arc<Verdict>,
    pub pause: Option<Pause>,
    pub surroundings: Surroundings,
    /// `None` while nobody needs to know.
    pub playing: Option<bool>,
    /// Bytes uploaded this month, and the most that may be; 0 is any number.
    pub uploaded: u64,
    pub monthly_upload: u64,
    /// What the line can carry upwards, in bytes per second, where that was measured.
    pub uplink: Option<u64>,
}

impl Memory {
    fn facts<'a>(&mut self, settings: &'a Settings, surroundings: Surroundings, now: &'a Zoned) -> Facts<'a> {
        Facts {
            settings,
            // Whoever asks nobody gives nothing either.
            pause: self.pause.or(settings.offline.then_some(Pause::UntilResumed)),
            surroundings,
            playing: self.playing,
            uploaded: self.uploads.spent(now),
            uplink: self.uplink,
            now,
        }
    }
}

impl Conduct {
    /// Takes up what an earlier run remembered. What cannot be read is told and counts as nothing.
    pub async fn open(state: &StateDb, watcher: Arc<Watcher>) -> Result<Self, EngineError> {
        let memory = Memory {
            pause: remembered(state, PAUSE).await?,
            uploads: Uploads::new(remembered::<Ledger>(state, UPLOADS).await?.unwrap_or_default()),
            ..Memory::default()
        };
        let (verdict, _) = watch::channel(Arc::default());
        Ok(Self { watcher, memory: Mutex::new(memory), verdict, stirred: Notify::new() })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn surroundings(&self) -> Surroundings {
        *self.watcher.facts().borrow()
    }

    /// What is in force.
    pub fn verdict(&self) -> Arc<Verdict> {
        self.verdict.borrow().clone()
    }

    /// Looks for games again soon: one was just started.
    pub fn game_started(&self) {
        self.memory().playing = None;
        self.stirred.notify_one();
    }
}

async fn remembered<T: DeserializeOwned>(state: &StateDb, key: &str) -> Result<Option<T>, EngineError> {
    let Some(value) = state.settings().get(key).await? else { return Ok(None) };
    let read =
        serde_json::from_value(value).inspect_err(|error| tracing::error!(%error, key, "cannot be read"));
    Ok(read.ok().flatten())
}

impl Engine {
    pub(crate) fn conduct(&self) -> &Conduct {
        &self.inner.conduct
    }

    /// Decides by what is known now, and makes it so. Whoever changed something calls this; it is in force afterwards.
    pub(crate) async fn carry_out(&self) {
        self.enforce().await;
        // What the task waits for may be something else now.
        self.conduct().stirred.notify_one();
    }

    async fn enforce(&self) {
        let (verdict, is_new) = {
            let _turn = self.inner.policy.lock().await;
            self.look_for_games().await;
            let verdict = Arc::new(self.verdict_now());
            let is_new = self.conduct().verdict.send_if_modified(|old| {
                let is_new = *old != verdict;
                *old = verdict.clone();
                is_new
            });
            self.apply(&verdict).await;
            (verdict, is_new)
        };
        if is_new {
            tracing::info!(
                reach = ?verdict.reach, holds = ?verdict.sharing_holds, background = ?verdict.background_holds,
                caps = ?verdict.caps, paused = verdict.is_paused, "what is allowed changed"
            );
            self.signal(Signal::Status);
            self.signal(Signal::Transfers);
        }
    }

    /// The decision. A pause that is over, or was moved by a clock that was set, is remembered as that.
    fn verdict_now(&self) -> Verdict {
        let (settings, now) = (self.settings(), Zoned::now());
        let surroundings = self.conduct().surroundings();
        let mut memory = self.conduct().memory();
        let before = memory.pause;
        memory.pause = before.and_then(|pause| pause.settle(memory.playing, now.timestamp()));
        if memory.pause != before {
            self.write_down(PAUSE, &memory.pause);
        }
        decide(&memory.facts(&settings, surroundings, &now))
    }

    /// Makes sure that it is known whether somebody plays, where that matters, before anything is decided by it.
    async fn look_for_games(&self) {
        let matters = self.does_playing_matter();
        if !matters {
            self.conduct().memory().playing = None;
        } else if self.conduct().memory().playing.is_none() {
            self.look_again().await;
        }
    }

    /// Whether it is worth looking for running games.
    fn does_playing_matter(&self) -> bool {
        let (settings, now) = (self.settings(), Zoned::now());
        let surroundings = self.conduct().surroundings();
        let mut memory = self.conduct().memory();
        let has_background = memory.has_background;
        matters_whether_playing(&memory.facts(&settings, surroundings, &now), has_background)
    }

    /// Looks for running games; says whether that is another answer than before.
    async fn look_again(&self) -> bool {
        let engine = self.clone();
        let playing = blocking(move || Ok(engine.machine().is_playing())).await.ok();
        let mut memory = self.conduct().memory();
        std::mem::replace(&mut memory.playing, playing) != playing
    }

    /// Writes something down for the next run. The writer of the database takes it at once; nobody waits for the disk.
    fn write_down<T: Serialize>(&self, key: &'static str, value: &T) {
        let Ok(value) = serde_json::to_value(value) else { return };
        let written = self.state().settings().set(key, value, Timestamp::now());
        self.spawn(async move {
            if let Err(error) = written.await {
                tracing::error!(%error, key, "cannot be remembered");
            }
        });
    }

    /// Stops every byte, also those given to others; in force when this returns, and after a restart.
    pub async fn pause(&self, wish: PauseWish) -> Result<(), EngineError> {
        let pause = wish.begin(&Zoned::now()).ok_or(EngineError::InvalidPause)?;
        self.conduct().memory().pause = Some(pause);
        // At once: closing what listens may keep an earlier verdict busy for a second. It is done again in turn.
        self.transfers().pause_all().await;
        self.carry_out().await;
        self.keep_pause().await
    }

    /// Ends every pause of everything.
    pub async fn resume(&self) -> Result<(), EngineError> {
        self.conduct().memory().pause = None;
        self.carry_out().await;
        self.keep_pause().await
    }

    async fn keep_pause(&self) -> Result<(), EngineError> {
        let pause = self.conduct().memory().pause;
        let value = serde_json::to_value(pause).map_err(|_| EngineError::Internal("a pause is not JSON"))?;
        self.signal(Signal::Status);
        Ok(self.state().settings().set(PAUSE, value, Timestamp::now()).await?)
    }

    /// What is in force, and why.
    pub fn limits(&self) -> LimitsView {
        let surroundings = self.conduct().surroundings();
        let verdict = self.conduct().verdict();
        let mut memory = self.conduct().memory();
        LimitsView {
            verdict,
            pause: memory.pause,
            surroundings,
            playing: memory.playing,
            uploaded: memory.uploads.spent(&Zoned::now()),
            monthly_upload: self.settings().rules.monthly_upload,
            uplink: memory.uplink,
        }
    }

    /// Counts what was passed on; says whether the verdict may be another one now.
    fn take_in(&self, snapshot: &Snapshot) -> bool {
        let (now, most) = (Zoned::now(), self.settings().rules.monthly_upload);
        let mut memory = self.conduct().memory();
        let before = memory.uploads.spent(&now);
        memory.uploads.take_in(snapshot.charged, &now);
        if let Some(ledger) = memory.uploads.take_unsaved() {
            self.write_down(UPLOADS, ledger);
        }
        let has_background = apply::has_background(snapshot);
        let had_background = std::mem::replace(&mut memory.has_background, has_background);
        let after = memory.uploads.spent(&now);
        let has_other_line = std::mem::replace(&mut memory.uplink, snapshot.uplink) != snapshot.uplink;
        has_background != had_background || has_other_line || (before < most && after >= most)
    }

    /// The last of it, after the transfers have ended.
    pub(crate) async fn end_conduct(&self) {
        self.conduct().watcher.close().await;
        let snapshot = self.transfer_snapshot();
        let written = {
            let mut memory = self.conduct().memory();
            memory.uploads.take_in(snapshot.charged, &Zoned::now());
            serde_json::to_value(memory.uploads.ledger())
        };
        let Ok(value) = written else { return };
        if let Err(error) = self.state().settings().set(UPLOADS, value, Timestamp::now()).await {
            tracing::warn!(%error, "the month's uploads could not be written down");
        }
    }
}
