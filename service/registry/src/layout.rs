//! Names inside a registry: roles, target paths, file names. `docs/formats/registry.md` shows the whole picture.

use muster_domain::{PackageName, PublishedName, Publisher, Sha256, Version};

use crate::keys::sha256;

/// The online role that lists the browse catalogue.
pub const CATALOG_ROLE: &str = "catalog";
/// The target that says what the registry advises against, listed by the online role.
pub const ADVISORIES_PATH: &str = "catalog/advisories.json";
/// The target that says what the registry features, listed by the online role.
pub const FEATURED_PATH: &str = "catalog/featured.json";
/// The target that holds a publisher's hand-overs and revocations, below its own folder. No package can have this
/// name, because names hold no underscore.
const KEYS_FOLDER: &str = "_keys";
const ROTATIONS_FILE: &str = "rotations.json";

/// Whether a metadata file (by its unversioned name) may lie packed beside itself: the large ones that every change of a
/// registry writes anew.
pub(crate) fn has_packed_copy(unversioned: &str) -> bool {
    matches!(unversioned, "snapshot.json" | "catalog.json")
}

/// The name of a metadata file's packed copy (zstd).
pub(crate) fn packed_copy(name: &str) -> String {
    format!("{name}.zst")
}

/// First byte of SHA-256 of the publisher's name, as two hexadecimal digits.
pub fn shard_of(publisher: &Publisher) -> String {
    hex::encode(&sha256(publisher.as_str().as_bytes()).0[..1])
}

/// The offline-signed role that admits the publisher.
pub fn shard_role(publisher: &Publisher) -> String {
    format!("shard-{}", shard_of(publisher))
}

/// The online-signed role that may introduce the publisher.
pub fn new_role(publisher: &Publisher) -> String {
    format!("new-{}", shard_of(publisher))
}

/// The publisher's own role.
pub fn publisher_role(publisher: &Publisher) -> String {
    format!("pub.{publisher}")
}

/// The paths a shard or its online sibling may speak about.
pub(crate) fn shard_pattern(shard: &str) -> String {
    format!("p/{shard}/*/*/*")
}

/// The paths a publisher may speak about.
pub(crate) fn publisher_pattern(publisher: &Publisher) -> String {
    format!("p/{}/{publisher}/*/*", shard_of(publisher))
}

/// The paths the catalogue role may speak about.
pub(crate) const CATALOG_PATTERN: &str = "catalog/*";

/// The folder of a package, with the slash at the end.
pub(crate) fn package_folder(name: &PublishedName) -> String {
    format!("p/{}/{}/{}/", shard_of(&name.publisher), name.publisher, name.package)
}

/// The folder of a publisher, with the slash at the end.
pub(crate) fn publisher_folder(publisher: &Publisher) -> String {
    format!("p/{}/{publisher}/", shard_of(publisher))
}

/// The target of a publisher's hand-overs and revocations.
pub fn rotations_path(publisher: &Publisher) -> String {
    format!("{}{KEYS_FOLDER}/{ROTATIONS_FILE}", publisher_folder(publisher))
}

/// `publisher-name-1.2.3.muster`: how an archive is called outside a registry, too.
pub fn archive_name(name: &PublishedName, version: &Version) -> String {
    format!("{}-{}-{version}.muster", name.publisher, name.package)
}

/// The target path of an archive.
///
/// Paths are built and compared, never taken apart for meaning: `a-b-c` could be read in two ways.
pub fn archive_path(name: &PublishedName, version: &Version) -> String {
    format!("{}{}", package_folder(name), archive_name(name, version))
}

/// Whether a version may stand in a path: semantic, without build metadata (`+` means a space to some hosts), short.
pub fn version_fits(version: &Version) -> bool {
    version.as_semver().is_some_and(|semver| semver.build.is_empty()) && version.to_string().len() <= 64
}

/// What lies beside an archive, under the archive's path and one more ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sibling {
    Manifest,
    EntryMap,
    BlockList,
    TorrentFile,
    Icon,
}

impl Sibling {
    /// All kinds, in the order in which they are written.
    pub const ALL: [Self; 5] =
        [Self::Manifest, Self::EntryMap, Self::BlockList, Self::TorrentFile, Self::Icon];

    /// The ending that is put after the archive's path.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Manifest => ".manifest.yaml",
            Self::EntryMap => ".entries",
            Self::BlockList => ".blocks",
            Self::TorrentFile => ".torrent",
            Self::Icon => ".icon.png",
        }
    }

    /// The target path of this sibling of an archive.
    pub fn path(self, archive_path: &str) -> String {
        format!("{archive_path}{}", self.ending())
    }
}

