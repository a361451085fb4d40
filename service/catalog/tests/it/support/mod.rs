//! A registry that is made on the spot, and a web host that misbehaves on request.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

pub mod git;
pub mod git_home;
pub mod shop;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use muster_domain::{Archive, Kind, PackageId, PublishedName, Sha256, SourceId, Version};
use muster_registry::{
    KeySet, Pick, ReleaseCustom, SigningKey,
    author::{self, Admission, Founding, Lifetimes, MemoryFiles, Moment, Publication},
    layout::Sibling,
    sha256,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).expect("time")
}

pub fn id(text: &str) -> PackageId {
    text.parse().expect("id")
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32])
}

/// A registry with one offline key, one online key, and a key per publisher.
pub struct Registry {
    pub files: MemoryFiles,
    publishers: BTreeMap<String, SigningKey>,
    seed: u8,
    lifetimes: Lifetimes,
}

impl Registry {
    pub fn new(seed: u8) -> Self {
        let registry = Self {
            files: MemoryFiles::default(),
            publishers: BTreeMap::new(),
            seed,
            lifetimes: Lifetimes::all(SignedDuration::from_hours(240)),
        };
        let (offline, online) = (key(seed), key(seed + 1));
        let set = KeySet::single(offline.public());
        let founding =
            Founding { root: &set, targets: &set, offline: &[&offline], online: &online, newcomers: false };
        registry.files.apply(&author::found(&founding, registry.moment(0)).expect("founded"));
        registry
    }

    fn moment(&self, second: i64) -> Moment {
        Moment { now: at(second), lifetimes: self.lifetimes }
    }

    pub fn root(&self) -> Vec<u8> {
        self.files.all().0["1.root.json"].clone()
    }

    pub fn source(&self) -> SourceId {
        SourceId::registry(&sha256(&self.root()))
    }

    /// Publishes a version after `change` was made to its description, and signs the registry anew.
    pub fn publish(
        &mut self,
        name: &str,
        version: &str,
        second: i64,
        change: impl FnOnce(&mut ReleaseCustom),
    ) {
        let name: PublishedName = name.parse().expect("name");
        let publisher = name.publisher.clone();
        let moment = self.moment(second);
        if !self.publishers.contains_key(publisher.as_str()) {
            let seed = 100 + u8::try_from(self.publishers.len()).expect("few publishers");
            let keys = KeySet::single(key(seed).public());
            let admission =
                author::admit(&self.files, (&publisher, &keys), Admission::First, &[&key(self.seed)], moment);
            self.files.apply(&admission.expect("admitted"));
            self.publishers.insert(publisher.to_string(), key(seed));
        }
        let version = Version::semver(version).expect("version");
        let archive = Archive { sha256: sha256(format!("{name} {version}").as_bytes()), size: 1000 };
        let manifest = muster_domain::ArtifactRef { sha256: Sha256([0; 32]), size: 0 };
        let mut description = ReleaseCustom::new(name, version, Kind(Kind::MOD.into()), manifest);
        description.published = Some(at(second));
        change(&mut description);
        let siblings = BTreeMap::from([(Sibling::Manifest, b"format: 1\n".to_vec())]);
        let publication = Publication { description, archive, siblings };
        let signer = &self.publishers[publisher.as_str()];
        let published = author::publish(&self.files, publication, &[signer], moment).expect("published");
        self.files.apply(&published.change);
        self.refresh(second);
    }

    /// Signs snapshot, timestamp and catalogue anew.
    pub fn refresh(&self, second: i64) {
        let refresh =
            author::refresh(&self.files, &key(self.seed + 1), self.moment(second)).expect("refreshed");
        self.files.apply(&refresh.change);
    }

    /// Changes what the registry features.
    pub fn feature(&self, second: i64, edit: impl FnOnce(&mut Vec<Pick>)) {
        let edit = |picks: &mut Vec<Pick>| {
            edit(picks);
            Ok(())
        };
        let featured = author::feature(&self.files, edit, &key(self.seed + 1), self.moment(second));
        self.files.apply(&featured.expect("featured").change);
    }

    /// Every file by its path under the registry's address.
    pub fn paths(&self) -> BTreeMap<String, Vec<u8>> {
        let (metadata, targets) = self.files.all();
        let metadata = metadata.into_iter().map(|(name, bytes)| (format!("metadata/{name}"), bytes));
        metadata.chain(targets.into_iter().map(|(name, bytes)| (format!("targets/{name}"), bytes))).collect()
    }

    pub fn write_to(&self, folder: &Path) {
        for (path, bytes) in self.paths() {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().expect("parent")).expect("folder");
            std::fs::write(path, bytes).expect("written");
        }
    }
}

