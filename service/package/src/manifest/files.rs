//! The list of files at the end of a packed manifest.
//!
//! To YAML it is a field like any other; here it is read line by line in the one form that the packer writes. So the
//! YAML reader never gets more than the author's part, and nothing about files depends on how it reads.

use muster_domain::Sha256;

use super::FileEntry;
use crate::{Error, Result};

const KEY: &[u8] = b"files:";
const EMPTY: &str = "files: []\n";
const BEGIN: &str = "files:\n";

/// The author's part, and the list with its key if there is one.
pub(super) fn split(bytes: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(KEY) {
            let (head, tail) = bytes.split_at(start);
            return (head, Some(tail));
        }
        start += line.len();
    }
    (bytes, None)
}

fn write_line(FileEntry { path, size, sha256 }: &FileEntry) -> String {
    // A portable path has no character that would need escaping between quotes.
    format!("  - {{path: \"{path}\", size: {size}, sha256: \"{sha256}\"}}\n")
}

/// The list as it is appended to the author's part.
pub(super) fn write(files: &[FileEntry]) -> String {
    match files {
        [] => EMPTY.to_owned(),
        _ => std::iter::once(BEGIN.to_owned()).chain(files.iter().map(write_line)).collect(),
    }
}

/// Reads what [`write`] gives, and nothing else.
pub(super) fn parse(tail: &[u8]) -> Result<Vec<FileEntry>> {
    let refuse = |number: usize| {
        Error::field("files", format!("line {number} of the list is not as packers write it"))
    };
    let text = std::str::from_utf8(tail).map_err(|_| refuse(1))?;
    if text == EMPTY {
        return Ok(Vec::new());
    }
    let list = text.strip_prefix(BEGIN).filter(|list| !list.is_empty()).ok_or_else(|| refuse(1))?;
    let lines = list.split_inclusive('\n').enumerate();
    lines.map(|(index, line)| parse_line(line).ok_or_else(|| refuse(index + 2))).collect()
}

fn parse_line(line: &str) -> Option<FileEntry> {
    let (path, rest) = line.strip_prefix("  - {path: \"")?.split_once("\", size: ")?;
    let (size, rest) = rest.split_once(", sha256: \"")?;
    let sha256: Sha256 = rest.strip_suffix("\"}\n")?.parse().ok()?;
    let file = FileEntry { path: path.parse().ok()?, size: size.parse().ok()?, sha256 };
    // One form only: no sign, no leading zero.
    (write_line(&file) == line).then_some(file)
}
