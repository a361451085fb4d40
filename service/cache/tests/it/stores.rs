//! Stores on several volumes: which one serves a place, what a crash leaves, what goes and what stays.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use muster_cache::{Error, Rules, StoreId, Stores, Way, Why};
use muster_domain::Sha256;
use muster_fsx::{Dir, LinkPreference};

const ONE: Sha256 = Sha256([1; 32]);
const TWO: Sha256 = Sha256([2; 32]);

/// A volume of its own for one test.
struct Volume(PathBuf);

impl Volume {
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m,mode=0700", "muster-test"])
            .arg(at)
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(at.to_owned()));
        }
        println!("skipped: a second volume cannot be mounted here");
        None
    }

    /// Takes it away, which fails while anything on it is open.
    fn unplug(self) -> bool {
        let done = Command::new("umount").arg(&self.0).stderr(Stdio::null()).status();
        done.is_ok_and(|status| status.success())
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).stderr(Stdio::null()).status();
    }
}

/// A data folder here and a game there.
struct World {
    folder: tempfile::TempDir,
    volume: Volume,
    place: PathBuf,
}

impl World {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let volume = Volume::mount(&folder.path().join("disk"))?;
        let place = folder.path().join("disk/library/game/mods");
        fs::create_dir_all(&place).expect("a place");
        Some(Self { folder, volume, place })
    }

    fn open(&self) -> Stores {
        Stores::open(&self.folder.path().join("data")).expect("opens")
    }

    fn read(&self) -> Vec<PathBuf> {
        vec![self.folder.path().join("disk/library/game").canonicalize().expect("there")]
    }

    fn choose(&self, stores: &Stores, place: &Path, preference: LinkPreference) -> muster_cache::Choice {
        let rules = Rules { preference, read_by_games: &|| self.read() };
        stores.choose(&[place.to_owned()], &rules).expect("chooses").remove(0)
    }

    fn entries(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join(folder)).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

fn unpack(dir: &Dir) -> Result<(), Error> {
    dir.create_dir_all("files/empty")?;
    Ok(dir.write_atomic("files/init.lua", b"print('hello')")?)
}

fn at(choice: &muster_cache::Choice) -> PathBuf {
    match &choice.store {
        StoreId::At(path) => path.clone(),
        StoreId::Main => panic!("on the other volume: {choice:?}"),
    }
}

#[test]
fn a_game_on_the_volume_of_the_data_folder_is_served_from_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("game/mods");
    fs::create_dir_all(&place).expect("a place");
    let stores = Stores::open(&folder.path().join("data")).expect("opens");
    let rules =
        Rules { preference: LinkPreference::HardLink, read_by_games: &|| panic!("nothing has to be made") };
    // A place that does not exist yet is tried out where it will be, and not made.
    let places = [place.clone(), folder.path().join("game/worlds/new")];
    for choice in stores.choose(&places, &rules).expect("chooses") {
        assert_eq!((choice.store, choice.way, choice.why), (StoreId::Main, Way::HardLink, Why::Definition));
    }
    assert_eq!(fs::read_dir(&place).expect("a place").count(), 0);
    assert!(!folder.path().join("game/worlds").exists());
    let rules = Rules { preference: LinkPreference::Copy, read_by_games: &Vec::new };
    let copied = stores.choose(&[place], &rules).expect("chooses").remove(0);
    assert_eq!((copied.store, copied.way, copied.why), (StoreId::Main, Way::Copy, Why::Definition));
}

