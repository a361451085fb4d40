//! Whom the host of a lobby has heard of. Pure.
//!
//! | said last | for 40 s nothing | shown as |
//! |---|---|---|
//! | joining, bringing, placing, ready, playing | no | what it said |
//! | joining, bringing, placing, ready, playing | yes | silent; forgotten after ten minutes |
//! | left | – | left; forgotten after two minutes |
//!
//! A guest may say anything at any time: what it says is shown, and nothing else follows from it. Whoever has the link can
//! be a guest, so everything is bounded: [`MAX_GUESTS`] guests, [`PER_ADDRESS`] of one address, one note of a guest in half
//! a second, a few notes of an address in a few seconds. A guest who is heard of keeps its seat whoever else comes; one who
//! left or is silent makes room.

use std::{collections::BTreeMap, net::IpAddr};

use jiff::{SignedDuration, Timestamp};
use muster_domain::Sha256;
use muster_registry::{GuestNote, GuestStep, MAX_GUESTS, PublicKey, Roll, RollEntry};

/// Most guests of one address: a household, a school.
const PER_ADDRESS: usize = 12;
/// Least time between two notes of a guest.
const BETWEEN: SignedDuration = SignedDuration::from_millis(500);
/// After so much silence a guest counts as silent: four notes of one that has nothing new.
const SILENT: SignedDuration = SignedDuration::from_secs(40);
/// When a silent guest is forgotten, and one who left.
const FORGOTTEN: SignedDuration = SignedDuration::from_mins(10);
const LEFT: SignedDuration = SignedDuration::from_mins(2);
/// Notes of one address that are looked at in [`SPAN`], and addresses that are remembered for it.
const BURST: u32 = 64;
const SPAN: SignedDuration = SignedDuration::from_secs(5);
const ADDRESSES: usize = 256;

/// Why a note changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unheard {
    OtherLobby,
    /// Its number is one that was heard before.
    Old,
    TooSoon,
    /// There is no seat left.
    Full,
}

#[derive(Clone, Debug)]
struct Guest {
    seat: u32,
    said: GuestNote,
    /// Where it was first.
    from: IpAddr,
    since: Timestamp,
    heard: Timestamp,
    is_silent: bool,
}

impl Guest {
    fn is_present(&self) -> bool {
        !self.is_silent && self.said.step != GuestStep::Left
    }
}

/// All guests of one lobby.
#[derive(Debug)]
pub(super) struct Guests {
    lobby: Sha256,
    guests: BTreeMap<PublicKey, Guest>,
    /// When an address was first heard of lately, and how often since.
    lately: BTreeMap<IpAddr, (Timestamp, u32)>,
}

impl Guests {
    pub fn new(lobby: Sha256) -> Self {
        Self { lobby, guests: BTreeMap::new(), lately: BTreeMap::new() }
    }

    /// Whether a note of an address is worth a look; asked before it is read.
    pub fn may_speak(&mut self, from: IpAddr, now: Timestamp) -> bool {
        self.lately.retain(|_, (since, _)| is_within(*since, now, SPAN));
        if self.lately.len() >= ADDRESSES && !self.lately.contains_key(&from) {
            return false;
        }
        let (_, count) = self.lately.entry(from).or_insert((now, 0));
        *count += 1;
        *count <= BURST
    }

    /// Takes what a guest says. Gives whether that is something new to show.
    pub fn hear(&mut self, note: GuestNote, from: IpAddr, now: Timestamp) -> Result<bool, Unheard> {
        if note.lobby != self.lobby {
            return Err(Unheard::OtherLobby);
        }
        if let Some(guest) = self.guests.get_mut(&note.guest) {
            if note.number <= guest.said.number {
                return Err(Unheard::Old);
            }
            // A goodbye is not said again.
            if is_within(guest.heard, now, BETWEEN) && note.step != GuestStep::Left {
                return Err(Unheard::TooSoon);
            }
            let is_new = guest.is_silent || shown(&guest.said) != shown(&note);
            (guest.said, guest.heard, guest.is_silent) = (note, now, false);
            return Ok(is_new);
        }
        self.make_room(from)?;
        let taken: Vec<u32> = self.guests.values().map(|guest| guest.seat).collect();
        let seat = (1..).find(|seat| !taken.contains(seat)).unwrap_or(u32::MAX);
        let guest = Guest { seat, from, since: now, heard: now, is_silent: false, said: note.clone() };
        self.guests.insert(note.guest, guest);
        Ok(true)
    }

