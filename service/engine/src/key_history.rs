//! The keys of a publisher, one after the other, as this machine saw them. Pure: the store keeps what happened.
//!
//! It says what was seen here and nothing of before: a publisher may be older than the first install.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_domain::{Publisher, Sha256, SourceId};
use muster_registry::{PublicKey, pin::Pin};
use muster_store::state::{KeyEvent, KeyEventKind};

use crate::Engine;

/// One key set of a publisher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPeriod {
    pub key: Sha256,
    /// How it came: `pinned`, `handed-over`, `decided`, `changed` or `shown`.
    pub how: KeyEventKind,
    pub since: Timestamp,
    /// When it stopped counting, and what came in its place.
    pub replaced: Option<(Timestamp, Sha256)>,
    /// When this machine learned that its owner withdrew one of its keys.
    pub withdrawn: Option<Timestamp>,
}

/// The periods of these events, newest first. `withdrawn` are all keys that were ever withdrawn.
fn periods(events: &[KeyEvent], withdrawn: &BTreeMap<PublicKey, Timestamp>) -> Vec<KeyPeriod> {
    let is_shown = |event: &&KeyEvent| event.kind == KeyEventKind::Shown;
    let accepted = |event: &&KeyEvent| event.kind != KeyEventKind::Shown;
    let mut found: Vec<KeyPeriod> = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let later = &events[at + 1..];
        // What was shown first and accepted later is told once, as what it became.
        if is_shown(&event) && later.iter().any(|other| other.fingerprint == event.fingerprint) {
            continue;
        }
        let next = later.iter().find(accepted).filter(|_| !is_shown(&event));
        let keys = serde_json::from_value::<Pin>(event.keys.clone()).ok();
        let gone = keys.iter().flat_map(|pin| pin.keys.keys()).filter_map(|key| withdrawn.get(key)).min();
        found.push(KeyPeriod {
            key: event.fingerprint,
            how: event.kind,
            since: event.at,
            replaced: next.map(|next| (next.at, next.fingerprint)),
            withdrawn: gone.copied(),
        });
    }
    found.reverse();
    found
}

impl Engine {
    /// The keys of a publisher as this machine saw them, newest first; nothing where none of theirs was installed.
    pub(crate) async fn key_history(&self, source: &SourceId, publisher: &Publisher) -> Vec<KeyPeriod> {
        let read = async {
            let events = self.state().pins().events(source, publisher).await?;
            let withdrawn = self.state().pins().withdrawn().await?.into_iter();
            let withdrawn = withdrawn.filter_map(|(key, at)| Some((key.parse().ok()?, at))).collect();
            Ok::<_, muster_store::Error>(periods(&events, &withdrawn))
        };
        read.await.unwrap_or_else(|error| {
            tracing::warn!(%publisher, %error, "what happened to a publisher's keys cannot be read");
            Vec::new()
        })
    }
}

#[cfg(test)]
mod tests {
    use muster_registry::{KeySet, SigningKey};

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn public(seed: u8) -> PublicKey {
        SigningKey::from_seed([seed; 32]).public()
    }

    fn event(seed: u8, kind: KeyEventKind, second: i64) -> KeyEvent {
        let pin = Pin { keys: KeySet::single(public(seed)), sequence: 0 };
        let fingerprint = pin.keys.fingerprint();
        KeyEvent { at: at(second), kind, fingerprint, keys: serde_json::to_value(pin).unwrap() }
    }

    fn print(seed: u8) -> Sha256 {
        KeySet::single(public(seed)).fingerprint()
    }

    #[test]
    fn keys_follow_each_other_newest_first_with_what_replaced_them() {
        let events = [
            event(1, KeyEventKind::Pinned, 10),
            event(2, KeyEventKind::HandedOver, 20),
            event(3, KeyEventKind::Shown, 30),
            event(3, KeyEventKind::Decided, 40),
            event(4, KeyEventKind::Shown, 50),
        ];
        let withdrawn = BTreeMap::from([(public(1), at(25))]);
        let told: Vec<_> = periods(&events, &withdrawn)
            .into_iter()
            .map(|one| (one.key, one.how.as_str(), one.since, one.replaced, one.withdrawn))
            .collect();
        assert_eq!(
            told,
            [
                (print(4), "shown", at(50), None, None),
                (print(3), "decided", at(40), None, None),
                (print(2), "handed-over", at(20), Some((at(40), print(3))), None),
                (print(1), "pinned", at(10), Some((at(20), print(2))), Some(at(25))),
            ]
        );
        assert_eq!(periods(&[], &withdrawn), []);
    }

    #[test]
    fn a_key_that_comes_back_is_told_twice() {
        let events = [
            event(1, KeyEventKind::Pinned, 10),
            event(2, KeyEventKind::Decided, 20),
            event(1, KeyEventKind::Decided, 30),
        ];
        let told = periods(&events, &BTreeMap::new());
        assert_eq!(told.iter().map(|one| one.key).collect::<Vec<_>>(), [print(1), print(2), print(1)]);
        assert_eq!(told[2].replaced, Some((at(20), print(2))));
    }
}
