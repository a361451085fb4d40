//! `muster limits`: what is in force and why, and how to change it.

use muster_api::{
    Changed, Consider, LimitSet, Limits, MachineState, OperationId, PauseLength, PauseRequest, PauseState,
    Reach, Reason, SettingsPatch, Turtle,
};
use muster_client::{Client, Request};

use crate::{
    arguments::{
        ConsiderArgument, LimitsCommand, LimitsSetting, PauseArgument, RateArgument, TurtleArgument,
    },
    context::Context,
    failure::Failure,
    output,
};

pub async fn run(context: &Context, command: Option<LimitsCommand>) -> Result<(), Failure> {
    let client = context.service().await?;
    let request = match command.unwrap_or(LimitsCommand::Show) {
        LimitsCommand::Show => return show(context, &client).await,
        LimitsCommand::Set(setting) => Request::new(OperationId::PatchSettings).body(&patch(*setting))?,
        LimitsCommand::Turtle { mode } => {
            let turtle = Some(match mode {
                TurtleArgument::On => Turtle::On,
                TurtleArgument::Off => Turtle::Off,
                TurtleArgument::Auto => Turtle::Auto,
            });
            let patch = SettingsPatch { turtle, ..SettingsPatch::default() };
            Request::new(OperationId::PatchSettings).body(&patch)?
        }
        LimitsCommand::Pause { length } => Request::new(OperationId::Pause).body(&pause(length))?,
        LimitsCommand::Resume => Request::new(OperationId::Resume),
    };
    let changed: Changed = client.ask(request).await?;
    if context.json { output::json(&changed) } else { show(context, &client).await }
}

fn pause(length: PauseArgument) -> PauseRequest {
    let (length, seconds) = match length {
        PauseArgument::Resumed => (PauseLength::UntilResumed, None),
        PauseArgument::Tomorrow => (PauseLength::UntilTomorrow, None),
        PauseArgument::Playing => (PauseLength::WhilePlaying, None),
        PauseArgument::Seconds(seconds) => (PauseLength::ForTime, Some(seconds)),
    };
    PauseRequest { length, seconds }
}

fn consider(argument: ConsiderArgument) -> Consider {
    match argument {
        ConsiderArgument::Pause => Consider::Pause,
        ConsiderArgument::Strict => Consider::PauseUnlessKnown,
        ConsiderArgument::Allow => Consider::Allow,
    }
}

fn patch(setting: LimitsSetting) -> SettingsPatch {
    // What is lowered by itself is at most what is usual.
    let (upload_limit, upload_auto) = match setting.up {
        None => (None, None),
        Some(RateArgument::Auto) => (Some(muster_api::Settings::default().upload_limit), Some(true)),
        Some(RateArgument::Bytes(bytes)) => (Some(bytes), Some(false)),
    };
    SettingsPatch {
        download_limit: setting.down,
        upload_limit,
        upload_auto,
        turtle_download_limit: setting.turtle_down,
        turtle_upload_limit: setting.turtle_up,
        turtle_hours: setting.turtle_hours,
        share_hours: setting.share_hours,
        monthly_upload: setting.monthly,
        lan_exempt: setting.lan_exempt.map(bool::from),
        connections: setting.connections,
        user_share: setting.user_share,
        background_share: setting.background_share,
        upload_while_playing: setting.upload_while_playing.map(bool::from),
        background_while_playing: setting.background_while_playing.map(bool::from),
        on_battery: setting.battery.map(consider),
        on_metered: setting.metered.map(consider),
        on_vpn: setting.vpn.map(consider),
        share_when_away: setting.share_when_away.map(bool::from),
        ..SettingsPatch::default()
    }
}

async fn show(context: &Context, client: &Client) -> Result<(), Failure> {
    let limits: Limits = client.ask(Request::new(OperationId::Limits)).await?;
    if context.json {
        return output::json(&limits);
    }
    let words = &context.words;
    let word = |id: &str| words.text(id, &[]);
    let mut rows = Vec::new();
    if let Some(pause) = &limits.pause {
        rows.push(vec![word("cli-limits-pause"), pause_text(context, pause)]);
    }
    let reach = match limits.reach {
        Reach::Nobody => "cli-limits-nobody",
        Reach::Nearby => "cli-limits-nearby",
        Reach::Everybody => "cli-limits-everybody",
    };
    rows.push(vec![word("cli-limits-sharing"), word(reach)]);
    rows.extend(reasons(context, &limits.sharing_reasons));
    let background = if limits.background_reasons.is_empty() { "cli-limits-may" } else { "cli-limits-waits" };
    rows.push(vec![word("cli-limits-background"), word(background)]);
    rows.extend(reasons(context, &limits.background_reasons));
    rows.extend(caps(context, &limits));
    rows.extend(machine(context, &limits.machine));
    if let Some(next) = &limits.next_change {
        rows.push(vec![word("cli-limits-next"), local(next)]);
    }
    output::table(&rows)
}

