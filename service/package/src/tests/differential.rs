//! T-68: other programs read our packages as we do.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use super::{
    AUTHORED, GO,
    damage::{Random, mutate},
    mutations::seeds,
    noise, packed, text,
};
use crate::{Limits, Validated, validate, verify};

const PYTHON: &str = "
import hashlib, sys, zipfile
for path in sys.argv[1:]:
    with zipfile.ZipFile(path) as z:
        assert z.testzip() is None
        for i in z.infolist():
            print(i.filename, i.file_size, hashlib.sha256(z.read(i)).hexdigest())
";

fn listing(package: &Validated) -> Vec<String> {
    let manifest = format!("manifest.yaml {} {}", package.manifest_bytes().len(), package.manifest_sha256());
    let files = package.files().map(|(file, _)| format!("files/{} {} {}", file.path, file.size, file.sha256));
    std::iter::once(manifest).chain(files).collect()
}

fn archive() -> (tempfile::NamedTempFile, Vec<String>) {
    let files: &[(&str, &[u8])] =
        &[("Grüße/ß.txt", b"1"), ("noise", &noise(100_000)), ("text", &text(300_000)), ("empty", b"")];
    let bytes = packed(AUTHORED, files);
    let package = validate(&bytes, &Limits::default()).expect("sound");
    let lines = listing(&package);
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    muster_fsx::write_atomic(file.path(), &bytes).expect("written");
    (file, lines)
}

/// What the program printed; `None` if it is not installed here.
fn run(command: &mut Command) -> Option<String> {
    let output = match command.stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) => {
            eprintln!("skipped: {} is not available here ({error})", command.get_program().display());
            return None;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

#[test]
fn t68_python_reads_the_same() {
    let (file, expected) = archive();
    let command = &mut Command::new("python3");
    let Some(found) = run(command.args(["-X", "utf8", "-c", PYTHON]).arg(file.path())) else { return };
    assert_eq!(found.lines().collect::<Vec<_>>(), expected);
}

/// Damage that we do not notice must mean nothing to others either.
#[test]
fn t68_python_reads_damaged_but_accepted_archives_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut random, mut expected, mut paths) = (Random(4), Vec::new(), Vec::new());
    for seed in seeds() {
        for _ in 0..4_000 {
            let mut bytes = seed.clone();
            mutate(&mut bytes, &mut random);
            let Ok(package) = validate(&bytes, &Limits::default()) else { continue };
            if bytes != seed && verify(&bytes, &package, GO).is_ok() {
                expected.extend(listing(&package));
                let path = folder.path().join(paths.len().to_string());
                std::fs::File::create(&path).and_then(|mut file| file.write_all(&bytes)).expect("written");
                paths.push(path);
            }
        }
    }
    assert!(paths.len() > 20, "too few to say anything: {}", paths.len());
    let command = &mut Command::new("python3");
    let Some(found) = run(command.args(["-X", "utf8", "-c", PYTHON]).args(&paths)) else { return };
    assert_eq!(found.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn t68_info_zip_reads_the_same() {
    let (file, expected) = archive();
    let command = &mut Command::new("unzip");
    let Some(names) = run(command.env("LC_ALL", "C.UTF-8").args(["-Z1"]).arg(file.path())) else { return };
    let expected: Vec<_> = expected.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names.lines().collect::<Vec<_>>(), expected);
    run(Command::new("unzip").args(["-tqq"]).arg(file.path()));
}
