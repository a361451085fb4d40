//! Files of somebody else's that went with their packages and wait.
//!
//! | wanted | on the disk | done |
//! |---|---|---|
//! | the very bytes | nothing | it comes back where it lay, and is in the books again |
//! | other bytes | nothing | the package's is put; what waits is what it displaced |
//! | no, released | nothing | it comes back, and is not ours any more |
//! | no, released | the very bytes | somebody brought it back: forgotten |
//! | anything | another file | it goes on waiting; the file is treated as any |

use super::{
    Action, After, Decision, Put, Step,
    steps::{Draft, Sides, entry},
};
use crate::{Hidden, Spot, facts::Found};

/// What happens where a file waits and none of ours is in the books; `None` where the usual rules hold.
pub(super) fn decide(sides: &Sides<'_>, hidden: &Hidden, found: &Found) -> Option<Decision> {
    let is_released = sides.wanted.is_none() && sides.release.takes(&hidden.package);
    match (sides.wanted, found) {
        (Some(wanted), Found::Nothing { at, missing }) => {
            let draft = Draft::new(sides, at, None);
            let is_it = wanted.instead.is_none() && wanted.sha256 == hidden.file.sha256;
            let mut step = if is_it { back(&draft, hidden) } else { draft.put(Action::Add, None)? };
            let mut file = entry(wanted, at, (!is_it).then(|| hidden.file.clone()), None);
            file.adopted = is_it;
            step.after = After::File { file: Box::new(file) };
            Some(Decision { step: Some(step), missing: spots(&hidden.place, missing), ..Decision::default() })
        }
        (None, Found::Nothing { at, missing }) if is_released => {
            let step = Some(back(&Draft::new(sides, at, None), hidden));
            Some(Decision { step, missing: spots(&hidden.place, missing), ..Decision::default() })
        }
        (None, Found::File { at, sha256, .. }) if is_released && *sha256 == hidden.file.sha256 => {
            // Named in the step so that the books let go of it.
            let mut step = Draft::new(sides, at, None).step(Action::Forget, None);
            step.after = After::NoFile;
            Some(Decision { step: Some(step), ..Decision::default() })
        }
        (None, _) => Some(Decision::default()),
        (Some(_), _) => None,
    }
}

/// It comes back, inode and all.
fn back(draft: &Draft<'_>, hidden: &Hidden) -> Step {
    let mut step = draft.step(Action::Restore, None);
    step.put = Some(Put::Backup { name: hidden.file.backup.clone() });
    step.content = Some((hidden.file.sha256, hidden.file.size));
    step
}

fn spots(place: &str, missing: &[String]) -> Vec<Spot> {
    missing.iter().map(|at| Spot { place: place.to_owned(), at: at.clone() }).collect()
}
