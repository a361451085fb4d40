//! A repository whose releases are packages, as a person writes it.

use std::fmt;

use muster_domain::{GameId, SourceId};
use url::Url;

use crate::{Error, Result, transport::is_loopback_address};

/// Begins the address; the game and a `+` follow.
const KIND: &str = "github";
const OFFICIAL: &str = "https://api.github.com/repos/";

/// A repository, and the game that its releases are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RepositoryAddress {
    game: GameId,
    /// Where the repositories of the owner are; ends in a slash.
    base: Url,
    owner: String,
    name: String,
}

impl RepositoryAddress {
    /// Reads `github:<game>+<owner>/<repository>`, or an address of the interface of another host in place of the
    /// repository; `None` for what is of another kind.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        let refuse = |why| Err(Error::Address { address: text.chars().take(200).collect(), why });
        let Some(rest) = text.strip_prefix(KIND).and_then(|rest| rest.strip_prefix(':')) else {
            return Ok(None);
        };
        let Some((game, place)) = rest.split_once('+') else {
            return refuse("a game and + belong before it");
        };
        let Ok(game) = game.parse() else { return refuse("no name of a game") };
        let full = match place.contains("://") {
            true => place.to_owned(),
            false if place.contains('/') => format!("{OFFICIAL}{place}"),
            false => return refuse("no owner/repository"),
        };
        let full = full.trim_end_matches('/');
        let mut parts = full.rsplit('/');
        let (Some(name), Some(owner)) = (parts.next(), parts.next()) else {
            return refuse("no owner/repository");
        };
        if !is_part(owner) || !is_part(name) {
            return refuse("no owner/repository");
        }
        let base = Url::parse(&full[..full.len() - name.len()]).ok();
        let plain = base.filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
                && url.query().is_none()
                && url.fragment().is_none()
                && url.path().ends_with(&format!("/{owner}/"))
        });
        match plain {
            Some(base) => Ok(Some(Self { game, base, owner: owner.to_owned(), name: name.to_owned() })),
            None => refuse("only https and http are read"),
        }
    }

    pub fn kind(&self) -> &'static str {
        KIND
    }

    pub fn game(&self) -> &GameId {
        &self.game
    }

    /// Where the interface has the repositories of the owner; ends in a slash.
    pub fn base(&self) -> &Url {
        &self.base
    }

    pub fn owner(&self) -> &str {
        &self.owner
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// By a mark of the address, which is the same for everybody. Names of repositories know no case.
    pub fn source_id(&self) -> SourceId {
        let text = self.to_string().to_ascii_lowercase();
        let hash = muster_registry::sha256(text.as_bytes()).to_string();
        format!("{KIND}:{}", &hash[..16])
            .parse()
            .expect("a kind of letters and a scope of hexadecimal digits")
    }

    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        is_loopback_address(&self.base)
    }
}

fn is_part(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=100).contains(&text.len()) && text.bytes().all(fits) && !text.bytes().all(|byte| byte == b'.')
}

impl fmt::Display for RepositoryAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}{}", self.base, self.name);
        match text.strip_prefix(OFFICIAL) {
            Some(repository) => write!(f, "{KIND}:{}+{repository}", self.game),
            None => write!(f, "{KIND}:{}+{text}", self.game),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_told_from_other_addresses() {
        for other in ["github", "https://github.com/a/b", "/srv/x", "githubs:x"] {
            assert_eq!(RepositoryAddress::parse(other).expect("none"), None, "{other}");
        }
        let found =
            RepositoryAddress::parse("github:minetest+Ada/glow.mod").expect("reads").expect("a repository");
        assert_eq!((found.owner(), found.name()), ("Ada", "glow.mod"));
        assert_eq!(found.base().as_str(), "https://api.github.com/repos/Ada/");
        assert_eq!(RepositoryAddress::parse(&found.to_string()).expect("reads"), Some(found.clone()));
        let own = RepositoryAddress::parse("github:minetest+http://127.0.0.1:8/repos/a/b")
            .expect("reads")
            .expect("own");
        assert!(own.is_local() && own.source_id() != found.source_id());
        for bad in [
            "github:",
            "github:x",
            "github:minetest+",
            "github:minetest+a",
            "github:minetest+a/../b/..",
            "github:A B+a/b",
            "github:minetest+https://u:p@h/repos/a/b",
            "github:minetest+ftp://h/a/b",
            "github:minetest+a/b?x",
            "github:minetest+https://h/a",
        ] {
            assert!(RepositoryAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
