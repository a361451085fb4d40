//! Looking over a whole registry with a client's eyes, and with a maintainer's.

use std::{collections::BTreeMap, fmt, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use muster_domain::{PublishedName, Publisher};

use super::{Files, lookalike::looks_like};
use crate::{
    Client, Error, KeySet, MAX_ADVISORIES_FILE, MAX_FEATURED_FILE, MemoryStore, PublicKey, Repository,
    Result, Trust, parse_advisories, parse_featured,
};

/// Something that a maintainer should look at.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// A role, or the description at a path, that clients refuse.
    Refused { role: String, error: Error },
    /// A publisher lists a path that it may not speak about; clients ignore it.
    Outside { path: String },
    /// A signed target file is not there.
    MissingTarget { file: String },
    /// A target file is not the one that was signed.
    WrongTarget { file: String },
    /// Two publishers sign with the same key.
    SharedKey { key: PublicKey, publishers: (Publisher, Publisher) },
    /// A publisher's name looks like another's.
    Lookalike { publisher: Publisher, like: Publisher },
    /// The registry must be signed again soon.
    ExpiresSoon { expires: Timestamp },
}

impl Problem {
    /// Whether clients are hurt by it; the others are for judgement.
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::MissingTarget { .. } | Self::WrongTarget { .. })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { role, error } => write!(f, "{role}: {error}"),
            Self::Outside { path } => write!(f, "{path}: outside the publisher's folder"),
            Self::MissingTarget { file } => write!(f, "{file}: missing"),
            Self::WrongTarget { file } => write!(f, "{file}: not the signed bytes"),
            Self::SharedKey { key, publishers: (a, b) } => {
                write!(f, "{a} and {b} sign with the same key {key}")
            }
            Self::Lookalike { publisher, like } => write!(f, "{publisher} looks like {like}"),
            Self::ExpiresSoon { expires } => write!(f, "must be signed again before {expires}"),
        }
    }
}

/// Verifies a whole registry: every role as clients do, every signed target against the file that is there, keys and
/// names against each other. Fails only if not even the root can be read.
pub async fn verify(
    repository: Arc<dyn Repository>,
    files: &dyn Files,
    now: Timestamp,
) -> Result<Vec<Problem>> {
    let missing = || Error::MissingFile { file: "1.root.json".into() };
    let root = files.metadata("1.root.json").map_err(Error::Store)?.ok_or_else(missing)?;
    let client = Client::open(&root, repository, Arc::new(MemoryStore::default())).await?;
    let mut problems = Vec::new();
    match client.refresh(now).await {
        Ok(state) if state.expires.duration_since(now) < SignedDuration::from_hours(72) => {
            problems.push(Problem::ExpiresSoon { expires: state.expires });
        }
        Ok(_) => {}
        Err(error) => return Ok(vec![Problem::Refused { role: "the registry".into(), error }]),
    }
    let mut keys: BTreeMap<PublicKey, Publisher> = BTreeMap::new();
    let mut names: Vec<Publisher> = Vec::new();
    let publishers = match client.publishers(now).await {
        Ok(publishers) => publishers,
        Err(error) => return Ok(vec![Problem::Refused { role: "the shards".into(), error }]),
    };
    for (publisher, trust) in publishers {
        for known in names.iter().filter(|known| looks_like(publisher.as_str(), known.as_str())) {
            problems.push(Problem::Lookalike { publisher: publisher.clone(), like: known.clone() });
        }
        names.push(publisher.clone());
        for key in client.admitted_keys(now, &publisher).await.iter().flat_map(KeySet::keys) {
            if let Some(other) = keys.insert(*key, publisher.clone()) {
                problems.push(Problem::SharedKey { key: *key, publishers: (other, publisher.clone()) });
            }
        }
        match client.publisher(now, &publisher).await {
            Ok(facts) => {
                for package in facts.packages {
                    let name = PublishedName { publisher: publisher.clone(), package };
                    check_package(&client, &name, now, &mut problems).await;
                }
            }
            // Admitted but silent is a state, not a fault: the first release is still to come.
            Err(Error::DelegatedMissing { .. }) if trust == Trust::Admitted => {}
            Err(error) => problems.push(Problem::Refused { role: publisher.to_string(), error }),
        }
        for path in client.paths_of(&publisher) {
            check_target(&client, &path, now, files, &mut problems).await?;
        }
    }
    for shard in client.catalogue(now).await? {
        check_file(&shard, files, &mut problems)?;
    }
    if let Some(list) = client.advisories(now).await? {
        check_file(&list, files, &mut problems)?;
        let read = client.fetch(&list, MAX_ADVISORIES_FILE).await.and_then(|bytes| parse_advisories(&bytes));
        if let Err(error) = read {
            problems.push(Problem::Refused { role: list.path, error });
        }
    }
    if let Some(list) = client.featured(now).await? {
        check_file(&list, files, &mut problems)?;
        let read = client.fetch(&list, MAX_FEATURED_FILE).await.and_then(|bytes| parse_featured(&bytes));
        if let Err(error) = read {
            problems.push(Problem::Refused { role: list.path, error });
        }
    }
    Ok(problems)
}

async fn check_package(client: &Client, name: &PublishedName, now: Timestamp, problems: &mut Vec<Problem>) {
    match client.all_releases(now, name).await {
        Ok(releases) => problems.extend(releases.into_iter().filter_map(|release| {
            let error = release.err()?;
            Some(Problem::Refused { role: name.to_string(), error })
        })),
        Err(error) => problems.push(Problem::Refused { role: name.to_string(), error }),
    }
}

async fn check_target(
    client: &Client,
    path: &str,
    now: Timestamp,
    files: &dyn Files,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    match client.target(now, path).await {
        Ok(target) => check_file(&target, files, problems),
        Err(Error::NotFound { .. }) => {
            problems.push(Problem::Outside { path: path.to_owned() });
            Ok(())
        }
        Err(error) => {
            problems.push(Problem::Refused { role: path.to_owned(), error });
            Ok(())
        }
    }
}

fn check_file(target: &crate::Target, files: &dyn Files, problems: &mut Vec<Problem>) -> Result<()> {
    match files.target(&target.file).map_err(Error::Store)? {
        None => problems.push(Problem::MissingTarget { file: target.file.clone() }),
        Some(archive) if archive.sha256 != target.sha256 || archive.size != target.size => {
            problems.push(Problem::WrongTarget { file: target.file.clone() });
        }
        Some(_) => {}
    }
    Ok(())
}
