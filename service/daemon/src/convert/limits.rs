//! Limits, manners and pauses.

use jiff::SignedDuration;
use muster_api as api;
use muster_engine::{
    LimitsView, RulesPatch, Settings,
    manners::{Consider, Hold, LimitSet, Pause, PauseWish, Reach, Turtle},
};

use crate::server::Failure;

fn turtle(turtle: Turtle) -> api::Turtle {
    match turtle {
        Turtle::Off => api::Turtle::Off,
        Turtle::On => api::Turtle::On,
        Turtle::Auto => api::Turtle::Auto,
    }
}

fn consider(consider: Consider) -> api::Consider {
    match consider {
        Consider::Pause => api::Consider::Pause,
        Consider::PauseUnlessKnown => api::Consider::PauseUnlessKnown,
        Consider::Allow => api::Consider::Allow,
    }
}

fn wanted_turtle(turtle: api::Turtle) -> Turtle {
    match turtle {
        api::Turtle::Off => Turtle::Off,
        api::Turtle::On => Turtle::On,
        api::Turtle::Auto => Turtle::Auto,
    }
}

fn wanted_consider(consider: api::Consider) -> Consider {
    match consider {
        api::Consider::Pause => Consider::Pause,
        api::Consider::PauseUnlessKnown => Consider::PauseUnlessKnown,
        api::Consider::Allow => Consider::Allow,
    }
}

/// Puts the rules among the settings.
pub(super) fn with_rules(shown: api::Settings, settings: &Settings) -> api::Settings {
    let rules = &settings.rules;
    api::Settings {
        upload_auto: rules.upload_auto,
        turtle: turtle(rules.turtle),
        turtle_download_limit: rules.turtle_download_limit,
        turtle_upload_limit: rules.turtle_upload_limit,
        turtle_hours: rules.turtle_hours.to_string(),
        share_hours: rules.share_hours.to_string(),
        monthly_upload: rules.monthly_upload,
        lan_exempt: rules.lan_exempt,
        find_nearby: rules.find_nearby,
        find_public: rules.find_public,
        open_port: rules.open_port,
        connections: rules.connections,
        user_share: rules.user_share,
        background_share: rules.background_share,
        upload_while_playing: rules.upload_while_playing,
        background_while_playing: rules.background_while_playing,
        on_battery: consider(rules.on_battery),
        on_metered: consider(rules.on_metered),
        on_vpn: consider(rules.on_vpn),
        share_when_away: rules.share_when_away,
        ..shown
    }
}

pub(super) fn rules_patch(patch: &api::SettingsPatch) -> RulesPatch {
    RulesPatch {
        upload_auto: patch.upload_auto,
        turtle: patch.turtle.map(wanted_turtle),
        turtle_download_limit: patch.turtle_download_limit,
        turtle_upload_limit: patch.turtle_upload_limit,
        turtle_hours: patch.turtle_hours.clone(),
        share_hours: patch.share_hours.clone(),
        monthly_upload: patch.monthly_upload,
        lan_exempt: patch.lan_exempt,
        find_nearby: patch.find_nearby,
        find_public: patch.find_public,
        open_port: patch.open_port,
        connections: patch.connections,
        user_share: patch.user_share,
        background_share: patch.background_share,
        upload_while_playing: patch.upload_while_playing,
        background_while_playing: patch.background_while_playing,
        on_battery: patch.on_battery.map(wanted_consider),
        on_metered: patch.on_metered.map(wanted_consider),
        on_vpn: patch.on_vpn.map(wanted_consider),
        share_when_away: patch.share_when_away,
    }
}

/// How long to pause.
pub(crate) fn pause_wish(request: &api::PauseRequest) -> Result<PauseWish, Failure> {
    Ok(match request.length {
        api::PauseLength::UntilResumed => PauseWish::UntilResumed,
        api::PauseLength::UntilTomorrow => PauseWish::UntilTomorrow,
        api::PauseLength::WhilePlaying => PauseWish::WhilePlaying,
        api::PauseLength::ForTime => {
            let seconds =
                request.seconds.and_then(|seconds| i64::try_from(seconds).ok()).ok_or_else(|| {
                    Failure::new(400, "api-bad-value", "seconds are missing").with("name", "seconds")
                })?;
            PauseWish::For(SignedDuration::from_secs(seconds))
        }
    })
}

