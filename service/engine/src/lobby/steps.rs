//! What a guest of a lobby goes through, and what comes next. Pure.
//!
//! | step | what is true | what leads on |
//! |---|---|---|
//! | bringing | the lobby's mods arrive for a profile of its own; the player's is in place | all here → placing; failed, or the player wants back → over |
//! | placing | the lobby's profile takes the place of the player's | placed → ready; failed → returning |
//! | ready | the lobby's mods are in the game | the game starts → playing; the player wants back, or the service was started anew → returning |
//! | playing | the game runs with them | the game ends → returning |
//! | returning | the player's profile takes its place again | in place → over; failed → tried again |
//! | over | the lobby's profile goes | gone → nothing is left of the lobby; failed → tried again |
//!
//! Where the player switches to another profile by hand, the lobby is over and that one stays. The record is written
//! before the lobby's profile is, and goes after it: no crash leaves a profile that nobody knows. A step is written down
//! when what leads to it was asked for. What is seen (which profile is in place, how its job ended) decides what is next, so that a
//! crash in between asks once more for what is there already, or ends the lobby.

use muster_domain::JobId;
use serde::{Deserialize, Serialize};

/// Where a guest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "kebab-case")]
pub(crate) enum Step {
    Bringing { job: JobId },
    Placing { job: Option<JobId> },
    Ready,
    Playing,
    Returning { job: Option<JobId> },
    Over { job: Option<JobId> },
}

/// How the job of a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JobState {
    Runs,
    Succeeded,
    Failed,
}

/// What is seen of the world.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub job: JobState,
    /// The lobby's profile is the one in the game's folders.
    pub is_guest_placed: bool,
    /// There is no lobby's profile any more.
    pub is_gone: bool,
    pub is_playing: bool,
    /// The player said that the lobby is over.
    pub wants_back: bool,
    /// The service was started after the step was reached.
    pub is_after_start: bool,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Wait,
    /// The step's job is asked to stop.
    Cancel,
    PlaceGuest,
    /// Nothing has to be done to get there.
    Go(Step),
    PlaceOwn,
    /// The lobby's profile goes.
    End,
    /// What is written down of the lobby goes.
    Forget,
}

