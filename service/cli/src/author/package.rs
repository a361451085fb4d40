//! `muster pack|inspect|verify FILE`.

use std::path::{Path, PathBuf};

use muster_fsx::{Dir, File};
use muster_package::{Limits, Manifest, pack as pack_folder, validate, verify};
use serde_json::json;

use super::Style;
use crate::{arguments::PackArguments, failure::Failure, output};

fn never() -> bool {
    false
}

/// Packs a folder; the only line printed in quiet mode is the file's path.
pub fn pack(style: &Style, arguments: &PackArguments) -> Result<(), Failure> {
    let input = Dir::open_ambient(&absolute(&arguments.folder)?)?;
    let folder = absolute(&arguments.output)?;
    let packed = pack_folder(&input, &Dir::create_ambient(&folder)?, &never)?;
    let file = folder.join(&packed.file_name);
    let (manifest, archive) = (&packed.manifest, &packed.description.archive);
    if style.json {
        return output::json(&json!({
            "file": file,
            "name": manifest.name,
            "version": manifest.version,
            "sha256": archive.sha256,
            "size": archive.size,
        }));
    }
    output::line(&file.display().to_string())?;
    let size = style.words.size(archive.size);
    style.note(format!("{} {}  {size}  {}", manifest.name, manifest.version, archive.sha256));
    Ok(())
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(Failure::io)
}

/// Says what a package file says about itself; every content is checked on the way.
pub fn inspect(style: &Style, file: &Path) -> Result<(), Failure> {
    let inspection = muster_package::inspect(&File::open_ambient(&absolute(file)?)?, &never)?;
    let (manifest, archive) = (&inspection.manifest, &inspection.archive);
    if style.json {
        return output::json(&json!({
            "sha256": archive.sha256,
            "size": archive.size,
            "unpacked_size": inspection.unpacked_size,
            "manifest": manifest,
        }));
    }
    let words = &style.words;
    let files = [("count", inspection.files.to_string()), ("size", words.size(inspection.unpacked_size))];
    output::line(&format!("{} {}", manifest.name, manifest.version))?;
    output::line(&manifest.title)?;
    let mut rows = vec![
        vec!["SHA-256".into(), archive.sha256.to_string()],
        vec![words.text("cli-show-size", &[]), words.size(archive.size)],
        vec![words.text("cli-inspect-files", &[]), words.text("cli-inspect-count", &files)],
        vec![words.text("cli-show-license", &[]), manifest.license.clone().unwrap_or_else(|| "?".into())],
    ];
    rows.extend(needs(style, manifest));
    output::table(&rows)
}

fn needs(style: &Style, manifest: &Manifest) -> Vec<Vec<String>> {
    let label = style.words.text("cli-show-depends", &[]);
    let depends = manifest.depends.iter().map(|dependency| {
        let options = dependency.alternatives().iter();
        options.map(|option| format!("{} {}", option.package, option.version)).collect::<Vec<_>>().join(" | ")
    });
    let members = manifest.packages.iter().filter(|entry| !entry.optional);
    let members = members.map(|entry| format!("{} {}", entry.package, entry.version));
    depends.chain(members).map(|need| vec![label.clone(), need]).collect()
}

/// Checks the structure of a package file and the content of every entry.
pub fn verify_file(style: &Style, file: &Path) -> Result<(), Failure> {
    let source = File::open_ambient(&absolute(file)?)?;
    let package = validate(&source, &Limits::default())?;
    verify(&source, &package, &never)?;
    let (manifest, files) = (package.manifest(), package.files().len());
    if style.json {
        let (name, version) = (&manifest.name, &manifest.version);
        return output::json(&json!({ "name": name, "version": version, "files": files, "good": true }));
    }
    if !style.quiet {
        let intact = style.words.text("cli-verify-intact", &[("count", files.to_string())]);
        output::line(&format!("{} {}: {intact}", manifest.name, manifest.version))?;
    }
    Ok(())
}
