//! Which package, source or profile a word on the command line means.

use muster_api::{
    Job, NewFile, OperationId, PackageDetail, PackageKey, PackageRow, Profile, SearchPage, SearchRequest,
    Seed, Source, Transfer, Transfers, Wish,
};
use muster_client::{Client, ClientError, Request};

use crate::failure::Failure;

/// `[source:]publisher/name[@range]`, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct PackageWord<'a> {
    pub source: Option<&'a str>,
    pub id: &'a str,
    pub range: Option<&'a str>,
}

impl<'a> PackageWord<'a> {
    pub fn parse(word: &'a str) -> Self {
        let (rest, range) = match word.split_once('@') {
            Some((rest, range)) => (rest, Some(range)),
            None => (word, None),
        };
        // A colon belongs to the source: the last one before the id, so that thunderstore:x:author/name works.
        let (source, id) = match rest.rsplit_once(':') {
            Some((source, id)) => (Some(source), id),
            None => (None, rest),
        };
        Self { source, id, range }
    }
}

/// The source with this alias or id.
pub async fn source(client: &Client, word: &str) -> Result<Source, Failure> {
    let sources: Vec<Source> = client.ask(Request::new(OperationId::Sources)).await?;
    let found = sources.into_iter().find(|source| source.alias == word || source.id == word);
    found.ok_or_else(|| Failure::new(4, "source-unknown", format!("no source {word}")).with("source", word))
}

/// The profile with this name or id, the active one of a game with this id, or the active one.
pub async fn profile(client: &Client, word: Option<&str>) -> Result<Profile, Failure> {
    let profiles: Vec<Profile> = client.ask(Request::new(OperationId::Profiles)).await?;
    let found = match word {
        Some(word) => {
            let is_named = |profile: &&Profile| profile.name == word || profile.id == word;
            let named = profiles.iter().find(is_named);
            let of_game = || profiles.iter().find(|profile| profile.game == word);
            named.or_else(of_game).cloned()
        }
        None => profiles.into_iter().find(|profile| profile.active),
    };
    let word = word.unwrap_or_default();
    found
        .ok_or_else(|| Failure::new(4, "profile-unknown", format!("no profile {word}")).with("profile", word))
}

/// The profile for packages of these games where none is named: the active one, unless it is of another game and a
/// profile of theirs is there.
pub async fn profile_for(client: &Client, games: &[String]) -> Result<Profile, Failure> {
    let active = profile(client, None).await;
    if games.is_empty() || active.as_ref().is_ok_and(|active| games.contains(&active.game)) {
        return active;
    }
    let profiles: Vec<Profile> = client.ask(Request::new(OperationId::Profiles)).await?;
    profiles.into_iter().find(|profile| games.contains(&profile.game)).map_or(active, Ok)
}

/// Rows among which a package is looked for by its name: an exact name is listed first.
const NAMED_AT_MOST: u32 = 20;

/// The one package that a word means, by its id, or else by its name; several sources that have it are a question to the user, never a guess.
pub async fn package(client: &Client, word: &PackageWord<'_>) -> Result<PackageDetail, Failure> {
    let sources: Vec<Source> = match word.source {
        Some(name) => vec![source(client, name).await?],
        None => client.ask(Request::new(OperationId::Sources)).await?,
    };
    let mut found: Vec<PackageDetail> = Vec::new();
    for source in sources.iter().filter(|source| source.enabled) {
        let request = Request::new(OperationId::Package).path("source", &source.id).path("id", word.id);
        match client.ask(request).await {
            Ok(package) => found.push(package),
            Err(ClientError::Problem(problem)) if problem.status == 404 => {}
            Err(error) => return Err(error.into()),
        }
    }
    if found.len() > 1 {
        let sources: Vec<_> = found.iter().map(|package| package.row.source_name.as_str()).collect();
        let title = format!("{} is in several sources", word.id);
        return Err(Failure::new(5, "cli-several-sources", title)
            .with("package", word.id)
            .with("sources", sources.join(", ")));
    }
    if let Some(found) = found.pop() {
        return Ok(found);
    }
    if let Some(key) = named(client, &sources, word.id).await? {
        let request = Request::new(OperationId::Package).path("source", &key.source).path("id", &key.id);
        return Ok(client.ask(request).await?);
    }
    Err(Failure::new(4, "package-unknown", format!("no package {}", word.id)).with("package", word.id))
}

