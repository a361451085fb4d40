//! The rules of the table, by random histories.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).expect("in range")
}

fn hash(name: u8) -> Sha256 {
    Sha256([name; 32])
}

fn tier(index: u8) -> Tier {
    [Tier::LobbyUrgent, Tier::User, Tier::Background][usize::from(index % 3)]
}

#[derive(Clone, Debug)]
enum Step {
    Want(u8, u8),
    Release(u64),
    Pause(u8),
    Resume(u8),
    SetTier(u8, u8),
    Move(u8, u8, u8),
    Decide,
    Stopped,
    Verifying(u8),
    Done(u8),
    Fail(u8, Option<i8>),
    Reload,
}

fn step() -> impl Strategy<Value = Step> {
    let name = 0u8..12;
    prop_oneof![
        3 => (name.clone(), 0u8..3).prop_map(|(n, t)| Step::Want(n, t)),
        1 => (0u64..60).prop_map(Step::Release),
        1 => name.clone().prop_map(Step::Pause),
        1 => name.clone().prop_map(Step::Resume),
        1 => (name.clone(), 0u8..3).prop_map(|(n, t)| Step::SetTier(n, t)),
        1 => (name.clone(), 0u8..4, name.clone()).prop_map(|(n, m, o)| Step::Move(n, m, o)),
        3 => Just(Step::Decide),
        2 => Just(Step::Stopped),
        1 => name.clone().prop_map(Step::Verifying),
        1 => name.clone().prop_map(Step::Done),
        1 => (name.clone(), prop::option::of(any::<i8>())).prop_map(|(n, r)| Step::Fail(n, r)),
        1 => Just(Step::Reload),
    ]
}

fn facts() -> impl Strategy<Value = Facts> {
    let sets = prop::collection::btree_set(0u8..12, 0..4);
    (any::<bool>(), any::<bool>(), prop::option::of(0u64..30), sets, 1usize..4, 1usize..3).prop_map(
        |(is_all_paused, is_background_held, free_bytes, without, user, background)| Facts {
            slots: Slots { lobby_urgent: 3, user, background, user_beside_lobby: 1 },
            is_all_paused,
            is_background_held,
            free_bytes,
            without_source: without.into_iter().map(hash).collect(),
            here: BTreeMap::new(),
        },
    )
}

fn apply(queue: &mut Queue, step: &Step, next_want: &mut u64, facts: &Facts) {
    let is = |queue: &Queue, name: u8, wanted: &[State]| {
        queue.get(&hash(name)).is_some_and(|entry| wanted.contains(&entry.state))
    };
    match step {
        Step::Want(name, t) => {
            *next_want += 1;
            let size = u64::from(*name);
            queue.want(WantId(*next_want), (hash(*name), size), tier(*t), "x").expect("one size");
        }
        Step::Release(id) => {
            if let Some(unwanted) = queue.release(WantId(*id)) {
                queue.remove(&unwanted);
            }
        }
        Step::Pause(name) => drop(queue.pause(&hash(*name))),
        Step::Resume(name) => drop(queue.resume(&hash(*name))),
        Step::SetTier(name, t) => drop(queue.set_tier(&hash(*name), tier(*t))),
        Step::Move(name, how, other) => {
            let to = [Move::First, Move::Last, Move::Before(hash(*other)), Move::After(hash(*other))];
            let _ = queue.reorder(&hash(*name), to[usize::from(*how)]);
        }
        Step::Decide => carry_out(queue, &queue.decide(facts, now()).actions),
        Step::Stopped => {
            let stopping: Vec<Sha256> =
                queue.entries().iter().filter(|e| e.state == State::Stopping).map(|e| e.sha256).collect();
            stopping.iter().for_each(|sha256| queue.stopped(sha256));
        }
        Step::Verifying(name) => queue.verifying(&hash(*name), Verifying::Yes),
        Step::Done(name) if is(queue, *name, &[State::Verifying]) => queue.done(&hash(*name)),
        Step::Fail(name, retry) if is(queue, *name, &[State::Active, State::Verifying]) => {
            let retry_at = retry.map(|s| now() + jiff::SignedDuration::from_secs(s.into()));
            queue.failed(&hash(*name), Failure { code: "x".into(), retry_at });
        }
        Step::Done(_) | Step::Fail(..) => {}
        Step::Reload => {
            let rows = queue.entries().into_iter().filter_map(QueueRow::of).collect();
            *queue = Queue::from_rows(rows, now());
        }
    }
}

