//! Why a lobby cannot be hosted or joined.

use std::net::SocketAddr;

use muster_domain::{Coded, clean_line};

use crate::Fault;

/// Codes of [`LobbyError`].
pub const LOBBY_CODES: &[&str] = &[
    "lobby-address",
    "lobby-already",
    "lobby-changed",
    "lobby-empty",
    "lobby-expired",
    "lobby-hours",
    "lobby-key-away",
    "lobby-needed",
    "lobby-no-address",
    "lobby-none",
    "lobby-not-played",
    "lobby-not-sharing",
    "lobby-page",
    "lobby-unknown-host",
    "lobby-unreachable",
];

/// What the engine refuses about lobbies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LobbyError {
    #[error("{address} is no address that players can connect to")]
    Address { address: SocketAddr },
    #[error("the lobby {name:?} was joined already")]
    Already { name: String },
    #[error("the ticket is another one than was looked at")]
    Changed,
    #[error("the profile has nothing that others could get")]
    Empty,
    #[error("the ticket of {name:?} has run out")]
    Expired { name: String },
    #[error("a lobby is open for one hour up to a week")]
    Hours,
    #[error("the key by which guests know this host cannot be had: {why}")]
    KeyAway { why: String },
    #[error("{package:?} is needed in this lobby")]
    Needed { package: String },
    #[error("the address of this machine cannot be found out")]
    NoAddress,
    #[error("there is no lobby")]
    NoLobby,
    #[error("{package:?} is not what the lobby plays with")]
    NotPlayed { package: String },
    #[error("sharing is off, so nobody can fetch the ticket from here")]
    NotSharing,
    #[error("only a page of the web can be gone back to")]
    Page,
    #[error("no such host is known")]
    UnknownHost,
    #[error("none of {count} players gave the ticket")]
    Unreachable { count: usize },
}

impl LobbyError {
    pub(crate) fn fault(&self) -> Fault {
        match self {
            Self::Address { .. } | Self::Hours | Self::NotPlayed { .. } | Self::Page => Fault::Request,
            Self::Unreachable { .. } => Fault::Failed,
            _ => Fault::Refused,
        }
    }
}

impl Coded for LobbyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Address { .. } => "lobby-address",
            Self::Already { .. } => "lobby-already",
            Self::Changed => "lobby-changed",
            Self::Empty => "lobby-empty",
            Self::Expired { .. } => "lobby-expired",
            Self::Hours => "lobby-hours",
            Self::KeyAway { .. } => "lobby-key-away",
            Self::Needed { .. } => "lobby-needed",
            Self::NoAddress => "lobby-no-address",
            Self::NoLobby => "lobby-none",
            Self::NotPlayed { .. } => "lobby-not-played",
            Self::NotSharing => "lobby-not-sharing",
            Self::Page => "lobby-page",
            Self::UnknownHost => "lobby-unknown-host",
            Self::Unreachable { .. } => "lobby-unreachable",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Address { address } => vec![("address", address.to_string())],
            Self::Already { name } | Self::Expired { name } => vec![("name", clean_line(name, 80))],
            Self::KeyAway { why } => vec![("why", clean_line(why, 200))],
            Self::Needed { package } | Self::NotPlayed { package } => vec![("package", package.clone())],
            Self::Unreachable { count } => vec![("count", count.to_string())],
            Self::Changed
            | Self::Empty
            | Self::Hours
            | Self::NoAddress
            | Self::NoLobby
            | Self::NotSharing
            | Self::Page
            | Self::UnknownHost => Vec::new(),
        }
    }
}
