//! The decision: one pass over the table of the module's header.

use jiff::{Timestamp, Zoned};
use muster_surroundings::Surroundings;

use super::{LOW_DISK, Pause, Turtle, ledger::month_end};
use crate::{Settings, Sharing, settings::MIN_LIMIT};

/// Every code that a verdict may name.
pub fn codes() -> impl Iterator<Item = &'static str> {
    let holds = Hold::ALL.iter();
    let sharing = holds.clone().map(|hold| hold.sharing_code());
    sharing.chain(holds.filter_map(|hold| hold.background_code()))
}

/// What is decided by.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub settings: &'a Settings,
    /// A pause that is not over ([`Pause::settle`]).
    pub pause: Option<Pause>,
    pub surroundings: Surroundings,
    /// A game runs; `None` if nobody has looked.
    pub playing: Option<bool>,
    /// Bytes uploaded this month.
    pub uploaded: u64,
    /// What the line can carry upwards, in bytes per second.
    pub uplink: Option<u64>,
    /// With the time zone that hours and months are meant in.
    pub now: &'a Zoned,
}

/// Who gets something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    #[default]
    Nobody,
    /// The local network and accepted lobbies.
    Nearby,
    Everybody,
}

/// Why less is shared, or nothing fetched that was not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hold {
    NotChosen,
    Off,
    AllPaused,
    Looking,
    Sleep,
    Game,
    FullScreen,
    Battery,
    BatteryUnknown,
    Metered,
    MeteredUnknown,
    Vpn,
    VpnUnknown,
    Disk,
    Hours,
    Month,
    NotAway,
    NoUpload,
}

/// Which limits are in force, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LimitSet {
    #[default]
    Usual,
    /// The second set, because the player said so.
    Turtle,
    /// The second set, because somebody plays.
    TurtlePlaying,
    /// The second set, by its hours.
    TurtleHours,
}

/// Limits in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// Bytes per second; `None` is no limit.
    pub down: Option<u64>,
    /// Bytes per second; 0 is nothing.
    pub up: u64,
    pub set: LimitSet,
    /// Connections to peers, all together.
    pub connections: u32,
    /// Percent of `down` for the player's own downloads beside those of a lobby.
    pub user_share: u8,
    /// Percent of `down` for background downloads.
    pub background_share: u8,
    /// Caps are not for the local network.
    pub lan_exempt: bool,
}

/// What is in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub reach: Reach,
    /// Why less is shared than could be, most important first.
    pub sharing_holds: Vec<Hold>,
    /// Why background downloads wait, most important first; they may run if there is none.
    pub background_holds: Vec<Hold>,
    pub caps: Caps,
    /// Not a byte, whoever wants it.
    pub is_paused: bool,
    /// When time alone may change any of this.
    pub next_change: Option<Timestamp>,
}

impl Verdict {
    /// Code of the most important reason why others get nothing; `None` if they get something.
    pub fn why_not_shared(&self) -> Option<&'static str> {
        match self.reach {
            Reach::Everybody | Reach::Nearby => None,
            Reach::Nobody => self.sharing_holds.first().map(|hold| hold.sharing_code()),
        }
    }

    /// Code of the most important reason why background downloads wait, if they do.
    pub fn why_background_waits(&self) -> Option<&'static str> {
        self.background_holds.iter().find_map(|hold| hold.background_code())
    }
}

impl Hold {
    /// All of them, most important first.
    pub const ALL: &[Self] = &[
        Self::NotChosen,
        Self::Off,
        Self::AllPaused,
        Self::Looking,
        Self::Sleep,
        Self::Game,
        Self::FullScreen,
        Self::Battery,
        Self::BatteryUnknown,
        Self::Metered,
        Self::MeteredUnknown,
        Self::Vpn,
        Self::VpnUnknown,
        Self::Disk,
        Self::Hours,
        Self::Month,
        Self::NotAway,
        Self::NoUpload,
    ];

