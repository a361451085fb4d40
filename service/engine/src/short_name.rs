//! A short name for a source that the player gave none: read from its address, pure.

use muster_domain::Publisher;
use url::Url;

/// Characters of a name at most; a number may come behind it.
const LONGEST: usize = 36;
/// Last parts of addresses that say what lies there and not whose it is.
const SAYS_NOTHING: [&str; 6] = ["registry", "registries", "mods", "index", "muster", "packages"];

/// The name of a folder, the host of a web address with what is behind it, owner and name of a repository. `None` where
/// nothing is left that can be a name.
pub(crate) fn short_name(address: &str) -> Option<String> {
    let (repository, place) = match address.strip_prefix("git+") {
        Some(rest) => (true, rest.split_once('#').map_or(rest, |(place, _)| place)),
        None => (false, address),
    };
    let url = Url::parse(place).ok().filter(|url| url.has_host());
    let host = url.as_ref().and_then(Url::host_str).map(|host| host.strip_prefix("www.").unwrap_or(host));
    let path = url.as_ref().map_or(place, Url::path);
    let parts: Vec<_> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    let words: Vec<_> = match (host, repository) {
        (Some(_), true) => parts[parts.len().saturating_sub(2)..].to_vec(),
        (Some(host), false) => std::iter::once(host).chain(parts).collect(),
        (None, _) => parts[parts.len().saturating_sub(1)..].to_vec(),
    };
    let telling = |words: &[&str]| slug(&words.join("-").to_lowercase().replace(".git", ""));
    let boring = words.last().is_some_and(|last| SAYS_NOTHING.contains(&last.to_lowercase().as_str()));
    let name = match words.split_last() {
        Some((_, before)) if boring && !before.is_empty() => telling(before),
        _ => telling(&words),
    };
    name.parse::<Publisher>().is_ok().then_some(name)
}

/// Small letters, digits and single hyphens, cut between two words.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut name = String::new();
    for word in words {
        let word = word.get(..LONGEST).unwrap_or(word);
        if name.len() + word.len() >= LONGEST && !name.is_empty() {
            break;
        }
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(word);
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_says_whose_registry_it_is() {
        for (address, name) in [
            ("/srv/starter", Some("starter")),
            ("/home/alice/My Mods (new)", Some("my-mods-new")),
            ("https://mods.example.org/", Some("mods-example-org")),
            ("https://www.example.org/registry/", Some("example-org")),
            ("https://alice.example.io/lamps/", Some("alice-example-io-lamps")),
            ("git+https://code.example/alice/lamps.git#main:registry", Some("alice-lamps")),
            ("git+https://code.example/alice/registry.git", Some("alice-registry")),
            ("git+file:///srv/git/lamps.git", Some("lamps")),
            ("http://127.0.0.1:8080/", Some("127-0-0-1")),
            ("/", None),
            ("/srv/モッド", None),
        ] {
            assert_eq!(short_name(address).as_deref(), name, "{address}");
        }
    }

    proptest! {
        #[test]
        fn what_is_made_of_any_address_is_a_name_with_room_for_a_number(address in "(https://|git\\+https://|/)?[ -~äé/.]{0,120}") {
            if let Some(name) = short_name(&address) {
                let numbered = format!("{name}-99");
                prop_assert!(name.parse::<Publisher>().is_ok());
                prop_assert!(numbered.parse::<Publisher>().is_ok());
            }
        }
    }
}
