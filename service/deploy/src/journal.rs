//! The journal file: one checksummed record per line, appended and synced.
//!
//! `<first 16 hexadecimal digits of the SHA-256 of the rest> <JSON>\n`. A last line that is torn was never answered
//! for and is cut off. Damage anywhere else is an error: the books would be wrong.

use std::io::Write as _;

use muster_fsx::{Dir, File, Operation};

use crate::{
    Applied, DeployError,
    edits::sha256,
    facts::Stamp,
    record::{FORMAT, PlacedFact, Record, Transaction},
};

const NAME: &str = "journal";
/// Largest journal that is read, in bytes.
const MAX_SIZE: u64 = 1 << 30;
/// Below this size the journal is not rewritten. All of it is read whenever a place is opened.
const COMPACT_FROM: u64 = 1 << 17;

#[derive(Debug)]
pub(crate) struct Journal {
    dir: Dir,
    file: File,
    /// Bytes that are good.
    length: u64,
    /// Where the record of the change that is under way begins.
    begin: Option<u64>,
    /// Size of the snapshot at the last rewriting.
    base: u64,
    /// Behind `length` there may be bytes of a record that was not answered for.
    is_torn: bool,
    /// Something could not be written: the file may say less than its owner knows.
    is_behind: bool,
}

/// What a journal said when its owner closed it. As long as nobody wrote to the file since, it need not be read again.
#[derive(Debug)]
pub struct Books {
    applied: Applied,
    length: u64,
    base: u64,
    stamp: Stamp,
}

/// What a journal file says.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) applied: Applied,
    /// Begun and not committed.
    pub(crate) begun: Option<Transaction>,
    /// Committed and not cleaned up after.
    pub(crate) unfinished: Option<Transaction>,
    /// Bytes of whole records.
    pub(crate) length: u64,
    /// Where `begun` begins.
    pub(crate) begin: Option<u64>,
    /// Where the last snapshot ends.
    pub(crate) base: u64,
    is_snapshot: bool,
}

fn line(record: &Record) -> Vec<u8> {
    // Maps have string keys and nothing else can fail.
    let json = serde_json::to_string(record).expect("records are plain data");
    let checksum = &sha256(json.as_bytes()).to_string()[..16];
    format!("{checksum} {json}\n").into_bytes()
}

enum Parsed {
    Record(Box<Record>),
    Bad(&'static str),
}

fn parse_line(bytes: &[u8]) -> Parsed {
    let Some((checksum, json)) = bytes.split_at_checked(17) else {
        return Parsed::Bad("a line is too short");
    };
    if checksum[16] != b' ' || sha256(json).to_string().as_bytes()[..16] != checksum[..16] {
        return Parsed::Bad("a checksum is wrong");
    }
    match serde_json::from_slice(json) {
        Ok(record) => Parsed::Record(Box::new(record)),
        Err(_) => Parsed::Bad("a record is not of a known kind"),
    }
}

/// Why a journal is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Damaged(&'static str),
    Newer,
}

/// Reads the text of a journal. Total: any bytes give the books or a refusal.
pub(crate) fn read(bytes: &[u8]) -> Result<Contents, Refusal> {
    let mut contents = Contents::default();
    let mut lines = bytes.split_inclusive(|&b| b == b'\n').peekable();
    while let Some(line) = lines.next() {
        let is_last = lines.peek().is_none();
        let Some(body) = line.strip_suffix(b"\n") else { break };
        match parse_line(body) {
            Parsed::Record(record) => contents.take(*record)?,
            Parsed::Bad(_) if is_last => break,
            Parsed::Bad(why) => return Err(Refusal::Damaged(why)),
        }
        contents.length += line.len() as u64;
        if contents.is_snapshot {
            (contents.base, contents.is_snapshot) = (contents.length, false);
        }
    }
    Ok(contents)
}

impl Contents {
    fn take(&mut self, record: Record) -> Result<(), Refusal> {
        let is_first = self.length == 0;
        match record {
            Record::Header { format } if is_first && format == FORMAT => {}
            Record::Header { .. } if is_first => return Err(Refusal::Newer),
            _ if is_first => return Err(Refusal::Damaged("the header is missing")),
            Record::Header { .. } => return Err(Refusal::Damaged("a second header")),
            Record::Snapshot { applied } => (self.applied, self.is_snapshot) = (applied, true),
            Record::Begin { transaction } => {
                let expected = self.applied.sequence + 1;
                if self.begun.is_some() || transaction.sequence != expected {
                    return Err(Refusal::Damaged("a change begins out of turn"));
                }
                self.begin = Some(self.length);
                self.unfinished = None;
                self.begun = Some(transaction);
            }
            Record::Commit { sequence, placed } => {
                let begun = self.begun.take().filter(|begun| begun.sequence == sequence);
                let Some(begun) = begun else {
                    return Err(Refusal::Damaged("a commit without its beginning"));
                };
                self.applied.commit(&begun, &placed);
                self.begin = None;
                self.unfinished = Some(begun);
            }
            Record::Finished { sequence, removed } => {
                if self.unfinished.take().is_none_or(|unfinished| unfinished.sequence != sequence) {
                    return Err(Refusal::Damaged("an end without its change"));
                }
                self.applied.finish(&removed);
            }
        }
        Ok(())
    }
}

