//! Real answers have the shapes in which they are read.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "samples are read plainly")]

use std::{io::BufRead as _, path::PathBuf};

use muster_adapters::{
    Field, Finding, Shape,
    ckan::Module,
    modrinth::{About, SearchPage, versions_shape},
    thunderstore::Package,
};
use serde_json::Value;

fn path(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if !path.exists() {
        println!("skipped: the shared samples are not here ({})", path.display());
        return None;
    }
    Some(path)
}

fn check(name: &str, shape: &Shape, answer: &Value) {
    let fields = shape.compare(answer);
    let of = |finding: Finding| -> Vec<&Field> { fields.iter().filter(|f| f.finding == finding).collect() };
    for finding in [Finding::Missing, Finding::Broken, Finding::Differs] {
        assert!(of(finding).is_empty(), "{name}: {:?}", of(finding));
    }
    assert!(of(Finding::Same).len() > 10, "{name} is looked at");
    let unread: Vec<&str> = of(Finding::Unread).into_iter().map(|field| field.path.as_str()).collect();
    println!("{name}: {} fields as read, not read: {}", of(Finding::Same).len(), unread.join(" "));
}

#[test]
fn answers_of_modrinth_are_as_they_are_read() {
    for (name, shape) in [
        ("search-2023.json", SearchPage::shape()),
        ("project-fabric-api.json", About::shape()),
        ("project-modmenu.json", About::shape()),
        ("project-fabric-api-versions.json", versions_shape()),
        ("project-nucledoom-versions.json", versions_shape()),
    ] {
        let Some(path) = path(&format!("api-samples/modrinth/{name}")) else { return };
        check(name, &shape, &serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap());
    }
}

#[test]
fn a_list_of_thunderstore_is_as_it_is_read() {
    let Some(path) = path("api-samples/thunderstore/v1-package-list-2019.json") else { return };
    check("list", &Package::list_shape(), &serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap());
}

#[test]
fn rows_of_ckan_are_as_they_are_read() {
    let Some(path) = path("ckan/ckan-index.jsonl.zst") else { return };
    let lines =
        std::io::BufReader::new(zstd::Decoder::new(std::fs::File::open(path).unwrap()).unwrap()).lines();
    let rows: Vec<Value> =
        lines.step_by(20).map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    assert!(rows.len() > 1_000);
    check("rows", &Module::list_shape(), &Value::Array(rows));
}
