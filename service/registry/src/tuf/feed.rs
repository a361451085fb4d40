//! What the verifier reads and writes: our ports, the JSON guard and the local store, in one object.
//!
//! The verifier's own store interface is synchronous and forgiving; ours is asynchronous and must not lose an error.
//! So the feed preloads what the verifier may ask for, stages what it writes, and the session commits the stage. A
//! typed reason for every refusal is left in [`Inner::reason`], because the verifier only passes text on.
//!
//! Modes: `Online` fetches while the verifier waits (refresh); `Restore` answers from the store alone; `Lookup` never
//! waits: what is missing is named in [`Inner::wanted`], the session fetches it without any lock and asks again.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sigstore_tuf::{
    Error as TufError, MetadataStore as TufStore, Repository as TufRepository, transport::FetchFuture,
};

use crate::{
    Error, Fetched, MetadataStore, Repository, Result, catalogue, json,
    layout::{self, has_packed_copy, packed_copy},
};

/// What is asked of the repository beyond TUF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Any TUF repository; every verified file is kept at once, as the specification says.
    Plain,
    /// The layout of a Muster registry; a refresh is kept whole or not at all.
    Muster,
}

/// How far a look-up may go for metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The store first, then the repository.
    Network,
    /// The files themselves only: what the store has, or a packed copy, did not verify.
    Fresh,
    /// The store only.
    Store,
}

/// The two ports of a registry.
#[derive(Clone)]
pub(crate) struct Ports {
    pub repository: Arc<dyn Repository>,
    pub store: Arc<dyn MetadataStore>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Online(Reach),
    Restore,
    Lookup,
}

pub(super) struct Feed {
    pub ports: Ports,
    pub flavour: Flavour,
    inner: Mutex<Inner>,
}

pub(super) struct Inner {
    pub mode: Mode,
    /// What the store held when the session was opened.
    pub stored: HashMap<String, Vec<u8>>,
    /// Verified files that are not committed yet, in order of verification.
    pub staged: Vec<(String, Vec<u8>)>,
    /// What the running look-up has fetched so far.
    pub supply: BTreeMap<String, Fetched>,
    /// The file a look-up stopped at, and its limit.
    pub wanted: Option<(String, u64)>,
    /// The last file asked for, if the answer was "not found".
    pub missing: Option<String>,
    /// Why the feed itself refused.
    pub reason: Option<Error>,
    pub last_file: String,
    /// Whether something came from the store or a packed copy instead of the file itself.
    pub used_copy: bool,
}

impl Feed {
    pub fn new(ports: Ports, flavour: Flavour, stored: HashMap<String, Vec<u8>>) -> Self {
        let inner = Inner {
            mode: Mode::Restore,
            stored,
            staged: Vec::new(),
            supply: BTreeMap::new(),
            wanted: None,
            missing: None,
            reason: None,
            last_file: String::new(),
            used_copy: false,
        };
        Self { ports, flavour, inner: Mutex::new(inner) }
    }

