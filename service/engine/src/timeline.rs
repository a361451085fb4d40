//! The timeline of a profile: what is kept of it, what lies between two states, which one comes before.
//!
//! The first state, the current one and those with a name are kept whatever the policy says: [`to_forget`] and the
//! store each see to it. Content that no kept state needs is removed by the keeper's next pass.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use muster_domain::{GenerationNumber, JobId, Lock, ProfileId};
use muster_store::state::{Generation, Profile};

use crate::{
    Engine, EngineError, Item, Key, ProfilePatch, Signal,
    change::difference,
    jobs::{JobRequest, submit},
};

/// Longest name of a state, in characters.
const MAX_NAME: usize = 80;

/// Which states are kept though they have no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// So many of the newest.
    pub newest: u64,
    /// All that are younger than this.
    pub younger: SignedDuration,
}

impl Policy {
    /// What the service keeps by itself.
    pub const USUAL: Self = Self { newest: 50, younger: SignedDuration::from_hours(24 * 180) };
}

/// What a policy looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub number: GenerationNumber,
    pub at: Timestamp,
    pub is_named: bool,
}

impl Mark {
    fn of(generation: &Generation) -> Self {
        Self { number: generation.number, at: generation.created_at, is_named: generation.name.is_some() }
    }
}

/// The states that a policy lets go, in any order of the marks.
pub(crate) fn to_forget(
    marks: &[Mark],
    current: GenerationNumber,
    policy: Policy,
    now: Timestamp,
) -> Vec<GenerationNumber> {
    let numbers: BTreeSet<GenerationNumber> = marks.iter().map(|mark| mark.number).collect();
    let keep = usize::try_from(policy.newest).unwrap_or(usize::MAX);
    let newest: BTreeSet<GenerationNumber> = numbers.into_iter().rev().take(keep).collect();
    let oldest_kept = now.saturating_sub(policy.younger).unwrap_or(Timestamp::MIN);
    let goes = |mark: &&Mark| {
        mark.number != 0
            && mark.number != current
            && !mark.is_named
            && !newest.contains(&mark.number)
            && mark.at <= oldest_kept
    };
    marks.iter().filter(goes).map(|mark| mark.number).collect()
}

/// What putting the last change back means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Back {
    To(GenerationNumber),
    /// The change was that this profile took another one's place, or was taken out itself.
    Switch(ProfileId),
    /// The change was that this profile was put where none was.
    Vanilla,
}

/// The way back from the current state; `None` where there is nothing before it.
pub(crate) fn way_back(timeline: &[Generation], current: GenerationNumber) -> Option<Back> {
    let now = timeline.iter().find(|generation| generation.number == current);
    match now.map(|generation| (generation, generation.cause.as_str())) {
        Some((generation, "activate")) => {
            let before = generation.params["before"].as_str().and_then(|before| before.parse().ok());
            Some(before.map_or(Back::Vanilla, Back::Switch))
        }
        Some((generation, "vanilla")) => Some(Back::Switch(generation.profile)),
        _ => {
            let numbers = timeline.iter().map(|generation| generation.number);
            numbers.filter(|number| *number < current).max().map(Back::To)
        }
    }
}

/// What turns one state into another, with titles.
#[derive(Clone, Debug)]
pub struct DifferenceView {
    pub from: GenerationNumber,
    pub to: GenerationNumber,
    pub items: Vec<(Item, String)>,
}

impl Engine {
    async fn lock_of(&self, profile: &Profile, number: GenerationNumber) -> Result<Lock, EngineError> {
        match (self.state().profiles().generation_lock(profile.id, number).await?, number) {
            (Some(lock), _) => Ok(lock),
            (None, 0) => Ok(Lock::default()),
            (None, _) => Err(EngineError::UnknownGeneration(number)),
        }
    }

    /// What lies between two states of a profile, in either order.
    pub async fn difference(
        &self,
        id: ProfileId,
        from: GenerationNumber,
        to: GenerationNumber,
    ) -> Result<DifferenceView, EngineError> {
        let profile = self.profile(id).await?;
        let (before, after) = (self.lock_of(&profile, from).await?, self.lock_of(&profile, to).await?);
        let mut items = Vec::new();
        for item in difference(&before, &after) {
            let title = self.title(&Key::of(item.package())).await;
            items.push((item, title));
        }
        Ok(DifferenceView { from, to, items })
    }

    /// Gives a state a name, or takes it away; a state with a name is kept.
    pub async fn name_generation(
        &self,
        id: ProfileId,
        number: GenerationNumber,
        name: &str,
    ) -> Result<(), EngineError> {
        self.profile(id).await?;
        let name = Some(muster_domain::clean_line(name, MAX_NAME)).filter(|name| !name.is_empty());
        match self.state().profiles().name_generation(id, number, name).await {
            Err(muster_store::Error::Missing { .. }) => return Err(EngineError::UnknownGeneration(number)),
            named => named?,
        }
        self.signal(Signal::ProfileChanged(id));
        Ok(())
    }

