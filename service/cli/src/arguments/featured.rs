//! What a registry features.

use std::path::PathBuf;

use clap::Args;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::SignArguments;

#[derive(Debug, Args)]
pub struct FeatureArguments {
    #[command(flatten)]
    pub sign: SignArguments,
    /// Key of snapshot, timestamp and catalogue.
    #[arg(long, required_unless_present = "list")]
    pub online_key: Option<PathBuf>,
    /// Package of this registry (alice/trees); what was said about it for the same game is replaced.
    #[arg(required_unless_present = "list")]
    pub package: Option<String>,
    /// Why, in one line of at most 160 characters.
    #[arg(long)]
    pub text: Option<String>,
    /// For players of this game only.
    #[arg(long)]
    pub game: Option<String>,
    /// Not from this day or moment on (2026-12-24, or RFC 3339).
    #[arg(long, value_parser = moment)]
    pub until: Option<Timestamp>,
    /// Place among what is featured, from 1; behind the others otherwise.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub place: Option<u16>,
    /// No longer feature it.
    #[arg(long, conflicts_with_all = ["text", "until", "place"])]
    pub withdraw: bool,
    /// Only say what is featured.
    #[arg(long, conflicts_with_all = ["package", "text", "game", "until", "place", "withdraw"])]
    pub list: bool,
}

/// A day, which begins at midnight UTC, or a moment.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(day) = text.parse::<Date>() {
        return day.to_zoned(TimeZone::UTC).map(|day| day.timestamp()).map_err(|error| error.to_string());
    }
    text.parse().map_err(|error: jiff::Error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_and_a_moment_is_itself() {
        let midnight: Timestamp = "2026-12-24T00:00:00Z".parse().unwrap();
        assert_eq!(moment("2026-12-24"), Ok(midnight));
        assert_eq!(moment("2026-12-24T01:00:00+01:00"), Ok(midnight));
        assert!(moment("soon").is_err());
    }
}
