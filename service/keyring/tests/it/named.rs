//! Keys that lie where the player said.

use std::path::PathBuf;

use muster_domain::Coded as _;
use muster_keyring::{Error, Keyring, Place};

async fn read(place: &Place) -> Result<String, Error> {
    let read = Keyring::none().read_at(place, "https://api.example").await;
    read.map(|secret| secret.reveal().to_owned())
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_only_its_owner_reads_holds_a_key() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("token");
    let write = |text: &[u8], mode: u32| {
        std::fs::write(&path, text).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
    };
    let place = Place::file(path.clone()).expect("absolute");
    assert_eq!(read(&place).await.expect_err("missing").code(), "keyring-file");
    write(b"ghp_0123\n", 0o600);
    assert_eq!(read(&place).await, Ok("ghp_0123".into()));
    for open in [0o604, 0o640, 0o622] {
        write(b"ghp_0123\n", open);
        assert!(matches!(read(&place).await, Err(Error::FileOpen { .. })), "{open:o}");
    }
    for bad in [&b""[..], b"two words", b"two\nlines", b"\xff\xfe", &[b'x'; 5000]] {
        write(bad, 0o600);
        assert_eq!(read(&place).await.expect_err("no key").code(), "keyring-file");
    }
    write(b"ghp_0123\n", 0o600);
    let link = folder.path().join("link");
    symlink(&path, &link).expect("a link");
    for not_a_file in [link, folder.path().to_owned()] {
        let place = Place::file(not_a_file).expect("absolute");
        assert_eq!(read(&place).await.expect_err("no file").code(), "keyring-file");
    }
}

#[tokio::test]
async fn a_variable_that_is_not_set_is_named() {
    let place = Place::variable("MUSTER_TEST_NO_SUCH_KEY").expect("a name");
    assert_eq!(read(&place).await, Err(Error::Variable { name: "MUSTER_TEST_NO_SUCH_KEY".into() }));
    // Cargo sets it for every test.
    let place = Place::variable("CARGO_PKG_NAME").expect("a name");
    assert_eq!(read(&place).await, Ok("muster-keyring".into()));
}

#[test]
fn what_cannot_be_a_place_is_none() {
    for bad in ["", "1X", "A=B", "A B", "Ä", "A\0"] {
        assert_eq!(Place::variable(bad), None, "{bad:?}");
    }
    assert_eq!(Place::file(PathBuf::from("token")), None);
}
