//! The system's message bus: one connection, kept; questions that are asked again when a signal says so.
//!
//! | connection | what happens                                                              |
//! |------------|---------------------------------------------------------------------------|
//! | none yet   | the first attempt is waited for, at most `patience`                       |
//! | none       | questions answer without the bus; another attempt after `poll`            |
//! | up         | questions subscribe and look; every signal, and `poll`, makes them look again |
//! | lost       | as none, and questions look again at once                                 |
//!
//! Signals are only heard, never believed: whatever one says, the properties are read again. They are always taken off
//! their queue at once, because a full queue holds up every other message of the connection, replies included.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{
    StreamExt as _,
    stream::{BoxStream, SelectAll},
};
use tokio::sync::{Notify, watch};
use zbus::{
    Connection, Message, MessageStream,
    connection::Builder,
    proxy::{self, CacheProperties, MethodFlags},
    zvariant::OwnedValue,
};

use crate::{Config, watcher::Source};

/// Looking again and again costs something; changes this close together are one.
const REST: Duration = Duration::from_millis(50);
/// Messages of one rule that may wait.
const QUEUE: usize = 16;
/// Properties of one object that are looked at.
const MAX_PROPERTIES: usize = 64;

/// The state of the connection.
#[derive(Clone, Debug, Default)]
struct Slot {
    was_tried: bool,
    connection: Option<Connection>,
}

/// The connection, as it comes and goes.
#[derive(Clone, Debug)]
pub(super) struct Bus {
    slot: watch::Receiver<Slot>,
    poll: Duration,
    patience: Duration,
}

type Signals = SelectAll<MessageStream>;

/// Something to find out by the bus, or without.
pub(super) trait Question: Send + Sync + 'static {
    /// Match rules of the signals that say "look again".
    fn rules(&self) -> &'static [&'static str];

    /// Other reasons to look again.
    fn stirred(&self) -> BoxStream<'static, ()> {
        futures::stream::pending().boxed()
    }

    /// A signal came; it is looked again in any case.
    fn heard(&self, _signal: &Message) {}

    /// Finds it out and writes it down.
    fn look(&self, connection: Option<&Connection>) -> impl Future<Output = ()> + Send;
}

/// The bus, and what keeps its connection.
pub(super) fn connect(config: &Config) -> (Bus, Source) {
    let (sender, slot) = watch::channel(Slot::default());
    let bus = Bus { slot, poll: config.poll, patience: config.patience };
    let (address, poll, patience) = (config.system_bus.clone(), config.poll, config.patience);
    let keeper: Source = Box::new(move |mut first| {
        Box::pin(async move {
            loop {
                let connection = open(address.as_deref(), patience).await;
                sender.send_replace(Slot { was_tried: true, connection: connection.clone() });
                first.done();
                if let Some(connection) = connection {
                    connection.closed().await;
                    tracing::debug!("the message bus is gone");
                    sender.send_replace(Slot { was_tried: true, connection: None });
                }
                tokio::time::sleep(poll).await;
            }
        })
    });
    (bus, keeper)
}

async fn open(address: Option<&str>, patience: Duration) -> Option<Connection> {
    let opened = async {
        let builder = match address {
            Some(address) => Builder::address(address)?,
            None => Builder::system()?,
        };
        builder.method_timeout(patience).build().await
    };
    match tokio::time::timeout(patience, opened).await {
        Ok(Ok(connection)) => Some(connection),
        Ok(Err(error)) => {
            tracing::debug!(%error, "no message bus");
            None
        }
        Err(_) => {
            tracing::debug!("the message bus does not answer");
            None
        }
    }
}