fn carry_out(queue: &mut Queue, actions: &[Action]) {
    for action in actions {
        match action {
            Action::Start(sha256) => queue.started(sha256),
            Action::Stop(sha256) => queue.stopping(sha256),
        }
    }
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..80)
}

fn after(steps: &[Step], facts: &Facts) -> Queue {
    let mut queue = Queue::default();
    let mut next_want = 0;
    for step in steps {
        apply(&mut queue, step, &mut next_want, facts);
    }
    queue
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_decision_keeps_every_rule(steps in history(), facts in facts()) {
        let mut queue = after(&steps, &facts);
        let decision = queue.decide(&facts, now());
        carry_out(&mut queue, &decision.actions);
        let active: Vec<&Entry> = queue.entries().into_iter().filter(|e| e.state == State::Active).collect();
        let count = |tier: Tier| active.iter().filter(|e| e.tier() == tier).count();

        prop_assert!(count(Tier::LobbyUrgent) <= facts.slots.lobby_urgent);
        prop_assert!(count(Tier::User) <= facts.slots.user);
        prop_assert!(count(Tier::Background) <= facts.slots.background);
        if count(Tier::LobbyUrgent) > 0 {
            prop_assert!(count(Tier::User) <= facts.slots.user_beside_lobby);
        }
        if count(Tier::LobbyUrgent) + count(Tier::User) > 0 {
            prop_assert_eq!(count(Tier::Background), 0);
        }
        prop_assert!(!facts.is_all_paused || active.is_empty());
        prop_assert!(!facts.is_background_held || count(Tier::Background) == 0);
        for entry in &active {
            prop_assert!(!entry.is_paused() && entry.wants() > 0);
            prop_assert!(!facts.without_source.contains(&entry.sha256));
        }
        for action in &decision.actions {
            if let (Action::Start(sha256), Some(free)) = (action, facts.free_bytes) {
                let started = queue.get(sha256).expect("in the queue").size;
                prop_assert!(started <= free);
            }
        }
    }

    #[test]
    fn every_entry_runs_or_says_why_not(steps in history(), facts in facts()) {
        let mut queue = after(&steps, &facts);
        let decision = queue.decide(&facts, now());
        carry_out(&mut queue, &decision.actions);
        for entry in queue.entries() {
            let runs = matches!(entry.state, State::Active | State::Verifying | State::Done);
            prop_assert_eq!(runs, !decision.waits.contains_key(&entry.sha256), "{:?}", entry);
        }
        if let Some(at) = decision.wake_at {
            prop_assert!(at > now());
        }
        let settled = queue.decide(&facts, now());
        prop_assert!(settled.actions.is_empty(), "deciding twice changes nothing: {:?}", settled.actions);
    }

    #[test]
    fn inside_a_tier_the_order_by_hand_decides(steps in history(), mut facts in facts()) {
        facts.free_bytes = None;
        let queue = after(&steps, &facts);
        let decision = queue.decide(&facts, now());
        for tier in [Tier::LobbyUrgent, Tier::User, Tier::Background] {
            let order: Vec<&Entry> = queue
                .entries()
                .into_iter()
                .filter(|e| e.tier() == tier && !matches!(e.state, State::Failed(_)))
                .collect();
            let first_waiting = order.iter().position(|e| decision.waits.get(&e.sha256) == Some(&Wait::Order));
            let starts = |e: &Entry| decision.actions.contains(&Action::Start(e.sha256));
            if let Some(first_waiting) = first_waiting {
                prop_assert!(!order[first_waiting..].iter().any(|e| starts(e)));
            }
        }
    }

    #[test]
    fn positions_stay_unique_and_a_move_lands_where_it_was_told(steps in history(), facts in facts()) {
        let mut queue = after(&steps, &facts);
        let positions: BTreeSet<i64> = queue.entries().iter().map(|e| e.position).collect();
        prop_assert_eq!(positions.len(), queue.entries().len());
        let Some(name) = queue.entries().last().map(|e| e.sha256) else { return Ok(()) };
        let tier = queue.get(&name).expect("there").tier();
        queue.reorder(&name, Move::First).expect("there");
        let first = queue.entries().into_iter().find(|e| e.tier() == tier).expect("there").sha256;
        prop_assert_eq!(first, name);
    }

    #[test]
    fn what_is_saved_comes_back(steps in history(), facts in facts()) {
        let queue = after(&steps, &facts);
        let rows: Vec<QueueRow> = queue.entries().into_iter().filter_map(QueueRow::of).collect();
        let json = serde_json::to_string(&rows).expect("serializes");
        let read: Vec<QueueRow> = serde_json::from_str(&json).expect("reads back");
        let loaded = Queue::from_rows(read, now());
        let names = |queue: &Queue| -> Vec<(Sha256, bool)> {
            queue.entries().iter().filter(|e| e.state != State::Done).map(|e| (e.sha256, e.is_paused())).collect()
        };
        prop_assert_eq!(names(&queue), names(&loaded));
        let idle = loaded.decide(&facts, now());
        prop_assert!(idle.actions.is_empty(), "nothing starts before somebody asks for it again");
    }
}

