//! The part of YAML 1.2 that manifests may use: one document, no anchors, aliases, tags or merge keys, no key twice,
//! shallow. What remains means the same to every parser.

use granit_parser::{Event, Parser};
use serde_saphyr::{
    Error as YamlError,
    options::{DuplicateKeyPolicy, MergeKeyPolicy},
};

use super::{FileEntry, Manifest};
use crate::{Error, ManifestProblem, Result};

/// A manifest needs four levels.
const MAX_DEPTH: usize = 12;

fn syntax(line: usize, why: impl Into<String>) -> Error {
    ManifestProblem::Syntax { line: line as u64, why: why.into() }.into()
}

/// The author's part of a manifest, and the name of the first field in it that is not known.
pub(super) fn read(bytes: &[u8]) -> Result<(Manifest, Option<String>)> {
    let text = std::str::from_utf8(bytes).map_err(|_| syntax(1, "the text is not UTF-8"))?;
    if let Some(line) = text.lines().position(|line| line.contains(is_forbidden)) {
        return Err(syntax(line + 1, "a control character or a byte order mark"));
    }
    check_events(text)?;
    if let Some(line) = text.lines().position(|line| line.starts_with("...")) {
        return Err(syntax(line + 1, "a document end"));
    }
    match deserialize(text) {
        Ok((manifest, _)) if !manifest.files.is_empty() => Err(ManifestProblem::FilesByAuthor.into()),
        Ok(read) => Ok(read),
        Err(error) => Err(newer_format(text).unwrap_or_else(|| explain(&error))),
    }
}

fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\t' && c != '\r') || c == '\u{feff}'
}

/// Refuses by event, before anything is built.
fn check_events(text: &str) -> Result<()> {
    let (mut depth, mut documents) = (0_usize, 0);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| syntax(error.marker().line(), error.info().to_string()))?;
        let refuse = |why| Err(syntax(span.start.line(), why));
        match event {
            Event::Alias(..) | Event::UnresolvedAlias(..) => return refuse("aliases are not allowed"),
            Event::Anchor(..) => return refuse("anchors are not allowed"),
            Event::Scalar(.., anchor, tag)
            | Event::SequenceStart(_, anchor, tag)
            | Event::MappingStart(_, anchor, tag)
                if anchor != 0 || tag.is_some() =>
            {
                return refuse("anchors and tags are not allowed");
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth = depth.saturating_sub(1),
            Event::DocumentStart(..) => documents += 1,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return refuse("nested too deeply");
        }
        if documents > 1 {
            return refuse("more than one document");
        }
    }
    Ok(())
}

fn options(length: usize) -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_documents: 1,
            max_aliases: 0,
            max_anchors: 0,
            max_depth: MAX_DEPTH,
            max_merge_keys: 0,
            max_inclusion_depth: 0,
            // Every event and node comes from at least one byte.
            max_events: length + 16,
            max_nodes: length + 16,
            max_total_scalar_bytes: length + 16,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
    }
}

fn deserialize(text: &str) -> std::result::Result<(Manifest, Option<String>), YamlError> {
    let mut unknown = None;
    let manifest =
        serde_saphyr::with_deserializer_from_str_with_options(text, options(text.len()), |reader| {
            serde_ignored::deserialize(reader, |path| {
                unknown.get_or_insert_with(|| path.to_string().chars().take(100).collect());
            })
        })?;
    Ok((manifest, unknown))
}

#[derive(serde::Deserialize)]
struct OnlyFiles {
    files: Vec<FileEntry>,
}

/// The list of files of a whole manifest, as a reader of YAML sees it.
pub(super) fn read_files(bytes: &[u8]) -> Option<Vec<FileEntry>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let only: OnlyFiles = serde_saphyr::from_str_with_options(text, options(text.len())).ok()?;
    Some(only.files)
}

#[derive(serde::Deserialize)]
struct OnlyFormat {
    format: u64,
}

/// A later format may have other fields; then its number is what matters.
fn newer_format(text: &str) -> Option<Error> {
    let only: OnlyFormat = serde_saphyr::from_str_with_options(text, options(text.len())).ok()?;
    (only.format > super::MANIFEST_FORMAT).then(|| ManifestProblem::Format { found: only.format }.into())
}

fn explain(error: &YamlError) -> Error {
    let line = error.location().map_or(0, |location| location.line());
    let why: String = error.to_string().chars().take(200).collect();
    match error.without_snippet() {
        YamlError::DuplicateMappingKey { .. } | YamlError::MergeKeyNotAllowed { .. } => {
            ManifestProblem::Syntax { line, why }.into()
        }
        _ => Error::field(format!("line {line}"), why),
    }
}
