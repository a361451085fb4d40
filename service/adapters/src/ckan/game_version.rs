//! Which versions of the game a mod fits: numbers by prefix, and inclusive ranges of them.

use std::{cmp::Ordering, fmt, str::FromStr};

/// Major, minor, patch and build.
const PARTS: usize = 4;

/// The beginning of a version: `1.8` stands for every `1.8.x`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct GameVersion {
    numbers: Vec<u32>,
}

impl GameVersion {
    /// One to four numbers.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// The first version that this one stands for.
    fn first(&self) -> [u32; PARTS] {
        self.filled(0)
    }

    /// The last.
    fn last(&self) -> [u32; PARTS] {
        self.filled(u32::MAX)
    }

    fn filled(&self, rest: u32) -> [u32; PARTS] {
        let mut parts = [rest; PARTS];
        parts[..self.numbers.len()].copy_from_slice(&self.numbers);
        parts
    }
}

impl FromStr for GameVersion {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WHY: &str = "a game version has one to four numbers with dots between them";
        if text.len() > 44 {
            return Err(WHY);
        }
        let number = |part: &str| match part.bytes().all(|b| b.is_ascii_digit()) {
            true => part.parse::<u32>().map_err(|_| WHY),
            false => Err(WHY),
        };
        let numbers = text.split('.').map(number).collect::<Result<Vec<u32>, _>>()?;
        if numbers.len() > PARTS { Err(WHY) } else { Ok(Self { numbers }) }
    }
}

impl fmt::Display for GameVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.numbers.iter().map(u32::to_string).collect();
        f.write_str(&texts.join("."))
    }
}

impl fmt::Debug for GameVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GameVersion({self})")
    }
}

/// Both ends inclusive and by prefix; an absent end is open, and two absent ends are any version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct GameRange {
    pub min: Option<GameVersion>,
    pub max: Option<GameVersion>,
}

impl GameRange {
    /// Every version that begins like this.
    pub fn exactly(version: GameVersion) -> Self {
        Self { min: Some(version.clone()), max: Some(version) }
    }

    /// Whether it excludes nothing.
    pub fn is_any(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }

    /// Whether some version that `player` stands for is in the range.
    pub fn fits(&self, player: &GameVersion) -> bool {
        let above = self.min.as_ref().is_none_or(|min| min.first().cmp(&player.last()) != Ordering::Greater);
        let below = self.max.as_ref().is_none_or(|max| player.first().cmp(&max.last()) != Ordering::Greater);
        above && below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> GameVersion {
        text.parse().expect("a version")
    }

    fn range(min: &str, max: &str) -> GameRange {
        let end = |text: &str| (!text.is_empty()).then(|| version(text));
        GameRange { min: end(min), max: end(max) }
    }

    #[test]
    fn a_range_fits_where_it_and_the_players_version_overlap() {
        for (min, max, player, fits) in [
            ("1.8", "1.8", "1.8.1", true),
            ("1.8", "1.8", "1.9", false),
            ("1.8.0", "1.8.9", "1.8.10", false),
            ("1.8.1", "1.8.1", "1.8.10", false),
            ("1.8.1", "1.8.1", "1.8", true),
            ("1.12", "", "1.12.5", true),
            ("1.12.6", "", "1.12.5", false),
            ("", "1.12", "1.12.5", true),
            ("", "1.11.99", "1.12.5", false),
            ("1.4", "1.12", "1.12.5.3190", true),
            ("0.90", "0.90", "0.9.0", false),
            ("", "", "0.1", true),
        ] {
            assert_eq!(range(min, max).fits(&version(player)), fits, "{min}..{max} {player}");
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", ".", "1.", "1..2", "1.2.3.4.5", "v1", "1.x", "-1", "+1", "4294967296", "1 "] {
            assert!(text.parse::<GameVersion>().is_err(), "{text:?}");
        }
        assert_eq!(version("1.012").to_string(), "1.12");
    }
}
