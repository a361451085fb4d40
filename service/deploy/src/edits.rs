//! What happens to one text file of which some lines are ours. Pure.

use muster_domain::Sha256;
use sha2::{Digest as _, Sha256 as Hasher};

use crate::{
    AppliedEdit, DesiredEdit, Spot,
    facts::{Found, Obstacle},
    plan::{Action, After, Blocked, Decision, Drift, DriftKind, Expected, Put, Step, Take},
};

pub(crate) struct Sides<'a> {
    pub(crate) wanted: Option<&'a DesiredEdit>,
    pub(crate) ours: Option<&'a AppliedEdit>,
    pub(crate) found: Option<&'a Found>,
    /// The file as it is now.
    pub(crate) text: &'a [u8],
    /// The file before our first edit.
    pub(crate) original: &'a [u8],
}

pub(crate) fn sha256(bytes: &[u8]) -> Sha256 {
    Sha256(Hasher::digest(bytes).into())
}

pub(crate) fn decide(sides: &Sides<'_>) -> Decision {
    match (sides.wanted, sides.ours) {
        (Some(wanted), ours) => wanted_lines(sides, wanted, ours),
        (None, Some(ours)) => unwanted_lines(sides, ours),
        (None, None) => Decision::default(),
    }
}

fn blocked(wanted: &DesiredEdit, at: &str, by: Obstacle) -> Decision {
    let blocked = Blocked { place: wanted.place.clone(), at: at.to_owned(), by };
    Decision { blocked: Some(blocked), ..Decision::default() }
}

fn wanted_lines(sides: &Sides<'_>, wanted: &DesiredEdit, ours: Option<&AppliedEdit>) -> Decision {
    let (at, present) = match sides.found {
        Some(Found::File { at, size, stamp, sha256 }) => {
            (at, Some(Expected { size: *size, stamp: *stamp, sha256: *sha256 }))
        }
        // Lines belong into a file of somebody's; a file of our own may bring its folder.
        Some(Found::Nothing { at, missing }) if missing.is_empty() || wanted.lines.is_whole() => (at, None),
        Some(Found::Nothing { at, .. }) => return blocked(wanted, at, Obstacle::NoFolder),
        Some(Found::Blocked { at, by }) => return blocked(wanted, at, *by),
        None => return Decision::default(),
    };
    let untouched = ours.filter(|ours| ours.exact && present.is_some_and(|now| now.sha256 == ours.sha256));
    let result = match (untouched, ours) {
        // Made anew from the original, so that it can come back whole.
        (Some(_), _) => wanted.lines.apply(sides.original, None, sides.original),
        (None, Some(ours)) => wanted.lines.apply(sides.text, Some(&ours.lines), sides.original),
        (None, None) => wanted.lines.apply(sides.text, None, sides.text),
    };
    let Ok(result) = result else { return blocked(wanted, at, Obstacle::Unreadable) };
    let unchanged = present.is_some() && result == sides.text;
    if unchanged && ours.is_none_or(|ours| ours.lines == wanted.lines) {
        return Decision { is_kept: ours.is_some(), ..Decision::default() };
    }
    let edit = AppliedEdit {
        place: wanted.place.clone(),
        path: wanted.path.clone(),
        at: at.clone(),
        lines: wanted.lines.clone(),
        sha256: sha256(&result),
        size: result.len() as u64,
        stamp: present.filter(|_| unchanged).map(|now| now.stamp),
        original: ours.and_then(|ours| ours.original.clone()),
        exact: ours.is_none() || untouched.is_some() || wanted.lines.is_whole(),
    };
    let is_players = ours.is_some() && untouched.is_none() && wanted.lines.is_whole();
    let take = present.filter(|_| !unchanged).map(|_| match ours {
        None => Take::Backup,
        Some(_) if is_players => Take::Saved,
        Some(_) => Take::Trash,
    });
    let drift = take.filter(|take| *take == Take::Saved).map(|_| Drift {
        kind: DriftKind::Saved,
        place: wanted.place.clone(),
        at: at.clone(),
    });
    let missing = match sides.found {
        Some(Found::Nothing { missing, .. }) => {
            missing.iter().map(|at| Spot { place: wanted.place.clone(), at: at.clone() }).collect()
        }
        _ => Vec::new(),
    };
    let step = Step {
        action: if unchanged { Action::Adopt } else { Action::Edit },
        place: wanted.place.clone(),
        path: wanted.path.clone(),
        at: at.clone(),
        expected: present.filter(|_| take.is_some()),
        take,
        content: (!unchanged).then_some((edit.sha256, edit.size)),
        put: (!unchanged).then_some(Put::Text { bytes: result }),
        after: After::Edit { edit: Box::new(edit) },
    };
    Decision { step: Some(step), drift, missing, ..Decision::default() }
}

fn unwanted_lines(sides: &Sides<'_>, ours: &AppliedEdit) -> Decision {
    let step = |action, at: &str| Step {
        action,
        place: ours.place.clone(),
        path: ours.path.clone(),
        at: at.to_owned(),
        expected: None,
        take: None,
        put: None,
        content: None,
        after: After::NoEdit,
    };
    let Some(Found::File { at, size, stamp, sha256: now }) = sides.found else {
        // The world is gone, and our lines with it.
        let forget = step(Action::Forget, &ours.at);
        return Decision { step: Some(forget), ..Decision::default() };
    };
    let taken = |action| Step {
        expected: Some(Expected { size: *size, stamp: *stamp, sha256: *now }),
        take: Some(Take::Trash),
        ..step(action, at)
    };
    if ours.exact && *now == ours.sha256 {
        let step = match &ours.original {
            Some(original) => Step {
                put: Some(Put::Backup { name: original.backup.clone() }),
                content: Some((original.sha256, original.size)),
                ..taken(Action::Restore)
            },
            None => taken(Action::Remove),
        };
        return Decision { step: Some(step), ..Decision::default() };
    }
    if ours.lines.is_whole() {
        // Somebody else wrote it since: theirs is kept for good, what was there before us comes back.
        let drift = |kind| Some(Drift { kind, place: ours.place.clone(), at: at.clone() });
        let Some(original) = &ours.original else {
            let forget = step(Action::Forget, at);
            return Decision {
                step: Some(forget),
                drift: drift(DriftKind::LeftBehind),
                ..Decision::default()
            };
        };
        let step = Step {
            take: Some(Take::Saved),
            put: Some(Put::Backup { name: original.backup.clone() }),
            content: Some((original.sha256, original.size)),
            ..taken(Action::Restore)
        };
        return Decision { step: Some(step), drift: drift(DriftKind::Saved), ..Decision::default() };
    }
    match ours.lines.revert(sides.text, sides.original) {
        Ok(result) if result != sides.text => {
            let content = Some((sha256(&result), result.len() as u64));
            let step = Step { put: Some(Put::Text { bytes: result }), content, ..taken(Action::Edit) };
            Decision { step: Some(step), ..Decision::default() }
        }
        Ok(_) => Decision { step: Some(step(Action::Forget, at)), ..Decision::default() },
        Err(_) => {
            let drift = Drift { kind: DriftKind::LeftBehind, place: ours.place.clone(), at: at.clone() };
            Decision { step: Some(step(Action::Forget, at)), drift: Some(drift), ..Decision::default() }
        }
    }
}