#[test]
fn a_game_on_another_volume_gets_a_store_there_outside_of_what_it_reads() {
    let Some(world) = World::new() else { return };
    let stores = world.open();
    let choice = world.choose(&stores, &world.place, LinkPreference::Share);
    assert_eq!((choice.way, choice.why), (Way::HardLink, Why::NoClones));
    let path = at(&choice);
    assert_eq!(
        path.parent(),
        Some(world.folder.path().join("disk").canonicalize().expect("there").as_path())
    );
    assert_eq!(world.entries("disk/library/game/mods"), Vec::<String>::new(), "nothing stays of the trial");
    let other = world.folder.path().join("disk/library/other/mods");
    assert_eq!(
        world.choose(&stores, &other, LinkPreference::Share).store,
        choice.store,
        "one for the volume"
    );
    let lease = stores.ensure_tree(&choice.store, &ONE, unpack).expect("unpacked");
    let (tree, place) = (lease.dir().expect("opens"), Dir::open_ambient(&world.place).expect("opens"));
    tree.hard_link("files/init.lua", &place, "init.lua").expect("one volume");
    assert!(matches!(stores.main().lease(&ONE), Err(Error::Missing(_))), "no second copy in the data folder");
    drop((lease, tree, place, stores));
    // The next run knows it without trying anything.
    let stores = world.open();
    assert_eq!(stores.of([world.place.as_path()]), [choice.store].into());
    stores.lease(&ONE).expect("found where it is");
}

#[test]
fn a_volume_where_nothing_may_be_made_gets_copies_and_keeps_nothing() {
    let Some(world) = World::new() else { return };
    let stores = world.open();
    let all = || vec![world.folder.path().join("disk").canonicalize().expect("there")];
    let rules = Rules { preference: LinkPreference::Share, read_by_games: &all };
    let choice = stores.choose(std::slice::from_ref(&world.place), &rules).expect("chooses").remove(0);
    assert_eq!((choice.store, choice.way, choice.why), (StoreId::Main, Way::Copy, Why::NoFolder));
    assert_eq!(world.entries("disk"), ["library"]);
    assert_eq!(stores.all(), [StoreId::Main]);
}

#[test]
fn a_disk_that_is_not_in_use_can_be_taken_away_and_is_missed_when_it_is_needed() {
    let Some(mut world) = World::new() else { return };
    let stores = world.open();
    let choice = world.choose(&stores, &world.place, LinkPreference::Share);
    drop(stores.ensure_tree(&choice.store, &ONE, unpack).expect("unpacked"));
    stores.declare_leases([("profile".to_owned(), choice.store.clone(), ONE)]);
    let disk = world.folder.path().join("disk");
    let aside = Volume(world.folder.path().join("nothing"));
    assert!(std::mem::replace(&mut world.volume, aside).unplug(), "nothing keeps it");
    assert!(matches!(stores.lease(&ONE), Err(Error::StoreGone { path }) if path == at(&choice)));
    let into = stores.ensure_tree(&choice.store, &TWO, unpack);
    assert!(matches!(into, Err(Error::StoreGone { .. })));
    let rules = Rules { preference: LinkPreference::Share, read_by_games: &Vec::new };
    let chosen = stores.choose(std::slice::from_ref(&world.place), &rules);
    assert!(matches!(chosen, Err(Error::StoreGone { .. })), "{chosen:?}");
    assert_eq!(stores.remove_unused().expect("nothing to do"), []);
    drop(stores);
    let stores = world.open();
    stores.declare_leases([("profile".to_owned(), choice.store.clone(), ONE)]);
    assert!(matches!(stores.lease(&ONE), Err(Error::StoreGone { .. })), "also by the next run");
    assert_eq!(fs::read_dir(&disk).expect("a folder").count(), 0, "nothing is made in its stead");
    assert!(matches!(stores.lease(&TWO), Err(Error::Missing(_))), "what was never there");
}

#[test]
fn what_a_crash_left_is_gone_after_the_next_start() {
    let Some(world) = World::new() else { return };
    let stores = world.open();
    let choice = world.choose(&stores, &world.place, LinkPreference::Share);
    drop(stores.ensure_tree(&choice.store, &ONE, unpack).expect("unpacked"));
    drop(stores);
    fs::create_dir_all(at(&choice).join("staging/half/files")).expect("created");
    let book = world.folder.path().join("data/stores.json");
    let mut said: serde_json::Value =
        serde_json::from_slice(&fs::read(&book).expect("a book")).expect("JSON");
    let probe = world.place.join(".muster-tmp-probe");
    said["probes"] = serde_json::json!([probe, world.folder.path().join("away/probe")]);
    fs::remove_file(&book).expect("removed");
    Dir::open_ambient(&world.folder.path().join("data"))
        .expect("opens")
        .write_atomic("stores.json", said.to_string().as_bytes())
        .expect("written");
    Dir::open_ambient(&world.place).expect("opens").create_new(".muster-tmp-probe").expect("created");
    let stores = world.open();
    assert!(!probe.exists());
    assert_eq!(fs::read_dir(at(&choice).join("staging")).expect("a folder").count(), 0);
    stores.lease(&ONE).expect("what was complete stays");
    assert!(world.volume.0.exists());
}