pub(super) fn next(step: Step, seen: &Seen) -> Act {
    match step {
        Step::Bringing { .. } => match seen.job {
            JobState::Runs if seen.wants_back => Act::Cancel,
            JobState::Runs => Act::Wait,
            JobState::Succeeded if !seen.wants_back => Act::PlaceGuest,
            JobState::Succeeded | JobState::Failed => Act::End,
        },
        Step::Placing { .. } => match seen.job {
            // Files are moved: what was begun is finished first.
            JobState::Runs => Act::Wait,
            _ if seen.wants_back || !seen.is_guest_placed => Act::PlaceOwn,
            _ => Act::Go(Step::Ready),
        },
        // The player chose another profile: that stands.
        Step::Ready | Step::Playing if !seen.is_guest_placed => Act::End,
        Step::Ready if seen.is_playing => Act::Go(Step::Playing),
        Step::Ready if seen.wants_back || seen.is_after_start => Act::PlaceOwn,
        Step::Ready => Act::Wait,
        Step::Playing if seen.is_playing => Act::Wait,
        Step::Playing => Act::PlaceOwn,
        Step::Returning { .. } => match seen.job {
            JobState::Runs => Act::Wait,
            _ if !seen.is_guest_placed => Act::End,
            _ if seen.is_playing => Act::Wait,
            _ => Act::PlaceOwn,
        },
        Step::Over { .. } if seen.is_gone => Act::Forget,
        Step::Over { .. } => match seen.job {
            JobState::Runs => Act::Wait,
            JobState::Succeeded | JobState::Failed => Act::End,
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const JOB: JobId = JobId(Uuid::nil());

    fn steps() -> impl Strategy<Value = Step> {
        prop_oneof![
            Just(Step::Bringing { job: JOB }),
            Just(Step::Placing { job: Some(JOB) }),
            Just(Step::Ready),
            Just(Step::Playing),
            Just(Step::Returning { job: Some(JOB) }),
            Just(Step::Over { job: Some(JOB) }),
        ]
    }

    fn views() -> impl Strategy<Value = Seen> {
        let jobs = prop_oneof![Just(JobState::Runs), Just(JobState::Succeeded), Just(JobState::Failed)];
        (jobs, any::<[bool; 5]>()).prop_map(
            |(job, [is_guest_placed, is_gone, is_playing, wants_back, is_after_start])| Seen {
                job,
                is_guest_placed: is_guest_placed && !is_gone,
                is_gone,
                is_playing,
                wants_back,
                is_after_start,
            },
        )
    }

    /// A machine on which everything that is asked for succeeds, and nobody plays.
    fn carry_out(mut step: Step, seen: &mut Seen) -> Option<Step> {
        match next(step, seen) {
            Act::Wait => seen.job = JobState::Succeeded,
            Act::Cancel => seen.job = JobState::Failed,
            Act::Go(to) => step = to,
            Act::PlaceGuest => {
                step = Step::Placing { job: Some(JOB) };
                (seen.job, seen.is_guest_placed) = (JobState::Succeeded, true);
            }
            Act::PlaceOwn => {
                step = Step::Returning { job: Some(JOB) };
                (seen.job, seen.is_guest_placed) = (JobState::Succeeded, false);
            }
            Act::End => {
                step = Step::Over { job: Some(JOB) };
                (seen.job, seen.is_gone) = (JobState::Succeeded, true);
            }
            Act::Forget => return None,
        }
        Some(step)
    }

    proptest! {
        #[test]
        fn who_wants_back_gets_back_from_everywhere(step in steps(), seen in views()) {
            let mut seen = Seen { wants_back: true, is_playing: false, ..seen };
            let mut at = Some(step);
            for _ in 0..10 {
                let Some(step) = at else { break };
                at = carry_out(step, &mut seen);
            }
            prop_assert_eq!(at, None);
        }

        #[test]
        fn the_folders_are_left_alone_while_somebody_plays_with_them(step in steps(), seen in views()) {
            let seen = Seen { is_playing: true, ..seen };
            if matches!(step, Step::Ready | Step::Playing | Step::Returning { .. }) && seen.is_guest_placed {
                prop_assert!(!matches!(next(step, &seen), Act::PlaceOwn | Act::PlaceGuest | Act::End));
            }
        }

        #[test]
        fn the_lobbys_profile_never_goes_while_its_files_are_in_the_game(step in steps(), seen in views()) {
            // Its mods are brought while the player's are in place.
            if seen.is_guest_placed && !matches!(step, Step::Bringing { .. } | Step::Over { .. }) {
                prop_assert_ne!(next(step, &seen), Act::End);
            }
        }

        #[test]
        fn a_lobby_is_forgotten_when_its_profile_is_gone_and_not_before(step in steps(), seen in views()) {
            if next(step, &seen) == Act::Forget {
                let is_over = matches!(step, Step::Over { .. });
                prop_assert!(seen.is_gone && is_over);
            }
        }
    }

    #[test]
    fn a_lobby_is_left_when_its_game_ends_and_after_a_crash() {
        let seen = Seen {
            job: JobState::Succeeded,
            is_guest_placed: true,
            is_gone: false,
            is_playing: false,
            wants_back: false,
            is_after_start: false,
        };
        assert_eq!(next(Step::Ready, &seen), Act::Wait, "the game is not started yet");
        assert_eq!(next(Step::Ready, &Seen { is_playing: true, ..seen }), Act::Go(Step::Playing));
        assert_eq!(next(Step::Playing, &seen), Act::PlaceOwn);
        assert_eq!(next(Step::Ready, &Seen { is_after_start: true, ..seen }), Act::PlaceOwn);
        assert_eq!(
            next(Step::Ready, &Seen { is_guest_placed: false, ..seen }),
            Act::End,
            "another was chosen"
        );
        let still = Seen { is_after_start: true, is_playing: true, ..seen };
        assert_eq!(next(Step::Ready, &still), Act::Go(Step::Playing), "the game survived the service");
    }
}
