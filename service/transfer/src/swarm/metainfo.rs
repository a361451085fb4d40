//! Reading torrents strictly: exactly one plain file, named by its hash, of the signed length (`security.md` T-111).
//!
//! What leaves here is the info dictionary alone, with exactly the four proven keys: no trackers, no web seeds, no others.

use bytes::Bytes;
use muster_cache::Reader;
use muster_domain::{Archive, Sha1, Sha256};
use muster_package::torrent::Info;
use sha1::{Digest, Sha1 as Hasher};

use crate::{Error, TorrentRefusal};

/// Largest torrent that is read: 2,000 pieces are the aim, 100,000 the end.
const MAX_METAINFO: usize = 4 * 1024 * 1024;
const MIN_PIECE: u64 = 64 * 1024;
const MAX_PIECE: u64 = 4 * 1024 * 1024;
/// Deepest nesting of values that are skipped.
const MAX_DEPTH: u32 = 8;

/// A torrent as its source gives it: bytes fetched by hash, and the signed info-hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TorrentSpec {
    /// The `.torrent` file (BEP 3).
    pub metainfo: Bytes,
    pub info_hash: Sha1,
}

/// A torrent that describes exactly one archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metainfo {
    /// Of the archive.
    pub sha256: Sha256,
    pub info_hash: Sha1,
    /// Bytes.
    pub length: u64,
    /// Bytes.
    pub piece_length: u32,
    /// The info dictionary.
    info: Bytes,
}

impl Metainfo {
    /// Reads the torrent of the archive with this hash and size.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn parse(spec: &TorrentSpec, sha256: &Sha256, size: u64) -> Result<Self, TorrentRefusal> {
        if spec.metainfo.len() > MAX_METAINFO {
            return Err(TorrentRefusal::TooLarge);
        }
        let info = info_dictionary(&spec.metainfo)?;
        let fields = Fields::parse(info)?;
        if fields.name != sha256.to_string().as_bytes() {
            return Err(TorrentRefusal::Name);
        }
        if fields.length != size || size == 0 {
            return Err(TorrentRefusal::Length);
        }
        let is_allowed =
            fields.piece_length.is_power_of_two() && (MIN_PIECE..=MAX_PIECE).contains(&fields.piece_length);
        if !is_allowed {
            return Err(TorrentRefusal::PieceLength);
        }
        let count = size.div_ceil(fields.piece_length);
        if fields.pieces.len() as u64 != count * 20 {
            return Err(TorrentRefusal::Pieces);
        }
        let info_hash = Sha1(Hasher::digest(info).into());
        if info_hash != spec.info_hash {
            return Err(TorrentRefusal::InfoHash);
        }
        // At most 4 MiB, as just checked.
        let piece_length = fields.piece_length as u32;
        Ok(Self {
            sha256: *sha256,
            info_hash,
            length: size,
            piece_length,
            info: Bytes::copy_from_slice(info),
        })
    }

    /// Reads an info dictionary that anybody gave: it must be the one that follows from the archive's bytes, as far as
    /// hash and size tell.
    pub(crate) fn of_info(info: &[u8], archive: &Archive) -> Option<Self> {
        let parsed = Info::parse(info, archive).ok()?;
        Self::parse(&spec_of(&parsed), &archive.sha256, archive.size).ok()
    }

    /// The torrent of an archive that is here. Blocks on the disk and hashes all of it.
    pub(crate) fn of_archive(reader: &Reader) -> Result<Self, Error> {
        let archive = Archive { sha256: reader.sha256(), size: reader.size() };
        let info = Info::compute(archive, |offset, buffer| reader.read_at(offset, buffer))?;
        Self::parse(&spec_of(&info), &archive.sha256, archive.size)
            .map_err(|reason| Error::Torrent { reason })
    }

    /// The info dictionary.
    pub fn info(&self) -> &[u8] {
        &self.info
    }

    /// Number of pieces.
    pub fn pieces(&self) -> usize {
        self.length.div_ceil(u64::from(self.piece_length)) as usize
    }

    /// The SHA-1 of a piece.
    pub fn piece_hash(&self, piece: usize) -> Option<[u8; 20]> {
        // The hashes are the last value of the dictionary, which ends with one more byte.
        let start = self.info.len() - 1 - self.pieces() * 20 + piece * 20;
        self.info.get(start..start + 20)?.try_into().ok().filter(|_| piece < self.pieces())
    }
}

fn spec_of(info: &Info) -> TorrentSpec {
    TorrentSpec { metainfo: info.metainfo().into(), info_hash: info.info_hash() }
}

/// The four keys that may be there, and must.
struct Fields<'a> {
    length: u64,
    name: &'a [u8],
    piece_length: u64,
    pieces: &'a [u8],
}

