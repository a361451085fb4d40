//! How long the conflict table takes for a large profile: 500 packages, 200,000 files, every fifth of them in two or
//! more packages.
//!
//! `cargo run --release -p muster-deploy --example conflicts`

use std::time::Instant;

use muster_deploy::{PackageKey, Placed, PlacedPackage, Placement, Reasons, conflicts};
use muster_domain::Sha256;

const PACKAGES: usize = 500;
const FILES: usize = 400;
const RUNS: usize = 9;

fn package(number: usize) -> PlacedPackage {
    let placement = |file: usize| {
        // Every fifth file is one that five packages have in common.
        let path = match file % 5 {
            0 => format!("textures/common/part-{:03}/Stone Wall {file:03}.dds", number % 100),
            _ => format!("meshes/package-{number:03}/folder-{:02}/object-{file:04}.nif", file % 16),
        };
        Placement {
            from: path.parse().expect("a path"),
            place: "data".into(),
            path: path.parse().expect("a path"),
            size: 1,
            sha256: Sha256([(number % 3) as u8; 32]),
            config: false,
        }
    };
    let mut placements: Vec<Placement> = (0..FILES).map(placement).collect();
    placements.sort_by(|a, b| a.path.cmp(&b.path));
    placements.dedup_by(|a, b| a.path == b.path);
    PlacedPackage {
        package: PackageKey {
            source: "folder:bench".parse().expect("a source"),
            id: format!("bench/package-{number}").parse().expect("an id"),
        },
        tree: Sha256([1; 32]),
        placed: Placed { placements, ..Placed::default() }.into(),
    }
}

fn main() {
    let packages: Vec<PlacedPackage> = (0..PACKAGES).map(package).collect();
    let files: usize = packages.iter().map(|package| package.placed.placements.len()).sum();
    let reasons = Reasons::new(&[], &[]);
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..RUNS {
        let started = Instant::now();
        found = conflicts(&packages, &reasons).len();
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{PACKAGES} packages, {files} files, {found} in several: {:.0} ms (best {:.0})",
        times[RUNS / 2],
        times[0]
    );
}
