//! Names inside the cache folder.
//!
//! `archives/<xx>/<sha256>` complete archives · `partial/<sha256>.part` unfinished ones, each with
//! `partial/<sha256>.map` · `index` what is remembered about complete ones.

use muster_domain::Sha256;

pub(crate) const ARCHIVES: &str = "archives";
pub(crate) const PARTIAL: &str = "partial";
pub(crate) const INDEX: &str = "index";
pub(crate) const LOCK: &str = "lock";

const PART_SUFFIX: &str = ".part";
const MAP_SUFFIX: &str = ".map";

/// The folder of a hash: its first byte.
pub(crate) fn shard(sha256: &Sha256) -> String {
    hex::encode(&sha256.0[..1])
}

/// The file of a complete archive, below `archives/`.
pub(crate) fn archive_path(sha256: &Sha256) -> String {
    format!("{}/{sha256}", shard(sha256))
}

pub(crate) fn part_name(sha256: &Sha256) -> String {
    format!("{sha256}{PART_SUFFIX}")
}

pub(crate) fn map_name(sha256: &Sha256) -> String {
    format!("{sha256}{MAP_SUFFIX}")
}

/// What a name in `partial/` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartialName {
    Part(Sha256),
    Map(Sha256),
}

pub(crate) fn parse_partial(name: &str) -> Option<PartialName> {
    if let Some(hash) = name.strip_suffix(PART_SUFFIX) {
        return hash.parse().ok().map(PartialName::Part);
    }
    name.strip_suffix(MAP_SUFFIX)?.parse().ok().map(PartialName::Map)
}
