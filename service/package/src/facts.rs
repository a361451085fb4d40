//! What a package says about itself, in the shape in which sources describe releases.

use muster_domain::{Channel, Release, SourceId, Vouched};

use crate::{Description, Manifest};

/// The release that `manifest` and its archive make. The channel is stable, nothing is withdrawn, and there are no
/// origins and no date: those are the publisher's to add.
pub fn release_facts(manifest: &Manifest, description: &Description, source: SourceId) -> Release {
    Release {
        source,
        id: manifest.name.clone().into(),
        version: manifest.version.clone(),
        kind: manifest.kind.clone(),
        archive: description.archive,
        vouched: Vouched::Source,
        unpacked_size: manifest.unpacked_size(),
        channel: Channel::default(),
        yanked: None,
        games: manifest.games.clone(),
        platforms: manifest.platforms.clone(),
        side: manifest.side,
        depends: manifest.depends.clone(),
        recommends: manifest.recommends.clone(),
        features: manifest.features.clone(),
        suggests: manifest.suggests.clone(),
        conflicts: manifest.conflicts.clone(),
        provides: manifest.provides.clone(),
        license: manifest.license.clone(),
        redistribute: manifest.redistribute,
        origins: Vec::new(),
        torrent: Some(description.torrent.torrent()),
        block_list: Some(description.block_list.artifact()),
        entry_map: description.entry_map.as_ref().map(|map| map.artifact()),
        published: None,
        recipe: None,
    }
}
