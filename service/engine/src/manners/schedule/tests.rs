use jiff::{SignedDuration, civil::date, tz::TimeZone};
use proptest::prelude::*;

use super::*;

fn schedule(text: &str) -> Schedule {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Zones with changes of clocks by an hour, by half an hour, at midnight, and without any; and one that skipped a day.
const ZONES: [&str; 6] = [
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Asuncion",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Apia",
];

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn days_and_times_are_read_in_all_their_forms() {
    for (text, written) in [
        ("", ""),
        (" ; ", ""),
        ("mon-fri 18:00-23:00", "mon-fri 18:00-23:00"),
        ("MON-FRI 18-23", "mon-fri 18:00-23:00"),
        ("22:00-8:00", "daily 22:00-08:00"),
        ("daily 0-24", "daily 00:00-24:00"),
        ("mon, wed, fri 18:00-23:30", "mon,wed,fri 18:00-23:30"),
        ("fri-mon 10:00-12:00", "mon,fri-sun 10:00-12:00"),
        ("weekend 9:00-24:00; weekdays 18:00-20:00", "sat,sun 09:00-24:00; mon-fri 18:00-20:00"),
        ("sat 1:00-2:00, 3:00-4:00", "sat 01:00-02:00; daily 03:00-04:00"),
        ("mon tue 1:00-2:00", "mon,tue 01:00-02:00"),
    ] {
        assert_eq!(schedule(text).to_string(), written, "{text}");
    }
    for text in [
        "mon",
        "monday 1:00-2:00",
        "mon-fri",
        "mon 25:00-26:00",
        "24:00-1:00",
        "1:60-2:00",
        "1:00-24:01",
        "1:00",
        "1:00-1:00",
        "1:00-2:00-3:00",
        "mon 1:00-2:00 tue",
        "+1:00-2:00",
        "001:00-2:00",
        "mon–fri 1:00-2:00",
    ] {
        assert!(text.parse::<Schedule>().is_err(), "{text}");
    }
    assert_eq!("1-2;".repeat(33).parse::<Schedule>(), Err(ScheduleError::TooLong));
    assert_eq!(" ".repeat(MAX_TEXT + 1).parse::<Schedule>(), Err(ScheduleError::TooLong));
}

#[test]
fn a_span_over_midnight_belongs_to_the_day_it_begins_on() {
    let night = schedule("fri 22:00-8:00");
    // 2026-11-20 is a Friday.
    for (day, hour, expected) in
        [(20, 21, false), (20, 22, true), (21, 7, true), (21, 8, false), (20, 7, false)]
    {
        assert_eq!(night.contains(date(2026, 11, day).at(hour, 0, 0, 0)), expected, "{day} {hour}");
    }
}

#[test]
fn an_hour_that_comes_twice_counts_twice_and_one_that_is_skipped_not_at_all() {
    let (berlin, hour) = (zone("Europe/Berlin"), schedule("2:00-3:00"));
    let length = |day: jiff::civil::Date| {
        let mut now = day.to_zoned(berlin.clone()).unwrap();
        let end = now.checked_add(SignedDuration::from_hours(23)).unwrap();
        let mut inside = SignedDuration::ZERO;
        while let Some(next) = hour.next_change(&now) {
            let next = next.min(end.timestamp());
            if hour.contains(now.datetime()) {
                inside += next.duration_since(now.timestamp());
            }
            if next == end.timestamp() {
                break;
            }
            now = next.to_zoned(berlin.clone());
        }
        inside.as_mins()
    };
    assert_eq!(length(date(2026, 10, 24)), 60);
    assert_eq!(length(date(2026, 10, 25)), 120, "clocks are put back");
    assert_eq!(length(date(2026, 3, 29)), 0, "clocks are put forward");
}

#[test]
fn what_never_changes_has_no_next_change() {
    let now = date(2026, 11, 20).at(12, 0, 0, 0).to_zoned(zone("Europe/Berlin")).unwrap();
    assert_eq!(schedule("").next_change(&now), None);
    assert_eq!(schedule("0:00-24:00").next_change(&now), None);
    assert_eq!(schedule("0:00-12:00, 12:00-24:00").next_change(&now), None);
}

fn spans() -> impl Strategy<Value = Schedule> {
    let span = (1_u8..0x80, 0..DAY, 0..=DAY)
        .prop_filter_map("some time", |(days, from, to)| (from != to).then_some(Span { days, from, to }));
    prop::collection::vec(span, 0..4).prop_map(Schedule)
}

/// Moments around changes of clocks are drawn as often as others.
fn moment() -> impl Strategy<Value = Zoned> {
    let zones = prop::sample::select(ZONES.to_vec());
    let start = date(2009, 1, 1).to_zoned(TimeZone::UTC).unwrap().timestamp();
    (zones, 0_i64..25 * 366 * 86_400, any::<bool>(), -90_000_i64..90_000).prop_map(
        move |(name, seconds, is_near, offset)| {
            let zone = zone(name);
            let at = start + SignedDuration::from_secs(seconds);
            let shift = zone.following(at).next().map(|shift| shift.timestamp());
            let at = match shift.filter(|_| is_near) {
                Some(shift) => shift + SignedDuration::from_secs(offset),
                None => at,
            };
            at.to_zoned(zone)
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(schedule in spans()) {
        prop_assert_eq!(schedule.to_string().parse::<Schedule>(), Ok(schedule));
    }

    #[test]
    fn any_text_is_a_schedule_or_an_error(text in "[a-z0-9:,; -]{0,60}|.{0,60}") {
        if let Ok(schedule) = text.parse::<Schedule>() {
            prop_assert_eq!(schedule.to_string().parse::<Schedule>(), Ok(schedule));
        }
    }

    #[test]
    fn nothing_changes_before_the_next_change_and_then_it_does(schedule in spans(), now in moment()) {
        let next = schedule.next_change(&now);
        let until = next.unwrap_or_else(|| now.timestamp() + SignedDuration::from_hours(7 * 24));
        let length = until.duration_since(now.timestamp());
        let before = schedule.contains(now.datetime());
        for step in 0..200 {
            let at = now.timestamp() + length * step / 200;
            prop_assert_eq!(schedule.contains(now.time_zone().to_datetime(at)), before, "at {}", at);
        }
        if let Some(next) = next {
            prop_assert!(next > now.timestamp());
            let last = now.time_zone().to_datetime(next - SignedDuration::from_nanos(1));
            prop_assert_eq!(schedule.contains(last), before);
            prop_assert_eq!(schedule.contains(now.time_zone().to_datetime(next)), !before);
        }
    }
}