/// The one package with this name, in sources whose ids are no names.
async fn named(client: &Client, sources: &[Source], name: &str) -> Result<Option<PackageKey>, Failure> {
    let query = SearchRequest { q: name.to_owned(), limit: NAMED_AT_MOST, ..SearchRequest::default() };
    let page: SearchPage = client.ask(Request::search(&query)).await?;
    let fits = |row: &PackageRow| {
        row.name == name && sources.iter().any(|source| source.enabled && source.id == row.key.source)
    };
    let mut rows = page.rows.into_iter().filter(fits);
    match (rows.next(), rows.next()) {
        (Some(row), None) => Ok(Some(row.key)),
        _ => Ok(None),
    }
}

/// Keys of packages that are in a profile already.
pub async fn installed(
    client: &Client,
    profile: &Profile,
    words: &[String],
) -> Result<Vec<PackageKey>, Failure> {
    let request = Request::new(OperationId::Profile).path("profile", &profile.id);
    let detail: muster_api::ProfileDetail = client.ask(request).await?;
    let mut keys = Vec::new();
    for word in words {
        let word = PackageWord::parse(word);
        let wanted = match word.source {
            Some(name) => Some(source(client, name).await?.id),
            None => None,
        };
        let mut matches = detail.entries.iter().filter(|entry| {
            entry.key.id == word.id && wanted.as_ref().is_none_or(|source| *source == entry.key.source)
        });
        let title = format!("{} is not in {}", word.id, profile.name);
        let entry = matches.next().ok_or_else(|| {
            Failure::new(4, "package-not-installed", title)
                .with("package", word.id)
                .with("profile", &profile.name)
        })?;
        keys.push(entry.key.clone());
    }
    Ok(keys)
}

/// What to ask for, for a package word, and the games that the package is made for.
pub async fn wish(client: &Client, word: &str) -> Result<(Wish, Vec<String>), Failure> {
    let word = PackageWord::parse(word);
    let row = package(client, &word).await?.row;
    let range = word.range.map(|range| {
        // A bare version means exactly that version, as people know it.
        let is_range = range.starts_with(['^', '~', '<', '>', '=', '*']);
        if is_range { range.to_owned() } else { format!("={range}") }
    });
    Ok((Wish { key: row.key, range, sha256: None }, row.games))
}

/// Whether a word is a file to install rather than a package: at a web address, or there on this machine.
pub fn is_file(word: &str) -> bool {
    word.starts_with("https://") || word.starts_with("http://") || std::path::Path::new(word).is_file()
}

/// What to ask for, for a file that becomes a package of the player's own.
pub async fn file(client: &Client, word: &str, profile: &Profile) -> Result<Wish, Failure> {
    let path = match word.contains("://") {
        true => None,
        false => Some(std::fs::canonicalize(word).map_err(Failure::io)?.to_string_lossy().into_owned()),
    };
    let address = path.is_none().then(|| word.to_owned());
    let new = NewFile { path, address, profile: profile.id.clone() };
    Ok(client.ask(Request::new(OperationId::TakeFileIn).body(&new)?).await?)
}

/// Characters of a hash that lists show.
pub const SHORT_HASH: usize = 8;
/// Fewest characters of a hash that are taken for one.
const LEAST_HASH: usize = 6;