/// Every reason on a line of its own, below what it is the reason for.
fn reasons(context: &Context, reasons: &[Reason]) -> Vec<Vec<String>> {
    let text = |reason: &Reason| context.words.text(&format!("reason-{}", reason.code), &[]);
    reasons.iter().map(|reason| vec![String::new(), text(reason)]).collect()
}

fn caps(context: &Context, limits: &Limits) -> Vec<Vec<String>> {
    let words = &context.words;
    let word = |id: &str| words.text(id, &[]);
    let rate = |limit, none| if limit == 0 { word(none) } else { words.rate(limit) };
    let set = match limits.set {
        LimitSet::Usual => "cli-limits-usual",
        LimitSet::Turtle => "cli-limits-turtle",
        LimitSet::TurtlePlaying => "cli-limits-turtle-playing",
        LimitSet::TurtleHours => "cli-limits-turtle-hours",
    };
    let month = match limits.monthly_upload {
        0 => words.size(limits.uploaded),
        most => format!("{} / {}", words.size(limits.uploaded), words.size(most)),
    };
    let uplink = limits.uplink.map_or_else(|| word("cli-limits-unknown"), |uplink| words.rate(uplink));
    let lan = if limits.lan_exempt { "cli-limits-lan-exempt" } else { "cli-limits-lan-limited" };
    let shares =
        [("user", limits.user_share.to_string()), ("background", limits.background_share.to_string())];
    vec![
        vec![word("cli-limits-set"), word(set)],
        vec![word("cli-limits-down"), rate(limits.download_limit, "cli-limits-no-limit")],
        vec![word("cli-limits-up"), rate(limits.upload_limit, "cli-limits-nothing")],
        vec![word("cli-limits-uplink"), uplink],
        vec![word("cli-limits-month"), month],
        vec![word("cli-limits-shares"), words.text("cli-limits-shares-text", &shares)],
        vec![word("cli-limits-connections"), limits.connections.to_string()],
        vec![word("cli-limits-lan"), word(lan)],
    ]
}

fn machine(context: &Context, machine: &MachineState) -> Vec<Vec<String>> {
    let word = |id: &str| context.words.text(id, &[]);
    let fact = |known: Option<bool>| {
        word(match known {
            Some(true) => "cli-limits-yes",
            Some(false) => "cli-limits-no",
            None => "cli-limits-unknown",
        })
    };
    let facts = [
        ("cli-limits-battery", machine.battery),
        ("cli-limits-metered", machine.metered),
        ("cli-limits-vpn", machine.vpn),
        ("cli-limits-playing", machine.playing),
        ("cli-limits-full-screen", machine.full_screen),
        ("cli-limits-away", machine.away),
    ];
    let mut rows: Vec<_> = facts.into_iter().map(|(id, known)| vec![word(id), fact(known)]).collect();
    if let Some(free) = machine.free {
        rows.push(vec![word("cli-limits-free"), context.words.size(free)]);
    }
    rows
}

fn pause_text(context: &Context, pause: &PauseState) -> String {
    match (&pause.until, pause.length) {
        (Some(until), PauseLength::WhilePlaying) => {
            context.words.text("cli-limits-until-game-starts", &[("time", local(until))])
        }
        (Some(until), _) => context.words.text("cli-limits-until", &[("time", local(until))]),
        (None, PauseLength::WhilePlaying) => context.words.text("cli-limits-until-game-ends", &[]),
        (None, _) => context.words.text("cli-limits-until-resumed", &[]),
    }
}

/// A time as the clock on the wall shows it.
fn local(time: &str) -> String {
    match time.parse::<jiff::Timestamp>() {
        Ok(time) => time.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => time.to_owned(),
    }
}