/// Keeps asking a question.
pub(super) fn source(bus: &Bus, question: impl Question) -> Source {
    let bus = bus.clone();
    Box::new(move |mut first| {
        Box::pin(async move {
            let Bus { mut slot, poll, patience } = bus;
            // The keeper ends only together with this.
            if slot.wait_for(|slot| slot.was_tried).await.is_err() {
                return;
            }
            let mut stirred = question.stirred();
            loop {
                let connection = slot.borrow_and_update().connection.clone();
                question.look(connection.as_ref()).await;
                first.done();
                let signals = subscribe(connection.as_ref(), question.rules(), patience).await;
                let asked = ask(&question, connection.as_ref(), (signals, &mut stirred), poll);
                tokio::select! {
                    () = asked => {}
                    changed = slot.changed() => if changed.is_err() { return },
                }
            }
        })
    })
}

/// Looks again whenever there is a reason to, as long as this connection lasts.
async fn ask(
    question: &impl Question,
    connection: Option<&Connection>,
    (mut signals, stirred): (Signals, &mut BoxStream<'static, ()>),
    poll: Duration,
) {
    let news = Arc::new(Notify::new());
    let pump = async {
        while let Some(signal) = signals.next().await {
            if let Ok(signal) = signal {
                question.heard(&signal);
                news.notify_one();
            }
        }
        std::future::pending::<()>().await;
    };
    let looking = async {
        // What happened between the first look and the subscription was not heard of.
        let mut wait = REST;
        loop {
            tokio::select! {
                () = news.notified() => {}
                Some(()) = stirred.next() => {}
                () = tokio::time::sleep(wait) => {}
            }
            question.look(connection).await;
            tokio::time::sleep(REST).await;
            wait = poll;
        }
    };
    tokio::select! {
        () = pump => {}
        () = looking => {}
    }
}

async fn subscribe(connection: Option<&Connection>, rules: &[&'static str], patience: Duration) -> Signals {
    let mut streams = Signals::new();
    let Some(connection) = connection else { return streams };
    let deadline = Instant::now() + patience;
    for rule in rules {
        let left = deadline.saturating_duration_since(Instant::now());
        let subscribed = MessageStream::for_match_rule(*rule, connection, Some(QUEUE));
        match tokio::time::timeout(left, subscribed).await {
            Ok(Ok(stream)) => streams.push(stream),
            Ok(Err(error)) => tracing::debug!(%error, rule, "no signals"),
            Err(_) => tracing::debug!(rule, "the message bus does not answer"),
        }
    }
    streams
}

/// Where properties are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object<'a> {
    pub service: &'a str,
    pub path: &'a str,
    pub interface: &'a str,
}

impl Object<'_> {
    /// One property, if the service runs, has it and answers in time. Starts nothing.
    pub async fn property<T: TryFrom<OwnedValue>>(&self, connection: &Connection, name: &str) -> Option<T> {
        let value: OwnedValue = self.call(connection, "Get", &(self.interface, name)).await?;
        T::try_from(value).ok()
    }

    /// All properties, as [`Object::property`].
    pub async fn properties(&self, connection: &Connection) -> Option<HashMap<String, OwnedValue>> {
        let all: HashMap<String, OwnedValue> = self.call(connection, "GetAll", &(self.interface,)).await?;
        (all.len() <= MAX_PROPERTIES).then_some(all)
    }

    async fn call<B, R>(&self, connection: &Connection, method: &'static str, body: &B) -> Option<R>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType + Sync,
        R: for<'d> zbus::zvariant::DynamicDeserialize<'d> + Send,
    {
        let called = async {
            let proxy: proxy::Proxy<'_> = proxy::Builder::new(connection)
                .destination(self.service)?
                .path(self.path)?
                .interface("org.freedesktop.DBus.Properties")?
                .cache_properties(CacheProperties::No)
                .build()
                .await?;
            proxy.call_with_flags(method, MethodFlags::NoAutoStart.into(), body).await
        };
        let patience = connection.method_timeout().unwrap_or(Duration::from_secs(2));
        match tokio::time::timeout(patience, called).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(error)) => {
                tracing::trace!(%error, service = self.service, "no answer");
                None
            }
            Err(_) => {
                tracing::debug!(service = self.service, "does not answer");
                None
            }
        }
    }
}
