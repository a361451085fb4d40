//! A web server for a folder, with everything that real ones do to their visitors.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
    net::{Shutdown, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

/// How requests are answered. Parts are looked for in the path; a part that starts with `*` must end it.
#[derive(Default)]
struct Manners {
    refused: Vec<String>,
    stalled: Vec<String>,
    /// Bytes per second of one connection.
    rate: Option<u64>,
    served: Vec<(String, u64)>,
}

/// Serves a folder on the loopback address until it is dropped.
pub struct Server {
    address: String,
    manners: Arc<Mutex<Manners>>,
}

impl Server {
    /// Starts serving.
    pub fn start(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}/", listener.local_addr().expect("an address"));
        let manners = Arc::new(Mutex::new(Manners::default()));
        let (folder, shared) = (folder.to_owned(), Arc::downgrade(&manners));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(manners) = shared.upgrade() else { return };
                let folder = folder.clone();
                // A visitor that goes away is not this server's trouble.
                std::thread::spawn(move || {
                    let _ = answer(&stream, &folder, &manners);
                    let _ = stream.shutdown(Shutdown::Both);
                });
            }
        });
        Self { address, manners }
    }

    /// Address of the folder.
    pub fn address(&self) -> &str {
        &self.address
    }

    fn manners(&self) -> MutexGuard<'_, Manners> {
        self.manners.lock().expect("no answer panics")
    }

    /// Answers 503 to paths with this part.
    pub fn refuse(&self, part: &str) {
        self.manners().refused.push(part.to_owned());
    }

    /// Takes requests for paths with this part, and says nothing until [`Server::calm`].
    pub fn stall(&self, part: &str) {
        self.manners().stalled.push(part.to_owned());
    }

    /// Gives each connection this many bytes a second.
    pub fn slow(&self, rate: u64) {
        self.manners().rate = Some(rate);
    }

    /// Answers everything again, at once.
    pub fn calm(&self) {
        let mut manners = self.manners();
        (manners.refused, manners.stalled, manners.rate) = (Vec::new(), Vec::new(), None);
    }

    /// Bytes that were sent of paths with this part.
    pub fn sent(&self, part: &str) -> u64 {
        self.manners().served.iter().filter(|(path, _)| fits(path, part)).map(|(_, bytes)| bytes).sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.calm();
    }
}

fn fits(path: &str, part: &str) -> bool {
    match part.strip_prefix('*') {
        Some(end) => path.ends_with(end),
        None => path.contains(part),
    }
}

fn answer(stream: &TcpStream, folder: &Path, manners: &Mutex<Manners>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let Some((path, range)) = request(stream)? else { return Ok(()) };
    let (mut out, is) = (stream, |list: &[String]| list.iter().any(|part| fits(&path, part)));
    while is(&manners.lock().expect("no answer panics").stalled) {
        std::thread::sleep(Duration::from_millis(10));
    }
    if is(&manners.lock().expect("no answer panics").refused) {
        return out.write_all(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
    let Some(mut file) = open(folder, &path) else {
        return out.write_all(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    };
    let size = file.metadata()?.len();
    let (from, to) =
        range.map_or((0, size), |(from, to)| (from.min(size), to.map_or(size, |to| (to + 1).min(size))));
    let length = to.saturating_sub(from);
    let status = match range {
        Some(_) => format!("206 Part\r\nContent-Range: bytes {from}-{}/{size}", to.saturating_sub(1)),
        None => "200 OK".to_owned(),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nAccept-Ranges: bytes\r\nConnection: close\r\n\r\n"
    );
    out.write_all(head.as_bytes())?;
    file.seek(SeekFrom::Start(from))?;
    send(out, file.take(length), &path, manners)
}

/// Method and headers of a request; `None` for what is none.
type Wanted = (String, Option<(u64, Option<u64>)>);

fn request(stream: &TcpStream) -> std::io::Result<Option<Wanted>> {
    let mut reader = BufReader::new(stream);
    let mut lines = reader.by_ref().lines();
    let Some(first) = lines.next().transpose()? else { return Ok(None) };
    let asked = first.strip_prefix("GET ").or_else(|| first.strip_prefix("POST "));
    let Some(path) = asked.and_then(|rest| rest.split(' ').next()) else {
        return Ok(None);
    };
    let (mut range, mut length) = (None, 0);
    for line in lines.by_ref() {
        let line = line?.to_ascii_lowercase();
        if let Some(said) = line.strip_prefix("content-length: ") {
            length = said.parse().unwrap_or(0);
        }
        if line.is_empty() {
            break;
        }
        if let Some((from, to)) = line.strip_prefix("range: bytes=").and_then(|range| range.split_once('-')) {
            range = from.parse().ok().map(|from| (from, to.parse().ok()));
        }
    }
    // What is sent along is read, or the answer would be lost with it.
    std::io::copy(&mut reader.take(length), &mut std::io::sink())?;
    Ok(Some((path.to_owned(), range)))
}

/// Services answer below addresses that end in a slash; what they would say lies in the file `index` there. Questions
/// behind the address change nothing.
fn open(folder: &Path, path: &str) -> Option<File> {
    let path = path.split('?').next()?.trim_start_matches('/');
    let path = &if path.ends_with('/') { format!("{path}index") } else { path.to_owned() };
    let safe = path.split('/').all(|part| !part.is_empty() && part != ".." && !part.contains('%'));
    let mut path: PathBuf = folder.join(path);
    // An answer that has others below it.
    if path.is_dir() {
        path.push("index");
    }
    (safe && path.is_file()).then(|| File::open(path).ok())?
}

fn send(
    mut out: &TcpStream,
    mut file: impl Read,
    path: &str,
    manners: &Mutex<Manners>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let rate = manners.lock().expect("no answer panics").rate;
        let most = rate.map_or(buffer.len(), |rate| (rate as usize / 20).clamp(1, buffer.len()));
        let count = file.read(&mut buffer[..most])?;
        if count == 0 {
            return Ok(());
        }
        out.write_all(&buffer[..count])?;
        manners.lock().expect("no answer panics").served.push((path.to_owned(), count as u64));
        if rate.is_some() {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
