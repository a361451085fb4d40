//! Three versions of a text become one: what the player changed and what a package changed, in one file. Pure.
//!
//! Lines are compared with their ends. Lines that all three have in common divide the texts into stretches; a stretch
//! that only one side changed is taken from that side, one that both changed alike is taken once, and one that both
//! changed differently is a conflict: then nothing is merged at all. So is a line that both moved, each to another place:
//! it would stand there twice.

use std::{collections::HashMap, ops::Range};

/// Most pairs of lines that are compared one by one; texts that differ in more are one stretch.
const MAX_PAIRS: usize = 4_000_000;

/// Both sides changed the same lines differently, or one of them is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash;

/// What `mine` and `theirs` made of `base`, in one text.
///
/// # Errors
/// [`Clash`].
pub fn merge_text(base: &[u8], mine: &[u8], theirs: &[u8]) -> Result<Vec<u8>, Clash> {
    if mine == theirs || theirs == base {
        return Ok(mine.to_vec());
    }
    if mine == base {
        return Ok(theirs.to_vec());
    }
    if [base, mine, theirs].iter().any(|text| text.contains(&0)) {
        return Err(Clash);
    }
    let [base, mine, theirs] = [base, mine, theirs].map(lines);
    let (in_mine, in_theirs) = (matches(&base, &mine), matches(&base, &theirs));
    let mut merged = Vec::new();
    let mut at = [0; 3];
    for (line, text) in base.iter().enumerate() {
        let (Some(my_line), Some(their_line)) = (in_mine[line], in_theirs[line]) else { continue };
        let stretch = [&base[at[0]..line], &mine[at[1]..my_line], &theirs[at[2]..their_line]];
        merged.extend(one_of(stretch)?.concat());
        merged.extend_from_slice(text);
        at = [line + 1, my_line + 1, their_line + 1];
    }
    merged.extend(one_of([&base[at[0]..], &mine[at[1]..], &theirs[at[2]..]])?.concat());
    if is_doubled([&base, &mine, &theirs], &merged) { Err(Clash) } else { Ok(merged) }
}

/// Whether a line stands there more often than the two sides wanted: both moved it, each to another place.
fn is_doubled([base, mine, theirs]: [&[&[u8]]; 3], merged: &[u8]) -> bool {
    let mut counts: HashMap<&[u8], [i64; 4]> = HashMap::new();
    for (side, lines) in [base, mine, theirs, &lines(merged)].into_iter().enumerate() {
        for line in lines {
            counts.entry(line.strip_suffix(b"\n").unwrap_or(line)).or_default()[side] += 1;
        }
    }
    let most = |[base, mine, theirs, _]: [i64; 4]| base + (mine - base).max(0) + (theirs - base).max(0);
    counts.into_values().any(|count| count[3] > most(count))
}

fn one_of<'t>([base, mine, theirs]: [&'t [&'t [u8]]; 3]) -> Result<&'t [&'t [u8]], Clash> {
    match () {
        () if mine == theirs || theirs == base => Ok(mine),
        () if mine == base => Ok(theirs),
        () => Err(Clash),
    }
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|&byte| byte == b'\n').collect()
}

