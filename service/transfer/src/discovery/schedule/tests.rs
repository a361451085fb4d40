//! The rules of the table, by random histories.

use proptest::prelude::*;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn rhythm(batch: usize, every: Duration, burst: u32) -> Rhythm {
    Rhythm {
        first_by: 10 * SECOND,
        after: 240 * SECOND,
        by: 330 * SECOND,
        seek: Backoff { first: SECOND, longest: 300 * SECOND, attempts: u32::MAX },
        seek_again: 2 * SECOND,
        retry_by: 120 * SECOND,
        rate: Rate { every, burst },
        reserve: 1,
        batch,
    }
}

fn hash(number: usize) -> Sha1 {
    let mut bytes = [0; 20];
    bytes[..8].copy_from_slice(&(number as u64).to_be_bytes());
    Sha1(bytes)
}

fn tasks(count: usize, task: impl Fn(usize) -> Task) -> BTreeMap<Sha1, Task> {
    (0..count).map(|number| (hash(number), task(number))).collect()
}

fn offers(count: usize) -> BTreeMap<Sha1, Task> {
    tasks(count, |_| Task { seek: false, offer: true })
}

/// Fair dice that anybody can throw again (SplitMix64).
fn fair_dice(mut seed: u64) -> impl FnMut() -> u16 {
    move || {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)) as u16
    }
}

/// Starts with their times until `length` has passed, as a way carries them out: it sleeps until it is told.
fn run(
    schedule: &mut Schedule,
    start: Instant,
    length: Duration,
    dice: Dice<'_>,
) -> Vec<(Instant, Vec<Due>)> {
    let (mut now, mut starts) = (start, vec![]);
    while let Some(next) = schedule.next(now).filter(|next| *next <= start + length) {
        now = next;
        let due = schedule.take(now, dice);
        assert!(!due.is_empty(), "woken for nothing");
        starts.push((now, due));
    }
    starts
}

fn most_in_a_second(starts: &[(Instant, Vec<Due>)]) -> usize {
    let from =
        |first: usize| starts[first..].iter().take_while(|(at, _)| *at - starts[first].0 < SECOND).count();
    (0..starts.len()).map(from).max().unwrap_or(0)
}

/// Longest time without an announcement of any of these, begin and end included.
fn longest_silence(
    starts: &[(Instant, Vec<Due>)],
    count: usize,
    start: Instant,
    length: Duration,
) -> Duration {
    let mut last: BTreeMap<Sha1, Instant> = (0..count).map(|number| (hash(number), start)).collect();
    let mut longest = Duration::ZERO;
    for (at, due) in starts {
        for due in due.iter().filter(|due| due.offer) {
            let before = last.insert(due.info_hash, *at).expect("known");
            longest = longest.max(*at - before);
        }
    }
    last.values().map(|at| start + length - *at).max().unwrap_or_default().max(longest)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn starts_keep_to_the_rate_and_everything_is_announced(
        count in 1usize..500, batch in 1usize..30, every in 100u64..4_000, burst in 2u32..6, seed: u64,
    ) {
        let rhythm = rhythm(batch, Duration::from_millis(every), burst);
        let (now, length) = (Instant::now(), 3_600 * SECOND);
        let mut dice = fair_dice(seed);
        let mut schedule = Schedule::new(rhythm, now);
        schedule.set(&offers(count), now, &mut dice);
        let starts = run(&mut schedule, now, length, &mut dice);

        let needed = (rhythm.after / count.div_ceil(batch) as u32).min(rhythm.rate.every);
        let per_second = burst as usize + (SECOND.as_nanos() / needed.as_nanos()) as usize + 1;
        prop_assert!(most_in_a_second(&starts) <= per_second);
        prop_assert!(starts.iter().all(|(_, due)| due.len() <= batch));
        let silence = longest_silence(&starts, count, now, length);
        prop_assert!(silence <= rhythm.by + rhythm.after, "{silence:?}");
    }

    #[test]
    fn what_is_sought_comes_first_and_waits_only_for_the_rate(
        offered in 0usize..300, sought in 1usize..20, busy in 0u32..600, seed: u64,
    ) {
        let rhythm = rhythm(1, 2 * SECOND, 4);
        let start = Instant::now();
        let mut dice = fair_dice(seed);
        let mut schedule = Schedule::new(rhythm, start);
        schedule.set(&offers(offered), start, &mut dice);
        run(&mut schedule, start, busy * SECOND, &mut dice);

        let now = start + busy * SECOND;
        let wanted = tasks(offered + sought, |number| Task { seek: number >= offered, offer: number < offered });
        schedule.set(&wanted, now, &mut dice);
        prop_assert!(schedule.next(now) <= Some(now + rhythm.rate.every));
        let starts = run(&mut schedule, now, 60 * SECOND, &mut dice);
        for (place, (_, due)) in starts.iter().take(sought).enumerate() {
            prop_assert!(due[0].seek, "start {place} is no search");
        }
    }

    #[test]
    fn searches_thin_out_and_never_end(seed: u64, length in 1u32..20_000) {
        let now = Instant::now();
        let mut dice = fair_dice(seed);
        let mut schedule = Schedule::new(rhythm(1, SECOND, 4), now);
        schedule.set(&tasks(1, |_| Task { seek: true, offer: false }), now, &mut dice);
        let starts = run(&mut schedule, now, length * SECOND, &mut dice);
        prop_assert_eq!(starts[0].0, now);
        // Nine doublings, then one each 150 s to 300 s.
        prop_assert!(starts.len() as u32 <= 10 + length / 150);
        prop_assert!(schedule.next(now) .is_some_and(|next| next <= now + (length + 300) * SECOND));
    }

    #[test]
    fn changes_of_others_change_no_times(seed: u64, count in 1usize..60, removed in 0usize..60) {
        let now = Instant::now();
        let mut dice = fair_dice(seed);
        let mut schedule = Schedule::new(rhythm(1, SECOND, 4), now);
        schedule.set(&offers(count), now, &mut dice);
        let before = schedule.entries.clone();
        let mut fewer = offers(count);
        fewer.remove(&hash(removed));
        schedule.set(&fewer, now + SECOND, &mut dice);
        prop_assert_eq!(schedule.len(), fewer.len());
        for (info_hash, entry) in &schedule.entries {
            prop_assert_eq!(entry.offer.map(|offer| offer.by), before[info_hash].offer.map(|offer| offer.by));
        }
    }
}

