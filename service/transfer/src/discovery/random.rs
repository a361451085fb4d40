//! Numbers that strangers can not guess: they tell an answer to our question from a forged one.

use std::time::{SystemTime, UNIX_EPOCH};

/// Random bytes of the system.
pub(super) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        // A system without randomness: answers can be forged then, which costs time and nothing else.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos().to_le_bytes();
        bytes.iter_mut().zip(now.iter().cycle()).for_each(|(byte, now)| *byte = *now);
    }
    bytes
}
