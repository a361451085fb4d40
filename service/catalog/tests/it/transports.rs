//! Fetching from hosts and folders that behave badly (`security.md` T-14, T-15, T-22).
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::time::{Duration, Instant};

use muster_catalog::{FetchError, FileTransport, HttpTimes, HttpTransport};
use muster_registry::{Fetched, Repository, TransportError};

use crate::support::{Answer, Host};

const TIMES: HttpTimes = HttpTimes {
    connect: Duration::from_millis(500),
    idle: Duration::from_millis(300),
    total: Duration::from_millis(1200),
    slowest: 20_000,
};

fn transport(address: &str) -> HttpTransport {
    HttpTransport::new(address.parse().expect("url"), TIMES).expect("transport")
}

async fn fetch(host: &Host, name: &str) -> Result<Fetched, TransportError> {
    transport(&host.address()).metadata(name, 1000).await
}

fn cause(outcome: Result<Fetched, TransportError>) -> FetchError {
    let error = outcome.expect_err("an error");
    let cause = error.source.expect("a cause");
    cause.downcast_ref::<FetchError>().expect("ours").clone()
}

#[tokio::test]
async fn only_definitive_answers_mean_not_found() {
    let host = Host::start().await;
    for status in [404, 403, 410] {
        host.answer("metadata/a.json", Answer::Status(status));
        assert_eq!(fetch(&host, "a.json").await.expect("definitive"), Fetched::NotFound, "{status}");
    }
    for status in [500, 502, 503, 504, 429, 401, 408, 400, 204, 206] {
        host.answer("metadata/a.json", Answer::Status(status));
        let error = cause(fetch(&host, "a.json").await);
        assert!(matches!(error, FetchError::ServerError { status: said, .. } if said == status), "{error}");
    }
    let address = host.address();
    drop(host);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let error = cause(transport(&address).metadata("a.json", 10).await);
    assert!(matches!(error, FetchError::Offline { .. }) && error.is_temporary(), "{error}");
    assert_eq!(obstacle(&error), "refused", "{error}");
}

