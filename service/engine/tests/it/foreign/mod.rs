//! A web host that keeps the archives of another service, and the archives.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

/// A plain ZIP with stored files and a comment, as code hosts pack them.
pub fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    let long = |number: usize| u32::try_from(number).expect("small").to_le_bytes();
    let short = |number: usize| u16::try_from(number).expect("small").to_le_bytes();
    for (name, text) in files {
        let mut common = [20u16, 0, 0, 0, 0x21].map(u16::to_le_bytes).concat();
        common.extend(crc32fast::hash(text.as_bytes()).to_le_bytes());
        common.extend([long(text.len()), long(text.len())].concat());
        common.extend(short(name.len()));
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend([0; 8]);
        directory.extend((0o100_644_u32 << 16).to_le_bytes());
        directory.extend(long(out.len()));
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend([0; 2]);
        out.extend(name.as_bytes());
        out.extend(text.as_bytes());
    }
    let start = out.len();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([short(files.len()), short(files.len())].concat());
    out.extend([long(directory.len()), long(start)].concat());
    out.extend(short(8));
    out.extend(b"8f3c0e5d");
    out
}

/// A host, what it hands out (by path in small letters), and how many bytes of it were sent.
pub struct Hosted {
    pub port: u16,
    pub files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    pub sent: Arc<AtomicU64>,
}

/// Hands out files by path, whole or in ranges, as long as the test runs.
pub fn host() -> Hosted {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (files, sent) = (Arc::<Mutex<BTreeMap<_, _>>>::default(), Arc::<AtomicU64>::default());
    let (shared, count) = (files.clone(), sent.clone());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (files, sent) = (shared.clone(), count.clone());
            std::thread::spawn(move || serve(stream, &files, &sent));
        }
    });
    Hosted { port, files, sent }
}

fn serve(mut stream: std::net::TcpStream, files: &Mutex<BTreeMap<String, Vec<u8>>>, sent: &AtomicU64) {
    loop {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read(&mut byte) {
                Ok(1) => head.push(byte[0]),
                _ => return,
            }
        }
        let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let path = head.split(' ').nth(1).unwrap_or_default();
        let file = files.lock().expect("lock").get(path).cloned();
        let answer = match file {
            None => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
            Some(bytes) => found(&head, &bytes),
        };
        sent.fetch_add(answer.len() as u64, Ordering::Relaxed);
        if stream.write_all(&answer).is_err() {
            return;
        }
    }
}

fn found(head: &str, bytes: &[u8]) -> Vec<u8> {
    let range = head.split("range: bytes=").nth(1).and_then(|rest| rest.split("\r\n").next());
    let range = range.and_then(|range| range.split_once('-'));
    let (status, part) = match range {
        Some((from, to)) => {
            let from: usize = from.parse().expect("a number");
            let to = to.parse::<usize>().map_or(bytes.len(), |to| (to + 1).min(bytes.len()));
            (
                format!("206 Partial Content\r\nContent-Range: bytes {from}-{}/{}", to - 1, bytes.len()),
                &bytes[from..to],
            )
        }
        None => ("200 OK".to_owned(), bytes),
    };
    let mut answer =
        format!("HTTP/1.1 {status}\r\nAccept-Ranges: bytes\r\nContent-Length: {}\r\n\r\n", part.len())
            .into_bytes();
    if !head.starts_with("head ") {
        answer.extend(part);
    }
    answer
}

/// Every file below a folder with its text.
pub fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(tree(&path)),
            path => drop(found.insert(path.clone(), fs::read(&path).expect("a file"))),
        }
    }
    found
}
