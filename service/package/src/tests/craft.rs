//! Archives that no honest packer writes, and manifests that some do.

use std::fmt::Write as _;

use muster_domain::{Coded as _, Sha256};
use sha2::Digest as _;

use super::AUTHORED;
use crate::Manifest;

/// One entry; every field may lie.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) name: Vec<u8>,
    pub(super) local_name: Option<Vec<u8>>,
    pub(super) stored: Vec<u8>,
    pub(super) crc: u32,
    pub(super) size: u32,
    pub(super) compressed: u32,
    pub(super) method: u16,
    pub(super) flags: u16,
    pub(super) local_extra: Vec<u8>,
    pub(super) extra: Vec<u8>,
    pub(super) comment: Vec<u8>,
    pub(super) attributes: u32,
    pub(super) disk: u16,
    /// Changes applied to crc, compressed size and size in the local header only.
    pub(super) local_numbers: Option<[u32; 3]>,
    pub(super) local_method: Option<u16>,
    pub(super) local_flags: Option<u16>,
    /// Bytes after the stored ones: a data descriptor or a gap.
    pub(super) after: Vec<u8>,
    pub(super) offset: Option<u32>,
    pub(super) is_listed: bool,
}

impl Part {
    pub(super) fn stored(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            local_name: None,
            stored: content.to_vec(),
            crc: crc32fast::hash(content),
            size: content.len() as u32,
            compressed: content.len() as u32,
            method: 0,
            flags: if name.is_ascii() { 0 } else { 0x0800 },
            local_extra: Vec::new(),
            extra: Vec::new(),
            comment: Vec::new(),
            attributes: 0o100_644 << 16,
            disk: 0,
            local_numbers: None,
            local_method: None,
            local_flags: None,
            after: Vec::new(),
            offset: None,
            is_listed: true,
        }
    }

    pub(super) fn deflated(name: &str, content: &[u8]) -> Self {
        let stored = miniz_oxide::deflate::compress_to_vec(content, 6);
        Self {
            crc: crc32fast::hash(content),
            size: content.len() as u32,
            compressed: stored.len() as u32,
            method: 8,
            ..Self::stored(name, &stored)
        }
    }

    pub(super) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

/// A whole archive.
#[derive(Default)]
pub(super) struct Craft {
    pub(super) parts: Vec<Part>,
    pub(super) prefix: Vec<u8>,
    pub(super) before_directory: Vec<u8>,
    pub(super) comment: Vec<u8>,
    pub(super) tail: Vec<u8>,
    pub(super) count: Option<u16>,
    pub(super) disks: [u16; 2],
    /// Whether offsets count from the prefix on, as self-extracting archives do.
    pub(super) shifts: bool,
}

impl Craft {
    /// A sound package with these files.
    pub(super) fn package(files: &[(&str, &[u8])]) -> Self {
        let mut parts = vec![Part::stored("manifest.yaml", manifest(files).as_bytes())];
        parts.extend(files.iter().map(|(path, content)| Part::stored(&format!("files/{path}"), content)));
        Self { parts, ..Self::default() }
    }

    /// A package whose manifest lists `files`, with `parts` as its payload.
    pub(super) fn payload(files: &[(&str, &[u8])], parts: Vec<Part>) -> Self {
        let mut all = vec![Part::stored("manifest.yaml", manifest(files).as_bytes())];
        all.extend(parts);
        Self { parts: all, ..Self::default() }
    }

    pub(super) fn build(&self) -> Vec<u8> {
        let mut out = self.prefix.clone();
        let base = if self.shifts { self.prefix.len() } else { 0 };
        let mut directory = Vec::new();
        let mut count = 0_u16;
        for part in &self.parts {
            let offset = part.offset.unwrap_or((out.len() - base) as u32);
            push_local(part, &mut out);
            if part.is_listed {
                count = count.wrapping_add(1);
                push_central(part, offset, &mut directory);
            }
        }
        out.extend(&self.before_directory);
        let offset = (out.len() - base) as u32;
        out.extend(&directory);
        push_end(self, count, directory.len() as u32, offset, &mut out);
        out.extend(&self.tail);
        out
    }
}

fn push_all(out: &mut Vec<u8>, numbers: &[u16]) {
    numbers.iter().for_each(|number| out.extend(number.to_le_bytes()));
}

fn push_long(out: &mut Vec<u8>, numbers: &[u32]) {
    numbers.iter().for_each(|number| out.extend(number.to_le_bytes()));
}

fn push_local(part: &Part, out: &mut Vec<u8>) {
    let name = part.local_name.as_ref().unwrap_or(&part.name);
    out.extend(b"PK\x03\x04");
    let (flags, method) = (part.local_flags.unwrap_or(part.flags), part.local_method.unwrap_or(part.method));
    push_all(out, &[20, flags, method, 0, 0x21]);
    push_long(out, &part.local_numbers.unwrap_or([part.crc, part.compressed, part.size]));
    push_all(out, &[name.len() as u16, part.local_extra.len() as u16]);
    out.extend(name);
    out.extend(&part.local_extra);
    out.extend(&part.stored);
    out.extend(&part.after);
}

fn push_central(part: &Part, offset: u32, out: &mut Vec<u8>) {
    out.extend(b"PK\x01\x02");
    push_all(out, &[3 << 8 | 20, 20, part.flags, part.method, 0, 0x21]);
    push_long(out, &[part.crc, part.compressed, part.size]);
    push_all(
        out,
        &[part.name.len() as u16, part.extra.len() as u16, part.comment.len() as u16, part.disk, 0],
    );
    push_long(out, &[part.attributes, offset]);
    out.extend(part.name.iter().chain(&part.extra).chain(&part.comment));
}

fn push_end(craft: &Craft, count: u16, size: u32, offset: u32, out: &mut Vec<u8>) {
    let count = craft.count.unwrap_or(count);
    out.extend(b"PK\x05\x06");
    push_all(out, &[craft.disks[0], craft.disks[1], count, count]);
    push_long(out, &[size, offset]);
    push_all(out, &[craft.comment.len() as u16]);
    out.extend(&craft.comment);
}

/// The manifest of these files, in the order given.
pub(super) fn manifest(files: &[(&str, &[u8])]) -> String {
    let mut text = format!("{AUTHORED}files:{}\n", if files.is_empty() { " []" } else { "" });
    for (path, content) in files {
        let sha256 = Sha256(sha2::Sha256::digest(content).into());
        writeln!(text, "  - {{path: {path:?}, size: {}, sha256: \"{sha256}\"}}", content.len())
            .expect("strings take everything");
    }
    text
}

/// A manifest as an author writes it, with these lines below.
pub(super) fn with(lines: &str) -> String {
    format!("{AUTHORED}{lines}")
}

/// What is read of a manifest with these lines, of which nothing may be unclear.
pub(super) fn parsed(lines: &str) -> Manifest {
    Manifest::parse_strict(with(lines).as_bytes()).expect(lines)
}

/// Why a manifest is refused.
pub(super) fn refused(text: &str) -> &'static str {
    Manifest::parse(text.as_bytes()).expect_err(text).code()
}
