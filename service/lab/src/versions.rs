//! Pairs of versions in, their order out.

use std::{
    cmp::Ordering,
    io::{BufRead, Write},
};

use muster_domain::CkanVersion;

use crate::failure::Failure;

pub(crate) fn compare(pairs: impl BufRead, output: &mut impl Write) -> Result<(), Failure> {
    for (at, line) in pairs.lines().enumerate() {
        let line = line.map_err(Failure::Read)?;
        if line.trim().is_empty() {
            continue;
        }
        let sign = sign(&line).map_err(|why| Failure::Line { line: at + 1, why })?;
        writeln!(output, "{sign}").map_err(Failure::Write)?;
    }
    Ok(())
}

/// How the first version of a line stands to the second.
fn sign(line: &str) -> Result<char, String> {
    let (a, b) = split(line).ok_or("two versions are needed, with one space or a tab between them")?;
    let parse = |text: &str| text.parse::<CkanVersion>().map_err(|error| error.to_string());
    Ok(match parse(a)?.precedence(&parse(b)?) {
        Ordering::Less => '<',
        Ordering::Equal => '=',
        Ordering::Greater => '>',
    })
}

/// Versions can contain spaces; then only a tab says where the second begins.
fn split(line: &str) -> Option<(&str, &str)> {
    if let Some((a, b)) = line.split_once('\t') {
        return Some((a, b.trim_end_matches('\r')));
    }
    let mut words = line.split_whitespace();
    let pair = (words.next()?, words.next()?);
    words.next().is_none().then_some(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_line_by_line_and_names_the_line_it_does_not_understand() {
        let mut output = Vec::new();
        compare(&b"1.01 1.1\n1.2 1.2.3\n\n1:1.0 9.9\r\n1.0 Beta\t1.0\n"[..], &mut output).expect("answers");
        assert_eq!(String::from_utf8(output).expect("text"), "=\n<\n>\n>\n");
        let refused = compare(&b"1 2\n1.0 Beta 1.0\n"[..], &mut Vec::new()).expect_err("three words");
        assert!(matches!(refused, Failure::Line { line: 2, .. }));
    }
}
