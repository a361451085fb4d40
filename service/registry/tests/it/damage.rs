//! Random damage to samples, with a fixed budget: how the targets of `fuzz/` run among a crate's tests. Other crates use this very
//! file, so that a way of damaging bytes is found once and tried everywhere.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may panic, and read files plainly")]

use std::{fs, path::PathBuf};

/// A small generator, so that every run does the same.
pub struct Random(pub u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Bytes that decide how text goes on, ends of what a byte can say, and others.
const TELLING: &[u8] = b"{}[],:\"\\0-9etfn\x00\x7f\x80\xff\xc3";

/// Damages bytes in one to four places; nothing may be left of them.
pub fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        if bytes.is_empty() {
            return;
        }
        let at = random.below(bytes.len());
        match random.below(7) {
            0 => bytes[at] = TELLING[random.below(TELLING.len())],
            1 => bytes[at] ^= 1 << random.below(8),
            2 => bytes.truncate(at),
            3 => bytes.insert(at, TELLING[random.below(TELLING.len())]),
            4 => bytes.insert(at, random.below(256) as u8),
            5 => {
                let end = (at + 1 + random.below(30)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let from = random.below(bytes.len());
                let piece = bytes[from..(from + random.below(60)).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
}

/// The samples that a target of this crate's `fuzz/` starts from, in the order of their names.
pub fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Holds every sample as it is, and its share of `rounds` damaged ones, against what must be true of any bytes.
pub fn damage(samples: Vec<Vec<u8>>, rounds: usize, harness: fn(&[u8])) {
    let mut random = Random(samples.len() as u64);
    let each = rounds / samples.len().max(1);
    for sample in samples {
        harness(&sample);
        for _ in 0..each {
            let mut bytes = sample.clone();
            mutate(&mut bytes, &mut random);
            harness(&bytes);
        }
    }
}
