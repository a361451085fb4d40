//! Where an index of CKAN is, as a person writes it.

use std::fmt;

use muster_domain::SourceId;

use crate::{DocumentAddress, Result};

/// Before an address, says that an index of CKAN is there.
const MARK: &str = "ckan+";
/// The name of CKAN's own index.
const OFFICIAL: &str = "ckan";
/// CKAN's own index: the archive of its repository.
const OFFICIAL_ADDRESS: &str = "https://github.com/KSP-CKAN/CKAN-meta/archive/master.tar.gz";

/// One file: an archive (`tar.gz`) of `.ckan` files, or a list of them (JSON Lines, zstd).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexAddress(DocumentAddress);

impl IndexAddress {
    /// Reads `ckan`, or `ckan+` before a web address, a `file:` address or an absolute path; `None` for what is not
    /// about CKAN.
    ///
    /// # Errors
    /// [`crate::Error::Address`] for an address that no index can have.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        if text == OFFICIAL {
            return Self::parse(&format!("{MARK}{OFFICIAL_ADDRESS}"));
        }
        text.strip_prefix(MARK).map(|file| DocumentAddress::parse(file).map(Self)).transpose()
    }

    /// `ckan` for CKAN's own index, so that locks mean the same everywhere; else with a mark of the address.
    pub fn source_id(&self) -> SourceId {
        let text = self.to_string();
        let is_official = text.strip_prefix(MARK) == Some(OFFICIAL_ADDRESS);
        let hash = muster_registry::sha256(text.as_bytes()).to_string();
        let id = if is_official { OFFICIAL.to_owned() } else { format!("{OFFICIAL}:{}", &hash[..16]) };
        id.parse().expect("a kind of letters and a scope of hexadecimal digits")
    }

    /// The file.
    pub(crate) fn document(&self) -> &DocumentAddress {
        &self.0
    }

    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        self.0.is_local()
    }
}

impl fmt::Display for IndexAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK}{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<IndexAddress> {
        IndexAddress::parse(text).expect("an address or none")
    }

    #[test]
    fn addresses_of_indexes_are_told_from_those_of_registries() {
        assert_eq!(parse("https://a.example/"), None);
        assert_eq!(parse("/srv/registry"), None);
        let file = |path: &str| Some(IndexAddress(DocumentAddress::File(path.into())));
        assert_eq!(parse("ckan+/srv/index.tar.gz"), file("/srv/index.tar.gz"));
        assert_eq!(parse("ckan+file:///srv/a"), file("/srv/a"));
        let web = parse("ckan+https://a.example/index.tar.gz").expect("web");
        assert_eq!(parse(&web.to_string()), Some(web.clone()));
        assert!(web.source_id().to_string().starts_with("ckan:") && !web.is_local());
        let official = parse("ckan").expect("CKAN's own");
        assert_eq!(
            (official.source_id().as_str(), parse(&official.to_string())),
            ("ckan", Some(official.clone()))
        );
        for bad in [
            "ckan+",
            "ckan+relative",
            "ckan+ftp://a",
            "ckan+https://u:p@a/",
            "ckan+https://a/?b",
            "ckan+https://a/#b",
        ] {
            assert!(IndexAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
