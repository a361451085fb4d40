//! What is chosen when several answers are possible.

use std::collections::BTreeSet;

use muster_domain::Channel;
use muster_resolver::{ChangeKind, GameTarget, Update, resolve};

use crate::common::{Build, catalog, chosen, key, lock, release, request, source, version};

#[test]
fn takes_the_newest_of_what_is_needed() {
    let catalog = catalog([
        release("trees 1.0.0").needs("wood ^1"),
        release("trees 1.1.0").needs("wood ^1"),
        release("wood 1.0.0"),
        release("wood 1.2.0"),
        release("wood 2.0.0"),
    ]);
    let resolution = resolve(&request(&["trees"]), &catalog).expect("solved");
    assert_eq!(chosen(&resolution), ["trees 1.1.0", "wood 1.2.0"]);
    let trees = resolution.get(&key("trees")).expect("there");
    assert!(trees.wished && trees.needs == [key("wood")]);
    assert!(!resolution.get(&key("wood")).expect("there").wished);
}

#[test]
fn what_is_installed_stays_unless_it_shall_move() {
    let catalog = catalog([
        release("trees 1.0.0").needs("wood"),
        release("trees 1.1.0").needs("wood"),
        release("wood 1.0.0"),
        release("wood 1.2.0"),
    ]);
    let mut asked = request(&["trees"]);
    asked.installed = lock(&["trees 1.0.0", "wood 1.0.0"]);
    let resolution = resolve(&asked, &catalog).expect("solved");
    assert_eq!(chosen(&resolution), ["trees 1.0.0", "wood 1.0.0"]);
    assert!(resolution.is_unchanged());
    asked.options.update = Update::Only(BTreeSet::from([key("trees")]));
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["trees 1.1.0", "wood 1.0.0"]);
    asked.options.update = Update::Everything;
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["trees 1.1.0", "wood 1.2.0"]);
}

#[test]
fn an_update_moves_what_it_must_and_nothing_else() {
    let catalog = catalog([
        release("trees 1.0.0").needs("wood ^1"),
        release("trees 2.0.0").needs("wood ^2"),
        release("house 1.0.0").needs("wood").needs("stone"),
        release("house 1.1.0").needs("wood").needs("stone"),
        release("wood 1.0.0"),
        release("wood 2.0.0"),
        release("stone 1.0.0"),
        release("stone 1.1.0"),
    ]);
    let mut asked = request(&["trees", "house"]);
    asked.installed = lock(&["trees 1.0.0", "house 1.0.0", "wood 1.0.0", "stone 1.0.0"]);
    asked.options.update = Update::Only(BTreeSet::from([key("trees")]));
    let resolution = resolve(&asked, &catalog).expect("solved");
    assert_eq!(chosen(&resolution), ["house 1.0.0", "stone 1.0.0", "trees 2.0.0", "wood 2.0.0"]);
}

#[test]
fn what_counts_only_because_it_is_installed_displaces_nothing() {
    // The pre-release of wood is there because planks name it; for trees alone it would not be taken.
    let catalog = catalog([
        release("trees 1.0.0").needs("wood | planks"),
        release("planks 1.0.0").needs("wood >=2.0.0-rc.1"),
        release("wood 1.0.0").needs("nothing"),
        release("wood 2.0.0-rc.1"),
    ]);
    let mut asked = request(&["trees"]);
    let first = resolve(&asked, &catalog).expect("solved");
    assert_eq!(chosen(&first), ["planks 1.0.0", "trees 1.0.0", "wood 2.0.0-rc.1"]);
    asked.installed = lock(&["planks 1.0.0", "trees 1.0.0", "wood 2.0.0-rc.1"]);
    asked.installed.packages[0].needs = vec![crate::common::id("wood")];
    asked.installed.packages[1].needs = vec![crate::common::id("planks")];
    assert!(resolve(&asked, &catalog).expect("solved").is_unchanged());
    // What trees do not need by the lock goes.
    asked.installed.packages[1].needs = vec![crate::common::id("wood")];
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["trees 1.0.0", "wood 2.0.0-rc.1"]);
}

