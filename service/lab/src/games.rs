//! Game versions by prefix: "1.8" is every 1.8.x, of a mod as of the player.

use std::collections::BTreeSet;

use muster_domain::{Version, VersionRange};
use serde::Deserialize;

/// Game versions have three numbers at most; builds beyond them do not count.
type Number = [u64; 3];

/// What a row says about the game.
#[derive(Default, Deserialize)]
pub(crate) struct GameVersions {
    game_version: Option<String>,
    game_version_min: Option<String>,
    game_version_max: Option<String>,
}

impl GameVersions {
    /// The versions that fit; none = every version.
    pub fn range(&self) -> Result<Option<VersionRange>, String> {
        let exactly = self.game_version.as_deref();
        let min = begin(exactly.or(self.game_version_min.as_deref()))?.map(|n| format!(">={}", text(n)));
        let max = end(exactly.or(self.game_version_max.as_deref()))?.map(|n| format!("<{}", text(n)));
        let bounds: Vec<String> = min.into_iter().chain(max).collect();
        if bounds.is_empty() {
            return Ok(None);
        }
        bounds.join(", ").parse().map(Some).map_err(|error| format!("{error}"))
    }

    /// The first version that fits, if there is one.
    pub fn beginning(&self) -> Result<Option<Number>, String> {
        begin(self.game_version.as_deref().or(self.game_version_min.as_deref()))
    }
}

/// Versions that stand for the player's: a range fits one of them exactly if it and the player's version overlap.
///
/// Where two ranges overlap, they do so at the beginning of one of them. Empty = every version.
pub(crate) fn stand_ins(player: &str, beginnings: &BTreeSet<Number>) -> Result<Vec<Version>, String> {
    let (Some(begin), Some(end)) = (begin(Some(player))?, end(Some(player))?) else { return Ok(Vec::new()) };
    let inside = beginnings.range(begin..end).copied();
    let numbers: BTreeSet<Number> = std::iter::once(begin).chain(inside).collect();
    numbers.into_iter().map(|n| Version::semver(&text(n)).map_err(|error| error.to_string())).collect()
}

/// The first version with a prefix.
fn begin(prefix: Option<&str>) -> Result<Option<Number>, String> {
    let numbers = numbers(prefix)?;
    Ok(numbers.map(|numbers| [0, 1, 2].map(|at| numbers.get(at).copied().unwrap_or(0))))
}

/// The first version after all those with a prefix.
fn end(prefix: Option<&str>) -> Result<Option<Number>, String> {
    let Some(numbers) = numbers(prefix)? else { return Ok(None) };
    let last = numbers.len() - 1;
    let number = [0, 1, 2].map(|at| match at == last {
        true => numbers[at].saturating_add(1),
        false => numbers.get(at).copied().unwrap_or(0),
    });
    Ok(Some(number))
}

/// The numbers of a prefix; `any` and nothing at all are every version.
fn numbers(prefix: Option<&str>) -> Result<Option<Vec<u64>>, String> {
    let Some(prefix) = prefix.map(str::trim).filter(|prefix| *prefix != "any") else { return Ok(None) };
    let number =
        |part: &str| part.parse::<u64>().map_err(|_| format!("{prefix:?} is not a version of the game"));
    prefix.split('.').take(3).map(number).collect::<Result<_, _>>().map(Some)
}

fn text(number: Number) -> String {
    number.map(|part| part.to_string()).join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(row: &str, player: &str) -> bool {
        let row: GameVersions = serde_json::from_str(row).expect("row");
        let beginnings: BTreeSet<Number> = row.beginning().expect("version").into_iter().collect();
        let stand_ins = stand_ins(player, &beginnings).expect("version");
        let range = row.range().expect("range");
        stand_ins.is_empty()
            || range.is_none_or(|range| stand_ins.iter().any(|version| range.matches(version)))
    }

    #[test]
    fn versions_fit_by_prefix_and_number_on_both_sides() {
        let rows = [
            (r#"{"game_version":"1.8"}"#, "1.8.1", true),
            (r#"{"game_version":"1.8.1"}"#, "1.8", true),
            (r#"{"game_version":"1.8.1"}"#, "1.8.10", false),
            (r#"{"game_version":"1.8"}"#, "1.80", false),
            (r#"{"game_version":"any"}"#, "0.25", true),
            (r#"{}"#, "0.25", true),
            (r#"{"game_version_min":"1.4"}"#, "1.12.5", true),
            (r#"{"game_version_min":"1.4"}"#, "1.3.9", false),
            (r#"{"game_version_max":"1.9"}"#, "1.9.1", true),
            (r#"{"game_version_max":"1.9.0"}"#, "1.9.1", false),
            (r#"{"game_version_max":"1.9.0"}"#, "1.9", true),
            (r#"{"game_version_min":"1.4.5","game_version_max":"1.9"}"#, "1.4", true),
            (r#"{"game_version_min":"1.4.5","game_version_max":"1.4.3"}"#, "1.4", false),
            (r#"{"game_version":"1.12.5"}"#, "1.12.5.3190", true),
            (r#"{"game_version":"1.12.5"}"#, "any", true),
        ];
        for (row, player, expected) in rows {
            assert_eq!(fits(row, player), expected, "{row} for {player}");
        }
        assert!(stand_ins("one", &BTreeSet::new()).is_err());
    }
}
