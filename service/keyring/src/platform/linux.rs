//! The Secret Service of the desktop (GNOME Keyring, KWallet, KeePassXC, …) on the session's message bus
//! (<https://specifications.freedesktop.org/secret-service/>). Keys cross the bus encrypted.

use std::collections::HashMap;

use muster_domain::Secret;
use secret_service::{Collection, EncryptionType, Error as ServiceError, Item, SecretService};
use zbus::connection::Builder;
use zeroize::Zeroizing;

use crate::{Error, PROGRAM, Result, label};

/// As the libraries of other languages name them, so that people find the entry with their own tools.
const PROGRAM_ATTRIBUTE: &str = "service";
const NAME_ATTRIBUTE: &str = "username";
/// What the bus says where nobody is there, or nobody can be started.
const NOBODY: &[&str] = &[
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.Disconnected",
    "org.freedesktop.DBus.Error.AccessDenied",
    "org.freedesktop.DBus.Error.UnknownObject",
    "org.freedesktop.DBus.Error.UnknownMethod",
];
const NOT_STARTED: &str = "org.freedesktop.DBus.Error.Spawn.";
const NO_REPLY: &str = "org.freedesktop.DBus.Error.NoReply";
const IS_LOCKED: &str = "org.freedesktop.Secret.Error.IsLocked";

/// Which message bus.
#[derive(Clone, Debug, Default)]
pub(crate) enum At {
    #[default]
    Session,
    Bus(String),
    Nowhere,
}

impl At {
    pub fn bus(address: &str) -> Self {
        Self::Bus(address.to_owned())
    }

    pub fn nowhere() -> Self {
        Self::Nowhere
    }
}

pub(crate) async fn read(at: &At, name: &str) -> Result<Secret> {
    let service = connect(at).await?;
    let found = service.search_items(attributes(name)).await.map_err(failed)?;
    let Some(item) = found.unlocked.first() else {
        return Err(if found.locked.is_empty() { Error::Missing } else { Error::Locked });
    };
    let bytes = Zeroizing::new(item.get_secret().await.map_err(failed)?);
    std::str::from_utf8(&bytes).ok().and_then(Secret::parse).ok_or(Error::Damaged)
}

pub(crate) async fn write(at: &At, name: &str, secret: &Secret) -> Result<()> {
    let service = connect(at).await?;
    let collection = default_collection(&service).await?;
    unlock(&collection).await?;
    put(&collection, name, secret).await
}

pub(crate) async fn write_unasked(at: &At, name: &str, secret: &Secret) -> Result<()> {
    let service = connect(at).await?;
    let collection = default_collection(&service).await?;
    match collection.is_locked().await.map_err(failed)? {
        true => Err(Error::Locked),
        false => put(&collection, name, secret).await,
    }
}

async fn default_collection<'s>(service: &'s SecretService<'_>) -> Result<Collection<'s>> {
    match service.get_default_collection().await {
        // The session's collection would be there, and gone with the session.
        Err(ServiceError::NoResult) => Err(Error::Absent),
        other => other.map_err(failed),
    }
}

async fn put(collection: &Collection<'_>, name: &str, secret: &Secret) -> Result<()> {
    let bytes = secret.reveal().as_bytes();
    let made = collection.create_item(&label(name), attributes(name), bytes, true, "text/plain").await;
    made.map(|_| ()).map_err(failed)
}

pub(crate) async fn forget(at: &At, name: &str) -> Result<()> {
    let service = connect(at).await?;
    let found = service.search_items(attributes(name)).await.map_err(failed)?;
    let items: Vec<&Item<'_>> = found.unlocked.iter().chain(&found.locked).collect();
    if items.is_empty() {
        return Err(Error::Missing);
    }
    for item in items {
        if item.is_locked().await.map_err(failed)? {
            item.unlock().await.map_err(failed)?;
        }
        item.delete().await.map_err(failed)?;
    }
    Ok(())
}

/// Asks the player where it is locked.
async fn unlock(collection: &Collection<'_>) -> Result<()> {
    match collection.is_locked().await.map_err(failed)? {
        true => collection.unlock().await.map_err(failed),
        false => Ok(()),
    }
}

async fn connect(at: &At) -> Result<SecretService<'static>> {
    let builder = match at {
        At::Session => Builder::session(),
        At::Bus(address) => Builder::address(address.as_str()),
        At::Nowhere => return Err(Error::Absent),
    };
    // Whatever keeps a bus from being reached: there is none for this program.
    let connection = match builder {
        Ok(builder) => builder.build().await,
        Err(error) => Err(error),
    };
    let connection = connection.map_err(|error| {
        tracing::debug!(%error, "no session bus");
        Error::Absent
    })?;
    SecretService::connect_with_existing(EncryptionType::Dh, connection).await.map_err(failed)
}

fn attributes(name: &str) -> HashMap<&str, &str> {
    HashMap::from([(PROGRAM_ATTRIBUTE, PROGRAM), (NAME_ATTRIBUTE, name)])
}

fn failed(error: ServiceError) -> Error {
    let why = error.to_string();
    match error {
        ServiceError::Unavailable | ServiceError::PromptDisconnected => Error::Absent,
        ServiceError::Locked | ServiceError::Prompt => Error::Locked,
        ServiceError::NoResult => Error::Missing,
        ServiceError::Zbus(zbus::Error::MethodError(name, ..)) => match name.as_str() {
            IS_LOCKED => Error::Locked,
            NO_REPLY => Error::NoAnswer,
            name if NOBODY.contains(&name) || name.starts_with(NOT_STARTED) => Error::Absent,
            _ => Error::Failed { why },
        },
        ServiceError::Zbus(zbus::Error::InputOutput(_)) => Error::Absent,
        _ => Error::Failed { why },
    }
}
