//! Looking targets up again without verifying again.
//!
//! The verifier checks the signatures of every role on the way with each look-up, over all that a role lists: a publisher with
//! five hundred packages would be hashed whole for each of them, twice. What is loaded in a session is never replaced in it,
//! so a signature that was good stays good. A look-up is answered from here if the search comes, by the verifier's own
//! order, through nothing but delegations that a search of the verifier has come through before, and if nothing on the way
//! has run out. Everything else is the verifier's.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use sigstore_tuf::TrustedMetadataSet;

use super::found::Found;

/// A role, and the one that empowers it here.
type Delegated = (String, String);

/// Names that a delegation may not use.
const TOP_LEVEL: [&str; 4] = ["root", "timestamp", "snapshot", "targets"];

/// The delegations whose signatures were verified in a session.
#[derive(Debug, Default)]
pub(super) struct Proven(HashSet<Delegated>);

/// What a search comes through, and what it finds.
struct Walk {
    through: Vec<Delegated>,
    /// When the first of these roles runs out.
    expires: Timestamp,
    found: Option<Found>,
}

impl Proven {
    /// After a search of the verifier that ended well.
    pub fn learn(&mut self, trusted: &TrustedMetadataSet, path: &str, limit: u32) {
        self.0.extend(walk(trusted, path, limit).into_iter().flat_map(|walk| walk.through));
    }

    /// What the verifier would answer; `None` where it has to be asked.
    pub fn recall(
        &self,
        trusted: &TrustedMetadataSet,
        path: &str,
        limit: u32,
        now: Timestamp,
    ) -> Option<Option<Found>> {
        trusted.check_root_expired(now).ok()?;
        trusted.check_timestamp_expired(now).ok()?;
        trusted.check_snapshot_expired(now).ok()?;
        let walk = walk(trusted, path, limit)?;
        let is_proven = now < walk.expires && walk.through.iter().all(|delegated| self.0.contains(delegated));
        is_proven.then_some(walk.found)
    }
}

/// The search of the TUF specification (5.6.7), over what is loaded; `None` where it would come to something that is not.
fn walk(trusted: &TrustedMetadataSet, path: &str, limit: u32) -> Option<Walk> {
    let snapshot = trusted.snapshot()?;
    let expires = trusted.targets_role("targets")?.expires;
    let mut walk = Walk { through: Vec::new(), expires, found: None };
    let mut waiting: Vec<Delegated> = vec![("targets".to_owned(), "root".to_owned())];
    let mut visited: BTreeSet<String> = BTreeSet::new();
    let mut steps = 0;
    while !waiting.is_empty() {
        let (role, delegator) = waiting.remove(0);
        if visited.contains(&role) {
            continue;
        }
        steps += 1;
        if steps > limit {
            return None;
        }
        let Some(targets) = trusted.targets_role(&role) else {
            if snapshot.meta.contains_key(&format!("{role}.json")) {
                return None;
            }
            // The snapshot does not name it: it is passed over.
            continue;
        };
        if role != "targets" {
            walk.through.push((role.clone(), delegator));
            walk.expires = walk.expires.min(targets.expires);
        }
        if let Some(target) = targets.target(path) {
            walk.found = Some(Found::new(path, target));
            return Some(walk);
        }
        let mut next = Vec::new();
        for child in targets.delegations.iter().flat_map(|delegations| &delegations.roles) {
            if TOP_LEVEL.contains(&child.name.as_str()) || !child.matches_path(path).ok()? {
                continue;
            }
            next.push((child.name.clone(), role.clone()));
            if child.terminating {
                waiting.clear();
                break;
            }
        }
        next.append(&mut waiting);
        waiting = next;
        visited.insert(role);
    }
    Some(walk)
}
