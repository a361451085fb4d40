//! The program from outside: a small index by hand, and the whole one with a SAT solver as the judge.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

const INDEX: &str = r#"
{"id":"Core","version":"1.9","kind":"package","game_version":"any"}
{"id":"Core","version":"1.10","kind":"package","game_version_min":"1.8"}
{"id":"Planets","version":"1:1.0","kind":"package","depends":[{"name":"Core","min_version":"1.01"},{"name":"Textures","min_version":"9"}]}
{"id":"Textures-High","version":"2.0","kind":"package","provides":["Textures"],"conflicts":[{"name":"Textures"}]}
{"id":"Textures-Low","version":"2.0","kind":"package","provides":["Textures"],"conflicts":[{"name":"Textures"}]}
{"id":"Addon","version":"1","kind":"package","depends":[{"any_of":[{"name":"Making History"},{"name":"Core","version":"1.9"}]}]}
{"id":"Making History","version":"1.0","kind":"dlc"}
"#;

const QUESTIONS: &str = r#"
{"q":"newest","game":"1.8.1","roots":[{"id":"Core"}]}
{"q":2,"game":"1.7","roots":[{"id":"Core"}]}
{"q":3,"game":"1.8","roots":[{"id":"Planets"}]}
{"q":4,"game":"1.8","roots":[{"id":"Planets"},{"id":"Textures-Low"}]}
{"q":5,"game":"1.8","roots":[{"id":"Textures-Low"},{"id":"Textures-High"}]}
{"q":6,"game":"1.8","roots":[{"id":"Addon"},{"id":"Core","version":"1.10"}]}
{"q":7,"game":"1.8","roots":[{"id":"Making History"}]}
{"q":8,"game":"1.8","roots":[{"id":"Core","version":"1.09"}]}
{"q":9,"game":"1.8","roots":[{"id":"Core","version":" "}]}
"#;

const ANSWERS: &str = r#"
{"q":"newest","result":"sat","install":{"Core":"1.10"}}
{"q":2,"result":"sat","install":{"Core":"1.9"}}
{"q":3,"result":"sat","install":{"Core":"1.10","Planets":"1:1.0","Textures-High":"2.0"}}
{"q":4,"result":"sat","install":{"Core":"1.10","Planets":"1:1.0","Textures-Low":"2.0"}}
{"q":5,"result":"unsat","explanation":"Textures-High, Textures-Low cannot be installed as asked.\n  You want Textures-High.\n  You want Textures-Low.\n  Textures-Low does not work together with Textures-High.\nThis would help: do without Textures-High.\nThis would help: do without Textures-Low."}
{"q":6,"result":"unsat","explanation":"Addon, Core cannot be installed as asked.\n  You want Addon.\n    Addon needs one of these: Making History, Core =1.9.\n      The source has no Making History.\n  You want exactly Core 1.10.\n  No version of Core suits all of them.\nThis would help: take Core 1.9 instead.\nThis would help: do without Addon.\nThis would help: do without Core."}
{"q":7,"result":"unsat","explanation":"Making History cannot be installed as asked.\n  You want Making History.\n    The source has no Making History."}
{"q":8,"result":"sat","install":{"Core":"1.9"}}
{"q":9,"result":"unsat","explanation":"\" \" is not a version"}
"#;

/// Runs the program with text as its input.
fn lab(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_muster-lab"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn answers_by_the_rules_of_the_index_packed_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, packed) = (folder.path().join("index.jsonl"), folder.path().join("index.jsonl.zst"));
    fs::write(&plain, INDEX).unwrap();
    fs::write(&packed, zstd::encode_all(INDEX.as_bytes(), 1).unwrap()).unwrap();
    for index in [plain, packed] {
        let output = lab(&["resolve", "--ckan", index.to_str().unwrap()], QUESTIONS);
        assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), ANSWERS.trim());
        assert!(output.status.success());
    }
}

#[test]
fn a_line_that_cannot_be_understood_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index.jsonl");
    fs::write(&index, INDEX).unwrap();
    let output = lab(&["resolve", "--ckan", index.to_str().unwrap()], "\n{\"q\":1}\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("line 2: missing field `game`"));
    let output = lab(&["versions", "--ckan"], "1.01 1.1\n1.2 1.2.3\n1:1.0 9.9\n");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "=\n<\n>\n");
}

/// The judge is `tests/resolve/check`: its own reading of the rules, and a SAT solver.
#[test]
fn no_answer_over_the_whole_index_is_wrong() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let index = std::env::var_os("MUSTER_CKAN_INDEX").map(PathBuf::from);
    let index = index.unwrap_or_else(|| root.join("../shared/data/ckan/ckan-index.jsonl.zst"));
    let Ok(packed) = fs::read(&index) else {
        println!(
            "skipped: there is no CKAN index at {} (MUSTER_CKAN_INDEX names another place)",
            index.display()
        );
        return;
    };
    let python = std::env::var("MUSTER_PYTHON").unwrap_or_else(|_| "python3".into());
    let found = Command::new(&python).args(["-c", "import pysat.solvers"]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        println!("skipped: {python} has no package python-sat (pip install python-sat)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("index.jsonl");
    fs::write(&plain, zstd::decode_all(&packed[..]).unwrap()).unwrap();
    let output = Command::new(python)
        .arg(root.join("tests/resolve/check"))
        .args([Path::new(env!("CARGO_BIN_EXE_muster-lab")), &plain])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