#[test]
fn a_tree_stays_until_the_store_that_shall_have_it_has_it() {
    let Some(world) = World::new() else { return };
    let stores = world.open();
    drop(stores.ensure_tree(&StoreId::Main, &ONE, unpack).expect("unpacked"));
    let choice = world.choose(&stores, &world.place, LinkPreference::Share);
    assert!(matches!(stores.remove_unused(), Err(Error::NotReady)));
    stores.declare_leases([("profile".to_owned(), choice.store.clone(), ONE)]);
    assert_eq!(stores.remove_unused().expect("removes"), []);
    let copied = stores.ensure_tree(&choice.store, &ONE, |_| -> Result<(), Error> { panic!("it is here") });
    let dir = copied.expect("copied").dir().expect("opens");
    assert_eq!(dir.read("files/init.lua", 100).expect("read"), b"print('hello')");
    assert!(dir.metadata("files/init.lua").expect("metadata").read_only);
    assert!(dir.metadata("files/empty").expect("metadata").is_dir());
    drop(dir);
    assert_eq!(stores.remove_unused().expect("removes"), [ONE], "of the data folder");
    assert!(matches!(stores.main().lease(&ONE), Err(Error::Missing(_))));
    stores.lease(&ONE).expect("where it shall be");
    // Nobody needs anything there any more: the folder goes too.
    stores.declare_leases([]);
    assert_eq!(stores.remove_unused().expect("removes"), [ONE]);
    assert_eq!(world.entries("disk"), ["library"]);
    assert_eq!(stores.all(), [StoreId::Main]);
    let again = world.choose(&stores, &world.place, LinkPreference::Share);
    assert_eq!(again, choice, "and is made again");
}

#[test]
fn a_store_that_was_emptied_away_between_choice_and_use_is_made_again() {
    let Some(world) = World::new() else { return };
    let stores = world.open();
    stores.declare_leases([]);
    let choice = world.choose(&stores, &world.place, LinkPreference::Share);
    assert_eq!(stores.remove_unused().expect("removes"), []);
    assert_eq!(world.entries("disk"), ["library"], "nobody had anything there");
    stores.ensure_tree(&choice.store, &ONE, unpack).expect("whoever chose it before can use it");
    assert_eq!(world.choose(&stores, &world.place, LinkPreference::Share), choice);
    assert_eq!(stores.all(), [StoreId::Main, choice.store]);
}

#[test]
fn a_store_that_was_deleted_by_hand_is_made_again() {
    let Some(world) = World::new() else { return };
    let stores = world.open();
    let choice = world.choose(&stores, &world.place, LinkPreference::Share);
    Dir::open_ambient(&world.folder.path().join("disk"))
        .expect("opens")
        .remove_tree(at(&choice).file_name().and_then(|name| name.to_str()).expect("a name"))
        .expect("removed");
    assert!(matches!(stores.ensure_tree(&choice.store, &ONE, unpack), Err(Error::StoreGone { .. })));
    assert_eq!(world.choose(&stores, &world.place, LinkPreference::Share), choice);
    stores.ensure_tree(&choice.store, &ONE, unpack).expect("unpacked");
}

#[test]
fn a_place_that_is_gone_because_it_was_empty_is_no_disk_that_is_away() {
    let Some(world) = World::new() else { return };
    let stores = world.open();
    let place = world.place.join("mods");
    fs::create_dir(&place).expect("created");
    let choice = world.choose(&stores, &place, LinkPreference::Share);
    fs::remove_dir(&place).expect("removed");
    let store = at(&choice);
    let name = store.file_name().and_then(|name| name.to_str()).expect("a name");
    Dir::open_ambient(store.parent().expect("a disk")).expect("opens").remove_tree(name).expect("removed");
    assert_eq!(world.choose(&stores, &place, LinkPreference::Share), choice);
}
