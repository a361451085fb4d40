//! CKAN's versions: any text has a place in one order.
//!
//! `[epoch:]rest`. The larger epoch wins; then the rests are compared in turns, first a part without digits, then a
//! number; whichever ends first is smaller. Parts without digits follow CKAN's own client, which differs from the
//! written specification where parts begin with a dot (decision 0019). Source: the client's `ModuleVersion`.

use std::{cmp::Ordering, fmt, str::FromStr};

use super::VersionError;

/// Longest version, in bytes of UTF-8.
const MAX_LENGTH: usize = 128;

/// A version as CKAN writes them, with its text unchanged.
///
/// `Ord` refines [`CkanVersion::precedence`] by the text, so that it agrees with `Eq`: `1.01` and `1.1` are two
/// versions, and still the same for every bound.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CkanVersion(String);

impl CkanVersion {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The order that bounds go by. `Equal` does not mean the same text.
    pub fn precedence(&self, other: &Self) -> Ordering {
        let (epoch, rest) = split_epoch(&self.0);
        let (other_epoch, other_rest) = split_epoch(&other.0);
        compare_numbers(epoch, other_epoch).then_with(|| compare_rests(rest, other_rest))
    }
}

impl Ord for CkanVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.precedence(other).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for CkanVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for CkanVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CkanVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CkanVersion({})", self.0)
    }
}

impl FromStr for CkanVersion {
    type Err = VersionError;

    /// Refuses what is empty, too long, cannot be seen, or would end the text of a range.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        let refusal = |why: &str| VersionError::Version {
            text: text.chars().filter(|c| !c.is_control()).take(20).collect(),
            why: why.to_owned(),
        };
        let is_foul = |c: char| c.is_control() || crate::text::is_invisible(c) || matches!(c, '<' | '>');
        if text.trim().is_empty() {
            return Err(refusal("empty"));
        }
        if text.len() > MAX_LENGTH {
            return Err(refusal("too long"));
        }
        if text.chars().any(is_foul) {
            return Err(refusal("with a character that no version has"));
        }
        Ok(Self(text.to_owned()))
    }
}

/// The epoch's digits (none = 0) and the rest.
fn split_epoch(text: &str) -> (&str, &str) {
    match text.split_once(':') {
        Some((epoch, rest)) if !epoch.is_empty() && epoch.bytes().all(|b| b.is_ascii_digit()) => {
            (epoch, rest)
        }
        _ => ("", text),
    }
}

fn compare_rests(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() && !b.is_empty() {
        let (a_text, b_text) =
            (take(&mut a, |byte| !byte.is_ascii_digit()), take(&mut b, |byte| !byte.is_ascii_digit()));
        let texts = compare_texts(a_text, b_text);
        if texts.is_ne() || a.is_empty() || b.is_empty() {
            return texts.then_with(|| a.len().cmp(&b.len()));
        }
        let (a_digits, b_digits) = (take(&mut a, u8::is_ascii_digit), take(&mut b, u8::is_ascii_digit));
        let numbers = compare_numbers(a_digits, b_digits);
        if numbers.is_ne() {
            return numbers;
        }
    }
    a.is_empty().cmp(&b.is_empty()).reverse()
}

/// Cuts the leading bytes that belong to the part off `text`.
fn take<'a>(text: &mut &'a str, belongs: impl Fn(&u8) -> bool) -> &'a str {
    // Digits are ASCII, so a cut beside one never splits a character.
    let end = text.bytes().position(|byte| !belongs(&byte)).unwrap_or(text.len());
    let (part, rest) = text.split_at(end);
    *text = rest;
    part
}

/// A dot is above everything else, and alone above a dot with something behind it.
fn compare_texts(a: &str, b: &str) -> Ordering {
    match (a.strip_prefix('.'), b.strip_prefix('.')) {
        (Some(a), Some(b)) => a.is_empty().cmp(&b.is_empty()),
        (Some(_), None) => Ordering::Greater,
        (None, Some(_)) => Ordering::Less,
        (None, None) => a.cmp(b),
    }
}

/// Digits as a number of any size; none is 0.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version(text: &str) -> CkanVersion {
        text.parse().expect("version")
    }

    /// Texts of the pieces that decide: dots, letters, digits, zeros, epochs.
    fn versions() -> impl Strategy<Value = CkanVersion> {
        let piece = prop::sample::select(vec![
            ".", "..", ".x", ".y", "a", "b", "v", "-", "ä", "0", "00", "1", "01", "2", "10", "9",
        ]);
        let rest = prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat());
        let epoch = prop::option::weighted(0.3, prop::sample::select(vec!["0:", "1:", "01:", "2:", "x:"]));
        (epoch, rest).prop_map(|(epoch, rest)| version(&format!("{}{rest}", epoch.unwrap_or_default())))
    }

    #[test]
    fn orders_as_the_client_does() {
        let rows = [
            ("1.01", '=', "1.1"),
            ("1.2", '<', "1.2.3"),
            ("1.22a", '>', "1.20"),
            ("v6a12", '>', "v6a5"),
            ("1:1.0", '>', "9.9"),
            ("0:1.0", '=', "1.0"),
            ("1.", '<', "1.0"),
            ("1.0", '>', "1.x"),
            ("1.a2", '>', "1.b1"),
            ("1.a2", '=', "1.b2"),
            ("1.0.0", '>', "1.0a"),
            ("1.0-2", '<', "1.0.1"),
            ("1.0a", '<', "1.0b"),
            ("1.0", '<', "1.0a"),
            ("x:1", '>', "2"),
            ("99999999999999999999998", '<', "99999999999999999999999"),
        ];
        for (a, sign, b) in rows {
            let expected = match sign {
                '<' => Ordering::Less,
                '=' => Ordering::Equal,
                _ => Ordering::Greater,
            };
            assert_eq!(version(a).precedence(&version(b)), expected, "{a} {sign} {b}");
            assert_eq!(version(b).precedence(&version(a)), expected.reverse(), "{a} {sign} {b}, turned");
        }
    }

    #[test]
    fn refuses_what_no_version_is() {
        for text in ["", " ", "1\n", "1\u{202e}", ">=1", &"1".repeat(200)] {
            assert!(text.parse::<CkanVersion>().is_err(), "{text:?}");
        }
        for text in ["1.0.7 - Hotfix", "2.1 "] {
            assert_eq!(version(text).as_str(), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

        #[test]
        fn precedence_is_a_total_order_of_classes(a in versions(), b in versions(), c in versions()) {
            prop_assert_eq!(a.precedence(&a), Ordering::Equal);
            prop_assert_eq!(a.precedence(&b), b.precedence(&a).reverse());
            if a.precedence(&b).is_le() && b.precedence(&c).is_le() {
                prop_assert!(a.precedence(&c).is_le());
            }
            if a.precedence(&b).is_eq() {
                prop_assert_eq!(a.precedence(&c), b.precedence(&c));
            }
        }

        #[test]
        fn the_order_refines_precedence_and_agrees_with_equality(a in versions(), b in versions(), c in versions()) {
            prop_assert_eq!(a.cmp(&b).is_eq(), a == b);
            prop_assert!(a.precedence(&b).is_eq() || a.precedence(&b) == a.cmp(&b));
            prop_assert!(!(a <= b && b <= c) || a <= c);
        }

        #[test]
        fn any_text_is_a_version_or_refused(text in "\\PC{0,12}", other in "\\PC{0,12}") {
            if let (Ok(a), Ok(b)) = (text.parse::<CkanVersion>(), other.parse::<CkanVersion>()) {
                prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            }
        }
    }
}
