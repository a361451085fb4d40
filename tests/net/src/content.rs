//! Files to transfer: bytes that look random and follow from a number, described as packages are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use muster_domain::{Archive, Sha1, Sha256};
use muster_fsx::{Dir, File};
use muster_package::{BlockList, describe_archive, torrent};
use sha1::Digest;
use url::Url;

/// Written and hashed at a time.
const STEP: usize = 1 << 20;
/// Largest torrent or block list that is read back.
const MAX_SIDECAR: u64 = 64 << 20;

/// A file on disk, with its torrent and its block list beside it under the same name.
#[derive(Clone, Debug)]
pub struct Content {
    /// Named by its hash.
    pub file: PathBuf,
    pub archive: Archive,
    /// The `.torrent`, without a tracker.
    pub torrent: Vec<u8>,
    pub info_hash: Sha1,
    pub piece_length: u32,
    pub blocks: BlockList,
}

impl Content {
    /// Writes a file of this many bytes into a folder. The same number gives the same bytes.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn make(folder: &Path, size: u64, number: u64) -> Result<Self> {
        let dir = Dir::create_ambient(folder)?;
        let draft = format!("draft-{size}-{number}");
        let file = File::create_ambient(&folder.join(&draft))?;
        let mut noise = Noise::new(number);
        let mut buffer = vec![0; STEP];
        let mut offset = 0;
        while offset < size {
            let part = &mut buffer[..(size - offset).min(STEP as u64) as usize];
            noise.fill(part);
            file.write_all_at(part, offset)?;
            offset += part.len() as u64;
        }
        let description = describe_archive(&file, &|| false)?;
        drop(file);
        let name = description.archive.sha256.to_string();
        dir.rename(draft.as_str(), &dir, name.as_str())?;
        dir.write_atomic(format!("{name}.torrent").as_str(), &description.torrent.metainfo())?;
        dir.write_atomic(format!("{name}.blocks").as_str(), &description.block_list.to_bytes())?;
        Self::open(&folder.join(&name))
    }

    /// Reads what [`Content::make`] wrote.
    ///
    /// # Errors
    /// If the three files do not belong together.
    pub fn open(file: &Path) -> Result<Self> {
        let folder = file.parent().context("a file lies in a folder")?;
        let name = file.file_name().and_then(|name| name.to_str()).context("a file has a name")?;
        let sha256: Sha256 = name.parse().context("the file is named by its hash")?;
        let dir = Dir::open_ambient(folder)?;
        let archive = Archive { sha256, size: dir.metadata(name)?.size };
        let torrent = dir.read(format!("{name}.torrent").as_str(), MAX_SIDECAR)?;
        let info = torrent::Info::parse_metainfo(&torrent, &archive)?;
        let blocks = dir.read(format!("{name}.blocks").as_str(), MAX_SIDECAR)?;
        Ok(Self {
            file: file.to_owned(),
            archive,
            torrent,
            info_hash: info.info_hash(),
            piece_length: info.piece_length,
            blocks: BlockList::parse(&blocks, archive.size)?,
        })
    }

    /// Its torrent for a program that finds peers by a tracker, and servers by the torrent (BEP 19), only.
    pub fn torrent_with(&self, tracker: &Url, server: Option<&Url>) -> Vec<u8> {
        let text = |url: &Url| format!("{}:{url}", url.as_str().len());
        let mut out = format!("d8:announce{}", text(tracker)).into_bytes();
        // All of it but its opening `d`.
        out.extend(&self.torrent[1..]);
        if let Some(server) = server {
            // Before its closing `e`; no key of it comes later in the order of keys.
            out.pop();
            out.extend(format!("8:url-list{}e", text(server)).as_bytes());
        }
        out
    }

    /// The bytes.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let file = File::open_ambient(&self.file)?;
        let mut bytes = vec![0; self.archive.size as usize];
        file.read_exact_at(&mut bytes, 0)?;
        Ok(bytes)
    }
}

/// Whether a file holds exactly these bytes.
///
/// # Errors
/// If it is not there, or cannot be read.
pub fn is_intact(file: &Path, archive: &Archive) -> Result<bool> {
    let description = describe_archive(&File::open_ambient(file)?, &|| false)?;
    Ok(description.archive == *archive)
}

/// The name of the swarm that a torrent makes, whatever else is wrong with it; its info dictionary must come last.
pub fn info_hash(torrent: &[u8]) -> Option<Sha1> {
    let at = torrent.windows(6).position(|part| part == b"4:info")? + 6;
    let info = torrent.get(at..torrent.len() - 1)?;
    Some(Sha1(sha1::Sha1::digest(info).into()))
}

/// Numbers that look random and follow from a seed (xorshift64*).
#[derive(Clone, Debug)]
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number from 0 up to 1, without 1.
    pub fn fraction(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn fill(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&self.number().to_le_bytes()[..part.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_makes_the_same_file_and_a_tracker_leaves_its_hash_alone() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let one = Content::make(&folder.path().join("a"), 300_000, 7)?;
        let two = Content::make(&folder.path().join("b"), 300_000, 7)?;
        assert_eq!((one.archive, one.info_hash), (two.archive, two.info_hash));
        assert_ne!(one.archive, Content::make(folder.path(), 300_000, 8)?.archive);
        assert!(is_intact(&one.file, &one.archive)?);

        let tracker = Url::parse("http://11.7.0.1:80/announce")?;
        assert_eq!(info_hash(&one.torrent_with(&tracker, None)), Some(one.info_hash));
        let served = one.torrent_with(&tracker, Some(&Url::parse("http://11.7.0.2/a")?));
        assert!(served.ends_with(b"e8:url-list17:http://11.7.0.2/ae"));
        Ok(())
    }
}
