//! Explanations, word for word. `MUSTER_BLESS=1` writes them anew; read the difference before you keep it.

use std::{collections::BTreeMap, path::Path};

use muster_domain::{Channel, Platform, Side};
use muster_messages::{Explanation as Tree, Language, Messages};
use muster_resolver::{Explanation, FACT_CODES, FIX_CODES, Fact, GameTarget, Request, resolve};

use crate::common::{Build, Catalog, catalog, lock, outline, release, request, version};

fn cases() -> Vec<(&'static str, Catalog, Request)> {
    let game = Some(GameTarget { id: "minetest".parse().expect("game"), versions: vec![version("5.6.1")] });
    let mut pinned = request(&["trees"]);
    pinned.wished[0].pin = Some(version("3.0.0"));
    let mut for_game = request(&["trees"]);
    for_game.game = game;
    let mut replaced = request(&["trees"]);
    replaced.installed = lock(&["trees 1.0.0"]);
    replaced.installed.packages[0].archive.size = 2;
    let mut held = request(&["trees", "wood"]);
    held.installed = lock(&["wood 1.0.0"]);
    held.options.held = [(crate::common::key("wood"), "2.0.0 burns down".to_owned())].into();
    let mut denied = request(&["trees"]);
    let why = |version: &str| (version.parse().expect("a version"), "it lies (starter)".to_owned());
    denied.options.denied = [(crate::common::key("trees"), vec![why("1.0.0"), why("2.0.0")])].into();
    let mut on_linux = request(&["trees"]);
    on_linux.options.role.platform = Some(Platform::Linux);
    let mut for_players = request(&["trees"]);
    for_players.options.role.side = Side::Client;
    let mut unreachable = request(&["trees"]);
    unreachable.wished[0].package.source = crate::common::source("ckan");
    vec![
        (
            "two-want-different-versions",
            catalog([
                release("trees 1.0.0").needs("wood ^1"),
                release("trees 1.1.0").needs("wood ^1"),
                release("house 1.0.0").needs("wood ^2"),
                release("wood 1.0.0"),
                release("wood 2.0.0"),
            ]),
            request(&["trees", "house"]),
        ),
        (
            "conflict",
            catalog([
                release("mean 1.0.0").conflicts("meek <2"),
                release("meek 1.0.0"),
                release("meek 1.5.0"),
            ]),
            request(&["mean", "meek"]),
        ),
        (
            "conflict-by-what-is-provided",
            catalog([
                release("mean 1.0.0").conflicts("wood"),
                release("fork 1.0.0").provides("wood 1.0.0"),
                release("house 1.0.0").needs("wood"),
            ]),
            request(&["mean", "house"]),
        ),
        ("unknown", catalog([release("trees 1.0.0").needs("wood")]), request(&["trees"])),
        (
            "only-in-another-source",
            catalog([release("trees 1.0.0").needs("wood"), release("wood 1.0.0").from("modrinth")]),
            request(&["trees"]),
        ),
        (
            "held",
            catalog([release("trees 1.0.0").needs("wood ^2"), release("wood 1.0.0"), release("wood 2.0.0")]),
            held,
        ),
        ("advised-against", catalog([release("trees 1.0.0"), release("trees 2.0.0")]), denied),
        ("unreachable", catalog([]), unreachable),
        (
            "no-such-version",
            catalog([release("trees 1.0.0").needs("wood ^3"), release("wood 1.0.0"), release("wood 2.0.0")]),
            request(&["trees", "wood"]),
        ),
        (
            "wish-out-of-range",
            catalog([release("trees 1.0.0"), release("trees 2.0.0")]),
            request(&["trees ^3"]),
        ),
        ("pinned", catalog([release("trees 1.0.0"), release("trees 2.0.0")]), pinned),
        (
            "yanked",
            catalog([
                release("trees 1.0.0").yanked("eats\u{202e} worlds"),
                release("trees 2.0.0").yanked("again"),
            ]),
            request(&["trees"]),
        ),
        (
            "unripe",
            catalog([
                release("house 1.0.0").needs("trees ^2"),
                release("trees 1.0.0"),
                release("trees 2.0.0").channel(Channel::Beta),
            ]),
            request(&["house"]),
        ),
        (
            "other-game",
            catalog([release("trees 1.0.0").game("minetest <5"), release("trees 2.0.0").game("openttd")]),
            for_game,
        ),
        (
            "other-platform",
            catalog([release("trees 1.0.0").needs("wood"), release("wood 1.0.0").on("windows").on("macos")]),
            on_linux,
        ),
        (
            "other-side",
            catalog([release("trees 1.0.0").side(Side::Server), release("trees 2.0.0").side(Side::Server)]),
            for_players,
        ),
        ("replaced", catalog([release("trees 1.0.0")]), replaced),
        (
            "none-of-several",
            catalog([release("house 1.0.0").needs("oak ^2 | pine"), release("oak 1.0.0")]),
            request(&["house"]),
        ),
        (
            "needs-another-version-of-itself",
            catalog([release("trees 1.0.0").needs("trees ^2")]),
            request(&["trees"]),
        ),
        (
            "a-feature-is-at-odds",
            catalog([
                release("house 1.0.0").needs("wood ^2").needs("roof").feature("walls!", &["wood"]),
                release("roof 1.0.0"),
                release("wood 1.0.0"),
                release("wood 2.0.0"),
            ]),
            request(&["house", "wood ^1"]),
        ),
        (
            "none-of-several-for-a-feature",
            catalog([
                release("house 1.0.0").needs("oak ^2 | pine").feature("walls!", &["oak"]),
                release("oak 1.0.0"),
            ]),
            request(&["house"]),
        ),
        (
            "three-wishes-two-at-odds",
            catalog([
                release("far 1.0.0").needs("middle"),
                release("middle 1.0.0").needs("near ^1"),
                release("near 1.0.0"),
                release("near 2.0.0"),
                release("other 1.0.0"),
            ]),
            request(&["far", "near ^2", "other"]),
        ),
    ]
}