#[test]
fn what_is_held_stays_even_when_everything_is_updated_and_goes_when_nothing_needs_it() {
    let catalog = catalog([
        release("trees 1.0.0").needs("wood"),
        release("trees 2.0.0").needs("wood"),
        release("wood 1.0.0"),
        release("wood 2.0.0"),
        release("lamp 1.0.0"),
    ]);
    let mut asked = request(&["trees"]);
    asked.installed = lock(&["trees 1.0.0", "wood 1.0.0"]);
    asked.options.update = Update::Everything;
    asked.options.held = [(crate::common::key("wood"), String::new())].into();
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["trees 2.0.0", "wood 1.0.0"]);
    // What is held but not installed is free.
    asked.installed = lock(&["trees 1.0.0"]);
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["trees 2.0.0", "wood 2.0.0"]);
    asked.installed = lock(&["wood 1.0.0"]);
    asked.wished = request(&["lamp"]).wished;
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["lamp 1.0.0"]);
}

#[test]
fn what_nothing_needs_any_more_is_removed() {
    let catalog =
        catalog([release("trees 1.0.0").needs("wood"), release("wood 1.0.0"), release("stone 1.0.0")]);
    let mut asked = request(&["stone"]);
    asked.installed = lock(&["stone 1.0.0", "trees 1.0.0", "wood 1.0.0"]);
    let resolution = resolve(&asked, &catalog).expect("solved");
    let kinds: Vec<_> = resolution.changes.iter().map(|c| (c.package.to_string(), c.kind.clone())).collect();
    let version = version("1.0.0");
    assert_eq!(
        kinds,
        [
            ("stone".to_owned(), ChangeKind::Keep { version: version.clone() }),
            ("trees".to_owned(), ChangeKind::Remove { version: version.clone() }),
            ("wood".to_owned(), ChangeKind::Remove { version }),
        ]
    );
}

#[test]
fn unripe_and_withdrawn_versions_are_taken_only_when_asked_for_or_installed() {
    let catalog = catalog([
        release("trees 1.0.0"),
        release("trees 1.1.0").channel(Channel::Beta),
        release("trees 1.2.0-rc.1"),
        release("trees 1.3.0").yanked("eats worlds"),
    ]);
    let asked = request(&["trees"]);
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["trees 1.0.0"]);
    let mut unripe = asked.clone();
    unripe.options.channel = Channel::Beta;
    let newest = ["trees 1.2.0-rc.1"];
    assert_eq!(
        chosen(&resolve(&unripe, &catalog).expect("solved")),
        newest,
        "who wants betas gets the newest"
    );
    unripe.wished[0].range = "<1.2.0-rc.1".parse().expect("range");
    assert_eq!(chosen(&resolve(&unripe, &catalog).expect("solved")), ["trees 1.1.0"]);
    let named = request(&["trees >=1.2.0-rc.1, <1.3.0"]);
    assert_eq!(chosen(&resolve(&named, &catalog).expect("solved")), ["trees 1.2.0-rc.1"]);
    let mut pinned = asked.clone();
    pinned.wished[0].pin = Some(version("1.1.0"));
    assert_eq!(chosen(&resolve(&pinned, &catalog).expect("solved")), ["trees 1.1.0"]);
    for installed in ["trees 1.1.0", "trees 1.3.0"] {
        let mut kept = asked.clone();
        kept.installed = lock(&[installed]);
        assert_eq!(chosen(&resolve(&kept, &catalog).expect("solved")), [installed]);
    }
}

