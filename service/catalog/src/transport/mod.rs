//! How a registry's files are fetched: from a folder, over HTTP, or out of a git repository. All end in the same typed
//! failures.
//!
//! Invariants: "not found" is said only when the other side said so; nothing longer than asked for is kept in memory;
//! every wait has an end; nothing outside the registry's own address is asked.

mod address;
mod document;
mod file;
mod git;
mod guard;
mod http;
mod keys;
mod service;
mod switch;

pub use address::Address;
pub use document::DocumentAddress;
pub use file::FileTransport;
pub use git::{GitAddress, GitLimits, GitStage, GitStep, GitTransport, Repositories};
pub use http::{HttpTimes, HttpTransport};
pub use keys::{KeyHeader, KeyUse, Keys, NoKeys};

pub(crate) use document::Fresh;
pub(crate) use guard::is_loopback_address;
pub(crate) use http::host_of;
pub(crate) use keys::Credentials;
pub(crate) use service::ServiceClient;
pub(crate) use switch::OfflineSwitch;

use std::sync::Arc;

use muster_domain::clean_line;
use muster_registry::{Repository, TransportError};

use crate::Result;

/// A fetch that ended without the file and without knowing that it is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    #[error("no answer in time from {host}")]
    Timeout { host: String },
    #[error("{file} is longer than {limit} bytes")]
    TooLong { file: String, limit: u64 },
    #[error("{host} leads to an address that is not allowed: {why}")]
    RedirectRefused { host: String, why: &'static str },
    #[error("{file} is not a name in a registry")]
    RefusedName { file: String },
    #[error("{host} cannot be reached: {why}")]
    Offline { host: String, obstacle: Obstacle, why: String },
    #[error("{host} is not asked: offline mode is on")]
    SwitchedOff { host: String },
    #[error("{host} asks to be left alone for {seconds} seconds")]
    Busy { host: String, seconds: u64 },
    #[error("{host} does not accept the key that it was given")]
    KeyRefused { host: String },
    #[error("{host} answers only to those who give a key")]
    NeedsKey { host: String },
    #[error("{host} answered with status {status}")]
    ServerError { host: String, status: u16 },
    #[error("{file} cannot be read: {why}")]
    File { file: String, why: String },
    #[error("there is no repository at {address} that everybody may read")]
    NoRepository { address: String },
    #[error("{address} has no branch {branch}")]
    NoBranch { address: String, branch: String },
    #[error("the repository {address} cannot be read: {why}")]
    Repository { address: String, why: String },
    #[error("{file} is a link, a folder or another repository, not a file")]
    NotAFile { file: String },
}

/// What lies between us and a host, as far as a player can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nobody knows its name: no network, or a mistake in the name.
    Name,
    /// No way leads there from this network.
    Network,
    /// The machine is there and lets nobody in.
    Refused,
    /// Something that only its own words tell.
    Other,
}

impl Obstacle {
    /// What one link in the chain of an error says.
    fn of(error: &(dyn std::error::Error + 'static)) -> Self {
        if error.to_string() == "dns error" {
            return Self::Name;
        }
        match error.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
            Some(std::io::ErrorKind::ConnectionRefused) => Self::Refused,
            Some(std::io::ErrorKind::NetworkUnreachable | std::io::ErrorKind::HostUnreachable) => {
                Self::Network
            }
            _ => Self::Other,
        }
    }

    fn or(self, other: Self) -> Self {
        if self == Self::Other { other } else { self }
    }

    /// As sentences select by it.
    fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Network => "network",
            Self::Refused => "refused",
            Self::Other => "other",
        }
    }
}

impl FetchError {
    /// What failed below an error of a transport of ours.
    pub(crate) fn of(error: TransportError, address: &Address) -> Self {
        match error.source.as_ref().and_then(|source| source.downcast_ref::<Self>()) {
            Some(fetch) => fetch.clone(),
            None => Self::File { file: address.to_string(), why: error.message },
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Timeout { .. } => "catalog-timeout",
            Self::TooLong { .. } => "catalog-too-long",
            Self::RedirectRefused { .. } => "catalog-redirect-refused",
            Self::RefusedName { .. } => "catalog-refused-address",
            Self::Offline { .. } => "catalog-offline",
            Self::SwitchedOff { .. } => "catalog-switched-off",
            Self::Busy { .. } => "catalog-busy",
            Self::KeyRefused { .. } => "catalog-key-refused",
            Self::NeedsKey { .. } => "catalog-needs-key",
            Self::ServerError { .. } => "catalog-server-error",
            Self::File { .. } => "catalog-file",
            Self::NoRepository { .. } => "catalog-no-repository",
            Self::NoBranch { .. } => "catalog-no-branch",
            Self::Repository { .. } => "catalog-repository",
            Self::NotAFile { .. } => "catalog-not-a-file",
        }
    }

