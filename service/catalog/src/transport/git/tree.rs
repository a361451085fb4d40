//! Files of one commit, by their paths. Nothing is laid out, and links and other repositories are not followed.

use gix::{ObjectId, Repository, objs::Kind, objs::tree::EntryKind};

use super::unreadable;
use crate::transport::FetchError;

/// Longest commit, and longest list of one folder, in bytes.
const MAX_COMMIT: u64 = 1024 * 1024;
const MAX_TREE: u64 = 64 * 1024 * 1024;

/// A commit of a repository.
pub(super) struct Commit {
    /// Whose sentences these are: the address.
    pub address: String,
    pub id: ObjectId,
}

impl Commit {
    /// A file, if the commit has it, of at most `max` bytes: longer ones are not read.
    pub fn read(&self, repository: &Repository, path: &str, max: u64) -> Result<Option<Vec<u8>>, FetchError> {
        match self.find(repository, path)? {
            Some(id) => self.bytes(repository, id, Kind::Blob, (path, max)).map(Some),
            None => Ok(None),
        }
    }

    /// Whether the commit and its outermost folder are here.
    pub fn check(&self, repository: &Repository) -> Result<(), FetchError> {
        self.root(repository).and_then(|root| self.tree(repository, root)).map(|_| ())
    }

    fn find(&self, repository: &Repository, path: &str) -> Result<Option<ObjectId>, FetchError> {
        let mut folder = self.root(repository)?;
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let tree = self.tree(repository, folder)?;
            let tree = gix::objs::TreeRefIter::from_bytes(&tree, repository.object_hash());
            let mut found = None;
            for entry in tree {
                let entry = entry.map_err(|error| unreadable(&self.address, &error))?;
                if entry.filename == part {
                    found = Some((entry.mode.kind(), entry.oid.to_owned()));
                    break;
                }
            }
            let is_last = parts.peek().is_none();
            match found {
                None => return Ok(None),
                Some((EntryKind::Tree, id)) if !is_last => folder = id,
                Some((EntryKind::Blob | EntryKind::BlobExecutable, id)) if is_last => return Ok(Some(id)),
                Some((EntryKind::Blob | EntryKind::BlobExecutable, _)) => return Ok(None),
                Some(_) => return Err(FetchError::NotAFile { file: path.to_owned() }),
            }
        }
        Ok(None)
    }

    fn root(&self, repository: &Repository) -> Result<ObjectId, FetchError> {
        let bytes = self.bytes(repository, self.id, Kind::Commit, (&self.address, MAX_COMMIT))?;
        let mut commit = gix::objs::CommitRefIter::from_bytes(&bytes, repository.object_hash());
        commit.tree_id().map_err(|error| unreadable(&self.address, &error))
    }

    fn tree(&self, repository: &Repository, id: ObjectId) -> Result<Vec<u8>, FetchError> {
        self.bytes(repository, id, Kind::Tree, (&self.address, MAX_TREE))
    }

    fn bytes(
        &self,
        repository: &Repository,
        id: ObjectId,
        kind: Kind,
        (file, limit): (&str, u64),
    ) -> Result<Vec<u8>, FetchError> {
        let header = repository.find_header(id).map_err(|error| unreadable(&self.address, &error))?;
        if header.kind() != kind {
            return Err(unreadable(&self.address, &"a part of it is something else than it should be"));
        }
        if header.size() > limit {
            return Err(FetchError::TooLong { file: file.to_owned(), limit });
        }
        let object = repository.find_object(id).map_err(|error| unreadable(&self.address, &error))?;
        Ok(object.detach().data)
    }
}