#[test]
fn one_entry_however_many_want_it() {
    let mut queue = Queue::default();
    let archive = (hash(1), 10);
    assert_eq!(queue.want(WantId(1), archive, Tier::Background, "a").expect("fits"), Joined::Added);
    assert_eq!(queue.want(WantId(2), archive, Tier::LobbyUrgent, "b").expect("fits"), Joined::Shared);
    assert_eq!(queue.get(&hash(1)).expect("there").tier(), Tier::LobbyUrgent);
    assert!(queue.want(WantId(3), (hash(1), 11), Tier::User, "c").is_err(), "one hash has one size");
    assert_eq!(queue.release(WantId(2)), None);
    assert_eq!(queue.get(&hash(1)).expect("there").tier(), Tier::Background);
    assert_eq!(queue.release(WantId(1)), Some(hash(1)));
}

#[test]
fn a_retry_that_a_wrong_clock_put_far_ahead_comes_within_the_hour() {
    let far = now() + jiff::SignedDuration::from_hours(24 * 400);
    let row = QueueRow {
        sha256: hash(1),
        size: 1,
        name: "a".into(),
        tier: Tier::User,
        position: 0,
        failures: 1,
        state: RowState::Failed { code: "x".into(), retry_at: Some(far) },
    };
    let mut queue = Queue::from_rows(vec![row], now());
    assert_eq!(queue.decide(&Facts::default(), now()).waits[&hash(1)], Wait::Claim);
    // A job that asks again does not have to wait at all.
    queue.want(WantId(1), (hash(1), 1), Tier::User, "a").expect("fits");
    assert_eq!(queue.decide(&Facts::default(), now()).actions, [Action::Start(hash(1))]);
}

#[test]
fn a_failed_transfer_is_tried_again_when_its_time_has_come() {
    let mut queue = Queue::default();
    queue.want(WantId(1), (hash(1), 1), Tier::User, "a").expect("fits");
    queue.started(&hash(1));
    let at = now() + jiff::SignedDuration::from_secs(5);
    queue.failed(&hash(1), Failure { code: "x".into(), retry_at: Some(at) });
    let decision = queue.decide(&Facts::default(), now());
    assert_eq!((decision.waits[&hash(1)], decision.wake_at), (Wait::Retry { at }, Some(at)));
    assert_eq!(queue.decide(&Facts::default(), at).actions, [Action::Start(hash(1))]);
}
