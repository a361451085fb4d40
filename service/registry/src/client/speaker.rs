//! Who speaks for a publisher: the chain of roles down to its own, checked against the layout.

use jiff::Timestamp;
use muster_domain::Publisher;

use super::Trust;
use crate::{
    Error, KeySet, PublicKey, Result, layout,
    tuf::{Delegation, Found, Reach, Session},
};

/// A publisher's role, loaded and verified in one session.
pub(super) struct Speaker<'a> {
    pub session: &'a Session,
    pub role: String,
    pub keys: KeySet,
    pub trust: Trust,
    pub now: Timestamp,
    pub reach: Reach,
}

impl<'a> Speaker<'a> {
    /// Loads the chain of roles down to the publisher and checks that it is the one the layout asks for.
    pub async fn load(
        session: &'a Session,
        publisher: &Publisher,
        now: Timestamp,
        reach: Reach,
    ) -> Result<Self> {
        let (keys, trust) = Self::admission(session, publisher, now, reach).await?;
        let role = layout::publisher_role(publisher);
        if !session.is_listed(&role) {
            return Err(Error::DelegatedMissing { role });
        }
        Ok(Self { session, role, keys, trust, now, reach })
    }

    /// Whose keys the name belongs to.
    pub async fn admission(
        session: &Session,
        publisher: &Publisher,
        now: Timestamp,
        reach: Reach,
    ) -> Result<(KeySet, Trust)> {
        let probe = layout::rotations_path(publisher);
        let (shard, recent) = (layout::shard_role(publisher), layout::new_role(publisher));
        let role = layout::publisher_role(publisher);
        // The verifier passes over roles that the snapshot leaves out. For a shard that would hand its publishers to
        // the online key, which signs both the snapshot and the `new-xx` roles.
        if session.delegation("targets", &shard, &probe).is_some() && !session.is_listed(&shard) {
            return Err(Error::DelegatedMissing { role: shard });
        }
        session.find(&probe, now, reach).await?;
        let by_shard = session.delegation(&shard, &role, &probe).map(|found| (found, Trust::Admitted));
        let by_recent = || session.delegation(&recent, &role, &probe).map(|found| (found, Trust::New));
        let Some((delegation, trust)) = by_shard.or_else(by_recent) else {
            return Err(Error::NotFound { what: publisher.to_string() });
        };
        Ok((keys_of(&role, &delegation)?, trust))
    }

    /// The target, if this role itself is the one that lists it first.
    pub async fn find(&self, path: &str) -> Result<Found> {
        let missing = || Error::NotFound { what: path.to_owned() };
        let found = self.session.find(path, self.now, self.reach).await?.ok_or_else(missing)?;
        if self.session.listed(&self.role, path).as_ref() != Some(&found) {
            return Err(Error::layout(&self.role, format!("another role speaks for {path}")));
        }
        Ok(found)
    }
}

/// The publisher's keys, all Ed25519, none weak, none twice; the search must end at the publisher.
fn keys_of(role: &str, delegation: &Delegation) -> Result<KeySet> {
    if !delegation.terminating {
        return Err(Error::layout(role, "the delegation does not end the search"));
    }
    let mut keys = Vec::new();
    for (scheme, public) in &delegation.keys {
        if scheme != "ed25519" {
            return Err(Error::layout(role, "a publisher signs with Ed25519"));
        }
        keys.push(PublicKey::from_hex(public).map_err(|error| Error::layout(role, error.to_string()))?);
    }
    let threshold = u32::try_from(delegation.threshold).unwrap_or(u32::MAX);
    KeySet::new(keys, threshold).map_err(|error| Error::layout(role, error.to_string()))
}