/// For every line of `one` the line of `other` that stands for it, in rising order.
fn matches(one: &[&[u8]], other: &[&[u8]]) -> Vec<Option<usize>> {
    let mut found = vec![None; one.len()];
    let start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let rest = (one.len() - start).min(other.len() - start);
    let end = one.iter().rev().zip(other.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    for (line, slot) in found.iter_mut().enumerate() {
        if line < start {
            *slot = Some(line);
        } else if line >= one.len() - end {
            *slot = Some(line + other.len() - one.len());
        }
    }
    let (left, right) = (start..one.len() - end, start..other.len() - end);
    if left.len().saturating_mul(right.len()) <= MAX_PAIRS {
        for (line, standing) in longest_common(one, other, (left, right)) {
            found[line] = Some(standing);
        }
    }
    found
}

/// A longest common subsequence of two ranges of lines, by the table of its lengths.
fn longest_common(
    one: &[&[u8]],
    other: &[&[u8]],
    (left, right): (Range<usize>, Range<usize>),
) -> Vec<(usize, usize)> {
    let width = right.len() + 1;
    let mut lengths = vec![0u32; (left.len() + 1) * width];
    for row in (0..left.len()).rev() {
        for column in (0..right.len()).rev() {
            lengths[row * width + column] = match one[left.start + row] == other[right.start + column] {
                true => lengths[(row + 1) * width + column + 1] + 1,
                false => lengths[(row + 1) * width + column].max(lengths[row * width + column + 1]),
            };
        }
    }
    let (mut row, mut column, mut pairs) = (0, 0, Vec::new());
    while row < left.len() && column < right.len() {
        if one[left.start + row] == other[right.start + column] {
            pairs.push((left.start + row, right.start + column));
            (row, column) = (row + 1, column + 1);
        } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn merged(base: &str, mine: &str, theirs: &str) -> Option<String> {
        let found = merge_text(base.as_bytes(), mine.as_bytes(), theirs.as_bytes());
        found.ok().map(|text| String::from_utf8(text).expect("text"))
    }

    #[test]
    fn what_each_side_changed_is_there_afterwards() {
        let base = "fov = 72\nvolume = 5\nlang = en\nfps = 60\n";
        let mine = "fov = 90\nvolume = 5\nlang = en\nfps = 60\n";
        let theirs = "fov = 72\nvolume = 5\nlang = en\nfps = 144\nshadows = on\n";
        let both = "fov = 90\nvolume = 5\nlang = en\nfps = 144\nshadows = on\n";
        assert_eq!(merged(base, mine, theirs).as_deref(), Some(both));
        assert_eq!(merged(base, "fov = 90\n", "fov = 72\nvolume = 7\nlang = en\nfps = 60\n"), None);
        assert_eq!(
            merged("a\nb\nc\n", "a\nc\n", "a\nb\nc\nd\n").as_deref(),
            Some("a\nc\nd\n"),
            "a line less"
        );
        assert_eq!(
            merged("a\n", "a\nmine", "theirs\na\n").as_deref(),
            Some("theirs\na\nmine"),
            "no last end"
        );
        assert_eq!(merged("a\n", "b\n", "c\n"), None);
        assert_eq!(merged("a\nb\nb\n", "b\na\nb\n", "b\nb\na\n"), None, "moved to two places");
        assert_eq!(merged("", "mine\n", "theirs\n"), None);
        assert_eq!(merged("a\0\n", "b\0\n", "c\0\n"), None, "no text");
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec("[a-c]", 0..8)
            .prop_map(|lines| lines.into_iter().map(|line| line + "\n").collect())
    }

    proptest! {
        #[test]
        fn a_side_that_changed_nothing_gives_the_other_one(base in text(), other in text()) {
            prop_assert_eq!(merged(&base, &base, &other), Some(other.clone()));
            prop_assert_eq!(merged(&base, &other, &base), Some(other.clone()));
            prop_assert_eq!(merged(&base, &other, &other), Some(other));
        }

        #[test]
        fn nothing_is_invented_and_nothing_is_lost(base in text(), mine in text(), theirs in text()) {
            let Some(found) = merged(&base, &mine, &theirs) else { return Ok(()) };
            let count = |text: &str, line: &str| text.lines().filter(|other| *other == line).count() as i64;
            for line in ["a", "b", "c"] {
                let [base, mine, theirs, found] = [&base, &mine, &theirs, &found].map(|text| count(text, line));
                let (least, most) = (base.min(mine).min(theirs), base + (mine - base).max(0) + (theirs - base).max(0));
                prop_assert!((least - base.max(mine).max(theirs)..=most).contains(&found), "{}", line);
            }
        }

        #[test]
        fn changes_far_apart_are_both_taken(before in text(), after in text(), mine in "[x-z]{1,3}", theirs in "[u-w]{1,3}") {
            let with = |one: &str, other: &str| format!("{before}{one}\nfence one\nfence two\n{other}\n{after}");
            let found = merged(&with("first", "second"), &with(&mine, "second"), &with("first", &theirs));
            prop_assert_eq!(found, Some(with(&mine, &theirs)));
        }

        #[test]
        fn matching_lines_are_equal_and_in_order(one in text(), other in text()) {
            let (one, other) = (lines(one.as_bytes()), lines(other.as_bytes()));
            let found = matches(&one, &other);
            let pairs: Vec<(usize, usize)> =
                found.iter().enumerate().filter_map(|(line, standing)| Some((line, (*standing)?))).collect();
            prop_assert!(pairs.iter().all(|(a, b)| one[*a] == other[*b]));
            prop_assert!(pairs.windows(2).all(|pair| pair[0].1 < pair[1].1));
        }
    }
}
