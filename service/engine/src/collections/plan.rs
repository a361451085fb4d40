//! What a version of a collection means for a profile: which packages come, go and stay, and whose will that is. Pure.
//!
//! Three things are compared: what the version that the profile has says (before), what the one that it shall have says
//! (after), and what is in the profile. To the resolver the packages of a collection are needs of it; [`is_waived`] is where
//! the player's will is stronger: a package that was taken out stays out, one in a version of the player's own stays as it
//! is. What the player wished for never goes with a collection, because it is wished for.

use std::collections::BTreeSet;

use muster_domain::{LeftOut, Lock, LockedPackage, Sha256, VersionRange, Vouched};

use crate::{ChangeRequest, Key, Wish};

/// What a collection says of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub key: Key,
    pub range: VersionRange,
    /// Exactly these bytes.
    pub sha256: Option<Sha256>,
    pub is_optional: bool,
}

impl Member {
    fn accepts(&self, package: &LockedPackage) -> bool {
        self.range.matches(&package.version) && self.has_bytes_of(package)
    }

    /// Whether the bytes are those that the collection names, as far as both are known.
    pub fn has_bytes_of(&self, package: &LockedPackage) -> bool {
        let is_it = |hash: Sha256| package.vouched == Vouched::Awaited || package.archive.sha256 == hash;
        self.sha256.is_none_or(is_it)
    }
}

/// What becomes of a package of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberState {
    /// The profile has it as the collection wants it.
    Here,
    /// It is installed, or moved to a version that the collection wants.
    Comes,
    /// The collection does not want it any more.
    Goes,
    /// The player has it in another version, or holds it: it stays as it is.
    Yours,
    /// The player took it out: it stays out.
    TakenOut,
    /// The player did not want it when the collection came or was updated: it stays out until it is chosen.
    LeftOut,
    /// It is left to choice, and was not chosen.
    NotChosen,
    /// It is of use only on the other side of a network game than the profile is for.
    OtherSide,
    /// No source here has it in a version that the collection wants. It is asked for again with the next update.
    Missing,
}

/// What is compared.
pub(super) struct Situation<'a> {
    /// Of the version that the profile has; absent where it has none.
    pub before: Option<&'a [Member]>,
    /// Of the version that it shall have; absent where the collection goes.
    pub after: Option<&'a [Member]>,
    pub lock: &'a Lock,
    /// What was in the profile at any time since the collection came.
    pub seen: &'a BTreeSet<Key>,
    /// What the player did not want of the collection before.
    pub left_out: &'a BTreeSet<Key>,
    /// What some source has in a version that the collection wants.
    pub had: &'a BTreeSet<Key>,
    /// What sources have for the other side only.
    pub elsewhere: &'a BTreeSet<Key>,
    /// What the player chose of what is left to choice, and what the player does not want.
    pub with: &'a BTreeSet<Key>,
    pub without: &'a BTreeSet<Key>,
}

/// Whether a package has to be as the player has it, whatever a collection wants.
fn is_the_players(package: &LockedPackage) -> bool {
    package.wished || package.held.is_some()
}

/// Whether a collection's need is left unfulfilled because the player wants it so: by what is asked now, by a version of the
/// player's own, because the package was left out before, or because it was there since the collection came and is not any
/// more. What is not there is asked for again only with the collection itself, never with a change that is about something
/// else; a profile that others share has what they have of it.
pub(crate) fn is_waived(
    (list, key, range): (&Key, &Key, &VersionRange),
    (lock, request): (&Lock, &ChangeRequest),
    seen: &BTreeSet<Key>,
) -> bool {
    let is_about_it = is_about(list, request);
    let is_left_out = || {
        lock.left_out_of(&list.source, &list.id).any(|(source, id)| *source == key.source && *id == key.id)
    };
    let is_named = request.remove.contains(key)
        || request.without.contains(key)
        || request.install.iter().any(|wish| wish.key == *key);
    is_named
        || match lock.get(&key.source, &key.id) {
            Some(package) => is_the_players(package) && !range.matches(&package.version),
            None => !is_about_it || seen.contains(key) || is_left_out(),
        }
}

/// Whether a change is about a collection as a whole.
fn is_about(list: &Key, request: &ChangeRequest) -> bool {
    request.shared.is_none() && (request.update_all || request.asks_for(list))
}

/// What a change says is not wanted of a collection with these needs: to be remembered with it.
pub(super) fn left_out<'a>(
    list: &'a Key,
    needs: &'a BTreeSet<Key>,
    request: &'a ChangeRequest,
) -> impl Iterator<Item = LeftOut> + 'a {
    let named = request.without.iter().filter(move |key| is_about(list, request) && needs.contains(key));
    named.cloned().map(|Key { source, id }| LeftOut {
        list_source: list.source.clone(),
        list: list.id.clone(),
        source,
        id,
    })
}

