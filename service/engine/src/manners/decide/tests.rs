use jiff::{SignedDuration, civil::date, tz::TimeZone};
use proptest::prelude::*;

use super::*;
use crate::{
    Theme,
    manners::{Consider, PauseWish, Rules},
};

fn noon() -> Zoned {
    // A Friday.
    date(2026, 11, 20).at(12, 0, 0, 0).to_zoned(TimeZone::get("Europe/Berlin").unwrap()).unwrap()
}

fn sharing_with_everybody() -> Settings {
    Settings { sharing: Sharing::Everybody, ..Settings::default() }
}

/// A machine that has been looked at and about which all is known, and nothing against sharing.
fn calm() -> Surroundings {
    Surroundings {
        has_looked: true,
        on_battery: Some(false),
        is_metered: Some(false),
        over_vpn: Some(false),
        is_away: Some(false),
        full_screen: Some(false),
        is_sleeping: Some(false),
        free_bytes: Some(LOW_DISK),
    }
}

fn facts<'a>(settings: &'a Settings, now: &'a Zoned) -> Facts<'a> {
    Facts {
        settings,
        pause: None,
        surroundings: calm(),
        playing: Some(false),
        uploaded: 0,
        uplink: None,
        now,
    }
}

#[test]
fn without_a_yes_nothing_leaves_the_machine() {
    let now = noon();
    for (sharing, hold) in [(Sharing::Unset, Hold::NotChosen), (Sharing::Nobody, Hold::Off)] {
        let settings = Settings { sharing, ..Settings::default() };
        let verdict = decide(&facts(&settings, &now));
        assert_eq!((verdict.reach, verdict.sharing_holds), (Reach::Nobody, vec![hold]));
        assert_eq!(verdict.background_holds, [], "a no does not slow down one's own downloads");
        assert_eq!(verdict.caps.down, None);
    }
    let settings = Settings { sharing: Sharing::Nearby, ..Settings::default() };
    assert_eq!(decide(&facts(&settings, &now)).reach, Reach::Nearby);
}

/// The table of the module's header, line by line.
#[test]
fn every_line_of_the_table_holds_by_itself() {
    let now = noon();
    let pause = PauseWish::UntilResumed.begin(&now);
    let around = |change: fn(&mut Surroundings)| {
        let mut around = calm();
        change(&mut around);
        around
    };
    let rules = |change: fn(&mut Rules)| {
        let mut settings = sharing_with_everybody();
        change(&mut settings.rules);
        settings
    };
    let settings = sharing_with_everybody();
    let base = facts(&settings, &now);
    let strict = rules(|rules| {
        rules.on_battery = Consider::PauseUnlessKnown;
        rules.on_metered = Consider::PauseUnlessKnown;
        rules.on_vpn = Consider::PauseUnlessKnown;
    });
    let evenings = rules(|rules| rules.share_hours = "18:00-23:00".parse().unwrap());
    let away = rules(|rules| rules.share_when_away = true);
    let none = Settings { upload_limit: 0, ..sharing_with_everybody() };
    let all = base.settings.rules.monthly_upload;
    for (facts, hold, is_for_background) in [
        (Facts { pause, ..base }, Hold::AllPaused, true),
        (Facts { surroundings: around(|a| a.has_looked = false), ..base }, Hold::Looking, true),
        (Facts { surroundings: around(|a| a.is_sleeping = Some(true)), ..base }, Hold::Sleep, true),
        (Facts { playing: Some(true), ..base }, Hold::Game, true),
        (Facts { surroundings: around(|a| a.full_screen = Some(true)), ..base }, Hold::FullScreen, true),
        (Facts { surroundings: around(|a| a.on_battery = Some(true)), ..base }, Hold::Battery, true),
        (Facts { surroundings: around(|a| a.is_metered = Some(true)), ..base }, Hold::Metered, true),
        (Facts { surroundings: around(|a| a.over_vpn = Some(true)), ..base }, Hold::Vpn, false),
        (Facts { surroundings: around(|a| a.free_bytes = Some(LOW_DISK - 1)), ..base }, Hold::Disk, true),
        (Facts { settings: &evenings, ..base }, Hold::Hours, false),
        (Facts { settings: &away, ..base }, Hold::NotAway, false),
        (Facts { settings: &away, surroundings: around(|a| a.is_away = None), ..base }, Hold::NotAway, false),
        (Facts { settings: &none, ..base }, Hold::NoUpload, false),
        (
            Facts { settings: &strict, surroundings: around(|a| a.on_battery = None), ..base },
            Hold::BatteryUnknown,
            true,
        ),
        (
            Facts { settings: &strict, surroundings: around(|a| a.is_metered = None), ..base },
            Hold::MeteredUnknown,
            true,
        ),
        (
            Facts { settings: &strict, surroundings: around(|a| a.over_vpn = None), ..base },
            Hold::VpnUnknown,
            false,
        ),
    ] {
        let verdict = decide(&facts);
        assert_eq!((verdict.reach, &verdict.sharing_holds[..]), (Reach::Nobody, &[hold][..]));
        let background = if is_for_background { vec![hold] } else { Vec::new() };
        assert_eq!(verdict.background_holds, background, "{hold:?}");
        assert_eq!(verdict.is_paused, hold == Hold::AllPaused);
    }
    let spent = decide(&Facts { uploaded: all, ..base });
    assert_eq!((spent.reach, spent.sharing_holds), (Reach::Nearby, vec![Hold::Month]));
    let no_exemption = rules(|rules| rules.lan_exempt = false);
    let spent = decide(&Facts { uploaded: all, settings: &no_exemption, ..base });
    assert_eq!((spent.reach, spent.sharing_holds), (Reach::Nobody, vec![Hold::Month]));
    assert_eq!(decide(&Facts { uploaded: all - 1, ..base }).reach, Reach::Everybody);
    assert_eq!(decide(&base).reach, Reach::Everybody);
}

