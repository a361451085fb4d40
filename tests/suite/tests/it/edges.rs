//! The house rules that a compiler does not check: who may depend on whom.

use std::{collections::BTreeSet, process::Command};

/// Every allowed edge between crates of this repository (`docs/ARCHITECTURE.md`). Edges point down.
const EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("fsx", &["domain"]),
    ("messages", &["domain"]),
    ("api", &["domain"]),
    ("store", &["domain", "fsx"]),
    ("package", &["domain", "fsx"]),
    ("adapters", &["domain"]),
    ("registry", &["domain"]),
    ("resolver", &["domain"]),
    ("games", &["domain", "fsx"]),
    ("surroundings", &["fsx"]),
    ("keyring", &["domain", "fsx"]),
    ("catalog", &["adapters", "domain", "fsx", "package", "store", "registry"]),
    ("cache", &["domain", "fsx"]),
    ("deploy", &["domain", "fsx", "games"]),
    ("transfer", &["domain", "fsx", "cache", "package"]),
    ("client", &["domain", "api"]),
    (
        "engine",
        &[
            "adapters",
            "domain",
            "fsx",
            "store",
            "package",
            "registry",
            "resolver",
            "games",
            "keyring",
            "catalog",
            "cache",
            "deploy",
            "transfer",
            "surroundings",
        ],
    ),
    ("daemon", &["domain", "fsx", "messages", "api", "client", "engine", "surroundings"]),
    ("cli", &["domain", "fsx", "messages", "api", "client", "package", "registry"]),
    ("lab", &["domain", "fsx", "messages", "resolver"]),
    ("app", &["domain", "messages", "api", "client"]),
    ("conformance", &["domain", "fsx", "registry"]),
    ("net-lab", &["domain", "fsx", "cache", "package", "transfer"]),
    ("suite", &["domain", "fsx", "api", "client"]),
    ("window-suite", &["suite"]),
];

#[test]
fn crates_depend_only_on_what_lies_below_them() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--locked"])
        .current_dir(muster_suite::root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut seen = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap().trim_start_matches("muster-").trim_start_matches("tuf-");
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
            panic!("{name} is not in the table of edges");
        };
        seen.insert(name.to_owned());
        for dependency in package["dependencies"].as_array().unwrap() {
            // Test doubles may come from anywhere; what ships may not.
            if dependency["kind"] == "dev" {
                continue;
            }
            let Some(below) = dependency["name"].as_str().unwrap().strip_prefix("muster-") else { continue };
            assert!(allowed.contains(&below), "{name} must not depend on {below}");
        }
    }
    assert_eq!(seen.len(), EDGES.len(), "the table names crates that are not there: {seen:?}");
}
