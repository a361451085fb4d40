//! What is being downloaded more than before, worked out here from counts that services publish of everybody. Pure.
//!
//! A service says how often a package was downloaded in all. What it said some days ago is kept (a *mark*), and the
//! difference is what the package gained since. Nothing about the player goes into it and nothing leaves the machine.
//! The counts are the service's word and may be wrong or made up: they order a list for looking, nothing else.

use jiff::{SignedDuration, Timestamp};
use muster_domain::{PackageId, SourceId};
use muster_store::catalog::Counted;

/// Most packages of one source that are said to trend.
pub const MAX_TRENDING: usize = 300;
/// Fewer downloads than these in a week say nothing about a package.
const LEAST_WEEKLY: f64 = 10.0;
/// As if every package had been downloaded so often already: the first ones after nothing must not count for everything.
const HEAD_START: f64 = 100.0;

const fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

/// How often counts are kept.
const EVERY: SignedDuration = hours(84);
/// What is said to trend is what moved in about this time.
const WEEK: SignedDuration = hours(7 * 24);
/// The shortest time after which a difference says something.
const SHORTEST: SignedDuration = hours(24);
/// What moved over a longer time than this does not trend.
const LONGEST: SignedDuration = hours(30 * 24);

/// A package and what it gained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trending {
    pub source: SourceId,
    pub id: PackageId,
    /// Downloads, by the word of its source.
    pub gain: u64,
    /// Since when.
    pub since: Timestamp,
}

/// What is to be done about the marks of a source whose counts are new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marking {
    /// Keep the counts of now.
    pub take: bool,
    /// No longer needed.
    pub forget: Vec<Timestamp>,
}

/// Decides about the marks of a source: one is taken every few days, and of those that are a week old the newest stays.
/// Marks of the future (the clock was wrong) go.
pub(crate) fn marking(marks: &[Timestamp], now: Timestamp) -> Marking {
    let age = |mark: &Timestamp| now.duration_since(*mark);
    let past = || marks.iter().filter(|mark| age(mark) >= SignedDuration::ZERO);
    let settled = past().filter(|mark| age(mark) >= WEEK).max();
    let is_needed =
        |mark: &&Timestamp| age(mark) >= SignedDuration::ZERO && (age(mark) < WEEK || Some(*mark) == settled);
    Marking {
        take: past().all(|mark| age(mark) >= EVERY),
        forget: marks.iter().filter(|mark| !is_needed(mark)).copied().collect(),
    }
}

/// The mark that counts of `now` are held against: the newest that is a week old, else the oldest that is a day old.
pub(crate) fn base(marks: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
    let age = |mark: &Timestamp| now.duration_since(*mark);
    let usable = || marks.iter().filter(|mark| age(mark) >= SHORTEST && age(mark) <= LONGEST);
    usable().filter(|mark| age(mark) >= WEEK).max().or_else(|| usable().min()).copied()
}

/// What moved in one source between a mark and the time of its counts, the most notable first.
///
/// The same gain weighs more for a package that had fewer downloads before, so that the largest packages do not always
/// stand first. A package that was not counted at the mark counts only if it came out since then: others were just not
/// listed.
pub(crate) fn trending(
    source: &SourceId,
    counted: Vec<Counted>,
    (since, until): (Timestamp, Timestamp),
) -> Vec<(f64, Trending)> {
    let weeks = until.duration_since(since).as_secs_f64() / WEEK.as_secs_f64();
    if weeks <= 0.0 {
        return Vec::new();
    }
    let mut found: Vec<(f64, Trending)> = counted
        .into_iter()
        .filter_map(|counted| {
            let is_new = counted.published.is_some_and(|published| published >= since);
            let before = counted.before.or(is_new.then_some(0))?;
            let gain = counted.now.saturating_sub(before);
            let weekly = gain as f64 / weeks;
            let weight = weekly / (before as f64 + HEAD_START).sqrt();
            let one = Trending { source: source.clone(), id: counted.id, gain, since };
            (weekly >= LEAST_WEEKLY).then_some((weight, one))
        })
        .collect();
    sort(&mut found);
    found.truncate(MAX_TRENDING);
    found
}

