//! How many archives that are asked for again are still here after a week, under the cache's own plan and under plain
//! least-recently-used eviction, on the same made-up week.
//!
//! `cargo run --release -p muster-cache --example week [seed]`
//!
//! The player has four profiles out of 800 packages whose popularity falls like 1/rank (Zipf) and whose sizes are spread
//! like those of real mods (log-normal around 8 MB, the largest 600 MB). In three sessions a day they play a
//! profile, mostly the favourite, try packages and throw some out again; a twentieth of the packages gets a new version
//! every day, and what is installed follows. An archive is asked for when
//!
//! - the player takes back, reinstalls or moves something (`own`),
//! - an update can reuse the entries of the version before (`update`),
//! - another player wants it: friends what was just played, strangers anything, popular things more, and seldom a
//!   version that is not the newest (`peers`).
//!
//! What is asked for the first time can be in no cache and is not counted. A week warms up, the next one counts. The plan
//! is carried out at once; the service announces for a day what profiles use, and is over its quota meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use muster_cache::{Completeness, Evict, Fact, Policy, Protection, plan_eviction};
use muster_domain::Sha256;

const PACKAGES: usize = 800;
const PROFILES: usize = 4;
const HOUR: i64 = 3_600;
const START: i64 = 1_800_000_000;

/// Numbers that depend on a seed only.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 up to, not including, 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.unit() * limit as f64) as usize
    }

    fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Normally distributed around 0 with deviation 1.
    fn normal(&mut self) -> f64 {
        let (radius, angle) = ((-2.0 * (1.0 - self.unit()).ln()).sqrt(), std::f64::consts::TAU * self.unit());
        radius * angle.cos()
    }

    /// One of these by popularity: the first is asked for most.
    fn popular<'a, T>(&mut self, all: &'a [T], rank: impl Fn(&T) -> usize) -> Option<&'a T> {
        let weight = |item: &T| 1.0 / (rank(item) as f64 + 1.0);
        let mut left = self.unit() * all.iter().map(weight).sum::<f64>();
        all.iter().find(|item| {
            left -= weight(item);
            left <= 0.0
        })
    }
}

/// One version of one package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    package: usize,
    version: u32,
}

impl Item {
    fn sha256(self) -> Sha256 {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&(self.package as u64).to_be_bytes());
        bytes[8..12].copy_from_slice(&self.version.to_be_bytes());
        Sha256(bytes)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Own,
    Update,
    Peers,
}

/// What happens to the cache, in order of time.
#[derive(Clone, Debug)]
enum Event {
    /// Somebody needs an archive.
    Asked(Item, Why),
    /// A profile is played: what it uses counts as used.
    Played(usize),
    /// A profile's packages are these from now on.
    Uses(usize, Vec<Item>),
}

type Plan = dyn Fn(&[Fact], Timestamp, &Policy) -> Vec<Evict>;

/// The archives in one cache.
struct Cache<'a> {
    sizes: &'a [u64],
    held: BTreeMap<Item, i64>,
    seen: BTreeSet<Item>,
    profiles: Vec<Vec<Item>>,
    policy: Policy,
    plan: &'a Plan,
}

impl Cache<'_> {
    /// Whether an archive was here; afterwards it is. `None` if it was never here before.
    fn ask(&mut self, item: Item, now: i64) -> Option<bool> {
        let was_here = self.held.insert(item, now).is_some();
        let was_known = !self.seen.insert(item);
        if !was_here {
            self.evict(now);
        }
        was_known.then_some(was_here)
    }

    fn play(&mut self, profile: usize, now: i64) {
        for item in &self.profiles[profile] {
            if let Some(used) = self.held.get_mut(item) {
                *used = now;
            }
        }
    }

    fn evict(&mut self, now: i64) {
        let leased: BTreeSet<Item> = self.profiles.iter().flatten().copied().collect();
        let by_hash: BTreeMap<Sha256, Item> = self.held.keys().map(|item| (item.sha256(), *item)).collect();
        let facts: Vec<Fact> = self.held.iter().map(|(item, used)| self.fact(item, *used, &leased)).collect();
        for gone in (self.plan)(&facts, at(now), &self.policy) {
            self.held.remove(&by_hash[&gone.sha256]);
        }
    }

    fn fact(&self, item: &Item, used: i64, leased: &BTreeSet<Item>) -> Fact {
        Fact {
            sha256: item.sha256(),
            size: self.sizes[item.package],
            completeness: Completeness::Complete,
            last_used: at(used),
            is_held: false,
            protection: if leased.contains(item) { Protection::Leased } else { Protection::None },
            // The more popular, the more have it.
            other_seeders: Some((400 / (item.package + 1)) as u32 + 2),
        }
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(START + seconds).unwrap_or_default()
}

