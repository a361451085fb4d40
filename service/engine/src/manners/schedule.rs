//! Hours of the week, in local time.
//!
//! Written `mon-fri 18:00-23:00; sat, sun 09:00-24:00`: days, then from and to; without days it is every day. A span
//! that ends before it begins ends on the next day. What the clock on the wall shows decides: when clocks are put back
//! an hour counts twice, when they are put forward it does not come.

use std::{fmt, str::FromStr};

use jiff::{
    Span as Time, Timestamp, Zoned,
    civil::{DateTime, Weekday},
};
use serde::{Deserialize, Serialize, de};

/// Longer texts are refused.
const MAX_TEXT: usize = 512;
const MAX_SPANS: usize = 32;
const DAY: u16 = 24 * 60;
/// A week, and the day that a change of clocks may add.
const HORIZON_DAYS: i64 = 8;
/// Changes of clocks within that time.
const MAX_TRANSITIONS: usize = 4;

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Why a text is no schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    #[error("the schedule is too long")]
    TooLong,
    #[error("there is no such day")]
    Day,
    #[error("a time is written 18:00-23:00")]
    Time,
}

/// Spans of the week; empty is no span at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Schedule(Vec<Span>);

/// Some days, each from one minute to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Span {
    /// Bit 0 is Monday.
    days: u8,
    /// Minutes after midnight, up to 23:59.
    from: u16,
    /// Minutes after midnight, up to 24:00; never equal to `from`.
    to: u16,
}

impl Schedule {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a moment, as the clock on the wall shows it, is in one of the spans.
    pub fn contains(&self, wall: DateTime) -> bool {
        let minute =
            u16::try_from(i32::from(wall.hour()) * 60 + i32::from(wall.minute())).unwrap_or_default();
        let (today, yesterday) = (bit(wall.weekday()), bit(wall.weekday().previous()));
        self.0.iter().any(|span| match span.from < span.to {
            true => span.days & today != 0 && (span.from..span.to).contains(&minute),
            false => {
                (span.days & today != 0 && minute >= span.from)
                    || (span.days & yesterday != 0 && minute < span.to)
            }
        })
    }

    /// The next moment at which [`Schedule::contains`] gives another answer, if there is one.
    pub fn next_change(&self, now: &Zoned) -> Option<Timestamp> {
        let before = self.contains(now.datetime());
        let zone = now.time_zone();
        let mut moments = self.turns(now);
        let horizon = now.timestamp().checked_add(Time::new().hours(24 * HORIZON_DAYS)).ok()?;
        let shifts = zone.following(now.timestamp()).map(|shift| shift.timestamp());
        moments.extend(shifts.take(MAX_TRANSITIONS).take_while(|shift| *shift <= horizon));
        moments.sort_unstable();
        let turned = |moment: &Timestamp| self.contains(zone.to_datetime(*moment)) != before;
        moments.into_iter().filter(|moment| *moment > now.timestamp()).find(turned)
    }

    /// All moments of the coming days at which a span may begin or end.
    fn turns(&self, now: &Zoned) -> Vec<Timestamp> {
        let zone = now.time_zone();
        let today = now.date();
        let days = (-1..=HORIZON_DAYS).filter_map(|days| today.checked_add(Time::new().days(days)).ok());
        let minutes: Vec<u16> = self.0.iter().flat_map(|span| [span.from, span.to]).collect();
        let walls = days.flat_map(|day| {
            let at = |minute: &u16| {
                day.to_datetime(jiff::civil::Time::midnight())
                    .checked_add(Time::new().minutes(i64::from(*minute)))
                    .ok()
            };
            minutes.iter().filter_map(at).collect::<Vec<_>>()
        });
        // A time that the clocks show twice turns twice; one that they skip turns where they skip it.
        walls
            .flat_map(|wall| {
                let moment = zone.to_ambiguous_timestamp(wall);
                [moment.earlier().ok(), moment.later().ok()]
            })
            .flatten()
            .collect()
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        if text.len() > MAX_TEXT {
            return Err(ScheduleError::TooLong);
        }
        let lower = text.to_ascii_lowercase();
        let (mut spans, mut days) = (Vec::new(), 0);
        for part in lower.split([',', ';']).map(str::trim) {
            let mut words = part.split_ascii_whitespace().peekable();
            while let Some(word) =
                words.next_if(|word| !word.starts_with(|first: char| first.is_ascii_digit()))
            {
                days |= parse_days(word)?;
            }
            let Some(times) = words.next() else { continue };
            if words.next().is_some() {
                return Err(ScheduleError::Time);
            }
            let (from, to) = times.split_once('-').ok_or(ScheduleError::Time)?;
            let (from, to) = (parse_time(from)?, parse_time(to)?);
            if from == to || from == DAY {
                return Err(ScheduleError::Time);
            }
            let days = match std::mem::take(&mut days) {
                0 => 0x7f,
                days => days,
            };
            spans.push(Span { days, from, to });
        }
        match () {
            // Days without times.
            () if days != 0 => Err(ScheduleError::Time),
            () if spans.len() > MAX_SPANS => Err(ScheduleError::TooLong),
            () => Ok(Self(spans)),
        }
    }
}

fn parse_days(word: &str) -> Result<u8, ScheduleError> {
    let place = |name: &str| NAMES.iter().position(|known| *known == name).ok_or(ScheduleError::Day);
    match word {
        "daily" => return Ok(0x7f),
        "weekdays" => return Ok(0x1f),
        "weekend" => return Ok(0x60),
        _ => {}
    }
    let Some((first, last)) = word.split_once('-') else { return Ok(1 << place(word)?) };
    let (first, last) = (place(first)?, place(last)?);
    // From Friday to Monday goes over the week's end.
    let count = (last + 7 - first) % 7;
    Ok((0..=count).fold(0, |days, step| days | 1 << ((first + step) % 7)))
}

fn parse_time(text: &str) -> Result<u16, ScheduleError> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let number = |text: &str, most: u16| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|value: &u16| is_number && *value <= most).ok_or(ScheduleError::Time)
    };
    let minutes = number(hour, 24)? * 60 + number(minute, 59)?;
    if minutes <= DAY { Ok(minutes) } else { Err(ScheduleError::Time) }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, span) in self.0.iter().enumerate() {
            let between = if index > 0 { "; " } else { "" };
            let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
            write!(f, "{between}{} {}-{}", days_text(span.days), time(span.from), time(span.to))?;
        }
        Ok(())
    }
}

/// Runs of three and more days are written as a range.
fn days_text(days: u8) -> String {
    if days == 0x7f {
        return "daily".into();
    }
    let mut parts: Vec<String> = Vec::new();
    let mut day = 0;
    while day < 7 {
        let run = (day..7).take_while(|day| days >> day & 1 == 1).count();
        match run {
            0 => day += 1,
            1 | 2 => {
                parts.push(NAMES[day].to_owned());
                day += 1;
            }
            _ => {
                parts.push(format!("{}-{}", NAMES[day], NAMES[day + run - 1]));
                day += run;
            }
        }
    }
    parts.join(",")
}

impl Serialize for Schedule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Schedule {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
