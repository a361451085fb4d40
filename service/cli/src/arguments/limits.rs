//! `muster limits`: amounts, lengths of a pause, and what can be set.

use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub enum LimitsCommand {
    /// Everything in force, with reasons.
    Show,
    /// Change limits and manners: `muster limits set --down 5MB --up 500kB --monthly 20GB`.
    Set(Box<LimitsSetting>),
    /// Slow down now, never, or while somebody plays and in the hours set for it.
    Turtle { mode: TurtleArgument },
    /// Stop every byte, also those given to others: for a time (90m, 1h), until tomorrow, while playing, or until resumed.
    Pause {
        /// 1h, 30m, tomorrow, playing; without it until `muster limits resume`.
        #[arg(default_value = "resumed")]
        length: PauseArgument,
    },
    /// End the pause.
    Resume,
}

/// What can be set; what is absent stays. Amounts are written 500kB, 5MB, 20GB; none is no limit (for uploads: nothing).
#[derive(Debug, Default, Args)]
#[group(required = true, multiple = true)]
pub struct LimitsSetting {
    /// Most to download a second; none is no limit.
    #[arg(long, value_parser = amount)]
    pub down: Option<u64>,
    /// Most to upload a second; none is nothing, auto leaves half of the line free.
    #[arg(long)]
    pub up: Option<RateArgument>,
    /// The same in the second set of limits.
    #[arg(long, value_parser = amount)]
    pub turtle_down: Option<u64>,
    /// The same in the second set of limits.
    #[arg(long, value_parser = amount)]
    pub turtle_up: Option<u64>,
    /// When the second set is in force by itself ("mon-fri 18:00-23:00; sat, sun 9:00-24:00"); never if empty.
    #[arg(long, visible_alias = "schedule")]
    pub turtle_hours: Option<String>,
    /// When sharing is allowed, written likewise; always if empty.
    #[arg(long)]
    pub share_hours: Option<String>,
    /// Most to upload in a calendar month; none is any amount.
    #[arg(long, value_parser = amount)]
    pub monthly: Option<u64>,
    /// Whether limits are for the way to the internet only.
    #[arg(long)]
    pub lan_exempt: Option<SwitchArgument>,
    /// Connections to peers, all together.
    #[arg(long)]
    pub connections: Option<u32>,
    /// Percent of the download limit that your own downloads keep beside those of a lobby.
    #[arg(long)]
    pub user_share: Option<u8>,
    /// Percent of the download limit that background downloads may take.
    #[arg(long)]
    pub background_share: Option<u8>,
    /// Share while a game runs or a program fills the screen.
    #[arg(long)]
    pub upload_while_playing: Option<SwitchArgument>,
    /// Let background downloads run then.
    #[arg(long)]
    pub background_while_playing: Option<SwitchArgument>,
    /// What to do on battery.
    #[arg(long)]
    pub battery: Option<ConsiderArgument>,
    /// What to do on a metered connection.
    #[arg(long)]
    pub metered: Option<ConsiderArgument>,
    /// What to do while the way to the internet is a VPN; concerns sharing alone.
    #[arg(long)]
    pub vpn: Option<ConsiderArgument>,
    /// Share only while nobody is there.
    #[arg(long)]
    pub share_when_away: Option<SwitchArgument>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TurtleArgument {
    On,
    Off,
    Auto,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SwitchArgument {
    Yes,
    No,
}

impl From<SwitchArgument> for bool {
    fn from(switch: SwitchArgument) -> Self {
        switch == SwitchArgument::Yes
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ConsiderArgument {
    /// Hold back sharing and background downloads where it is known to be so.
    Pause,
    /// Hold them back unless it is known not to be so.
    Strict,
    /// Go on.
    Allow,
}

/// An upload limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateArgument {
    Auto,
    Bytes(u64),
}

impl FromStr for RateArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            text => amount(text).map(Self::Bytes),
        }
    }
}

/// How long to pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseArgument {
    Resumed,
    Tomorrow,
    Playing,
    Seconds(u64),
}

impl FromStr for PauseArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "resumed" => return Ok(Self::Resumed),
            "tomorrow" => return Ok(Self::Tomorrow),
            "playing" => return Ok(Self::Playing),
            _ => {}
        }
        let (number, unit) = split_unit(text);
        let factor = match unit {
            "s" => 1,
            "m" | "min" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return Err("write 30m, 1h, tomorrow, playing or resumed".into()),
        };
        let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
        seconds
            .filter(|seconds| *seconds > 0)
            .map(Self::Seconds)
            .ok_or_else(|| format!("{text} is not a time"))
    }
}

/// Bytes, written with or without a unit and with or without `/s`.
fn amount(text: &str) -> Result<u64, String> {
    if matches!(text, "none" | "off") {
        return Ok(0);
    }
    let (number, unit) = split_unit(text.strip_suffix("/s").unwrap_or(text));
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "t" | "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err("write 500kB, 5MB, 20GB or none".into()),
    };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let tenths = match decimals.len() {
        0 => Some(0),
        // More would be a matter of rounding.
        1 => decimals.parse::<u64>().ok(),
        _ => None,
    };
    let whole = whole.parse::<u64>().ok();
    let bytes = whole
        .zip(tenths)
        .and_then(|(whole, tenths)| whole.checked_mul(factor)?.checked_add(tenths.checked_mul(factor)? / 10));
    bytes.ok_or_else(|| format!("{text} is not an amount"))
}

fn split_unit(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number.trim(), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("0", 0),
            ("none", 0),
            ("65536", 65_536),
            ("500kB", 500_000),
            ("500 KB/s", 500_000),
            ("5MB", 5_000_000),
            ("1.5MB/s", 1_500_000),
            ("20GB", 20_000_000_000),
            ("64KiB", 65_536),
        ] {
            assert_eq!(amount(text), Ok(bytes), "{text}");
        }
        for text in ["", "MB", "5XB", "1.25MB", "-1", "1e3", "99999999999TB", "1,5MB", "5MB/h", "५MB"] {
            assert!(amount(text).is_err(), "{text}");
        }
        assert_eq!("auto".parse(), Ok(RateArgument::Auto));
        assert_eq!("1MB".parse(), Ok(RateArgument::Bytes(1_000_000)));
    }

    #[test]
    fn a_pause_has_a_length() {
        for (text, length) in [
            ("1h", PauseArgument::Seconds(3_600)),
            ("90m", PauseArgument::Seconds(5_400)),
            ("30min", PauseArgument::Seconds(1_800)),
            ("tomorrow", PauseArgument::Tomorrow),
            ("playing", PauseArgument::Playing),
            ("resumed", PauseArgument::Resumed),
        ] {
            assert_eq!(text.parse(), Ok(length), "{text}");
        }
        for text in ["", "0h", "h", "1", "-1h", "1y", "99999999999999999999d"] {
            assert!(text.parse::<PauseArgument>().is_err(), "{text}");
        }
    }
}
