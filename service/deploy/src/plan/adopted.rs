//! Files that lay in their places before anybody asked for them: taken into the books where they are, and left there.
//!
//! | wanted | in the books | on the disk            | done |
//! |---|---|---|---|
//! | yes | no      | the very bytes         | adopt: nothing is written |
//! | other | adopted | as it was             | displace, as any file of somebody else's |
//! | other | adopted | changed, to be replaced | displace: what comes back later is the player's last version |
//! | no  | adopted | anything, released     | forget: it stays |
//! | no  | adopted | anything               | hide: it goes with its package, and waits |
//!
//! Everything else is as for other files. One that is put again (it was gone, or damaged) with the bytes that it had
//! stays adopted. What was displaced while it was adopted waits like a hidden one when its package goes.

use muster_domain::Sha256;

use super::{
    Action, After, Decision, DriftKind, Expected, Step, Take,
    steps::{Draft, entry},
};
use crate::{AppliedFile, Displaced, Hidden};

/// Whether a file that is put with these bytes goes on being somebody else's.
pub(super) fn stays_theirs(ours: Option<&AppliedFile>, sha256: &Sha256) -> bool {
    ours.is_some_and(|ours| ours.adopted && ours.sha256 == *sha256)
}

/// What happens to a file that is there, where it is, or is to be, an adopted one; `None` where the usual rules hold.
pub(super) fn decide(draft: &Draft<'_>, present: Expected) -> Option<Decision> {
    let of = |step: Option<Step>| Decision { step, ..Decision::default() };
    match (draft.sides.wanted, draft.sides.ours) {
        (Some(wanted), None) if (wanted.sha256, wanted.size) == (present.sha256, present.size) => {
            let mut file = entry(wanted, draft.at, None, None);
            (file.stamp, file.adopted) = (Some(present.stamp), true);
            let after = After::File { file: Box::new(file) };
            Some(of(Some(Step { after, ..draft.step(Action::Adopt, None) })))
        }
        (Some(wanted), Some(ours)) if ours.adopted && wanted.sha256 != ours.sha256 => {
            let is_theirs = present.sha256 == ours.sha256;
            let makes_room = is_theirs || draft.sides.replace && present.sha256 != wanted.sha256;
            let step = makes_room.then(|| draft.put(Action::Displace, Some(Take::Backup)))?;
            Some(of(step.map(|step| adopted_too(step, present))))
        }
        (None, Some(ours)) if ours.adopted && !draft.sides.release.takes(&ours.package) => {
            let after = After::Hidden { hidden: Box::new(hidden(ours, draft.at, displaced(present))) };
            Some(of(Some(Step { after, ..draft.step(Action::Hide, Some(Take::Backup)) })))
        }
        (None, Some(ours)) if ours.adopted => {
            let is_changed = present.sha256 != ours.sha256;
            let drift = draft.drift(DriftKind::LeftBehind).filter(|_| is_changed);
            Some(Decision { drift, ..of(Some(draft.step(Action::Forget, None))) })
        }
        _ => None,
    }
}

/// What is set aside; its name follows with all others.
fn displaced(present: Expected) -> Displaced {
    Displaced { backup: String::new(), sha256: present.sha256, size: present.size, adopted: true }
}

/// What makes room was adopted, and the books go on knowing it.
fn adopted_too(mut step: Step, present: Expected) -> Step {
    if let After::File { file } = &mut step.after {
        file.displaced = Some(displaced(present));
    }
    step
}

/// What waits instead of a file that goes.
pub(super) fn hidden(ours: &AppliedFile, at: &str, file: Displaced) -> Hidden {
    let (place, path) = (ours.place.clone(), ours.path.clone());
    Hidden { place, path, at: at.to_owned(), package: ours.package.clone(), file }
}

/// What waits when a file goes that took an adopted one's place, unless that comes back.
pub(super) fn waits(draft: &Draft<'_>) -> Option<Hidden> {
    let ours = draft.sides.ours.filter(|ours| !draft.sides.release.takes(&ours.package))?;
    let displaced = ours.displaced.clone().filter(|displaced| displaced.adopted)?;
    Some(hidden(ours, draft.at, displaced))
}
