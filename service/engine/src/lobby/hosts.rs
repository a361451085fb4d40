//! Hosts whose lobbies are joined without asking, known by a key that they keep.
//!
//! A name says nothing and is never compared. What the player allowed holds where everything that would come is of a
//! verified publisher whom the player has something of already, and nothing else has to be decided ([`asks`]).

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::{LockedPackage, Publisher, SourceId};
use muster_registry::PublicKey;
use serde::{Deserialize, Serialize};

use super::LobbyError;
use crate::{Engine, EngineError, Key, PlanView, Signal};

/// Most hosts that are remembered.
const MOST: usize = 100;

/// A host whose lobbies are joined without asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownHost {
    pub key: PublicKey,
    /// What the lobby was called in which that was said; for people.
    pub lobby: String,
    pub since: Timestamp,
}

/// Who publishes a package, where its source has publishers.
pub(super) fn publisher(key: &Key) -> Option<(SourceId, Publisher)> {
    key.source.registry_root()?;
    Some((key.source.clone(), key.id.published().ok()?.publisher))
}

/// Whether a plan needs a look even where the player allowed the host. Pure.
fn asks(plan: &PlanView, known: &BTreeSet<(SourceId, Publisher)>) -> bool {
    let is_familiar = |key: &Key| publisher(key).is_some_and(|publisher| known.contains(&publisher));
    !plan.notices.is_empty() || !plan.items.iter().all(|item| item.is_admitted && is_familiar(&item.key))
}

impl Engine {
    /// Whether joining has to be asked about, whoever the host is.
    pub(super) async fn joining_asks(&self, plan: Option<&PlanView>) -> Result<bool, EngineError> {
        let Some(plan) = plan else { return Ok(true) };
        let guest = self.guest().await?.map(|guest| guest.profile);
        let profiles = self.state().profiles().all().await?;
        let own = profiles.iter().filter(|profile| Some(profile.id) != guest);
        let locked = own.flat_map(|profile| &profile.lock.packages);
        let known = locked.filter_map(|package: &LockedPackage| publisher(&Key::of(package))).collect();
        Ok(asks(plan, &known))
    }

    /// Hosts whose lobbies are joined without asking.
    pub(super) async fn known_hosts(&self) -> Result<Vec<KnownHost>, EngineError> {
        Ok(self.record(super::record::HOSTS).await?.unwrap_or_default())
    }

    /// A host's lobbies are joined without asking from now on.
    pub(super) async fn remember_host(&self, key: PublicKey, lobby: &str) -> Result<(), EngineError> {
        let mut hosts = self.known_hosts().await?;
        hosts.retain(|host| host.key != key);
        hosts.push(KnownHost { key, lobby: lobby.to_owned(), since: Timestamp::now() });
        let surplus = hosts.len().saturating_sub(MOST);
        hosts.drain(..surplus);
        self.write_record(super::record::HOSTS, Some(hosts)).await
    }

    /// A host's lobbies are asked about again.
    pub async fn forget_host(&self, key: &PublicKey) -> Result<(), EngineError> {
        let _turn = self.inner.lobbies.turn.lock().await;
        let mut hosts = self.known_hosts().await?;
        let before = hosts.len();
        hosts.retain(|host| host.key != *key);
        if hosts.len() == before {
            return Err(LobbyError::UnknownHost.into());
        }
        self.write_record(super::record::HOSTS, Some(hosts)).await?;
        self.signal(Signal::Lobbies);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use muster_domain::{PackageId, ProfileId};

    use super::*;
    use crate::{Action, PlanItem, Reason};

    fn key(id: &str) -> Key {
        let id: PackageId = id.parse().expect("an id");
        Key { source: format!("reg-{}", "ab".repeat(32)).parse().expect("a source"), id }
    }

    fn item(id: &str, is_admitted: bool) -> PlanItem {
        PlanItem {
            action: Action::Add,
            key: key(id),
            title: id.to_owned(),
            publisher: String::new(),
            from: None,
            to: None,
            size: 1,
            here: 0,
            needed_by: vec![],
            for_features: vec![],
            license: None,
            is_admitted,
        }
    }

    fn plan(items: Vec<PlanItem>) -> PlanView {
        PlanView {
            profile: ProfileId(uuid::Uuid::nil()),
            digest: String::new(),
            items,
            remembers: false,
            keeps: 0,
            download: 0,
            here: 0,
            unpacked: 0,
            notices: vec![],
            offers: vec![],
            features: vec![],
        }
    }

    #[test]
    fn only_what_is_verified_and_of_known_publishers_comes_without_asking() {
        let known: BTreeSet<_> = publisher(&key("alice/lamp")).into_iter().collect();
        assert!(!asks(&plan(vec![item("alice/lamp", true), item("alice/tide", true)]), &known));
        assert!(
            asks(&plan(vec![item("alice/lamp", true), item("bobby/tide", true)]), &known),
            "a new publisher"
        );
        assert!(asks(&plan(vec![item("alice/tide", false)]), &known), "an unverified package");
        assert!(asks(&plan(vec![item("Tanks", true)]), &known), "nobody is named");
        let mut noticed = plan(vec![item("alice/lamp", true)]);
        noticed.notices = vec![(Reason::new("advised"), false)];
        assert!(asks(&noticed, &known), "something to know first");
        let source = format!("reg-{}", "cd".repeat(32)).parse().expect("a source");
        let elsewhere = [(source, "alice".parse().expect("a name"))].into();
        assert!(asks(&plan(vec![item("alice/lamp", true)]), &elsewhere), "the same name in another source");
    }
}