/// Plain least recently used: the oldest goes until the quota is kept.
fn least_recently_used(facts: &[Fact], _: Timestamp, policy: &Policy) -> Vec<Evict> {
    let mut oldest: Vec<&Fact> = facts.iter().collect();
    oldest.sort_by_key(|fact| (fact.last_used, fact.sha256));
    let mut total: u64 = facts.iter().map(|fact| fact.size).sum();
    let mut gone = Vec::new();
    for fact in oldest {
        if total <= policy.quota {
            break;
        }
        total -= fact.size;
        gone.push(Evict {
            sha256: fact.sha256,
            completeness: fact.completeness,
            size: fact.size,
            reason: muster_cache::Reason::Quota,
            protection: Protection::None,
        });
    }
    gone
}

/// A player's two weeks.
struct Player {
    dice: Dice,
    versions: Vec<u32>,
    profiles: Vec<Vec<Item>>,
    ever: BTreeSet<Item>,
    thrown_out: Vec<Item>,
    events: Vec<(i64, Event)>,
}

impl Player {
    fn new(seed: u64) -> Self {
        Self {
            dice: Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            versions: vec![1; PACKAGES],
            profiles: vec![Vec::new(); PROFILES],
            ever: BTreeSet::new(),
            thrown_out: Vec::new(),
            events: Vec::new(),
        }
    }

    fn ask(&mut self, now: i64, item: Item, why: Why) {
        self.ever.insert(item);
        self.events.push((now, Event::Asked(item, why)));
    }

    fn uses(&mut self, now: i64, profile: usize) {
        self.events.push((now, Event::Uses(profile, self.profiles[profile].clone())));
    }

    fn newest(&self, package: usize) -> Item {
        Item { package, version: self.versions[package] }
    }

    fn install(&mut self, now: i64, profile: usize) {
        let all: Vec<usize> = (0..PACKAGES).collect();
        let Some(package) = self.dice.popular(&all, |package| *package).copied() else { return };
        if self.profiles[profile].iter().any(|item| item.package == package) {
            return;
        }
        let item = self.newest(package);
        self.ask(now, item, Why::Own);
        self.profiles[profile].push(item);
    }

    fn live(mut self) -> Vec<(i64, Event)> {
        for (profile, packages) in [45, 30, 20, 12].into_iter().enumerate() {
            for _ in 0..packages {
                self.install(0, profile);
            }
            self.uses(0, profile);
        }
        for day in 0..14 {
            self.release(day * 24 * HOUR);
            for hour in [8, 17, 21] {
                self.session(day * 24 * HOUR + hour * HOUR);
            }
        }
        self.events.sort_by_key(|(now, _)| *now);
        self.events
    }

    /// New versions come out, and what is installed follows.
    fn release(&mut self, now: i64) {
        for package in 0..PACKAGES {
            if !self.dice.chance(0.05) {
                continue;
            }
            let before = self.newest(package);
            self.versions[package] += 1;
            let after = self.newest(package);
            for profile in 0..PROFILES {
                if let Some(at) = self.profiles[profile].iter().position(|item| *item == before) {
                    self.profiles[profile][at] = after;
                    self.ask(now + HOUR, before, Why::Update);
                    self.ask(now + HOUR, after, Why::Own);
                }
            }
        }
        (0..PROFILES).for_each(|profile| self.uses(now + HOUR, profile));
    }

