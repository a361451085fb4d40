//! Room on the watched volume: no system tells of changes, so it is measured now and then.

use std::path::Path;

use crate::{Config, board::Board, watcher::Source};

pub(crate) fn source(config: &Config, board: Board) -> Source {
    let (volume, poll) = (config.volume.clone(), config.poll);
    Box::new(move |mut first| {
        Box::pin(async move {
            let Some(volume) = volume else { return };
            loop {
                let folder = volume.clone();
                // A network volume may hang, and must not hang anybody else.
                let measured = tokio::task::spawn_blocking(move || free_space(&folder)).await;
                let free_bytes = measured.ok().flatten();
                board.update(|facts| facts.free_bytes = free_bytes);
                first.done();
                tokio::time::sleep(poll).await;
            }
        })
    })
}

/// Of the volume on which the folder is, or will be made.
fn free_space(folder: &Path) -> Option<u64> {
    folder.ancestors().find_map(|folder| muster_fsx::free_space(folder).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_made_yet_has_the_room_of_its_volume() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_space(&folder.path().join("not/yet")).is_some_and(|free| free > 0));
    }
}
