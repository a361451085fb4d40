//! What can go wrong, by what the caller can do about it.
//!
//! Everything here can be cloned and kept: several jobs wait for one transfer and each gets the same answer.

use muster_domain::{Coded, Sha256, clean_line};

/// Why a transfer, or an operation on one, did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Every server and peer was tried; `last` is the code of what the last one did.
    #[error("nobody could deliver the file (last: {last})")]
    NoSource { last: &'static str },
    /// What arrived is not what was signed, from every source.
    #[error("every source sent other bytes than were signed")]
    WrongBytes,
    /// Peers are there, but no byte has come for too long.
    #[error("no byte has arrived for {seconds} s")]
    Stalled { seconds: u64 },
    /// A server did not do what it should.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The torrent does not describe exactly this one file.
    #[error("the torrent was refused: {reason}")]
    Torrent { reason: TorrentRefusal },
    /// BitTorrent could not be started.
    #[error("BitTorrent is not available: {detail}")]
    Swarm { detail: String },
    /// The place where archives are kept failed; code and context are its own.
    #[error("{message}")]
    Cache { code: &'static str, message: String, context: Vec<(&'static str, String)> },
    /// Threads or the HTTP client could not be made.
    #[error("transfers could not start: {detail}")]
    Start { detail: String },
    /// No transfer with this hash is in the queue.
    #[error("no transfer of {}", .0.short())]
    Unknown(Sha256),
    /// Two sources disagree about how large the same archive is.
    #[error("{} is asked for with {asked} bytes and known with {known}", .sha256.short())]
    SizeConflict { sha256: Sha256, known: u64, asked: u64 },
    /// Somebody said so; nothing is wrong.
    #[error("cancelled")]
    Cancelled,
    /// The program is ending.
    #[error("transfers have ended")]
    Closed,
}

/// What one server did wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not a scheme, address or redirect that may be followed.
    #[error("{host} leads to an address that is not allowed")]
    Refused { host: String },
    /// It does not have the file.
    #[error("{host} does not have the file")]
    Missing { host: String },
    #[error("{host} can not be reached")]
    Unreachable { host: String },
    #[error("{host} answered {status}")]
    Status { host: String, status: u16, retry_after: Option<u64> },
    #[error("{host} has a file of another size")]
    WrongSize { host: String },
    /// The answer ended early, was too long or was for other bytes than asked.
    #[error("{host} did not keep to the protocol")]
    Protocol { host: String },
    #[error("{host} is too slow")]
    Slow { host: String },
    #[error("{host} sent other bytes than were signed")]
    WrongBytes { host: String },
}

/// Why a torrent is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TorrentRefusal {
    #[error("it is not valid bencoding")]
    Syntax,
    #[error("it is too large")]
    TooLarge,
    #[error("it does not describe a single plain file")]
    NotSingleFile,
    #[error("its name is not the hash of the file")]
    Name,
    #[error("its length is not the signed size")]
    Length,
    #[error("its piece length is not a power of two between 64 KiB and 4 MiB")]
    PieceLength,
    #[error("the number of its pieces is wrong")]
    Pieces,
    #[error("its info-hash is another one")]
    InfoHash,
}

/// Every code of this crate; codes of the cache and of files are their own.
pub const CODES: &[&str] = &[
    "transfer-no-source",
    "transfer-wrong-bytes",
    "transfer-stalled",
    "transfer-torrent",
    "transfer-swarm",
    "transfer-start",
    "transfer-unknown",
    "transfer-size-conflict",
    "transfer-cancelled",
    "transfer-closed",
    "transfer-origin-refused",
    "transfer-origin-missing",
    "transfer-origin-unreachable",
    "transfer-origin-status",
    "transfer-origin-wrong-size",
    "transfer-origin-protocol",
    "transfer-origin-slow",
    "transfer-origin-wrong-bytes",
];

