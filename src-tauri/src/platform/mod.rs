//! What differs between systems before the window exists. One function, `prepare`, in each module.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::prepare;

#[cfg(not(target_os = "linux"))]
mod others;
#[cfg(not(target_os = "linux"))]
pub use others::prepare;