#[test]
fn explanations_say_what_they_said() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for (name, catalog, asked) in cases() {
        let explanation = resolve(&asked, &catalog).expect_err(name);
        let words = Messages::new(Language::English);
        let told = format!("{}\n{}\n", outline(&explanation), words.explain(&as_messages(&explanation)));
        let path = folder.join(format!("{name}.txt"));
        if std::env::var_os("MUSTER_BLESS").is_some() {
            use std::io::Write as _;
            let mut file = std::fs::File::create(&path).expect("created");
            file.write_all(told.as_bytes()).expect("written");
        }
        assert_eq!(told, std::fs::read_to_string(&path).expect(name), "{name}");
    }
}

fn as_messages(explanation: &Explanation) -> Tree {
    fn owned(params: &[(&'static str, String)]) -> BTreeMap<String, String> {
        params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }
    fn tree(fact: &Fact) -> Tree {
        let because = fact.because.iter().map(tree).collect();
        Tree { code: fact.code.to_owned(), context: owned(&fact.params), because, fixes: Vec::new() }
    }
    let mut root = tree(&explanation.fact);
    root.fixes = explanation.fixes.iter().map(|fix| (fix.code().to_owned(), owned(&fix.params()))).collect();
    root
}

#[test]
fn every_code_has_sentences() {
    let words = Messages::new(Language::English);
    for code in FACT_CODES {
        assert!(words.has(&format!("explain-{code}")), "{code}");
    }
    for code in FIX_CODES {
        assert!(words.has(&format!("fix-{code}")), "{code}");
    }
    for code in Explanation::CODES {
        assert!(words.has(&format!("error-{code}")) && words.has(&format!("error-{code}-hint")), "{code}");
    }
}

#[test]
fn every_code_is_in_some_explanation() {
    let mut seen = std::collections::BTreeSet::new();
    for (_, catalog, asked) in cases() {
        let explanation = resolve(&asked, &catalog).expect_err("impossible");
        seen.extend(explanation.fact.all().iter().map(|fact| fact.code));
        seen.extend(explanation.fixes.iter().map(|fix| fix.code()));
    }
    let limits = ["more", "too-large"];
    for code in FACT_CODES.iter().chain(FIX_CODES).filter(|code| !limits.contains(code)) {
        assert!(seen.contains(code), "{code} never occurs");
    }
}

#[test]
fn a_long_story_is_cut_and_says_so() {
    let releases = (0..200).map(|n| release(&format!("p{n:03} 1.0.0")).needs(&format!("p{:03}", n + 1)));
    let explanation = resolve(&request(&["p000"]), &catalog(releases)).expect_err("impossible");
    assert!(explanation.fact.all().len() <= muster_resolver::MAX_FACTS + 2);
    assert_eq!(explanation.fact.because.last().expect("facts").code, "more");
}