impl Journal {
    /// Opens or creates the journal of a state folder.
    pub(crate) fn open(dir: &Dir) -> Result<(Self, Contents), DeployError> {
        let path = dir.path().join(NAME);
        let bytes = dir.read_if_exists(NAME, MAX_SIZE)?.unwrap_or_default();
        let mut contents = read(&bytes).map_err(|refusal| match refusal {
            Refusal::Newer => DeployError::JournalFormat { path: path.clone() },
            Refusal::Damaged(why) => DeployError::Journal { path: path.clone(), why: why.to_owned() },
        })?;
        if contents.length == 0 && !bytes.is_empty() {
            // The header came there whole or not at all.
            return Err(DeployError::Journal { path, why: "its beginning is not readable".into() });
        }
        if contents.length == 0 {
            let header = line(&Record::Header { format: FORMAT });
            dir.write_atomic_private(NAME, &header)?;
            contents.length = header.len() as u64;
        }
        let file = dir.open_to_append(NAME)?;
        let mut journal = Self {
            dir: dir.try_clone()?,
            file,
            length: contents.length,
            begin: contents.begin,
            base: contents.base,
            is_torn: false,
            is_behind: false,
        };
        journal.is_torn = journal.file.size()? > journal.length;
        journal.mend()?;
        Ok((journal, contents))
    }

    /// Opens a journal to which nobody wrote since its owner closed it; nothing where somebody did.
    pub(crate) fn reopen(dir: &Dir, books: Books) -> Result<Option<(Self, Applied)>, DeployError> {
        let Books { applied, length, base, stamp } = books;
        let now = dir.metadata_if_exists(NAME)?;
        if now.is_none_or(|now| now.size != length || Stamp::of(&now) != stamp) {
            return Ok(None);
        }
        let file = dir.open_to_append(NAME)?;
        let dir = dir.try_clone()?;
        Ok(Some((Self { dir, file, length, begin: None, base, is_torn: false, is_behind: false }, applied)))
    }

    /// What the file says, if that is all that its owner knows.
    pub(crate) fn books(&self, applied: Applied) -> Option<Books> {
        if self.begin.is_some() || self.is_torn || self.is_behind {
            return None;
        }
        let now = self.dir.metadata(NAME).ok().filter(|now| now.size == self.length)?;
        Some(Books { applied, length: self.length, base: self.base, stamp: Stamp::of(&now) })
    }

    /// Cuts off what was not answered for. Must succeed before anything that such a record speaks of is undone.
    pub(crate) fn mend(&mut self) -> Result<(), DeployError> {
        if self.is_torn {
            self.file.set_size(self.length)?;
            self.file.sync()?;
            self.is_torn = false;
        }
        Ok(())
    }

    /// Appends durably. After an error the file ends where it did before; if even that fails, the error is
    /// [`DeployError::Unfinished`], because the record may or may not be on the disk.
    fn append(&mut self, record: &Record) -> Result<(), DeployError> {
        self.mend()?;
        let line = line(record);
        let written = self.file.write_all(&line);
        let written = written
            .map_err(|error| muster_fsx::Error::recover(error, Operation::Write, self.file.path()))
            .and_then(|()| self.file.sync());
        match written {
            Ok(()) => {
                self.length += line.len() as u64;
                Ok(())
            }
            Err(error) => {
                (self.is_torn, self.is_behind) = (true, true);
                self.mend().map_err(|_| DeployError::Unfinished { reason: error.to_string() })?;
                Err(error.into())
            }
        }
    }

    pub(crate) fn begin(&mut self, transaction: &Transaction) -> Result<(), DeployError> {
        let at = self.length;
        self.append(&Record::Begin { transaction: transaction.clone() })?;
        self.begin = Some(at);
        Ok(())
    }

    pub(crate) fn commit(&mut self, sequence: u64, placed: &[PlacedFact]) -> Result<(), DeployError> {
        self.append(&Record::Commit { sequence, placed: placed.to_vec() })?;
        self.begin = None;
        Ok(())
    }

    pub(crate) fn finished(&mut self, sequence: u64, removed: Vec<crate::Spot>) -> Result<(), DeployError> {
        self.append(&Record::Finished { sequence, removed })
    }

    /// Takes the begun change out again, after it was rolled back. Needs no space.
    pub(crate) fn forget_begun(&mut self) -> Result<(), DeployError> {
        if let Some(begin) = self.begin {
            self.length = begin;
            self.is_torn = true;
            self.mend()?;
            self.begin = None;
        }
        Ok(())
    }

    /// Rewrites the journal as one snapshot, if it has grown enough to be worth it.
    pub(crate) fn compact(&mut self, applied: &Applied) -> Result<(), DeployError> {
        if self.length < COMPACT_FROM || self.length < self.base.saturating_mul(4) {
            return Ok(());
        }
        self.rewrite(applied)
    }

    pub(crate) fn rewrite(&mut self, applied: &Applied) -> Result<(), DeployError> {
        let mut bytes = line(&Record::Header { format: FORMAT });
        bytes.extend(line(&Record::Snapshot { applied: applied.clone() }));
        // Until it is there, the file says something else than the books.
        let was_behind = std::mem::replace(&mut self.is_behind, true);
        self.dir.write_atomic_private(NAME, &bytes)?;
        self.file = self.dir.open_to_append(NAME)?;
        self.length = bytes.len() as u64;
        self.base = self.length;
        self.is_behind = was_behind;
        Ok(())
    }
}
