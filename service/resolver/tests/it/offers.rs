//! What goes well with what comes.

use std::sync::Arc;

use muster_domain::{Dependency, PackageId, Release, SourceId};
use muster_resolver::{GameTarget, Offer, PackageKey, Provider, Request, Strength, Wish, offers, resolve};
use proptest::prelude::*;

use crate::common::{Build as _, Catalog, catalog, key, release, requirement, source};

trait Speaks {
    fn recommends(self, text: &str) -> Self;
    fn suggests(self, text: &str) -> Self;
}

fn dependency(text: &str) -> Dependency {
    let any_of = text.split('|').map(|one| requirement(one.trim())).collect();
    Dependency::AnyOf { any_of }
}

impl Speaks for Release {
    fn recommends(mut self, text: &str) -> Self {
        self.recommends.push(dependency(text));
        self
    }

    fn suggests(mut self, text: &str) -> Self {
        self.suggests.push(dependency(text));
        self
    }
}

/// Strength, options and who wants them, as text.
fn told(offers: &[Offer]) -> Vec<String> {
    let names = |keys: &[PackageKey]| keys.iter().map(ToString::to_string).collect::<Vec<_>>().join("|");
    let tell = |offer: &Offer| {
        let strength = if offer.strength == Strength::Recommended { "+" } else { "?" };
        format!("{strength}{} for {}", names(&offer.options), names(&offer.wanted_by))
    };
    offers.iter().map(tell).collect()
}

fn offered(catalog: &Catalog, request: &Request) -> Vec<String> {
    told(&offers(&resolve(request, catalog).expect("solved"), request, catalog))
}

#[test]
fn what_new_packages_recommend_and_suggest_is_offered_strongest_first() {
    let catalog = catalog([
        release("a/a 1.0.0").recommends("b/b").suggests("c/c").needs("d/d"),
        release("d/d 1.0.0").suggests("b/b").recommends("e/e ^2"),
        release("b/b 1.0.0"),
        release("c/c 1.0.0"),
        release("e/e 1.0.0"),
    ]);
    let request = crate::common::request(&["a/a"]);
    assert_eq!(offered(&catalog, &request), ["+b/b for a/a|d/d", "?c/c for a/a"]);
    assert_eq!(offered(&catalog, &crate::common::request(&["a/a", "b/b"])), ["?c/c for a/a"]);
}

#[test]
fn any_of_and_providers_are_options_and_one_that_is_there_is_enough() {
    let catalog = catalog([
        release("a/a 1.0.0").recommends("x/textures | b/b"),
        release("b/b 1.0.0"),
        release("t/low 1.0.0").provides("x/textures"),
        release("t/high 1.0.0").provides("x/textures"),
    ]);
    assert_eq!(offered(&catalog, &crate::common::request(&["a/a"])), ["+t/high|t/low|b/b for a/a"]);
    assert!(offered(&catalog, &crate::common::request(&["a/a", "t/low"])).is_empty());
}

#[test]
fn what_cannot_come_is_not_offered() {
    let catalog = catalog([
        release("a/a 1.0.0")
            .recommends("b/b")
            .recommends("c/c")
            .recommends("d/d")
            .recommends("e/e")
            .recommends("no/where"),
        release("b/b 1.0.0").conflicts("a/a"),
        release("c/c 1.0.0").yanked("broken"),
        release("d/d 1.0.0").game("other"),
        release("e/e 1.0.0"),
        release("f/f 1.0.0").conflicts("e/e"),
    ]);
    let mut request = crate::common::request(&["a/a", "f/f"]);
    request.game = Some(GameTarget { id: "minetest".parse().expect("game"), versions: vec![] });
    assert!(offered(&catalog, &request).is_empty());
    request.wished.pop();
    assert_eq!(offered(&catalog, &request), ["+e/e for a/a"]);
}

#[test]
fn what_stays_as_it_is_speaks_for_nothing() {
    let catalog = catalog([release("a/a 1.0.0").recommends("b/b"), release("b/b 1.0.0")]);
    let mut request = crate::common::request(&["a/a"]);
    request.installed = crate::common::lock(&["a/a 1.0.0"]);
    assert!(offered(&catalog, &request).is_empty());
}

/// The same catalogue, answering in the other order.
struct Backwards<'a>(&'a Catalog);

impl Provider for Backwards<'_> {
    fn releases(&self, source: &SourceId, id: &PackageId) -> Vec<Arc<Release>> {
        self.0.releases(source, id).into_iter().rev().collect()
    }

    fn providers(&self, source: &SourceId, id: &PackageId) -> Vec<PackageId> {
        self.0.providers(source, id).into_iter().rev().collect()
    }

    fn elsewhere(&self, source: &SourceId, id: &PackageId) -> Vec<SourceId> {
        self.0.elsewhere(source, id)
    }
}

proptest! {
    #[test]
    fn offers_are_of_what_is_not_there_and_do_not_depend_on_the_order_of_answers(
        speaks in prop::collection::vec((0usize..6, 0usize..6, 0usize..6, any::<bool>()), 0..20),
        excludes in prop::collection::vec((0usize..6, 0usize..6), 0..4),
        wished in prop::collection::btree_set(0usize..6, 1..4),
    ) {
        let name = |number: usize| format!("p/p{number}");
        let mut releases: Vec<Release> = (0..6).map(|number| release(&format!("{} 1.0.0", name(number)))).collect();
        for (from, one, other, strong) in speaks {
            let spoken = dependency(&format!("{} | {}", name(one), name(other)));
            let own = &mut releases[from];
            if strong { own.recommends.push(spoken) } else { own.suggests.push(spoken) }
        }
        for (one, other) in excludes {
            releases[one].conflicts.push(requirement(&name(other)));
        }
        let catalog = catalog(releases);
        let names: Vec<String> = wished.into_iter().map(name).collect();
        let request = crate::common::request(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let Ok(resolution) = resolve(&request, &catalog) else { return Ok(()) };
        let offers = offers(&resolution, &request, &catalog);
        prop_assert_eq!(&muster_resolver::offers(&resolution, &request, &Backwards(&catalog)), &offers);
        for offer in &offers {
            prop_assert!(!offer.options.is_empty() && !offer.wanted_by.is_empty());
            for option in &offer.options {
                prop_assert!(resolution.get(option).is_none());
                // These packages need nothing, so that each option alone can be taken.
                let mut with = request.clone();
                with.wished.push(Wish::any(option.source.clone(), option.id.clone()));
                prop_assert!(resolve(&with, &catalog).is_ok(), "{option}");
            }
        }
    }
}

#[test]
fn an_option_has_its_own_source() {
    let catalog = catalog([release("a/a 1.0.0").recommends("b/b"), release("b/b 1.0.0").from("other")]);
    assert!(offered(&catalog, &crate::common::request(&["a/a"])).is_empty());
    assert_eq!(key("b/b").source, source("main"));
}
