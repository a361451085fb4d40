//! What happens to one file. The table is in the header of `plan`.

use muster_games::LinkChoice;

use super::{
    Action, After, Blocked, Decision, Drift, DriftKind, Expected, Put, Release, Step, Take, adopted, hidden,
};
use crate::{
    AppliedFile, DesiredFile, Hidden, Instead, Spot,
    facts::{Found, Obstacle, Stamp},
};

/// What is wanted for a path, and what the books say about it.
pub(super) struct Sides<'a> {
    pub(super) wanted: Option<&'a DesiredFile>,
    pub(super) ours: Option<&'a AppliedFile>,
    /// What waits there for its package.
    pub(super) hidden: Option<&'a Hidden>,
    /// The player wants ours in place of a changed file.
    pub(super) replace: bool,
    pub(super) release: &'a Release,
}

pub(super) fn decide(sides: &Sides<'_>, found: Option<&Found>) -> Decision {
    let waiting = sides.hidden.filter(|_| sides.ours.is_none());
    if let (Some(hidden), Some(found)) = (waiting, found)
        && let Some(decision) = hidden::decide(sides, hidden, found)
    {
        return decision;
    }
    match found {
        Some(Found::File { at, size, stamp, sha256 }) => {
            let expected = Expected { size: *size, stamp: *stamp, sha256: *sha256 };
            with_file(sides, at, expected)
        }
        Some(Found::Nothing { at, missing }) => with_nothing(sides, at, missing),
        Some(Found::Blocked { at, by }) => with_obstacle(sides, at, *by),
        None => Decision::default(),
    }
}

/// The parts of a step that follow from the sides.
pub(super) struct Draft<'a> {
    pub(super) sides: &'a Sides<'a>,
    pub(super) at: &'a str,
    expected: Option<Expected>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(sides: &'a Sides<'a>, at: &'a str, expected: Option<Expected>) -> Self {
        Self { sides, at, expected }
    }

    /// Puts the wanted file.
    pub(super) fn put(&self, action: Action, take: Option<Take>) -> Option<Step> {
        let wanted = self.sides.wanted?;
        let displaced = self.sides.ours.and_then(|ours| ours.displaced.clone());
        let mut step = self.step(action, take);
        step.put = Some(match &wanted.instead {
            Some(Instead::Text(text)) => Put::Text { bytes: text.clone() },
            Some(Instead::Kept) => Put::Kept { sha256: wanted.sha256 },
            None => Put::Tree { tree: wanted.tree, from: wanted.from.clone() },
        });
        step.content = Some((wanted.sha256, wanted.size));
        let mut file = entry(wanted, self.at, displaced, None);
        file.adopted = adopted::stays_theirs(self.sides.ours, &file.sha256);
        step.after = After::File { file: Box::new(file) };
        Some(step)
    }

    /// Takes away, and lets what waits go on waiting.
    fn leave(&self, action: Action, take: Option<Take>) -> Step {
        let waits = adopted::waits(self).map(|hidden| After::Hidden { hidden: Box::new(hidden) });
        Step { after: waits.unwrap_or(After::NoFile), ..self.step(action, take) }
    }

    /// Brings back what was displaced, unless it waits.
    fn restore(&self, take: Option<Take>) -> Option<Step> {
        let displaced = self.sides.ours?.displaced.as_ref()?;
        if adopted::waits(self).is_some() {
            return None;
        }
        let mut step = self.step(Action::Restore, take);
        step.put = Some(Put::Backup { name: displaced.backup.clone() });
        step.content = Some((displaced.sha256, displaced.size));
        Some(step)
    }

    /// Makes a changed file that stays one of its own, if it was written through a link. Its books stay, or end with
    /// `after`.
    fn detach(&self, after: After) -> Option<Step> {
        let (ours, present) = (self.sides.ours?, self.expected?);
        let is_same_file = ours.stamp.is_some_and(|stamp| stamp.inode == present.stamp.inode);
        if ours.method != Some(LinkChoice::HardLink) || !is_same_file {
            return None;
        }
        let mut step = self.step(Action::Detach, Some(Take::Trash));
        step.put = Some(Put::Own);
        step.content = Some((present.sha256, present.size));
        step.after = after;
        Some(step)
    }

    /// Takes away, or changes only the books.
    pub(super) fn step(&self, action: Action, take: Option<Take>) -> Step {
        let (place, path) = match (self.sides.wanted, self.sides.ours, self.sides.hidden) {
            (Some(wanted), ..) => (wanted.place.clone(), wanted.path.clone()),
            (None, Some(ours), _) => (ours.place.clone(), ours.path.clone()),
            (None, None, Some(hidden)) => (hidden.place.clone(), hidden.path.clone()),
            (None, None, None) => unreachable!("a path is looked at because it is wanted, ours or waiting"),
        };
        let expected = self.expected.filter(|_| take.is_some());
        let at = self.at.to_owned();
        Step { action, place, path, at, expected, take, put: None, content: None, after: After::NoFile }
    }

    pub(super) fn drift(&self, kind: DriftKind) -> Option<Drift> {
        let (wanted, ours) = (self.sides.wanted.map(|w| &w.place), self.sides.ours.map(|o| &o.place));
        let place = wanted.or(ours).or(self.sides.hidden.map(|hidden| &hidden.place))?;
        Some(Drift { kind, place: place.clone(), at: self.at.to_owned() })
    }
}