/// How the host answers one path.
#[derive(Clone)]
pub enum Answer {
    Bytes(Vec<u8>),
    /// With an ETag; nothing is sent to those who have it.
    Tagged(String, Vec<u8>),
    /// With a date of its last change; nothing is sent to those who have that state.
    Dated(String, Vec<u8>),
    /// Asks to be left alone for so many seconds.
    Busy(u16, u64),
    /// Refuses, because all requests are used up; counts anew in so many seconds.
    UsedUp(u64),
    Status(u16),
    Redirect(String),
    /// Says a length and sends less.
    Truncated(usize),
    /// Says no length and never ends.
    Endless,
    /// One byte now and then.
    Drip(Duration),
    /// Accepts and says nothing.
    Silent,
}

/// A web host on loopback. Dropping it ends it.
pub struct Host {
    pub port: u16,
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    requests: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Host {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Host {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
        let port = listener.local_addr().expect("address").port();
        let answers: Arc<Mutex<BTreeMap<String, Answer>>> = Arc::default();
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (shared, log) = (answers.clone(), requests.clone());
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, shared.clone(), log.clone()));
            }
        });
        Self { port, answers, requests, task }
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    pub fn answer(&self, path: &str, answer: Answer) {
        self.answers.lock().expect("lock").insert(path.to_owned(), answer);
    }

    pub fn serve(&self, registry: &Registry) {
        let mut answers = self.answers.lock().expect("lock");
        answers.extend(registry.paths().into_iter().map(|(path, bytes)| (path, Answer::Bytes(bytes))));
    }

    /// Requests since the last call: head of each.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.requests.lock().expect("lock"))
    }
}

async fn serve(
    mut stream: TcpStream,
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    log: Arc<Mutex<Vec<String>>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or("/").trim_start_matches('/').to_owned();
    log.lock().expect("lock").push(head.clone());
    let answer = answers.lock().expect("lock").get(&path).cloned().unwrap_or(Answer::Status(404));
    let answer = match answer {
        Answer::Tagged(tag, _) | Answer::Dated(tag, _) if head.contains(&tag) => Answer::Status(304),
        other => other,
    };
    // The client may go away at any moment.
    let _ = respond(&mut stream, answer).await;
}

async fn respond(stream: &mut TcpStream, answer: Answer) -> std::io::Result<()> {
    let head = |status: u16, more: String| format!("HTTP/1.1 {status} x\r\nconnection: close\r\n{more}\r\n");
    match answer {
        Answer::Bytes(bytes) => {
            stream.write_all(head(200, format!("content-length: {}\r\n", bytes.len())).as_bytes()).await?;
            stream.write_all(&bytes).await
        }
        Answer::Tagged(tag, bytes) => {
            let more = format!("etag: {tag}\r\ncontent-length: {}\r\n", bytes.len());
            stream.write_all(head(200, more).as_bytes()).await?;
            stream.write_all(&bytes).await
        }
        Answer::Dated(date, bytes) => {
            let more = format!("last-modified: {date}\r\ncontent-length: {}\r\n", bytes.len());
            stream.write_all(head(200, more).as_bytes()).await?;
            stream.write_all(&bytes).await
        }
        Answer::Busy(status, seconds) => {
            let more = format!("retry-after: {seconds}\r\ncontent-length: 0\r\n");
            stream.write_all(head(status, more).as_bytes()).await
        }
        Answer::UsedUp(seconds) => {
            let more =
                format!("x-ratelimit-remaining: 0\r\nx-ratelimit-reset: {seconds}\r\ncontent-length: 0\r\n");
            stream.write_all(head(403, more).as_bytes()).await
        }
        Answer::Status(status) => {
            stream.write_all(head(status, "content-length: 0\r\n".into()).as_bytes()).await
        }
        Answer::Redirect(to) => {
            stream.write_all(head(302, format!("location: {to}\r\ncontent-length: 0\r\n")).as_bytes()).await
        }
        Answer::Truncated(said) => {
            stream.write_all(head(200, format!("content-length: {said}\r\n")).as_bytes()).await?;
            stream.write_all(b"short").await
        }
        Answer::Endless => {
            stream.write_all(head(200, String::new()).as_bytes()).await?;
            loop {
                stream.write_all(&[b'x'; 8192]).await?;
            }
        }
        Answer::Drip(pause) => {
            stream.write_all(head(200, "content-length: 1000\r\n".into()).as_bytes()).await?;
            loop {
                stream.write_all(b"x").await?;
                tokio::time::sleep(pause).await;
            }
        }
        Answer::Silent => std::future::pending().await,
    }
}
