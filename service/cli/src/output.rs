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
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        line(cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// Decimal sizes, as everywhere in Muster.
pub fn size(bytes: u64) -> String {
    const UNITS: [(&str, f64); 3] = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    let value = bytes as f64;
    match UNITS.iter().find(|(_, unit)| value >= *unit) {
        Some((name, unit)) if value / unit >= 100.0 => format!("{:.0} {name}", value / unit),
        Some((name, unit)) => format!("{:.1} {name}", value / unit),
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_decimal_and_short() {
        let sizes = [0, 999, 1000, 1_234_567, 123_456_789, 5_000_000_000].map(super::size);
        assert_eq!(sizes, ["0 B", "999 B", "1.0 kB", "1.2 MB", "123 MB", "5.0 GB"]);
    }
}
