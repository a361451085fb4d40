//! The service as a process: one per user, behind its socket, on data that it understands.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    fs,
    io::{Read, Write},
    os::unix::{
        fs::{PermissionsExt, symlink},
        net::{UnixListener, UnixStream},
    },
    process::Output,
    time::Duration,
};

use muster_suite::{World, files, service, wait_for};

fn start(world: &World) -> Output {
    world.command(&service()).arg("--headless").output().expect("the service starts")
}

fn mode(path: &std::path::Path) -> u32 {
    fs::symlink_metadata(path).expect("it is there").permissions().mode() & 0o777
}

/// Sends bytes over the socket and gives the head's first line and the body.
fn raw(world: &World, request: &[u8]) -> (String, String) {
    let mut stream = UnixStream::connect(world.socket()).expect("a service listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket");
    // A refusal may come before everything was sent.
    let _ = stream.write_all(request);
    let mut reply = Vec::new();
    let _ = stream.read_to_end(&mut reply);
    let reply = String::from_utf8_lossy(&reply).into_owned();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap_or((&reply, ""));
    (head.lines().next().unwrap_or_default().to_owned(), body.to_owned())
}

fn request(method: &str, path: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let mut text =
        format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for header in headers {
        text.push_str(&format!("{header}\r\n"));
    }
    format!("{text}\r\n{body}").into_bytes()
}

const JSON: &[&str] = &["Host: muster", "Content-Type: application/json"];

#[test]
fn only_the_user_can_reach_the_socket() {
    let mut world = World::new();
    world.start();
    assert_eq!(mode(&world.socket()), 0o600);
    assert_eq!(mode(&world.places().run), 0o700);
    assert_eq!(mode(&world.places().state), 0o700);
}

#[test]
fn a_second_service_says_who_runs_and_ends() {
    let mut world = World::new();
    world.start();
    let output = start(&world);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(&world.pid().to_string()), "{said}");
    world.muster_ok(&["status"]);
}

#[test]
fn what_lies_where_the_socket_belongs_is_left_alone() {
    let world = World::new();
    let socket = world.socket();
    let folder = socket.parent().expect("in a folder").to_owned();
    fs::create_dir_all(&folder).expect("a folder");
    let target = world.path().join("target");
    fs::write(&target, "of the player").expect("a file");

    fs::write(&socket, "a file").expect("a file");
    assert_eq!(start(&world).status.code(), Some(1));
    assert_eq!(fs::read(&socket).expect("left"), b"a file");
    fs::remove_file(&socket).expect("a file");

    fs::create_dir(&socket).expect("a folder");
    assert_eq!(start(&world).status.code(), Some(1));
    fs::remove_dir(&socket).expect("left");

    symlink(&target, &socket).expect("a link");
    let output = start(&world);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("service.sock"), "{output:?}");
    assert!(fs::symlink_metadata(&socket).expect("left").is_symlink());
    assert_eq!(fs::read(&target).expect("left"), b"of the player");
    fs::remove_file(&socket).expect("a link");

    world.muster_ok(&["start"]);
}

#[test]
fn a_folder_for_the_socket_that_is_a_link_is_refused() {
    let world = World::new();
    let folder = world.socket().parent().expect("in a folder").to_owned();
    fs::create_dir_all(folder.parent().expect("in a folder")).expect("a folder");
    let elsewhere = world.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    symlink(&elsewhere, &folder).expect("a link");
    assert_eq!(start(&world).status.code(), Some(1));
    assert!(!elsewhere.join("service.sock").exists());
}

#[test]
fn what_a_killed_service_left_does_not_keep_the_next_from_starting() {
    let mut world = World::new();
    world.start();
    world.kill();
    assert!(world.socket().exists() && world.places().service_lock().exists());
    world.muster_fails(&["status"], 3, "service-unreachable");
    world.start();
    world.muster_ok(&["status"]);
}

#[test]
fn a_stranger_on_the_socket_is_no_service() {
    let world = World::new();
    fs::create_dir_all(world.socket().parent().expect("in a folder")).expect("a folder");
    let listener = UnixListener::bind(world.socket()).expect("a socket");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(b"220 mail.example ESMTP\r\n");
        }
    });
    world.muster_fails(&["status"], 3, "service-protocol");
}

#[test]
fn a_newer_database_is_refused_and_left_as_it_is() {
    let mut world = World::new();
    world.start();
    world.muster_ok(&["stop"]);
    let path = world.places().state.join("state.db");
    let database = rusqlite::Connection::open(&path).expect("a database");
    database.pragma_update(None, "user_version", 9999).expect("a number");
    database.close().expect("closed");
    let (bytes, state) = (fs::read(&path).expect("a file"), files(&world.places().state));
    world.kill();
    let output = start(&world);
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("muster-service: "), "{output:?}");
    assert_eq!(fs::read(&path).expect("a file"), bytes);
    assert_eq!(files(&world.places().state).keys().collect::<Vec<_>>(), state.keys().collect::<Vec<_>>());
    let run = world.muster_fails(&["list"], 3, "service-start");
    assert!(run.err.contains("newer"), "{run:?}");
}

#[test]
fn a_database_that_is_none_is_refused_and_left_as_it_is() {
    let world = World::new();
    let path = world.places().state.join("state.db");
    fs::create_dir_all(&world.places().state).expect("a folder");
    fs::write(&path, "this is not a database, and it is long enough to be looked at as one. ".repeat(100))
        .expect("a file");
    let bytes = fs::read(&path).expect("a file");
    let output = start(&world);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(fs::read(&path).expect("a file"), bytes);
}

