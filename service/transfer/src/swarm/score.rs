//! Whom to connect to first: a number for each known peer (`product.md` §6). Pure.
//!
//! The score only orders candidates. How much a connected peer is asked follows from what it delivers: each keeps asking
//! for as much as it brings within a moment, so the fast get more and nobody is herded to one.

/// Weights of what is known; they add up to one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Weights {
    pub capacity: f64,
    pub locality: f64,
    pub seed: f64,
    pub lobby: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { capacity: 0.4, locality: 0.3, seed: 0.2, lobby: 0.1 }
    }
}

/// What is known of a peer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Standing {
    /// Bytes per second that it brought, if it ever did.
    pub capacity: Option<u64>,
    /// 0 to 1: how near it is; the own network is 1.
    pub locality: f64,
    pub is_seed: bool,
    pub is_lobby: bool,
}

/// Bytes per second that count as half of all capacity.
const HALF: f64 = 1_000_000.0;
/// What a peer that was never tried counts for: worth a try before a slow one.
const UNTRIED: f64 = 0.3;

/// Larger is better; from 0 to 1.
pub(crate) fn score(standing: &Standing, weights: &Weights) -> f64 {
    let capacity = standing.capacity.map_or(UNTRIED, |rate| rate as f64 / (rate as f64 + HALF));
    let yes = |is_true: bool| if is_true { 1.0 } else { 0.0 };
    weights.capacity * capacity
        + weights.locality * standing.locality.clamp(0.0, 1.0)
        + weights.seed * yes(standing.is_seed)
        + weights.lobby * yes(standing.is_lobby)
}

/// Samples before a peer is called slow.
const LEAST_SAMPLES: usize = 8;
const FACTOR: f64 = 20.0;
const DEVIATIONS: f64 = 3.0;
/// Samples before a deviation means anything (the spread of few is noise).
const MANY_SAMPLES: usize = 200;

/// Whether a time (of any unit) is out of line with those of the others: twenty times their mean, and, once there are
/// many, also beyond three deviations.
pub(crate) fn is_slow(time: f64, others: &[f64]) -> bool {
    if others.len() < LEAST_SAMPLES {
        return false;
    }
    let count = others.len() as f64;
    let mean = others.iter().sum::<f64>() / count;
    if time > FACTOR * mean {
        return true;
    }
    let spread = (others.iter().map(|other| (other - mean).powi(2)).sum::<f64>() / count).sqrt();
    others.len() >= MANY_SAMPLES && time > mean + DEVIATIONS * spread
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_better_peer_never_has_a_lower_score(rate: u32, more: u32, near in 0.0f64..1.0, seed: bool, lobby: bool) {
            let weights = Weights::default();
            let standing = Standing { capacity: Some(rate.into()), locality: near, is_seed: seed, is_lobby: lobby };
            let value = score(&standing, &weights);
            prop_assert!((0.0..=1.0).contains(&value));
            let faster = Standing { capacity: Some(u64::from(rate) + u64::from(more)), ..standing };
            let better = Standing { locality: 1.0, is_seed: true, is_lobby: true, ..faster };
            prop_assert!(score(&faster, &weights) >= value && score(&better, &weights) >= score(&faster, &weights));
        }

        #[test]
        fn few_samples_condemn_nobody(time in 0.0f64..1e9, others in prop::collection::vec(0.1f64..10.0, 0..LEAST_SAMPLES)) {
            prop_assert!(!is_slow(time, &others));
        }
    }

    #[test]
    fn slow_is_far_from_the_others() {
        let even = vec![1.0; 10];
        assert!(is_slow(21.0, &even) && !is_slow(19.0, &even));
        let many: Vec<f64> = (0..400).map(|i| 1.0 + f64::from(i % 10) / 10.0).collect();
        assert!(is_slow(3.0, &many) && !is_slow(2.0, &many));
    }
}
