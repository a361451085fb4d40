//! Packs (`.mrpack`, format version 1): which files they are made of, as `modrinth.index.json` says it.
//! Specification: <https://support.modrinth.com/en/articles/8802351-modrinth-modpack-format-mrpack>.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::{PortablePath, clean_line};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{ProjectId, Support, json};
use crate::{Error, Result, hex, lenient, web::web};

/// The file in an archive that makes it a pack.
pub const PACK_INDEX: &str = "modrinth.index.json";
/// Largest index that is read, in bytes.
pub const MAX_PACK_INDEX: u64 = 16 * 1024 * 1024;
/// The folders whose files are laid over an instance, the later over the earlier; those for servers are not for players.
pub const OVERRIDES: [&str; 2] = ["overrides", "client-overrides"];
/// Most files of one pack.
const MAX_FILES: usize = 10_000;
/// Most addresses of one file.
const MAX_DOWNLOADS: usize = 20;
/// The only game that packs are for.
const GAME: &str = "minecraft";
/// The hosts that files of packs may come from.
const HOSTS: [&str; 4] = ["cdn.modrinth.com", "github.com", "raw.githubusercontent.com", "gitlab.com"];

/// What a pack says that it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    pub name: String,
    /// What its author calls this version: any text.
    pub version: String,
    pub summary: String,
    /// The game and its loader with their versions, as the pack names them (`minecraft`, `fabric-loader`).
    pub needs: BTreeMap<String, String>,
    pub files: Vec<PackFile>,
    /// Files that cannot be used, as they are named, with the reason.
    pub refused: Vec<(String, String)>,
}

