//! Who may speak for a package: pins of publishers' keys, and the player's decisions about changed ones.

use jiff::Timestamp;
use muster_domain::{LockedPackage, Publisher, Sha256, SourceId};
use muster_registry::{
    PublisherFacts, Trust,
    layout::rotations_path,
    pin::{Decision, MAX_RECORDS_FILE, Pin, Record, decide, revocations},
};
use muster_store::state::{KeyEventKind, Pin as StoredPin, PinCandidate};
use serde::{Deserialize, Serialize};

use crate::{Engine, EngineError, Signal, key_history::KeyPeriod};

/// What is known about a publisher's keys, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustView {
    /// The keys that the source shows now.
    pub key: Option<Sha256>,
    /// When this machine first accepted the publisher.
    pub pinned: Option<Timestamp>,
    /// The keys that were accepted, where they are others.
    pub pinned_key: Option<Sha256>,
    /// Whether the pinned keys handed over to the shown ones.
    pub is_rotated: bool,
    pub is_revoked: bool,
    /// Admitted by the registry's offline keys.
    pub is_admitted: bool,
    /// Its keys as this machine saw them, newest first.
    pub history: Vec<KeyPeriod>,
}

impl TrustView {
    /// Whether nothing new may be taken from the publisher.
    pub fn is_blocked(&self) -> bool {
        self.is_revoked || (self.pinned_key.is_some() && !self.is_rotated)
    }
}

/// A fingerprint in words that can be read aloud.
pub fn words(fingerprint: &Sha256) -> String {
    muster_registry::words(fingerprint)
}

/// Keys that were judged with a plan, to be pinned when the plan is carried out: those and no others, whatever the
/// registry shows by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedPin {
    pub source: SourceId,
    pub publisher: Publisher,
    /// What was pinned when it was judged.
    pub before: Option<Pin>,
    pub pin: Pin,
}

/// A pin that cannot be read is not "no pin": that would let anybody in.
fn keys_of(stored: &StoredPin) -> Result<Pin, EngineError> {
    serde_json::from_value(stored.keys.clone())
        .map_err(|_| EngineError::Internal("a publisher's pinned keys cannot be read"))
}

fn candidate(pin: &Pin, now: Timestamp) -> Result<PinCandidate, EngineError> {
    let keys = serde_json::to_value(pin).map_err(|_| EngineError::Internal("a pin is not JSON"))?;
    Ok(PinCandidate {
        fingerprint: pin.keys.fingerprint(),
        keys,
        threshold: pin.keys.threshold(),
        seen_at: now,
    })
}

impl Engine {
    /// The pinned keys of a publisher.
    pub(crate) async fn pin(
        &self,
        source: &SourceId,
        publisher: &Publisher,
    ) -> Result<Option<Pin>, EngineError> {
        self.state().pins().get(source, publisher).await?.as_ref().map(keys_of).transpose()
    }

    /// What the registry shows of a publisher, and what that means here. A change that needs the player's decision is
    /// written down, so that it stays visible.
    pub(crate) async fn pin_decision(
        &self,
        source: &SourceId,
        publisher: &Publisher,
        now: Timestamp,
    ) -> Result<Decision, EngineError> {
        let pin = self.pin(source, publisher).await?;
        let (facts, decision) = self.look_at_publisher(source, publisher, pin.as_ref(), now).await?;
        if let Decision::Blocked { .. } = decision {
            let shown = candidate(&Pin { keys: facts.keys, sequence: 0 }, now)?;
            self.state().pins().block(source, publisher, Some(shown)).await?;
        }
        Ok(decision)
    }

    async fn look_at_publisher(
        &self,
        source: &SourceId,
        publisher: &Publisher,
        pin: Option<&Pin>,
        now: Timestamp,
    ) -> Result<(PublisherFacts, Decision), EngineError> {
        let registry = self.catalog().registry(source)?;
        let facts = registry.client().publisher(now, publisher).await?;
        let records = self.rotations(source, publisher, now).await?;
        let withdrawn: Vec<String> = revocations(&records).iter().map(ToString::to_string).collect();
        if !withdrawn.is_empty() {
            // A key that its owner withdrew is worth nothing in any registry, from now on.
            self.state().pins().revoke(source, withdrawn, now).await?;
        }
        let revoked = self.state().pins().revoked().await?;
        let revoked = revoked.iter().filter_map(|key| key.parse().ok()).collect();
        let decision = decide(pin, &facts.keys, &records, &revoked);
        Ok((facts, decision))
    }

