//! Windows and macOS bring a web view that needs no preparation.

/// Nothing to do.
pub fn prepare() -> Result<(), String> {
    Ok(())
}