    /// A seat for somebody new: a free one, or that of somebody who is not here any more.
    fn make_room(&mut self, from: IpAddr) -> Result<(), Unheard> {
        let of_address = self.guests.values().filter(|guest| guest.from == from).count();
        let is_crowded = of_address >= PER_ADDRESS;
        if !is_crowded && self.guests.len() < MAX_GUESTS {
            return Ok(());
        }
        let may_go = |guest: &Guest| !guest.is_present() && (!is_crowded || guest.from == from);
        let longest = self.guests.iter().filter(|(_, guest)| may_go(guest)).min_by_key(|(_, g)| g.heard);
        let gone = longest.map(|(key, _)| *key).ok_or(Unheard::Full)?;
        self.guests.remove(&gone);
        Ok(())
    }

    /// Looks at the clock: who is silent, who is forgotten. Gives whether something else is shown now.
    pub fn tend(&mut self, now: Timestamp) -> bool {
        let before = self.guests.len();
        self.guests.retain(|_, guest| {
            let longest = if guest.said.step == GuestStep::Left { LEFT } else { FORGOTTEN };
            is_within(guest.heard, now, longest)
        });
        let mut is_new = before != self.guests.len();
        for guest in self.guests.values_mut().filter(|guest| guest.said.step != GuestStep::Left) {
            let is_silent = !is_within(guest.heard, now, SILENT);
            is_new |= std::mem::replace(&mut guest.is_silent, is_silent) != is_silent;
        }
        is_new
    }

    pub fn is_empty(&self) -> bool {
        self.guests.is_empty()
    }

    /// All of them by seat.
    pub fn entries(&self) -> Vec<RollEntry> {
        let mut entries: Vec<RollEntry> = self.guests.values().map(entry).collect();
        entries.sort_unstable_by_key(|entry| entry.seat);
        entries
    }

    /// What the author of a note is answered, if it has a seat.
    pub fn roll(&self, note: &GuestNote) -> Option<Roll> {
        let you = self.guests.get(&note.guest)?.seat;
        Some(Roll { lobby: self.lobby, to: note.guest, number: note.number, you, guests: self.entries() })
    }
}

/// What of a note is shown: all but who wrote it, and when.
fn shown(note: &GuestNote) -> (&str, GuestStep, u64, u64) {
    (&note.name, note.step, note.done, note.total)
}

fn entry(guest: &Guest) -> RollEntry {
    // Whole seconds, which is how documents are written.
    let whole = |at: Timestamp| Timestamp::from_second(at.as_second()).unwrap_or(at);
    RollEntry {
        seat: guest.seat,
        name: guest.said.name.clone(),
        step: guest.said.step,
        done: guest.said.done,
        total: guest.said.total,
        since: whole(guest.since),
        heard: whole(guest.heard),
        silent: guest.is_silent,
    }
}

/// Whether less than a span has passed. A clock that was set back counts as if nothing had.
fn is_within(since: Timestamp, now: Timestamp, span: SignedDuration) -> bool {
    now.duration_since(since) < span
}

#[cfg(test)]
mod tests {
    use muster_registry::SigningKey;
    use proptest::prelude::*;

    use super::*;

