//! A key of the player's: in the keyring, at the service's own host, and nowhere else.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

#[expect(dead_code, reason = "the tests of the keyring itself need more of it")]
#[path = "../../../../service/keyring/tests/it/desktop.rs"]
mod desktop;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
};

use desktop::Desktop;
use muster_suite::{World, muster};
use serde_json::json;

const KEY: &str = "ghp_Zq8mTestOnly4Xw1";
const SECOND: &str = "ghp_Vb3nTestOnly7Yk2";

type Heads = Arc<Mutex<Vec<String>>>;

/// A web host that writes down what it is asked. What the closure gives is the answer: status, more of the head, body.
struct Host {
    address: String,
    heads: Heads,
}

impl Host {
    fn start(answer: impl Fn(&str) -> (u16, String, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}/", listener.local_addr().expect("an address"));
        let heads = Heads::default();
        let log = heads.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
                let head: Vec<String> =
                    lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
                let head = head.join("\n");
                let (status, more, body) = answer(&head);
                log.lock().expect("a log").push(head);
                let length = body.len();
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n{body}"
                );
            }
        });
        Self { address, heads }
    }

    /// What was asked since the last call.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.heads.lock().expect("a log"))
    }
}

fn releases() -> String {
    json!([{"tag_name": "v1", "draft": false, "prerelease": false, "body": "", "published_at": "2026-01-01T00:00:00Z",
        "assets": [{"name": "glow-1.zip", "size": 7, "state": "uploaded", "digest": null, "download_count": 1,
            "browser_download_url": "https://a.example/glow-1.zip"}]}])
    .to_string()
}

/// A service whose list lies at another host, which it leads to; it takes the given keys, or none.
fn service_and_other() -> (Host, Host) {
    let other = Host::start(|_| (200, String::new(), releases()));
    let elsewhere = format!("location: {}list\r\n", other.address);
    let service = Host::start(move |head| {
        let refused = head.contains("Bearer ") && !head.contains(KEY) && !head.contains(SECOND);
        match head.contains("/releases?") {
            _ if refused => (401, String::new(), String::new()),
            true => (302, elsewhere.clone(), String::new()),
            false => (200, String::new(), json!({"description": "It glows"}).to_string()),
        }
    });
    (service, other)
}

fn give(world: &World, key: &str) {
    let mut child = world
        .command(&muster())
        .args(["source", "key", "gh", "set"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("muster runs");
    child.stdin.take().expect("piped").write_all(format!("{key}\n").as_bytes()).expect("written");
    child.wait().expect("ends");
}

fn add(world: &World, service: &Host) {
    let address = format!("github:minetest+{}repos/Ada/glow", service.address);
    world.muster_ok(&["source", "add", &address, "--alias", "gh"]);
}

fn told(heads: &[String], key: &str) -> bool {
    heads.iter().any(|head| head.contains(key))
}

/// Every file below a folder that holds these bytes.
fn files_with(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            found.extend(files_with(&entry.path(), bytes));
        } else if kind.is_file()
            && std::fs::read(entry.path())
                .is_ok_and(|text| text.windows(bytes.len()).any(|part| part == bytes))
        {
            found.push(entry.path().display().to_string());
        }
    }
    found
}

fn problem(world: &World) -> Option<String> {
    let sources = world.muster_json(&["source", "list"]);
    sources[0]["problem"]["code"].as_str().map(str::to_owned)
}

