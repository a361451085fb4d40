//! Room on the watched volume: no system tells of changes, so it is measured now and then.

use crate::{Config, board::Board, watcher::Source};

pub(crate) fn source(config: &Config, board: Board) -> Source {
    let (volume, poll) = (config.volume.clone(), config.poll);
    Box::new(move |mut first| {
        Box::pin(async move {
            let Some(volume) = volume else { return };
            loop {
                let folder = volume.clone();
                // A network volume may hang, and must not hang anybody else.
                let measured = tokio::task::spawn_blocking(move || muster_fsx::free_space(&folder)).await;
                let free_bytes = measured.ok().and_then(Result::ok);
                board.update(|facts| facts.free_bytes = free_bytes);
                first.done();
                tokio::time::sleep(poll).await;
            }
        })
    })
}
