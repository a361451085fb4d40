//! Makes one package of a pack's own files: settings and pictures that came with it. It is the player's own, like every file
//! that is installed from where it lies (decision 0035); the pack's archive is only read.

use std::path::PathBuf;

use muster_domain::{GameId, Kind, PortablePath, Version, clean_line};
use muster_fsx::Dir;
use muster_package::{MANIFEST_NAME, PAYLOAD_FOLDER, ReadAt, pack, read_foreign};
use serde_json::json;
use uuid::Uuid;

use super::contents::{Carried, Made};
use crate::{Engine, EngineError, adopt::package_name};

/// Folder in the cache where they are made.
const WORK: &str = "packs";

/// A file that was fetched for it: place, path and bytes.
pub(super) type Fetched = (String, PortablePath, Vec<u8>);

/// A package that was made, in a folder that goes with this.
pub(super) struct OwnPackage {
    work: Dir,
    folder: String,
    pub path: PathBuf,
}

impl Drop for OwnPackage {
    fn drop(&mut self) {
        // What cannot be removed is in the cache, which may be deleted at any time.
        let _ = self.work.remove_tree(self.folder.as_str());
    }
}

/// Packs the files that may come along; `None` where there are none.
pub(super) fn make(
    engine: &Engine,
    (game, made): (&GameId, &Made),
    source: &(impl ReadAt + ?Sized),
    (carried, fetched): (&[Carried], Vec<Fetched>),
) -> Result<Option<OwnPackage>, EngineError> {
    if fetched.is_empty() && carried.iter().all(|file| file.to.is_err()) {
        return Ok(None);
    }
    let work = Dir::create_ambient_private(&engine.inner.places.cache.join(WORK))?;
    let name = Uuid::now_v7().simple().to_string();
    let folder = work.create_dir_new(name.as_str())?;
    let mut own = OwnPackage { work, folder: name, path: PathBuf::new() };
    let input = folder.create_dir_new("in")?;
    let payload = input.create_dir_all(PAYLOAD_FOLDER)?;
    let mut places = Vec::new();
    let mut put = |place: &str, path: &PortablePath, bytes: &[u8]| -> Result<(), EngineError> {
        let path: PortablePath =
            format!("{place}/{path}").parse().map_err(|_| EngineError::Internal("a place has no name"))?;
        if let Some(above) = path.parent() {
            payload.create_dir_all(&above)?;
        }
        payload.write_atomic(&path, bytes)?;
        if !places.iter().any(|known| known == place) {
            places.push(place.to_owned());
        }
        Ok(())
    };
    for file in carried {
        if let Ok((place, path)) = &file.to {
            put(place, path, &read_foreign(source, &file.entry, file.entry.size)?)?;
        }
    }
    for (place, path, bytes) in &fetched {
        put(place, path, bytes)?;
    }
    input.write_atomic(MANIFEST_NAME, manifest(game, made, &places)?.as_bytes())?;
    let packed = pack(&input, &folder, &|| engine.is_closing())?;
    own.path = folder.path().join(packed.file_name);
    Ok(Some(own))
}

/// JSON is YAML. Where each file goes is written into the package, so that it goes nowhere else; all of it may be edited.
fn manifest(game: &GameId, made: &Made, places: &[String]) -> Result<String, EngineError> {
    let name = package_name(&format!("{}-files", made.name()))?;
    let given = made.version().trim_start_matches(['v', 'V']);
    let version = [given.to_owned(), format!("{given}.0"), format!("{given}.0.0"), "0.0.0".to_owned()];
    let version = version.iter().find_map(|text| Version::semver(text).ok());
    let version = version.ok_or(EngineError::Internal("a version is none"))?;
    let rule = |place: &String| json!({ "files": format!("{place}/**"), "to": place, "strip": 1 });
    let rules: Vec<_> = places.iter().map(rule).collect();
    let fields = [
        ("format", json!(1)),
        ("name", json!(name.to_string())),
        ("version", json!(version.to_string())),
        ("title", json!(clean_line(&format!("{} (files)", made.name()), 120))),
        ("summary", json!("")),
        ("kind", json!(Kind::MOD)),
        ("games", json!([{ "game": game.to_string() }])),
        ("license", json!("LicenseRef-unknown")),
        ("redistribute", json!("no")),
        ("install", json!(rules)),
        ("config", json!(["**"])),
    ];
    Ok(fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect())
}
