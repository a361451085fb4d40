//! The keyring of each system, behind the same three verbs: `read`, `write`, `forget`.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(windows, target_os = "macos"))]
mod native;

#[cfg(target_os = "linux")]
pub(crate) use linux::{At, forget, read, write, write_unasked};
#[cfg(any(windows, target_os = "macos"))]
pub(crate) use native::{At, forget, read, write, write as write_unasked};
