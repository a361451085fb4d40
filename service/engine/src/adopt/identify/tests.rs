use proptest::prelude::*;

use super::*;
use crate::adopt::manifests::list;

/// Content is a number; every unit with a file `conf` is named by it.
struct Disk(BTreeMap<(String, String), u8>);

fn hash(content: u8) -> Sha256 {
    Sha256([content; 32])
}

impl Facts for Disk {
    fn hash(&self, file: &Listed) -> Option<Sha256> {
        self.0.get(&(file.place.clone(), file.path.to_string())).map(|content| hash(*content))
    }

    fn named(&self, unit: &Unit) -> Option<Named> {
        let has = unit.files.iter().any(|file| file.path.file_name() == "conf");
        has.then(|| Named {
            name: unit.name.clone(),
            title: unit.name.clone(),
            version: None,
            authors: Vec::new(),
            summary: String::new(),
        })
    }

    fn in_place(&self, unit: &Unit) -> Vec<Listed> {
        unit.files.clone()
    }
}

fn listed(place: &str, path: &str) -> Listed {
    Listed { place: place.into(), path: path.parse().expect("portable"), size: 1, modified: 0 }
}

fn known(number: u8, files: &[(&str, u8)]) -> Known {
    let file = |(path, content): &(&str, u8)| {
        ("mods".to_owned(), path.parse().expect("portable"), 1, hash(*content))
    };
    Known { sha256: hash(number), files: files.iter().map(file).collect() }
}

fn disk(files: &[(&str, u8)]) -> (Disk, Vec<Listed>) {
    let content = files.iter().map(|(path, content)| (("mods".to_owned(), (*path).to_owned()), *content));
    (Disk(content.collect()), files.iter().map(|(path, _)| listed("mods", path)).collect())
}

fn brief(findings: &[Finding]) -> Vec<(&str, String, usize)> {
    let identity = |finding: &Finding| match &finding.identity {
        Identity::Archive(sha256) => format!("archive {}", sha256.as_bytes()[0]),
        Identity::Manifest(named) => format!("manifest {}", named.title),
        Identity::Yours(why) => format!("{why:?}"),
    };
    findings.iter().map(|found| (found.name.as_str(), identity(found), found.files.len())).collect()
}

#[test]
fn bytes_go_before_manifests_and_the_rest_stays_the_players() {
    let (disk, files) = disk(&[
        ("lamps/conf", 1),
        ("lamps/init", 2),
        ("lamps/notes", 9),
        ("tide/conf", 3),
        ("old/init", 4),
        ("readme", 5),
    ]);
    let archives = [
        known(7, &[("lamps/conf", 1)]),
        known(8, &[("lamps/conf", 1), ("lamps/init", 2)]),
        known(9, &[("tide/conf", 4)]),
    ];
    let findings = identify(units(files, &[], &[]), &archives, &[], &disk);
    assert_eq!(
        brief(&findings),
        [
            ("lamps", "archive 8".to_owned(), 2),
            ("old", "Unknown".to_owned(), 1),
            ("readme", "Unknown".to_owned(), 1),
            ("tide", "manifest tide".to_owned(), 1),
        ]
    );
}

#[test]
fn an_archive_of_which_a_file_is_missing_is_not_it() {
    let (disk, files) = disk(&[("lamps/conf", 1)]);
    let archives = [known(8, &[("lamps/conf", 1), ("lamps/init", 2)])];
    let findings = identify(units(files, &[], &[]), &archives, &[], &disk);
    assert_eq!(brief(&findings), [("lamps", "manifest lamps".to_owned(), 1)]);
}

#[test]
fn what_links_lead_into_stays_the_players() {
    let (disk, files) = disk(&[("lamps/conf", 1), ("tide/conf", 2)]);
    let odd = [("mods".to_owned(), "lamps/textures".to_owned()), ("mods".to_owned(), "linked".to_owned())];
    let archives = [known(8, &[("lamps/conf", 1)])];
    let findings = identify(units(files, &odd, &[]), &archives, &[], &disk);
    assert_eq!(
        brief(&findings),
        [
            ("lamps", "Odd".to_owned(), 1),
            ("linked", "Odd".to_owned(), 0),
            ("tide", "manifest tide".to_owned(), 1),
        ]
    );
}

#[test]
fn what_another_manager_lists_is_one_mod_wherever_its_files_are() {
    let mods = list(b"- name: Ada-Lamps\n- name: Ada-Off\n  enabled: false\n");
    let files = vec![
        listed("plugins", "Ada-Lamps/lamps.dll"),
        listed("patchers", "Ada-Lamps/patch.dll"),
        listed("plugins", "Ada-Off/off.dll.old"),
        listed("plugins", "mine.dll"),
    ];
    let findings = identify(units(files, &[], &mods), &[], &mods, &Disk(BTreeMap::new()));
    assert_eq!(
        brief(&findings),
        [
            ("Ada-Lamps", "manifest Ada-Lamps".to_owned(), 2),
            ("Ada-Off", "Off".to_owned(), 1),
            ("mine.dll", "Unknown".to_owned(), 1),
        ]
    );
}

proptest! {
    /// Every file is in at most one finding, nothing is invented, and what an archive claims has the archive's bytes.
    #[test]
    fn files_are_accounted_for_once(
        files in prop::collection::btree_map((0u8..4, 0u8..3), 0u8..3, 0..10),
        archives in prop::collection::vec(prop::collection::btree_map((0u8..4, 0u8..3), 0u8..3, 0..4), 0..5),
        odd in prop::collection::vec((0u8..4, 0u8..3), 0..2),
    ) {
        let name = |(folder, file): (u8, u8)| format!("m{folder}/{}", ["conf", "init", "x"][usize::from(file)]);
        let content: BTreeMap<(String, String), u8> =
            files.iter().map(|(at, content)| (("mods".to_owned(), name(*at)), *content)).collect();
        let there: Vec<Listed> = content.keys().map(|(place, path)| listed(place, path)).collect();
        let archives: Vec<Known> = archives
            .iter()
            .enumerate()
            .map(|(number, files)| Known {
                sha256: hash(number as u8),
                files: files
                    .iter()
                    .map(|(at, content)| ("mods".to_owned(), name(*at).parse().expect("portable"), 1, hash(*content)))
                    .collect(),
            })
            .collect();
        let odd: Vec<(String, String)> = odd.into_iter().map(|(folder, _)| ("mods".to_owned(), format!("m{folder}/link"))).collect();
        let disk = Disk(content);
        let findings = identify(units(there.clone(), &odd, &[]), &archives, &[], &disk);
        let mut seen = BTreeSet::new();
        for finding in &findings {
            for file in &finding.files {
                prop_assert!(there.contains(file) && seen.insert(file.clone()));
            }
            if let Identity::Archive(sha256) = finding.identity {
                let archive = archives.iter().find(|known| known.sha256 == sha256).expect("known");
                prop_assert_eq!(archive.files.len(), finding.files.len());
                for (place, path, _, sha256) in &archive.files {
                    let file = finding.files.iter().find(|file| (&file.place, &file.path) == (place, path));
                    prop_assert_eq!(disk.hash(file.expect("claimed")), Some(*sha256));
                }
                let is_odd = |file: &Listed| odd.iter().any(|(_, path)| path.split('/').next() == file.path.parts().next());
                prop_assert!(!finding.files.iter().any(is_odd));
            }
        }
    }
}
