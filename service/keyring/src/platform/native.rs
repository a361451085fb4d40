//! Windows Credential Manager and macOS Keychain. Both are calls that wait: each has a thread of its own, which is left behind
//! where the system takes longer than it is waited for.

use std::sync::Arc;

use keyring_core::{Entry, Error as StoreError, api::CredentialStoreApi as _};
use muster_domain::Secret;
use zeroize::Zeroizing;

use crate::{Error, PROGRAM, Result, label};

#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum At {
    #[default]
    Here,
    Nowhere,
}

impl At {
    pub fn nowhere() -> Self {
        Self::Nowhere
    }
}

pub(crate) async fn read(at: &At, name: &str) -> Result<Secret> {
    with_entry(*at, name, |entry| {
        let bytes = Zeroizing::new(entry.get_secret().map_err(failed)?);
        std::str::from_utf8(&bytes).ok().and_then(Secret::parse).ok_or(Error::Damaged)
    })
    .await
}

pub(crate) async fn write(at: &At, name: &str, secret: &Secret) -> Result<()> {
    let secret = secret.clone();
    with_entry(*at, name, move |entry| entry.set_secret(secret.reveal().as_bytes()).map_err(failed)).await
}

pub(crate) async fn forget(at: &At, name: &str) -> Result<()> {
    with_entry(*at, name, |entry| entry.delete_credential().map_err(failed)).await
}

async fn with_entry<T: Send + 'static>(
    at: At,
    name: &str,
    work: impl FnOnce(&Entry) -> Result<T> + Send + 'static,
) -> Result<T> {
    if matches!(at, At::Nowhere) {
        return Err(Error::Absent);
    }
    let name = name.to_owned();
    let worked = tokio::task::spawn_blocking(move || work(&entry(&name).map_err(failed)?));
    worked.await.unwrap_or(Err(Error::NoAnswer))
}

#[cfg(windows)]
fn entry(name: &str) -> keyring_core::Result<Entry> {
    let store: Arc<_> = windows_native_keyring_store::Store::new()?;
    // What the Credential Manager shows; the default would carry the key to other machines of a domain.
    let target = label(name);
    let modifiers = std::collections::HashMap::from([("target", target.as_str()), ("persistence", "Local")]);
    store.build(PROGRAM, name, Some(&modifiers))
}

#[cfg(target_os = "macos")]
fn entry(name: &str) -> keyring_core::Result<Entry> {
    let store: Arc<_> = apple_native_keyring_store::keychain::Store::new()?;
    store.build(PROGRAM, &label(name), None)
}

fn failed(error: StoreError) -> Error {
    match error {
        StoreError::NoEntry => Error::Missing,
        StoreError::NoStorageAccess(_) => Error::Locked,
        StoreError::NoDefaultStore | StoreError::NotSupportedByStore(_) => Error::Absent,
        StoreError::BadEncoding(_) | StoreError::BadDataFormat(..) => Error::Damaged,
        // These carry what the system said, never what is kept.
        StoreError::PlatformFailure(error) => Error::Failed { why: error.to_string() },
        other => Error::Failed { why: other.to_string() },
    }
}
