//! What is said on the local network: BEP 14, with many info-hashes in one datagram. Pure.
//!
//! Other clients read and write the same text. Two things are ours: the header `X-Muster` says whether a message asks or
//! answers, so that answers are not answered, and port 0 says that somebody looks but can not be reached.

use std::{fmt::Write, net::SocketAddr};

use muster_domain::Sha1;

/// Most info-hashes in a message of ours; with them it has less than 1,400 bytes.
pub(super) const BATCH: usize = 24;
/// Most info-hashes that are read from a message of others.
const MAX_INFO_HASHES: usize = 64;
/// Longest cookie that is read.
const MAX_COOKIE: usize = 64;
const REQUEST: &[u8] = b"BT-SEARCH * HTTP/1.1";

/// Why somebody speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    /// Asks who has this.
    Want,
    /// Says that it has this, asked or not.
    Have,
    /// Another client, which does not tell.
    Unknown,
}

/// One datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// Where the sender listens, if it does.
    pub port: Option<u16>,
    pub info_hashes: Vec<Sha1>,
    /// What the sender knows its own messages by.
    pub cookie: Option<String>,
    pub intent: Intent,
}

impl Message {
    /// Reads a datagram; `None` if it is something else, or asks for nothing.
    pub fn parse(datagram: &[u8]) -> Option<Self> {
        let mut lines = datagram.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
        if !lines.next()?.eq_ignore_ascii_case(REQUEST) {
            return None;
        }
        let mut port = None;
        let mut message = Self { port: None, info_hashes: vec![], cookie: None, intent: Intent::Unknown };
        for line in lines.take_while(|line| !line.is_empty()) {
            let (name, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
            message.header(name.trim(), value.trim(), &mut port)?;
        }
        message.port = port.filter(|port| *port != 0);
        (port.is_some() && !message.info_hashes.is_empty()).then_some(message)
    }

    /// The text for one multicast group. At most [`BATCH`] info-hashes fit.
    pub fn encode(&self, group: SocketAddr) -> Vec<u8> {
        let mut text = String::with_capacity(1_400);
        // Writing to a string does not fail.
        let _ = write!(text, "BT-SEARCH * HTTP/1.1\r\nHost: {group}\r\nPort: {}\r\n", self.port.unwrap_or(0));
        for info_hash in self.info_hashes.iter().take(BATCH) {
            let _ = write!(text, "Infohash: {info_hash}\r\n");
        }
        if let Some(cookie) = &self.cookie {
            let _ = write!(text, "cookie: {cookie}\r\n");
        }
        match self.intent {
            Intent::Want => text.push_str("X-Muster: want\r\n"),
            Intent::Have => text.push_str("X-Muster: have\r\n"),
            Intent::Unknown => {}
        }
        text.push_str("\r\n\r\n");
        text.into_bytes()
    }

    /// Takes one header; `None` if it makes the whole message worthless.
    fn header(&mut self, name: &str, value: &str, port: &mut Option<u16>) -> Option<()> {
        if name.eq_ignore_ascii_case("infohash") {
            let info_hash: Sha1 = value.to_ascii_lowercase().parse().ok()?;
            if self.info_hashes.len() < MAX_INFO_HASHES && !self.info_hashes.contains(&info_hash) {
                self.info_hashes.push(info_hash);
            }
        } else if name.eq_ignore_ascii_case("port") {
            *port = Some(value.parse().ok()?);
        } else if name.eq_ignore_ascii_case("cookie") {
            self.cookie = (value.len() <= MAX_COOKIE).then(|| value.to_owned());
        } else if name.eq_ignore_ascii_case("x-muster") {
            self.intent = match value {
                "want" => Intent::Want,
                "have" => Intent::Have,
                _ => Intent::Unknown,
            };
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn group() -> SocketAddr {
        "[ff15::efc0:988f]:6771".parse().expect("an address")
    }

    fn message() -> impl Strategy<Value = Message> {
        let intent = prop::sample::select(vec![Intent::Want, Intent::Have, Intent::Unknown]);
        let hashes = prop::collection::btree_set(any::<[u8; 20]>(), 1..=BATCH);
        (prop::option::of(1u16..), hashes, prop::option::of("[a-z0-9]{1,16}"), intent).prop_map(
            |(port, hashes, cookie, intent)| Message {
                port,
                info_hashes: hashes.into_iter().map(Sha1).collect(),
                cookie,
                intent,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_said_is_understood(message in message()) {
            let datagram = message.encode(group());
            prop_assert!(datagram.len() <= 1_400);
            prop_assert_eq!(Message::parse(&datagram), Some(message));
        }

        #[test]
        fn no_bytes_make_it_panic(datagram in prop::collection::vec(any::<u8>(), 0..2_000)) {
            let _ = Message::parse(&datagram);
        }

        #[test]
        fn broken_messages_do_no_harm(message in message(), cut in any::<prop::sample::Index>(), byte: u8) {
            let mut datagram = message.encode(group());
            let at = cut.index(datagram.len());
            datagram[at] = byte;
            let _ = Message::parse(&datagram);
            datagram.truncate(at);
            if let Some(read) = Message::parse(&datagram) {
                prop_assert!(read.info_hashes.len() <= MAX_INFO_HASHES);
            }
        }
    }

    #[test]
    fn other_clients_are_understood() {
        let hash = "0123456789ABCDEF0123456789abcdef01234567";
        let read = |text: String| Message::parse(text.as_bytes());
        let typical = format!(
            "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 51413\r\nInfohash: {hash}\r\n\r\n\r\n"
        );
        let message = read(typical).expect("a message");
        assert_eq!((message.port, message.intent), (Some(51_413), Intent::Unknown));
        assert_eq!(message.info_hashes, [hash.to_lowercase().parse().expect("a hash")]);
        let sloppy = format!("BT-SEARCH * HTTP/1.1\nPORT:1\nINFOHASH:{hash}\ninfohash: {hash}\nNew: thing");
        assert_eq!(read(sloppy).expect("a message").info_hashes.len(), 1);
    }

    #[test]
    fn other_things_are_refused() {
        let hash = "0".repeat(40);
        for text in [
            "M-SEARCH * HTTP/1.1\r\nPort: 1\r\n".to_owned(),
            "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\n\r\n".to_owned(),
            format!("BT-SEARCH * HTTP/1.1\r\nInfohash: {hash}\r\n\r\n"),
            format!("BT-SEARCH * HTTP/1.1\r\nPort: 65536\r\nInfohash: {hash}\r\n\r\n"),
            format!("BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: {hash}0\r\n\r\n"),
            format!("BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nno colon\r\nInfohash: {hash}\r\n\r\n"),
        ] {
            assert_eq!(Message::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_message_of_thousands_is_cut() {
        let lines: String = (0..1_000).map(|n| format!("Infohash: {n:040x}\r\n")).collect();
        let text = format!("BT-SEARCH * HTTP/1.1\r\nPort: 1\r\n{lines}\r\n");
        assert_eq!(Message::parse(text.as_bytes()).expect("a message").info_hashes.len(), MAX_INFO_HASHES);
    }
}