/// One file of a pack that is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackFile {
    /// Below the folder of the game.
    pub path: PortablePath,
    /// 128 hexadecimal digits in small letters.
    pub sha512: String,
    /// Bytes.
    pub size: u64,
    /// Addresses that give it.
    pub downloads: Vec<Url>,
    /// Whether a player needs it.
    pub client: Support,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPack {
    format_version: u64,
    game: String,
    name: String,
    version_id: String,
    #[serde(default, deserialize_with = "lenient::optional")]
    summary: Option<String>,
    files: Vec<Value>,
    dependencies: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawFile {
    path: String,
    hashes: RawHashes,
    #[serde(default)]
    env: Option<RawEnv>,
    downloads: Vec<String>,
    file_size: u64,
}

#[derive(Deserialize)]
struct RawHashes {
    sha512: String,
}

#[derive(Deserialize)]
struct RawEnv {
    #[serde(default)]
    client: Option<String>,
}

impl Pack {
    /// Reads an index. A file that cannot be used is named among the refused; the rest stands.
    ///
    /// # Errors
    /// [`Error::Syntax`] for what is no index of this format, [`Error::TooLarge`] for one of too many files,
    /// [`Error::Twice`] where two files would be one in the game.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let raw: RawPack = json(bytes)?;
        let refuse = |why: String| Err(Error::Syntax { why });
        if raw.format_version != 1 || raw.game != GAME {
            let game = clean_line(&raw.game, 40);
            return refuse(format!("a pack of format {} for {game}", raw.format_version));
        }
        if raw.files.len() > MAX_FILES {
            return Err(Error::TooLarge { limit: MAX_FILES });
        }
        let name = clean_line(&raw.name, 80);
        if name.is_empty() {
            return refuse("the pack has no name".to_owned());
        }
        let (mut files, mut refused, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for entry in raw.files {
            let shown = clean_line(entry["path"].as_str().unwrap_or_default(), 200);
            match file(entry) {
                Ok(file) => {
                    // Letters of either case are one file on some systems.
                    if !seen.insert(file.path.as_str().to_lowercase()) {
                        return Err(Error::Twice { package: name, path: file.path.to_string() });
                    }
                    files.push(file);
                }
                Err(why) => refused.push((shown, why)),
            }
        }
        let needs = raw.dependencies.iter().take(20);
        Ok(Self {
            version: clean_line(&raw.version_id, 80),
            summary: clean_line(&raw.summary.unwrap_or_default(), 300),
            needs: needs.map(|(what, version)| (clean_line(what, 40), clean_line(version, 40))).collect(),
            name,
            files,
            refused,
        })
    }
}

fn file(entry: Value) -> Result<PackFile, String> {
    let raw: RawFile = serde_json::from_value(entry).map_err(|error| clean_line(&error.to_string(), 200))?;
    let path = raw.path.parse::<PortablePath>().map_err(|error| error.to_string())?;
    let sha512 = hex::sha512(&raw.hashes.sha512).ok_or("it has no SHA-512")?;
    let downloads = raw.downloads.into_iter().take(MAX_DOWNLOADS).filter_map(|address| web(Some(address)));
    let client = Support::parse(raw.env.and_then(|env| env.client).as_deref());
    Ok(PackFile { path, sha512, size: raw.file_size, downloads: downloads.collect(), client })
}

/// Whether the format lets a file of a pack come from there.
pub fn is_pack_host(address: &Url) -> bool {
    let is_listed = address.host_str().is_some_and(|host| HOSTS.contains(&host));
    is_listed && address.scheme() == "https" && address.port().is_none()
}

/// Reads which project each of the files is of that were asked for by their hashes (`version_files`). What the service does
/// not know, it leaves out.
///
/// # Errors
/// [`Error::TooLarge`]; [`Error::Syntax`] for what is no answer.
pub fn files_found(bytes: &[u8]) -> Result<BTreeMap<String, ProjectId>> {
    let answer: BTreeMap<String, Value> = json(bytes)?;
    let project = |version: &Value| version["project_id"].as_str()?.parse().ok();
    let found =
        answer.into_iter().filter_map(|(hash, version)| Some((hex::sha512(&hash)?, project(&version)?)));
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn entry(path: &str) -> Value {
        json!({"path": path, "hashes": {"sha1": "0", "sha512": "AB".repeat(64)}, "fileSize": 7,
            "env": {"client": "required", "server": "unsupported"},
            "downloads": ["https://cdn.modrinth.com/data/a/b.jar", "ftp://x/y", "https://u:p@github.com/x"]})
    }

    fn index(files: &[Value]) -> Vec<u8> {
        json!({"formatVersion": 1, "game": "minecraft", "versionId": "1.2", "name": "Crafters", "later": [1],
            "files": files, "dependencies": {"minecraft": "1.20.1", "fabric-loader": "0.16.0"}})
        .to_string()
        .into_bytes()
    }

    #[test]
    fn reads_what_a_pack_is_made_of() {
        let mut servers = entry("mods/server.jar");
        servers["env"]["client"] = "unsupported".into();
        let pack = Pack::parse(&index(&[entry("mods/Glow-1.0.jar"), servers])).expect("a pack");
        assert_eq!((pack.name.as_str(), pack.version.as_str()), ("Crafters", "1.2"));
        assert_eq!(pack.needs["fabric-loader"], "0.16.0");
        let file = &pack.files[0];
        assert_eq!((file.path.as_str(), file.size, file.client), ("mods/Glow-1.0.jar", 7, Support::Required));
        assert_eq!(file.sha512, "ab".repeat(64));
        assert_eq!(file.downloads.len(), 1, "only what a browser could open without a password");
        assert_eq!(pack.files[1].client, Support::Unsupported);
    }

    #[test]
    fn a_file_that_would_leave_the_games_folder_is_refused_alone() {
        let bad = [
            "../x.jar",
            "mods/../../x.jar",
            "/etc/x",
            "C:/x.jar",
            "C:x",
            "mods\\x.jar",
            "\\\\?\\C:\\x",
            "",
            "mods//x.jar",
            "./x.jar",
            "mods/con.jar",
            "mods/x.jar:stream",
            "mods/x.jar ",
            "mods/a\u{0}b",
            "mods/a\u{202e}b",
            "MODS~1/x",
        ];
        let mut files: Vec<Value> = bad.iter().map(|path| entry(path)).collect();
        files.extend([json!(7), json!({"path": "mods/y.jar"}), entry("mods/good.jar")]);
        let pack = Pack::parse(&index(&files)).expect("a pack");
        let paths: Vec<&str> = pack.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!((paths, pack.refused.len()), (vec!["mods/good.jar"], bad.len() + 2));
    }

    #[test]
    fn two_files_that_would_be_one_and_other_formats_are_refused() {
        let twice = Pack::parse(&index(&[entry("mods/a.jar"), entry("Mods/A.jar")]));
        assert!(matches!(twice, Err(Error::Twice { .. })), "{twice:?}");
        for bad in ["", "[]", "{}", r#"{"formatVersion": 2}"#] {
            assert!(Pack::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        let text = String::from_utf8(index(&[])).expect("text");
        let other = text.replace("\"game\":\"minecraft\"", "\"game\":\"chess\"");
        assert_ne!(text, other);
        assert!(Pack::parse(other.as_bytes()).is_err(), "{other}");
    }

    #[test]
    fn only_the_hosts_of_the_format_are_asked_and_only_over_https() {
        let is_listed = |address: &str| is_pack_host(&Url::parse(address).expect("an address"));
        assert!(is_listed("https://cdn.modrinth.com/data/x") && is_listed("https://github.com/a/b"));
        for bad in [
            "http://cdn.modrinth.com/x",
            "https://cdn.modrinth.com:8443/x",
            "https://cdn.modrinth.com.evil.example/x",
            "https://evil.example/cdn.modrinth.com",
            "https://127.0.0.1/x",
        ] {
            assert!(!is_listed(bad), "{bad}");
        }
    }

    #[test]
    fn answers_by_hash_name_projects() {
        let (hash, other) = ("ab".repeat(64), "cd".repeat(64));
        let answer =
            json!({hash.clone(): {"project_id": "GLOW0001"}, other: {"project_id": "../x"}, "short": {}});
        let found = files_found(answer.to_string().as_bytes()).expect("an answer");
        assert_eq!(
            found.into_iter().map(|(hash, id)| (hash, id.to_string())).collect::<Vec<_>>(),
            [(hash, "GLOW0001".to_owned())]
        );
        assert!(files_found(b"[]").is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200), path in ".{0,40}") {
            let _ = (Pack::parse(&bytes), files_found(&bytes));
            let pack = Pack::parse(&index(&[entry(&path)])).expect("a pack");
            prop_assert_eq!(pack.files.len() + pack.refused.len(), 1);
        }
    }
}
