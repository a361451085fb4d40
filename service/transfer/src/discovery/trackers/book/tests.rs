//! The rules of the table, by random histories with trackers that say anything.

use proptest::prelude::*;
use url::Url;

use super::{super::announce::Event, *};
use crate::Reach;

const SECOND: Duration = Duration::from_secs(1);

fn tracker(number: u8) -> Tracker {
    let url = Url::parse(&format!("http://tracker{number}.example/announce")).expect("valid");
    Tracker { url, reach: Reach::Public }
}

fn hash(number: u8) -> Sha1 {
    Sha1([number; 20])
}

type Wanted = BTreeMap<Sha1, (Role, u64, Vec<Tracker>)>;

fn set(book: &mut Book, wanted: &Wanted, port: Option<u16>, now: Instant) {
    let stances =
        wanted.iter().map(|(hash, (role, left, trackers))| (*hash, *role, *left, trackers.as_slice()));
    book.set(stances, port, now, &mut || 0x8000);
}

fn wanted(role: Role, left: u64, hashes: impl Iterator<Item = u8>) -> Wanted {
    hashes.map(|number| (hash(number), (role, left, vec![tracker(1)]))).collect()
}

/// Carries a visit out with the same answer for all.
fn visit(book: &mut Book, visit: Visit, result: &Result<Answer, Failure>, now: Instant) {
    let results = visit.jobs.iter().map(|job| (job.clone(), result.clone())).collect();
    book.visited(&Report { visit, results }, now, &mut || 0x8000);
}

fn every(seconds: u32) -> Result<Answer, Failure> {
    Ok(Answer { interval: Some(seconds * SECOND), ..Answer::default() })
}

#[derive(Clone, Debug)]
enum Step {
    Wait(u32),
    Want(u8, u8, bool),
    Drop(u8),
    Again(u8),
    Port(Option<u16>),
    Take,
    End(prop::sample::Index, Said),
}

#[derive(Clone, Debug)]
enum Said {
    Interval(u64, u64),
    No,
    Nothing,
}

fn step() -> impl Strategy<Value = Step> {
    let said = prop_oneof![
        4 => any::<(u64, u64)>().prop_map(|(interval, min)| Said::Interval(interval >> 20, min >> 20)),
        2 => (0u64..5_000, 0u64..100).prop_map(|(interval, min)| Said::Interval(interval, min)),
        1 => Just(Said::No),
        1 => Just(Said::Nothing),
    ];
    prop_oneof![
        4 => (0u32..4_000).prop_map(Step::Wait),
        3 => (0u8..6, 0u8..3, any::<bool>()).prop_map(|(hash, role, done)| Step::Want(hash, role, done)),
        1 => (0u8..6).prop_map(Step::Drop),
        2 => (0u8..6).prop_map(Step::Again),
        1 => prop::option::of(1_000u16..1_002).prop_map(Step::Port),
        6 => Just(Step::Take),
        6 => (any::<prop::sample::Index>(), said).prop_map(|(index, said)| Step::End(index, said)),
    ]
}

fn answer(said: &Said) -> Result<Answer, Failure> {
    match said {
        Said::Interval(interval, min) => Ok(Answer {
            interval: Some(Duration::from_secs(*interval)),
            min_interval: Some(Duration::from_secs(*min)),
            ..Answer::default()
        }),
        Said::No => Err(Failure::Said("no".to_owned())),
        Said::Nothing => Err(Failure::Unreachable),
    }
}

/// What a tracker may expect of one info-hash.
#[derive(Default)]
struct Heard {
    is_listed: bool,
    under_way: bool,
    last: Option<Instant>,
    goodbyes: u32,
}

