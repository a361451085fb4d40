use jiff::{civil::date, tz::TimeZone};
use proptest::prelude::*;

use super::*;

fn on(year: i16, month: i8, day: i8) -> Zoned {
    date(year, month, day).at(12, 0, 0, 0).to_zoned(TimeZone::get("Europe/Berlin").unwrap()).unwrap()
}

#[test]
fn a_month_begins_with_nothing_by_the_local_calendar() {
    let mut ledger = Ledger::default();
    ledger.add(70, &on(2026, 11, 30));
    assert_eq!(ledger.spent(&on(2026, 11, 30)), 70);
    // 23:30 UTC is December in Berlin.
    let late = "2026-11-30T23:30:00Z".parse::<jiff::Timestamp>().unwrap();
    assert_eq!(ledger.clone().spent(&late.to_zoned(TimeZone::UTC)), 70);
    assert_eq!(ledger.spent(&late.to_zoned(TimeZone::get("Europe/Berlin").unwrap())), 0);
    assert_eq!(month_end(&on(2026, 12, 5)).unwrap().to_string(), "2026-12-31T23:00:00Z");
}

#[test]
fn a_clock_put_back_frees_nothing() {
    let mut ledger = Ledger::default();
    ledger.add(10, &on(2026, 10, 1));
    ledger.add(90, &on(2026, 11, 1));
    for earlier in [on(1970, 1, 1), on(2026, 9, 1), on(2026, 10, 20)] {
        assert_eq!(ledger.spent(&earlier), 90, "{earlier}");
    }
    ledger.add(5, &on(1970, 1, 1));
    assert_eq!(ledger.spent(&on(2026, 10, 20)), 95);
    assert_eq!(ledger.spent(&on(2026, 11, 2)), 90);
    assert_eq!(ledger.spent(&on(2026, 12, 1)), 0);
}

#[test]
fn a_clock_that_ran_ahead_changes_nothing_once_it_is_right_again() {
    let mut ledger = Ledger::default();
    ledger.add(50, &on(2026, 11, 1));
    ledger.add(7, &on(2033, 5, 1));
    assert_eq!(ledger.spent(&on(2026, 11, 2)), 50);
    assert_eq!(ledger.spent(&on(2026, 12, 1)), 0, "the next month begins as ever");
    ledger.add(3, &on(2026, 12, 1));
    assert_eq!(ledger.spent(&on(2026, 12, 2)), 3);
}

#[test]
fn it_is_kept_as_readable_text() {
    let mut ledger = Ledger::default();
    ledger.add(5, &on(2026, 11, 1));
    let text = serde_json::to_string(&ledger).unwrap();
    assert_eq!(text, r#"{"current":"2026-11","months":{"2026-11":5}}"#);
    assert_eq!(serde_json::from_str::<Ledger>(&text).unwrap(), ledger);
    assert!(serde_json::from_str::<Ledger>(r#"{"current":"soon","months":{}}"#).is_err());
}

proptest! {
    #[test]
    fn spent_shrinks_only_when_the_clock_goes_on_to_another_month(
        steps in prop::collection::vec((0_i16..4, 1_i8..=12, 0_u64..100), 1..60),
    ) {
        let mut ledger = Ledger::default();
        let mut before: Option<(Month, u64)> = None;
        for (year, month, bytes) in steps {
            let now = on(2026 + year, month, 3);
            ledger.add(bytes, &now);
            let spent = ledger.spent(&now);
            if let Some((last, last_spent)) = before
                && ledger.current <= Some(last)
            {
                prop_assert!(spent >= last_spent);
            }
            prop_assert!(ledger.months.len() <= MAX_MONTHS);
            before = Some((ledger.current.unwrap(), spent));
        }
    }
}
