//! Where librqbit reads and writes: never files of its own, always [`Pieces`] (downloads) or the cache's [`Reader`] (seeds).

use std::{path::Path, sync::Arc};

use anyhow::{anyhow, bail};
use librqbit::{
    ManagedTorrentShared, TorrentMetadata,
    storage::{BoxStorageFactory, StorageFactory, StorageFactoryExt, TorrentStorage},
};
use librqbit_core::lengths::ValidPieceIndex;
use muster_cache::Reader;

use super::Pieces;

/// The bytes behind one torrent.
#[derive(Clone, Debug)]
pub(super) enum Storage {
    Fetch(Arc<Pieces>),
    Seed(Reader),
}

impl StorageFactory for Storage {
    type Storage = Self;

    fn create(&self, _: &ManagedTorrentShared, _: &TorrentMetadata) -> anyhow::Result<Self> {
        Ok(self.clone())
    }

    fn clone_box(&self) -> BoxStorageFactory {
        self.clone().boxed()
    }
}

impl TorrentStorage for Storage {
    fn init(&mut self, _: &ManagedTorrentShared, _: &TorrentMetadata) -> anyhow::Result<()> {
        Ok(())
    }

    fn pread_exact(&self, _file: usize, offset: u64, buffer: &mut [u8]) -> anyhow::Result<()> {
        match self {
            Self::Fetch(pieces) => pieces.read(offset, buffer).map_err(|refusal| anyhow!(refusal)),
            Self::Seed(reader) => reader.read_at(offset, buffer).map_err(|error| anyhow!(error)),
        }
    }

    fn pwrite_all(&self, _file: usize, offset: u64, bytes: &[u8]) -> anyhow::Result<()> {
        match self {
            Self::Fetch(pieces) => {
                pieces.write(offset, bytes);
                Ok(())
            }
            Self::Seed(_) => bail!("a seed is never written"),
        }
    }

    fn remove_file(&self, _file: usize, _name: &Path) -> anyhow::Result<()> {
        Ok(())
    }

    fn remove_directory_if_empty(&self, _path: &Path) -> anyhow::Result<()> {
        Ok(())
    }

    fn ensure_file_length(&self, _file: usize, _length: u64) -> anyhow::Result<()> {
        Ok(())
    }

    fn take(&self) -> anyhow::Result<Box<dyn TorrentStorage>> {
        Ok(Box::new(self.clone()))
    }

    fn on_piece_completed(&self, piece: ValidPieceIndex) -> anyhow::Result<()> {
        if let Self::Fetch(pieces) = self {
            pieces.completed(piece.get());
        }
        Ok(())
    }
}
