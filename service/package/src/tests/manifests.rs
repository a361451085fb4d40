//! T-66: manifests.

use muster_domain::{Coded as _, Dependency, Redistribution};

use super::{
    AUTHORED,
    craft::{parsed, refused, with},
};
use crate::{Manifest, manifest_schema};

#[test]
fn reads_everything_that_the_specification_names() {
    let manifest = parsed(concat!(
        "summary: A test\n",
        "description: |\n  # Head\n\n  Text\n",
        "games: [{game: minetest, version: '>=5.6'}]\n",
        "platforms: [linux]\n",
        "side: server\n",
        "redistribute: yes\n",
        "authors: [Ada]\n",
        "tags: [no, 1e3, tool]\n",
        "depends:\n  - {package: ada/base, version: 1.2}\n  - any-of: [{package: bob/one}, {package: bob/two, version: ^2}]\n",
        "conflicts: [{package: ada/other}]\n",
        "provides: [{package: ada/thing, version: 1.0.0}]\n",
        "install: [{files: '**/*.lua', to: mods, strip: 1, into: cool}]\n",
        "config: ['*.conf']\n",
        "load-after: [ada/base]\n",
        "gallery: [{url: 'https://example.org/a.png', caption: A picture}]\n",
        "homepage: https://example.org\n",
        "tip: [https://example.org/tip]\n",
        "disclosures: [ai-content]\n",
        "changes: |\n  - Brighter *lamps*\n  - Fewer moths\n",
    ));
    assert_eq!(manifest.changes, "- Brighter *lamps*\n- Fewer moths\n");
    assert_eq!(manifest.tags, ["no", "1e3", "tool"], "scalars are what they look like");
    assert_eq!(manifest.redistribute, Redistribution::Yes);
    assert_eq!(manifest.depends[1].alternatives().len(), 2);
    let Dependency::One(base) = &manifest.depends[0] else { panic!("one") };
    assert_eq!(base.version, "1.2".parse().expect("a range"));
    assert_eq!(manifest.install[0].strip, 1);
    assert_eq!(parsed("redistribute: no\n").redistribute, Redistribution::No);
    assert_eq!(parsed("").redistribute, Redistribution::ByLicense);
}

#[test]
fn changes_are_cleaned_and_their_length_is_bounded() {
    let changes = |text: &str| with(&format!("changes: \"{text}\"\n"));
    let read = |text: &str| Manifest::parse(changes(text).as_bytes()).expect("read").changes;
    assert_eq!(read("a\\u202eb\\e[2Jc\\nd"), "ab[2Jc\nd");
    let (fits, long) = ("x".repeat(20_000), "x".repeat(30_000));
    assert!(Manifest::parse_strict(changes(&fits).as_bytes()).is_ok());
    assert_eq!(
        Manifest::parse_strict(changes(&long).as_bytes()).expect_err("too long").code(),
        refused("version: x\n")
    );
    assert!(read(&long).len() < 20_010, "readers cut it");
}

#[test]
fn t66_refuses_the_dangerous_parts_of_yaml() {
    let bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n";
    for lines in [
        bomb,
        "tags: &t [x]\n",
        "tags: !!seq [x]\n",
        "summary: !!str x\n",
        "summary: !custom x\n",
        "<<: {summary: x}\n",
        "kind: mod\n",
        "summary: a\nsummary: b\n",
        "unknown: {a: 1, a: 2}\n",
        "---\nsecond: 1\n",
        "summary: \"a\u{1}b\"\n",
        "summary: \u{feff}x\n",
        "summary: [unclosed\n",
        "\tsummary: x\n",
        "summary: *nowhere\n",
    ] {
        assert_eq!(refused(&with(lines)), "package-manifest-syntax", "{lines:?}");
    }
    assert_eq!(refused(&with(&format!("x: {}\n", "[".repeat(5_000)))), "package-manifest-syntax");
    assert_eq!(
        refused(&with(&format!("x: {}1{}\n", "[".repeat(50), "]".repeat(50)))),
        "package-manifest-syntax"
    );
    assert_eq!(Manifest::parse(b"\xff").expect_err("UTF-8").code(), "package-manifest-syntax");
}

#[test]
fn t66_refuses_values_that_mean_nothing() {
    let replaced = |from: &str, to: &str| refused(&AUTHORED.replace(from, to));
    assert_eq!(replaced("1.2.3", "1.2"), "package-manifest-field");
    assert_eq!(replaced("1.2.3", "'=opaque'"), "package-manifest-field");
    assert_eq!(replaced("ada/cool-mod", "Ada/Mod"), "package-manifest-field");
    assert_eq!(replaced("kind: mod", "kind: Big Mod"), "package-manifest-field");
    assert_eq!(replaced("title: Cool mod\n", ""), "package-manifest-field");
    assert_eq!(replaced("format: 1", "format: 2"), "package-manifest-format");
    assert_eq!(replaced("format: 1\n", "format: 2\nside: moon\n"), "package-manifest-format");
    assert_eq!(replaced("format: 1", "format: 0"), "package-manifest-format");
    assert_eq!(replaced("format: 1", "format: yes"), "package-manifest-field");
    for lines in [
        "homepage: javascript:alert(1)\n",
        "gallery: [{url: 'file:///etc/passwd'}]\n",
        "install: [{files: ../x, to: mods}]\n",
        "install: [{files: x, to: ../mods}]\n",
        "install: [{files: x, to: mods, into: ../x}]\n",
        "config: ['/etc/*']\n",
        "depends: [{any-of: []}]\n",
        "depends: [{package: a/b, any-of: [{package: a/c}]}]\n",
        "depends: [{package: a/b, version: banana}]\n",
        "files: [{path: ../x, size: 1, sha256: \"00\"}]\n",
        "side: moon\n",
        "authors: Ada\n",
    ] {
        assert_eq!(refused(&with(lines)), "package-manifest-field", "{lines:?}");
    }
    assert!(refused("").starts_with("package-manifest-"));
    assert!(refused("[]").starts_with("package-manifest-"));
}

