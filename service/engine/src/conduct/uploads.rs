//! What was given to others, taken over from the transfers' counter, which begins anew with every start.

use jiff::Zoned;

use crate::manners::Ledger;

/// Bytes that a crash may leave uncounted.
const SAVE_EVERY: u64 = 4_000_000;

/// The ledger, and where the counter stood.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    ledger: Ledger,
    counted: u64,
    unsaved: u64,
}

impl Uploads {
    pub fn new(ledger: Ledger) -> Self {
        Self { ledger, ..Self::default() }
    }

    /// Counts what is new since the counter was read last.
    pub fn take_in(&mut self, given: u64, now: &Zoned) {
        let fresh = given.saturating_sub(self.counted);
        if fresh > 0 {
            self.counted = given;
            self.ledger.add(fresh, now);
            self.unsaved += fresh;
        }
    }

    pub fn spent(&mut self, now: &Zoned) -> u64 {
        self.ledger.spent(now)
    }

    /// The ledger, if enough has come together to write it down.
    pub fn take_unsaved(&mut self) -> Option<&Ledger> {
        if self.unsaved < SAVE_EVERY {
            return None;
        }
        self.unsaved = 0;
        Some(&self.ledger)
    }

    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_counted_once() {
        let (mut uploads, now) = (Uploads::default(), Zoned::now());
        for (given, total) in [(0, 0), (100, 100), (100, 100), (160, 160), (40, 160), (170, 170)] {
            uploads.take_in(given, &now);
            assert_eq!(uploads.spent(&now), total, "{given}");
        }
    }

    #[test]
    fn it_is_written_down_every_few_megabytes() {
        let (mut uploads, now) = (Uploads::default(), Zoned::now());
        uploads.take_in(SAVE_EVERY - 1, &now);
        assert_eq!(uploads.take_unsaved(), None);
        uploads.take_in(SAVE_EVERY, &now);
        assert!(uploads.take_unsaved().is_some());
        assert_eq!(uploads.take_unsaved(), None);
    }
}
