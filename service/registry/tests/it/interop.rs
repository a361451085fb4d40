//! T-23: our registries load in the independent python `tuf`, and its repositories load here. Skipped, with a printed
//! reason, where that package is not installed; `MUSTER_PYTHON` names another interpreter than `python3`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use async_trait::async_trait;
use muster_registry::{Fetched, Limits, MemoryStore, PlainUpdater, Repository, TransportError, json, layout};

use crate::support::{World, key, name};

struct Folder(PathBuf);

impl Folder {
    fn read(&self, below: &str, name: &str) -> Result<Fetched, TransportError> {
        match fs::read(self.0.join(below).join(name)) {
            Ok(bytes) => Ok(Fetched::Found(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Fetched::NotFound),
            Err(error) => Err(TransportError::with_source("cannot read", error)),
        }
    }
}

#[async_trait]
impl Repository for Folder {
    async fn metadata(&self, name: &str, _: u64) -> Result<Fetched, TransportError> {
        self.read("metadata", name)
    }

    async fn target(&self, path: &str, _: u64) -> Result<Fetched, TransportError> {
        self.read("targets", path)
    }
}

/// The interpreter, if it has the package.
fn python() -> Option<String> {
    let python = std::env::var("MUSTER_PYTHON").unwrap_or_else(|_| "python3".into());
    let probe = "import tuf.ngclient, securesystemslib.signer, cryptography";
    let found =
        Command::new(&python).args(["-c", probe]).output().is_ok_and(|output| output.status.success());
    if !found {
        println!(
            "skipped: {python} has no package tuf with its crypto extra (pip install 'tuf==7.0.1' cryptography)"
        );
    }
    found.then_some(python)
}

fn run(python: &str, arguments: &[&Path]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support/interop.py");
    let output = Command::new(python).arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn write(folder: &Path, files: &std::collections::BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
}

#[test]
fn t23_python_tuf_installs_from_our_registry() {
    let Some(python) = python() else { return };
    let mut world = World::new();
    world.now = jiff::Timestamp::now();
    world.admit("alice", &key(11));
    world.introduce("carol", &key(13));
    world.publish("alice/trees", "1.0.0", &key(11));
    world.publish("carol/trees", "1.0.0", &key(13));
    world.refresh();
    let folder = tempfile::tempdir().unwrap();
    let (metadata, targets) = world.files.all();
    write(&folder.path().join("metadata"), &metadata);
    write(&folder.path().join("targets"), &targets);
    for package in ["alice/trees", "carol/trees"] {
        let version = muster_domain::Version::semver("1.0.0").unwrap();
        let path = layout::archive_path(&name(package), &version);
        let printed = run(&python, &[Path::new("download"), folder.path(), Path::new(&path)]);
        assert_eq!(printed.as_bytes(), crate::support::archive_bytes(package, "1.0.0", b""));
    }
    let catalogue = metadata.keys().find(|name| name.ends_with("catalog.json")).unwrap();
    assert!(!catalogue.is_empty());
}

#[tokio::test]
async fn t23_a_repository_of_python_tuf_loads_here() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    run(&python, &[Path::new("create"), folder.path()]);
    let root = fs::read(folder.path().join("metadata/1.root.json")).unwrap();
    let repository = Arc::new(Folder(folder.path().to_owned()));
    let store = Arc::new(MemoryStore::default());
    let mut updater = PlainUpdater::open(&root, repository, store, Limits::default()).await.unwrap();
    let now = jiff::Timestamp::now();
    updater.refresh(now).await.unwrap();
    let target = updater.find(now, "p/größe.txt").await.unwrap();
    assert_eq!(updater.fetch(&target, 1000).await.unwrap(), "Grüße\n".as_bytes());
    assert!(updater.find(now, "q/other.txt").await.is_err());
}

#[test]
fn t23_canonical_json_is_that_of_securesystemslib() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let document = serde_json::json!({
        "ä": "Grüße \"quoted\" \\ back", "a": [1, -2, 0, true, false, null], "Z": { "b": {}, "a": [] },
        "lines": "one\ntwo\ttab\u{7f}", "large": 9_007_199_254_740_993_u64, "\u{1f600}": "\u{10ffff}",
    });
    let file = folder.path().join("document.json");
    fs::write(&file, serde_json::to_vec(&document).unwrap()).unwrap();
    let printed = run(&python, &[Path::new("canonical"), &file]);
    assert_eq!(printed.trim(), hex::encode(json::canonical(&document).unwrap()));
}