    pub fn locked(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a run of the verifier.
    pub fn begin(&self, mode: Mode) {
        let mut inner = self.locked();
        inner.mode = mode;
        inner.wanted = None;
        inner.missing = None;
        inner.reason = None;
        inner.used_copy = false;
    }

    /// Takes what was verified and is not committed yet.
    pub fn take_staged(&self) -> Vec<(String, Vec<u8>)> {
        mem::take(&mut self.locked().staged)
    }

    /// One metadata file from the store or the repository, checked by the guard.
    pub async fn obtain(&self, name: &str, max_length: u64, reach: Reach) -> Result<(Fetched, Origin)> {
        if self.flavour == Flavour::Muster && !is_layout_file(name) {
            return Err(Error::layout(name, "no role of a registry has this name"));
        }
        if reach != Reach::Fresh
            && let Some(bytes) = self.stored_version(name).await?
        {
            return Ok((Fetched::Found(bytes), Origin::Store));
        }
        if reach == Reach::Store {
            return Err(Error::NotCached { file: name.to_owned() });
        }
        if reach != Reach::Fresh
            && let Some(bytes) = self.unpacked(name, max_length).await?
        {
            return Ok((Fetched::Found(bytes), Origin::Packed));
        }
        let fetched = self.ports.repository.metadata(name, max_length).await;
        let fetched = fetched.map_err(|source| Error::Transport { file: name.to_owned(), source })?;
        if let Fetched::Found(bytes) = &fetched {
            if bytes.len() as u64 > max_length {
                return Err(Error::TooLarge { file: name.to_owned(), limit: max_length });
            }
            json::check(bytes).map_err(|error| Error::malformed(name, error.to_string()))?;
        }
        Ok((fetched, Origin::Repository))
    }

    /// A file from its packed copy, where the repository has one that can be read. It is verified like the file itself;
    /// if it is not what was signed, the file itself is asked for.
    async fn unpacked(&self, name: &str, max_length: u64) -> Result<Option<Vec<u8>>> {
        if self.flavour == Flavour::Plain
            || !split_version(name).is_some_and(|(_, rest)| has_packed_copy(rest))
        {
            return Ok(None);
        }
        let file = packed_copy(name);
        let fetched = self.ports.repository.metadata(&file, max_length).await;
        let Fetched::Found(packed) = fetched.map_err(|source| Error::Transport { file, source })? else {
            return Ok(None);
        };
        let bytes = usize::try_from(max_length).ok().and_then(|limit| catalogue::unpack(&packed, limit).ok());
        Ok(bytes.filter(|bytes| json::check(bytes).is_ok()))
    }

    /// The stored copy of an immutable file: role files are kept under their unversioned name, one version each.
    async fn stored_version(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some((version, unversioned)) = split_version(name) else { return Ok(None) };
        if unversioned == "root.json" {
            return Ok(None);
        }
        let known = self.locked().stored.get(unversioned).cloned();
        let bytes = match known {
            Some(bytes) => Some(bytes),
            None => self.ports.store.load(unversioned).await.map_err(Error::Store)?,
        };
        Ok(bytes.filter(|bytes| json::check(bytes).is_ok() && version_of(bytes) == Some(version)))
    }

    async fn fetch(&self, name: &str, max_length: u64) -> sigstore_tuf::Result<Option<Vec<u8>>> {
        let mode = {
            let mut inner = self.locked();
            inner.last_file = name.to_owned();
            inner.mode
        };
        let outcome = match mode {
            Mode::Online(reach) => self.obtain(name, max_length, reach).await,
            Mode::Restore => Ok((self.restored(name), Origin::Store)),
            Mode::Lookup => {
                let mut inner = self.locked();
                let Some(fetched) = inner.supply.get(name).cloned() else {
                    inner.wanted = Some((name.to_owned(), max_length));
                    return Err(TufError::transport("wanted"));
                };
                Ok((fetched, Origin::Repository))
            }
        };
        let mut inner = self.locked();
        match outcome {
            Ok((fetched, origin)) => {
                inner.used_copy |= origin != Origin::Repository;
                inner.missing = matches!(fetched, Fetched::NotFound).then(|| name.to_owned());
                Ok(match fetched {
                    Fetched::Found(bytes) => Some(bytes),
                    Fetched::NotFound => None,
                })
            }
            Err(error) => {
                inner.reason = Some(error);
                Err(TufError::transport("refused"))
            }
        }
    }

    fn restored(&self, name: &str) -> Fetched {
        let inner = self.locked();
        let (version, unversioned) =
            split_version(name).map_or((None, name), |(version, rest)| (Some(version), rest));
        if unversioned == "root.json" {
            return Fetched::NotFound;
        }
        let fits = |bytes: &&Vec<u8>| version.is_none() || version_of(bytes) == version;
        inner.stored.get(unversioned).filter(fits).cloned().map_or(Fetched::NotFound, Fetched::Found)
    }
}

/// Where bytes came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Store,
    /// The repository's packed copy of the file.
    Packed,
    /// The file itself.
    Repository,
}

/// The verifier's view of a feed.
pub(super) struct FeedRepository(pub Arc<Feed>);

impl TufRepository for FeedRepository {
    fn fetch_metadata<'a>(&'a self, name: &'a str, max_length: u64) -> FetchFuture<'a> {
        Box::pin(self.0.fetch(name, max_length))
    }

    fn fetch_target<'a>(&'a self, _: &'a str, _: u64) -> FetchFuture<'a> {
        Box::pin(async { Err(TufError::transport("targets are fetched elsewhere")) })
    }
}

/// The verifier's view of the local store.
pub(super) struct FeedStore(pub Arc<Feed>);

impl TufStore for FeedStore {
    fn load(&self, name: &str) -> sigstore_tuf::Result<Option<Vec<u8>>> {
        Ok(self.0.locked().stored.get(name).cloned())
    }

    fn store(&self, name: &str, bytes: &[u8]) -> sigstore_tuf::Result<()> {
        let mut inner = self.0.locked();
        if split_version(name).is_some_and(|(_, rest)| rest == "snapshot.json") {
            return Ok(());
        }
        if inner.stored.get(name).is_some_and(|stored| stored == bytes) {
            return Ok(());
        }
        inner.stored.insert(name.to_owned(), bytes.to_vec());
        inner.staged.push((name.to_owned(), bytes.to_vec()));
        Ok(())
    }
}

/// `12.targets.json` → 12 and `targets.json`.
fn split_version(name: &str) -> Option<(u64, &str)> {
    let (version, rest) = name.split_once('.')?;
    let plain = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
    if plain { Some((version.parse().ok()?, rest)) } else { None }
}

/// The `signed.version` of a metadata file.
pub(super) fn version_of(bytes: &[u8]) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Signed {
        version: u64,
    }
    #[derive(serde::Deserialize)]
    struct File {
        signed: Signed,
    }
    serde_json::from_slice::<File>(bytes).ok().map(|file| file.signed.version)
}

fn is_layout_file(name: &str) -> bool {
    let unversioned = split_version(name).map_or(name, |(_, rest)| rest);
    unversioned.strip_suffix(".json").is_some_and(layout::is_known_role)
}
