//! Where a source is, as a person writes it.

use std::{fmt, path::PathBuf};

use url::Url;

use super::{GitAddress, http::host_of};
use crate::{Error, Result};

/// A folder on this machine, a web address, which ends in a slash, or a git repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    Folder(PathBuf),
    Web(Url),
    Git(GitAddress),
}

impl Address {
    /// Reads `https://…`, `http://…`, `file:///…`, an absolute path, or a repository (`git+…`, see [`GitAddress`]). Names and passwords, queries and fragments in a
    /// web address are refused: they would end up in logs and have no meaning for static files.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |why| Err(Error::Address { address: text.chars().take(200).collect(), why });
        if let Some(repository) = GitAddress::parse(text)? {
            return Ok(Self::Git(repository));
        }
        let path = PathBuf::from(text);
        if path.is_absolute() {
            return Ok(Self::Folder(path));
        }
        let Ok(mut url) = Url::parse(text) else {
            return refuse("neither a web address nor an absolute path");
        };
        match url.scheme() {
            "file" => match url.to_file_path() {
                Ok(path) => Ok(Self::Folder(path)),
                Err(()) => refuse("not a folder on this machine"),
            },
            "http" | "https" => {
                if !url.username().is_empty() || url.password().is_some() {
                    return refuse("it has a name or password in it");
                }
                if url.query().is_some() || url.fragment().is_some() {
                    return refuse("it has a query or a fragment");
                }
                if !url.path().ends_with('/') {
                    let path = format!("{}/", url.path());
                    url.set_path(&path);
                }
                Ok(Self::Web(url))
            }
            _ => refuse("only https, http and folders are read"),
        }
    }

    /// Whether it is a folder, or a repository in one: nobody is asked, and only so test roots are accepted.
    pub fn is_folder(&self) -> bool {
        match self {
            Self::Folder(_) => true,
            Self::Web(_) => false,
            Self::Git(repository) => repository.is_folder(),
        }
    }

    /// Who is asked, for sentences.
    pub(crate) fn host(&self) -> String {
        match self {
            Self::Folder(path) => path.display().to_string(),
            Self::Web(url) => host_of(url),
            Self::Git(repository) => repository.host(),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            Self::Web(url) => url.fmt(f),
            Self::Git(repository) => repository.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_web_addresses_are_read_and_the_rest_is_refused() {
        assert_eq!(Address::parse("/srv/reg").expect("path"), Address::Folder("/srv/reg".into()));
        assert_eq!(Address::parse("file:///srv/reg").expect("url"), Address::Folder("/srv/reg".into()));
        assert_eq!(
            Address::parse("https://a.example/reg").expect("url").to_string(),
            "https://a.example/reg/"
        );
        assert!(matches!(Address::parse("git+https://a.example/reg.git#main"), Ok(Address::Git(_))));
        for bad in [
            "",
            "git+ssh://a/b.git",
            "reg",
            "../reg",
            "ftp://a/",
            "javascript:alert(1)",
            "https://u:p@a/",
            "https://a/?x",
            "https://a/#x",
            "https://",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }
}