pub(super) fn entry(
    wanted: &DesiredFile,
    at: &str,
    displaced: Option<crate::Displaced>,
    present: Option<(Stamp, &AppliedFile)>,
) -> AppliedFile {
    AppliedFile {
        place: wanted.place.clone(),
        path: wanted.path.clone(),
        at: at.to_owned(),
        package: wanted.package.clone(),
        tree: wanted.tree,
        from: wanted.from.clone(),
        sha256: wanted.sha256,
        size: wanted.size,
        config: wanted.config,
        method: present.and_then(|(_, ours)| ours.method),
        stamp: present.map(|(stamp, _)| stamp),
        displaced,
        adopted: present.is_some_and(|(_, ours)| ours.adopted),
    }
}

fn with_nothing(sides: &Sides<'_>, at: &str, missing: &[String]) -> Decision {
    let draft = Draft { sides, at, expected: None };
    let (step, drift) = match (sides.wanted, sides.ours) {
        (Some(_), None) => (draft.put(Action::Add, None), None),
        (Some(_), Some(_)) => (draft.put(Action::Repair, None), draft.drift(DriftKind::Missing)),
        (None, Some(_)) => match draft.restore(None) {
            Some(step) => (Some(step), None),
            None => (Some(draft.leave(Action::Forget, None)), None),
        },
        (None, None) => (None, None),
    };
    let place = step.as_ref().filter(|step| step.put.is_some()).map(|step| step.place.clone());
    let spot =
        |place: &String| missing.iter().map(|at| Spot { place: place.clone(), at: at.clone() }).collect();
    Decision { missing: place.as_ref().map(spot).unwrap_or_default(), step, drift, ..Decision::default() }
}

fn with_obstacle(sides: &Sides<'_>, at: &str, by: Obstacle) -> Decision {
    let draft = Draft { sides, at, expected: None };
    match sides.wanted {
        Some(wanted) => {
            let blocked = Blocked { place: wanted.place.clone(), at: at.to_owned(), by };
            Decision { blocked: Some(blocked), ..Decision::default() }
        }
        None if sides.ours.is_some_and(|ours| ours.displaced.is_some()) || sides.hidden.is_some() => {
            Decision { drift: draft.drift(DriftKind::OutOfReach), ..Decision::default() }
        }
        // Nothing waits to come back, and our file is not there any more.
        None => Decision {
            step: Some(draft.step(Action::Forget, None)),
            drift: draft.drift(DriftKind::OutOfReach),
            ..Decision::default()
        },
    }
}

fn with_file(sides: &Sides<'_>, at: &str, present: Expected) -> Decision {
    let draft = Draft { sides, at, expected: Some(present) };
    if let Some(decision) = adopted::decide(&draft, present) {
        return decision;
    }
    let (step, drift) = match (sides.wanted, sides.ours) {
        (Some(wanted), None) if wanted.config => (None, draft.drift(DriftKind::KeptConfig)),
        (Some(_), None) => (draft.put(Action::Displace, Some(Take::Backup)), None),
        (Some(wanted), Some(ours)) => return wanted_and_ours(&draft, wanted, ours, present),
        (None, Some(ours)) if ours.sha256 == present.sha256 => {
            let restored = draft.restore(Some(Take::Trash));
            (restored.or_else(|| Some(draft.leave(Action::Remove, Some(Take::Trash)))), None)
        }
        (None, Some(ours)) => match &ours.displaced {
            // Somebody has brought the original back already.
            Some(displaced) if displaced.sha256 == present.sha256 => {
                (Some(draft.step(Action::Forget, None)), None)
            }
            Some(_) => {
                let restored = draft.restore(Some(Take::Saved));
                let step = restored.unwrap_or_else(|| draft.leave(Action::Remove, Some(Take::Saved)));
                (Some(step), draft.drift(DriftKind::Saved))
            }
            None if sides.replace => {
                (Some(draft.step(Action::Remove, Some(Take::Saved))), draft.drift(DriftKind::Saved))
            }
            None => {
                let step = draft.detach(After::NoFile).unwrap_or_else(|| draft.step(Action::Forget, None));
                (Some(step), draft.drift(DriftKind::LeftBehind))
            }
        },
        (None, None) => (None, None),
    };
    Decision { step, drift, ..Decision::default() }
}

fn wanted_and_ours(
    draft: &Draft<'_>,
    wanted: &DesiredFile,
    ours: &AppliedFile,
    present: Expected,
) -> Decision {
    if present.sha256 == wanted.sha256 {
        let entry = entry(wanted, draft.at, ours.displaced.clone(), Some((present.stamp, ours)));
        if entry == *ours {
            return Decision { is_kept: true, ..Decision::default() };
        }
        let after = After::File { file: Box::new(entry) };
        let step = Step { after, ..draft.step(Action::Adopt, None) };
        return Decision { step: Some(step), is_kept: true, ..Decision::default() };
    }
    if present.sha256 == ours.sha256 {
        // Ours, but the player's own version of it: whoever decides against it still has it.
        let take = if draft.sides.replace { Take::Saved } else { Take::Trash };
        return Decision { step: draft.put(Action::Replace, Some(take)), ..Decision::default() };
    }
    if draft.sides.replace {
        let step = draft.put(Action::Replace, Some(Take::Saved));
        return Decision { step, drift: draft.drift(DriftKind::Saved), ..Decision::default() };
    }
    let kind = match wanted.sha256 == ours.sha256 {
        true => DriftKind::Changed,
        false => DriftKind::ChangedAndOutdated,
    };
    let own = AppliedFile { method: Some(LinkChoice::Copy), stamp: None, ..ours.clone() };
    let step = draft.detach(After::File { file: Box::new(own) });
    Decision { step, drift: draft.drift(kind), ..Decision::default() }
}
