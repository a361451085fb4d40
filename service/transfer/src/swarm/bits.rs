//! Which pieces somebody has (BEP 3: the high bit of the first byte is piece 0).

/// One bit a piece; bits beyond the last piece are always zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits {
    bytes: Vec<u8>,
    count: usize,
    ones: usize,
}

impl Bits {
    pub fn empty(count: usize) -> Self {
        Self { bytes: vec![0; count.div_ceil(8)], count, ones: 0 }
    }

    pub fn full(count: usize) -> Self {
        let mut bits = Self { bytes: vec![0xff; count.div_ceil(8)], count, ones: count };
        if !count.is_multiple_of(8)
            && let Some(last) = bits.bytes.last_mut()
        {
            *last = 0xff << (8 - count % 8);
        }
        bits
    }

    /// Reads a message; `None` if its length is wrong or a bit beyond the end is set.
    pub fn parse(bytes: &[u8], count: usize) -> Option<Self> {
        if bytes.len() != count.div_ceil(8) {
            return None;
        }
        let spare = bytes.len() * 8 - count;
        if bytes.last().is_some_and(|last| spare > 0 && last << (8 - spare) != 0) {
            return None;
        }
        let ones = bytes.iter().map(|byte| byte.count_ones() as usize).sum();
        Some(Self { bytes: bytes.to_vec(), count, ones })
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn get(&self, index: usize) -> bool {
        self.bytes.get(index / 8).is_some_and(|byte| byte & (0x80 >> (index % 8)) != 0)
    }

    /// Sets a bit and says whether it was not set before; out of range is no change.
    pub fn set(&mut self, index: usize) -> bool {
        if index >= self.count || self.get(index) {
            return false;
        }
        self.bytes[index / 8] |= 0x80 >> (index % 8);
        self.ones += 1;
        true
    }

    pub fn is_full(&self) -> bool {
        self.ones == self.count
    }

    pub fn is_empty(&self) -> bool {
        self.ones == 0
    }

    /// The set bits, ascending.
    pub fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.bytes.iter().enumerate().filter(|(_, byte)| **byte != 0).flat_map(|(index, byte)| {
            (0..8).filter(move |bit| byte & (0x80 >> bit) != 0).map(move |bit| index * 8 + bit)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reads_what_it_writes_and_refuses_the_rest(set in prop::collection::vec(any::<bool>(), 1..70), noise: u8) {
            let mut bits = Bits::empty(set.len());
            for (index, _) in set.iter().enumerate().filter(|(_, is_set)| **is_set) {
                prop_assert!(bits.set(index) && !bits.set(index));
            }
            let wanted: Vec<usize> = (0..set.len()).filter(|index| set[*index]).collect();
            prop_assert_eq!(bits.ones().collect::<Vec<_>>(), wanted);
            prop_assert_eq!(Bits::parse(bits.as_bytes(), set.len()), Some(bits.clone()));
            prop_assert_eq!(bits.is_full(), bits == Bits::full(set.len()));
            let mut bytes = bits.as_bytes().to_vec();
            bytes.push(noise);
            prop_assert_eq!(Bits::parse(&bytes, set.len()), None);
            if !set.len().is_multiple_of(8) {
                bytes.pop();
                *bytes.last_mut().unwrap() |= 1;
                prop_assert_eq!(Bits::parse(&bytes, set.len()), None, "a bit beyond the end");
            }
        }
    }
}
