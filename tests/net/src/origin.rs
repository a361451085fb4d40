//! A web server for one file that keeps to HTTP/1.1 and ranges, or breaks them to order.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    ops::Range,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use muster_fsx::File;
use url::Url;

use crate::{content::Content, lab::Host};

pub const PORT: u16 = 80;
/// Longest request that is read.
const MAX_REQUEST: u64 = 16 * 1_024;
/// Written at a time.
const STEP: usize = 16 * 1_024;
/// How long a server that says nothing says nothing.
const SILENCE: Duration = Duration::from_secs(600);

/// What is wrong with a server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    Nothing,
    /// It cuts every connection after so many bytes in total and takes no new ones.
    Dies(u64),
    /// It flips a bit in every so many bytes.
    Lies(u64),
    /// It always sends the whole file.
    IgnoresRanges,
    /// It sends ten bytes every tenth of a second.
    Drips,
    /// It answers with this status.
    Status(u16),
    /// It says that the file is at this address.
    Redirects(SocketAddr),
    /// It takes the request and never answers.
    Silent,
    /// It sends its headers one byte a second.
    SlowHeaders,
}

/// A running server; it no longer answers once it is dropped.
#[derive(Debug)]
pub struct OriginServer {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    file: File,
    size: u64,
    fault: Mutex<Fault>,
    /// Bytes a second of all connections together.
    rate: Option<u64>,
    paid_until: Mutex<Instant>,
    sent: AtomicU64,
    requests: AtomicU64,
    has_ended: AtomicBool,
}

impl OriginServer {
    /// Serves a file on a host, at most so many bytes a second.
    ///
    /// # Errors
    /// If the port is taken or the file is not there.
    pub fn start(host: &Host, content: &Content, fault: Fault, rate: Option<u64>) -> Result<Self> {
        let listener = host.space.enter(|| TcpListener::bind(("0.0.0.0", PORT)))??;
        Self::serve(listener, host.at(PORT), content, (fault, rate))
    }

    /// Serves a file on a listener that others reach at an address.
    ///
    /// # Errors
    /// If the file is not there.
    pub fn serve(
        listener: TcpListener,
        address: SocketAddr,
        content: &Content,
        (fault, rate): (Fault, Option<u64>),
    ) -> Result<Self> {
        let shared = Arc::new(Shared {
            file: File::open_ambient(&content.file)?,
            size: content.archive.size,
            fault: Mutex::new(fault),
            rate,
            paid_until: Mutex::new(Instant::now()),
            sent: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            has_ended: AtomicBool::new(false),
        });
        let server = Self { address, shared: shared.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.is_dead() {
                    return;
                }
                let shared = shared.clone();
                std::thread::spawn(move || {
                    // A visitor that goes away is not this server's trouble.
                    let _ = shared.converse(&stream);
                });
            }
        });
        Ok(server)
    }

    /// Address of the file.
    ///
    /// # Errors
    /// None that can happen.
    pub fn url(&self) -> Result<Url> {
        Ok(Url::parse(&format!("http://{}/archive", self.address))?)
    }

    /// Bytes of the file that were sent so far.
    pub fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::Relaxed)
    }

    /// Requests that were answered or not answered so far.
    pub fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// From now on this is wrong with it.
    pub fn fail(&self, fault: Fault) {
        *self.shared.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }
}

impl Drop for OriginServer {
    fn drop(&mut self) {
        self.shared.has_ended.store(true, Ordering::Relaxed);
        // Wakes whoever waits for visitors; from elsewhere this may not reach it, then the host's end does.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(1));
    }
}

impl Shared {
    fn fault(&self) -> Fault {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_dead(&self) -> bool {
        let has_died =
            matches!(self.fault(), Fault::Dies(after) if self.sent.load(Ordering::Relaxed) >= after);
        has_died || self.has_ended.load(Ordering::Relaxed)
    }

    /// Answers requests on one connection until it is closed.
    fn converse(&self, stream: &TcpStream) -> Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        stream.set_nodelay(true)?;
        let mut input = BufReader::new(stream);
        while let Some(range) = read_request(&mut input)? {
            self.requests.fetch_add(1, Ordering::Relaxed);
            if self.is_dead() {
                return Ok(());
            }
            self.answer(stream, range)?;
        }
        Ok(())
    }

