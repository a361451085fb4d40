//! Printing: JSON for scripts, aligned columns for people.

use std::io::{self, Write};

use serde::Serialize;

use crate::failure::Failure;

/// Prints a value as JSON.
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Failure::new(1, "cli-io", e.to_string()))?;
    line(&text)
}

/// Prints one line; a closed pipe ends quietly.
pub fn line(text: &str) -> Result<(), Failure> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        result => result.map_err(Failure::io),
    }
}

/// Rows in columns as wide as their longest cell; the last column is not padded.
pub fn table(rows: &[Vec<String>]) -> Result<(), Failure> {
    aligned(rows).iter().try_for_each(|row| line(row))
}

fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let padded = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(padded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_longest_cell() {
        let rows = [["ä", "1.0.0", "x"], ["bcd", "2", ""]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(aligned(&rows), ["ä    1.0.0  x", "bcd  2"]);
    }
}
