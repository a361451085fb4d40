//! The judge: a real game server loads what was deployed, and says so.
#![allow(clippy::disallowed_methods)]

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use muster_deploy::{
    Choices, Deployment, Desired, DesiredEdit, PackageFiles, PackageKey, PlacedPackage, TreeFile, Watch,
    merge, place_files,
};
use muster_domain::{PortablePath, Sha256};
use muster_fsx::Dir;
use muster_games::{
    Definition, Installation, LaunchContext, Library, LogVerdict, ThisMachine, detect, launch_command,
    read_log, running,
};
use sha2::{Digest as _, Sha256 as Hasher};

/// Ends the server however the test ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn hash(bytes: &[u8]) -> Sha256 {
    Sha256(Hasher::digest(bytes).into())
}

fn package(
    store: &Path,
    definition: &Definition,
    name: &str,
    files: &[(&str, &str)],
) -> (PlacedPackage, Dir) {
    let tree = hash(name.as_bytes());
    let folder = store.join(name);
    let mut list = Vec::new();
    for (path, text) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().expect("parent")).expect("folders");
        fs::write(&file, text).expect("file");
        let path: PortablePath = path.parse().expect("path");
        list.push(TreeFile { path, size: text.len() as u64, sha256: hash(text.as_bytes()) });
    }
    let dir = Dir::open_ambient(&folder).expect("tree");
    let read = |path: &PortablePath| dir.read(path, 65536).ok();
    let files = PackageFiles { name, payload: None, files: &list, text: &read, rules: &[], config: &[] };
    let placed = place_files(definition, &files).expect("places");
    let package = PackageKey {
        source: "folder:test".parse().expect("source"),
        id: format!("ada/{name}").parse().expect("id"),
    };
    (PlacedPackage { package, tree, placed: placed.into() }, dir)
}

fn run(definition: &Definition, game: &Installation, home: &Path, port: u16) -> LogVerdict {
    let context = LaunchContext {
        world: Some(home.join(".minetest/worlds/trial")),
        content: Some("minetest_game".into()),
        port: Some(port),
        config: Some(home.join("conf")),
        home: Some(home.to_owned()),
        ..LaunchContext::default()
    };
    let command = launch_command(definition, game, "host", &context).expect("command");
    let log = fs::File::create(home.join("log")).expect("log");
    let child = std::process::Command::new(&command.program)
        .args(&command.args)
        .envs(&command.env)
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("handle"))
        .stderr(log)
        .spawn()
        .expect("starts");
    let server = Server(child);
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        std::thread::sleep(Duration::from_millis(50));
        let text = String::from_utf8_lossy(&fs::read(home.join("log")).expect("log")).into_owned();
        let verdict = read_log(definition, &text);
        if verdict.is_ready {
            let processes = running(&ThisMachine, definition, std::slice::from_ref(game));
            assert!(
                processes.iter().any(|process| process.process == server.0.id() && process.role == "server")
            );
            return verdict;
        }
        assert!(Instant::now() < deadline, "the server is not ready:\n{text}");
    }
}

#[test]
fn a_real_server_loads_the_deployed_mods() {
    let definition = Library::shipped()
        .expect("shipped")
        .get(&"minetest".parse().expect("id"))
        .expect("known")
        .as_ref()
        .clone();
    let found = detect(&ThisMachine, &ThisMachine::environment(), &definition);
    let Some(game) = found.iter().find(|game| game.programs.contains_key("server")) else {
        println!("skipped: no Minetest server is installed");
        return;
    };
    assert!(game.version.is_some(), "{game:?}");
    let temp = tempfile::tempdir().expect("temp dir");
    let home = temp.path().join("home");
    let user = home.join(".minetest");
    fs::create_dir_all(user.join("worlds/trial")).expect("world");
    fs::create_dir_all(user.join("mods")).expect("mods");
    let settings = "gameid = minetest_game\nbackend = dummy\n";
    fs::write(user.join("worlds/trial/world.mt"), settings).expect("world.mt");
    fs::write(home.join("conf"), "").expect("conf");
    let game = game.with_root(&definition, "user", &user);

    let store = temp.path().join("store");
    let base = package(
        &store,
        &definition,
        "base-stones",
        &[
            ("mod.conf", "name = base_stones\n"),
            ("init.lua", "minetest.log(\"action\", \"stones are here\")\n"),
        ],
    );
    let castle = package(
        &store,
        &definition,
        "castle",
        &[
            ("castle/mod.conf", "name = castle\ndepends = base_stones\n"),
            ("castle/init.lua", "minetest.register_node(\"castle:wall\", { description = \"Wall\" })\n"),
        ],
    );
    let trees: BTreeMap<Sha256, Dir> = [(base.0.tree, base.1), (castle.0.tree, castle.1)].into();
    let packages = [base.0, castle.0];
    let names: Vec<&str> = packages.iter().flat_map(|p| p.placed.all_names()).collect();
    let world_settings = definition.world_settings.as_ref().expect("worlds have settings");
    let edit = DesiredEdit {
        place: world_settings.place.clone(),
        path: format!("trial/{}", world_settings.file).parse().expect("path"),
        lines: world_settings.lines.lines(names).expect("names").into(),
    };
    let desired = merge(&packages, vec![edit.clone()]).expect("merges");

    let places = game.places.clone();
    let (mut deployment, _) = Deployment::open(places, &temp.path().join("state")).expect("opens");
    let mut progress = |_| {};
    let mut watch =
        Watch { trees: &trees, links: &definition.links, progress: &mut progress, cancelled: &|| false };
    let plan = deployment.plan(&desired, &Choices::default()).expect("plans");
    deployment.apply(&plan, &mut watch).expect("applies");

    let port = 30_000 + u16::try_from(std::process::id() % 20_000).expect("small");
    let verdict = run(&definition, &game, &home, port);
    assert!(verdict.has_loaded(["base_stones", "castle"]), "{verdict:?}");
    assert!(verdict.problems.iter().all(|p| p.kind != "missing-dependency"), "{verdict:?}");

    // Without what it needs: the server starts all the same, and the log tells.
    let alone = merge(&packages[1..], vec![edit]).expect("merges");
    let plan = deployment.plan(&alone, &Choices::default()).expect("plans");
    deployment.apply(&plan, &mut watch).expect("applies");
    let verdict = run(&definition, &game, &home, port);
    assert!(!verdict.has_loaded(["castle"]));
    let missing =
        verdict.problems.iter().find(|problem| problem.kind == "missing-dependency").expect("reported");
    assert_eq!(missing.mod_name.as_deref(), Some("castle"));

    let plan = deployment.plan(&Desired::default(), &Choices::default()).expect("plans");
    deployment.apply(&plan, &mut watch).expect("applies");
    assert_eq!(fs::read_dir(user.join("mods")).expect("lists").count(), 0);
    let left = fs::read_to_string(user.join("worlds/trial/world.mt")).expect("reads");
    assert!(left.contains("backend = dummy") && !left.contains("load_mod_castle"), "{left}");
}