    /// Code of the reason why less is shared.
    pub fn sharing_code(self) -> &'static str {
        match self {
            Self::NotChosen => "sharing-not-chosen",
            Self::Off => "sharing-off",
            Self::AllPaused => "sharing-all-paused",
            Self::Looking => "sharing-looking",
            Self::Sleep => "sharing-sleep",
            Self::Game => "sharing-game",
            Self::FullScreen => "sharing-full-screen",
            Self::Battery => "sharing-battery",
            Self::BatteryUnknown => "sharing-battery-unknown",
            Self::Metered => "sharing-metered",
            Self::MeteredUnknown => "sharing-metered-unknown",
            Self::Vpn => "sharing-vpn",
            Self::VpnUnknown => "sharing-vpn-unknown",
            Self::Disk => "sharing-disk",
            Self::Hours => "sharing-hours",
            Self::Month => "sharing-month",
            Self::NotAway => "sharing-not-away",
            Self::NoUpload => "sharing-no-upload",
        }
    }

    /// Code of the reason why background downloads wait; `None` for what does not concern them.
    pub fn background_code(self) -> Option<&'static str> {
        Some(match self {
            Self::AllPaused => "waiting-all-paused",
            Self::Looking => "waiting-looking",
            Self::Sleep => "waiting-sleep",
            Self::Game => "waiting-game",
            Self::FullScreen => "waiting-full-screen",
            Self::Battery => "waiting-battery",
            Self::BatteryUnknown => "waiting-battery-unknown",
            Self::Metered => "waiting-metered",
            Self::MeteredUnknown => "waiting-metered-unknown",
            Self::Disk => "waiting-disk",
            _ => return None,
        })
    }
}