    const LOBBY: Sha256 = Sha256([3; 32]);

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + millis).expect("a time")
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn note(guest: u8, number: u64, step: GuestStep) -> GuestNote {
        let guest = SigningKey::from_seed([guest; 32]).public();
        GuestNote { lobby: LOBBY, guest, number, name: String::new(), step, done: 0, total: 0 }
    }

    fn steps(guests: &Guests) -> Vec<(u32, GuestStep, bool)> {
        guests.entries().into_iter().map(|entry| (entry.seat, entry.step, entry.silent)).collect()
    }

    #[test]
    fn a_guest_is_shown_as_it_says_then_silent_then_not_at_all() {
        let mut guests = Guests::new(LOBBY);
        assert_eq!(guests.hear(note(1, 1, GuestStep::Joining), address(1), at(0)), Ok(true));
        assert_eq!(guests.hear(note(1, 2, GuestStep::Ready), address(1), at(1_000)), Ok(true));
        assert_eq!(
            guests.hear(note(1, 3, GuestStep::Ready), address(1), at(11_000)),
            Ok(false),
            "nothing new"
        );
        assert!(!guests.tend(at(50_999)));
        assert!(guests.tend(at(51_000)));
        assert_eq!(steps(&guests), [(1, GuestStep::Ready, true)]);
        assert_eq!(guests.hear(note(1, 4, GuestStep::Ready), address(1), at(60_000)), Ok(true), "it is back");
        assert_eq!(steps(&guests), [(1, GuestStep::Ready, false)]);
        assert!(guests.tend(at(60_000 + 600_000)));
        assert!(guests.is_empty());
    }

    #[test]
    fn who_leaves_is_shown_so_and_forgotten_soon() {
        let mut guests = Guests::new(LOBBY);
        guests.hear(note(1, 1, GuestStep::Ready), address(1), at(0)).expect("heard");
        // At once after another note: it is the last one.
        assert_eq!(guests.hear(note(1, 2, GuestStep::Left), address(1), at(10)), Ok(true));
        assert!(!guests.tend(at(100_000)), "who left is not silent");
        assert_eq!(steps(&guests), [(1, GuestStep::Left, false)]);
        assert!(guests.tend(at(120_010)));
        assert!(guests.is_empty());
    }

    #[test]
    fn what_was_said_before_or_elsewhere_or_too_soon_is_not_heard() {
        let mut guests = Guests::new(LOBBY);
        guests.hear(note(1, 5, GuestStep::Ready), address(1), at(0)).expect("heard");
        let again = guests.hear(note(1, 5, GuestStep::Left), address(2), at(9_000));
        assert_eq!(again, Err(Unheard::Old), "somebody who listened says it again");
        assert_eq!(guests.hear(note(1, 6, GuestStep::Playing), address(1), at(400)), Err(Unheard::TooSoon));
        let elsewhere = GuestNote { lobby: Sha256([4; 32]), ..note(1, 7, GuestStep::Left) };
        assert_eq!(guests.hear(elsewhere, address(1), at(9_000)), Err(Unheard::OtherLobby));
        assert_eq!(steps(&guests), [(1, GuestStep::Ready, false)]);
    }

    #[test]
    fn a_crowd_from_one_address_takes_no_seat_of_others() {
        let mut guests = Guests::new(LOBBY);
        guests.hear(note(200, 1, GuestStep::Ready), address(9), at(0)).expect("heard");
        for guest in 0..40 {
            let heard = guests.hear(note(guest, 1, GuestStep::Ready), address(1), at(i64::from(guest)));
            assert_eq!(heard.is_ok(), usize::from(guest) < PER_ADDRESS, "guest {guest}");
        }
        assert!(guests.entries().iter().any(|entry| entry.seat == 1 && !entry.silent));
        // Somebody new of that address takes the seat of somebody of it who is gone, and of nobody else.
        guests.tend(at(50_000));
        let heard = guests.hear(note(99, 1, GuestStep::Ready), address(1), at(50_001));
        assert_eq!(heard, Ok(true));
        assert!(guests.roll(&note(200, 1, GuestStep::Ready)).is_some(), "silent, and still seated");
    }

    #[test]
    fn an_address_is_heard_so_often_and_then_no_more_for_a_while() {
        let mut guests = Guests::new(LOBBY);
        let heard = (0..200).filter(|n| guests.may_speak(address(1), at(*n))).count();
        assert_eq!(heard, BURST as usize);
        assert!(guests.may_speak(address(2), at(200)), "others are");
        assert!(guests.may_speak(address(1), at(6_000)));
    }

    fn any_step() -> impl Strategy<Value = GuestStep> {
        use GuestStep::{Bringing, Joining, Left, Placing, Playing, Ready};
        prop::sample::select(vec![Joining, Bringing, Placing, Ready, Playing, Left])
    }

    proptest! {
        // Every guest has a key, which costs most of the time.
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn there_are_never_more_than_there_may_be_and_who_speaks_keeps_a_seat(
            said in prop::collection::vec((0u8..60, 0u8..6, any_step(), 0i64..30_000), 1..250)
        ) {
            let mut guests = Guests::new(LOBBY);
            let mut now = 0;
            guests.hear(note(200, 1, GuestStep::Ready), address(200), at(0)).expect("a seat");
            for (turn, (guest, from, step, later)) in said.into_iter().enumerate() {
                now += later;
                let number = turn as u64 + 2;
                guests.tend(at(now));
                // One guest says something every time, as a program does that runs.
                let spoke = guests.hear(note(200, number, GuestStep::Ready), address(200), at(now));
                prop_assert!(!matches!(spoke, Err(Unheard::Full)));
                let _ = guests.hear(note(guest, number, step), address(from), at(now));
                let entries = guests.entries();
                prop_assert!(entries.len() <= MAX_GUESTS);
                prop_assert!(entries.windows(2).all(|pair| pair[0].seat < pair[1].seat), "seats are one's own");
                prop_assert!(guests.roll(&note(200, number, GuestStep::Ready)).is_some());
                for from in 0..6 {
                    let count = guests.guests.values().filter(|guest| guest.from == address(from)).count();
                    prop_assert!(count <= PER_ADDRESS);
                }
            }
        }
    }
}
