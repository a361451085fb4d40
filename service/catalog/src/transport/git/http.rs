//! What git's protocol asks over HTTP, through the same guarded client as everything else: the same limits of time, the
//! same judgement of redirects and addresses, no credentials.

use std::{
    any::Any,
    io::{self, BufRead, Read, Write},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::{Buf as _, Bytes};
use gix::error::ResultExt as _;
use gix_transport::client::blocking_io::http::{GetResponse, Http, PostBodyDataKind, PostResponse};
use reqwest::{
    Response,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
};
use tokio::{runtime::Handle, time::Instant};
use url::Url;

use super::budget::Budget;
use crate::transport::{
    FetchError, HttpTransport,
    http::{Asking, host_of},
};

/// Forges tell programs from browsers by how this begins.
const AGENT: &str = concat!("git/2.0 (Muster/", env!("CARGO_PKG_VERSION"), ")");
/// Longest question, in bytes: a wish and what is known.
const MAX_QUESTION: usize = 64 * 1024;

/// The way to one repository, for the length of one fetch.
#[derive(Clone)]
pub(super) struct Link {
    pub http: Arc<HttpTransport>,
    pub runtime: Handle,
    pub budget: Arc<Budget>,
}

impl Link {
    /// Waits, but not longer than the fetch may last.
    fn wait<T>(
        &self,
        host: &str,
        work: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<T, FetchError> {
        let timeout = || FetchError::Timeout { host: host.to_owned() };
        let until = self.budget.deadline.min(Instant::now() + self.budget.limits.idle);
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = self.budget.ended() => Err(timeout()),
                done = tokio::time::timeout_at(until, work) => done.unwrap_or_else(|_| Err(timeout())),
            }
        })
    }

    fn ask(&self, url: Url, headers: HeaderMap, body: Option<Vec<u8>>) -> Result<Response, FetchError> {
        let host = host_of(&url);
        let asking = Asking { headers, body, ..Asking::default() };
        self.wait(&host, self.http.open(url, &asking, self.budget.deadline))
    }

    fn next_piece(&self, response: &mut Response) -> Result<Option<Bytes>, FetchError> {
        let host = host_of(response.url());
        let piece = self.wait(&host, HttpTransport::next_piece(response))?;
        match piece.as_ref().is_none_or(|piece| self.budget.take(piece.len() as u64)) {
            true => Ok(piece),
            false => Err(FetchError::TooLong { file: host, limit: self.budget.limits.bytes }),
        }
    }
}

/// [`Http`] of the libraries.
pub(super) struct GitHttp {
    link: Link,
    /// Where the host says that the repository is now.
    moved: Option<String>,
}

impl GitHttp {
    pub fn new(link: Link) -> Self {
        Self { link, moved: None }
    }
}

/// A question, until it is asked, and its answer.
enum Stage {
    Asking { url: Url, headers: HeaderMap, body: Vec<u8> },
    Answered(Box<Response>),
    Over,
}

struct Exchange {
    link: Link,
    stage: Stage,
}

impl Exchange {
    /// The answer; asks, if that was not done yet.
    fn answer(&mut self) -> io::Result<&mut Response> {
        if let Stage::Asking { .. } = self.stage
            && let Stage::Asking { url, headers, body } = std::mem::replace(&mut self.stage, Stage::Over)
        {
            let asked = self.link.ask(url, headers, Some(body));
            let response = asked.map_err(|error| self.link.budget.fail(error))?;
            self.stage = Stage::Answered(Box::new(response));
        }
        match &mut self.stage {
            Stage::Answered(response) => Ok(response),
            Stage::Asking { .. } | Stage::Over => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    fn next_piece(&mut self) -> io::Result<Option<Bytes>> {
        if let Stage::Over = self.stage {
            return Ok(None);
        }
        let link = self.link.clone();
        let piece = link.next_piece(self.answer()?).map_err(|error| link.budget.fail(error));
        if !matches!(piece, Ok(Some(_))) {
            self.stage = Stage::Over;
        }
        piece
    }
}

type Shared = Arc<Mutex<Exchange>>;

fn locked(exchange: &Shared) -> std::sync::MutexGuard<'_, Exchange> {
    exchange.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The headers of an answer that count, line by line.
pub(super) struct Head {
    exchange: Shared,
    lines: Option<io::Cursor<Vec<u8>>>,
}

/// The bytes of an answer.
pub(super) struct Body {
    exchange: Shared,
    piece: Bytes,
}

/// The bytes of a question; it is asked when the answer is looked at.
pub(super) struct Question(Shared);

impl BufRead for Head {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.lines.is_none() {
            let mut exchange = locked(&self.exchange);
            let kind = exchange.answer()?.headers().get(CONTENT_TYPE);
            let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
            self.lines = Some(io::Cursor::new(format!("content-type: {kind}\n").into_bytes()));
        }
        self.lines.as_mut().map_or(Ok(&[][..]), |lines| lines.fill_buf())
    }

    fn consume(&mut self, amount: usize) {
        if let Some(lines) = &mut self.lines {
            lines.consume(amount);
        }
    }
}

impl BufRead for Body {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.piece.is_empty() {
            match locked(&self.exchange).next_piece()? {
                Some(piece) => self.piece = piece,
                None => break,
            }
        }
        Ok(&self.piece)
    }

