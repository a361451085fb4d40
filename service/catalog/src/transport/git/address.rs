//! A git repository as a person writes it: `git+URL`, and behind a `#` the branch and the folder.

use std::{fmt, path::PathBuf};

use url::Url;

use crate::{
    Error, Result,
    transport::{is_inside, is_loopback_address},
};

const PREFIX: &str = "git+";
/// Longest branch or folder, in bytes.
const LONGEST: usize = 200;

/// `git+https://host/owner/repository.git`, `git+http://…` or `git+file:///folder`, with `#branch`, `#branch:folder` or
/// `#:folder` behind it. Without a branch it is the one that the repository itself names (`HEAD`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitAddress {
    url: Url,
    branch: Option<String>,
    folder: Option<String>,
}

impl GitAddress {
    /// Reads an address; `None` where the text is not of this kind.
    ///
    /// # Errors
    /// [`Error::Address`] for other schemes, names, passwords, queries, and branches or folders that could lead elsewhere.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        let Some(rest) = text.strip_prefix(PREFIX) else { return Ok(None) };
        let refuse = |why| Err(Error::Address { address: text.chars().take(200).collect(), why });
        let Ok(mut url) = Url::parse(rest) else { return refuse("no address behind git+") };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it has a name or password in it");
        }
        if url.query().is_some() {
            return refuse("it has a query");
        }
        match url.scheme() {
            "http" | "https" => {}
            "file" if url.to_file_path().is_ok() => {}
            "file" => return refuse("not a folder on this machine"),
            _ => return refuse("only https, http and folders are read"),
        }
        let fragment = url.fragment().map(str::to_owned);
        url.set_fragment(None);
        let path = url.path().trim_end_matches('/').to_owned();
        if path.is_empty() {
            return refuse("it names no repository");
        }
        url.set_path(&path);
        let (branch, folder) =
            match fragment.as_deref().map(|text| text.split_once(':').unwrap_or((text, ""))) {
                None => (None, None),
                Some(("", "")) => return refuse("nothing is behind the #"),
                Some((branch, folder)) => {
                    if fragment.as_deref().is_some_and(|text| text.ends_with(':')) {
                        return refuse("no folder is behind the :");
                    }
                    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
                    (given(branch), given(folder))
                }
            };
        if branch.as_deref().is_some_and(|branch| !is_branch(branch)) {
            return refuse("it names no branch");
        }
        if folder.as_deref().is_some_and(|folder| !is_plain(folder)) {
            return refuse("its folder is not one inside the repository");
        }
        Ok(Some(Self { url, branch, folder }))
    }

    /// The repository's own address, without a slash at its end.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The folder of a repository that lies on this machine.
    pub fn path(&self) -> Option<PathBuf> {
        (self.url.scheme() == "file").then(|| self.url.to_file_path().ok()).flatten()
    }

    /// Whether it is read from a folder, so that nobody is asked.
    pub fn is_folder(&self) -> bool {
        self.url.scheme() == "file"
    }

    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        self.is_folder() || is_loopback_address(&self.url)
    }

    /// The full name of the branch, or `HEAD`.
    pub fn reference(&self) -> String {
        self.branch.as_deref().map_or_else(|| "HEAD".to_owned(), |branch| format!("refs/heads/{branch}"))
    }

    /// The branch as it was given, for sentences.
    pub fn branch(&self) -> &str {
        self.branch.as_deref().unwrap_or("HEAD")
    }

    /// A path of the registry as one of the repository.
    pub fn inside(&self, path: &str) -> String {
        self.folder.as_deref().map_or_else(|| path.to_owned(), |folder| format!("{folder}/{path}"))
    }

    /// Host and port, or the folder: who is asked.
    pub fn host(&self) -> String {
        match self.url.host_str().filter(|_| !self.is_folder()) {
            Some(_) => crate::transport::http::host_of(&self.url),
            None => self.url.path().to_owned(),
        }
    }
}

