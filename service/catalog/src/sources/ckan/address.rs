//! Where an index of CKAN is, as a person writes it.

use std::{fmt, path::PathBuf};

use muster_domain::SourceId;
use url::Url;

use crate::{Error, Result, transport::is_loopback_address};

/// Before an address, says that an index of CKAN is there.
const MARK: &str = "ckan+";
/// The name of CKAN's own index.
const OFFICIAL: &str = "ckan";
/// CKAN's own index: the archive of its repository.
const OFFICIAL_ADDRESS: &str = "https://github.com/KSP-CKAN/CKAN-meta/archive/master.tar.gz";

/// One file: an archive (`tar.gz`) of `.ckan` files, or a list of them (JSON Lines, zstd).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexAddress {
    File(PathBuf),
    Web(Url),
}

impl IndexAddress {
    /// Reads `ckan`, or `ckan+` before a web address, a `file:` address or an absolute path; `None` for what is not
    /// about CKAN.
    ///
    /// # Errors
    /// [`Error::Address`] for an address that no index can have.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        if text == OFFICIAL {
            return Self::parse(&format!("{MARK}{OFFICIAL_ADDRESS}"));
        }
        text.strip_prefix(MARK).map(Self::parse_file).transpose()
    }

    /// Reads a web address, a `file:` address or an absolute path.
    pub(crate) fn parse_file(text: &str) -> Result<Self> {
        let refuse = |why| Err(Error::Address { address: text.chars().take(200).collect(), why });
        let path = PathBuf::from(text);
        if path.is_absolute() {
            return Ok(Self::File(path));
        }
        let Ok(url) = Url::parse(text) else { return refuse("neither a web address nor an absolute path") };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it has a name or password in it");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("it has a query or a fragment");
        }
        match (url.scheme(), url.to_file_path()) {
            ("file", Ok(path)) => Ok(Self::File(path)),
            ("http" | "https", _) => Ok(Self::Web(url)),
            _ => refuse("only https, http and files are read"),
        }
    }

    /// `ckan` for CKAN's own index, so that locks mean the same everywhere; else with a mark of the address.
    pub fn source_id(&self) -> SourceId {
        let text = self.to_string();
        let is_official = text.strip_prefix(MARK) == Some(OFFICIAL_ADDRESS);
        let hash = muster_registry::sha256(text.as_bytes()).to_string();
        let id = if is_official { OFFICIAL.to_owned() } else { format!("{OFFICIAL}:{}", &hash[..16]) };
        id.parse().expect("a kind of letters and a scope of hexadecimal digits")
    }

    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Web(url) => is_loopback_address(url),
        }
    }
}

impl fmt::Display for IndexAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{MARK}{}", path.display()),
            Self::Web(url) => write!(f, "{MARK}{url}"),
        }
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
        assert_eq!(parse("ckan+/srv/index.tar.gz"), Some(IndexAddress::File("/srv/index.tar.gz".into())));
        assert_eq!(parse("ckan+file:///srv/a"), Some(IndexAddress::File("/srv/a".into())));
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