/// What a lock remembers of what was left out, before and now: of collections that it has, as far as it is still out.
pub(crate) fn still_left_out(before: &Lock, new: Vec<LeftOut>, after: &Lock) -> Vec<LeftOut> {
    let mut all: Vec<LeftOut> = before.left_out.iter().cloned().chain(new).collect();
    all.retain(|out| {
        after.get(&out.list_source, &out.list).is_some() && after.get(&out.source, &out.id).is_none()
    });
    all
}

/// What becomes of every package of both versions, in the order of the collection; those that go come last.
pub(super) fn decide(it: &Situation<'_>) -> Vec<(Member, MemberState)> {
    let after = it.after.unwrap_or_default();
    let mut decided: Vec<_> = after.iter().map(|member| (member.clone(), state(it, member))).collect();
    let is_after = |key: &Key| after.iter().any(|member| member.key == *key);
    for member in it.before.unwrap_or_default() {
        let here = it.lock.get(&member.key.source, &member.key.id);
        if !is_after(&member.key) && here.is_some_and(|package| !package.wished) {
            decided.push((member.clone(), MemberState::Goes));
        }
    }
    decided
}

fn state(it: &Situation<'_>, member: &Member) -> MemberState {
    let key = &member.key;
    let comes = match (it.had.contains(key), it.elsewhere.contains(key)) {
        (true, _) => MemberState::Comes,
        (false, true) => MemberState::OtherSide,
        (false, false) => MemberState::Missing,
    };
    let locked = it.lock.get(&key.source, &key.id);
    if it.without.contains(key) {
        return match locked {
            Some(package) if package.wished => MemberState::Yours,
            Some(_) => MemberState::Goes,
            None if member.is_optional => MemberState::NotChosen,
            None => MemberState::LeftOut,
        };
    }
    match locked {
        Some(package) if member.accepts(package) => MemberState::Here,
        Some(package) if is_the_players(package) => MemberState::Yours,
        Some(_) => comes,
        None if it.with.contains(key) => comes,
        None if member.is_optional => MemberState::NotChosen,
        None if it.left_out.contains(key) => MemberState::LeftOut,
        None if it.before.is_some() && it.seen.contains(key) => MemberState::TakenOut,
        None => comes,
    }
}

/// What has to be asked for beside the collection itself: what was chosen, and what is not wanted. All else follows from
/// what the collection needs.
pub(super) fn change(it: &Situation<'_>, decided: &[(Member, MemberState)]) -> ChangeRequest {
    let mut change = ChangeRequest::default();
    for (Member { key, range, .. }, state) in decided {
        let is_chosen = it.with.contains(key) && it.lock.get(&key.source, &key.id).is_none();
        if *state == MemberState::Comes && is_chosen {
            change.install.push(Wish { key: key.clone(), range: range.clone(), sha256: None });
        }
        if it.without.contains(key) && *state != MemberState::Yours {
            change.without.push(key.clone());
        }
    }
    change
}

#[cfg(test)]
mod tests {
    use muster_domain::{Archive, Kind, Version};
    use proptest::prelude::*;

    use super::*;

    fn key(name: u8) -> Key {
        Key { source: "ckan".parse().expect("id"), id: format!("mod-{name}").parse().expect("id") }
    }

    fn member(name: u8, range: &str) -> Member {
        Member { key: key(name), range: range.parse().expect("range"), sha256: None, is_optional: false }
    }

    /// Brought by a collection.
    fn locked(name: u8, version: &str) -> LockedPackage {
        LockedPackage {
            source: key(name).source,
            id: key(name).id,
            version: Version::semver(version).expect("version"),
            kind: Kind(Kind::MOD.into()),
            archive: Archive { sha256: Sha256([name; 32]), size: 1 },
            vouched: Vouched::Source,
            publisher_key: None,
            wished: false,
            enabled: true,
            rank: None,
            held: None,
            side: muster_domain::Side::Both,
            needs: vec![],
            recipe: None,
        }
    }

    fn wished(name: u8, version: &str) -> LockedPackage {
        LockedPackage { wished: true, ..locked(name, version) }
    }

    fn lock(packages: Vec<LockedPackage>) -> Lock {
        Lock { packages, ..Lock::default() }.sorted()
    }

    fn set(names: &[u8]) -> BTreeSet<Key> {
        names.iter().map(|name| key(*name)).collect()
    }

