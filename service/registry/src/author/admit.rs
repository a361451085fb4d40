//! Giving publishers a place: by the offline keys, or by the online key for newcomers.

use muster_domain::Publisher;

use super::{
    Change, Files, Moment,
    document::{DelegatedRole, Delegations, RoleKeys, Targets, add_keys, check_signers, key_set, seal},
    state::State,
};
use crate::{Error, KeySet, Result, SigningKey, layout};

/// Whether a publisher who has keys already may be given others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Refuse if the publisher has other keys here.
    First,
    /// Give the name other keys, after a loss. Whoever pinned the old ones is asked, unless those handed over.
    Recovery,
}

/// The keys of `targets` that sign an admission.
pub type Offline<'a> = [&'a SigningKey];

/// Admits a publisher under the offline keys. Until the publisher's first release is published, its role is delegated
/// but missing, which clients report as such.
pub fn admit(
    files: &dyn Files,
    (publisher, keys): (&Publisher, &KeySet),
    admission: Admission,
    signers: &Offline<'_>,
    moment: Moment,
) -> Result<Change> {
    let state = State::open(files)?;
    let offline = state.root.role("targets")?;
    check_signers("targets", &offline, signers)?;
    let shard = layout::shard_role(publisher);
    let lifetime = moment.lifetimes.targets;
    let mut change = Change::default();
    let mut top = state.top()?;
    state.check_newest("targets", &offline)?;
    if ensure_shard(&mut top, &shard, publisher, &offline) {
        top.header.renew(moment.now, lifetime)?;
        change.metadata.push((format!("{}.targets.json", top.header.version), seal(&top, signers)?));
    }
    let mut document = match state.targets(&shard)? {
        Some(mut document) => {
            state.check_newest(&shard, &offline)?;
            document.header.renew(moment.now, lifetime)?;
            document
        }
        None => Targets::new(1, moment.now, lifetime)?,
    };
    enter(&mut document, publisher, keys, admission)?;
    change.metadata.push((format!("{}.{shard}.json", document.header.version), seal(&document, signers)?));
    Ok(change)
}

/// Lets the online key introduce a publisher, at the lowest trust. Clients prefer an admission by the offline keys.
pub fn introduce(
    files: &dyn Files,
    (publisher, keys): (&Publisher, &KeySet),
    online: &SigningKey,
    moment: Moment,
) -> Result<Change> {
    let state = State::open(files)?;
    let role = layout::new_role(publisher);
    let delegations = state.top()?.delegations.unwrap_or_default();
    let Some(entry) = delegations.find(&role) else {
        return Err(Error::layout(role, "this registry was founded without a place for newcomers"));
    };
    let keys_of_role = key_set(&delegations.keys, &entry.signers)?;
    check_signers(&role, &keys_of_role, &[online])?;
    if state.admission(publisher)?.is_some_and(|(delegator, _)| delegator != role) {
        return Err(Error::AlreadyAdmitted { publisher: publisher.to_string() });
    }
    let lifetime = moment.lifetimes.newcomers;
    let mut document = match state.targets(&role)? {
        Some(mut document) => {
            state.check_newest(&role, &keys_of_role)?;
            document.header.renew(moment.now, lifetime)?;
            document
        }
        None => Targets::new(1, moment.now, lifetime)?,
    };
    enter(&mut document, publisher, keys, Admission::First)?;
    let name = format!("{}.{role}.json", document.header.version);
    Ok(Change { targets: Vec::new(), metadata: vec![(name, seal(&document, &[online])?)] })
}

/// Delegates the shard if it is new. Shards stand before everything online: the first match speaks.
fn ensure_shard(top: &mut Targets, shard: &str, publisher: &Publisher, offline: &KeySet) -> bool {
    let delegations = top.delegations.get_or_insert_default();
    if delegations.find(shard).is_some_and(|entry| entry.signers == RoleKeys::of(offline)) {
        return false;
    }
    delegations.roles.retain(|entry| entry.name != shard);
    add_keys(&mut delegations.keys, offline);
    let pattern = layout::shard_pattern(&layout::shard_of(publisher));
    let entry = DelegatedRole {
        name: shard.to_owned(),
        signers: RoleKeys::of(offline),
        terminating: false,
        paths: vec![pattern],
    };
    let earlier = |role: &DelegatedRole| role.name.starts_with("shard-") && role.name.as_str() < shard;
    let place = delegations.roles.iter().take_while(|role| earlier(role)).count();
    delegations.roles.insert(place, entry);
    delegations.tidy();
    true
}

/// Puts the publisher into a shard or among the newcomers.
fn enter(document: &mut Targets, publisher: &Publisher, keys: &KeySet, admission: Admission) -> Result<()> {
    let role = layout::publisher_role(publisher);
    let delegations: &mut Delegations = document.delegations.get_or_insert_default();
    if delegations.find(&role).is_some() && admission == Admission::First {
        return Err(Error::AlreadyAdmitted { publisher: publisher.to_string() });
    }
    delegations.roles.retain(|entry| entry.name != role);
    add_keys(&mut delegations.keys, keys);
    delegations.roles.push(DelegatedRole {
        name: role,
        signers: RoleKeys::of(keys),
        terminating: true,
        paths: vec![layout::publisher_pattern(publisher)],
    });
    delegations.roles.sort_by(|a, b| a.name.cmp(&b.name));
    delegations.tidy();
    Ok(())
}
