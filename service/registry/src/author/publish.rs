//! A publisher's own signature: new releases, changed facts about old ones, hand-overs.

use std::collections::BTreeMap;

use muster_domain::{Archive, ArtifactRef, PublishedName, Publisher, Version};

use super::{
    Change, Files, Moment,
    document::{TargetEntry, Targets, check_signers, seal},
    state::State,
};
use crate::{
    Error, ReleaseCustom, Result, SigningKey,
    layout::{self, Sibling},
    pin::{MAX_RECORDS_FILE, Record},
    sha256,
};

/// A release to publish.
#[derive(Clone, Debug)]
pub struct Publication {
    /// What is signed about it. References to the siblings given below are filled in.
    pub description: ReleaseCustom,
    /// Size and hash of the package file.
    pub archive: Archive,
    /// Bytes of the files beside it; the manifest must be among them.
    pub siblings: BTreeMap<Sibling, Vec<u8>>,
}

/// What publishing asks the caller to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub change: Change,
    /// Where the package file goes, under the targets folder.
    pub archive_file: String,
}

/// Signs a release into the publisher's role.
///
/// Publishing the same bytes again renews the description; other bytes under the same version are refused.
pub fn publish(
    files: &dyn Files,
    publication: Publication,
    signers: &[&SigningKey],
    moment: Moment,
) -> Result<Published> {
    let Publication { mut description, archive, siblings } = publication;
    refer(&mut description, &siblings);
    let path = layout::archive_path(&description.package, &description.version);
    description.check(&path)?;
    if !siblings.contains_key(&Sibling::Manifest) {
        return Err(Error::description(&path, "the manifest is missing"));
    }
    let mut change = Change::default();
    let publisher = description.package.publisher.clone();
    let metadata = sign(files, &publisher, signers, moment, |role| {
        let published = role.targets.get(&path).and_then(TargetEntry::sha256);
        if published.is_some_and(|hash| hash != archive.sha256) {
            let what = format!("{} {}", description.package, description.version);
            return Err(Error::AlreadyPublished { what });
        }
        let entry = TargetEntry::new(archive.size, &archive.sha256, Some(description.to_custom()));
        role.targets.insert(path.clone(), entry);
        for (sibling, bytes) in &siblings {
            let (path, hash) = (sibling.path(&path), sha256(bytes));
            change.targets.push((layout::file_path(&path, &hash), bytes.clone()));
            role.targets.insert(path, TargetEntry::new(bytes.len() as u64, &hash, None));
        }
        Ok(())
    })?;
    change.metadata.push(metadata);
    Ok(Published { change, archive_file: layout::file_path(&path, &archive.sha256) })
}

fn refer(description: &mut ReleaseCustom, siblings: &BTreeMap<Sibling, Vec<u8>>) {
    let artifact = |sibling: Sibling| {
        siblings.get(&sibling).map(|bytes| ArtifactRef { sha256: sha256(bytes), size: bytes.len() as u64 })
    };
    if let Some(manifest) = artifact(Sibling::Manifest) {
        description.manifest = manifest;
    }
    description.entry_map = artifact(Sibling::EntryMap);
    description.block_list = artifact(Sibling::BlockList);
    description.torrent_file = artifact(Sibling::TorrentFile);
    description.display.icon = artifact(Sibling::Icon);
}

/// Changes what is signed about a published version: withdraw it, promote it, add origins. The archive stays.
pub fn amend(
    files: &dyn Files,
    (name, version): (&PublishedName, &Version),
    edit: impl FnOnce(&mut ReleaseCustom),
    signers: &[&SigningKey],
    moment: Moment,
) -> Result<Change> {
    let path = layout::archive_path(name, version);
    let metadata = sign(files, &name.publisher, signers, moment, |role| {
        let missing = || Error::NotFound { what: format!("{name} {version}") };
        let entry = role.targets.get_mut(&path).ok_or_else(missing)?;
        let mut description = ReleaseCustom::from_custom(&path, entry.custom.as_ref())?;
        edit(&mut description);
        description.check(&path)?;
        entry.custom = Some(description.to_custom());
        Ok(())
    })?;
    Ok(Change { targets: Vec::new(), metadata: vec![metadata] })
}

/// Publishes the complete list of hand-overs and revocations.
pub fn set_rotations(
    files: &dyn Files,
    publisher: &Publisher,
    records: &[Record],
    signers: &[&SigningKey],
    moment: Moment,
) -> Result<Change> {
    let bytes = Record::to_file(records)?;
    if bytes.len() as u64 > MAX_RECORDS_FILE {
        return Err(Error::TooLarge { file: "rotations.json".into(), limit: MAX_RECORDS_FILE });
    }
    let (path, hash) = (layout::rotations_path(publisher), sha256(&bytes));
    let metadata = sign(files, publisher, signers, moment, |role| {
        role.targets.insert(path.clone(), TargetEntry::new(bytes.len() as u64, &hash, None));
        Ok(())
    })?;
    Ok(Change { targets: vec![(layout::file_path(&path, &hash), bytes)], metadata: vec![metadata] })
}

/// The next version of the publisher's role, changed and signed.
fn sign(
    files: &dyn Files,
    publisher: &Publisher,
    signers: &[&SigningKey],
    moment: Moment,
    edit: impl FnOnce(&mut Targets) -> Result<()>,
) -> Result<(String, Vec<u8>)> {
    let state = State::open(files)?;
    let role = layout::publisher_role(publisher);
    let Some((_, keys)) = state.admission(publisher)? else {
        return Err(Error::NotAdmitted { publisher: publisher.to_string() });
    };
    check_signers(&role, &keys, signers)?;
    let lifetime = moment.lifetimes.publisher;
    let newest = state.newest_version(&role).unwrap_or(0);
    let mut document = match state.targets_signed_by(&role, &keys)? {
        Some(document) => document,
        None => Targets::new(1, moment.now, lifetime)?,
    };
    document.header.version = newest;
    edit(&mut document)?;
    document.header.renew(moment.now, lifetime)?;
    Ok((format!("{}.{role}.json", document.header.version), seal(&document, signers)?))
}