/// Whether a word can be the beginning of a hash.
pub fn is_hash(word: &str) -> bool {
    (LEAST_HASH..=64).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Archives that are kept, for words that name packages (all their versions that are here, or one with `@version`) or
/// begin a hash.
pub async fn kept(client: &Client, words: &[String]) -> Result<Vec<Seed>, Failure> {
    let seeds: Vec<Seed> = client.ask(Request::new(OperationId::Seeds)).await?;
    let mut found: Vec<Seed> = Vec::new();
    for text in words {
        let word = PackageWord::parse(text);
        let wanted = match word.source {
            Some(name) => Some(source(client, name).await?.id),
            None => None,
        };
        let means = |seed: &&Seed| {
            let by_package = seed.package.as_ref().is_some_and(|package| {
                package.id == word.id && wanted.as_ref().is_none_or(|source| *source == package.source)
            });
            let by_version = word.range.is_none_or(|range| seed.version.as_deref() == Some(range));
            by_package && by_version || seed.name == *text
        };
        let mut matches: Vec<&Seed> = seeds.iter().filter(means).collect();
        if matches.is_empty() && is_hash(text) {
            matches = seeds.iter().filter(|seed| seed.sha256.starts_with(text)).collect();
            one(text, matches.iter().map(|seed| seed.name.as_str()).collect())?;
        }
        if matches.is_empty() {
            let title = format!("nothing is kept under {text}");
            return Err(Failure::new(4, "cli-archive-unknown", title).with("text", text));
        }
        found.extend(matches.into_iter().cloned());
    }
    found.sort_by(|a, b| a.sha256.cmp(&b.sha256));
    found.dedup_by(|a, b| a.sha256 == b.sha256);
    Ok(found)
}

/// The one download that a word means: by its package, its name in the list, or the beginning of its hash.
pub async fn transfer(client: &Client, text: &str) -> Result<String, Failure> {
    let transfers: Transfers = client.ask(Request::new(OperationId::Transfers)).await?;
    let jobs: Vec<Job> = client.ask(Request::new(OperationId::Jobs)).await?;
    let word = PackageWord::parse(text);
    let members = jobs.iter().flat_map(|job| &job.members).filter(|member| member.key.id == word.id);
    let named: Vec<&str> = members.filter_map(|member| member.sha256.as_deref()).collect();
    let by_name = |transfer: &&Transfer| {
        transfer.name.eq_ignore_ascii_case(text) || named.contains(&transfer.sha256.as_str())
    };
    let mut matches: Vec<&Transfer> = transfers.transfers.iter().filter(by_name).collect();
    if matches.is_empty() && is_hash(text) {
        matches = transfers.transfers.iter().filter(|transfer| transfer.sha256.starts_with(text)).collect();
    }
    one(text, matches.iter().map(|transfer| transfer.name.as_str()).collect())?;
    let unknown =
        || Failure::new(4, "cli-transfer-unknown", format!("no download {text}")).with("text", text);
    matches.first().map(|transfer| transfer.sha256.clone()).ok_or_else(unknown)
}

/// Refuses a word that means several.
fn one(text: &str, names: Vec<&str>) -> Result<(), Failure> {
    if names.len() <= 1 {
        return Ok(());
    }
    Err(Failure::new(5, "cli-several-archives", format!("{text} means several"))
        .with("text", text)
        .with("names", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_apart() {
        let word = |source, id, range| PackageWord { source, id, range };
        assert_eq!(PackageWord::parse("a1/b1"), word(None, "a1/b1", None));
        assert_eq!(PackageWord::parse("starter:a1/b1@^1.2"), word(Some("starter"), "a1/b1", Some("^1.2")));
        assert_eq!(PackageWord::parse("thunderstore:x:a1/b1"), word(Some("thunderstore:x"), "a1/b1", None));
    }

    #[test]
    fn a_hash_is_known_by_its_beginning_and_not_by_less() {
        assert!(is_hash("0123ab") && is_hash(&"f".repeat(64)));
        for word in ["0123a", "0123aB", "a1/b1c2", "", &"f".repeat(65)] {
            assert!(!is_hash(word), "{word}");
        }
    }
}