#[test]
fn what_is_not_known_holds_nothing_back() {
    let (settings, now) = (sharing_with_everybody(), noon());
    let surroundings = Surroundings { has_looked: true, ..Surroundings::default() };
    let verdict = decide(&Facts { surroundings, playing: None, ..facts(&settings, &now) });
    assert_eq!((verdict.reach, verdict.background_holds), (Reach::Everybody, vec![]));
}

#[test]
fn what_the_player_allowed_holds_nothing_back() {
    let now = noon();
    let mut settings = sharing_with_everybody();
    settings.rules.on_battery = Consider::Allow;
    settings.rules.on_metered = Consider::Allow;
    settings.rules.on_vpn = Consider::Allow;
    settings.rules.upload_while_playing = true;
    settings.rules.background_while_playing = true;
    let surroundings = Surroundings {
        on_battery: Some(true),
        is_metered: Some(true),
        over_vpn: Some(true),
        full_screen: Some(true),
        ..calm()
    };
    let verdict = decide(&Facts { surroundings, playing: Some(true), ..facts(&settings, &now) });
    assert_eq!((verdict.reach, verdict.background_holds), (Reach::Everybody, vec![]));
    assert_eq!(verdict.caps.set, LimitSet::TurtlePlaying);
    assert_eq!(verdict.caps.up, settings.rules.turtle_upload_limit);
}

#[test]
fn the_usual_upload_limit_leaves_half_of_the_line() {
    let now = noon();
    let up = |uplink, auto| {
        let mut settings = sharing_with_everybody();
        settings.rules.upload_auto = auto;
        decide(&Facts { uplink, ..facts(&settings, &now) }).caps.up
    };
    assert_eq!(up(None, true), 1_000_000);
    assert_eq!(up(Some(10_000_000), true), 1_000_000);
    assert_eq!(up(Some(1_000_000), true), 500_000);
    assert_eq!(up(Some(10), true), MIN_LIMIT, "never so little that nothing works");
    assert_eq!(up(Some(1_000_000), false), 1_000_000);
}

#[test]
fn the_second_set_is_in_force_when_it_should() {
    let now = noon();
    let mut settings = Settings { download_limit: 9_000_000, ..sharing_with_everybody() };
    settings.rules.turtle_download_limit = 700_000;
    let with = |turtle, hours: &str, playing| {
        let mut settings = settings.clone();
        settings.rules.turtle = turtle;
        settings.rules.turtle_hours = hours.parse().unwrap();
        let caps = decide(&Facts { playing: Some(playing), ..facts(&settings, &now) }).caps;
        (caps.set, caps.down)
    };
    let (usual, slow) = (Some(9_000_000), Some(700_000));
    assert_eq!(with(Turtle::Off, "daily 0-24", true), (LimitSet::Usual, usual));
    assert_eq!(with(Turtle::On, "", false), (LimitSet::Turtle, slow));
    assert_eq!(with(Turtle::Auto, "", false), (LimitSet::Usual, usual));
    assert_eq!(with(Turtle::Auto, "", true), (LimitSet::TurtlePlaying, slow));
    assert_eq!(with(Turtle::Auto, "fri 11:00-13:00", false), (LimitSet::TurtleHours, slow));
    assert_eq!(with(Turtle::Auto, "sat 11:00-13:00", false), (LimitSet::Usual, usual));
}

