//! Where the seeds of keys lie that Muster makes for lobbies. The database keeps none of them.
//!
//! The host's own key, which stays from lobby to lobby, says who somebody is: it lies in the system's keyring where there is
//! one that is open, else in a file of the player's alone. The keys of one lobby, which are worth nothing after it, always lie
//! in such files: the service needs them when it starts, before anybody unlocked anything (decision 0054).
//!
//! Earlier versions kept all of them in the settings table; [`Engine::settle_own_keys`] moves them, and takes a seed out of the
//! table only once it lies where it belongs.

use std::path::PathBuf;

use muster_domain::{Secret, Sha256};
use muster_fsx::Dir;
use muster_keyring::{Error as KeyringError, Keyring};
use muster_registry::SigningKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    LobbyError,
    host::{Seed, new_seed},
    record::OWN_KEY,
};
use crate::{Engine, EngineError, jobs::blocking};

/// What the keyring shows, and the name of the file.
const HOST: &str = "lobby-host";
/// Longest file, in bytes: 64 digits and a line break.
const MAX_FILE: u64 = 128;

/// A key of one lobby.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Signs what guests are told.
    Host,
    /// Signs what the guest says.
    Guest,
}

impl Role {
    fn prefix(self) -> &'static str {
        match self {
            Self::Host => "lobby-open-",
            Self::Guest => "lobby-joined-",
        }
    }

    fn file(self, lobby: &Sha256) -> String {
        format!("{}{lobby}", self.prefix())
    }
}

/// Where the host's own key lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Lies {
    Keyring,
    File,
}

/// What is written down of the host's own key.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    Lies {
        #[serde(rename = "in")]
        place: Lies,
    },
    /// By an earlier version.
    Seed(Seed),
}

/// The keyring, and the folder of keys that only their owner may read.
#[derive(Clone, Debug)]
pub(crate) struct OwnKeys {
    folder: PathBuf,
    keyring: Keyring,
}

impl OwnKeys {
    pub fn new(folder: PathBuf, keyring: Keyring) -> Self {
        Self { folder, keyring }
    }

    fn write_file(&self, name: &str, seed: &Seed) -> Result<(), EngineError> {
        let folder = Dir::create_ambient_private(&self.folder)?;
        Ok(folder.write_atomic_private(name, text(seed).as_bytes())?)
    }

    /// A seed; none where there is no such file, or where it holds none.
    fn read_file(&self, name: &str) -> Result<Option<Seed>, EngineError> {
        let Ok(folder) = Dir::open_ambient(&self.folder) else { return Ok(None) };
        let bytes = folder.read_if_exists(name, MAX_FILE)?.map(Zeroizing::new);
        Ok(bytes.and_then(|bytes| parse(std::str::from_utf8(&bytes).ok()?)))
    }

    fn remove_file(&self, name: &str) -> Result<(), EngineError> {
        let Ok(folder) = Dir::open_ambient(&self.folder) else { return Ok(()) };
        match folder.metadata_if_exists(name)? {
            Some(_) => Ok(folder.remove_file(name)?),
            None => Ok(()),
        }
    }

    /// Lets go of the keys of lobbies that are over.
    fn sweep(&self, role: Role, kept: Option<&Sha256>) -> Result<(), EngineError> {
        let Ok(folder) = Dir::open_ambient(&self.folder) else { return Ok(()) };
        let kept = kept.map(|lobby| role.file(lobby));
        for entry in folder.entries()? {
            let Some(name) = entry.name_str().filter(|name| name.starts_with(role.prefix())) else {
                continue;
            };
            if kept.as_deref() != Some(name) {
                folder.remove_file(name)?;
            }
        }
        Ok(())
    }

    /// Keeps the host's own key: in the keyring, where that works without a question to the player, else in the file.
    async fn keep_host(&self, seed: Seed) -> Result<Lies, EngineError> {
        let secret = Secret::parse(&text(&seed)).ok_or(EngineError::Internal("a seed is no secret"))?;
        let place = match self.keyring.write_unasked(HOST, &secret).await {
            Ok(()) => Lies::Keyring,
            Err(error) => {
                tracing::info!(%error, "the key of a host is kept in a file");
                Lies::File
            }
        };
        let keys = self.clone();
        blocking(move || match place {
            Lies::Keyring => keys.remove_file(HOST),
            Lies::File => keys.write_file(HOST, &seed),
        })
        .await?;
        Ok(place)
    }

    /// The host's own key from where it lies; none where the player took it away.
    async fn read_host(&self, place: Lies) -> Result<Option<Seed>, EngineError> {
        match place {
            Lies::File => {
                let keys = self.clone();
                blocking(move || keys.read_file(HOST)).await
            }
            Lies::Keyring => match self.keyring.read(HOST).await {
                Ok(secret) => Ok(parse(secret.reveal())),
                Err(KeyringError::Missing | KeyringError::Damaged) => Ok(None),
                // Not another key: guests who know the host would not know it by that.
                Err(error) => Err(LobbyError::KeyAway { why: error.to_string() }.into()),
            },
        }
    }
}

fn text(seed: &Seed) -> Zeroizing<String> {
    Zeroizing::new(Sha256(seed.0).to_string())
}

fn parse(text: &str) -> Option<Seed> {
    text.trim().parse::<Sha256>().ok().map(|seed| Seed(seed.0))
}

impl Engine {
    fn own_keys(&self) -> &OwnKeys {
        &self.inner.own_keys
    }

