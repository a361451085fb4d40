//! The system's keyring: what goes in comes out, and nothing waits for ever.

use std::time::{Duration, Instant};

use muster_domain::Secret;
use muster_keyring::{Error, Keyring, Patience, Place};

use crate::desktop::Desktop;

const SERVICE: &str = "https://api.example";

fn secret(text: &str) -> Secret {
    Secret::parse(text).expect("a secret")
}

fn shown(read: Result<Secret, Error>) -> Result<String, Error> {
    read.map(|secret| secret.reveal().to_owned())
}

#[tokio::test]
async fn a_key_is_kept_replaced_read_and_forgotten() {
    let Some(desktop) = Desktop::with_keyring() else { return };
    let keyring = Keyring::on_bus(&desktop.address());
    assert_eq!(shown(keyring.read(SERVICE).await), Err(Error::Missing));
    keyring.forget(SERVICE).await.expect("nothing is there to be forgotten");
    keyring.write(SERVICE, &secret("first")).await.expect("kept");
    keyring.write("https://other.example", &secret("another")).await.expect("kept");
    keyring.write(SERVICE, &secret("second")).await.expect("replaced");
    assert_eq!(shown(keyring.read(SERVICE).await), Ok("second".into()));
    assert_eq!(shown(keyring.read_at(&Place::Keyring, SERVICE).await), Ok("second".into()));
    keyring.write_unasked(SERVICE, &secret("third")).await.expect("it is open");
    assert_eq!(shown(keyring.read(SERVICE).await), Ok("third".into()));
    keyring.forget(SERVICE).await.expect("forgotten");
    assert_eq!(shown(keyring.read(SERVICE).await), Err(Error::Missing));
    assert_eq!(shown(keyring.read("https://other.example").await), Ok("another".into()));
    let kept = std::fs::read_dir(desktop.home().join(".local/share/keyrings")).expect("the keyring's files");
    for file in kept {
        let bytes = std::fs::read(file.expect("an entry").path()).expect("reads");
        assert!(!bytes.windows(7).any(|seen| seen == b"another"), "keyrings keep nothing in the clear");
    }
}

#[tokio::test]
async fn a_locked_keyring_is_not_asked_to_open_for_reading() {
    let Some(desktop) = Desktop::with_keyring() else { return };
    let patience = Patience { answer: Duration::from_secs(5), player: Duration::from_secs(5) };
    let keyring = Keyring::on_bus(&desktop.address()).with_patience(patience);
    keyring.write(SERVICE, &secret("k3y")).await.expect("kept");
    desktop.lock();
    let asked = Instant::now();
    assert_eq!(shown(keyring.read(SERVICE).await), Err(Error::Locked));
    assert_eq!(keyring.write_unasked(SERVICE, &secret("other")).await, Err(Error::Locked));
    assert!(asked.elapsed() < Duration::from_secs(4), "nobody is waited for");
    // There is no screen to ask on: the question ends by itself, or the patience does.
    let refused = keyring.write(SERVICE, &secret("other")).await.expect_err("locked");
    assert!(matches!(refused, Error::Locked | Error::NoAnswer), "{refused:?}");
    assert!(keyring.forget(SERVICE).await.is_err(), "a key that is still there is not called forgotten");
}

#[tokio::test]
async fn where_there_is_no_keyring_that_is_said_at_once() {
    let nowhere = Keyring::on_bus("unix:path=/nonexistent/bus");
    for keyring in [Keyring::none(), nowhere] {
        let asked = Instant::now();
        assert_eq!(shown(keyring.read(SERVICE).await), Err(Error::Absent));
        assert_eq!(keyring.write(SERVICE, &secret("k3y")).await, Err(Error::Absent));
        assert_eq!(keyring.forget(SERVICE).await, Err(Error::Absent));
        assert!(asked.elapsed() < Duration::from_secs(2));
    }
    let Some(desktop) = Desktop::start() else { return };
    let keyring = Keyring::on_bus(&desktop.address());
    assert_eq!(keyring.write(SERVICE, &secret("k3y")).await, Err(Error::Absent), "a bus, and nobody on it");
    assert_eq!(shown(keyring.read(SERVICE).await), Err(Error::Absent));
}

#[tokio::test]
async fn a_keyring_that_says_nothing_is_not_waited_for_longer_than_agreed() {
    // Whoever listens there accepts and never answers, as a bus that hangs does.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bus");
    let _listener = std::os::unix::net::UnixListener::bind(&path).expect("bound");
    let patience = Patience { answer: Duration::from_millis(300), player: Duration::from_millis(600) };
    let keyring = Keyring::on_bus(&format!("unix:path={}", path.display())).with_patience(patience);
    let asked = Instant::now();
    assert_eq!(shown(keyring.read(SERVICE).await), Err(Error::NoAnswer));
    assert!(asked.elapsed() >= Duration::from_millis(300));
    assert_eq!(keyring.write(SERVICE, &secret("k3y")).await, Err(Error::NoAnswer));
    assert!(asked.elapsed() < Duration::from_secs(5));
}
