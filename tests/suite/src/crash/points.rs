//! Which points of a verb are tried: some in every run, every n-th in the long form.

use std::{collections::BTreeMap, fmt};

use super::{Fault, Step, Verb};

/// Where a verb is struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub verb: Verb,
    pub fault: Fault,
    pub step: Step,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {:?} at {} {}", self.verb, self.fault, self.step.calls, self.step.number)
    }
}

/// So many points of each fault in the short form: kills count double.
const SHORT: usize = 2;
const SEED: u64 = 0x6d75_7374_6572_0072;

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text}")))
}

/// The points of a verb to try, where `most` says how many calls of a group one thread makes in it.
///
/// `MUSTER_CRASH_EVERY=n` takes every n-th call; otherwise a few are drawn from the whole run, by `MUSTER_CRASH_SEED`.
pub fn chosen(verb: Verb, most: impl Fn(&str) -> u32) -> Vec<Point> {
    let every = number("MUSTER_CRASH_EVERY");
    let seed = number("MUSTER_CRASH_SEED").unwrap_or(SEED);
    let all = Fault::ALL.into_iter().flat_map(|fault| {
        let points = points(verb, fault, &most, every.unwrap_or(1).max(1));
        if every.is_some() {
            points
        } else {
            drawn(
                &points,
                seed ^ (verb as u64) << 8 ^ fault as u64,
                SHORT * (1 + usize::from(fault == Fault::Kill)),
            )
        }
    });
    all.collect()
}

fn points(verb: Verb, fault: Fault, most: &impl Fn(&str) -> u32, every: u64) -> Vec<Point> {
    let step = usize::try_from(every).expect("small");
    let of = |calls: &'static str| {
        let numbers = (1..=most(calls)).step_by(step);
        numbers.map(move |number| Point { verb, fault, step: Step { calls, number } })
    };
    fault.calls().iter().flat_map(|calls| of(calls)).collect()
}

/// One of each of so many equal parts, so that every part of a verb has its turn.
fn drawn(points: &[Point], seed: u64, count: usize) -> Vec<Point> {
    let mut dice = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut roll = |sides: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice % sides as u64) as usize
    };
    let edge = |part: usize| points.len() * part / count;
    let parts = (0..count).filter(|part| edge(*part) < edge(part + 1));
    parts.map(|part| points[edge(part) + roll(edge(part + 1) - edge(part))]).collect()
}

/// How the points of a verb ended, by fault.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<Fault, [u32; 4]>);

impl Tally {
    /// Counts a point: whether the service died or the job failed, and whether the state after recovery was the new one.
    pub fn count(&mut self, fault: Fault, hit: bool, is_new: bool) {
        let row = self.0.entry(fault).or_default();
        row[0] += 1;
        row[1] += u32::from(hit);
        row[if is_new { 3 } else { 2 }] += 1;
    }

    /// Points that had an effect.
    pub fn hits(&self, is_kill: bool) -> u32 {
        self.0.iter().filter(|(fault, _)| (**fault == Fault::Kill) == is_kill).map(|(_, row)| row[1]).sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (fault, [points, hit, old, new]) in &self.0 {
            write!(
                f,
                "\n  {fault:?}: {points} points, {hit} with an effect; recovered to old {old}, new {new}"
            )?;
        }
        Ok(())
    }
}
