//! A long line in user space: what the kernel's `netem` does, which not every kernel has.
//!
//! Two TUN devices, one in each of two namespaces, and a thread for each direction that takes packets from one, keeps
//! them as long as the line is, and gives them to the other. [`Pipe`] decides, without a clock; `line` does.

mod line;
mod pipe;

use std::time::Duration;

pub use line::{DelayLine, Ends};
pub use pipe::{Fate, Pipe};

/// One direction of a long line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Bits per second; `None` is unlimited.
    pub rate: Option<u64>,
    /// One way.
    pub delay: Duration,
    /// Up to so much longer, at random; packets never overtake each other.
    pub jitter: Duration,
    /// Bytes that wait for the line before more are dropped.
    pub queue: u64,
    /// Share of packets that get lost, from 0 to 1.
    pub loss: f64,
    /// What is random follows from this number.
    pub seed: u64,
}

impl Stretch {
    /// So many Mbit/s with a buffer of 80 ms, and so many milliseconds one way.
    pub fn mbit(rate: u64, milliseconds: u64) -> Self {
        Self {
            rate: Some(rate * 1_000_000),
            delay: Duration::from_millis(milliseconds),
            jitter: Duration::ZERO,
            queue: rate * 10_000,
            loss: 0.0,
            seed: 1,
        }
    }
}
