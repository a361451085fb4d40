//! Whether a server drips: gives so little, while it is waited for, that another is better. Pure.

use std::time::Duration;

use super::Patience;

/// What a server gives over a window of time in which we waited for it.
#[derive(Default)]
pub(super) struct Speed {
    bytes: u64,
    waited: Duration,
}

impl Speed {
    /// Takes what has come; says whether the window that ends with it was too slow.
    pub fn is_below(&mut self, bytes: u64, waited: Duration, patience: &Patience) -> bool {
        self.bytes += bytes;
        self.waited += waited;
        if self.waited < patience.floor_window {
            return false;
        }
        let window = std::mem::take(self);
        (window.bytes as f64) < patience.floor_rate as f64 * window.waited.as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_time_spent_waiting_counts_and_a_window_is_judged_once() {
        let patience = Patience::default();
        let mut speed = Speed::default();
        let second = Duration::from_secs(1);
        assert!((0..19).all(|_| !speed.is_below(100, second, &patience)), "the window is not over");
        assert!(speed.is_below(100, second, &patience));
        assert!((0..19).all(|_| !speed.is_below(10_000, second, &patience)), "a new window");
        assert!(!speed.is_below(10_000, second, &patience));
        assert!(
            (0..10_000).all(|_| !Speed::default().is_below(1, Duration::ZERO, &patience)),
            "we were the slow ones"
        );
    }
}
