//! The yearly work of the offline keys: sign root, `targets` and shards again, perhaps for other keys.
//!
//! A new root is signed by the old and the new maintainers, as TUF asks. After a change of the online key its roles
//! start anew: the next [`super::refresh`] with the new key ignores what the old one signed, newcomers included, because
//! a change of that key usually means that somebody else had it.

use super::{
    Change, Files, Moment,
    document::{KeyTable, RoleKeys, Root, Targets, add_keys, check_signers, seal},
    state::State,
};
use crate::{KeySet, PublicKey, Result, SigningKey};

/// The keys of a registry from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    pub root: KeySet,
    pub targets: KeySet,
    pub online: PublicKey,
}

/// Signs everything offline again. `succession` changes keys; without it they stay as they are.
///
/// `signers` are the offline keys at hand: enough of the old root's, the new root's and the new `targets`'.
pub fn renew(
    files: &dyn Files,
    succession: Option<&Succession>,
    signers: &[&SigningKey],
    moment: Moment,
) -> Result<Change> {
    let state = State::open(files)?;
    let (old_root, old_targets) = (state.root.role("root")?, state.root.role("targets")?);
    let next = match succession {
        Some(succession) => succession.clone(),
        None => current(&state, &old_root, &old_targets)?,
    };
    let mut change = Change::default();
    let signing = |sets: &[&KeySet]| -> Vec<&SigningKey> {
        signers.iter().copied().filter(|key| sets.iter().any(|set| set.contains(&key.public()))).collect()
    };
    check_signers("root", &old_root, &signing(&[&old_root]))?;
    check_signers("root", &next.root, &signing(&[&next.root]))?;
    let by_targets = signing(&[&next.targets]);
    check_signers("targets", &next.targets, &by_targets)?;

    let online = KeySet::single(next.online);
    let root = next_root(&state.root, &next, &online, moment)?;
    let by_roots = signing(&[&old_root, &next.root]);
    change.metadata.push((format!("{}.root.json", root.header.version), seal(&root, &by_roots)?));
    let top = next_targets(&state, (&old_targets, &next.targets), &online, moment)?;
    change.metadata.push((format!("{}.targets.json", top.header.version), seal(&top, &by_targets)?));
    for (shard, _) in
        state.delegated_by("targets")?.into_iter().filter(|(role, _)| role.name.starts_with("shard-"))
    {
        state.check_newest(&shard.name, &old_targets)?;
        let Some(mut document) = state.targets(&shard.name)? else { continue };
        document.header.renew(moment.now, moment.lifetimes.targets)?;
        let name = format!("{}.{}.json", document.header.version, shard.name);
        change.metadata.push((name, seal(&document, &by_targets)?));
    }
    Ok(change)
}

fn next_root(old: &Root, next: &Succession, online: &KeySet, moment: Moment) -> Result<Root> {
    let mut root = old.clone();
    root.header.renew(moment.now, moment.lifetimes.root)?;
    root.keys = KeyTable::new();
    for (role, keys) in
        [("root", &next.root), ("targets", &next.targets), ("snapshot", online), ("timestamp", online)]
    {
        add_keys(&mut root.keys, keys);
        root.roles.insert(role.to_owned(), RoleKeys::of(keys));
    }
    Ok(root)
}

fn next_targets(
    state: &State<'_>,
    (old, next): (&KeySet, &KeySet),
    online: &KeySet,
    moment: Moment,
) -> Result<Targets> {
    state.check_newest("targets", old)?;
    let mut top = state.top()?;
    let delegations = top.delegations.get_or_insert_default();
    add_keys(&mut delegations.keys, next);
    add_keys(&mut delegations.keys, online);
    for entry in &mut delegations.roles {
        let offline = entry.name.starts_with("shard-");
        entry.signers = RoleKeys::of(if offline { next } else { online });
    }
    delegations.tidy();
    top.header.renew(moment.now, moment.lifetimes.targets)?;
    Ok(top)
}

fn current(state: &State<'_>, root: &KeySet, targets: &KeySet) -> Result<Succession> {
    let online = state.root.role("timestamp")?;
    let key = online.keys().next().copied().ok_or_else(|| crate::Error::key("the timestamp has no key"))?;
    Ok(Succession { root: root.clone(), targets: targets.clone(), online: key })
}