impl<'a> Fields<'a> {
    /// Keys of a dictionary are sorted, so their order is known.
    fn parse(info: &'a [u8]) -> Result<Self, TorrentRefusal> {
        let mut reader = Bencode { rest: info };
        reader.expect(b'd')?;
        let key = |reader: &mut Bencode<'a>, wanted: &[u8]| match reader.string()? {
            found if found == wanted => Ok(()),
            _ => Err(TorrentRefusal::NotSingleFile),
        };
        key(&mut reader, b"length")?;
        let length = reader.integer()?;
        key(&mut reader, b"name")?;
        let name = reader.string()?;
        key(&mut reader, b"piece length")?;
        let piece_length = reader.integer()?;
        key(&mut reader, b"pieces")?;
        let pieces = reader.string()?;
        if reader.rest != b"e" {
            return Err(TorrentRefusal::NotSingleFile);
        }
        Ok(Self { length, name, piece_length, pieces })
    }
}

/// The exact bytes of the value of `info`.
fn info_dictionary(metainfo: &[u8]) -> Result<&[u8], TorrentRefusal> {
    let mut reader = Bencode { rest: metainfo };
    let mut info = None;
    reader.expect(b'd')?;
    let mut last_key: Option<&[u8]> = None;
    while reader.peek()? != b'e' {
        let key = reader.string()?;
        if last_key.is_some_and(|last| last >= key) {
            return Err(TorrentRefusal::Syntax);
        }
        last_key = Some(key);
        let before = reader.rest;
        reader.skip(MAX_DEPTH)?;
        if key == b"info" {
            info = Some(&before[..before.len() - reader.rest.len()]);
        }
    }
    if reader.rest != b"e" {
        return Err(TorrentRefusal::Syntax);
    }
    info.ok_or(TorrentRefusal::Syntax)
}

/// Canonical bencoding (BEP 3): no leading zeros, no negative numbers where none belong.
struct Bencode<'a> {
    rest: &'a [u8],
}

/// Largest number in a message of an extension; nothing that anybody counts there comes near it.
const MAX_NUMBER: u64 = 999_999_999;

/// Whether a bencoded value begins here that is whole, canonical, not nested deeper and with no larger numbers than anybody
/// needs: what a library may be asked to read that counts neither its stack nor its digits.
pub(crate) fn is_modest(bytes: &[u8]) -> bool {
    let mut reader = Bencode { rest: bytes };
    reader.skip_bounded(MAX_DEPTH, MAX_NUMBER).is_ok()
}

impl<'a> Bencode<'a> {
    fn peek(&self) -> Result<u8, TorrentRefusal> {
        self.rest.first().copied().ok_or(TorrentRefusal::Syntax)
    }

    fn expect(&mut self, wanted: u8) -> Result<(), TorrentRefusal> {
        if self.peek()? != wanted {
            return Err(TorrentRefusal::Syntax);
        }
        self.rest = &self.rest[1..];
        Ok(())
    }

    fn digits(&mut self, end: u8) -> Result<u64, TorrentRefusal> {
        let length = self.rest.iter().take(21).position(|byte| *byte == end).ok_or(TorrentRefusal::Syntax)?;
        let (digits, rest) = self.rest.split_at(length);
        let is_canonical =
            digits.iter().all(u8::is_ascii_digit) && (digits == b"0" || digits.first() != Some(&b'0'));
        let number =
            std::str::from_utf8(digits).ok().filter(|_| is_canonical).and_then(|text| text.parse().ok());
        self.rest = &rest[1..];
        number.ok_or(TorrentRefusal::Syntax)
    }

    fn integer(&mut self) -> Result<u64, TorrentRefusal> {
        self.expect(b'i')?;
        self.digits(b'e')
    }

