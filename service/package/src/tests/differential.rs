//! T-68: other programs read our packages as we do.

use std::process::{Command, Stdio};

use super::{AUTHORED, noise, packed, text};
use crate::{Limits, validate};

const PYTHON: &str = "
import hashlib, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    for i in z.infolist():
        print(i.filename, i.file_size, hashlib.sha256(z.read(i)).hexdigest(), oct(i.external_attr >> 16))
";

fn archive() -> (tempfile::NamedTempFile, Vec<String>) {
    let files: &[(&str, &[u8])] =
        &[("Grüße/ß.txt", b"1"), ("noise", &noise(100_000)), ("text", &text(300_000)), ("empty", b"")];
    let bytes = packed(AUTHORED, files);
    let package = validate(&bytes, &Limits::default()).expect("sound");
    let mut lines = vec![format!(
        "manifest.yaml {} {} 0o100644",
        package.manifest_bytes().len(),
        package.manifest_sha256()
    )];
    lines.extend(package.files().map(|(f, _)| format!("files/{} {} {} 0o100644", f.path, f.size, f.sha256)));
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

#[test]
fn t68_info_zip_reads_the_same() {
    let (file, expected) = archive();
    let command = &mut Command::new("unzip");
    let Some(names) = run(command.env("LC_ALL", "C.UTF-8").args(["-Z1"]).arg(file.path())) else { return };
    let expected: Vec<_> = expected.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names.lines().collect::<Vec<_>>(), expected);
    run(Command::new("unzip").args(["-tqq"]).arg(file.path()));
}