    fn answer(&self, mut out: &TcpStream, asked: Option<(u64, Option<u64>)>) -> Result<()> {
        let fault = self.fault();
        let asked = asked.filter(|_| fault != Fault::IgnoresRanges);
        let range = match asked {
            Some((from, last)) => {
                from.min(self.size)..last.map_or(self.size, |last| (last + 1).min(self.size))
            }
            None => 0..self.size,
        };
        let status = match (fault, asked) {
            (Fault::Status(status), _) => format!("{status} No"),
            (Fault::Redirects(to), _) => format!("302 There\r\nLocation: http://{to}/archive"),
            (_, Some(_)) => {
                format!("206 Part\r\nContent-Range: bytes {}-{}/{}", range.start, range.end - 1, self.size)
            }
            (_, None) => "200 OK".to_owned(),
        };
        let is_refusal = matches!(fault, Fault::Status(_) | Fault::Redirects(_));
        let length = if is_refusal { 0 } else { range.end.saturating_sub(range.start) };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nAccept-Ranges: bytes\r\nETag: \"lab\"\r\n\r\n"
        );
        match fault {
            Fault::Silent => std::thread::sleep(SILENCE),
            Fault::SlowHeaders => {
                for byte in head.as_bytes() {
                    out.write_all(&[*byte])?;
                    std::thread::sleep(Duration::from_secs(1));
                }
            }
            _ => out.write_all(head.as_bytes())?,
        }
        if is_refusal { Ok(()) } else { self.send(out, range) }
    }

    fn send(&self, mut out: &TcpStream, range: Range<u64>) -> Result<()> {
        let step = if self.fault() == Fault::Drips { 10 } else { STEP };
        let mut part = vec![0; step];
        let mut offset = range.start;
        while offset < range.end {
            let fault = self.fault();
            anyhow::ensure!(!self.is_dead(), "the server has died");
            let part = &mut part[..(range.end - offset).min(step as u64) as usize];
            self.file.read_exact_at(part, offset)?;
            if let Fault::Lies(every) = fault {
                lie(part, offset, every);
            }
            if fault == Fault::Drips {
                std::thread::sleep(Duration::from_millis(100));
            }
            self.pay(part.len() as u64);
            // Before it can be seen, so that whoever has it finds it counted.
            self.sent.fetch_add(part.len() as u64, Ordering::Relaxed);
            out.write_all(part)?;
            offset += part.len() as u64;
        }
        Ok(())
    }

    fn pay(&self, bytes: u64) {
        let Some(rate) = self.rate else { return };
        let until = {
            let mut paid_until = self.paid_until.lock().unwrap_or_else(PoisonError::into_inner);
            *paid_until =
                (*paid_until).max(Instant::now()) + Duration::from_secs_f64(bytes as f64 / rate as f64);
            *paid_until
        };
        std::thread::sleep(until.saturating_duration_since(Instant::now()));
    }
}

/// Flips a bit at every multiple of `every`, wherever the part begins.
fn lie(part: &mut [u8], offset: u64, every: u64) {
    let first = offset.next_multiple_of(every.max(1)) - offset;
    let places = (first..part.len() as u64).step_by(every.max(1) as usize);
    places.for_each(|place| part[place as usize] ^= 1);
}

/// The range that is asked for, if one is; the outer `None` is the end of the connection.
type Asked = Option<Option<(u64, Option<u64>)>>;

fn read_request(input: &mut BufReader<&TcpStream>) -> Result<Asked> {
    let mut lines = input.by_ref().take(MAX_REQUEST).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(None) };
    anyhow::ensure!(first.starts_with("GET "), "only GET is answered");
    let mut range = None;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            return Ok(Some(range));
        }
        if let Some((from, last)) = line.strip_prefix("range: bytes=").and_then(|range| range.split_once('-'))
        {
            range = from.parse().ok().map(|from| (from, last.trim().parse().ok()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_liar_lies_at_the_same_places_whatever_is_asked_for() {
        let mut whole = vec![0; 100];
        lie(&mut whole, 0, 7);
        for (from, to) in [(0, 100), (1, 8), (7, 8), (13, 60), (99, 100)] {
            let mut part = vec![0; to - from];
            lie(&mut part, from as u64, 7);
            assert_eq!(part, whole[from..to], "{from}..{to}");
        }
        assert_eq!(whole.iter().filter(|byte| **byte == 1).count(), 15);
    }

    #[test]
    fn ranges_are_served_and_the_connection_is_used_again() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let content = Content::make(folder.path(), 100_000, 3)?;
        let bytes = content.bytes()?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let server = OriginServer::serve(listener, address, &content, (Fault::Nothing, None))?;
        let mut stream = TcpStream::connect(address)?;
        for (range, expected) in [("10-19", &bytes[10..20]), ("99990-", &bytes[99_990..])] {
            write!(stream, "GET /archive HTTP/1.1\r\nHost: a\r\nRange: bytes={range}\r\n\r\n")?;
            let mut answer = Vec::new();
            while !answer.ends_with(expected) {
                let mut byte = [0];
                stream.read_exact(&mut byte)?;
                answer.extend(byte);
            }
            assert!(answer.starts_with(b"HTTP/1.1 206 "));
        }
        assert_eq!((server.sent(), server.requests()), (20, 2));
        Ok(())
    }
}
