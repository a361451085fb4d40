use jiff::{civil::date, tz::TimeZone};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Zoned {
    let wall: jiff::civil::DateTime = text.parse().unwrap();
    wall.to_zoned(TimeZone::get("Europe/Berlin").unwrap()).unwrap()
}

#[test]
fn tomorrow_is_the_next_morning_that_is_a_night_away() {
    for (now, morning) in [
        ("2026-11-20T12:00", "2026-11-21T06:00"),
        ("2026-11-20T23:59", "2026-11-21T06:00"),
        ("2026-11-21T02:00", "2026-11-21T06:00"),
        ("2026-11-21T02:01", "2026-11-22T06:00"),
        ("2026-11-21T05:00", "2026-11-22T06:00"),
        // Clocks are put back in this night, and forward in the other: the morning is at six all the same.
        ("2026-10-24T20:00", "2026-10-25T06:00"),
        ("2026-03-28T20:00", "2026-03-29T06:00"),
    ] {
        let until = at(morning).timestamp();
        let pause = PauseWish::UntilTomorrow.begin(&at(now)).unwrap();
        assert_eq!(pause.ends_at(), Some(until), "{now}");
    }
}

#[test]
fn a_pause_for_a_time_ends_then_however_the_clock_is_set() {
    let (begin, hour) = (at("2026-11-20T12:00"), SignedDuration::from_hours(1));
    let pause = PauseWish::For(hour).begin(&begin).unwrap();
    let after = |minutes| begin.timestamp() + SignedDuration::from_mins(minutes);
    assert_eq!(pause.settle(None, after(59)), Some(pause));
    assert_eq!(pause.settle(None, after(60)), None);
    assert_eq!(pause.settle(None, after(1_000_000)), None);
    let years_ago = date(1970, 1, 2).to_zoned(TimeZone::UTC).unwrap().timestamp();
    let shifted = pause.settle(None, years_ago).unwrap();
    assert_eq!(shifted.ends_at(), Some(years_ago + hour));
    for length in [SignedDuration::ZERO, SignedDuration::from_secs(-1), SignedDuration::MAX] {
        assert_eq!(PauseWish::For(length).begin(&begin), None);
    }
}

#[test]
fn a_pause_while_playing_waits_for_the_game_and_ends_with_it() {
    let begin = at("2026-11-20T12:00");
    let pause = PauseWish::WhilePlaying.begin(&begin).unwrap();
    let after = |minutes| begin.timestamp() + SignedDuration::from_mins(minutes);
    assert_eq!(pause.settle(Some(false), after(14)), Some(pause));
    assert_eq!(pause.settle(Some(false), after(15)), None, "no game has started");
    let playing = pause.settle(Some(true), after(10)).unwrap();
    assert_eq!((playing.ends_at(), playing.settle(Some(true), after(600))), (None, Some(playing)));
    assert_eq!(playing.settle(None, after(600)), Some(playing), "after a restart, before anybody has looked");
    assert_eq!(playing.settle(Some(false), after(601)), None);
}

proptest! {
    #[test]
    fn a_pause_with_an_end_never_lasts_longer_than_asked_for(
        minutes in 1_i64..44_000, jumps in prop::collection::vec(-10_000_000_i64..10_000_000, 0..6),
    ) {
        let (begin, length) = (at("2026-11-20T12:00"), SignedDuration::from_mins(minutes));
        let mut pause = PauseWish::For(length).begin(&begin);
        let mut now = begin.timestamp();
        for jump in jumps {
            now += SignedDuration::from_mins(jump / 10);
            pause = pause.and_then(|pause| pause.settle(None, now));
            if let Some(end) = pause.and_then(Pause::ends_at) {
                prop_assert!(end > now && end.duration_since(now) <= length);
            }
        }
    }
}
