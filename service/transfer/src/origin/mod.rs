//! Bytes from servers: HTTP/1.1 and 2 by ranges, and folders (`file:`), from several mirrors at once.
//!
//! Nothing a server says is believed: not its length (the signed size counts), not its ranges, not its encoding, not its
//! bytes (blocks are compared where a signed list exists, the whole file always). A server that lies, drips or stalls
//! costs at most a block or a few seconds, then others go on.

mod address;
mod folder;
mod pool;
mod pour;
mod request;
mod speed;
mod web;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use reqwest::{Client, redirect};
use url::Url;

pub use address::Reach;
pub(crate) use address::may_ask;
pub(crate) use pool::{Pool, Trust};

pub(crate) use crate::blocking::blocking;
pub(crate) use request::is_not_allowed;

use self::web::Web;
use crate::{Error, backoff::Backoff, breaker::Breakers, flow::Flow};

/// One place that may hold an archive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    pub url: Url,
    /// How far inside it, and what it redirects to, may lie: that of the source which named it.
    pub reach: Reach,
}

impl Origin {
    /// Somewhere in the internet.
    pub fn public(url: Url) -> Self {
        Self { url, reach: Reach::Public }
    }

    /// What fails and rests together: everything of one host, but each file of a folder by itself.
    pub(crate) fn breaker(&self) -> String {
        if self.url.scheme() == "file" { self.url.to_string() } else { self.host() }
    }

    /// The host's name, for people and logs; addresses can hold secrets in path and query.
    pub(crate) fn host(&self) -> String {
        match self.url.host_str() {
            Some(host) if self.url.scheme() != "file" => match self.url.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            },
            _ => "folder".to_owned(),
        }
    }
}

/// How long a server may keep us waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until connected.
    pub connect: Duration,
    /// Until the answer begins.
    pub answer: Duration,
    /// Between two pieces of an answer.
    pub idle: Duration,
    /// A server that gives less than this many bytes per second …
    pub floor_rate: u64,
    /// … over this time is too slow.
    pub floor_window: Duration,
    /// Waits between tries of the same server.
    pub backoff: Backoff,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(15),
            idle: Duration::from_secs(10),
            floor_rate: 2_048,
            floor_window: Duration::from_secs(20),
            backoff: Backoff {
                first: Duration::from_millis(400),
                longest: Duration::from_secs(5),
                attempts: 4,
            },
        }
    }
}

/// What all transfers from servers share.
#[derive(Debug)]
pub(crate) struct Servers {
    webs: [Web; 3],
    breakers: Mutex<Breakers>,
    pub patience: Patience,
}

impl Servers {
    pub fn new(patience: Patience, flow: &Arc<Flow>) -> Result<Self, Error> {
        let web = |reach| {
            let made = Web::new(reach, &patience, flow.clone());
            made.map_err(|error| Error::Start { detail: error.to_string() })
        };
        let webs = [web(Reach::Public)?, web(Reach::Lan)?, web(Reach::Host)?];
        Ok(Self { webs, breakers: Mutex::default(), patience })
    }

    pub fn web(&self, reach: Reach) -> &Web {
        &self.webs[reach as usize]
    }

    pub fn breakers(&self) -> MutexGuard<'_, Breakers> {
        self.breakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client for small answers, outside of the caps, that follows no redirect by itself and resolves no name to an address further inside than `reach`.
pub(crate) fn client(reach: Reach, patience: &Patience) -> reqwest::Result<Client> {
    let builder = Client::builder()
        .user_agent(concat!("muster/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(patience.connect)
        .pool_idle_timeout(Duration::from_secs(30))
        .dns_resolver(address::GuardedResolver::shared(reach));
    // A proxy of the network is for the internet; it would look up inner names by itself.
    if reach == Reach::Public { builder.build() } else { builder.no_proxy().build() }
}

/// A random number without a random number generator: the seeds of the standard library's hash maps.
pub(crate) fn dice() -> u16 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0) as u16
}
