//! What was passed on, taken over from counters of the transfers, which begin anew with every offer and every start.

use std::collections::BTreeMap;

use jiff::Zoned;
use muster_domain::Sha256;
use muster_transfer::SeedView;

use crate::manners::Ledger;

/// Bytes that a crash may leave uncounted.
const SAVE_EVERY: u64 = 4_000_000;

/// The ledger, and where the counters stood.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    ledger: Ledger,
    counted: BTreeMap<Sha256, u64>,
    unsaved: u64,
}

impl Uploads {
    pub fn new(ledger: Ledger) -> Self {
        Self { ledger, ..Self::default() }
    }

    /// Counts what is new.
    pub fn take_in(&mut self, seeds: &[SeedView], now: &Zoned) {
        let fresh = |seed: &SeedView| match self.counted.get(&seed.sha256) {
            Some(before) if *before <= seed.uploaded => seed.uploaded - before,
            // It was taken back and offered again.
            Some(_) | None => seed.uploaded,
        };
        let fresh: u64 = seeds.iter().map(fresh).sum();
        self.counted = seeds.iter().map(|seed| (seed.sha256, seed.uploaded)).collect();
        if fresh > 0 {
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

    fn seed(number: u8, uploaded: u64) -> SeedView {
        SeedView { sha256: Sha256([number; 32]), info_hash: None, is_offered: true, peers: 0, uploaded }
    }

    #[test]
    fn every_byte_is_counted_once() {
        let (mut uploads, now) = (Uploads::default(), Zoned::now());
        for (seeds, total) in [
            (vec![seed(1, 0)], 0),
            (vec![seed(1, 100), seed(2, 5)], 105),
            (vec![seed(1, 100), seed(2, 5)], 105),
            (vec![seed(1, 160)], 165),
            // The second is offered again, and has passed on some more since.
            (vec![seed(1, 160), seed(2, 3)], 168),
            // The first began anew before anybody looked.
            (vec![seed(1, 10), seed(2, 3)], 178),
            (vec![], 178),
        ] {
            uploads.take_in(&seeds, &now);
            assert_eq!(uploads.spent(&now), total, "{seeds:?}");
        }
    }

    #[test]
    fn it_is_written_down_every_few_megabytes() {
        let (mut uploads, now) = (Uploads::default(), Zoned::now());
        uploads.take_in(&[seed(1, SAVE_EVERY - 1)], &now);
        assert_eq!(uploads.take_unsaved(), None);
        uploads.take_in(&[seed(1, SAVE_EVERY)], &now);
        assert!(uploads.take_unsaved().is_some());
        assert_eq!(uploads.take_unsaved(), None);
    }
}
