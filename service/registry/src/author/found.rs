//! A new, empty registry.

use std::collections::BTreeMap;

use super::{
    Change, Moment,
    document::{
        DelegatedRole, Delegations, Header, Listing, MetaFile, RoleKeys, Root, Targets, add_keys,
        check_signers, seal,
    },
};
use crate::{KeySet, PublicKey, Result, SigningKey, layout};

/// Who holds which keys of a new registry.
pub struct Founding<'a> {
    /// Offline keys of the maintainers, and how many of them change the root.
    pub root: &'a KeySet,
    /// Offline keys that admit publishers; often the same.
    pub targets: &'a KeySet,
    /// The keys of both sets that sign now.
    pub offline: &'a [&'a SigningKey],
    /// The key of the daily refresh.
    pub online: &'a SigningKey,
    /// Whether the online key may introduce publishers who were not admitted yet (256 more delegations, 45 KB).
    pub newcomers: bool,
}

/// Writes a new registry: root, targets, an empty catalogue, snapshot and timestamp.
///
/// `1.root.json` is what clients start from; its SHA-256 is the registry's identity.
pub fn found(founding: &Founding<'_>, moment: Moment) -> Result<Change> {
    let online = KeySet::single(founding.online.public());
    let signers = |keys: &KeySet| -> Vec<&SigningKey> {
        founding.offline.iter().copied().filter(|key| keys.contains(&key.public())).collect()
    };
    let (root_signers, targets_signers) = (signers(founding.root), signers(founding.targets));
    check_signers("root", founding.root, &root_signers)?;
    check_signers("targets", founding.targets, &targets_signers)?;
    let root = root(founding, &online, moment)?;
    let targets = targets(founding, &online, moment)?;
    let catalog = Targets::new(1, moment.now, moment.lifetimes.catalog)?;
    let listed = ["targets.json", "catalog.json"].map(|name| (name.to_owned(), MetaFile { version: 1 }));
    let snapshot = listing("snapshot", BTreeMap::from(listed), moment)?;
    let snapshot_meta = BTreeMap::from([("snapshot.json".to_owned(), MetaFile { version: 1 })]);
    let timestamp = listing("timestamp", snapshot_meta, moment)?;
    let metadata = vec![
        ("1.root.json".to_owned(), seal(&root, &root_signers)?),
        ("1.targets.json".to_owned(), seal(&targets, &targets_signers)?),
        ("1.catalog.json".to_owned(), seal(&catalog, &[founding.online])?),
        ("1.snapshot.json".to_owned(), seal(&snapshot, &[founding.online])?),
        ("timestamp.json".to_owned(), seal(&timestamp, &[founding.online])?),
    ];
    Ok(Change { targets: Vec::new(), metadata })
}

fn root(founding: &Founding<'_>, online: &KeySet, moment: Moment) -> Result<Root> {
    let assigned =
        [("root", founding.root), ("targets", founding.targets), ("snapshot", online), ("timestamp", online)];
    let mut keys = BTreeMap::new();
    for (_, set) in assigned {
        add_keys(&mut keys, set);
    }
    Ok(Root {
        header: Header::new("root", 1, moment.now, moment.lifetimes.root)?,
        consistent_snapshot: true,
        keys,
        roles: assigned.into_iter().map(|(role, set)| (role.to_owned(), RoleKeys::of(set))).collect(),
        extra: serde_json::Map::new(),
    })
}

fn targets(founding: &Founding<'_>, online: &KeySet, moment: Moment) -> Result<Targets> {
    let mut targets = Targets::new(1, moment.now, moment.lifetimes.targets)?;
    let mut delegations = Delegations::default();
    add_keys(&mut delegations.keys, online);
    let online_role = |name: String, pattern: String| DelegatedRole {
        name,
        signers: RoleKeys { keyids: vec![PublicKey::key_id(&founding.online.public())], threshold: 1 },
        terminating: false,
        paths: vec![pattern],
    };
    if founding.newcomers {
        let shards = (0..=255).map(|byte: u8| format!("{byte:02x}"));
        delegations
            .roles
            .extend(shards.map(|xx| online_role(format!("new-{xx}"), layout::shard_pattern(&xx))));
    }
    delegations.roles.push(online_role(layout::CATALOG_ROLE.into(), layout::CATALOG_PATTERN.into()));
    targets.delegations = Some(delegations);
    Ok(targets)
}

fn listing(kind: &str, meta: BTreeMap<String, MetaFile>, moment: Moment) -> Result<Listing> {
    Ok(Listing { header: Header::new(kind, 1, moment.now, moment.lifetimes.online)?, meta })
}