impl Coded for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSource { .. } => "transfer-no-source",
            Self::WrongBytes => "transfer-wrong-bytes",
            Self::Stalled { .. } => "transfer-stalled",
            Self::Origin(error) => error.code(),
            Self::Torrent { .. } => "transfer-torrent",
            Self::Swarm { .. } => "transfer-swarm",
            Self::Cache { code, .. } => code,
            Self::Start { .. } => "transfer-start",
            Self::Unknown(_) => "transfer-unknown",
            Self::SizeConflict { .. } => "transfer-size-conflict",
            Self::Cancelled => "transfer-cancelled",
            Self::Closed => "transfer-closed",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoSource { last } => vec![("last", (*last).to_owned())],
            Self::Stalled { seconds } => vec![("seconds", seconds.to_string())],
            Self::Origin(error) => error.context(),
            Self::Torrent { reason } => vec![("reason", reason.to_string())],
            Self::Swarm { detail } | Self::Start { detail } => vec![("detail", clean_line(detail, 200))],
            Self::Cache { context, .. } => context.clone(),
            Self::Unknown(hash) => vec![("hash", hash.short())],
            Self::SizeConflict { sha256, known, asked } => {
                vec![("hash", sha256.short()), ("known", known.to_string()), ("asked", asked.to_string())]
            }
            Self::WrongBytes | Self::Cancelled | Self::Closed => vec![],
        }
    }
}

impl Coded for OriginError {
    fn code(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "transfer-origin-refused",
            Self::Missing { .. } => "transfer-origin-missing",
            Self::Unreachable { .. } => "transfer-origin-unreachable",
            Self::Status { .. } => "transfer-origin-status",
            Self::WrongSize { .. } => "transfer-origin-wrong-size",
            Self::Protocol { .. } => "transfer-origin-protocol",
            Self::Slow { .. } => "transfer-origin-slow",
            Self::WrongBytes { .. } => "transfer-origin-wrong-bytes",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        let mut context = vec![("host", clean_line(self.host(), 100))];
        if let Self::Status { status, .. } = self {
            context.push(("status", status.to_string()));
        }
        context
    }
}

impl OriginError {
    fn host(&self) -> &str {
        match self {
            Self::Refused { host }
            | Self::Missing { host }
            | Self::Unreachable { host }
            | Self::Status { host, .. }
            | Self::WrongSize { host }
            | Self::Protocol { host }
            | Self::Slow { host }
            | Self::WrongBytes { host } => host,
        }
    }

    /// Whether asking this server for this file again can not help.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Refused { .. }
            | Self::Missing { .. }
            | Self::WrongSize { .. }
            | Self::WrongBytes { .. } => true,
            Self::Status { status, .. } => (400..500).contains(status) && !matches!(status, 408 | 425 | 429),
            Self::Unreachable { .. } | Self::Protocol { .. } | Self::Slow { .. } => false,
        }
    }

    /// Whether the host as a whole is in trouble, not only this file.
    pub fn blames_host(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Slow { .. } | Self::Protocol { .. } => true,
            Self::Status { status, .. } => *status >= 500 || *status == 429,
            Self::Refused { .. }
            | Self::Missing { .. }
            | Self::WrongSize { .. }
            | Self::WrongBytes { .. } => false,
        }
    }
}

impl Error {
    /// Whether trying again later, with nothing changed here, may help.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Stalled { .. } | Self::Swarm { .. } => true,
            Self::Origin(error) => !error.is_final(),
            Self::Cache { code, .. } => matches!(*code, "cache-busy" | "file-busy"),
            Self::NoSource { .. }
            | Self::WrongBytes
            | Self::Torrent { .. }
            | Self::Start { .. }
            | Self::Unknown(_)
            | Self::SizeConflict { .. }
            | Self::Cancelled
            | Self::Closed => false,
        }
    }
}

impl From<muster_cache::Error> for Error {
    fn from(error: muster_cache::Error) -> Self {
        Self::Cache { code: error.code(), message: error.to_string(), context: error.context() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once() {
        let host = || "h".to_owned();
        let errors = [
            Error::NoSource { last: "x" },
            Error::WrongBytes,
            Error::Stalled { seconds: 1 },
            Error::Torrent { reason: TorrentRefusal::Name },
            Error::Swarm { detail: host() },
            Error::Start { detail: host() },
            Error::Unknown(Sha256([0; 32])),
            Error::SizeConflict { sha256: Sha256([0; 32]), known: 1, asked: 2 },
            Error::Cancelled,
            Error::Closed,
            OriginError::Refused { host: host() }.into(),
            OriginError::Missing { host: host() }.into(),
            OriginError::Unreachable { host: host() }.into(),
            OriginError::Status { host: host(), status: 500, retry_after: None }.into(),
            OriginError::WrongSize { host: host() }.into(),
            OriginError::Protocol { host: host() }.into(),
            OriginError::Slow { host: host() }.into(),
            OriginError::WrongBytes { host: host() }.into(),
        ];
        assert_eq!(errors.iter().map(Coded::code).collect::<Vec<_>>(), CODES);
    }
}