#[test]
fn five_hundred_seeds_cost_few_wakings() {
    let now = Instant::now();
    let mut dice = fair_dice(1);
    let mut schedule = Schedule::new(rhythm(24, SECOND / 2, 4), now);
    schedule.set(&offers(500), now, &mut dice);
    run(&mut schedule, now, 600 * SECOND, &mut dice);
    let starts = run(&mut schedule, now + 600 * SECOND, 3_600 * SECOND, &mut dice);
    let per_minute = starts.len() as f64 / 60.0;
    println!("500 offers on the LAN: {per_minute:.1} wakings a minute");
    assert!(per_minute < 10.0, "{per_minute}");
}

#[test]
fn a_search_on_request_is_bounded() {
    let now = Instant::now();
    let mut dice = fair_dice(1);
    let mut schedule = Schedule::new(rhythm(1, SECOND, 4), now);
    schedule.set(&tasks(1, |_| Task { seek: true, offer: false }), now, &mut dice);
    let mut searches = 0;
    for millisecond in 0..10_000 {
        let now = now + Duration::from_millis(millisecond);
        schedule.seek_again(&hash(0), now);
        searches += schedule.take(now, &mut dice).len();
    }
    // The first, its first repetition after less than a second, then one each two seconds.
    assert!((5..=7).contains(&searches), "{searches}");
}

#[test]
fn what_reached_nobody_is_tried_again_soon() {
    let now = Instant::now();
    let mut dice = fair_dice(1);
    let mut schedule = Schedule::new(rhythm(1, SECOND, 4), now);
    schedule.set(&offers(1), now, &mut dice);
    let starts = run(&mut schedule, now, 10 * SECOND, &mut dice);
    assert_eq!(starts.len(), 1);
    let now = starts[0].0 + SECOND;
    schedule.reached_nobody(&hash(0), now, &mut dice);
    let next = schedule.next(now).expect("again");
    assert!(next >= now + 60 * SECOND && next <= now + 120 * SECOND);
}

#[test]
fn nothing_to_do_means_no_waking() {
    let now = Instant::now();
    let mut dice = fair_dice(1);
    let mut schedule = Schedule::new(rhythm(1, SECOND, 4), now);
    schedule.set(&tasks(3, |_| Task::default()), now, &mut dice);
    assert_eq!((schedule.len(), schedule.next(now)), (0, None));
    assert!(schedule.take(now, &mut dice).is_empty());
}
