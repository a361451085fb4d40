//! Keys in keyrings that are there, locked, silent or missing, and in variables and files.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

#[cfg(target_os = "linux")]
mod desktop;
#[cfg(target_os = "linux")]
mod keyrings;
mod named;
