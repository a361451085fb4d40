//! Which addresses a source may lead to (`security.md` T-22). Pure, but for the lookup that uses it.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Decides where a redirect of one source may lead, and which addresses names may stand for.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    origin: Url,
    /// Hosts of the proxies that the environment names: the player's own choice, private or not.
    proxies: Vec<String>,
}

impl Guard {
    pub(super) fn new(origin: Url) -> Arc<Self> {
        Arc::new(Self { origin, proxies: proxy_hosts() })
    }

    /// Whether the source itself is on this machine, by number or by name.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback_host(self.origin.host())
    }

    /// Why a redirect to `target` is refused, if it is.
    pub(super) fn refusal(&self, from: &Url, target: &Url) -> Option<&'static str> {
        if !matches!(target.scheme(), "http" | "https") {
            return Some("not a web address");
        }
        if from.scheme() == "https" && target.scheme() == "http" {
            return Some("from https to http");
        }
        if !target.username().is_empty() || target.password().is_some() {
            return Some("a name or password in it");
        }
        if target.host() == self.origin.host() {
            return None;
        }
        let address = match target.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(name)) if is_local_name(name) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Some(Host::Domain(_)) => return None,
            None => return Some("no host"),
        };
        if self.may_reach(address) { None } else { Some("a private address") }
    }

    /// Whether a name was chosen by the player rather than by a redirect.
    fn is_own_name(&self, name: &str) -> bool {
        let proxies = self.proxies.iter().map(String::as_str);
        self.origin.host_str().into_iter().chain(proxies).any(|host| host.eq_ignore_ascii_case(name))
    }

    /// Whether an address other than the source's own may be connected to.
    fn may_reach(&self, address: IpAddr) -> bool {
        is_public(address) || (address.is_loopback() && self.is_loopback())
    }
}

/// Whether an address is on this machine, by number or by name.
pub(crate) fn is_loopback_address(url: &Url) -> bool {
    is_loopback_host(url.host())
}

fn proxy_hosts() -> Vec<String> {
    let names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let addresses = names.into_iter().filter_map(|name| std::env::var(name).ok());
    addresses.filter_map(|address| proxy_host(&address)).collect()
}

/// The host of a proxy's address, which may lack its scheme.
fn proxy_host(address: &str) -> Option<String> {
    let full = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    Url::parse(&full).ok()?.host_str().map(str::to_owned)
}

fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

fn is_loopback_host(host: Option<Host<&str>>) -> bool {
    match host {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => is_local_name(name),
        None => false,
    }
}

/// Whether an address belongs to the public internet (IANA special-purpose registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded_v4(address) {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b) {
        (0 | 10 | 127, _) | (169, 254) | (192, 168) => true,
        (100, b) => (64..128).contains(&b),
        (172, b) => (16..32).contains(&b),
        (192, 0) => c == 0 || c == 2,
        (198, b) => b == 18 || b == 19 || (b == 51 && c == 100),
        (203, 0) => c == 113,
        _ => a >= 224,
    };
    !special
}

/// The IPv4 address inside a mapped, NAT64 or 6to4 address.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let low = || {
        let [a, b] = [segments[6].to_be_bytes(), segments[7].to_be_bytes()];
        Ipv4Addr::new(a[0], a[1], b[0], b[1])
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(low()),
        [0x2002, high, rest, ..] => {
            let [a, b] = [high.to_be_bytes(), rest.to_be_bytes()];
            Some(Ipv4Addr::new(a[0], a[1], b[0], b[1]))
        }
        _ => None,
    }
}

/// Global unicast is 2000::/3, without documentation and ORCHID ranges.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    first & 0xe000 == 0x2000 && !(first == 0x2001 && (second == 0xdb8 || second < 0x200)) && first != 0x3fff
}

/// Looks names up and leaves out addresses that a name other than the source's own must not stand for.
pub(super) struct GuardedNames(pub(super) Arc<Guard>);

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0.clone();
        Box::pin(async move {
            let own = guard.is_own_name(name.as_str());
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| own || guard.may_reach(address.ip())).collect();
            if allowed.is_empty() {
                return Err("the name stands for no address that is allowed".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(origin: &str, target: &str) -> Option<&'static str> {
        let origin: Url = origin.parse().expect("url");
        Guard::new(origin.clone()).refusal(&origin, &target.parse().expect("url"))
    }

    #[test]
    fn redirects_lead_to_public_addresses_only() {
        for good in [
            "https://cdn.example/x",
            "https://1.1.1.1/x",
            "https://[2606:4700::1]/x",
            "https://reg.example:8443/x",
        ] {
            assert_eq!(refusal("https://reg.example/", good), None, "{good}");
        }
        for bad in [
            "http://reg.example/x",
            "file:///etc/passwd",
            "ftp://reg.example/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://a.localhost/",
            "https://10.0.0.1/",
            "https://192.168.1.1/",
            "https://172.16.0.1/",
            "https://169.254.169.254/",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://224.0.0.1/",
            "https://u@reg.example/",
            "https://2130706433/",
            "https://0x7f.1/",
        ] {
            assert!(refusal("https://reg.example/", bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_proxy_is_named_with_and_without_scheme() {
        assert_eq!(proxy_host("proxy.corp:3128").as_deref(), Some("proxy.corp"));
        assert_eq!(proxy_host("http://user@proxy.corp:3128/").as_deref(), Some("proxy.corp"));
        assert_eq!(proxy_host("http://"), None);
    }

    #[test]
    fn loopback_leads_to_loopback_only_from_loopback() {
        assert_eq!(refusal("http://127.0.0.1:80/", "http://127.0.0.1:81/x"), None);
        assert_eq!(refusal("http://127.0.0.1:80/", "http://localhost:81/x"), None);
        assert!(refusal("http://127.0.0.1:80/", "http://10.0.0.1/x").is_some());
        assert!(refusal("http://192.168.1.5/", "http://127.0.0.1/x").is_some());
        assert_eq!(refusal("http://192.168.1.5/", "http://192.168.1.5:81/x"), None, "its own host");
        assert!(refusal("http://192.168.1.5/", "http://192.168.1.6/x").is_some());
    }
}