/// The most notable first; equals by what they gained, then by name, so that the order is the same everywhere.
pub(crate) fn sort(found: &mut [(f64, Trending)]) {
    found.sort_by(|(a, one), (b, other)| {
        let by_weight = b.total_cmp(a).then(other.gain.cmp(&one.gain));
        by_weight.then_with(|| (&one.source, &one.id).cmp(&(&other.source, &other.id)))
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: i64) -> Timestamp {
        hour(24 * number)
    }

    fn hour(number: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + 3_600 * number).expect("a time")
    }

    fn counted(id: &str, before: Option<u64>, now: u64) -> Counted {
        Counted { id: id.parse().expect("an id"), now, before, published: None }
    }

    fn order(counted: Vec<Counted>) -> Vec<String> {
        let source: SourceId = "shop".parse().expect("an id");
        let found = trending(&source, counted, (day(0), day(7)));
        found.into_iter().map(|(_, one)| one.id.to_string()).collect()
    }

    #[test]
    fn what_moves_stands_before_what_is_large() {
        let found = order(vec![
            counted("large", Some(1_000_000), 1_010_000),
            counted("still", Some(5_000), 5_000),
            counted("rising", Some(500), 2_500),
            counted("tiny", Some(1), 9),
            counted("reset", Some(9_000), 10),
        ]);
        assert_eq!(found, ["rising", "large"]);
    }

    #[test]
    fn only_what_came_out_since_is_new() {
        let new = Counted { published: Some(day(3)), ..counted("new", None, 400) };
        let old = Counted { published: Some(day(-90)), ..counted("old", None, 90_000) };
        assert_eq!(order(vec![new, old, counted("undated", None, 90_000)]), ["new"]);
    }

    #[test]
    fn a_service_that_counts_without_measure_gets_no_more_than_its_share() {
        let many = (0..5_000).map(|n| counted(&format!("p{n}"), Some(0), u64::MAX - n)).collect();
        assert_eq!(order(many).len(), MAX_TRENDING);
    }

    #[test]
    fn counts_are_held_against_about_a_week_ago() {
        assert_eq!(base(&[], day(9)), None);
        assert_eq!(base(&[hour(0)], hour(23)), None, "too soon to say anything");
        assert_eq!(base(&[day(0), day(3)], day(5)), Some(day(0)), "the longest there is, below a week");
        assert_eq!(base(&[day(0), day(3), day(7)], day(11)), Some(day(3)));
        assert_eq!(base(&[day(0)], day(31)), None, "a month is no trend");
        assert_eq!(base(&[day(40)], day(9)), None, "a mark of the future");
    }

    proptest! {
        #[test]
        fn few_marks_are_kept_and_one_of_them_serves(steps in prop::collection::vec(1i64..100, 1..200)) {
            let (mut marks, mut now): (Vec<Timestamp>, i64) = (Vec::new(), 0);
            for step in steps {
                now += step;
                let Marking { take, forget } = marking(&marks, hour(now));
                marks.retain(|mark| !forget.contains(mark));
                if take {
                    marks.push(hour(now));
                }
                prop_assert!(marks.len() <= 4, "{marks:?}");
                prop_assert!(now < 7 * 24 || base(&marks, hour(now)).is_some());
            }
        }

        #[test]
        fn the_order_does_not_depend_on_how_it_was_told(
            counts in prop::collection::vec((0u64..1_000, 0u64..5_000), 1..30), turn in 0usize..30,
        ) {
            let mut list: Vec<Counted> = counts.iter().enumerate()
                .map(|(n, (before, now))| counted(&format!("p{n}"), Some(*before), *now)).collect();
            let first = order(list.clone());
            let length = list.len();
            list.rotate_left(turn % length);
            prop_assert_eq!(order(list), first);
        }

        #[test]
        fn who_gained_more_is_never_behind_at_the_same_size(before in 0u64..10_000, less in 20u64..1_000, more in 0u64..1_000) {
            let found = order(vec![
                counted("less", Some(before), before + less),
                counted("more", Some(before), before + less + more + 1),
            ]);
            prop_assert_eq!(found, ["more", "less"]);
        }
    }
}