    /// Named values for the sentence.
    pub fn context(&self) -> Vec<(&'static str, String)> {
        let line = |text: &str| clean_line(text, 200);
        match self {
            Self::Timeout { host }
            | Self::RedirectRefused { host, .. }
            | Self::SwitchedOff { host }
            | Self::KeyRefused { host }
            | Self::NeedsKey { host } => vec![("host", line(host))],
            Self::TooLong { file, limit } => vec![("file", line(file)), ("limit", limit.to_string())],
            Self::RefusedName { file } | Self::NotAFile { file } => vec![("file", line(file))],
            Self::NoRepository { address } => vec![("address", line(address))],
            Self::NoBranch { address, branch } => vec![("address", line(address)), ("branch", line(branch))],
            Self::Repository { address, why } => vec![("address", line(address)), ("why", line(why))],
            Self::Offline { host, obstacle, why } => {
                vec![("host", line(host)), ("obstacle", obstacle.name().to_owned()), ("why", line(why))]
            }
            Self::Busy { host, seconds } => vec![("host", line(host)), ("seconds", seconds.to_string())],
            Self::ServerError { host, status } => vec![("host", line(host)), ("status", status.to_string())],
            Self::File { file, why } => vec![("file", line(file)), ("why", line(why))],
        }
    }

    /// Whether trying again, unchanged, can help.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Timeout { .. }
                | Self::Offline { .. }
                | Self::Busy { .. }
                | Self::ServerError { .. }
                | Self::File { .. }
        )
    }
}

impl From<FetchError> for TransportError {
    fn from(error: FetchError) -> Self {
        Self::with_source(error.to_string(), error)
    }
}

/// A way to a registry's files.
pub(crate) struct Opened {
    pub files: Arc<dyn Repository>,
    /// The same where it is a git repository, for the archives in it.
    pub git: Option<Arc<GitTransport>>,
}

/// The transport for an address: a folder, an HTTP(S) host, or a repository that is kept with the others.
pub(crate) fn open(address: &Address, repositories: &Repositories) -> Result<Opened> {
    let files: Arc<dyn Repository> = match address {
        Address::Folder(path) => Arc::new(FileTransport::new(path.clone())),
        Address::Web(url) => Arc::new(HttpTransport::new(url.clone(), HttpTimes::default())?),
        Address::Git(address) => {
            let git = repositories.open(address)?;
            return Ok(Opened { files: git.clone(), git: Some(git) });
        }
    };
    Ok(Opened { files, git: None })
}

/// Whether a relative name stays inside the registry: plain parts of unreserved characters and percent escapes.
pub(crate) fn is_inside(name: &str) -> bool {
    let fits = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b'%' | b'+' | b'=')
    };
    let plain =
        |part: &str| !part.is_empty() && part.bytes().all(fits) && !part.bytes().all(|byte| byte == b'.');
    let decoded_dots = name.to_ascii_lowercase().contains("%2e") || name.to_ascii_lowercase().contains("%2f");
    name.len() <= 1200 && !decoded_dots && name.split('/').all(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_stay_inside_the_registry() {
        for good in
            ["timestamp.json", "12.pub.alice.json", "catalog/abc.001-00.shard.zst", "p/0f/a/b/c.muster"]
        {
            assert!(is_inside(good), "{good}");
        }
        for bad in [
            "", "/a", "a/", "a//b", "../a", "a/../b", "a/./b", "%2e%2e/a", "a%2Fb", "http://x", "a?b", "a#b",
            "a\\b", "C:",
        ] {
            assert!(!is_inside(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_name_leaves_its_base(name in "[a-z./%~:?#\\\\@2eEfF]{0,20}") {
            let base: url::Url = "https://host.example/reg/metadata/".parse().expect("url");
            if is_inside(&name) {
                let joined = base.join(&name).expect("joins");
                prop_assert!(joined.as_str().starts_with(base.as_str()), "{joined}");
                prop_assert_eq!(joined.as_str().len(), base.as_str().len() + name.len());
            }
        }
    }
}