proptest! {
    #[test]
    fn trackers_hear_each_entry_in_order_and_not_too_often(steps in prop::collection::vec(step(), 1..200)) {
        let mut now = Instant::now();
        let (mut book, mut all, mut port) = (Book::default(), Wanted::new(), Some(1_000));
        let mut under_way: Vec<Visit> = vec![];
        let mut heard: BTreeMap<(Tracker, Sha1), Heard> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Wait(seconds) => now += seconds * SECOND,
                Step::Want(number, role, is_done) => {
                    let role = [Role::Seek, Role::Offer, Role::Both][usize::from(role)];
                    all.insert(hash(number), (role, u64::from(!is_done), vec![tracker(1), tracker(number % 2)]));
                    set(&mut book, &all, port, now);
                }
                Step::Drop(number) => {
                    all.remove(&hash(number));
                    set(&mut book, &all, port, now);
                }
                Step::Again(number) => book.seek_again(&hash(number), now),
                Step::Port(new) => {
                    port = new;
                    set(&mut book, &all, port, now);
                }
                Step::Take => {
                    for visit in book.take(now) {
                        prop_assert!(visit.jobs.len() <= MAX_JOBS && !visit.jobs.is_empty());
                        for job in &visit.jobs {
                            let heard = heard.entry((visit.tracker.clone(), job.info_hash)).or_default();
                            prop_assert!(!std::mem::replace(&mut heard.under_way, true), "twice at a time");
                            prop_assert_eq!(job.event == Event::Started, !heard.is_listed, "{:?}", job);
                            let wait = heard.last.map(|last| now - last);
                            let may_hurry = job.event != Event::Nothing;
                            prop_assert!(may_hurry || wait.is_none_or(|wait| wait >= 60 * SECOND), "{:?}", job);
                        }
                        under_way.push(visit);
                    }
                    prop_assert!(under_way.len() <= MAX_VISITS);
                    prop_assert!(book.next().is_none_or(|next| next > now), "not everything was taken");
                }
                Step::End(index, said) if !under_way.is_empty() => {
                    let ended = under_way.swap_remove(index.index(under_way.len()));
                    for job in &ended.jobs {
                        let heard = heard.entry((ended.tracker.clone(), job.info_hash)).or_default();
                        heard.under_way = false;
                        if matches!(said, Said::Interval(..)) {
                            heard.is_listed = job.event != Event::Stopped;
                            (heard.last, heard.goodbyes) = (Some(now), 0);
                        } else if job.event == Event::Stopped {
                            // A goodbye that fails is not tried for ever; the tracker forgets us by itself.
                            heard.goodbyes += 1;
                            heard.is_listed = heard.goodbyes < 2;
                        }
                    }
                    visit(&mut book, ended, &answer(&said), now);
                }
                Step::End(..) => {}
            }
        }
    }
}

#[test]
fn what_is_sought_is_asked_for_at_once_and_does_not_wait_for_offers() {
    let now = Instant::now();
    let mut book = Book::default();
    set(&mut book, &wanted(Role::Offer, 0, 0..100), Some(1), now);
    assert!(book.take(now).is_empty());
    let later = now + 200 * SECOND;
    let offers = book.take(later);
    assert_eq!((offers.len(), offers[0].jobs.len()), (1, MAX_JOBS));

    let mut all = wanted(Role::Offer, 0, 0..100);
    all.extend(wanted(Role::Seek, 9, 100..101));
    set(&mut book, &all, Some(1), later);
    let sought = book.take(later);
    assert_eq!(sought.len(), 1);
    assert_eq!((sought[0].jobs[0].event, sought[0].jobs[0].left), (Event::Started, 9));
    assert!(sought[0].jobs[0].wanted > 0 && offers[0].jobs[0].wanted == 0);
}

#[test]
fn intervals_of_trackers_are_kept_to_within_bounds() {
    for (said, least, most) in [(0, 60, 66), (1_800, 1_800, 1_980), (u32::MAX, 3_600, 3_960)] {
        let now = Instant::now();
        let mut book = Book::default();
        set(&mut book, &wanted(Role::Both, 1, 0..1), Some(1), now);
        let first = book.take(now).remove(0);
        visit(&mut book, first, &every(said), now);
        let wait = book.next().expect("again") - now;
        assert!(wait >= least * SECOND && wait <= most * SECOND, "{said}: {wait:?}");
    }
}

#[test]
fn the_life_of_a_download_is_told() {
    let mut now = Instant::now();
    let mut book = Book::default();
    let mut events = vec![];
    let mut step = |book: &mut Book, now: Instant| {
        for taken in book.take(now) {
            events.extend(taken.jobs.iter().map(|job| job.event));
            visit(book, taken, &every(1_800), now);
        }
    };
    set(&mut book, &wanted(Role::Both, 5, 0..1), Some(1), now);
    step(&mut book, now);
    now += 2_000 * SECOND;
    step(&mut book, now);
    now += 10 * SECOND;
    set(&mut book, &wanted(Role::Offer, 0, 0..1), Some(1), now);
    step(&mut book, now);
    now += 10 * SECOND;
    set(&mut book, &Wanted::new(), Some(1), now);
    step(&mut book, now);
    assert_eq!(events, [Event::Started, Event::Nothing, Event::Completed, Event::Stopped]);
    assert!(book.places.is_empty() && book.next().is_none());
}