impl fmt::Display for GitAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.url)?;
        match (&self.branch, &self.folder) {
            (None, None) => Ok(()),
            (branch, None) => write!(f, "#{}", branch.as_deref().unwrap_or_default()),
            (branch, Some(folder)) => write!(f, "#{}:{folder}", branch.as_deref().unwrap_or_default()),
        }
    }
}

/// Names that need no escaping anywhere, and lead nowhere else.
fn is_plain(text: &str) -> bool {
    text.len() <= LONGEST && is_inside(text) && !text.contains(['%', '~'])
}

fn is_branch(text: &str) -> bool {
    is_plain(text) && gix::validate::reference::name(format!("refs/heads/{text}").as_str().into()).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> GitAddress {
        GitAddress::parse(text).expect("reads").expect("a repository")
    }

    #[test]
    fn repositories_branches_and_folders_are_read() {
        let plain = address("git+https://forge.example/ada/mods.git/");
        assert_eq!(plain.to_string(), "git+https://forge.example/ada/mods.git");
        assert_eq!((plain.reference().as_str(), plain.inside("metadata/a")), ("HEAD", "metadata/a".into()));
        assert!(!plain.is_local() && plain.host() == "forge.example");
        let whole = address("git+http://127.0.0.1:8080/mods.git#stable/1.x:registry/all");
        assert_eq!(whole.reference(), "refs/heads/stable/1.x");
        assert_eq!(whole.inside("metadata/a"), "registry/all/metadata/a");
        assert!(whole.is_local() && !whole.is_folder() && whole.host() == "127.0.0.1:8080");
        let folder = address("git+file:///srv/mods.git#:registry");
        assert_eq!((folder.path(), folder.reference().as_str()), (Some("/srv/mods.git".into()), "HEAD"));
        assert_eq!(folder.to_string(), "git+file:///srv/mods.git#:registry");
        assert!(folder.is_folder() && folder.inside("targets/a") == "registry/targets/a");
    }

    #[test]
    fn everything_else_is_refused() {
        for other in
            ["https://forge.example/ada/mods.git", "/srv/mods.git", "github:minetest+a/b", "git:x", ""]
        {
            assert_eq!(GitAddress::parse(other).expect("none"), None, "{other}");
        }
        for bad in [
            "git+",
            "git+ada/mods",
            "git+/srv/mods.git",
            "git+ssh://git@forge.example/ada/mods.git",
            "git+git://forge.example/mods.git",
            "git+ext::sh -c id",
            "git+git+https://forge.example/mods.git",
            "git+https://u:p@forge.example/mods.git",
            "git+https://u@forge.example/mods.git",
            "git+https://forge.example/",
            "git+https://forge.example",
            "git+file:///",
            "git+https://forge.example/mods.git?ref=main",
            "git+https://forge.example/mods.git#",
            "git+https://forge.example/mods.git#:",
            "git+https://forge.example/mods.git#main:",
            "git+https://forge.example/mods.git#main:../x",
            "git+https://forge.example/mods.git#main:/x",
            "git+https://forge.example/mods.git#main:a:b",
            "git+https://forge.example/mods.git#--upload-pack=x y",
            "git+https://forge.example/mods.git#a..b",
            "git+https://forge.example/mods.git#a.lock",
            "git+https://forge.example/mods.git#/main",
            "git+https://forge.example/mods.git#ma%2fin",
            "git+https://forge.example/mods.git#ma in",
        ] {
            assert!(GitAddress::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same_and_stays_inside(
            text in "git\\+(https?://|file:///)[a-z0-9./@:%_-]{0,24}(#[a-z0-9./:%~@{ -]{0,16})?"
        ) {
            if let Ok(Some(read)) = GitAddress::parse(&text) {
                prop_assert_eq!(GitAddress::parse(&read.to_string()).expect("reads"), Some(read.clone()));
                prop_assert!(read.url().username().is_empty() && read.url().query().is_none());
                prop_assert!(read.url().fragment().is_none() && !read.url().path().ends_with('/'));
                prop_assert!(is_inside(&read.inside("metadata/1.root.json")));
                prop_assert!(read.reference() == "HEAD" || read.reference().starts_with("refs/heads/"));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = GitAddress::parse(&format!("git+{text}"));
        }
    }
}