#[test]
fn games_are_looked_for_only_where_that_changes_something() {
    let now = noon();
    let quiet = Settings::default();
    let sharing = sharing_with_everybody();
    let mut slower = Settings::default();
    slower.rules.turtle_download_limit = 500_000;
    let mut unmoved = sharing_with_everybody();
    unmoved.rules.upload_while_playing = true;
    unmoved.rules.turtle = Turtle::Off;
    let on_battery = Surroundings { on_battery: Some(true), ..calm() };
    for (facts, has_background, matters) in [
        (facts(&quiet, &now), false, false),
        (facts(&quiet, &now), true, true),
        (facts(&sharing, &now), false, true),
        (Facts { surroundings: on_battery, ..facts(&sharing, &now) }, false, false),
        (Facts { surroundings: on_battery, ..facts(&sharing, &now) }, true, false),
        (facts(&slower, &now), false, true),
        (facts(&unmoved, &now), false, false),
        (Facts { pause: PauseWish::WhilePlaying.begin(&now), ..facts(&quiet, &now) }, false, true),
        (Facts { pause: PauseWish::UntilResumed.begin(&now), ..facts(&sharing, &now) }, true, false),
    ] {
        assert_eq!(matters_whether_playing(&facts, has_background), matters, "{facts:?}");
    }
}

#[test]
fn every_hold_has_a_code_of_its_own() {
    let codes: std::collections::BTreeSet<_> = Hold::ALL.iter().map(|hold| hold.sharing_code()).collect();
    assert_eq!(codes.len(), Hold::ALL.len());
    assert!(Hold::ALL.is_sorted());
}

fn fact() -> impl Strategy<Value = Option<bool>> {
    prop::sample::select(vec![None, Some(false), Some(true)])
}

fn consider() -> impl Strategy<Value = Consider> {
    prop::sample::select(vec![Consider::Pause, Consider::PauseUnlessKnown, Consider::Allow])
}

fn hours() -> impl Strategy<Value = crate::manners::Schedule> {
    let texts =
        ["", "daily 18:00-23:00", "fri 22:00-6:00; sun 2:00-3:00", "mon-fri 8:30-17:15", "0:00-24:00"];
    prop::sample::select(texts.to_vec()).prop_map(|text| text.parse().unwrap())
}

prop_compose! {
    fn any_rules()(
        considers in (consider(), consider(), consider()),
        flags in any::<(bool, bool, bool, bool, bool)>(),
        turtle in prop::sample::select(vec![Turtle::Off, Turtle::On, Turtle::Auto]),
        schedules in (hours(), hours()),
        monthly_upload in prop::sample::select(vec![0, 1_000, 20_000_000_000]),
        limits in (0_u64..3, 0_u64..3),
    ) -> Rules {
        Rules {
            upload_auto: flags.0,
            turtle,
            turtle_download_limit: limits.0 * 50_000,
            turtle_upload_limit: limits.1 * 50_000,
            turtle_hours: schedules.0,
            share_hours: schedules.1,
            monthly_upload,
            lan_exempt: flags.1,
            upload_while_playing: flags.2,
            background_while_playing: flags.3,
            on_battery: considers.0,
            on_metered: considers.1,
            on_vpn: considers.2,
            share_when_away: flags.4,
            ..Rules::default()
        }
    }
}

prop_compose! {
    fn any_settings()(
        sharing in prop::sample::select(vec![Sharing::Unset, Sharing::Nobody, Sharing::Nearby, Sharing::Everybody]),
        limits in (0_u64..3, 0_u64..3),
        rules in any_rules(),
    ) -> Settings {
        Settings {
            sharing,
            download_limit: limits.0 * 1_000_000,
            upload_limit: limits.1 * 1_000_000,
            rules,
            theme: Theme::Dark,
            ..Settings::default()
        }
    }
}

prop_compose! {
    fn any_surroundings()(
        has_looked in prop::bool::weighted(0.9),
        known in (fact(), fact(), fact(), fact(), fact(), fact()),
        free_bytes in prop::sample::select(vec![None, Some(0), Some(LOW_DISK * 2)]),
    ) -> Surroundings {
        let (on_battery, is_metered, over_vpn, is_away, full_screen, is_sleeping) = known;
        Surroundings { has_looked, on_battery, is_metered, over_vpn, is_away, full_screen, is_sleeping, free_bytes }
    }
}

