//! Where keys of the player's for services of others lie: in the system's keyring, or where the player said.
//!
//! [`Keyring`] is the system's own (Secret Service, Windows Credential Manager, macOS Keychain); [`Place`] is one of the three
//! places that a key can have. Invariants: nothing is ever written but to the system's keyring, because the player asked for it;
//! reading asks the player nothing (a locked keyring stays locked); every wait has an end; no error names a key.

mod error;
mod named;
mod place;
mod platform;

pub use error::{CODES, Error, Result};
pub use place::Place;

use std::time::Duration;

use muster_domain::Secret;

/// What keyrings show as the program that an entry belongs to.
const PROGRAM: &str = "muster";

/// How long the keyring is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Where nobody needs to be asked.
    pub answer: Duration,
    /// Where the system may ask the player to unlock it.
    pub player: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { answer: Duration::from_secs(5), player: Duration::from_secs(60) }
    }
}

/// The keyring of the player's session. Nothing is connected before it is asked, and nothing stays connected.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    at: platform::At,
    patience: Patience,
}

impl Keyring {
    /// The system's.
    pub fn system() -> Self {
        Self::default()
    }

    /// A machine without one.
    pub fn none() -> Self {
        Self { at: platform::At::nowhere(), ..Self::default() }
    }

    /// The Secret Service on a message bus of its own.
    #[cfg(target_os = "linux")]
    pub fn on_bus(address: &str) -> Self {
        Self { at: platform::At::bus(address), ..Self::default() }
    }

    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// The key for a service. Does not ask the player: a locked keyring is [`Error::Locked`].
    pub async fn read(&self, service: &str) -> Result<Secret> {
        within(self.patience.answer, platform::read(&self.at, service)).await
    }

    /// Keeps a key under the name of its service, in place of one that was there. The system may ask the player to unlock
    /// the keyring.
    pub async fn write(&self, service: &str, secret: &Secret) -> Result<()> {
        within(self.patience.player, platform::write(&self.at, service, secret)).await
    }

    /// The same without a question to the player: a locked keyring is [`Error::Locked`].
    pub async fn write_unasked(&self, service: &str, secret: &Secret) -> Result<()> {
        within(self.patience.answer, platform::write_unasked(&self.at, service, secret)).await
    }

    /// Lets the key for a service go; that there is none is what was wanted. The system may ask the player to unlock the
    /// keyring.
    pub async fn forget(&self, service: &str) -> Result<()> {
        match within(self.patience.player, platform::forget(&self.at, service)).await {
            Err(Error::Missing) => Ok(()),
            other => other,
        }
    }

    /// The key for a service from the place that it has.
    pub async fn read_at(&self, place: &Place, service: &str) -> Result<Secret> {
        match place {
            Place::Keyring => self.read(service).await,
            Place::Variable(name) => named::variable(name),
            Place::File(path) => {
                let path = path.clone();
                let read = tokio::task::spawn_blocking(move || named::file(&path));
                // A file can lie on a volume that does not answer, too.
                within(self.patience.answer, async move { read.await.unwrap_or(Err(Error::NoAnswer)) }).await
            }
        }
    }
}

async fn within<T>(patience: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(patience, work).await.unwrap_or(Err(Error::NoAnswer))
}

/// What people see in their keyring.
fn label(service: &str) -> String {
    format!("Muster: {service}")
}