#[test]
fn who_does_not_listen_is_listed_for_a_moment_only() {
    let now = Instant::now();
    let mut book = Book::default();
    set(&mut book, &wanted(Role::Seek, 5, 0..1), None, now);
    let started = book.take(now).remove(0);
    assert_eq!((started.jobs[0].event, started.jobs[0].port), (Event::Started, None));
    visit(&mut book, started, &every(1_800), now);
    let goodbye = book.take(now + PAUSE).remove(0);
    assert_eq!(goodbye.jobs[0].event, Event::Stopped);
    visit(&mut book, goodbye, &every(1_800), now + PAUSE);
    assert!(book.next().expect("again") >= now + 1_800 * SECOND);
    book.seek_again(&hash(0), now + 70 * SECOND);
    assert_eq!(book.take(now + 70 * SECOND)[0].jobs[0].event, Event::Started);
}

#[test]
fn a_tracker_that_is_away_rests_longer_each_time() {
    let mut now = Instant::now();
    let mut book = Book::default();
    set(&mut book, &wanted(Role::Both, 1, 0..40), Some(1), now);
    let mut visits = 0;
    let end = now + 3_600 * SECOND;
    while let Some(next) = book.next().filter(|next| *next < end) {
        now = now.max(next);
        for taken in book.take(now) {
            visits += 1;
            // A visit ends at the first failure.
            let results = vec![(taken.jobs[0].clone(), Err(Failure::Unreachable))];
            book.visited(&Report { visit: taken, results }, now, &mut || u16::MAX);
        }
    }
    assert!((5..=10).contains(&visits), "{visits}");
}

#[test]
fn the_end_says_goodbye_once_to_those_who_list_us() {
    let now = Instant::now();
    let mut book = Book::default();
    let mut all = wanted(Role::Both, 1, 0..3);
    all.extend(wanted(Role::Offer, 0, 3..4));
    set(&mut book, &all, Some(1), now);
    let taken = book.take(now).remove(0);
    visit(&mut book, taken, &every(1_800), now);
    let goodbyes = book.farewell();
    assert_eq!(goodbyes.len(), 1);
    assert_eq!(goodbyes[0].jobs.len(), 3);
    assert!(goodbyes[0].jobs.iter().all(|job| job.event == Event::Stopped));
    assert!(book.farewell().is_empty() && book.next().is_none());
}

#[test]
fn only_trackers_are_visited() {
    let may =
        |text: &str| may_visit(&Tracker { url: Url::parse(text).expect("valid"), reach: Reach::Public });
    for text in ["http://t.example/announce", "https://t.example:8443/a?key=1", "udp://t.example:80"] {
        assert!(may(text), "{text}");
    }
    for text in [
        "wss://t.example/",
        "file:///etc/passwd",
        "udp://t.example",
        "udp://user@t.example:80",
        "http://user:pw@t.example/",
        "http://127.0.0.1/announce",
        "http://[::1]/announce",
        "http://169.254.169.254/latest",
        "http://localhost/",
    ] {
        assert!(!may(text), "{text}");
    }
}

#[test]
fn five_hundred_seeds_at_a_tracker_are_few_visits() {
    let mut now = Instant::now();
    let mut book = Book::default();
    let all: Wanted = (0..500u16)
        .map(|number| {
            let hash =
                Sha1([number.to_be_bytes().as_slice(), &[0; 18]].concat().try_into().expect("20 bytes"));
            (hash, (Role::Offer, 0, vec![tracker(1)]))
        })
        .collect();
    set(&mut book, &all, Some(1), now);
    let (start, mut visits, mut told) = (now, 0, 0);
    while let Some(next) = book.next().filter(|next| *next < start + 3 * 3_600 * SECOND) {
        now = now.max(next);
        for taken in book.take(now) {
            visits += 1;
            told += taken.jobs.len();
            visit(&mut book, taken, &every(1_800), now);
        }
    }
    println!("500 offers at a tracker: {} visits and {} announcements an hour", visits / 3, told / 3);
    assert!((2_500..=3_500).contains(&told) && visits < 3 * 120, "{told} in {visits}");
}