    /// Everything is at hand.
    fn states(
        (before, after): (Option<&[Member]>, Option<&[Member]>),
        lock: &Lock,
        seen: &[u8],
    ) -> Vec<(Key, MemberState)> {
        let (had, seen, none) = (set(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), set(seen), BTreeSet::new());
        let it = Situation {
            before,
            after,
            lock,
            seen: &seen,
            left_out: &none,
            had: &had,
            elsewhere: &none,
            with: &none,
            without: &none,
        };
        decide(&it).into_iter().map(|(member, state)| (member.key, state)).collect()
    }

    #[test]
    fn a_new_version_moves_what_it_wants_moved_and_leaves_the_players_own() {
        use MemberState::*;
        let before = [member(1, "^1"), member(2, "^1"), member(3, "^1"), member(4, "^1"), member(5, "^1")];
        let after = [member(1, "^2"), member(2, "^2"), member(3, "^1"), member(6, "^1"), member(7, "^1")];
        // 2 is in a version of the player's own, 3 was taken out, 5 was wished for, 7 is there already.
        let lock = lock(vec![
            locked(1, "1.5.0"),
            wished(2, "3.0.0"),
            locked(4, "1.0.0"),
            wished(5, "1.0.0"),
            locked(7, "1.0.0"),
        ]);
        let found = states((Some(&before), Some(&after)), &lock, &[1, 2, 3, 4]);
        let expected = [(1, Comes), (2, Yours), (3, TakenOut), (6, Comes), (7, Here), (4, Goes)];
        assert_eq!(found, expected.map(|(name, state)| (key(name), state)));
        let gone = states((Some(&before), None), &lock, &[]);
        assert_eq!(gone, [(key(1), Goes), (key(4), Goes)], "what is wished for stays");
    }

    #[test]
    fn what_never_came_is_asked_for_again_and_what_was_taken_out_is_not() {
        use MemberState::*;
        let members = [member(1, "^1"), member(2, "^1")];
        let found = states((Some(&members), Some(&members)), &lock(vec![]), &[1]);
        assert_eq!(found, [(key(1), TakenOut), (key(2), Comes)]);
    }

    #[test]
    fn choices_bytes_and_holds_count() {
        use MemberState::*;
        let optional = Member { is_optional: true, ..member(1, "^1") };
        let exact = Member { sha256: Some(Sha256([9; 32])), ..member(2, "=1.0.0") };
        let mut held = locked(3, "1.0.0");
        held.held = Some("my world".into());
        let lock = lock(vec![locked(2, "1.0.0"), held]);
        let after = [optional, exact, member(3, "^2"), member(4, "^1")];
        let (had, none) = (set(&[1, 2]), BTreeSet::new());
        let plain = Situation {
            before: None,
            after: Some(&after),
            lock: &lock,
            seen: &none,
            left_out: &none,
            had: &had,
            elsewhere: &none,
            with: &none,
            without: &none,
        };
        let states = |it: &Situation<'_>| decide(it).into_iter().map(|(_, state)| state).collect::<Vec<_>>();
        assert_eq!(states(&plain), [NotChosen, Comes, Yours, Missing]);
        let of_hosts = set(&[4]);
        let player = Situation { elsewhere: &of_hosts, ..plain };
        assert_eq!(states(&player), [NotChosen, Comes, Yours, OtherSide], "no promise that it comes");
        let plain = Situation { elsewhere: &none, ..player };
        let (with, without) = (set(&[1]), set(&[2, 4]));
        let chosen = Situation { with: &with, without: &without, ..plain };
        assert_eq!(states(&chosen), [Comes, Goes, Yours, LeftOut]);
        let request = change(&chosen, &decide(&chosen));
        assert_eq!((request.install.len(), request.without.len()), (1, 2));
    }

    #[test]
    fn what_was_left_out_stays_out_until_it_is_chosen() {
        use MemberState::*;
        let members = [member(1, "^1"), Member { is_optional: true, ..member(2, "^1") }, member(3, "^1")];
        let (had, out, none) = (set(&[1, 2, 3]), set(&[1, 2]), BTreeSet::new());
        let lock = lock(vec![]);
        let plain = Situation {
            before: Some(&members),
            after: Some(&members),
            lock: &lock,
            seen: &none,
            left_out: &out,
            had: &had,
            elsewhere: &none,
            with: &none,
            without: &none,
        };
        let states = |it: &Situation<'_>| decide(it).into_iter().map(|(_, state)| state).collect::<Vec<_>>();
        assert_eq!(states(&plain), [LeftOut, NotChosen, Comes]);
        let with = set(&[1]);
        let again = Situation { with: &with, ..plain };
        assert_eq!(states(&again), [Comes, NotChosen, Comes]);
        assert_eq!(change(&again, &decide(&again)).install.len(), 1);
    }

