//! Which addresses a server of a package may lie at (`security.md` T-112).
//!
//! A signed file can name any address; following it must not make this machine ask its own services, or those of the
//! home network, on behalf of a stranger. So every origin comes with the innermost [`Reach`] it may touch, and each
//! address is checked after its name was resolved and again at every redirect.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    vec,
};

use hyper_util::client::legacy::connect::dns;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower_service::Service;
use url::{Host, Url};

use super::web::WebError;

/// How far inside an address lies; a later one includes the earlier ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Addresses of the internet.
    #[default]
    Public,
    /// Also private networks.
    Lan,
    /// Also this machine, its folders (`file:`) and everything special.
    Host,
}

impl Reach {
    /// Where an address lies.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => Self::of_v4(v4),
            IpAddr::V6(v6) => Self::of_v6(v6),
        }
    }

    /// Where the host of a source's own address lies, as far as it can be told without asking DNS.
    ///
    /// What a user added as a source on a private address may name servers there.
    pub fn of_source(url: &Url) -> Self {
        match url.host() {
            _ if url.scheme() == "file" => Self::Host,
            Some(Host::Ipv4(v4)) => Self::of_v4(v4),
            Some(Host::Ipv6(v6)) => Self::of_v6(v6),
            Some(Host::Domain(name)) if is_localhost(name) => Self::Host,
            Some(Host::Domain(name)) if !name.contains('.') || name.ends_with(".local") => Self::Lan,
            Some(Host::Domain(_)) | None => Self::Public,
        }
    }

    fn of_v4(v4: Ipv4Addr) -> Self {
        let [a, b, c, _] = v4.octets();
        if v4.is_private() || (a == 100 && b & 0xc0 == 64) {
            return Self::Lan;
        }
        let is_special = v4.is_loopback()
            || v4.is_link_local()
            || v4.is_multicast()
            || v4.is_documentation()
            || a == 0
            || a >= 240
            || (a == 192 && b == 0 && c == 0)
            || (a == 198 && b & 0xfe == 18);
        if is_special { Self::Host } else { Self::Public }
    }

    fn of_v6(v6: Ipv6Addr) -> Self {
        if let Some(inside) = embedded_v4(v6) {
            return Self::of_v4(inside);
        }
        if v6.is_unique_local() {
            return Self::Lan;
        }
        // Only 2000::/3 is handed out as global unicast; 2001:db8::/32 is for documents.
        let segments = v6.segments();
        let is_global = segments[0] & 0xe000 == 0x2000 && !(segments[0] == 0x2001 && segments[1] == 0xdb8);
        if is_global { Self::Public } else { Self::Host }
    }
}

/// IPv4 inside IPv6: mapped, compatible, NAT64 and 6to4.
fn embedded_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = v6.segments();
    let from = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] if v6 != Ipv6Addr::LOCALHOST => from(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => from(high, low),
        [0x2002, high, low, ..] => from(high, low),
        _ => None,
    }
}

fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether an address may be asked at all: scheme, no user name in it, and its host if that is an address or names
/// this machine. Other names are checked by [`GuardedResolver`] when they are resolved.
pub(crate) fn may_ask(url: &Url, reach: Reach) -> bool {
    if url.scheme() == "file" {
        return reach == Reach::Host;
    }
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    match url.host() {
        Some(Host::Ipv4(v4)) => Reach::of_v4(v4) <= reach,
        Some(Host::Ipv6(v6)) => Reach::of_v6(v6) <= reach,
        Some(Host::Domain(name)) => !is_localhost(name) || reach == Reach::Host,
        None => false,
    }
}

/// Whether a redirect may be followed.
pub(crate) fn may_follow(from: &Url, to: &Url, reach: Reach) -> bool {
    let is_downgrade = from.scheme() == "https" && to.scheme() != "https";
    matches!(to.scheme(), "http" | "https") && !is_downgrade && may_ask(to, reach)
}

/// Resolves names, and forgets addresses that lie further inside than allowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GuardedResolver(pub Reach);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = *self;
        Box::pin(async move { Ok(Box::new(resolver.look_up(name.as_str()).await?) as Addrs) })
    }
}