    fn consume(&mut self, amount: usize) {
        self.piece.advance(amount.min(self.piece.len()));
    }
}

fn read_buffered(reader: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
    let available = reader.fill_buf()?;
    let count = available.len().min(buffer.len());
    buffer[..count].copy_from_slice(&available[..count]);
    reader.consume(count);
    Ok(count)
}

impl Read for Head {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, buffer)
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, buffer)
    }
}

impl Write for Question {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut locked(&self.0).stage {
            Stage::Asking { body, .. } if body.len() + bytes.len() <= MAX_QUESTION => {
                body.extend_from_slice(bytes);
                Ok(bytes.len())
            }
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Http for GitHttp {
    type Headers = Head;
    type ResponseBody = Body;
    type PostBody = Question;

    fn get(
        &mut self,
        url: &str,
        base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> gix::Result<GetResponse<Head, Body>> {
        let asked = self.link.ask(self.parse(url)?, said(headers), None);
        let response = asked.map_err(|error| self.link.budget.fail(error)).or_error()?;
        // The questions that follow go to where this one was answered.
        let tail = url.strip_prefix(base_url).unwrap_or_default();
        self.moved =
            response.url().as_str().strip_suffix(tail).filter(|_| !tail.is_empty()).map(str::to_owned);
        let stage = Stage::Answered(Box::new(response));
        let exchange = Arc::new(Mutex::new(Exchange { link: self.link.clone(), stage }));
        Ok(GetResponse {
            headers: Head { exchange: exchange.clone(), lines: None },
            body: Body { exchange, piece: Bytes::new() },
        })
    }

    fn post(
        &mut self,
        url: &str,
        _base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
        _body: PostBodyDataKind,
    ) -> gix::Result<PostResponse<Head, Body, Question>> {
        let stage = Stage::Asking { url: self.parse(url)?, headers: said(headers), body: Vec::new() };
        let exchange = Arc::new(Mutex::new(Exchange { link: self.link.clone(), stage }));
        Ok(PostResponse {
            post_body: Question(exchange.clone()),
            headers: Head { exchange: exchange.clone(), lines: None },
            body: Body { exchange, piece: Bytes::new() },
        })
    }

    /// Nothing of a configuration reaches here.
    fn configure(&mut self, _config: &dyn Any) -> gix::Result {
        Ok(())
    }

    fn redirected_base_url(&self) -> Option<String> {
        self.moved.clone()
    }
}

impl GitHttp {
    fn parse(&self, url: &str) -> gix::Result<Url> {
        let refused = |_| self.link.budget.fail(FetchError::RefusedName { file: url.to_owned() });
        Url::parse(url).map_err(refused).or_error()
    }
}

/// Lines of headers, with our own name in place of the libraries'.
fn said(lines: impl IntoIterator<Item = impl AsRef<str>>) -> HeaderMap {
    let read = |line: &str| -> Option<(HeaderName, HeaderValue)> {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().parse().ok()?, value.trim().parse().ok()?))
    };
    let mut headers: HeaderMap = lines.into_iter().filter_map(|line| read(line.as_ref())).collect();
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    headers
}
