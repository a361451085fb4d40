//! A web server for one folder on the loopback address: ranges, also several in one request, and a count of what was
//! sent of bodies.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    ops::Range,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Serves until the program ends.
pub struct Server {
    address: String,
    sent: Arc<AtomicU64>,
}

impl Server {
    pub fn start(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let sent = Arc::new(AtomicU64::new(0));
        let (folder, counted) = (folder.to_owned(), sent.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, counted) = (folder.clone(), counted.clone());
                std::thread::spawn(move || {
                    // Else the kernel waits 40 ms between a head and a short body.
                    let _ = stream.set_nodelay(true);
                    // Requests may be sent ahead: what was read of the next one stays in the reader.
                    let mut reader = BufReader::new(&stream);
                    while let Ok(true) = answer(&mut reader, &folder, &counted) {}
                });
            }
        });
        Self { address, sent }
    }

    pub fn url(&self, name: &str) -> String {
        format!("{}{name}", self.address)
    }

    /// Bytes of bodies since the last reset.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }

    pub fn reset(&self) {
        self.sent.store(0, Ordering::SeqCst);
    }
}

/// Answers one request; `false` at the end of the connection, which the answer to one without a range is.
fn answer(reader: &mut BufReader<&TcpStream>, folder: &Path, sent: &AtomicU64) -> std::io::Result<bool> {
    let mut stream = *reader.get_ref();
    let mut lines = reader.lines();
    let Some(first) = lines.next().transpose()? else { return Ok(false) };
    let mut wanted = None;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        wanted = line.strip_prefix("range: bytes=").map(str::to_owned).or(wanted);
    }
    let name = first.split(' ').nth(1).unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
    let Ok(bytes) = fs::read(PathBuf::from(folder).join(name)) else {
        stream.write_all(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")?;
        return Ok(true);
    };
    let ranges = wanted
        .map(|wanted| wanted.split(',').filter_map(|part| range(part, bytes.len())).collect::<Vec<_>>());
    let (status, kind, body) = match ranges.as_deref() {
        None => ("200 OK".to_owned(), "application/octet-stream", bytes.clone()),
        Some([one]) => {
            let status =
                format!("206 Part\r\nContent-Range: bytes {}-{}/{}", one.start, one.end - 1, bytes.len());
            (status, "application/octet-stream", bytes[one.clone()].to_vec())
        }
        Some(several) => {
            ("206 Part".to_owned(), "multipart/byteranges; boundary=PART", multipart(several, &bytes))
        }
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nAccept-Ranges: bytes\r\n{}\r\n",
        body.len(),
        if ranges.is_none() { "Connection: close\r\n" } else { "" }
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)?;
    let is_last = ranges.is_none();
    sent.fetch_add(body.len() as u64, Ordering::SeqCst);
    Ok(!is_last)
}

fn range(text: &str, size: usize) -> Option<Range<usize>> {
    let (from, to) = text.trim().split_once('-')?;
    let from: usize = from.parse().ok()?;
    // An end behind that of the file means the end of the file (RFC 9110, 14.1.2).
    let end = if to.is_empty() { size } else { (to.parse::<usize>().ok()? + 1).min(size) };
    (from < end).then_some(from..end)
}

fn multipart(ranges: &[Range<usize>], bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for range in ranges {
        let head = format!(
            "\r\n--PART\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes {}-{}/{}\r\n\r\n",
            range.start,
            range.end - 1,
            bytes.len()
        );
        body.extend(head.as_bytes());
        body.extend(&bytes[range.clone()]);
    }
    body.extend(b"\r\n--PART--\r\n");
    body
}
