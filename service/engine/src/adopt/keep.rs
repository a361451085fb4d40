//! Makes packages of what lies in a folder, and brings their archives into the cache. Nothing in the folder is touched.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_cache::{ArchiveLease, Opening};
use muster_domain::{Archive, GameId, Kind, LockedPackage, PackageId, SourceId, Version, Vouched};
use muster_fsx::{Dir, File, LinkPreference};
use muster_package::{MANIFEST_NAME, Manifest, PAYLOAD_FOLDER, pack};
use serde_json::json;
use uuid::Uuid;

use super::{identify::Listed, manifests::Named, scan::Scan};
use crate::{Engine, EngineError};

/// The source of packages that were made of what lay here; nobody else has them.
pub(crate) const LOCAL: &str = "local";
/// Folder in the cache where they are made.
pub(super) const WORK: &str = "adopting";
/// Longest name of a package, in characters.
const MAX_NAME: usize = 39;
/// Bytes that are copied at once.
const CHUNK: usize = 1024 * 1024;

pub(crate) fn local() -> Result<SourceId, EngineError> {
    LOCAL.parse().map_err(|_| EngineError::Internal("a source has no name"))
}

/// A package name that nothing in `taken` has, after what people call the mod.
pub(crate) fn package_id(name: &str, taken: &mut BTreeSet<String>) -> Result<PackageId, EngineError> {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let text: String = name.chars().map(letter).collect();
    let words: Vec<&str> = text.split('-').filter(|word| !word.is_empty()).collect();
    let mut base: String = words.join("-").chars().take(MAX_NAME - 4).collect();
    base.truncate(base.trim_end_matches('-').len());
    if base.chars().filter(char::is_ascii_alphanumeric).count() < 2 {
        base = format!("mod-{base}").trim_end_matches('-').to_owned();
    }
    let numbered = |number: u32| if number == 1 { base.clone() } else { format!("{base}-{number}") };
    let free = (1..1000).map(numbered).find(|name| !taken.contains(name));
    let free = free.ok_or(EngineError::Internal("too many mods of one name"))?;
    taken.insert(free.clone());
    format!("{LOCAL}/{free}").parse().map_err(|_| EngineError::Internal("a package has no name"))
}

/// The name of a package of this machine, after what people call it.
pub(crate) fn package_name(name: &str) -> Result<PackageId, EngineError> {
    package_id(name, &mut BTreeSet::new())
}

/// What a lock says of a package that is adopted.
pub(crate) fn locked(source: SourceId, manifest: &Manifest, archive: Archive) -> LockedPackage {
    LockedPackage {
        source,
        id: manifest.name.clone().into(),
        version: manifest.version.clone(),
        kind: manifest.kind.clone(),
        archive,
        vouched: Vouched::Source,
        publisher_key: None,
        wished: true,
        enabled: true,
        rank: None,
        held: None,
        side: manifest.side,
        needs: Vec::new(),
        recipe: None,
    }
}

/// Its place in the folder is written into the package, so that it goes nowhere else. JSON is YAML.
fn manifest(game: &GameId, id: &PackageId, named: &Named, files: &[Listed]) -> Result<String, EngineError> {
    let version = match &named.version {
        Some(version) => version.clone(),
        None => Version::semver("0.0.0").map_err(|_| EngineError::Internal("a version is none"))?,
    };
    let places: BTreeSet<&str> = files.iter().map(|file| file.place.as_str()).collect();
    let rules: Vec<_> = places
        .iter()
        .map(|place| json!({ "files": format!("{place}/**"), "to": place, "strip": 1 }))
        .collect();
    let fields = [
        ("format", json!(1)),
        ("name", json!(id.to_string())),
        ("version", json!(version.to_string())),
        ("title", json!(named.title)),
        ("summary", json!(named.summary)),
        ("kind", json!(Kind::MOD)),
        ("games", json!([{ "game": game.to_string() }])),
        ("license", json!("LicenseRef-unknown")),
        ("redistribute", json!("no")),
        ("authors", json!(named.authors)),
        ("install", json!(rules)),
    ];
    Ok(fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect())
}

