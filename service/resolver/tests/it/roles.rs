//! What a profile is for: the side and the platform of what is chosen.

use muster_domain::{Platform, Side};
use muster_resolver::{Offer, Request, Role, offers, resolve};

use crate::common::{self, Build, catalog, chosen, key, lock, release, request};

fn asked(wishes: &[&str], side: Side) -> Request {
    let mut asked = request(wishes);
    asked.options.role = Role { side, platform: Some(Platform::Linux), is_new: false };
    asked
}

#[test]
fn what_only_the_other_side_needs_is_not_brought() {
    let catalog = catalog([
        release("game 1.0.0").needs("screen").needs("door").needs("map | chart"),
        release("screen 1.0.0").side(Side::Client).needs("paint"),
        release("paint 1.0.0"),
        release("door 1.0.0").side(Side::Server),
        release("map 1.0.0").side(Side::Client),
        release("chart 1.0.0"),
    ]);
    let of = |side| chosen(&resolve(&asked(&["game"], side), &catalog).expect("solved"));
    assert_eq!(of(Side::Client), ["game 1.0.0", "map 1.0.0", "paint 1.0.0", "screen 1.0.0"]);
    assert_eq!(of(Side::Server), ["chart 1.0.0", "door 1.0.0", "game 1.0.0"], "another one does");
    assert_eq!(of(Side::Both), ["door 1.0.0", "game 1.0.0", "map 1.0.0", "paint 1.0.0", "screen 1.0.0"]);
}

#[test]
fn a_newer_version_for_elsewhere_does_not_hide_one_that_fits() {
    let catalog = catalog([
        release("trees 1.0.0"),
        release("trees 2.0.0").on("windows"),
        release("trees 3.0.0").side(Side::Server),
    ]);
    let resolution = resolve(&asked(&["trees"], Side::Client), &catalog).expect("solved");
    assert_eq!(chosen(&resolution), ["trees 1.0.0"]);
    let mut in_wine = asked(&["trees"], Side::Client);
    in_wine.options.role.platform = Some(Platform::Windows);
    assert_eq!(chosen(&resolve(&in_wine, &catalog).expect("solved")), ["trees 2.0.0"]);
}

#[test]
fn what_is_installed_stays_until_the_profile_is_for_something_else() {
    let catalog = catalog([
        release("game 1.0.0").needs("screen"),
        release("screen 1.0.0").side(Side::Client),
        release("tool 1.0.0").side(Side::Client),
    ]);
    let mut host = asked(&["game", "tool"], Side::Server);
    host.installed = lock(&["game 1.0.0", "screen 1.0.0", "tool 1.0.0"]);
    let kept = resolve(&host, &catalog).expect("solved");
    assert_eq!(chosen(&kept), ["game 1.0.0", "screen 1.0.0", "tool 1.0.0"], "it was chosen once");
    host.options.role.is_new = true;
    let refused = resolve(&host, &catalog).expect_err("the tool is wished");
    let facts = refused.fact.all();
    assert!(facts.iter().any(|fact| fact.code == "other-side" && fact.params[0].1 == "tool"));
    assert!(!facts.iter().any(|fact| fact.params.iter().any(|(_, value)| value == "screen")));
    host.wished.retain(|wish| wish.package == key("game"));
    assert_eq!(chosen(&resolve(&host, &catalog).expect("solved")), ["game 1.0.0"]);
}

#[test]
fn what_is_held_or_installed_makes_no_need_one_of_the_other_side() {
    let catalog = catalog([
        release("game 1.0.0").needs("screen <2"),
        release("screen 1.0.0").needs("gone"),
        release("screen 1.1.0").side(Side::Client),
    ]);
    let mut host = asked(&["game"], Side::Server);
    host.installed = lock(&["screen 2.0.0"]);
    host.options.held.insert(key("screen"), "for a reason".to_owned());
    let refused =
        resolve(&host, &catalog).expect_err("nothing is solved that is not without the held package");
    assert!(refused.fact.all().iter().any(|fact| fact.code == "held"), "{}", common::outline(&refused));
    host.installed = lock(&[]);
    assert!(resolve(&host, &catalog).is_err());
}

#[test]
fn nothing_of_the_other_side_is_offered() {
    let mut game = release("game 1.0.0");
    game.recommends.push(muster_domain::Dependency::One(common::requirement("screen")));
    game.recommends.push(muster_domain::Dependency::One(common::requirement("door")));
    let catalog =
        catalog([game, release("screen 1.0.0").side(Side::Client), release("door 1.0.0").side(Side::Server)]);
    let asked = asked(&["game"], Side::Server);
    let found = offers(&resolve(&asked, &catalog).expect("solved"), &asked, &catalog);
    let options: Vec<_> = found.iter().map(|offer: &Offer| offer.options.clone()).collect();
    assert_eq!(options, [[key("door")]]);
}
