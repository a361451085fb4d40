//! `muster://` links: the one parser for text that any web page can send.
//!
//! A link can only name things. It carries no path of this machine, no command and no address to open, and whatever it
//! names leads to a dialog. Unknown parts refuse the whole link (`security.md` T-90).

use std::{fmt, net::SocketAddr, str::FromStr};

use percent_encoding::percent_decode_str;

use crate::{PackageName, PublishedName, Publisher, Sha256, SourceId, Version};

/// The scheme, without `://`.
pub const SCHEME: &str = "muster";
/// Longest link, in bytes.
const MAX_LINK: usize = 2048;
/// Most players that a link to a lobby names.
pub const MAX_LINK_PEERS: usize = 8;
/// Largest lobby ticket, in bytes.
pub const MAX_TICKET: u64 = 1024 * 1024;
/// Longest packed ticket in a link, in characters; what is not small is fetched from players.
pub const MAX_INLINE: usize = 1900;
/// Longest address of a page, in bytes.
const MAX_PAGE: usize = 500;
/// Ports below are those of services that nobody plays with (RFC 6335 §6): a link must not knock at them.
const LOWEST_PORT: u16 = 1024;

/// Why a link is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error("the link is longer than 2 KB")]
    TooLong,
    #[error("the link does not start with muster://")]
    Scheme,
    #[error("the link has characters that links cannot have")]
    Character,
    #[error("the link asks for something this version does not know")]
    Verb,
    #[error("the link has a part that does not belong there")]
    Part,
    #[error("the link names something that cannot exist")]
    Name,
}

impl LinkError {
    pub const CODES: &[&str] =
        &["link-too-long", "link-scheme", "link-character", "link-verb", "link-part", "link-name"];
}

impl crate::Coded for LinkError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "link-too-long",
            Self::Scheme => "link-scheme",
            Self::Character => "link-character",
            Self::Verb => "link-verb",
            Self::Part => "link-part",
            Self::Name => "link-name",
        }
    }
}

/// Which source a link means: its id, or an alias that only this player's settings can resolve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkSource {
    Id(SourceId),
    Alias(String),
}

impl fmt::Display for LinkSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Alias(alias) => f.write_str(alias),
        }
    }
}

/// Where a lobby's ticket is: which bytes, and who has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinLink {
    /// Of the ticket's bytes.
    pub ticket: Sha256,
    /// Bytes of the ticket.
    pub size: u64,
    /// Players who have it; at least one.
    pub peers: Vec<SocketAddr>,
}

impl JoinLink {
    /// Whether somebody may be named as a player: an address of one machine, at a port that players use.
    pub fn may_be_peer(peer: &SocketAddr) -> bool {
        let ip = peer.ip();
        let is_broadcast = matches!(ip, std::net::IpAddr::V4(ip) if ip.is_broadcast());
        peer.port() >= LOWEST_PORT && !ip.is_unspecified() && !ip.is_multicast() && !is_broadcast
    }
}

/// A ticket in a link, packed; only its letters were looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineTicket(String);

impl InlineTicket {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for InlineTicket {
    type Err = LinkError;

    /// The alphabet of RFC 4648 §5, without padding.
    fn from_str(text: &str) -> Result<Self, LinkError> {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        match !text.is_empty() && text.len() <= MAX_INLINE && text.bytes().all(is_letter) {
            true => Ok(Self(text.to_owned())),
            false => Err(LinkError::Name),
        }
    }
}

/// The page that a lobby's players go back to. A page and nothing else: no program, no file, no scheme of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnPage(String);

impl ReturnPage {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ReturnPage {
    type Err = LinkError;

    /// `https://host/…` as in a link that adds a source, with a host that is shown as it is read.
    fn from_str(text: &str) -> Result<Self, LinkError> {
        if text.len() > MAX_PAGE {
            return Err(LinkError::TooLong);
        }
        https_address(text).map(Self)
    }
}

/// What a link asks to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    Package {
        source: LinkSource,
        name: PublishedName,
        version: Option<Version>,
    },
    Collection {
        source: LinkSource,
        name: PublishedName,
    },
    AddSource {
        root: Sha256,
        at: String,
    },
    Join(JoinLink),
    /// The same, with the ticket in the link: nobody has to be asked for it.
    JoinWith(InlineTicket),
}

impl FromStr for Link {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        if text.len() > MAX_LINK {
            return Err(LinkError::TooLong);
        }
        let rest = strip_scheme(text)?;
        if !rest.bytes().all(|b| b.is_ascii_graphic()) || rest.contains(['\\', '#', '"', '<', '>']) {
            return Err(LinkError::Character);
        }
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let parts = path.split('/').map(decode).collect::<Result<Vec<_>, _>>()?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match (parts.as_slice(), query) {
            (["package", source, publisher, name], None) => package(source, publisher, name),
            (["collection", source, publisher, name], None) => {
                Ok(Self::Collection { source: link_source(source)?, name: published(publisher, name)? })
            }
            (["source", "add"], Some(query)) => add_source(query),
            // The number is the version of what follows it; another one is for a newer program.
            (["join", "1", ticket, size], Some(query)) => join(ticket, size, query),
            (["join", "1", ticket], None) => {
                ticket.strip_prefix("t.").ok_or(LinkError::Part)?.parse().map(Self::JoinWith)
            }
            (["package" | "collection" | "source", ..] | ["join", "1", ..], _) => Err(LinkError::Part),
            _ => Err(LinkError::Verb),
        }
    }
}

