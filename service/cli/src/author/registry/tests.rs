//! Real packages, real keys, real folders.

use std::path::{Path, PathBuf};

use clap::Parser;
use muster_fsx::Dir;
use muster_messages::{Language, Messages};
use tempfile::TempDir;

use super::*;
use crate::{
    arguments::{Arguments, Command},
    author::keys::Protection,
};

const NOW: &str = "2026-11-21T00:00:00Z";
const LATER: &str = "2026-11-22T00:00:00Z";

struct World {
    temp: TempDir,
}

fn style() -> Style {
    Style { words: Messages::new(Language::English), json: false, quiet: true }
}

fn code<T>(result: Result<T, Failure>) -> String {
    result.err().expect("a failure").problem.code
}

impl World {
    /// A registry with the keys `offline`, `online`, `ada` and `bob`, in which `ada` is admitted.
    fn with_ada() -> Self {
        let world = Self { temp: tempfile::tempdir().unwrap() };
        for name in ["offline", "online", "ada", "bob"] {
            keys::new(&style().words, &world.key(name), &Protection::TestKey).unwrap();
        }
        init(&style(), &world.sign(NOW), [world.key("offline"), world.key("online")]).unwrap();
        world.admit("ada").unwrap();
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    fn key(&self, name: &str) -> PathBuf {
        self.path(&format!("{name}.key"))
    }

    fn sign(&self, now: &str) -> SignArguments {
        SignArguments {
            registry: self.path("registry"),
            passphrase_file: None,
            now: Some(now.parse().unwrap()),
            valid_years: None,
        }
    }

    fn folder(&self) -> Folder {
        Folder::open(&self.path("registry")).unwrap()
    }

    fn admit(&self, publisher: &str) -> Result<(), Failure> {
        admit(&style(), &self.sign(NOW), publisher, [self.key(publisher), self.key("offline")])
    }

    fn publish(&self, key: &str, packages: &[PathBuf]) -> Result<(), Failure> {
        publish(&style(), &self.sign(NOW), self.key(key), packages)
    }

    fn refresh(&self, now: &str) {
        refresh(&style(), &self.sign(now), self.key("online")).unwrap();
    }

    /// Packs `name` with one file of this content.
    fn package(&self, name: &str, version: &str, extra: &str, content: &str) -> PathBuf {
        let input =
            Dir::create_ambient(&self.temp.path().join("input").join(format!("{name}-{content}"))).unwrap();
        let manifest = format!(
            "format: 1\nname: {name}\nversion: {version}\ntitle: A Mod\nkind: mod\nlicense: MIT\n{extra}"
        );
        input.write_atomic("manifest.yaml", manifest.as_bytes()).unwrap();
        input.create_dir_all("files").unwrap().write_atomic("init.lua", content.as_bytes()).unwrap();
        self.pack(&input)
    }

    fn pack(&self, input: &Dir) -> PathBuf {
        let output = self.path("packed");
        let packed = muster_package::pack(input, &Dir::create_ambient(&output).unwrap(), &|| false).unwrap();
        output.join(packed.file_name)
    }

    async fn problems(&self, now: &str) -> Vec<String> {
        problems(&self.path("registry"), now).await
    }

    /// What a client sees of a package.
    async fn releases(&self, name: &str, now: &str) -> Vec<muster_registry::SignedRelease> {
        let folder = Arc::new(self.folder());
        let root = author::Files::metadata(&*folder, "1.root.json").unwrap().unwrap();
        let store = Arc::new(muster_registry::MemoryStore::default());
        let repository = Arc::new(AsRepository(folder));
        let client = muster_registry::Client::open(&root, repository, store).await.unwrap();
        let now = now.parse().unwrap();
        client.refresh(now).await.unwrap();
        client.releases(now, &name.parse().unwrap()).await.unwrap()
    }
}

async fn problems(registry: &Path, now: &str) -> Vec<String> {
    let folder = Arc::new(Folder::open(registry).unwrap());
    let repository = Arc::new(AsRepository(folder.clone()));
    let found = author::verify(repository, &folder, now.parse().unwrap()).await.unwrap();
    found.iter().map(|problem| report::sentence(&style().words, problem)).collect()
}

fn names(folder: &Folder) -> Vec<String> {
    author::Files::metadata_names(folder).unwrap()
}

#[tokio::test]
async fn what_is_published_is_what_clients_see() {
    let world = World::with_ada();
    let depends = "depends:\n  - {package: ada/wood, version: ^1}\n";
    let packages =
        [world.package("ada/wood", "1.0.0", "", "a"), world.package("ada/trees", "2.0.0", depends, "b")];
    world.publish("ada", &packages).unwrap();
    assert!(names(&world.folder()).contains(&"2.pub.ada.json".to_owned()));
    assert!(!names(&world.folder()).contains(&"1.pub.ada.json".to_owned()), "replaced before it was written");
    world.refresh(NOW);
    assert_eq!(world.problems(NOW).await, Vec::<String>::new());

    let releases = world.releases("ada/trees", NOW).await;
    let release = &releases[0].release;
    let bytes = std::fs::read(&packages[1]).unwrap();
    assert_eq!(release.archive.sha256, muster_registry::sha256(&bytes));
    assert_eq!(release.depends.len(), 1);
    assert_eq!(release.published, Some(NOW.parse().unwrap()));
    assert!(release.block_list.is_some() && release.entry_map.is_some() && release.torrent.is_some());
    let exit = verify(&style(), &world.path("registry"), NOW.parse().unwrap()).await.unwrap();
    assert_eq!(exit, ExitCode::SUCCESS);
}

#[tokio::test]
async fn a_collection_needs_its_members_and_suggests_the_optional_ones() {
    let world = World::with_ada();
    let input = Dir::create_ambient(&world.path("collection")).unwrap();
    let manifest = "format: 1\nname: ada/all\nversion: 1.0.0\ntitle: All\nkind: collection\nlicense: MIT\n\
        packages:\n  - {package: ada/wood, version: ^1}\n  - {package: ada/guide, optional: true}\n";
    input.write_atomic("manifest.yaml", manifest.as_bytes()).unwrap();
    world.publish("ada", &[world.pack(&input)]).unwrap();
    world.refresh(NOW);
    let release = world.releases("ada/all", NOW).await.remove(0).release;
    let ids = |list: &[muster_domain::Dependency]| -> Vec<String> {
        list.iter().map(|dependency| dependency.alternatives()[0].package.to_string()).collect()
    };
    assert_eq!(
        (ids(&release.depends), ids(&release.suggests)),
        (vec!["ada/wood".into()], vec!["ada/guide".into()])
    );
}

#[test]
fn a_key_of_another_publisher_is_refused_and_nothing_is_written() {
    let world = World::with_ada();
    world.admit("bob").unwrap();
    let before = names(&world.folder());
    let (mine, theirs) =
        (world.package("ada/wood", "1.0.0", "", "a"), world.package("bob/wood", "1.0.0", "", "b"));
    assert_eq!(code(world.publish("bob", std::slice::from_ref(&mine))), "registry-wrong-key");
    // The first of these is right; the second stops both.
    assert_eq!(code(world.publish("ada", &[mine, theirs])), "registry-wrong-key");
    assert_eq!(names(&world.folder()), before);
    assert!(Dir::open_ambient(&world.path("registry/targets")).unwrap().entries().unwrap().is_empty());
}

#[test]
fn only_admitted_publishers_publish_and_nobody_is_admitted_twice() {
    let world = World::with_ada();
    let package = world.package("bob/wood", "1.0.0", "", "a");
    assert_eq!(code(world.publish("bob", &[package])), "registry-not-admitted");
    assert_eq!(code(world.admit("ada")), "registry-already-admitted");
    let by_bob = [world.key("bob"), world.key("bob")];
    assert_eq!(code(admit(&style(), &world.sign(NOW), "bob", by_bob)), "registry-wrong-key");
    assert_eq!(
        code(admit(&style(), &world.sign(NOW), "Bob", [world.key("bob"), world.key("offline")])),
        "cli-publisher-name"
    );
    let by_ada = refresh(&style(), &world.sign(NOW), world.key("ada"));
    assert_eq!(code(by_ada), "registry-wrong-key");
}

#[tokio::test]
async fn a_version_never_changes_and_publishing_it_again_keeps_its_date_and_its_withdrawal() {
    let world = World::with_ada();
    let package = world.package("ada/wood", "1.0.0", "", "a");
    world.publish("ada", std::slice::from_ref(&package)).unwrap();
    let key = keys::open(&world.key("ada"), &Passphrases::new(&style().words, None).unwrap()).unwrap();
    let (folder, moment) = (world.folder(), moment(&world.sign(NOW)).unwrap());
    let release = ("ada/wood".parse().unwrap(), muster_domain::Version::semver("1.0.0").unwrap());
    let withdraw = |signed: &mut muster_registry::ReleaseCustom| signed.yanked = Some("breaks worlds".into());
    let change = author::amend(&folder, (&release.0, &release.1), withdraw, &[&key], moment).unwrap();
    folder.write(&change, &[]).unwrap();

    publish(&style(), &world.sign(LATER), world.key("ada"), &[package]).unwrap();
    world.refresh(LATER);
    let release = world.releases("ada/wood", LATER).await.remove(0).release;
    assert_eq!(release.yanked.as_deref(), Some("breaks worlds"));
    assert_eq!(release.published, Some(NOW.parse().unwrap()));

    let other = world.package("ada/wood", "1.0.0", "", "b");
    assert_eq!(code(world.publish("ada", &[other])), "registry-already-published");
}

#[tokio::test]
async fn at_every_moment_of_a_write_the_registry_works() {
    let world = World::with_ada();
    world.publish("ada", &[world.package("ada/wood", "1.0.0", "", "a")]).unwrap();
    world.refresh(NOW);
    let folder = world.folder();
    let key =
        |name: &str| keys::open(&world.key(name), &Passphrases::new(&style().words, None).unwrap()).unwrap();
    let moment = moment(&world.sign(LATER)).unwrap();

    // One change that has everything: a release, and the refresh that shows it.
    let (source, publication) =
        publication::of_file(&world.package("ada/wood", "1.1.0", "", "b"), moment).unwrap();
    let archive = publication.archive;
    let mut draft = Draft::new(&folder);
    let signed = author::publish(&draft, publication, &[&key("ada")], moment).unwrap();
    draft.add(signed.change);
    let archives = [ArchiveFile { source, archive, path: signed.archive_file }];
    let refreshed = author::refresh(&draft, &key("online"), moment).unwrap();
    assert!(refreshed.problems.is_empty());
    draft.add(refreshed.change);
    let change = draft.into_change();

    let count = folder::steps(&change, &archives).len();
    assert!(count > 8, "{count}");
    let first = names(&folder);
    for crash in 0..=count {
        folder.write_some(&change, &archives, crash).unwrap();
        assert_eq!(world.problems(LATER).await, Vec::<String>::new(), "after {crash} of {count} steps");
        let seen = world.releases("ada/wood", LATER).await.len();
        assert_eq!(seen, if crash == count { 2 } else { 1 }, "after {crash} of {count} steps");
        for name in names(&folder).into_iter().filter(|name| !first.contains(name)) {
            Dir::open_ambient(&world.path("registry/metadata")).unwrap().remove_file(&name).unwrap();
        }
    }
}

#[test]
fn the_order_of_writing_is_targets_metadata_timestamp() {
    let file = |name: &str| (name.to_owned(), Vec::new());
    let change = author::Change {
        targets: vec![file("t1"), file("t2")],
        metadata: vec![file("timestamp.json"), file("1.root.json"), file("2.snapshot.json")],
    };
    let kinds: String = folder::steps(&change, &[])
        .iter()
        .map(|step| match step {
            folder::Step::Target { .. } | folder::Step::Archive(_) => 't',
            folder::Step::Metadata { .. } => 'm',
            folder::Step::Timestamp { .. } => 'T',
        })
        .collect();
    assert_eq!(kinds, "ttmmT");
}

#[test]
fn numbered_metadata_is_never_overwritten() {
    let world = World::with_ada();
    let before = author::Files::metadata(&world.folder(), "1.root.json").unwrap();
    let change =
        author::Change { metadata: vec![("1.root.json".into(), b"{}".to_vec())], ..Default::default() };
    assert_eq!(code(world.folder().write(&change, &[])), "file-exists");
    assert_eq!(author::Files::metadata(&world.folder(), "1.root.json").unwrap(), before);
    let again = init(&style(), &world.sign(NOW), [world.key("offline"), world.key("online")]);
    assert_eq!(code(again), "cli-registry-exists");
    assert!(names(&world.folder()).iter().all(|name| !muster_fsx::is_temporary(name)));
}

#[test]
fn a_package_that_changes_under_way_is_not_published() {
    let world = World::with_ada();
    let path = world.package("ada/wood", "1.0.0", "", "a");
    let source = muster_fsx::File::open_ambient(&path).unwrap();
    let archive = muster_domain::Archive { sha256: muster_registry::sha256(b"other"), size: 5 };
    let file = ArchiveFile { source, archive, path: "p/x.muster".into() };
    assert_eq!(code(world.folder().write(&author::Change::default(), &[file])), "cli-package-changed");
    assert!(world.folder().target_is_missing("p/x.muster"));
}

impl Folder {
    fn target_is_missing(&self, path: &str) -> bool {
        author::Files::target(self, path).unwrap().is_none()
    }
}

#[tokio::test]
async fn verify_tells_damaged_missing_and_repaired_files() {
    let world = World::with_ada();
    let package = world.package("ada/wood", "1.0.0", "", "a");
    world.publish("ada", std::slice::from_ref(&package)).unwrap();
    world.refresh(NOW);
    let targets = Dir::open_ambient(&world.path("registry/targets")).unwrap();
    let files = targets.tree().unwrap().into_iter().filter(|entry| entry.metadata.is_file());
    let file = files.map(|entry| entry.path).find(|path| path.ends_with(".muster")).unwrap();
    targets.write_atomic(&file, b"damaged").unwrap();
    assert_eq!(world.problems(NOW).await, [format!("{file} is not the file that was signed.")]);
    let exit = verify(&style(), &world.path("registry"), NOW.parse().unwrap()).await.unwrap();
    assert_eq!(exit, ExitCode::from(1));
    targets.remove_file(&file).unwrap();
    assert_eq!(world.problems(NOW).await, [format!("{file} is missing.")]);
    world.publish("ada", &[package]).unwrap();
    assert_eq!(world.problems(NOW).await, Vec::<String>::new());
}

#[tokio::test]
async fn lifetimes_are_the_usual_ones_or_the_years_asked_for() {
    let world = World::with_ada();
    world.refresh(NOW);
    let found = world.problems("2026-12-06T00:00:00Z").await;
    assert!(found[0].contains("expired"), "{found:?}");
    let sign = SignArguments { valid_years: Some(10), registry: world.path("long"), ..world.sign(NOW) };
    init(&style(), &sign, [world.key("offline"), world.key("online")]).unwrap();
    assert_eq!(problems(&sign.registry, "2036-11-17T00:00:00Z").await, Vec::<String>::new());
    let found = problems(&sign.registry, "2036-11-21T00:00:01Z").await;
    assert!(found[0].contains("expired"), "{found:?}");
}

#[test]
fn keys_under_passphrases_sign_with_a_passphrase_file() {
    let world = World::with_ada();
    let secret = world.path("secret");
    muster_fsx::write_atomic(&secret, b"twelve letters and more\n").unwrap();
    for (seed, name) in [(1, "safe-offline"), (2, "safe-online")] {
        let key = muster_registry::SigningKey::from_seed([seed; 32]);
        let cheap = muster_registry::KdfCost { memory_kib: 64, passes: 1, lanes: 1 };
        let file =
            muster_registry::KeyFile::encrypt(&key, "twelve letters and more", cheap, [seed; 40]).unwrap();
        muster_fsx::write_atomic_private(&world.key(name), &file.to_bytes()).unwrap();
    }
    let sign =
        SignArguments { passphrase_file: Some(secret), registry: world.path("safe"), ..world.sign(NOW) };
    init(&style(), &sign, [world.key("safe-offline"), world.key("safe-online")]).unwrap();
    let by_safe = [world.key("ada"), world.key("safe-offline")];
    admit(&style(), &sign, "ada", by_safe).unwrap();
    let wrong = world.path("wrong");
    muster_fsx::write_atomic(&wrong, b"another passphrase\n").unwrap();
    let sign = SignArguments { passphrase_file: Some(wrong), ..sign };
    assert_eq!(code(refresh(&style(), &sign, world.key("safe-online"))), "registry-passphrase");
}

#[test]
fn the_same_inputs_give_the_same_registry() {
    let world = World::with_ada();
    let package = world.package("ada/wood", "1.0.0", "", "a");
    let build = |name: &str| {
        let sign = SignArguments { registry: world.path(name), valid_years: Some(10), ..world.sign(NOW) };
        init(&style(), &sign, [world.key("offline"), world.key("online")]).unwrap();
        admit(&style(), &sign, "ada", [world.key("ada"), world.key("offline")]).unwrap();
        publish(&style(), &sign, world.key("ada"), std::slice::from_ref(&package)).unwrap();
        refresh(&style(), &sign, world.key("online")).unwrap();
        let dir = Dir::open_ambient(&sign.registry).unwrap();
        let files = dir.tree().unwrap().into_iter().filter(|entry| entry.metadata.is_file());
        files.map(|entry| (dir.read(&entry.path, 1 << 20).unwrap(), entry.path)).collect::<Vec<_>>()
    };
    let first = build("one");
    assert!(first.len() > 10);
    assert_eq!(first, build("two"));
}

#[test]
fn refuses_folders_without_a_registry_and_misspelt_fields() {
    let world = World::with_ada();
    let sign = SignArguments { registry: world.path("nothing"), ..world.sign(NOW) };
    Dir::create_ambient(&sign.registry).unwrap();
    assert_eq!(code(refresh(&style(), &sign, world.key("online"))), "cli-registry-missing");
    let missing = world.path("no-such.muster");
    assert_eq!(code(world.publish("ada", &[missing])), "file-missing");
    let text = world.path("text.muster");
    muster_fsx::write_atomic(&text, b"no package").unwrap();
    assert!(code(world.publish("ada", &[text])).starts_with("package-"));
}

#[test]
fn the_grammar_takes_what_the_starter_build_writes() {
    let parse = |line: &str| Arguments::try_parse_from(line.split(' '));
    let line = "muster --quiet registry publish reg --now 2026-11-21T00:00:00Z --valid-years 10 --key k a.muster b.muster";
    let Command::Registry(RegistryCommand::Publish { sign, key, packages }) = parse(line).unwrap().command
    else {
        panic!("not publish");
    };
    assert_eq!((sign.valid_years, key, packages.len()), (Some(10), PathBuf::from("k"), 2));
    assert_eq!(sign.now, Some(NOW.parse().unwrap()));
    for bad in [
        "muster registry publish reg --key k",
        "muster registry publish reg a.muster",
        "muster registry init reg --offline-key a",
        "muster registry init reg --offline-key a --online-key b --valid-years 21",
        "muster registry init reg --offline-key a --online-key b --now yesterday",
        "muster registry verify",
        "muster key new k --test-key --passphrase-file p",
    ] {
        assert!(parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn what_is_featured_is_put_in_order_said_anew_and_withdrawn() {
    let world = World::with_ada();
    for name in ["trees", "rocks"] {
        world.publish("ada", &[world.package(&format!("ada/{name}"), "1.0.0", "", name)]).unwrap();
    }
    let feature = |words: &[&str]| {
        let registry = world.path("registry");
        let key = world.key("online");
        let fixed = ["muster", "registry", "feature", registry.to_str().unwrap(), "--now", NOW];
        let key = ["--online-key", key.to_str().unwrap()];
        let parsed = Arguments::try_parse_from(fixed.iter().chain(&key).chain(words)).unwrap();
        let Command::Registry(RegistryCommand::Feature(arguments)) = parsed.command else {
            panic!("not that")
        };
        feature::feature(&style(), &arguments)
    };
    let listed = || -> Vec<String> {
        let picks = author::featured(&world.folder()).unwrap();
        picks.iter().map(|pick| format!("{} {}", pick.package, pick.text)).collect()
    };
    feature(&["ada/trees", "--text", "For a walk."]).unwrap();
    feature(&["ada/rocks", "--place", "1", "--until", "2026-12-24"]).unwrap();
    assert_eq!(listed(), ["ada/rocks ", "ada/trees For a walk."]);
    feature(&["ada/rocks", "--text", "Heavy."]).unwrap();
    assert_eq!(listed(), ["ada/rocks Heavy.", "ada/trees For a walk."], "it stays where it was");
    feature(&["ada/rocks", "--withdraw"]).unwrap();
    assert_eq!(listed(), ["ada/trees For a walk."]);
    assert_eq!(code(feature(&["ada/rocks", "--withdraw"])), "registry-not-found");
    assert_eq!(code(feature(&["rocks"])), "cli-feature-unreadable");
    assert_eq!(code(feature(&["ada/trees", "--text", &"x".repeat(200)])), "registry-malformed");
    assert!(
        Arguments::try_parse_from(["muster", "registry", "feature", "r", "a/b"]).is_err(),
        "a key is needed"
    );
    assert!(Arguments::try_parse_from(["muster", "registry", "feature", "r", "--list"]).is_ok());
}
