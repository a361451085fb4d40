//! Numbers, sizes and times as they are written in a language. Sizes are decimal: 1 kB is 1,000 bytes.

use crate::{Language, Messages};

/// Keeps number and unit on one line.
const NO_BREAK: char = '\u{a0}';

/// A whole number with its groups.
fn number(language: Language, number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(if language == Language::German { '.' } else { ',' });
        }
        grouped.push(digit);
    }
    grouped
}

/// A size in bytes, with one decimal below 100 of a unit.
pub(crate) fn size(language: Language, bytes: u64) -> String {
    const UNITS: [(&str, u64); 4] =
        [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    // From the value on that would read "1000" of the next smaller unit.
    let fits = |(_, factor): &&(&str, u64)| bytes >= factor - if *factor > 1_000 { factor / 2000 } else { 0 };
    let Some((unit, factor)) = UNITS.iter().find(fits) else { return format!("{bytes}{NO_BREAK}B") };
    let rounded = |parts: u64| {
        ((u128::from(bytes) * u128::from(parts) + u128::from(*factor) / 2) / u128::from(*factor)) as u64
    };
    let tenths = rounded(10);
    if tenths >= 1000 {
        return format!("{}{NO_BREAK}{unit}", number(language, rounded(1)));
    }
    let decimal = if language == Language::German { ',' } else { '.' };
    format!("{}{decimal}{}{NO_BREAK}{unit}", tenths / 10, tenths % 10)
}

impl Messages {
    /// A whole number with its groups: 12,345.
    pub fn number(&self, whole: u64) -> String {
        number(self.language(), whole)
    }

    /// A size in bytes: 999 B, 1.2 kB, 480 MB, 2.0 GB.
    pub fn size(&self, bytes: u64) -> String {
        size(self.language(), bytes)
    }

    /// A speed in bytes a second: 1.2 MB/s.
    pub fn rate(&self, bytes_per_second: u64) -> String {
        format!("{}/s", self.size(bytes_per_second))
    }

    /// A duration as people say it, rounded: 8 s, 4 min, 1 h 20 min, 3 days.
    pub fn duration(&self, seconds: u64) -> String {
        let count = |id, count: u64| self.text(id, &[("count", count.to_string())]);
        match seconds {
            0..60 => count("format-seconds", seconds),
            60..3_570 => count("format-minutes", (seconds + 30) / 60),
            3_570..86_400 => {
                let minutes = (seconds + 30) / 60;
                match minutes % 60 {
                    0 => count("format-hours", minutes / 60),
                    rest => {
                        let values = [("hours", (minutes / 60).to_string()), ("minutes", rest.to_string())];
                        self.text("format-hours-minutes", &values)
                    }
                }
            }
            _ => count("format-days", (seconds + 43_200) / 86_400),
        }
    }

    /// Time left, honestly rounded: "about 4 min".
    pub fn time_left(&self, seconds: u64) -> String {
        let rounded = match seconds {
            0..10 => return self.text("format-left-moment", &[]),
            10..60 => seconds.next_multiple_of(10),
            _ => seconds,
        };
        self.text("format-left", &[("duration", self.duration(rounded))])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: String) -> String {
        text.replace(NO_BREAK, " ")
    }

    #[test]
    fn sizes_are_decimal_and_short() {
        let english = Messages::new(Language::English);
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (1_249, "1.2 kB"),
            (99_949, "99.9 kB"),
            (99_950, "100 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (480_000_000, "480 MB"),
            (1_999_999_999, "2.0 GB"),
            (5_000_000_000_000_000, "5,000 TB"),
        ] {
            assert_eq!(plain(english.size(bytes)), text, "{bytes}");
        }
        let german = Messages::new(Language::German);
        assert_eq!(plain(german.size(1_200_000)), "1,2 MB");
        assert_eq!(german.number(1_234_567), "1.234.567");
        assert_eq!(plain(english.rate(12_000_000)), "12.0 MB/s");
    }

    #[test]
    fn durations_are_said_as_people_say_them() {
        let english = Messages::new(Language::English);
        for (seconds, text) in [
            (8, "8 s"),
            (60, "1 min"),
            (3_569, "59 min"),
            (3_570, "1 h"),
            (4_800, "1 h 20 min"),
            (86_400, "1 day"),
            (260_000, "3 days"),
        ] {
            assert_eq!(plain(english.duration(seconds)), text, "{seconds}");
        }
        assert_eq!(plain(english.time_left(241)), "about 4 min");
        assert_eq!(plain(english.time_left(13)), "about 20 s");
    }

    proptest! {
        #[test]
        fn sizes_never_read_a_thousand_of_a_smaller_unit(bytes: u64) {
            let text = plain(Messages::new(Language::English).size(bytes));
            prop_assert!(!text.starts_with("1,000 ") || text.ends_with("TB"), "{}", text);
            prop_assert!(text.ends_with("TB") || text.chars().count() <= 7, "{}", text);
        }
    }
}
