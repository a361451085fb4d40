//! How much was uploaded in the calendar month, by local time.
//!
//! | the clock shows                        | counted to                                              |
//! |----------------------------------------|---------------------------------------------------------|
//! | the month of the last count            | it                                                      |
//! | a later month                          | that one; what it had before, if the clock was there already |
//! | an earlier month that was counted to   | that one, beginning with what the last one had, if more |
//! | an earlier month, never counted to     | the last one: a clock put back frees nothing            |
//!
//! A clock that runs ahead for a while opens a later month; when it is put right, the true month goes on where it was.

use std::{collections::BTreeMap, fmt};

use jiff::Zoned;
use serde::{Deserialize, Serialize};

/// Months that are remembered.
const MAX_MONTHS: usize = 12;

/// A calendar month, as `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
struct Month {
    year: i16,
    month: i8,
}

impl Month {
    fn of(now: &Zoned) -> Self {
        Self { year: now.year(), month: now.month() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parsed =
            text.split_once('-').and_then(|(year, month)| Some((year.parse().ok()?, month.parse().ok()?)));
        parsed.map(|(year, month)| Self { year, month }).ok_or("not a month")
    }
}

/// Uploaded bytes by month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    current: Option<Month>,
    months: BTreeMap<Month, u64>,
}

impl Ledger {
    /// Counts bytes that were uploaded now.
    pub fn add(&mut self, bytes: u64, now: &Zoned) {
        let month = self.turn(Month::of(now));
        let spent = self.months.entry(month).or_default();
        *spent = spent.saturating_add(bytes);
    }

    /// Bytes of the month that it is now.
    pub fn spent(&mut self, now: &Zoned) -> u64 {
        let month = self.turn(Month::of(now));
        self.months.get(&month).copied().unwrap_or_default()
    }

    /// Goes to the month that counts when the clock shows this one.
    fn turn(&mut self, shown: Month) -> Month {
        let last = self.current.unwrap_or(shown);
        let month = match self.months.get(&shown).copied() {
            Some(before) if shown < last => {
                let last_spent = self.months.get(&last).copied().unwrap_or_default();
                self.months.insert(shown, before.max(last_spent));
                shown
            }
            None if shown < last => last,
            _ => shown,
        };
        self.current = Some(month);
        self.months.entry(month).or_default();
        while self.months.len() > MAX_MONTHS {
            let oldest = self.months.keys().find(|known| **known != month).copied();
            oldest.and_then(|oldest| self.months.remove(&oldest));
        }
        month
    }
}

/// When the next month begins.
pub(super) fn month_end(now: &Zoned) -> Option<jiff::Timestamp> {
    let first = now.date().last_of_month().tomorrow().ok()?;
    Some(first.to_zoned(now.time_zone().clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests;
