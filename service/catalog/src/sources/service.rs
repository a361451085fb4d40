//! Addresses of web services, as a person writes them.

use std::fmt;

use muster_domain::SourceId;
use url::Url;

use crate::{Error, Result, transport::is_loopback_address};

/// A kind of web service.
#[derive(Debug, PartialEq, Eq)]
pub struct ServiceKind {
    /// Begins the ids of its sources: small letters.
    pub name: &'static str,
    /// The service that everybody means; ends in a slash.
    pub official: &'static str,
    /// Which part of a service a source is; `None` for services that are one source whole.
    pub parts: Option<&'static [&'static str]>,
}

/// One service of a kind, or one part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAddress {
    kind: &'static ServiceKind,
    /// Ends in a slash.
    base: Url,
    part: Option<&'static str>,
}

impl ServiceAddress {
    /// Reads `kind` or `kind:part` for the service that everybody means, and `kind+` before the web address of another
    /// one, in which a part comes last; `None` for what is of another kind.
    ///
    /// # Errors
    /// [`Error::Address`] for an address that no service of this kind can have.
    pub fn parse(kind: &'static ServiceKind, text: &str) -> Result<Option<Self>> {
        let refuse = |why| Err(Error::Address { address: text.chars().take(200).collect(), why });
        let Some(rest) = text.strip_prefix(kind.name) else { return Ok(None) };
        let named = match rest.split_at_checked(1) {
            None if rest.is_empty() => None,
            Some((":", part)) => Some(part),
            Some(("+", address)) => return Self::parse_web(kind, address),
            _ => return Ok(None),
        };
        let official = Url::parse(kind.official);
        match (official, kind.part(named)) {
            (Ok(base), Some(part)) => Ok(Some(Self { kind, base, part })),
            _ => refuse("the service has no such part"),
        }
    }

    fn parse_web(kind: &'static ServiceKind, text: &str) -> Result<Option<Self>> {
        let refuse = |why| Err(Error::Address { address: text.chars().take(200).collect(), why });
        let Ok(mut base) = Url::parse(text) else { return refuse("not a web address") };
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            return refuse("only https and http are read");
        }
        if !base.username().is_empty() || base.password().is_some() {
            return refuse("it has a name or password in it");
        }
        if base.query().is_some() || base.fragment().is_some() {
            return refuse("it has a query or a fragment");
        }
        let mut path = base.path().trim_end_matches('/').to_owned();
        let mut named = None;
        if kind.parts.is_some() {
            let (rest, last) = path.rsplit_once('/').unwrap_or_default();
            (named, path) = (Some(last.to_owned()), rest.to_owned());
        }
        let Some(part) = kind.part(named.as_deref()) else { return refuse("the service has no such part") };
        base.set_path(&format!("{path}/"));
        Ok(Some(Self { kind, base, part }))
    }

    /// The kind of its source, as it is stored and shown.
    pub fn kind(&self) -> &'static str {
        self.kind.name
    }

    /// Where the service is; ends in a slash.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Which part of the service it is; empty for a whole one.
    pub fn part(&self) -> &'static str {
        self.part.unwrap_or_default()
    }

    /// Without a mark of the address for the service that everybody means, so that locks mean the same everywhere.
    pub fn source_id(&self) -> SourceId {
        let name = self.kind.name;
        let hash = muster_registry::sha256(self.to_string().as_bytes()).to_string();
        let text = match (self.is_official(), self.part) {
            (true, None) => name.to_owned(),
            (true, Some(part)) => format!("{name}:{part}"),
            (false, _) => format!("{name}:{}", &hash[..16]),
        };
        text.parse().expect("a kind of letters and a scope of letters, digits and hyphens")
    }

    fn is_official(&self) -> bool {
        self.base.as_str() == self.kind.official
    }

    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        is_loopback_address(&self.base)
    }
}

impl ServiceKind {
    /// The part of this name. A whole service has none, and the others are parts only.
    fn part(&self, name: Option<&str>) -> Option<Option<&'static str>> {
        match (self.parts, name) {
            (None, None) => Some(None),
            (Some(parts), Some(name)) => parts.iter().find(|part| **part == name).map(|part| Some(*part)),
            _ => None,
        }
    }
}

impl fmt::Display for ServiceAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.kind.name;
        match (self.is_official(), self.part) {
            (true, None) => f.write_str(name),
            (true, Some(part)) => write!(f, "{name}:{part}"),
            (false, None) => write!(f, "{name}+{}", self.base),
            (false, Some(part)) => write!(f, "{name}+{}{part}/", self.base),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static WHOLE: ServiceKind = ServiceKind { name: "shop", official: "https://shop.example/", parts: None };
    static PARTS: ServiceKind =
        ServiceKind { name: "mall", official: "https://mall.example/v2/", parts: Some(&["red", "blue"]) };

    fn parse(kind: &'static ServiceKind, text: &str) -> Option<ServiceAddress> {
        ServiceAddress::parse(kind, text).expect("an address or none")
    }

    #[test]
    fn services_are_told_apart_and_print_as_they_are_read() {
        for other in ["https://shop.example/", "/srv/shop", "shopping", "mall:red", "ckan"] {
            assert_eq!(parse(&WHOLE, other), None, "{other}");
        }
        let official = parse(&WHOLE, "shop").expect("official");
        assert_eq!((official.to_string(), official.source_id().to_string()), ("shop".into(), "shop".into()));
        assert_eq!(parse(&WHOLE, "shop+https://shop.example"), Some(official));
        let own = parse(&WHOLE, "shop+http://127.0.0.1:80/a").expect("own");
        assert_eq!(parse(&WHOLE, &own.to_string()), Some(own.clone()));
        assert!(own.is_local() && own.source_id().to_string().starts_with("shop:"));
        let red = parse(&PARTS, "mall:red").expect("a part");
        assert_eq!((red.part(), red.source_id().to_string()), ("red", "mall:red".into()));
        assert_eq!(parse(&PARTS, "mall+https://mall.example/v2/red/"), Some(red));
        let own = parse(&PARTS, "mall+http://127.0.0.1:80/v2/blue").expect("own");
        assert_eq!((own.base().as_str(), own.part()), ("http://127.0.0.1/v2/", "blue"));
        assert_eq!(parse(&PARTS, &own.to_string()), Some(own));
    }

    #[test]
    fn what_no_service_can_have_is_refused() {
        for bad in [
            "shop:x",
            "shop+",
            "shop+x",
            "shop+ftp://a/",
            "shop+https://u:p@a/",
            "shop+https://a/?b",
            "shop+https://a/#b",
        ] {
            assert!(ServiceAddress::parse(&WHOLE, bad).is_err(), "{bad}");
        }
        for bad in
            ["mall", "mall:green", "mall:", "mall+https://mall.example/", "mall+https://mall.example/green/"]
        {
            assert!(ServiceAddress::parse(&PARTS, bad).is_err(), "{bad}");
        }
    }
}