/// `security.md` T-99.
#[test]
fn requests_of_web_pages_are_refused() {
    let mut world = World::new();
    world.start();
    assert!(raw(&world, &request("GET", "/v1/version", &["Host: muster"], "")).0.contains("200"));
    for marks in [
        &["Host: muster", "Origin: https://x.example"][..],
        &["Host: muster", "Origin: null"],
        &["Host: muster", "Referer: https://x.example/"],
        &["Host: muster", "Sec-Fetch-Site: cross-site"],
        &["Host: localhost"],
        &["Host: x.example"],
        &[],
    ] {
        let (head, body) = raw(&world, &request("GET", "/v1/version", marks, ""));
        assert!(head.contains(" 403 ") && body.contains("api-browser"), "{marks:?}: {head} {body}");
        let (head, _) = raw(&world, &request("POST", "/v1/shutdown", marks, ""));
        assert!(head.contains(" 403 "), "{marks:?}: {head}");
    }
    world.muster_ok(&["status"]);
}

#[test]
fn requests_that_make_no_sense_are_refused_by_name() {
    let mut world = World::new();
    world.start();
    let profile = world.profile().id;
    let settings = world.muster_ok(&["settings", "--json"]);
    let change = format!("/v1/profiles/{profile}");
    for (method, path, headers, body, status, code) in [
        ("PATCH", "/v1/settings", JSON, "{", 400, "api-bad-body"),
        ("PATCH", "/v1/settings", JSON, "[]", 400, "api-bad-body"),
        ("PATCH", "/v1/settings", JSON, r#"{"no_such_setting": 1}"#, 400, "api-bad-body"),
        ("PATCH", "/v1/settings", JSON, r#"{"upload_limit": "many"}"#, 400, "api-bad-body"),
        ("PATCH", "/v1/settings", JSON, r#"{"upload_limit": -1}"#, 400, "api-bad-body"),
        ("PATCH", "/v1/settings", JSON, r#"{"cache_quota": 1}"#, 400, "engine-invalid-setting"),
        ("PATCH", "/v1/settings", &["Host: muster", "Content-Type: text/plain"], "{}", 415, "api-not-json"),
        ("POST", "/v1/changes", JSON, "{}", 400, "engine-nothing-asked"),
        ("POST", "/v1/changes", JSON, r#"{"profile": "../x", "update_all": true}"#, 400, "api-bad-value"),
        ("POST", "/v1/transfers/zz/peers", JSON, r#"{"peers": []}"#, 400, "api-bad-value"),
        ("GET", "/v1/nothing", JSON, "", 404, "api-unknown-operation"),
        ("DELETE", "/v1/settings", JSON, "", 405, "api-unknown-operation"),
        ("GET", "/v1/profiles/not-an-id", JSON, "", 400, "api-bad-value"),
        ("GET", "/v1/jobs/00000000-0000-7000-8000-000000000000", JSON, "", 404, "job-unknown"),
        ("PATCH", &change, JSON, r#"{"name": 7}"#, 400, "api-bad-body"),
    ] {
        let (head, reply) = raw(&world, &request(method, path, headers, body));
        let problem: serde_json::Value = serde_json::from_str(&reply).unwrap_or_default();
        assert!(head.contains(&format!(" {status} ")), "{method} {path} {body}: {head} {reply}");
        assert_eq!(problem["code"], code, "{method} {path} {body}: {reply}");
        assert!(problem["trace"].as_str().is_some_and(|trace| !trace.is_empty()), "{reply}");
    }
    assert_eq!(world.muster_ok(&["settings", "--json"]), settings);
}

#[test]
fn a_body_that_is_too_long_is_refused() {
    let mut world = World::new();
    world.start();
    let long = format!(r#"{{"language": "{}"}}"#, "x".repeat(muster_api::MAX_BODY + 1));
    let (head, _) = raw(&world, &request("PATCH", "/v1/settings", JSON, &long));
    assert!(head.contains(" 413 "), "{head}");
    // What is not HTTP at all ends its own connection and nothing else.
    for garbage in [&[0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3][..], "x".repeat(200_000).as_bytes()] {
        let mut stream = UnixStream::connect(world.socket()).expect("a service listens");
        let _ = stream.write_all(garbage);
    }
    world.muster_ok(&["status"]);
}

#[test]
fn a_service_that_is_asked_to_end_cleans_up() {
    let mut world = World::new();
    world.start();
    world.muster_ok(&["stop"]);
    let status = world.wait_end(muster_suite::PATIENCE).expect("it ends");
    assert!(status.success());
    assert!(!world.socket().exists());
    world.start();
    let pid = world.pid().to_string();
    assert!(std::process::Command::new("kill").arg(&pid).status().expect("kill runs").success());
    assert!(world.wait_end(muster_suite::PATIENCE).expect("it ends").success());
    assert!(!world.socket().exists());
}

#[test]
fn programs_that_start_at_once_share_one_service() {
    let world = World::new();
    let children: Vec<_> = (0..4)
        .map(|_| {
            let mut command = world.command(&muster_suite::muster());
            command
                .args(["profile", "list"])
                .stdout(std::process::Stdio::null())
                .spawn()
                .expect("muster runs")
        })
        .collect();
    for mut child in children {
        assert!(child.wait().expect("it ends").success());
    }
    let log = wait_for("a log", || Some(world.log()).filter(|log| log.contains("ready")));
    assert_eq!(log.matches("the service starts").count(), 1, "{log}");
}