#[test]
fn a_package_with_a_channel_of_its_own_goes_by_it_and_no_other_does() {
    let catalog = catalog([
        release("trees 1.0.0").needs("wood"),
        release("trees 2.0.0").channel(Channel::Beta).needs("wood"),
        release("trees 3.0.0").channel(Channel::Dev).needs("wood"),
        release("wood 1.0.0"),
        release("wood 2.0.0").channel(Channel::Beta),
    ]);
    let mut asked = request(&["trees"]);
    asked.options.channels.insert(key("trees"), Channel::Beta);
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["trees 2.0.0", "wood 1.0.0"]);
    asked.options.channel = Channel::Dev;
    asked.options.channels.insert(key("trees"), Channel::Stable);
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["trees 1.0.0", "wood 2.0.0"]);
    // Nobody is taken back to an older version for wanting riper ones.
    asked.installed = lock(&["trees 2.0.0", "wood 1.0.0"]);
    asked.options.update = muster_resolver::Update::Everything;
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["trees 2.0.0", "wood 2.0.0"]);
}

#[test]
fn a_package_that_has_only_a_beta_gives_its_beta() {
    let catalog = catalog([
        release("new 0.1.0").channel(Channel::Dev),
        release("new 0.2.0").channel(Channel::Beta),
        release("new 0.3.0").channel(Channel::Dev),
    ]);
    assert_eq!(chosen(&resolve(&request(&["new"]), &catalog).expect("solved")), ["new 0.2.0"]);
}

#[test]
fn only_versions_for_this_game_are_taken() {
    let catalog = catalog([
        release("trees 1.0.0").game("minetest <5.5"),
        release("trees 2.0.0").game("minetest >=5.5, <6"),
        release("trees 3.0.0").game("openttd"),
    ]);
    let mut asked = request(&["trees"]);
    for (game, expected) in [("5.6.1", "trees 2.0.0"), ("5.4.0", "trees 1.0.0")] {
        asked.game =
            Some(GameTarget { id: "minetest".parse().expect("game"), versions: vec![version(game)] });
        assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), [expected]);
    }
    asked.game = Some(GameTarget { id: "minetest".parse().expect("game"), versions: vec![] });
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["trees 2.0.0"]);
}

#[test]
fn of_several_that_would_do_one_that_is_there_anyway_is_enough() {
    let catalog = catalog([
        release("house 1.0.0").needs("oak | pine"),
        release("oak 1.0.0"),
        release("pine 1.0.0"),
        release("forest 1.0.0").needs("pine"),
    ]);
    assert_eq!(
        chosen(&resolve(&request(&["house"]), &catalog).expect("solved")),
        ["house 1.0.0", "oak 1.0.0"]
    );
    let resolution = resolve(&request(&["house", "pine"]), &catalog).expect("solved");
    assert_eq!(chosen(&resolution), ["house 1.0.0", "pine 1.0.0"]);
    let resolution = resolve(&request(&["house", "forest"]), &catalog).expect("solved");
    assert_eq!(chosen(&resolution), ["forest 1.0.0", "house 1.0.0", "pine 1.0.0"]);
    let mut asked = request(&["house"]);
    asked.installed = lock(&["pine 1.0.0"]);
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["house 1.0.0", "pine 1.0.0"]);
}

#[test]
fn a_package_that_provides_what_is_needed_is_enough() {
    let catalog = catalog([
        release("house 1.0.0").needs("wood ^2"),
        release("fork 1.0.0").provides("wood 1.5.0"),
        release("fork 1.1.0").provides("wood 2.1.0"),
        release("vague 1.0.0").provides("wood"),
    ]);
    let resolution = resolve(&request(&["house"]), &catalog).expect("solved");
    assert_eq!(chosen(&resolution), ["fork 1.1.0", "house 1.0.0"]);
    assert_eq!(resolution.get(&key("house")).expect("there").needs, [key("fork")]);
}

#[test]
fn a_package_may_conflict_with_what_it_provides_and_need_itself() {
    let catalog = catalog([
        release("fork 1.0.0").provides("wood 1.0.0").conflicts("wood").needs("wood").needs("fork ^1"),
        release("wood 1.0.0"),
        release("both 1.0.0").needs("fork").needs("wood"),
    ]);
    assert_eq!(chosen(&resolve(&request(&["fork"]), &catalog).expect("solved")), ["fork 1.0.0"]);
    assert_eq!(
        chosen(&resolve(&request(&["both"]), &catalog).expect("solved")),
        ["both 1.0.0", "fork 1.0.0"]
    );
    assert!(resolve(&request(&["fork", "wood"]), &catalog).is_err());
}