#[test]
fn t66_unknown_fields_are_refused_only_by_authors_tools() {
    for lines in ["colour: blue\n", "install: [{files: x, to: mods, colour: blue}]\n"] {
        Manifest::parse(with(lines).as_bytes()).expect("readers ignore it");
        let error = Manifest::parse_strict(with(lines).as_bytes()).expect_err("packers do not");
        assert_eq!(error.code(), "package-manifest-unknown-field");
        assert!(error.to_string().contains("colour"), "{error}");
    }
}

#[test]
fn authors_get_told_what_publishing_needs() {
    let strict = |text: String| Manifest::parse_authored(text.as_bytes()).map_err(|error| error.code());
    assert_eq!(strict(AUTHORED.replace("license: MIT\n", "")), Err("package-manifest-field"));
    assert_eq!(strict(AUTHORED.replace("MIT", "'MIT, I think'")), Err("package-manifest-field"));
    assert!(strict(AUTHORED.replace("MIT", "MIT OR (Apache-2.0 WITH LLVM-exception)")).is_ok());
    assert_eq!(strict(AUTHORED.replace("kind: mod", "kind: collection")), Err("package-manifest-field"));
    assert_eq!(strict(with("packages: [{package: a/b}]\n")), Err("package-manifest-field"));
    let sha = "ab".repeat(32);
    assert_eq!(
        strict(with(&format!("files: [{{path: x, size: 1, sha256: \"{sha}\"}}]\n"))),
        Err("package-manifest-files")
    );
    assert_eq!(strict(with(&format!("# {}\n", "x".repeat(300_000)))), Err("package-manifest-too-large"));
    assert_eq!(strict(with("files: []\n")), Err("package-manifest-files"));
    assert_eq!(
        strict(with(&format!("'files': [{{path: x, size: 1, sha256: \"{sha}\"}}]\n"))),
        Err("package-manifest-files")
    );
    let collection = AUTHORED.replace("kind: mod", "kind: collection")
        + "packages: [{package: aa/bb, version: ^1, source: contentdb, optional: true}]\n";
    let collection = strict(collection).expect("a collection");
    assert_eq!(
        (collection.packages.len(), collection.members().0.len(), collection.members().1.len()),
        (1, 0, 1)
    );
}

#[test]
fn the_list_of_files_has_one_form() {
    let sha = "ab".repeat(32);
    let list = |line: &str| with(&format!("files:\n{}\n", line.replace("SHA", &sha)));
    let good =
        Manifest::parse(list("  - {path: \"ä/b c\", size: 10, sha256: \"SHA\"}").as_bytes()).expect("read");
    assert_eq!(good.files[0].path.as_str(), "ä/b c");
    for line in [
        "  - {path: \"a\", size: 010, sha256: \"SHA\"}",
        "  - {path: \"a\", size: +1, sha256: \"SHA\"}",
        "  - {path: \"a\", size: 1, sha256: SHA}",
        "  - {path: a, size: 1, sha256: \"SHA\"}",
        "  - {path: \"../a\", size: 1, sha256: \"SHA\"}",
        "  - {path: \"a\\x41\", size: 1, sha256: \"SHA\"}",
        "  - {path: \"a\", size: 18446744073709551616, sha256: \"SHA\"}",
        "  - {path: \"a\", size: 1, sha256: \"SHA\"} ",
        "  - {path: \"a\", size: 1, sha256: \"SHA\"}\r",
        "  - {path: \"a\", size: 1, sha256: \"SHA\"}\ntitle: Other",
        "  - {path: \"b\", size: 1, sha256: \"SHA\"}\n  - {path: \"a\", size: 1, sha256: \"SHA\"}",
        "",
    ] {
        assert_eq!(refused(&list(line)), "package-manifest-field", "{line:?}");
    }
    assert_eq!(refused(&with("files:")), "package-manifest-field");
    assert_eq!(refused(&with("...\nfiles: []\n")), "package-manifest-syntax");
    assert_eq!(
        refused(&with(&format!("# {}\nfiles: []\n", "x".repeat(300_000)))),
        "package-manifest-too-large"
    );
}

#[test]
fn text_for_people_is_made_safe() {
    let manifest =
        Manifest::parse(AUTHORED.replace("Cool mod", "\"a\\u202eb\\u0000c\"").as_bytes()).expect("read");
    assert_eq!(manifest.title, "ab c");
}

/// `docs/formats/manifest.schema.json` is generated; `MUSTER_BLESS=1` writes it anew.
#[test]
fn the_published_schema_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/manifest.schema.json");
    if std::env::var_os("MUSTER_BLESS").is_some() {
        muster_fsx::write_atomic(path.as_ref(), manifest_schema().as_bytes()).expect("written");
    }
    let published = std::fs::read_to_string(path).expect("the schema is checked in");
    assert!(published == manifest_schema(), "run this test with MUSTER_BLESS=1 and look at the difference");
}