    /// The key by which others know the lobbies of this player; made when it is needed first.
    ///
    /// # Errors
    /// [`LobbyError::KeyAway`] where it lies in a keyring that is locked or does not answer.
    pub(super) async fn own_host_key(&self) -> Result<SigningKey, EngineError> {
        let _turn = self.inner.lobbies.turn.lock().await;
        let kept: Option<Kept> = self.record(OWN_KEY).await?;
        let found = match kept {
            Some(Kept::Seed(seed)) => Some(seed),
            Some(Kept::Lies { place }) => self.own_keys().read_host(place).await?,
            None => None,
        };
        let seed = match found {
            Some(seed) => seed,
            None => {
                let seed = Seed(new_seed()?);
                self.put_host_key(seed).await?;
                seed
            }
        };
        Ok(SigningKey::from_seed(seed.0))
    }

    async fn put_host_key(&self, seed: Seed) -> Result<(), EngineError> {
        let place = self.own_keys().keep_host(seed).await?;
        self.write_record(OWN_KEY, Some(Kept::Lies { place })).await
    }

    /// Keeps the key of a lobby for as long as it is open, or joined.
    pub(super) async fn keep_lobby_key(
        &self,
        role: Role,
        lobby: Sha256,
        seed: Seed,
    ) -> Result<(), EngineError> {
        let keys = self.own_keys().clone();
        blocking(move || keys.write_file(&role.file(&lobby), &seed)).await
    }

    pub(super) async fn lobby_key(&self, role: Role, lobby: Sha256) -> Result<Option<Seed>, EngineError> {
        let keys = self.own_keys().clone();
        blocking(move || keys.read_file(&role.file(&lobby))).await
    }

    /// Lets go of all keys of this kind but the one of the lobby that is open, or joined.
    pub(super) async fn sweep_lobby_keys(&self, role: Role, kept: Option<Sha256>) -> Result<(), EngineError> {
        let keys = self.own_keys().clone();
        blocking(move || keys.sweep(role, kept.as_ref())).await
    }

    /// Brings seeds that an earlier version wrote into the settings to where they lie now, and lets go of keys that no lobby
    /// has any more.
    pub(crate) async fn settle_own_keys(&self) -> Result<(), EngineError> {
        let _turn = self.inner.lobbies.turn.lock().await;
        let mut hosted = self.hosted().await?;
        if let Some((open, seed)) = hosted.as_mut().and_then(|open| open.seed.take().map(|seed| (open, seed)))
        {
            self.keep_lobby_key(Role::Host, open.digest, seed).await?;
            let open = open.clone();
            self.write_hosted(Some(open)).await?;
        }
        let mut guest = self.guest().await?;
        let reports = guest.as_mut().and_then(|guest| guest.reports.as_mut());
        if let (Some(seed), Some(joined)) = (reports.and_then(|reports| reports.seed.take()), &guest) {
            self.keep_lobby_key(Role::Guest, joined.digest, seed).await?;
            self.write_guest(guest.clone()).await?;
        }
        self.sweep_lobby_keys(Role::Host, hosted.map(|open| open.digest)).await?;
        self.sweep_lobby_keys(Role::Guest, guest.map(|guest| guest.digest)).await?;
        if let Some(Kept::Seed(seed)) = self.record(OWN_KEY).await? {
            self.put_host_key(seed).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> (tempfile::TempDir, OwnKeys) {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = OwnKeys::new(folder.path().join("keys"), Keyring::none());
        (folder, keys)
    }

    #[tokio::test]
    async fn without_a_keyring_a_host_has_its_key_in_a_file_of_its_own() {
        let (_folder, keys) = keys();
        assert_eq!(keys.read_host(Lies::File).await.expect("asked"), None);
        assert_eq!(keys.keep_host(Seed([7; 32])).await.expect("kept"), Lies::File);
        assert_eq!(keys.read_host(Lies::File).await.expect("read"), Some(Seed([7; 32])));
        let away = keys.read_host(Lies::Keyring).await.expect_err("there is none");
        assert_eq!(muster_domain::Coded::code(&away), "lobby-key-away", "no other key is made in its place");
    }

    #[test]
    fn what_is_over_is_let_go_and_everything_else_stays() {
        let (_folder, keys) = keys();
        let [old, new] = [Sha256([1; 32]), Sha256([2; 32])];
        for lobby in [old, new] {
            keys.write_file(&Role::Host.file(&lobby), &Seed(lobby.0)).expect("written");
            keys.write_file(&Role::Guest.file(&lobby), &Seed(lobby.0)).expect("written");
        }
        keys.write_file(HOST, &Seed([9; 32])).expect("written");
        keys.sweep(Role::Host, Some(&new)).expect("swept");
        keys.sweep(Role::Guest, None).expect("swept");
        let left = |name: &str| keys.read_file(name).expect("asked").map(|seed| seed.0[0]);
        assert_eq!([left(&Role::Host.file(&old)), left(&Role::Host.file(&new))], [None, Some(2)]);
        assert_eq!([left(&Role::Guest.file(&new)), left(HOST)], [None, Some(9)]);
    }

    #[test]
    fn what_is_written_down_is_where_a_key_lies_and_never_the_key() {
        let kept = serde_json::to_value(Kept::Lies { place: Lies::Keyring }).expect("JSON");
        assert_eq!(kept, serde_json::json!({ "in": "keyring" }));
        let before: Kept =
            serde_json::from_value(serde_json::json!("07".repeat(32))).expect("an earlier one");
        assert!(matches!(before, Kept::Seed(Seed([7, ..]))));
    }
}
