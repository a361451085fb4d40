//! The player's keys for services: who has them, and how a service is told.

use std::sync::Arc;

use async_trait::async_trait;
use muster_domain::Secret;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use url::Url;

/// Has the player's keys.
#[async_trait]
pub trait Keys: Send + Sync {
    /// The key for a service, by its origin (`https://api.github.com`); `None` where the player gave none, or it cannot be
    /// had now.
    async fn key(&self, service: &str) -> Option<Secret>;
}

/// Nobody's keys.
pub struct NoKeys;

#[async_trait]
impl Keys for NoKeys {
    async fn key(&self, _service: &str) -> Option<Secret> {
        None
    }
}

/// In which header a service expects a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHeader {
    /// `Authorization: Bearer …` (RFC 6750 §2.1).
    Bearer,
    /// A header of the service's own that holds the key alone, in small letters.
    Named(&'static str),
}

/// That a service can be asked with a key of the player's, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// The service's origin (RFC 6454): all sources there use the same key, and nobody else is told it.
    pub service: String,
    pub header: KeyHeader,
}

impl KeyUse {
    /// For the service at an address.
    pub fn of(base: &Url, header: KeyHeader) -> Self {
        Self { service: base.origin().ascii_serialization(), header }
    }
}

/// What a client asks with.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub keys: Arc<dyn Keys>,
    pub usage: Option<KeyUse>,
}

/// A key on its way into a request.
pub(crate) struct Shown {
    secret: Secret,
    header: KeyHeader,
}

impl Credentials {
    /// The key, where the service can be asked with one and the player has one.
    pub async fn get(&self) -> Option<Shown> {
        let usage = self.usage.as_ref()?;
        let secret = self.keys.key(&usage.service).await?;
        Some(Shown { secret, header: usage.header })
    }

    /// Whether a key could be given.
    pub fn are_of_use(&self) -> bool {
        self.usage.is_some()
    }
}

impl Shown {
    /// The header that says it; marked, so that nothing below prints or indexes it.
    pub fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let (name, text) = match self.header {
            KeyHeader::Bearer => {
                (AUTHORIZATION, zeroize::Zeroizing::new(format!("Bearer {}", self.secret.reveal())))
            }
            KeyHeader::Named(name) => {
                (HeaderName::from_static(name), zeroize::Zeroizing::new(self.secret.reveal().to_owned()))
            }
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_hold_the_key_and_print_nothing_of_it() {
        let shown = |header| Shown { secret: Secret::parse("k3y").expect("a secret"), header };
        let (name, value) = shown(KeyHeader::Bearer).header().expect("a header");
        assert_eq!((name.as_str(), value.as_bytes()), ("authorization", &b"Bearer k3y"[..]));
        assert!(!format!("{value:?}").contains("k3y"));
        let (name, value) = shown(KeyHeader::Named("x-api-key")).header().expect("a header");
        assert_eq!((name.as_str(), value.as_bytes()), ("x-api-key", &b"k3y"[..]));
    }

    #[test]
    fn a_service_is_its_origin() {
        let of = |address: &str| KeyUse::of(&address.parse().expect("url"), KeyHeader::Bearer).service;
        assert_eq!(of("https://api.github.com/repos/a/"), "https://api.github.com");
        assert_eq!(of("http://127.0.0.1:80/x/"), of("http://127.0.0.1/y/"));
        assert_ne!(of("http://127.0.0.1:81/"), of("http://127.0.0.1:82/"));
    }
}
