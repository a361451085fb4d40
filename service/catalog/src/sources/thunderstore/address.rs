//! Where a community of Thunderstore is, as a person writes it.

use std::fmt;

use muster_domain::{GameId, SourceId};
use url::Url;

use crate::{Error, Result, transport::is_loopback_address};

/// Begins the name of a community of the official service, and with it the id of a source.
const KIND: &str = "thunderstore";
/// Before a web address, says that a community of another host of the same program is there.
const MARK: &str = "thunderstore+";
const OFFICIAL: &str = "https://thunderstore.io/c/";

/// One community: the packages for one game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunityAddress {
    /// Ends in the community's name and a slash.
    base: Url,
    community: GameId,
}

impl CommunityAddress {
    /// Reads `thunderstore:<community>`, or `thunderstore+` before the web address of a community
    /// (`https://host/c/<community>/`); `None` for what is not about Thunderstore.
    ///
    /// # Errors
    /// [`Error::Address`] for an address that no community can have.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        let refuse = |why| Err(Error::Address { address: text.chars().take(200).collect(), why });
        if let Some(community) = text.strip_prefix(KIND).and_then(|rest| rest.strip_prefix(':')) {
            let Ok(community) = community.parse::<GameId>() else { return refuse("no name of a community") };
            let base = Url::parse(&format!("{OFFICIAL}{community}/"));
            return base.map(|base| Some(Self { base, community })).or_else(|_| refuse("not an address"));
        }
        let Some(rest) = text.strip_prefix(MARK) else { return Ok(None) };
        let Ok(mut base) = Url::parse(rest) else { return refuse("not a web address") };
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            return refuse("only https and http are read");
        }
        if !base.username().is_empty() || base.password().is_some() {
            return refuse("it has a name or password in it");
        }
        if base.query().is_some() || base.fragment().is_some() {
            return refuse("it has a query or a fragment");
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let last = base.path_segments().and_then(|parts| parts.rev().nth(1).map(str::to_owned));
        match last.and_then(|name| name.parse().ok()) {
            Some(community) => Ok(Some(Self { base, community })),
            None => refuse("it does not end in the name of a community"),
        }
    }

    /// The game that the community is about: definitions are named like communities.
    pub fn game(&self) -> &GameId {
        &self.community
    }

    /// `thunderstore:<community>` for the service itself, so that locks mean the same everywhere; else with a mark of
    /// the address.
    pub fn source_id(&self) -> SourceId {
        let hash = muster_registry::sha256(self.base.as_str().as_bytes()).to_string();
        let scope = if self.is_official() { self.community.as_str() } else { &hash[..16] };
        format!("{KIND}:{scope}")
            .parse()
            .expect("a kind of letters and a scope of letters, digits and hyphens")
    }

    fn is_official(&self) -> bool {
        self.base
            .as_str()
            .strip_prefix(OFFICIAL)
            .is_some_and(|rest| !rest.trim_end_matches('/').contains('/'))
    }

    /// Where the community is; ends in a slash.
    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        is_loopback_address(&self.base)
    }

    /// Where the service keeps what players left under a code; the same for all its communities.
    pub(super) fn profile(&self, code: &str) -> Url {
        let mut url = self.base.clone();
        let whole = format!("c/{}/", self.community);
        let above = url.path().strip_suffix(&whole).unwrap_or("/").to_owned();
        url.set_path(&format!("{above}api/experimental/legacyprofile/get/{code}/"));
        url
    }

    /// An address of the community's interface.
    pub(super) fn api(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}api/v1/{path}", self.base.path()));
        url
    }
}

impl fmt::Display for CommunityAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_official() {
            true => write!(f, "{KIND}:{}", self.community),
            false => write!(f, "{MARK}{}", self.base),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<CommunityAddress> {
        CommunityAddress::parse(text).expect("an address or none")
    }

    #[test]
    fn communities_are_told_from_other_addresses() {
        for other in ["https://a.example/", "/srv/registry", "ckan", "thunderstore"] {
            assert_eq!(parse(other), None, "{other}");
        }
        let official = parse("thunderstore:lethal-company").expect("official");
        assert_eq!(official.source_id().as_str(), "thunderstore:lethal-company");
        assert_eq!(
            (official.to_string().as_str(), official.game().as_str()),
            ("thunderstore:lethal-company", "lethal-company")
        );
        assert_eq!(
            official.api("package/").as_str(),
            "https://thunderstore.io/c/lethal-company/api/v1/package/"
        );
        assert_eq!(parse("thunderstore+https://thunderstore.io/c/lethal-company"), Some(official));
        let own = parse("thunderstore+http://127.0.0.1:80/c/toy").expect("own");
        assert_eq!(parse(&own.to_string()), Some(own.clone()));
        assert!(
            own.is_local() && own.source_id().as_str() != "thunderstore:toy",
            "another host is another source"
        );
    }

    #[test]
    fn what_no_community_can_have_is_refused() {
        for bad in [
            "thunderstore:",
            "thunderstore:../x",
            "thunderstore:A B",
            "thunderstore+x",
            "thunderstore+ftp://a/c/b/",
            "thunderstore+https://u:p@a/c/b/",
            "thunderstore+https://a/c/b/?x",
            "thunderstore+https://a/c/b/#x",
            "thunderstore+https://a/",
            "thunderstore+https://a/c/x_y/",
            "thunderstore+file:///c/b/",
        ] {
            assert!(CommunityAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
