//! Repositories made by git itself, and a host that serves them as forges do.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::Registry;

/// A repository with a working folder.
pub struct GitRepository {
    folder: TempDir,
}

impl GitRepository {
    pub fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().expect("temp dir") };
        std::fs::create_dir(repository.path()).expect("folder");
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    /// The working folder.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("mods.git")
    }

    /// What a host serves: the folder that the repository is in.
    pub fn parent(&self) -> &Path {
        self.folder.path()
    }

    /// Runs git without anything that this machine or its people configured.
    pub fn git(&self, arguments: &[&str]) -> String {
        let output = plain_git().current_dir(self.path()).args(arguments).output().expect("git runs");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Writes what a registry has into a folder and commits it.
    pub fn commit(&self, registry: &Registry, folder: &str) {
        registry.write_to(&self.path().join(folder));
        self.commit_all();
    }

    pub fn commit_all(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "a state"]);
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        let _ = std::fs::remove_file(&path);
        std::fs::write(path, bytes).expect("written");
    }

    pub fn address(&self) -> String {
        format!("git+file://{}", self.path().display())
    }
}

fn plain_git() -> Command {
    let mut command = Command::new("git");
    let empty = [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("HOME", "/nonexistent")];
    let person = [
        ("GIT_AUTHOR_NAME", "Ada"),
        ("GIT_AUTHOR_EMAIL", "ada@example.org"),
        ("GIT_COMMITTER_NAME", "Ada"),
        ("GIT_COMMITTER_EMAIL", "ada@example.org"),
    ];
    command.envs(empty).envs(person).stdin(Stdio::null());
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command
}

/// What the host does with the pack of a fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// Breaks off in the middle of a pack.
    Cuts,
    /// Sends the beginning of a pack, and nothing more.
    Stalls,
    /// Sends a pack slowly, in small pieces.
    Drips,
}

/// What was asked of a [`GitHost`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub greetings: usize,
    pub lists: usize,
    pub fetches: usize,
    /// Bytes of answers to fetches.
    pub bytes: usize,
    pub heads: Vec<String>,
}

/// Serves repositories on loopback with git's own program for that. Dropping it ends it.
pub struct GitHost {
    port: u16,
    state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
}

struct State {
    root: PathBuf,
    mood: Mood,
    asked: Asked,
    /// By the beginning of the path: whole answers in place of git's.
    answers: BTreeMap<String, String>,
}

impl Drop for GitHost {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl GitHost {
    pub async fn start(root: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
        let port = listener.local_addr().expect("address").port();
        let state = State {
            root: root.to_owned(),
            mood: Mood::Well,
            asked: Asked::default(),
            answers: BTreeMap::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let shared = state.clone();
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let shared = shared.clone();
                connections.spawn(async move {
                    // The client may go away at any moment.
                    let _ = serve(stream, shared).await;
                });
            }
        });
        Self { port, state, task }
    }

    pub fn address(&self) -> String {
        format!("git+http://127.0.0.1:{}/mods.git", self.port)
    }

    pub fn set_mood(&self, mood: Mood) {
        self.state.lock().expect("lock").mood = mood;
    }

    /// Answers what begins with this path by this head (and body) from now on.
    pub fn answer(&self, path: &str, answer: String) {
        self.state.lock().expect("lock").answers.insert(path.to_owned(), answer);
    }

    /// What was asked since the last call.
    pub fn take_asked(&self) -> Asked {
        std::mem::take(&mut self.state.lock().expect("lock").asked)
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")));
        line.and_then(|line| line.split_once(':'))
            .map_or_else(String::new, |(_, value)| value.trim().to_owned())
    };
    let mut words = head.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    stream.read_exact(&mut body).await?;
    let is_fetch = String::from_utf8_lossy(&body).contains("command=fetch");
    let (root, mood, answer) = {
        let mut state = state.lock().expect("lock");
        let asked = &mut state.asked;
        asked.heads.push(head.clone());
        match (method, is_fetch) {
            ("GET", _) => asked.greetings += 1,
            (_, true) => asked.fetches += 1,
            (_, false) => asked.lists += 1,
        }
        let answer = state.answers.iter().find(|(start, _)| path.starts_with(start.as_str()));
        (state.root.clone(), state.mood, answer.map(|(_, answer)| answer.clone()))
    };
    if let Some(answer) = answer {
        return stream.write_all(answer.as_bytes()).await;
    }
    let run = move |input: Vec<u8>, pairs: Vec<(&'static str, String)>| {
        let mut command = plain_git();
        command.arg("http-backend").envs(pairs).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("git runs");
        std::io::Write::write_all(&mut child.stdin.take().expect("input"), &input).expect("asked");
        child.wait_with_output().expect("answers").stdout
    };
    let pairs = vec![
        ("GIT_PROJECT_ROOT", root.display().to_string()),
        ("GIT_HTTP_EXPORT_ALL", "1".to_owned()),
        ("PATH_INFO", path.to_owned()),
        ("QUERY_STRING", query.to_owned()),
        ("REQUEST_METHOD", method.to_owned()),
        ("CONTENT_TYPE", header("content-type")),
        ("CONTENT_LENGTH", body.len().to_string()),
        ("GIT_PROTOCOL", header("git-protocol")),
        ("REMOTE_ADDR", "127.0.0.1".to_owned()),
    ];
    let said = tokio::task::spawn_blocking(move || run(body, pairs)).await.expect("ran");
    let end = said.windows(4).position(|window| window == b"\r\n\r\n").expect("a head") + 4;
    let (said_head, said_body) = said.split_at(end);
    let said_head = String::from_utf8_lossy(said_head).into_owned();
    let status =
        said_head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK").to_owned();
    let length = said_body.len();
    let reply = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{said_head}");
    stream.write_all(reply.as_bytes()).await?;
    if is_fetch {
        state.lock().expect("lock").asked.bytes += length;
    }
    if is_fetch && mood == Mood::Drips {
        for piece in said_body.chunks(8_192) {
            stream.write_all(piece).await?;
            stream.flush().await?;
            tokio::time::sleep(std::time::Duration::from_millis(40)).await;
        }
        return Ok(());
    }
    if is_fetch && mood != Mood::Well {
        stream.write_all(&said_body[..length * 2 / 3]).await?;
        stream.flush().await?;
        if mood == Mood::Stalls {
            std::future::pending::<()>().await;
        }
        return Ok(());
    }
    stream.write_all(said_body).await
}