    #[test]
    fn what_is_left_out_is_remembered_while_its_collection_is_there_and_it_is_not() {
        let asked = ChangeRequest {
            install: vec![Wish { key: key(9), range: VersionRange::any(), sha256: None }],
            without: vec![key(1), key(2), key(7)],
            ..ChangeRequest::default()
        };
        let needs = set(&[1, 2, 3]);
        let named = |list: u8, asked: &ChangeRequest| -> Vec<String> {
            super::left_out(&key(list), &needs, asked).map(|out| out.id.to_string()).collect()
        };
        assert_eq!(named(9, &asked), ["mod-1", "mod-2"], "7 is not of it");
        assert_eq!(named(8, &asked), [""; 0], "not asked about");
        let new: Vec<_> = super::left_out(&key(9), &needs, &asked).collect();
        let before = Lock { left_out: new, ..Lock::default() };
        let kept = |after: Lock| still_left_out(&before, vec![], &after).len();
        assert_eq!(kept(lock(vec![locked(9, "1.0.0")])), 2);
        assert_eq!(kept(lock(vec![locked(9, "1.0.0"), locked(1, "1.0.0")])), 1, "it came");
        assert_eq!(kept(lock(vec![locked(3, "1.0.0")])), 0, "the collection went");
        let range = "^1".parse().expect("range");
        let waived = |asked: &ChangeRequest| -> Vec<u8> {
            let is_it = |n: &u8| is_waived((&key(9), &key(*n), &range), (&before, asked), &BTreeSet::new());
            (0..4).filter(is_it).collect()
        };
        let again = ChangeRequest { without: vec![], ..asked };
        assert_eq!(waived(&again), [1, 2]);
        let of_others = ChangeRequest { shared: Some("crew".into()), ..again };
        assert_eq!(waived(&of_others), [0, 1, 2, 3], "as the others have it");
    }

    #[test]
    fn a_need_is_waived_for_the_players_will_only() {
        let lock = lock(vec![wished(1, "2.0.0"), locked(2, "2.0.0")]);
        let (seen, range) = (set(&[3]), "^1".parse().expect("range"));
        let mut asked = ChangeRequest {
            remove: vec![key(5)],
            without: vec![key(6)],
            update_all: true,
            ..ChangeRequest::default()
        };
        let waived = |asked: &ChangeRequest| -> Vec<u8> {
            let is_it = |name: &u8| is_waived((&key(9), &key(*name), &range), (&lock, asked), &seen);
            (0..8).filter(is_it).collect()
        };
        assert_eq!(waived(&asked), [1, 3, 5, 6], "moved by hand, taken out, and what is asked now");
        asked.update_all = false;
        assert_eq!(
            waived(&asked),
            [0, 1, 3, 4, 5, 6, 7],
            "only what is there, where something else is asked"
        );
    }

    fn members() -> impl Strategy<Value = Vec<Member>> {
        let one = (0u8..8, prop::sample::select(vec!["^1", "^2", "*"]), any::<bool>());
        prop::collection::btree_map(0u8..8, one, 0..8).prop_map(|list| {
            let one = |(name, (_, range, is_optional))| Member { is_optional, ..member(name, range) };
            list.into_iter().map(one).collect()
        })
    }

    proptest! {
        /// Whatever happens: what the player wished for never goes, and nothing comes that no source has.
        #[test]
        fn a_collection_takes_only_what_it_brought(
            before in prop::option::of(members()), after in prop::option::of(members()),
            here in prop::collection::btree_map(0u8..8, (prop::sample::select(vec!["1.0.0", "2.0.0"]), any::<bool>()), 0..8),
            had in prop::collection::btree_set(0u8..8, 0..8),
        ) {
            let packages = here.iter().map(|(name, (version, is_wished))| {
                LockedPackage { wished: *is_wished, ..locked(*name, version) }
            });
            let lock = lock(packages.collect());
            let had: BTreeSet<Key> = had.into_iter().map(key).collect();
            let none = BTreeSet::new();
            let it = Situation { before: before.as_deref(), after: after.as_deref(), lock: &lock, seen: &none, left_out: &none,
                had: &had, elsewhere: &none, with: &none, without: &none };
            let decided = decide(&it);
            for (member, state) in &decided {
                let locked = lock.get(&member.key.source, &member.key.id);
                match state {
                    MemberState::Goes => prop_assert!(!locked.expect("there").wished),
                    MemberState::Comes => prop_assert!(had.contains(&member.key)),
                    MemberState::Here | MemberState::Yours => prop_assert!(locked.is_some()),
                    _ => {}
                }
            }
            let keys: BTreeSet<&Key> = decided.iter().map(|(member, _)| &member.key).collect();
            prop_assert_eq!(keys.len(), decided.len());
            prop_assert!(change(&it, &decided).is_empty());
        }
    }
}