pub(crate) fn pause(pause: Pause) -> api::PauseState {
    api::PauseState {
        length: match pause {
            Pause::UntilResumed => api::PauseLength::UntilResumed,
            Pause::Until { .. } => api::PauseLength::ForTime,
            Pause::WhilePlaying { .. } => api::PauseLength::WhilePlaying,
        },
        until: pause.ends_at().map(|at| at.to_string()),
    }
}

/// Reasons without values.
pub(super) fn reasons<'a>(codes: impl IntoIterator<Item = &'a str>) -> Vec<api::Reason> {
    let reason = |code: &str| api::Reason { code: code.to_owned(), context: Default::default() };
    codes.into_iter().map(reason).collect()
}

pub(crate) fn limits(view: &LimitsView) -> api::Limits {
    let (verdict, around) = (&view.verdict, &view.surroundings);
    let caps = &verdict.caps;
    api::Limits {
        reach: match verdict.reach {
            Reach::Nobody => api::Reach::Nobody,
            Reach::Nearby => api::Reach::Nearby,
            Reach::Everybody => api::Reach::Everybody,
        },
        sharing_reasons: reasons(verdict.sharing_holds.iter().map(|hold| hold.sharing_code())),
        background_reasons: reasons(
            verdict.background_holds.iter().filter_map(|hold| hold.background_code()),
        ),
        set: match caps.set {
            LimitSet::Usual => api::LimitSet::Usual,
            LimitSet::Turtle => api::LimitSet::Turtle,
            LimitSet::TurtlePlaying => api::LimitSet::TurtlePlaying,
            LimitSet::TurtleHours => api::LimitSet::TurtleHours,
        },
        download_limit: caps.down.unwrap_or_default(),
        upload_limit: caps.up,
        connections: caps.connections,
        user_share: caps.user_share,
        background_share: caps.background_share,
        lan_exempt: caps.lan_exempt,
        pause: view.pause.map(pause),
        uploaded: view.uploaded,
        monthly_upload: view.monthly_upload,
        uplink: view.uplink,
        next_change: verdict.next_change.map(|at| at.to_string()),
        machine: api::MachineState {
            battery: around.on_battery,
            metered: around.is_metered,
            vpn: around.over_vpn,
            away: around.is_away,
            full_screen: around.full_screen,
            playing: view.playing,
            free: around.free_bytes,
        },
    }
}

/// Why less is shared, as the status tells it: to those who said yes all that holds, to those who were not asked that
/// they were not, and to those who said no nothing.
pub(super) fn status_reasons(view: &LimitsView) -> Vec<api::Reason> {
    let holds = &view.verdict.sharing_holds;
    let told: Vec<Hold> = match holds.first() {
        Some(Hold::NotChosen) => vec![Hold::NotChosen],
        Some(Hold::Off) => Vec::new(),
        // The pause is told by itself.
        _ => holds.iter().copied().filter(|hold| *hold != Hold::AllPaused).collect(),
    };
    reasons(told.into_iter().map(Hold::sharing_code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_described_defaults_are_the_real_ones() {
        assert_eq!(crate::convert::settings(&Settings::default()), api::Settings::default());
    }

    #[test]
    fn every_setting_can_be_changed_to_what_is_shown() {
        let mut wished =
            api::Settings { share_hours: "daily 18:00-23:00".into(), ..api::Settings::default() };
        wished.turtle = api::Turtle::On;
        wished.on_metered = api::Consider::PauseUnlessKnown;
        wished.sharing = api::Sharing::Everybody;
        wished.upload_while_playing = true;
        // Names and values of a whole are also those of a change.
        let patch: api::SettingsPatch =
            serde_json::from_value(serde_json::to_value(&wished).unwrap()).unwrap();
        let changed = Settings::default().patched(crate::convert::patch(patch)).unwrap();
        assert_eq!(crate::convert::settings(&changed), wished);
    }
}