#[test]
fn a_key_is_told_to_its_own_host_only_and_written_down_nowhere() {
    let Some(desktop) = Desktop::with_keyring() else { return };
    let (service, other) = service_and_other();
    let mut world = World::new();
    // Everything that any part of the program could say of itself.
    world.start_with(|command| {
        command.env("DBUS_SESSION_BUS_ADDRESS", desktop.address()).env("MUSTER_LOG", "trace");
    });
    add(&world, &service);
    assert!(!told(&service.take(), "authorization"), "nobody is told what nobody gave");
    assert!(world.muster_ok(&["source", "key", "gh", "show"]).contains("There is no key"));

    give(&world, KEY);
    world.muster_ok(&["source", "sync", "gh"]);
    let asked = service.take();
    assert!(asked.iter().all(|head| head.contains(&format!("Bearer {KEY}"))), "{asked:?}");
    let led = other.take();
    assert!(led.len() >= 2 && !told(&led, KEY) && !told(&led, "authorization"), "{led:?}");
    assert!(world.muster_ok(&["source", "key", "gh", "show"]).contains("in the keyring"));

    give(&world, SECOND);
    world.muster_ok(&["source", "sync", "gh"]);
    assert!(service.take().last().expect("asked").contains(SECOND));
    give(&world, "ghp_of_nobody_at_all");
    assert_eq!(problem(&world).as_deref(), Some("catalog-key-refused"));
    give(&world, "two words");
    assert!(world.muster_json(&["source", "key", "gh", "show"])["place"] == "keyring");

    give(&world, KEY);
    let said = [
        world.muster_json(&["source", "list"]).to_string(),
        world.muster_json(&["settings"]).to_string(),
        world.muster_json(&["source", "key", "gh", "show"]).to_string(),
        world.muster_json(&["status"]).to_string(),
        world.log(),
    ];
    assert!(said.iter().all(|text| !text.contains(KEY) && !text.contains(SECOND)));
    for key in [KEY, SECOND, "ghp_of_nobody_at_all", "two words"] {
        assert_eq!(files_with(world.path(), key.as_bytes()), Vec::<String>::new());
    }
    // The same service after a start: the key comes from the keyring again.
    world.kill();
    world.start_with(|command| {
        command.env("DBUS_SESSION_BUS_ADDRESS", desktop.address());
    });
    service.take();
    world.muster_ok(&["source", "sync", "gh"]);
    assert!(told(&service.take(), KEY));
    world.muster_ok(&["source", "key", "gh", "forget"]);
    world.muster_ok(&["source", "sync", "gh"]);
    let asked = service.take();
    assert!(!told(&asked, "authorization"), "{asked:?}");
}

#[test]
fn without_a_keyring_that_is_said_and_a_file_or_variable_of_the_players_does() {
    use std::os::unix::fs::PermissionsExt as _;
    let (service, _other) = service_and_other();
    let mut world = World::new();
    world.start_with(|command| {
        command.env("MUSTER_TEST_KEY", SECOND);
    });
    add(&world, &service);
    let run = world.muster_fails(
        &["source", "key", "gh", "set", "--variable", "NOT_SET_AT_ALL"],
        5,
        "keyring-variable",
    );
    assert!(run.err.contains("NOT_SET_AT_ALL"));
    service.take();
    world.muster_ok(&["source", "key", "gh", "set", "--variable", "MUSTER_TEST_KEY"]);
    assert!(told(&service.take(), SECOND));

    let file = world.player().join("token");
    std::fs::write(&file, format!("{KEY}\n")).expect("written");
    let close = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("set");
    let name = file.to_str().expect("a path");
    close(0o644);
    world.muster_fails(&["source", "key", "gh", "set", "--file", name], 5, "keyring-file-open");
    close(0o600);
    world.muster_ok(&["source", "key", "gh", "set", "--file", name]);
    assert!(told(&service.take(), KEY));
    assert!(world.muster_ok(&["source", "key", "gh", "show"]).contains(name));
    assert_eq!(files_with(&world.places().state, KEY.as_bytes()), Vec::<String>::new());

    // Opened to others meanwhile: asked without it, and said.
    world.kill();
    close(0o604);
    world.start();
    service.take();
    world.muster_ok(&["source", "sync", "gh"]);
    assert!(!told(&service.take(), "authorization"));
    assert_eq!(world.muster_json(&["source", "key", "gh", "show"])["problem"]["code"], "keyring-file-open");
    world.muster_ok(&["source", "key", "gh", "forget"]);
    assert!(file.is_file(), "a file of the player's stays");

    // Typed in, and nowhere to be kept.
    let mut typed = world.command(&muster());
    typed
        .args(["source", "key", "gh", "set"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut typed = typed.spawn().expect("muster runs");
    typed.stdin.take().expect("piped").write_all(KEY.as_bytes()).expect("written");
    let output = typed.wait_with_output().expect("ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.contains("keyring-absent") && said.contains("--variable"),
        "{said}"
    );
    assert!(!said.contains(KEY));
    assert_eq!(files_with(&world.places().state, KEY.as_bytes()), Vec::<String>::new());
}

#[test]
fn what_takes_no_key_says_so() {
    let mut world = World::new();
    world.start();
    world.add_starter();
    world.muster_fails(&["source", "key", "starter", "show"], 5, "source-takes-no-key");
}