#[test]
fn a_conflict_holds_in_both_directions() {
    for wishes in [["mean", "meek"], ["meek", "mean"]] {
        let catalog = catalog([
            release("mean 1.0.0").conflicts("meek <2"),
            release("meek 1.0.0"),
            release("meek 2.0.0"),
        ]);
        let resolution = resolve(&request(&wishes), &catalog).expect("solved");
        assert_eq!(chosen(&resolution), ["mean 1.0.0", "meek 2.0.0"]);
        let mut asked = request(&wishes);
        asked.installed = lock(&["meek 1.0.0"]);
        assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["mean 1.0.0", "meek 2.0.0"]);
    }
}

#[test]
fn dependencies_stay_in_the_source_of_what_needs_them() {
    let catalog = catalog([
        release("trees 1.0.0").needs("wood"),
        release("wood 1.0.0"),
        release("wood 99.0.0").from("modrinth"),
    ]);
    let mut asked = request(&["trees"]);
    let resolution = resolve(&asked, &catalog).expect("solved");
    assert_eq!(chosen(&resolution), ["trees 1.0.0", "wood 1.0.0"]);
    asked.options.mapped.insert(key("wood"), source("modrinth"));
    assert_eq!(chosen(&resolve(&asked, &catalog).expect("solved")), ["wood 99.0.0", "trees 1.0.0"]);
}

#[test]
fn a_version_that_was_replaced_under_its_number_is_never_taken() {
    let catalog = catalog([release("trees 1.0.0")]);
    let mut asked = request(&["trees"]);
    asked.installed = lock(&["trees 1.0.0"]);
    asked.installed.packages[0].archive.size = 2;
    let explanation = resolve(&asked, &catalog).expect_err("refused");
    assert!(explanation.fact.all().iter().any(|fact| fact.code == "replaced"));
}

#[test]
fn a_hundred_versions_with_a_late_way_out_are_solved() {
    let releases = (0..100).flat_map(|n| {
        [
            release(&format!("a 1.{n}.0")).needs(&format!("b =1.{n}.0")).needs("z"),
            release(&format!("b 1.{n}.0")).needs(&format!("c =1.{n}.0")),
            release(&format!("c 1.{n}.0")).needs(if n == 3 { "z" } else { "z <1" }),
        ]
    });
    let catalog = catalog(releases.chain([release("z 1.0.0")]));
    let resolution = resolve(&request(&["a"]), &catalog).expect("solved");
    assert_eq!(chosen(&resolution), ["a 1.3.0", "b 1.3.0", "c 1.3.0", "z 1.0.0"]);
}

/// The pre-release counts for `house` only once it is there; then it would do by itself what `lantern` was brought for.
#[test]
fn what_fulfilled_a_need_goes_on_doing_so() {
    let catalog = catalog([
        release("house 1.0.0").needs("oil ^2|light ^2"),
        release("lantern 1.0.0").provides("light 2.0.0").needs("oil >=2.1.0-rc.1"),
        release("oil 1.0.0"),
        release("oil 2.1.0-rc.1").provides("oil 2.0.0"),
    ]);
    let mut asked = request(&["house"]);
    let first = resolve(&asked, &catalog).expect("solved");
    assert_eq!(chosen(&first), ["house 1.0.0", "lantern 1.0.0", "oil 2.1.0-rc.1"]);
    asked.installed = lock(&["house 1.0.0", "lantern 1.0.0", "oil 2.1.0-rc.1"]);
    for (locked, package) in asked.installed.packages.iter_mut().zip(&first.packages) {
        locked.needs = package.needs.iter().map(|needed| needed.id.clone()).collect();
    }
    let again = resolve(&asked, &catalog).expect("solved");
    assert!(again.is_unchanged());
    assert_eq!(again.get(&key("house")).expect("there").needs, [key("lantern")]);
}
