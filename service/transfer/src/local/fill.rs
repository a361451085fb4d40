//! Reading what holders have, in the order of the new archive.

use std::{
    collections::BTreeSet,
    ops::Range,
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use muster_cache::{BLOCK_SIZE, Cache, Error};
use muster_domain::Sha256;
use muster_fsx::File;
use muster_package::{Cancel, Method, Span, Whence, whole_blocks};
use sha2::Digest as _;

use super::{
    Keep, Local, Manner,
    compress::{Ahead, Piece, with_compressors},
    gather::{Gather, block_of},
    holders::{Open, Survey, survey},
};
use crate::assembly::{Assembly, Counters};

/// Bytes read at a time.
const PIECE: u64 = 64 * 1024;
const CHECKPOINT: Duration = Duration::from_secs(5);

/// Stores what is here of the archive. Returns early when it is cancelled.
pub(super) fn fill(
    local: &Local,
    cache: &Cache,
    (assembly, counters): (&Assembly, &Counters),
    manner: Manner,
    cancel: Cancel<'_>,
) -> Result<(), Error> {
    let began = Instant::now();
    let Some(Survey { spans, holders }) = survey(local, cache, cancel) else { return Ok(()) };
    if spans.last().is_none_or(|last| last.end() != assembly.size()) {
        // Not the map of this archive.
        return Ok(());
    }
    let spans = needed(spans, assembly, manner.keep);
    let fill = Fill {
        cache,
        assembly,
        holders: &holders,
        gather: Gather::new(assembly, counters, manner.keep),
        doubted: BTreeSet::new(),
        until: began.checked_add(manner.compresses),
        cancel,
    };
    let Gather { taken, refused, .. } =
        with_compressors(cancel, |compressors| fill.all(&spans, Ahead::new(&spans, &holders, compressors)))?;
    let holders = holders.len();
    tracing::debug!(taken, refused, holders, took = ?began.elapsed(), "took what is here");
    Ok(())
}

/// The spans that have bytes of a block which is missing, and which they complete unless parts of blocks are kept too.
fn needed(mut spans: Vec<Span>, assembly: &Assembly, keep: Keep) -> Vec<Span> {
    let size = assembly.size();
    let runs = match keep {
        Keep::Parts => std::iter::once(0..size).collect(),
        Keep::Blocks => whole_blocks(&spans, size),
    };
    let blocks = runs
        .into_iter()
        .flat_map(|run| run.clone().step_by(BLOCK_SIZE as usize).map(move |first| block_of(first, size)));
    let missing: Vec<Range<u64>> = blocks.filter(|block| !assembly.has(block.clone())).collect();
    let mut missing = missing.into_iter().peekable();
    spans.retain(|span| {
        while missing.next_if(|block| block.end <= span.start).is_some() {}
        missing.peek().is_some_and(|block| block.start < span.end())
    });
    spans
}

/// Whether the bytes of a span were those of its hash.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Right,
    Wrong,
}

struct Fill<'a> {
    cache: &'a Cache,
    assembly: &'a Assembly,
    holders: &'a [Open],
    gather: Gather<'a>,
    /// Archives that had other bytes than their directories promised.
    doubted: BTreeSet<Sha256>,
    /// Nothing is compressed after this.
    until: Option<Instant>,
    cancel: Cancel<'a>,
}

impl<'a> Fill<'a> {
    fn all(mut self, spans: &[Span], mut ahead: Ahead<'a>) -> Result<Gather<'a>, Error> {
        let mut saved_at = Instant::now();
        for (index, span) in spans.iter().enumerate() {
            if (self.cancel)() {
                break;
            }
            match self.span(index, span, &mut ahead)? {
                Verdict::Right => self.gather.right(span.start..span.end()),
                Verdict::Wrong => self.gather.wrong(span.start..span.end())?,
            }
            if saved_at.elapsed() >= CHECKPOINT {
                saved_at = Instant::now();
                self.assembly.checkpoint()?;
            }
        }
        self.gather.finish()
    }

    fn span(&mut self, index: usize, span: &Span, ahead: &mut Ahead<'a>) -> Result<Verdict, Error> {
        match &span.from {
            Whence::Map(bytes) => self.gather.push(span.start, bytes).map(|()| Verdict::Right),
            Whence::Archive { holder, offset, sha256 } => {
                let Some(Open::Archive { sha256: archive, file }) = self.holders.get(*holder) else {
                    return Ok(Verdict::Wrong);
                };
                let verdict = self.copy(span, (file, *offset), sha256)?;
                if verdict == Verdict::Wrong && !(self.cancel)() && self.doubted.insert(*archive) {
                    tracing::warn!(archive = %archive.short(), "an archive is not what its directory says");
                    self.cache.doubt(archive);
                }
                Ok(verdict)
            }
            Whence::Tree { holder, path, method: Method::Store, sha256, .. } => {
                let file = self.holders.get(*holder).and_then(|open| open.file(path));
                file.map_or(Ok(Verdict::Wrong), |file| self.copy(span, (&file, 0), sha256))
            }
            Whence::Tree { method: Method::Deflate, .. } => {
                let is_late = self.until.is_some_and(|until| Instant::now() >= until);
                let stream = if is_late { None } else { ahead.stream(index) };
                stream.map_or(Ok(Verdict::Wrong), |stream| self.receive(span, &stream))
            }
        }
    }

    /// Passes the bytes of a span on; a file that cannot be read is wrong.
    fn copy(
        &mut self,
        span: &Span,
        (file, offset): (&File, u64),
        expected: &Sha256,
    ) -> Result<Verdict, Error> {
        let mut hasher = sha2::Sha256::new();
        let mut buffer = vec![0; span.length.min(PIECE) as usize];
        let mut done = 0;
        while done < span.length {
            let piece = &mut buffer[..(span.length - done).min(PIECE) as usize];
            if (self.cancel)() || file.read_exact_at(piece, offset + done).is_err() {
                return Ok(Verdict::Wrong);
            }
            hasher.update(&piece);
            self.gather.push(span.start + done, piece)?;
            done += piece.len() as u64;
        }
        Ok(if hasher.finalize()[..] == expected.0 { Verdict::Right } else { Verdict::Wrong })
    }

    /// Passes on what a file was compressed to.
    fn receive(&mut self, span: &Span, stream: &Receiver<Piece>) -> Result<Verdict, Error> {
        let mut at = span.start;
        loop {
            match stream.recv() {
                Ok(Piece::Bytes(bytes)) => {
                    self.gather.push(at, &bytes)?;
                    at += bytes.len() as u64;
                }
                Ok(Piece::End { is_right: true }) => return Ok(Verdict::Right),
                Ok(Piece::End { is_right: false }) | Err(_) => return Ok(Verdict::Wrong),
            }
        }
    }
}
