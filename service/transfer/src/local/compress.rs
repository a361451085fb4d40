//! Compressing files of trees again, some ahead of where they are needed, on a few threads.
//!
//! Every file becomes a stream of pieces, of which a bounded number waits. Dropping a stream ends the work on it.

use std::{
    collections::VecDeque,
    num::NonZero,
    ops::ControlFlow,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
};

use muster_domain::{PortablePath, Sha256};
use muster_fsx::Dir;
use muster_package::{Cancel, Method, Span, Whence, compress_file};
use sha2::Digest as _;

use super::holders::Open;

/// Pieces of at most 64 KiB that one stream holds ready.
const PIECES: usize = 16;
/// Files that are worked on or wait, for every thread.
const AHEAD: usize = 2;
/// Compressing must leave most of the machine to the player.
const MAX_THREADS: usize = 4;

/// One file to compress.
pub(super) struct Job<'a> {
    payload: &'a Dir,
    path: &'a PortablePath,
    /// Bytes of the file.
    pub size: u64,
    /// What has to come out.
    length: u64,
    sha256: Sha256,
}

impl<'a> Job<'a> {
    /// What has to be done for a span, if its bytes have to be compressed.
    pub fn of(span: &'a Span, holders: &'a [Open]) -> Option<Self> {
        let Whence::Tree { holder, path, size, method: Method::Deflate, sha256 } = &span.from else {
            return None;
        };
        let Some(Open::Tree { payload, .. }) = holders.get(*holder) else { return None };
        Some(Self { payload, path, size: *size, length: span.length, sha256: *sha256 })
    }

    /// Gives what comes out to `sink`, which may say that it has enough, and tells whether it is what was expected.
    /// `false` too if the file cannot be read or is no longer the same.
    pub fn run(&self, cancel: Cancel<'_>, sink: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> bool {
        let Ok(mut file) = self.payload.open(self.path) else { return false };
        if file.size().ok() != Some(self.size) {
            return false;
        }
        let (mut hasher, mut length) = (sha2::Sha256::new(), 0);
        let all = compress_file(&mut file, cancel, &mut |bytes| {
            length += bytes.len() as u64;
            hasher.update(bytes);
            if length > self.length { ControlFlow::Break(()) } else { sink(bytes) }
        });
        all.unwrap_or(false) && length == self.length && hasher.finalize()[..] == self.sha256.0
    }
}

type Queue<'a> = Sender<(Job<'a>, SyncSender<Piece>)>;

/// What a stream gives.
pub(super) enum Piece {
    Bytes(Vec<u8>),
    /// The last: whether what came is what was expected.
    End {
        is_right: bool,
    },
}

/// Threads that compress.
pub(super) struct Compressors<'a> {
    queue: Queue<'a>,
    threads: usize,
}

/// Lets `work` use compressing threads, which end with it.
pub(super) fn with_compressors<'a, T>(cancel: Cancel<'a>, work: impl FnOnce(Compressors<'a>) -> T) -> T {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = (cores / 2).clamp(1, MAX_THREADS);
    let (queue, jobs) = channel::<(Job<'a>, SyncSender<Piece>)>();
    let jobs = Mutex::new(jobs);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    // The queue is dropped with the work.
                    let Ok((job, pieces)) = next else { return };
                    let is_right =
                        job.run(cancel, &mut |bytes| match pieces.send(Piece::Bytes(bytes.to_vec())) {
                            Ok(()) => ControlFlow::Continue(()),
                            Err(_) => ControlFlow::Break(()),
                        });
                    let _ = pieces.send(Piece::End { is_right });
                }
            });
        }
        work(Compressors { queue, threads })
    })
}

/// The streams of files that are needed soon. Jobs are taken and streams are read in the same order, so a thread that
/// waits for the reader never keeps it from the stream that it reads.
pub(super) struct Ahead<'a> {
    spans: &'a [Span],
    holders: &'a [Open],
    compressors: Compressors<'a>,
    /// The first span that was not looked at yet.
    next: usize,
    streams: VecDeque<(usize, Receiver<Piece>)>,
}

impl<'a> Ahead<'a> {
    pub fn new(spans: &'a [Span], holders: &'a [Open], compressors: Compressors<'a>) -> Self {
        Self { spans, holders, compressors, next: 0, streams: VecDeque::new() }
    }

    /// The stream of a span, later than those asked for before.
    pub fn stream(&mut self, index: usize) -> Option<Receiver<Piece>> {
        self.streams.retain(|(other, _)| *other >= index);
        self.next = self.next.max(index);
        while self.streams.len() <= self.compressors.threads * AHEAD
            && let Some(span) = self.spans.get(self.next)
        {
            if let Some(job) = Job::of(span, self.holders) {
                let (pieces, stream) = sync_channel(PIECES);
                // If no thread is left, the stream is at its end.
                let _ = self.compressors.queue.send((job, pieces));
                self.streams.push_back((self.next, stream));
            }
            self.next += 1;
        }
        let (_, stream) = self.streams.pop_front_if(|(first, _)| *first == index)?;
        Some(stream)
    }
}
