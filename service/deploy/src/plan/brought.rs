//! Files of the player's that shall be as they once were.
//!
//! | shall be | on the disk | done |
//! |---|---|---|
//! | a version | nothing | put |
//! | a version | the same | nothing |
//! | a version | another one, which it may take the place of | kept aside, put |
//! | nothing | what may go | kept aside |
//! | anything | something that somebody wrote since | stays |

use super::{Action, After, Blocked, Decision, Expected, Put, Step, Take};
use crate::{Brought, Room, Source, Spot, facts::Found};

pub(super) fn decide(brought: &Brought, found: Option<&Found>) -> Decision {
    match found {
        Some(Found::File { at, size, stamp, sha256 }) => {
            let is_wanted = brought.version.as_ref().is_some_and(|version| version.sha256 == *sha256);
            let may_go = brought.room == Room::Any || brought.room == Room::Only(Some(*sha256));
            let expected = Expected { size: *size, stamp: *stamp, sha256: *sha256 };
            let step = (!is_wanted && may_go).then(|| step(brought, at, Some(expected)));
            Decision { step, ..Decision::default() }
        }
        Some(Found::Nothing { at, missing }) if brought.version.is_some() => {
            let spot = |at: &String| Spot { place: brought.place.clone(), at: at.clone() };
            let missing = missing.iter().map(spot).collect();
            Decision { step: Some(step(brought, at, None)), missing, ..Decision::default() }
        }
        Some(Found::Blocked { at, by }) if brought.version.is_some() => {
            let blocked = Blocked { place: brought.place.clone(), at: at.clone(), by: *by };
            Decision { blocked: Some(blocked), ..Decision::default() }
        }
        _ => Decision::default(),
    }
}

/// Puts the version, or nothing; what is there is kept.
fn step(brought: &Brought, at: &str, present: Option<Expected>) -> Step {
    let version = brought.version.as_ref();
    Step {
        action: if version.is_some() { Action::Restore } else { Action::Remove },
        place: brought.place.clone(),
        path: brought.path.clone(),
        at: at.to_owned(),
        expected: present,
        take: present.map(|_| Take::Saved),
        put: version.map(|version| match &version.source {
            Source::Held(held) => Put::Held { held: held.clone() },
            Source::Kept => Put::Kept { sha256: version.sha256 },
        }),
        content: version.map(|version| (version.sha256, version.size)),
        after: After::NoFile,
    }
}
