//! Fingerprints as words that can be read out over a voice chat.

use muster_domain::Sha256;

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aiou";

/// The first 64 bits as four pronounceable words of five letters (the scheme of D. Wilkerson, "A Proposal for
/// Proquints", 2009), such as `lusab-babad-gutih-tugad`. For comparing by ear; the full hash is shown beside it.
pub fn words(fingerprint: &Sha256) -> String {
    let word = |pair: &[u8]| -> String {
        let bits = u16::from(pair[0]) << 8 | u16::from(pair[1]);
        let consonant = |shift: u16| char::from(CONSONANTS[usize::from(bits >> shift & 15)]);
        let vowel = |shift: u16| char::from(VOWELS[usize::from(bits >> shift & 3)]);
        [consonant(12), vowel(10), consonant(6), vowel(4), consonant(0)].iter().collect()
    };
    fingerprint.0[..8].chunks_exact(2).map(word).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_published_examples() {
        let mut hash = Sha256([0; 32]);
        hash.0[..8].copy_from_slice(&[127, 0, 0, 1, 63, 84, 220, 193]);
        assert_eq!(words(&hash), "lusab-babad-gutih-tugad");
    }
}