/// The scheme is case-insensitive (RFC 3986 §3.1); nothing else is.
fn strip_scheme(text: &str) -> Result<&str, LinkError> {
    let (scheme, rest) = text.split_once("://").ok_or(LinkError::Scheme)?;
    if scheme.eq_ignore_ascii_case(SCHEME) { Ok(rest) } else { Err(LinkError::Scheme) }
}

/// Percent-decodes once; what decodes to a separator or a control character, or would decode again, is refused.
fn decode(part: &str) -> Result<String, LinkError> {
    let mut after_percent = part.split('%').skip(1);
    if !after_percent.all(|rest| rest.len() >= 2 && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit)) {
        return Err(LinkError::Character);
    }
    let decoded = percent_decode_str(part).decode_utf8().map_err(|_| LinkError::Character)?;
    let hidden = |c: char| c.is_control() || crate::text::is_invisible(c) || matches!(c, '/' | '\\' | '%');
    if decoded.chars().any(hidden) {
        return Err(LinkError::Character);
    }
    Ok(decoded.into_owned())
}

fn package(source: &str, publisher: &str, name: &str) -> Result<Link, LinkError> {
    let (name, version) = match name.split_once('@') {
        Some((name, version)) => (name, Some(Version::semver(version).map_err(|_| LinkError::Name)?)),
        None => (name, None),
    };
    Ok(Link::Package { source: link_source(source)?, name: published(publisher, name)?, version })
}

fn published(publisher: &str, name: &str) -> Result<PublishedName, LinkError> {
    let publisher: Publisher = publisher.parse().map_err(|_| LinkError::Name)?;
    let package: PackageName = name.parse().map_err(|_| LinkError::Name)?;
    Ok(PublishedName { publisher, package })
}

/// Ids with a colon or the registry prefix are ids; everything else is an alias, whose grammar is that of a name.
fn link_source(text: &str) -> Result<LinkSource, LinkError> {
    if text.starts_with("reg-") || text.contains(':') {
        return text.parse().map(LinkSource::Id).map_err(|_| LinkError::Name);
    }
    match text.parse::<Publisher>() {
        Ok(alias) => Ok(LinkSource::Alias(alias.as_str().to_owned())),
        Err(_) => Err(LinkError::Name),
    }
}

fn add_source(query: &str) -> Result<Link, LinkError> {
    let (mut root, mut at) = (None, None);
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').ok_or(LinkError::Part)?;
        let value = percent_decode_str(value).decode_utf8().map_err(|_| LinkError::Character)?;
        match key {
            "root" if root.is_none() => root = Some(value.parse::<Sha256>().map_err(|_| LinkError::Name)?),
            "at" if at.is_none() => at = Some(https_address(&value)?),
            _ => return Err(LinkError::Part),
        }
    }
    match (root, at) {
        (Some(root), Some(at)) => Ok(Link::AddSource { root, at }),
        _ => Err(LinkError::Part),
    }
}

/// A lobby, as `SHA256/SIZE?peer=ADDRESS:PORT&…`.
fn join(ticket: &str, size: &str, query: &str) -> Result<Link, LinkError> {
    let ticket: Sha256 = ticket.parse().map_err(|_| LinkError::Name)?;
    let is_plain = size.bytes().all(|byte| byte.is_ascii_digit()) && !size.starts_with('0');
    let size: u64 = size.parse().map_err(|_| LinkError::Name)?;
    if !is_plain || size > MAX_TICKET {
        return Err(LinkError::Name);
    }
    let mut peers: Vec<SocketAddr> = Vec::new();
    for pair in query.split('&') {
        let peer = pair.strip_prefix("peer=").ok_or(LinkError::Part)?;
        let peer: SocketAddr = peer.parse().map_err(|_| LinkError::Name)?;
        if !JoinLink::may_be_peer(&peer) || peers.contains(&peer) || peers.len() == MAX_LINK_PEERS {
            return Err(LinkError::Name);
        }
        peers.push(peer);
    }
    Ok(Link::Join(JoinLink { ticket, size, peers }))
}

/// Only `https://host/…` without user, fragment or control characters; shown in a dialog, fetched only after consent.
fn https_address(text: &str) -> Result<String, LinkError> {
    let rest = text.strip_prefix("https://").ok_or(LinkError::Name)?;
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let clean = rest.bytes().all(|b| b.is_ascii_graphic()) && !rest.contains(['\\', '#', '"', '<', '>']);
    if host.is_empty() || host.contains('@') || !clean {
        return Err(LinkError::Name);
    }
    Ok(text.to_owned())
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Package { source, name, version } => {
                write!(f, "{SCHEME}://package/{source}/{name}")?;
                version.as_ref().map_or(Ok(()), |version| write!(f, "@{version}"))
            }
            Self::Collection { source, name } => write!(f, "{SCHEME}://collection/{source}/{name}"),
            Self::AddSource { root, at } => {
                let at = percent_encoding::utf8_percent_encode(at, percent_encoding::NON_ALPHANUMERIC);
                write!(f, "{SCHEME}://source/add?root={root}&at={at}")
            }
            Self::Join(JoinLink { ticket, size, peers }) => {
                write!(f, "{SCHEME}://join/1/{ticket}/{size}")?;
                let signs = std::iter::once('?').chain(std::iter::repeat('&'));
                peers.iter().zip(signs).try_for_each(|(peer, sign)| write!(f, "{sign}peer={peer}"))
            }
            Self::JoinWith(ticket) => write!(f, "{SCHEME}://join/1/t.{}", ticket.as_str()),
        }
    }
}

#[cfg(test)]
mod tests;