impl Facts<'_> {
    /// Somebody plays, as far as can be seen.
    fn is_busy(&self) -> bool {
        self.playing == Some(true) || self.surroundings.full_screen == Some(true)
    }

    /// What the machine does that holds back sharing and background downloads alike.
    fn machine_holds(&self, is_fine_while_playing: bool) -> Vec<Hold> {
        let (rules, around) = (&self.settings.rules, &self.surroundings);
        let unknown = |fact: Option<bool>, known, unknown| if fact.is_none() { unknown } else { known };
        let is_full = around.free_bytes.is_some_and(|free| free < LOW_DISK);
        let holds = [
            (self.pause.is_some(), Hold::AllPaused),
            (!around.has_looked, Hold::Looking),
            (around.is_sleeping == Some(true), Hold::Sleep),
            (self.playing == Some(true) && !is_fine_while_playing, Hold::Game),
            (around.full_screen == Some(true) && !is_fine_while_playing, Hold::FullScreen),
            (
                rules.on_battery.holds(around.on_battery),
                unknown(around.on_battery, Hold::Battery, Hold::BatteryUnknown),
            ),
            (
                rules.on_metered.holds(around.is_metered),
                unknown(around.is_metered, Hold::Metered, Hold::MeteredUnknown),
            ),
            (is_full, Hold::Disk),
        ];
        holds.into_iter().filter(|(holds, _)| *holds).map(|(_, hold)| hold).collect()
    }

    fn sharing_holds(&self, caps: &Caps) -> Vec<Hold> {
        let (rules, around) = (&self.settings.rules, &self.surroundings);
        let vpn = if around.over_vpn.is_none() { Hold::VpnUnknown } else { Hold::Vpn };
        let in_hours = rules.share_hours.is_empty() || rules.share_hours.contains(self.now.datetime());
        let own = [
            (self.settings.sharing == Sharing::Unset, Hold::NotChosen),
            (self.settings.sharing == Sharing::Nobody, Hold::Off),
            (rules.on_vpn.holds(around.over_vpn), vpn),
            (!in_hours, Hold::Hours),
            (self.is_month_spent(), Hold::Month),
            (rules.share_when_away && around.is_away != Some(true), Hold::NotAway),
            (caps.up == 0, Hold::NoUpload),
        ];
        let own = own.into_iter().filter(|(holds, _)| *holds).map(|(_, hold)| hold);
        let mut holds = self.machine_holds(rules.upload_while_playing);
        holds.extend(own);
        holds.sort_unstable();
        holds
    }

    fn is_month_spent(&self) -> bool {
        let most = self.settings.rules.monthly_upload;
        most > 0 && self.uploaded >= most
    }

    fn set(&self) -> LimitSet {
        let rules = &self.settings.rules;
        match rules.turtle {
            Turtle::Off => LimitSet::Usual,
            Turtle::On => LimitSet::Turtle,
            Turtle::Auto if self.is_busy() => LimitSet::TurtlePlaying,
            Turtle::Auto if rules.turtle_hours.contains(self.now.datetime()) => LimitSet::TurtleHours,
            Turtle::Auto => LimitSet::Usual,
        }
    }

    fn caps(&self) -> Caps {
        let rules = &self.settings.rules;
        let set = self.set();
        let (down, up) = match set {
            LimitSet::Usual => (self.settings.download_limit, self.usual_up()),
            _ => (rules.turtle_download_limit, rules.turtle_upload_limit),
        };
        Caps {
            down: (down > 0).then_some(down),
            up,
            set,
            connections: rules.connections,
            user_share: rules.user_share,
            background_share: rules.background_share,
            lan_exempt: rules.lan_exempt,
        }
    }

    /// The upload limit, or half of what the line can carry where that is less.
    fn usual_up(&self) -> u64 {
        let limit = self.settings.upload_limit;
        match self.uplink.filter(|_| self.settings.rules.upload_auto) {
            Some(uplink) => limit.min((uplink / 2).max(MIN_LIMIT)),
            None => limit,
        }
    }

    fn next_change(&self) -> Option<Timestamp> {
        let rules = &self.settings.rules;
        let turtle =
            (rules.turtle == Turtle::Auto).then(|| rules.turtle_hours.next_change(self.now)).flatten();
        let month = if self.is_month_spent() { month_end(self.now) } else { None };
        let changes =
            [self.pause.and_then(Pause::ends_at), turtle, rules.share_hours.next_change(self.now), month];
        changes.into_iter().flatten().min()
    }
}

/// Who gets something although these hold.
fn reach(facts: &Facts<'_>, holds: &[Hold]) -> Reach {
    let chosen = match facts.settings.sharing {
        Sharing::Unset | Sharing::Nobody => Reach::Nobody,
        Sharing::Nearby => Reach::Nearby,
        Sharing::Everybody => Reach::Everybody,
    };
    match holds {
        [] => chosen,
        [Hold::Month] if facts.settings.rules.lan_exempt && chosen != Reach::Nobody => Reach::Nearby,
        _ => Reach::Nobody,
    }
}

/// What is in force.
pub fn decide(facts: &Facts<'_>) -> Verdict {
    let caps = facts.caps();
    let sharing_holds = facts.sharing_holds(&caps);
    Verdict {
        reach: reach(facts, &sharing_holds),
        sharing_holds,
        background_holds: facts.machine_holds(facts.settings.rules.background_while_playing),
        caps,
        is_paused: facts.pause.is_some(),
        next_change: facts.next_change(),
    }
}

/// Whether it makes a difference if a game runs: only then is it worth looking.
pub fn matters_whether_playing(facts: &Facts<'_>, has_background: bool) -> bool {
    if matches!(facts.pause, Some(Pause::WhilePlaying { .. })) {
        return true;
    }
    let effect = |playing| {
        let verdict = decide(&Facts { playing: Some(playing), ..*facts });
        let up = (verdict.reach != Reach::Nobody).then_some(verdict.caps.up);
        let background = has_background && verdict.background_holds.is_empty();
        (verdict.reach, up, verdict.caps.down, background)
    };
    effect(true) != effect(false)
}

#[cfg(test)]
mod tests;
