//! What a line can carry, and the kernel's token bucket that makes it so.

use anyhow::Result;

use crate::space::Namespace;

/// One direction of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Bits per second, frames included.
    pub rate: u64,
    /// Bytes that wait for the line before more are dropped: what a router's buffer holds.
    pub queue: u64,
}

impl Line {
    /// A line of so many Mbit/s whose buffer holds 80 ms, as the uplinks of many homes do.
    pub fn mbit(rate: u64) -> Self {
        Self { rate: rate * 1_000_000, queue: (rate * 10_000).max(20_000) }
    }

    /// With another buffer, in bytes.
    pub fn with_queue(self, queue: u64) -> Self {
        Self { queue, ..self }
    }

    /// Bytes of a file that pass in a second once every 1,448 of them travel in a frame of 1,514.
    pub fn payload_rate(&self) -> f64 {
        self.rate as f64 / 8.0 * 1_448.0 / 1_514.0
    }

    /// Shapes what leaves by an interface, from now on.
    pub(crate) fn apply(&self, space: &Namespace, interface: &str) -> Result<()> {
        // A burst must hold two frames; a millisecond of the line is what a timer can still serve on fast ones.
        let burst = (self.rate / 8 / 1_000).max(4_096);
        let Self { rate, queue } = self;
        let limit = queue.max(&burst);
        space.tc(&format!(
            "qdisc replace dev {interface} root tbf rate {rate}bit burst {burst} limit {limit}"
        ))?;
        Ok(())
    }
}