    /// Lets go what a policy does not keep, and gives the numbers of what went.
    pub async fn prune(&self, id: ProfileId, policy: Policy) -> Result<Vec<GenerationNumber>, EngineError> {
        let profile = self.profile(id).await?;
        let marks: Vec<Mark> = self.state().profiles().generations(id).await?.iter().map(Mark::of).collect();
        let gone = to_forget(&marks, profile.generation, policy, Timestamp::now());
        if !gone.is_empty() {
            self.state().profiles().forget_generations(id, gone.clone()).await?;
            self.signal(Signal::ProfileChanged(id));
            self.keep_soon();
        }
        Ok(gone)
    }

    /// Prunes every profile as usual.
    pub(crate) async fn prune_all(&self) -> Result<(), EngineError> {
        for profile in self.state().profiles().all().await? {
            self.prune(profile.id, Policy::USUAL).await?;
        }
        Ok(())
    }

    /// Puts the last change of a profile back, as a new step.
    pub async fn undo_last(&self, id: ProfileId) -> Result<JobId, EngineError> {
        let profile = self.profile(id).await?;
        let timeline = self.state().profiles().generations(id).await?;
        match way_back(&timeline, profile.generation).ok_or(EngineError::NothingToUndo)? {
            Back::To(generation) => submit(self, Some(id), JobRequest::GoBack { generation }).await,
            Back::Switch(before) => self.switch_to(before).await?.ok_or(EngineError::NothingToUndo),
            Back::Vanilla => submit(self, Some(id), JobRequest::Vanilla).await,
        }
    }

    /// Puts a profile in place of the one that is there. No job where it is there already.
    pub async fn switch_to(&self, id: ProfileId) -> Result<Option<JobId>, EngineError> {
        self.patch_profile(id, ProfilePatch { activate: true, ..ProfilePatch::default() }).await
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn at(hours_ago: i64) -> Timestamp {
        Timestamp::from_second(NOW - hours_ago * 3600).expect("a time")
    }

    fn marks() -> impl Strategy<Value = Vec<Mark>> {
        prop::collection::btree_map(0u64..60, (0i64..2000, prop::bool::weighted(0.2)), 0..40).prop_map(
            |found| {
                let mark = |(number, (hours, is_named))| Mark { number, at: at(hours), is_named };
                found.into_iter().map(mark).collect()
            },
        )
    }

    fn policies() -> impl Strategy<Value = Policy> {
        (0u64..50, 0i64..2500)
            .prop_map(|(newest, hours)| Policy { newest, younger: SignedDuration::from_hours(hours) })
    }

    proptest! {
        #[test]
        fn a_policy_keeps_what_it_says_and_nothing_else(marks in marks(), current in 0u64..60, policy in policies()) {
            let gone = to_forget(&marks, current, policy, at(0));
            let newer = |mark: &Mark| marks.iter().filter(|other| other.number > mark.number).count() as u64;
            for mark in &marks {
                let is_kept = mark.number == 0
                    || mark.number == current
                    || mark.is_named
                    || newer(mark) < policy.newest
                    || at(0).duration_since(mark.at) < policy.younger;
                prop_assert_eq!(!gone.contains(&mark.number), is_kept, "{:?}", mark);
            }
        }

        #[test]
        fn pruning_again_at_once_lets_nothing_go(marks in marks(), current in 0u64..60, policy in policies()) {
            let gone = to_forget(&marks, current, policy, at(0));
            let left: Vec<Mark> = marks.into_iter().filter(|mark| !gone.contains(&mark.number)).collect();
            prop_assert_eq!(to_forget(&left, current, policy, at(0)), Vec::<u64>::new());
        }

        #[test]
        fn a_wider_policy_never_lets_more_go(marks in marks(), current in 0u64..60, policy in policies()) {
            let wider = Policy { newest: policy.newest + 3, younger: policy.younger + SignedDuration::from_hours(5) };
            let gone = to_forget(&marks, current, policy, at(0));
            prop_assert!(to_forget(&marks, current, wider, at(0)).iter().all(|number| gone.contains(number)));
        }
    }

    fn generation(number: u64, cause: &str, params: Value) -> Generation {
        Generation {
            profile: ProfileId(Uuid::nil()),
            number,
            cause: cause.into(),
            params,
            created_at: at(0),
            name: None,
        }
    }

    #[test]
    fn the_way_back_leads_to_the_state_before_or_to_the_profile_before() {
        let other = ProfileId(Uuid::from_u128(5));
        let mut timeline = vec![
            generation(4, "activate", json!({ "before": other.to_string() })),
            generation(2, "install", json!({})),
            generation(0, "created", json!({})),
        ];
        assert_eq!(way_back(&timeline, 4), Some(Back::Switch(other)));
        assert_eq!(way_back(&timeline, 2), Some(Back::To(0)));
        assert_eq!(way_back(&timeline, 0), None);
        timeline[0].params = json!({});
        assert_eq!(way_back(&timeline, 4), Some(Back::Vanilla), "nobody was there before");
        timeline[0].cause = "vanilla".into();
        assert_eq!(way_back(&timeline, 4), Some(Back::Switch(ProfileId(Uuid::nil()))));
    }
}