/// Where a target's bytes lie under the targets folder: consistent snapshots put the hash before the file name.
pub fn file_path(target_path: &str, hash: &Sha256) -> String {
    match target_path.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/{hash}.{name}"),
        None => format!("{hash}.{target_path}"),
    }
}

/// Whether a role name is one that this layout has, so that nothing else is ever asked from a host.
pub(crate) fn is_known_role(role: &str) -> bool {
    let shard = |text: &str| text.len() == 2 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    match role {
        "root" | "timestamp" | "snapshot" | "targets" | CATALOG_ROLE => true,
        _ => {
            role.strip_prefix("shard-").is_some_and(shard)
                || role.strip_prefix("new-").is_some_and(shard)
                || role.strip_prefix("pub.").is_some_and(|name| name.parse::<Publisher>().is_ok())
        }
    }
}

/// Whether every part of a target path is one of this layout's characters.
pub(crate) fn is_plain_path(path: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let part_fits = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(fits);
    path.len() <= 400 && path.split('/').all(part_fits)
}

/// The package whose folder a target path lies in, if it lies in one.
pub(crate) fn package_of(path: &str) -> Option<PublishedName> {
    let mut parts = path.split('/');
    let (folder, shard) = (parts.next()?, parts.next()?);
    let publisher: Publisher = parts.next()?.parse().ok()?;
    let package: PackageName = parts.next()?.parse().ok()?;
    let fits =
        folder == "p" && shard == shard_of(&publisher) && parts.next().is_some() && parts.next().is_none();
    fits.then_some(PublishedName { publisher, package })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> PublishedName {
        text.parse().expect("a name")
    }

    #[test]
    fn paths_follow_the_published_scheme() {
        let version = Version::semver("1.2.3").expect("a version");
        let path = archive_path(&name("alice/trees"), &version);
        let shard = &hex::encode(sha256(b"alice").0)[..2];
        assert_eq!(path, format!("p/{shard}/alice/trees/alice-trees-1.2.3.muster"));
        assert_eq!(file_path("a/b/c", &Sha256([0; 32])), format!("a/b/{}.c", "0".repeat(64)));
        assert_eq!(package_of(&path), Some(name("alice/trees")));
        assert_eq!(package_of(&rotations_path(&name("alice/trees").publisher)), None);
        assert!(!version_fits(&Version::semver("1.0.0+build").expect("a version")));
        assert!(!version_fits(&Version::Opaque("r1".into())));
    }

    #[test]
    fn only_roles_of_the_layout_are_known() {
        for good in ["root", "targets", "catalog", "shard-00", "new-ff", "pub.alice", "pub.a-1"] {
            assert!(is_known_role(good), "{good}");
        }
        let long = "a".repeat(300);
        for bad in [
            "", "../../x", "CON", "a/b", &long, "shard-0", "shard-FF", "pub.", "pub.A", "pub.a/b", "new-",
            "role1",
        ] {
            assert!(!is_known_role(bad), "{bad}");
        }
        for bad in ["", "/a", "a//b", "a/../b", "a/.b", "a b", "a/%2e", "ä", "a\\b", "a/"] {
            assert!(!is_plain_path(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_archive_path_is_plain_and_leads_back(
            publisher in "[a-z0-9](-?[a-z0-9]){1,38}",
            package in "[a-z0-9](-?[a-z0-9]){1,38}",
            (major, minor) in (0u64..1000, 0u64..1000),
            pre in "(-[a-z]{1,5}\\.[1-9])?",
        ) {
            let name = name(&format!("{publisher}/{package}"));
            let version = Version::semver(&format!("{major}.{minor}.0{pre}")).expect("a version");
            let path = archive_path(&name, &version);
            prop_assert!(is_plain_path(&path));
            prop_assert_eq!(package_of(&path), Some(name.clone()));
            for sibling in Sibling::ALL {
                prop_assert!(is_plain_path(&sibling.path(&path)));
            }
            prop_assert!(path.starts_with(publisher_pattern(&name.publisher).trim_end_matches("*/*")));
        }

        #[test]
        fn path_parsing_never_panics(path in "\\PC{0,80}") {
            let _ = (package_of(&path), is_plain_path(&path), is_known_role(&path));
        }
    }
}
