use proptest::prelude::*;

use super::*;

fn hash(number: u8) -> Sha256 {
    Sha256([number; 32])
}

fn path(number: u8) -> PortablePath {
    format!("lamp/{number}.lua").parse().expect("a path")
}

fn own(file: u8, version: u8) -> Own {
    let (place, path) = ("mods".to_owned(), path(file));
    Own { place, path, base: hash(0), mine: hash(version), keep: Keep::Mine, is_conflict: false }
}

fn before(file: u8, version: Option<u8>) -> Before {
    version.map_or(Before::Packaged, |version| Before::Own { own: own(file, version) })
}

/// Which own version each of three files has; none: the package's.
type State = BTreeMap<u8, u8>;

fn exchanges(from: &State, to: &State) -> Vec<Exchange> {
    let files = (0..3u8).filter(|file| from.get(file) != to.get(file));
    let exchange = |file| Exchange {
        place: "mods".into(),
        path: path(file),
        before: before(file, from.get(&file).copied()),
    };
    files.map(exchange).collect()
}

fn states() -> impl Strategy<Value = Vec<State>> {
    prop::collection::vec(prop::collection::btree_map(0..3u8, 1..4u8, 0..4), 2..10)
}

proptest! {
    #[test]
    fn going_back_over_any_changes_gives_what_was_there_before_the_first(states in states(), to in 0usize..10) {
        let to = to.min(states.len() - 1);
        let changes = states[to..].windows(2).map(|pair| exchanges(&pair[0], &pair[1]));
        let mut now: BTreeMap<FileKey, Before> = (0..3u8)
            .map(|file| (FileKey::new("mods", &path(file)), before(file, states[states.len() - 1].get(&file).copied())))
            .collect();
        for exchange in joined(changes.rev().collect::<Vec<_>>()) {
            now.insert(exchange.key(), exchange.before);
        }
        for file in 0..3u8 {
            let wanted = before(file, states[to].get(&file).copied());
            prop_assert_eq!(&now[&FileKey::new("mods", &path(file))], &wanted);
        }
    }
}

#[test]
fn a_loose_file_gives_way_only_to_what_the_newest_change_left() {
    let loose = |sha256: Option<u8>, after: Option<u8>| Exchange {
        place: "mods".into(),
        path: path(1),
        before: Before::Loose { sha256: sha256.map(hash), after: after.map(hash) },
    };
    let all = joined([vec![loose(Some(2), Some(3))], vec![loose(None, Some(2))]]);
    assert_eq!(all, [loose(None, Some(3))]);
}

#[test]
fn exchanges_are_read_as_they_were_written() {
    let all = vec![
        Exchange { place: "mods".into(), path: path(1), before: before(1, Some(7)) },
        Exchange { place: "mods".into(), path: path(2), before: Before::Packaged },
        Exchange {
            place: "mods".into(),
            path: path(3),
            before: Before::Loose { sha256: None, after: Some(hash(4)) },
        },
    ];
    let value = serde_json::to_value(&all).expect("JSON");
    assert_eq!(read(value).expect("read"), all);
    assert_eq!(referred(&all), [hash(0), hash(7)]);
}