/// What players are told to look at.
fn obstacle(error: &FetchError) -> String {
    let context = error.context();
    context.into_iter().find(|(name, _)| *name == "obstacle").expect("it is said").1
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_told_from_a_server_that_does_not_run() {
    // RFC 6761: names below `invalid` never exist.
    let error = cause(transport("https://mods.invalid/").metadata("a.json", 10).await);
    assert_eq!(obstacle(&error), "name", "{error:?}");
}

#[tokio::test]
async fn bytes_come_from_their_folders_under_our_name() {
    let host = Host::start().await;
    host.answer("metadata/1.root.json", Answer::Bytes(b"root".to_vec()));
    host.answer("targets/catalog/x.zst", Answer::Bytes(b"shard".to_vec()));
    let transport = transport(&host.address());
    assert_eq!(transport.metadata("1.root.json", 4).await.expect("found"), Fetched::Found(b"root".to_vec()));
    assert_eq!(transport.target("catalog/x.zst", 5).await.expect("found"), Fetched::Found(b"shard".to_vec()));
    let requests = host.take_requests();
    let agent = format!("user-agent: Muster/{}", env!("CARGO_PKG_VERSION"));
    assert!(
        requests.iter().all(|head| head.to_ascii_lowercase().contains(&agent.to_ascii_lowercase())),
        "{requests:?}"
    );
}

#[tokio::test]
async fn t14_endless_and_overlong_bodies_are_cut() {
    let host = Host::start().await;
    host.answer("metadata/endless.json", Answer::Endless);
    host.answer("metadata/long.json", Answer::Bytes(vec![b'x'; 1001]));
    host.answer("metadata/said.json", Answer::Truncated(usize::MAX / 2));
    host.answer("metadata/exact.json", Answer::Bytes(vec![b'x'; 1000]));
    for name in ["endless.json", "long.json", "said.json"] {
        let error = cause(fetch(&host, name).await);
        assert!(
            matches!(error, FetchError::TooLong { limit: 1000, .. }) && !error.is_temporary(),
            "{name}: {error}"
        );
    }
    assert!(matches!(fetch(&host, "exact.json").await, Ok(Fetched::Found(bytes)) if bytes.len() == 1000));
}

#[tokio::test]
async fn t15_silence_and_slow_drips_end_in_time() {
    let host = Host::start().await;
    host.answer("metadata/silent.json", Answer::Silent);
    host.answer("metadata/pause.json", Answer::Drip(Duration::from_secs(60)));
    host.answer("metadata/drip.json", Answer::Drip(Duration::from_millis(50)));
    for name in ["silent.json", "pause.json", "drip.json"] {
        let started = Instant::now();
        let error = cause(fetch(&host, name).await);
        assert!(matches!(error, FetchError::Timeout { .. }), "{name}: {error}");
        assert!(started.elapsed() < Duration::from_secs(5), "{name}");
    }
}

#[tokio::test]
async fn a_truncated_body_is_an_error_and_not_a_file() {
    let host = Host::start().await;
    host.answer("metadata/a.json", Answer::Truncated(500));
    let error = cause(fetch(&host, "a.json").await);
    assert!(matches!(error, FetchError::Offline { .. }), "{error}");
}

#[tokio::test]
async fn t22_redirects_stay_on_allowed_ground() {
    let (host, other) = (Host::start().await, Host::start().await);
    other.answer("moved.json", Answer::Bytes(b"moved".to_vec()));
    host.answer("metadata/good.json", Answer::Redirect(format!("{}moved.json", other.address())));
    host.answer("metadata/near.json", Answer::Redirect("good.json".into()));
    for name in ["good.json", "near.json"] {
        assert_eq!(fetch(&host, name).await.expect("followed"), Fetched::Found(b"moved".to_vec()), "{name}");
    }
    let bad = [
        "file:///etc/passwd",
        "http://10.0.0.1/x",
        "http://169.254.169.254/latest",
        "ftp://127.0.0.1/",
        "http://u:p@127.0.0.1/",
        "loop.json",
    ];
    for target in bad {
        host.answer("metadata/loop.json", Answer::Redirect(target.into()));
        let error = cause(fetch(&host, "loop.json").await);
        assert!(
            matches!(error, FetchError::RedirectRefused { .. }) && !error.is_temporary(),
            "{target}: {error}"
        );
    }
}

#[tokio::test]
async fn names_that_leave_the_registry_are_not_asked_for() {
    let host = Host::start().await;
    for name in ["../secret", "a/../../b", "http://127.0.0.1/x", "/etc/passwd", "a?b", "%2e%2e/x", "", "a\\b"]
    {
        let error = cause(fetch(&host, name).await);
        assert!(matches!(error, FetchError::RefusedName { .. }), "{name}");
    }
    assert!(host.take_requests().is_empty());
    let folder = tempfile::tempdir().expect("temp dir");
    let outcome = FileTransport::new(folder.path().into()).target("../x", 10).await;
    assert!(matches!(cause(outcome), FetchError::RefusedName { .. }));
}

#[tokio::test]
async fn a_folder_says_not_found_only_while_it_is_there() {
    let folder = tempfile::tempdir().expect("temp dir");
    let root = folder.path().join("registry");
    let transport = FileTransport::new(root.clone());
    let error = cause(transport.metadata("timestamp.json", 10).await);
    assert!(matches!(error, FetchError::File { .. }) && error.is_temporary(), "{error}");
    std::fs::create_dir_all(root.join("metadata")).expect("made");
    assert_eq!(transport.metadata("timestamp.json", 10).await.expect("definitive"), Fetched::NotFound);
    assert_eq!(transport.target("p/0f/a/b", 10).await.expect("definitive"), Fetched::NotFound);
    std::fs::write(root.join("metadata/timestamp.json"), b"0123456789").expect("written");
    let found = transport.metadata("timestamp.json", 10).await.expect("found");
    assert_eq!(found, Fetched::Found(b"0123456789".to_vec()));
    let error = cause(transport.metadata("timestamp.json", 9).await);
    assert!(matches!(error, FetchError::TooLong { limit: 9, .. }), "{error}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/hostname", root.join("metadata/link.json")).expect("linked");
        let error = cause(transport.metadata("link.json", 1000).await);
        assert!(matches!(error, FetchError::File { .. }), "{error}");
    }
}
