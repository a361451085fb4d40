//! Asking holders what they have. One that cannot be read has nothing.

use std::{collections::BTreeSet, ops::ControlFlow};

use muster_cache::{Cache, TreeLease};
use muster_domain::{PortablePath, Sha256};
use muster_fsx::{Dir, File};
use muster_package::{
    Cancel, Entry, FileEntry, Limits, MANIFEST_NAME, Manifest, Method, PAYLOAD_FOLDER, Reuse, Span, Whence,
    validate_foreign,
};

use super::{Holder, Local, compress::Job};

/// Most holders that are asked.
const MAX_HOLDERS: usize = 64;
/// No further holder is asked after so many entries were looked at.
const MAX_ENTRIES: usize = 400_000;
/// Files of a tree that are compressed to see whether our packer made its package …
const SAMPLES: usize = 3;
/// … if they are no larger than this, in bytes.
const MAX_SAMPLE: u64 = 1024 * 1024;
/// Largest manifest that is read from a tree, in bytes.
const MAX_MANIFEST: u64 = 16 * 1024 * 1024;

/// A holder that has something.
pub(super) enum Open {
    Archive { sha256: Sha256, file: File },
    Tree { payload: Dir, _lease: TreeLease },
}

impl Open {
    /// A file of a tree's payload.
    pub fn file(&self, path: &PortablePath) -> Option<File> {
        match self {
            Self::Archive { .. } => None,
            Self::Tree { payload, .. } => payload.open(path).ok(),
        }
    }
}

/// What is here of an archive, and where.
pub(super) struct Survey {
    pub spans: Vec<Span>,
    /// By the numbers in the spans.
    pub holders: Vec<Open>,
}

/// Asks the holders in turn until everything is found. `None` if it was cancelled or nobody has anything.
pub(super) fn survey(local: &Local, cache: &Cache, cancel: Cancel<'_>) -> Option<Survey> {
    let (mut reuse, mut holders, mut looked_at) = (Reuse::new(&local.map), Vec::new(), 0);
    for holder in local.holders.iter().take(MAX_HOLDERS) {
        if cancel() {
            return None;
        }
        if reuse.is_complete() || looked_at > MAX_ENTRIES {
            break;
        }
        let number = holders.len();
        let asked = match holder {
            Holder::Archive(sha256) => archive(cache, sha256).map(|(open, entries)| {
                looked_at += entries.len();
                (open, reuse.add_archive(number, &entries))
            }),
            Holder::Tree(trees, sha256) => trees.lease(sha256).ok().and_then(tree).map(|(open, files)| {
                looked_at += files.len();
                (open, reuse.add_tree(number, &files))
            }),
        };
        holders.extend(asked.filter(|(_, gained)| *gained > 0).map(|(open, _)| open));
    }
    let mut spans = reuse.spans().ok().filter(|_| !holders.is_empty())?;
    let foreign: BTreeSet<usize> =
        (0..holders.len()).filter(|holder| is_of_another_packer(*holder, &spans, &holders, cancel)).collect();
    spans.retain(|span| match &span.from {
        Whence::Tree { holder, method: Method::Deflate, .. } => !foreign.contains(holder),
        _ => true,
    });
    Some(Survey { spans, holders })
}

/// Whether some small files of a tree all compress to something else than the new archive stores.
fn is_of_another_packer(holder: usize, spans: &[Span], holders: &[Open], cancel: Cancel<'_>) -> bool {
    let is_its = |span: &&Span| matches!(span.from, Whence::Tree { holder: its, .. } if its == holder);
    let jobs = spans.iter().filter(is_its).filter_map(|span| Job::of(span, holders));
    let mut jobs: Vec<Job<'_>> = jobs.filter(|job| job.size <= MAX_SAMPLE).collect();
    jobs.sort_by_key(|job| job.size);
    jobs.truncate(SAMPLES);
    let is_right = |job: &Job<'_>| job.run(cancel, &mut |_| ControlFlow::Continue(()));
    !jobs.is_empty() && !jobs.iter().any(is_right)
}

fn archive(cache: &Cache, sha256: &Sha256) -> Option<(Open, Vec<Entry>)> {
    let file = cache.open_unproven(sha256).ok()?;
    let entries = validate_foreign(&file, &Limits::default()).ok()?;
    Some((Open::Archive { sha256: *sha256, file }, entries))
}

fn tree(lease: TreeLease) -> Option<(Open, Vec<FileEntry>)> {
    let tree = lease.dir().ok()?;
    let manifest = Manifest::parse(&tree.read(MANIFEST_NAME, MAX_MANIFEST).ok()?).ok()?;
    let payload = tree.open_dir(PAYLOAD_FOLDER).ok()?;
    Some((Open::Tree { payload, _lease: lease }, manifest.files))
}
