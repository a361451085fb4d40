//! Trackers over HTTP (BEP 3, with BEP 7 and 23): one GET, a small bencoded answer, no redirects.

use std::{net::IpAddr, time::Duration};

use muster_domain::clean_line;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use reqwest::{Client, StatusCode, header};
use url::Url;

use super::announce::{Announce, Answer, Event, Failure, Identity};
use crate::{
    Reach,
    discovery::{
        bencode::Value,
        peers::{self, compact_v4, compact_v6},
    },
    origin::is_not_allowed,
};

/// Largest answer: 200 peers in the wordy form have 20 KB.
const MAX_ANSWER: usize = 128 * 1024;
const MAX_TRACKER_ID: usize = 256;
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Tells a tracker, and takes its answer.
pub(super) async fn announce(
    client: &Client,
    url: &Url,
    reach: Reach,
    announce: &Announce,
    identity: &Identity,
) -> Result<Answer, Failure> {
    let url = with_query(url, announce, identity);
    let sent = client.get(url).header(header::ACCEPT_ENCODING, "identity").send().await;
    let mut response =
        sent.map_err(|error| if is_not_allowed(&error) { Failure::Refused } else { Failure::Unreachable })?;
    // A redirect is no answer: it could lead anywhere, and a tracker can say where it is itself.
    if response.status() != StatusCode::OK {
        return Err(Failure::Protocol);
    }
    let mut body = vec![];
    while let Some(part) = response.chunk().await.map_err(|_| Failure::Unreachable)? {
        if body.len() + part.len() > MAX_ANSWER {
            return Err(Failure::Protocol);
        }
        body.extend_from_slice(&part);
    }
    read(&body, reach)
}

/// The address with what is told. Its own query stays: it holds the key of private trackers.
fn with_query(url: &Url, announce: &Announce, identity: &Identity) -> Url {
    let raw = |bytes: &[u8]| percent_encode(bytes, UNRESERVED).to_string();
    let mut query = format!(
        "info_hash={}&peer_id={}&port={}&uploaded=0&downloaded=0&left={}&compact=1&numwant={}&key={:08x}",
        raw(announce.info_hash.as_bytes()),
        raw(&identity.peer_id),
        announce.port(),
        announce.left,
        announce.wanted,
        identity.key,
    );
    match announce.event {
        Event::Nothing => {}
        Event::Started => query.push_str("&event=started"),
        Event::Completed => query.push_str("&event=completed"),
        Event::Stopped => query.push_str("&event=stopped"),
    }
    if let Some(tracker_id) = &announce.tracker_id {
        query.push_str("&trackerid=");
        query.push_str(&raw(tracker_id));
    }
    let mut url = url.clone();
    let query = match url.query() {
        Some(own) if !own.is_empty() => format!("{own}&{query}"),
        _ => query,
    };
    url.set_query(Some(&query));
    url.set_fragment(None);
    url
}

/// Reads an answer: total, whatever it holds.
fn read(body: &[u8], reach: Reach) -> Result<Answer, Failure> {
    let value = Value::parse(body).ok_or(Failure::Protocol)?;
    if let Some(reason) = value.get("failure reason").and_then(Value::bytes) {
        return Err(Failure::Said(clean_line(&String::from_utf8_lossy(reason), 200)));
    }
    let seconds = |key| {
        let seconds = value.get(key).and_then(Value::integer)?;
        u64::try_from(seconds).ok().map(Duration::from_secs)
    };
    let interval = seconds("interval");
    if interval.is_none() && value.get("peers").is_none() {
        return Err(Failure::Protocol);
    }
    let tracker_id = value.get("tracker id").and_then(Value::bytes).filter(|id| id.len() <= MAX_TRACKER_ID);
    let packed = |key| value.get(key).and_then(Value::bytes).unwrap_or_default();
    let wordy = value.get("peers").and_then(Value::list).unwrap_or_default();
    let named =
        compact_v4(packed("peers")).chain(compact_v6(packed("peers6"))).chain(wordy.iter().filter_map(peer));
    Ok(Answer {
        interval,
        min_interval: seconds("min interval"),
        tracker_id: tracker_id.map(<[u8]>::to_vec),
        peers: peers::dialable(named, reach),
    })
}

/// A peer in the wordy form. Names are not resolved.
fn peer(value: &Value<'_>) -> Option<std::net::SocketAddr> {
    let ip: IpAddr = std::str::from_utf8(value.get("ip")?.bytes()?).ok()?.parse().ok()?;
    let port = u16::try_from(value.get("port")?.integer()?).ok()?;
    Some((ip, port).into())
}

#[cfg(test)]
mod tests {
    use muster_domain::Sha1;
    use proptest::prelude::*;

    use super::*;

    fn announce() -> Announce {
        Announce {
            info_hash: Sha1([0xfe; 20]),
            event: Event::Started,
            port: Some(6_881),
            left: 5,
            wanted: 50,
            tracker_id: Some(b"a b".to_vec()),
        }
    }

    #[test]
    fn the_question_keeps_the_trackers_own_query() {
        let url = Url::parse("https://tracker.example/announce?passkey=x#y").expect("valid");
        let identity = Identity { peer_id: *b"-MU0010-abcdefghijkl", key: 7 };
        let url = with_query(&url, &announce(), &identity);
        let text = url.as_str();
        assert!(text.starts_with("https://tracker.example/announce?passkey=x&info_hash=%FE%FE"), "{text}");
        for part in [
            "peer_id=-MU0010-abcdefghijkl&",
            "&left=5&",
            "&event=started",
            "&trackerid=a%20b",
            "&key=00000007",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn answers_in_both_forms_are_read() {
        let compact =
            b"d8:intervali1800e12:min intervali60e5:peers12:\x01\x02\x03\x04\x1a\xe1\x7f\0\0\x01\x1a\xe1e";
        let answer = read(compact, Reach::Public).expect("an answer");
        assert_eq!(answer.peers, ["1.2.3.4:6881".parse().expect("valid")]);
        assert_eq!(answer.interval, Some(Duration::from_secs(1_800)));
        let wordy = b"d8:intervali9e5:peersld2:ip7:1.2.3.47:peer id1:x4:porti1eed2:ip9:localhost4:porti1eeee";
        assert_eq!(read(wordy, Reach::Public).expect("an answer").peers.len(), 1);
    }

    #[test]
    fn nonsense_is_refused() {
        let refused = |body: &[u8]| read(body, Reach::Public).expect_err("nonsense");
        assert_eq!(refused(b"d14:failure reason4:no\x1b!e"), Failure::Said(clean_line("no\x1b!", 200)));
        for body in [&b""[..], b"<html>", b"i5e", b"de", b"d8:intervali5e", b"l", b"d8:interval3:abce"] {
            assert_eq!(refused(body), Failure::Protocol, "{}", String::from_utf8_lossy(body));
        }
        let negative = read(b"d8:intervali-5e5:peersi7e6:peers6lee", Reach::Public).expect("an answer");
        assert_eq!(negative, Answer::default());
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..400), packed in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&body, Reach::Public);
            let answer = [b"d8:intervali1e5:peers", packed.len().to_string().as_bytes(), b":", &packed, b"e"].concat();
            let answer = read(&answer, Reach::Public).expect("an answer");
            prop_assert!(answer.peers.iter().all(|peer| Reach::of(peer.ip()) == Reach::Public));
        }
    }
}