    fn string(&mut self) -> Result<&'a [u8], TorrentRefusal> {
        let length = usize::try_from(self.digits(b':')?).map_err(|_| TorrentRefusal::Syntax)?;
        if length > self.rest.len() {
            return Err(TorrentRefusal::Syntax);
        }
        let (string, rest) = self.rest.split_at(length);
        self.rest = rest;
        Ok(string)
    }

    fn skip(&mut self, depth: u32) -> Result<(), TorrentRefusal> {
        self.skip_bounded(depth, u64::MAX)
    }

    fn skip_bounded(&mut self, depth: u32, largest: u64) -> Result<(), TorrentRefusal> {
        let deeper = depth.checked_sub(1).ok_or(TorrentRefusal::Syntax)?;
        match self.peek()? {
            b'i' => {
                self.expect(b'i')?;
                if self.peek()? == b'-' {
                    self.expect(b'-')?;
                }
                let number = self.digits(b'e')?;
                if number > largest { Err(TorrentRefusal::Syntax) } else { Ok(()) }
            }
            b'l' => {
                self.expect(b'l')?;
                while self.peek()? != b'e' {
                    self.skip_bounded(deeper, largest)?;
                }
                self.expect(b'e')
            }
            b'd' => {
                self.expect(b'd')?;
                while self.peek()? != b'e' {
                    self.string()?;
                    self.skip_bounded(deeper, largest)?;
                }
                self.expect(b'e')
            }
            _ => self.string().map(|_| ()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HASH: Sha256 = Sha256([7; 32]);

    fn info(length: &str, name: &str, piece: &str, pieces: usize) -> Vec<u8> {
        let mut info = format!(
            "d6:lengthi{length}e4:name{}:{name}12:piece lengthi{piece}e6:pieces{pieces}:",
            name.len()
        );
        info.push_str(&"x".repeat(pieces));
        info.push('e');
        info.into_bytes()
    }

    fn spec(info: &[u8]) -> TorrentSpec {
        TorrentSpec {
            metainfo: [b"d8:announce9:udp://a:14:info", info, b"e"].concat().into(),
            info_hash: Sha1(Hasher::digest(info).into()),
        }
    }

    fn parse(info: &[u8], size: u64) -> Result<Metainfo, TorrentRefusal> {
        Metainfo::parse(&spec(info), &HASH, size)
    }

    #[test]
    fn takes_exactly_the_torrent_of_the_signed_file_and_drops_the_rest() {
        let info = info("100000", &HASH.to_string(), "65536", 40);
        let metainfo = parse(&info, 100_000).expect("a good torrent");
        assert_eq!(metainfo.piece_length, 65_536);
        assert_eq!((metainfo.info(), metainfo.pieces()), (info.as_slice(), 2));
        assert_eq!((metainfo.piece_hash(1), metainfo.piece_hash(2)), (Some([b'x'; 20]), None));
    }

    #[test]
    fn refuses_what_is_not_one_file_bound_to_hash_and_size() {
        let name = HASH.to_string();
        let cases = [
            (info("100000", "../evil", "65536", 40), TorrentRefusal::Name),
            (info("100000", "C:", "65536", 40), TorrentRefusal::Name),
            (info("100001", &name, "65536", 40), TorrentRefusal::Length),
            (info("100000", &name, "0", 40), TorrentRefusal::PieceLength),
            (info("100000", &name, "2147483648", 20), TorrentRefusal::PieceLength),
            (info("100000", &name, "65535", 40), TorrentRefusal::PieceLength),
            (info("100000", &name, "65536", 20), TorrentRefusal::Pieces),
            (info("100000", &name, "65536", 60), TorrentRefusal::Pieces),
            (info("-1", &name, "65536", 40), TorrentRefusal::Syntax),
            (info("0100000", &name, "65536", 40), TorrentRefusal::Syntax),
            (b"d5:filesld6:lengthi1e4:pathl1:aeee4:name1:ae".to_vec(), TorrentRefusal::NotSingleFile),
        ];
        for (info, refusal) in cases {
            assert_eq!(parse(&info, 100_000), Err(refusal), "{}", String::from_utf8_lossy(&info));
        }
        let mut other_hash = spec(&info("100000", &name, "65536", 40));
        other_hash.info_hash = Sha1([0; 20]);
        assert_eq!(Metainfo::parse(&other_hash, &HASH, 100_000), Err(TorrentRefusal::InfoHash));
        assert_eq!(parse(&info("0", &name, "65536", 0), 0), Err(TorrentRefusal::Length));
        let huge = TorrentSpec { metainfo: vec![b'd'; MAX_METAINFO + 1].into(), info_hash: Sha1([0; 20]) };
        assert_eq!(Metainfo::parse(&huge, &HASH, 1), Err(TorrentRefusal::TooLarge));
        let deep = TorrentSpec { metainfo: vec![b'l'; 100_000].into(), info_hash: Sha1([0; 20]) };
        assert_eq!(Metainfo::parse(&deep, &HASH, 1), Err(TorrentRefusal::Syntax));
    }

    proptest! {
        #[test]
        fn noise_is_refused_without_a_panic(noise in prop::collection::vec(any::<u8>(), 0..200), at in 0usize..150) {
            let good = spec(&info("100000", &HASH.to_string(), "65536", 40));
            let mut altered = good.metainfo.to_vec();
            let at = at.min(altered.len());
            altered.splice(at..(at + noise.len() / 8).min(good.metainfo.len()), noise.iter().copied());
            let spec = TorrentSpec { metainfo: altered.into(), ..good.clone() };
            if let Ok(metainfo) = Metainfo::parse(&spec, &HASH, 100_000) {
                prop_assert_eq!(metainfo.info_hash, good.info_hash);
            }
            let noise = TorrentSpec { metainfo: noise.into(), info_hash: Sha1([0; 20]) };
            prop_assert!(Metainfo::parse(&noise, &HASH, 100_000).is_err());
        }
    }
}