/// Packs files into the cache, as a package of its own.
pub(crate) fn keep_files(
    engine: &Engine,
    scan: &Scan,
    (game, id, named): (&GameId, &PackageId, &Named),
    files: &[Listed],
) -> Result<LockedPackage, EngineError> {
    let work = Dir::create_ambient_private(&engine.inner.places.cache.join(WORK))?;
    let name = Uuid::now_v7().simple().to_string();
    let folder = work.create_dir_new(name.as_str())?;
    let made = make(engine, scan, &folder, &manifest(game, id, named, files)?, files);
    // What cannot be removed is in the cache, which may be deleted at any time.
    let _ = work.remove_tree(name.as_str());
    made
}

fn make(
    engine: &Engine,
    scan: &Scan,
    folder: &Dir,
    manifest: &str,
    files: &[Listed],
) -> Result<LockedPackage, EngineError> {
    let input = folder.create_dir_new("in")?;
    input.write_atomic(MANIFEST_NAME, manifest.as_bytes())?;
    let payload = input.create_dir_all(PAYLOAD_FOLDER)?;
    for file in files {
        let root = scan.roots.get(&file.place).ok_or(EngineError::PlanChanged)?;
        let path = super::scan::inside(file).ok_or(EngineError::PlanChanged)?;
        if let Some(above) = path.parent() {
            payload.create_dir_all(&above)?;
        }
        // Only read from here on: a second name is enough.
        muster_fsx::place(root, &file.path, &payload, &path, LinkPreference::Share)?;
    }
    let packed = pack(&input, folder, &|| engine.is_closing())?;
    let archive = packed.description.archive;
    let file = folder.open(packed.file_name.as_str())?;
    keep_archive(engine, &file, archive)?;
    Ok(locked(local()?, &packed.manifest, archive))
}

/// Copies an archive into the cache, which proves its bytes.
pub(crate) fn keep_archive(
    engine: &Engine,
    file: &File,
    archive: Archive,
) -> Result<ArchiveLease, EngineError> {
    let writer = match engine.cache().write(archive.sha256, archive.size, None)? {
        Opening::Complete(lease) => return Ok(lease),
        Opening::Writer(writer) => writer,
    };
    let mut buffer = vec![0; CHUNK];
    let mut offset = 0;
    while offset < archive.size {
        let length = (archive.size - offset).min(CHUNK as u64) as usize;
        file.read_exact_at(&mut buffer[..length], offset)?;
        writer.write_at(offset, &buffer[..length])?;
        offset += length as u64;
    }
    Ok(writer.finish(Timestamp::now())?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_ids_and_never_the_same_twice() {
        let mut taken = BTreeSet::new();
        let mut id = |name: &str| package_id(name, &mut taken).expect("an id").to_string();
        assert_eq!(id("My_Mod"), "local/my-mod");
        assert_eq!(id("my mod"), "local/my-mod-2");
        assert_eq!(id("x"), "local/mod-x");
        assert_eq!(id("灯"), "local/mod");
    }

    proptest! {
        #[test]
        fn any_name_becomes_a_published_one(name in ".{0,120}", other in ".{0,120}") {
            let mut taken = BTreeSet::new();
            let first = package_id(&name, &mut taken).expect("an id");
            let second = package_id(&other, &mut taken).expect("an id");
            prop_assert!(first.published().is_ok() && second.published().is_ok());
            prop_assert_ne!(first, second);
        }

        #[test]
        fn whatever_a_mod_says_makes_a_manifest_that_can_be_packed(title in "\\PC{1,80}", summary in "\\PC{0,80}") {
            let clean = |text: &str| muster_domain::clean_line(text, 200);
            prop_assume!(!clean(&title).is_empty());
            let named = Named {
                name: "x".into(),
                title: clean(&title),
                version: None,
                authors: vec![clean(&title)],
                summary: clean(&summary),
            };
            let files = [Listed { place: "mods".into(), path: "a/b".parse().expect("portable"), size: 1, modified: 0 }];
            let id = package_id("lamps", &mut BTreeSet::new()).expect("an id");
            let text = manifest(&"minetest".parse().expect("a game"), &id, &named, &files).expect("text");
            let parsed = Manifest::parse_authored(text.as_bytes());
            prop_assert!(parsed.is_ok(), "{:?} of {}", parsed, text);
            let parsed = parsed.expect("parsed");
            prop_assert_eq!(parsed.title, named.title);
            prop_assert_eq!(parsed.install.len(), 1);
        }
    }
}