impl Service<dns::Name> for GuardedResolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, WebError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), WebError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: dns::Name) -> Self::Future {
        let resolver = *self;
        Box::pin(async move { resolver.look_up(name.as_str()).await })
    }
}

impl GuardedResolver {
    async fn look_up(self, name: &str) -> Result<vec::IntoIter<SocketAddr>, WebError> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        let allowed: Vec<SocketAddr> = found.filter(|address| Reach::of(address.ip()) <= self.0).collect();
        if allowed.is_empty() {
            return Err(NotAllowed.into());
        }
        Ok(allowed.into_iter())
    }

    pub fn shared(reach: Reach) -> Arc<Self> {
        Arc::new(Self(reach))
    }
}

/// A name resolved to nothing but addresses that may not be asked.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to an address that is not allowed")]
pub(crate) struct NotAllowed;

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(text: &str) -> Reach {
        Reach::of(text.parse().expect("an address"))
    }

    #[test]
    fn private_and_special_addresses_are_not_public() {
        for text in ["10.0.0.1", "172.16.9.9", "192.168.1.1", "100.64.0.1", "fd00::1", "::ffff:192.168.0.1"] {
            assert_eq!(reach(text), Reach::Lan, "{text}");
        }
        for text in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "198.18.0.1",
        ] {
            assert_eq!(reach(text), Reach::Host, "{text}");
        }
        for text in ["1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"] {
            assert_eq!(reach(text), Reach::Public, "{text}");
        }
    }

    #[test]
    fn a_public_origin_reaches_nothing_inside() {
        let may = |text: &str, reach| may_ask(&Url::parse(text).expect("valid"), reach);
        for text in [
            "http://localhost/a",
            "http://LOCALHOST./a",
            "http://x.localhost/a",
            "http://127.1/a",
            "http://2130706433/a",
            "http://0x7f.1/",
            "http://[::1]/a",
            "file:///etc/passwd",
            "ftp://example.org/a",
            "http://10.0.0.1/a",
            "https://user:secret@example.org/a",
        ] {
            assert!(!may(text, Reach::Public), "{text}");
        }
        assert!(may("https://example.org/a", Reach::Public) && may("http://10.0.0.1/a", Reach::Lan));
        assert!(!may("http://127.0.0.1/a", Reach::Lan) && may("http://127.0.0.1/a", Reach::Host));
    }

    #[test]
    fn redirects_never_lose_encryption_nor_lead_inside() {
        let may = |from: &str, to: &str, reach| {
            may_follow(&Url::parse(from).expect("valid"), &Url::parse(to).expect("valid"), reach)
        };
        assert!(!may("https://example.org/", "http://example.org/", Reach::Host));
        assert!(!may("https://example.org/", "https://192.168.0.1/", Reach::Public));
        assert!(!may("http://127.0.0.1/", "file:///etc/passwd", Reach::Host));
        assert!(may("http://127.0.0.1:1/", "http://127.0.0.1:2/", Reach::Host));
        assert!(may("http://example.org/", "https://cdn.example.org/", Reach::Public));
    }

    #[test]
    fn a_source_that_the_user_added_at_home_may_name_servers_at_home() {
        let of = |text: &str| Reach::of_source(&Url::parse(text).expect("valid"));
        assert_eq!(of("file:///srv/registry"), Reach::Host);
        assert_eq!(of("http://nas.local/r"), Reach::Lan);
        assert_eq!(of("http://192.168.1.7:8000/"), Reach::Lan);
        assert_eq!(of("https://mods.example.org/"), Reach::Public);
    }

    #[tokio::test]
    async fn a_name_that_resolves_inside_is_not_resolved() {
        let name: Name = "localhost".parse().expect("a name");
        assert!(Resolve::resolve(&GuardedResolver(Reach::Lan), name).await.is_err());
        let name: Name = "localhost".parse().expect("a name");
        assert!(Resolve::resolve(&GuardedResolver(Reach::Host), name).await.is_ok());
    }
}