    fn session(&mut self, now: i64) {
        let profile = if self.dice.chance(0.7) { 0 } else { 1 + self.dice.below(PROFILES - 1) };
        for _ in 0..self.dice.below(4) {
            self.install(now, profile);
        }
        if self.dice.chance(0.5) && self.profiles[profile].len() > 8 {
            let at = self.dice.below(self.profiles[profile].len());
            let item = self.profiles[profile].remove(at);
            self.thrown_out.push(item);
        }
        // Thought better of it, or wanted in another profile.
        if self.dice.chance(0.4) && !self.thrown_out.is_empty() {
            let back = self.thrown_out.len() - 1 - self.dice.below(self.thrown_out.len().min(5));
            let item = self.thrown_out.remove(back);
            self.ask(now + 600, item, Why::Own);
            self.profiles[profile].push(item);
        }
        self.uses(now + 700, profile);
        self.events.push((now + 800, Event::Played(profile)));
        self.visitors(now + 900, profile);
    }

    /// Other players, during and after a session.
    fn visitors(&mut self, now: i64, profile: usize) {
        let played = self.profiles[profile].clone();
        for request in 0..4 + self.dice.below(6) {
            if let Some(item) = self.dice.popular(&played, |item| item.package).copied() {
                self.ask(now + request as i64, item, Why::Peers);
            }
        }
        let ever: Vec<Item> = self.ever.iter().copied().collect();
        let (current, old): (Vec<Item>, Vec<Item>) =
            ever.into_iter().partition(|item| self.versions[item.package] == item.version);
        for _ in 0..15 + self.dice.below(20) {
            let wanted = if self.dice.chance(0.1) { &old } else { &current };
            if let Some(item) = self.dice.popular(wanted, |item| item.package).copied() {
                let later = now + (self.dice.unit() * 8.0 * HOUR as f64) as i64;
                self.ask(later, item, Why::Peers);
            }
        }
    }
}

/// Hits and requests by kind, of the second week.
fn run(events: &[(i64, Event)], mut cache: Cache<'_>) -> [(u32, u32); 3] {
    let mut counts = [(0, 0); 3];
    for (now, event) in events {
        match event {
            Event::Uses(profile, items) => cache.profiles[*profile] = items.clone(),
            Event::Played(profile) => cache.play(*profile, *now),
            Event::Asked(item, why) => {
                let asked = cache.ask(*item, *now);
                if let (Some(was_here), true) = (asked, *now >= 7 * 24 * HOUR) {
                    let count = &mut counts[*why as usize];
                    count.0 += u32::from(was_here);
                    count.1 += 1;
                }
            }
        }
    }
    counts
}

fn main() {
    let seed: u64 = std::env::args().nth(1).and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1);
    let size = |dice: &mut Dice| (8e6 * (1.7 * dice.normal()).exp()).clamp(2e4, 6e8) as u64;
    let sizes: Vec<u64> = (0..PACKAGES).map(|_| size(&mut dice)).collect();
    let events = Player::new(seed).live();
    let items: BTreeSet<Item> = events.iter().filter_map(|(_, event)| asked_for(event)).collect();
    let bytes: u64 = items.iter().map(|item| sizes[item.package]).sum();
    println!(
        "seed {seed}: {} archives of {:.1} GB in two weeks; hit rate of what was here before (own / updates / peers)",
        items.len(),
        bytes as f64 / 1e9
    );
    println!("{:>8} {:>28} {:>28}", "quota", "Muster", "least recently used");
    for quota in [500_000_000, 1_000_000_000, 2_000_000_000, 4_000_000_000] {
        let rate = |plan: &Plan| {
            let cache = Cache {
                sizes: &sizes,
                held: BTreeMap::new(),
                seen: BTreeSet::new(),
                profiles: vec![Vec::new(); PROFILES],
                policy: Policy { quota, ..Policy::default() },
                plan,
            };
            text(&run(&events, cache))
        };
        let (ours, plain) = (rate(&plan_eviction), rate(&least_recently_used));
        println!("{:>5} MB {ours:>28} {plain:>28}", quota / 1_000_000);
    }
}

fn asked_for(event: &Event) -> Option<Item> {
    match event {
        Event::Asked(item, _) => Some(*item),
        Event::Played(_) | Event::Uses(..) => None,
    }
}

fn text(counts: &[(u32, u32); 3]) -> String {
    let percent = |(hits, all): (u32, u32)| f64::from(hits) * 100.0 / f64::from(all.max(1));
    let all = counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    let [own, update, peers] = counts.map(percent);
    format!("{:.1} % ({own:.0} / {update:.0} / {peers:.0})", percent(all))
}
