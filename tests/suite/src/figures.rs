//! Medians and percentiles, and the lines that show them.

/// The value below which this share (0 to 1) of the figures lies; the nearest rank. 0 for none.
pub fn percentile(figures: &[f64], share: f64) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(at.saturating_sub(1)).copied().unwrap_or(0.0)
}

/// The middle one.
pub fn median(figures: &[f64]) -> f64 {
    percentile(figures, 0.5)
}

/// Prints a row: what, the figures' median, 95th percentile and worst in a unit, and how many there are.
pub fn row(what: &str, figures: &[f64], unit: &str) {
    if figures.is_empty() {
        return line(what, "not measured: nothing of it was seen");
    }
    let [middle, late, worst] = [0.5, 0.95, 1.0].map(|share| percentile(figures, share));
    println!(
        "{what:<72} p50 {middle:>7.1}  p95 {late:>7.1}  worst {worst:>7.1} {unit}  ({} of them)",
        figures.len()
    );
}

/// Prints a single figure.
pub fn line(what: &str, text: impl std::fmt::Display) {
    println!("{what:<72} {text}");
}