    /// A publisher's hand-overs and revocations; what was read once is kept under its signed hash.
    async fn rotations(
        &self,
        source: &SourceId,
        publisher: &Publisher,
        now: Timestamp,
    ) -> Result<Vec<Record>, EngineError> {
        let registry = self.catalog().registry(source)?;
        match registry.client().target(now, &rotations_path(publisher)).await {
            Ok(target) => {
                let bytes = self.catalog().small_file(source, &target, MAX_RECORDS_FILE, now).await?;
                Ok(Record::parse_file(&bytes)?)
            }
            Err(muster_registry::Error::NotFound { .. }) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a package is here and was signed by the keys that are pinned, none of which was withdrawn.
    pub(crate) async fn is_known_here(&self, package: &LockedPackage, publisher: &Publisher) -> bool {
        if !self.is_here(&package.archive.sha256) {
            return false;
        }
        let Ok(Some(pin)) = self.pin(&package.source, publisher).await else { return false };
        let Ok(revoked) = self.state().pins().revoked().await else { return false };
        let is_withdrawn = pin.keys.keys().any(|key| revoked.contains(&key.to_string()));
        !is_withdrawn && package.publisher_key == Some(pin.keys.fingerprint())
    }

    /// What the package page says about the publisher.
    pub(crate) async fn trust_view(&self, source: &SourceId, publisher: &Publisher) -> TrustView {
        let Ok(stored) = self.state().pins().get(source, publisher).await else {
            return TrustView::default();
        };
        let pinned = stored.as_ref().map(|pin| pin.first_seen);
        let Ok(pin) = stored.as_ref().map(keys_of).transpose() else { return TrustView::default() };
        let history = self.key_history(source, publisher).await;
        match self.look_at_publisher(source, publisher, pin.as_ref(), Timestamp::now()).await {
            Ok((facts, decision)) => TrustView {
                key: Some(facts.keys.fingerprint()),
                pinned,
                pinned_key: match &decision {
                    Decision::Blocked { pinned, .. } => Some(*pinned),
                    _ => None,
                },
                is_rotated: matches!(decision, Decision::Rotated(_)),
                is_revoked: matches!(decision, Decision::Revoked { .. }),
                is_admitted: facts.trust == Trust::Admitted,
                history,
            },
            // Offline: what was pinned is still known.
            Err(_) => {
                TrustView { key: stored.map(|pin| pin.fingerprint), pinned, history, ..TrustView::default() }
            }
        }
    }

    /// After a change: a publisher is pinned, or follows its own hand-over. A decision that the player took meanwhile
    /// stands.
    pub(crate) async fn accept_publisher(&self, agreed: &AgreedPin) -> Result<(), EngineError> {
        let AgreedPin { source, publisher, before, pin } = agreed;
        let now = Timestamp::now();
        let current = self.pin(source, publisher).await?;
        if current == Some(pin.clone()) || current != *before {
            return Ok(());
        }
        let shown = candidate(pin, now)?;
        if before.is_some() {
            return Ok(self
                .state()
                .pins()
                .rotate(source, publisher, shown, KeyEventKind::HandedOver)
                .await?);
        }
        let pin = StoredPin {
            source: source.clone(),
            publisher: publisher.clone(),
            fingerprint: shown.fingerprint,
            keys: shown.keys,
            threshold: shown.threshold,
            first_seen: now,
            changed_at: now,
            candidate: None,
        };
        Ok(self.state().pins().pin(pin).await?)
    }

    /// The player trusts a publisher's new keys: exactly those with this fingerprint, which the registry must show and
    /// their owner must not have withdrawn.
    pub async fn decide_key(
        &self,
        source: &SourceId,
        publisher: &Publisher,
        key: &Sha256,
    ) -> Result<(), EngineError> {
        let now = Timestamp::now();
        let (facts, decision) = self.look_at_publisher(source, publisher, None, now).await?;
        if facts.keys.fingerprint() != *key {
            return Err(EngineError::UnknownKey { publisher: publisher.to_string() });
        }
        // As a newcomer would see it: with the number of the last hand-over, so that older ones stay replays.
        let pin = decision.into_result(publisher, None)?;
        self.state().pins().rotate(source, publisher, candidate(&pin, now)?, KeyEventKind::Decided).await?;
        self.signal(Signal::Catalog(source.clone()));
        Ok(())
    }
}