fn any_pause() -> impl Strategy<Value = Option<PauseWish>> {
    prop::sample::select(vec![
        None,
        None,
        Some(PauseWish::UntilResumed),
        Some(PauseWish::UntilTomorrow),
        Some(PauseWish::WhilePlaying),
        Some(PauseWish::For(SignedDuration::from_hours(1))),
    ])
}

/// Around both changes of clocks of a year, and anywhere else in it.
fn any_moment() -> impl Strategy<Value = Zoned> {
    let zones = prop::sample::select(vec!["Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "UTC"]);
    let day =
        prop::sample::select(vec![(3, 28), (3, 29), (10, 24), (10, 25), (4, 4), (11, 1), (7, 31), (12, 31)]);
    (zones, day, 0_i64..48 * 60).prop_map(|(zone, (month, day), minutes)| {
        let start = date(2026, month, day).to_zoned(TimeZone::get(zone).unwrap()).unwrap();
        start.checked_add(SignedDuration::from_mins(minutes)).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_verdict_keeps_its_promises(
        settings in any_settings(), surroundings in any_surroundings(), playing in fact(), wish in any_pause(),
        uploaded in prop::sample::select(vec![0_u64, 999, 1_000, 30_000_000_000]),
        uplink in prop::sample::select(vec![None, Some(100_u64), Some(900_000)]),
        now in any_moment(), later in 0.0_f64..1.0,
    ) {
        let pause = wish.and_then(|wish| wish.begin(&now));
        let facts = Facts { settings: &settings, pause, surroundings, playing, uploaded, uplink, now: &now };
        let verdict = decide(&facts);

        // Nothing without a yes, nothing unless every line of the table is clear, and never more than was agreed to.
        let agreed = matches!(settings.sharing, Sharing::Everybody | Sharing::Nearby);
        prop_assert!(agreed || verdict.reach == Reach::Nobody);
        prop_assert!(settings.sharing == Sharing::Everybody || verdict.reach != Reach::Everybody);
        prop_assert_eq!(verdict.reach == Reach::Everybody, verdict.sharing_holds.is_empty() && settings.sharing == Sharing::Everybody);
        prop_assert!(verdict.reach == Reach::Nobody || verdict.caps.up > 0);
        prop_assert!(!(verdict.reach != Reach::Nobody && settings.rules.on_battery != Consider::Allow && surroundings.on_battery == Some(true)));
        prop_assert!(verdict.sharing_holds.is_sorted() && verdict.background_holds.is_sorted());
        prop_assert!(verdict.background_holds.iter().all(|hold| hold.background_code().is_some()));
        prop_assert_eq!(verdict.is_paused, pause.is_some());

        // A no changes nothing for one's own downloads.
        let refused = Settings { sharing: Sharing::Nobody, ..settings.clone() };
        let without = decide(&Facts { settings: &refused, ..facts });
        prop_assert_eq!(&without.background_holds, &verdict.background_holds);
        prop_assert_eq!(without.caps, verdict.caps);

        // Until the next change nothing changes by time alone.
        let until = verdict.next_change.unwrap_or_else(|| now.timestamp() + SignedDuration::from_hours(200));
        prop_assert!(until > now.timestamp());
        let length = until.duration_since(now.timestamp());
        let between = now.timestamp() + SignedDuration::from_secs_f64(length.as_secs_f64() * later * 0.999_999);
        let between = between.to_zoned(now.time_zone().clone());
        let pause = pause.and_then(|pause| pause.settle(None, between.timestamp()));
        let then = decide(&Facts { now: &between, pause, ..facts });
        prop_assert_eq!(Verdict { next_change: None, ..then }, Verdict { next_change: None, ..verdict });
    }

    /// Knowing more can only hold back what a rule speaks of: a machine known to be calm shares at least as much.
    #[test]
    fn a_calm_machine_shares_at_least_as_much(
        settings in any_settings(), surroundings in any_surroundings(), playing in fact(), now in any_moment(),
    ) {
        let facts = Facts { settings: &settings, pause: None, surroundings, playing, uploaded: 0, uplink: None, now: &now };
        let rank = |verdict: &Verdict| match verdict.reach { Reach::Nobody => 0, Reach::Nearby => 1, Reach::Everybody => 2 };
        let mut calmer = settings.clone();
        calmer.rules.share_when_away = false;
        // In the second set uploads may be off while the usual set has some, and the other way round.
        calmer.rules.turtle = Turtle::Off;
        let restless = decide(&Facts { settings: &calmer, ..facts });
        let calm = decide(&Facts { settings: &calmer, surroundings: calm(), playing: Some(false), ..facts });
        prop_assert!(rank(&calm) >= rank(&restless));
        prop_assert!(calm.background_holds.is_empty());
    }
}
