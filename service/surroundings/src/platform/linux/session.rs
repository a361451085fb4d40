//! Whether anybody is there, and whether the machine is about to sleep: what logind says.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use zbus::{Connection, Message};

use super::bus::{Object, Question};
use crate::board::Board;

const LOGIN: Object<'_> = Object {
    service: "org.freedesktop.login1",
    path: "/org/freedesktop/login1",
    interface: "org.freedesktop.login1.Manager",
};
/// A machine that is still awake after this time has not gone to sleep, whatever it said. The clock that measures it
/// stands still during sleep.
const NOT_ASLEEP: Duration = Duration::from_secs(30);

pub(super) struct Session {
    board: Board,
    /// When it was said that the machine goes to sleep.
    announced: Mutex<Option<Instant>>,
}

impl Session {
    pub fn new(board: &Board) -> Self {
        Self { board: board.clone(), announced: Mutex::default() }
    }

    fn set_sleeping(&self, is_sleeping: bool) {
        let announced = is_sleeping.then(Instant::now);
        *self.announced.lock().unwrap_or_else(PoisonError::into_inner) = announced;
        self.board.update(|facts| facts.is_sleeping = Some(is_sleeping));
    }

    fn was_just_announced(&self) -> bool {
        let announced = *self.announced.lock().unwrap_or_else(PoisonError::into_inner);
        announced.is_some_and(|at| at.elapsed() < NOT_ASLEEP)
    }
}

impl Question for Session {
    fn rules(&self) -> &'static [&'static str] {
        &[
            "type='signal',sender='org.freedesktop.login1',path='/org/freedesktop/login1',\
             interface='org.freedesktop.login1.Manager',member='PrepareForSleep'",
            "type='signal',sender='org.freedesktop.login1',path='/org/freedesktop/login1',\
             interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'",
            "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.freedesktop.login1'",
        ]
    }

    fn heard(&self, signal: &Message) {
        let is_sleep = signal.header().member().is_some_and(|member| member == "PrepareForSleep");
        if is_sleep && let Ok(is_sleeping) = signal.body().deserialize::<bool>() {
            self.set_sleeping(is_sleeping);
        }
    }

    async fn look(&self, connection: Option<&Connection>) {
        let (away, sleeping) = match connection {
            Some(connection) => futures::join!(
                LOGIN.property::<bool>(connection, "IdleHint"),
                LOGIN.property::<bool>(connection, "PreparingForSleep")
            ),
            None => (None, None),
        };
        self.board.update(|facts| {
            facts.is_away = away;
            // The property says so only while somebody delays the sleep; the announcement comes before.
            if !self.was_just_announced() {
                facts.is_sleeping = sleeping;
            }
        });
    }
}
