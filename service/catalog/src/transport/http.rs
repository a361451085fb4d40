//! A registry on a web host.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use muster_registry::{Fetched, Repository, TransportError};
use reqwest::{
    Client, RequestBuilder, Response, StatusCode,
    header::{
        CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
        RETRY_AFTER,
    },
    redirect::Policy,
};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::{
    FetchError, Fresh, Obstacle,
    guard::{Guard, GuardedNames},
    is_inside,
    keys::Shown,
};
use crate::{Error, Result};

const USER_AGENT: &str = concat!("Muster/", env!("CARGO_PKG_VERSION"));
const MAX_REDIRECTS: usize = 5;
/// Seconds that a host is left alone which asks for it and does not say how long, and at most.
const LEFT_ALONE: u64 = 60;
const LONGEST_LEFT_ALONE: u64 = 24 * 3600;
/// Longest ETag that is kept, in bytes.
const MAX_TAG: usize = 256;
/// Begins a mark that is a date.
const DATE_MARK: &str = "date ";

/// How long one fetch may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpTimes {
    /// Until connected.
    pub connect: Duration,
    /// Without a byte.
    pub idle: Duration,
    /// In all, for a small file.
    pub total: Duration,
    /// Bytes a second that a larger file must come with at least; added to `total`.
    pub slowest: u64,
}

impl Default for HttpTimes {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(15),
            total: Duration::from_secs(30),
            slowest: 20_000,
        }
    }
}

impl HttpTimes {
    /// The end of a fetch whose answer says (or is allowed) so many bytes.
    fn whole(&self, bytes: u64) -> Duration {
        self.total + Duration::from_secs(bytes / self.slowest.max(1))
    }
}

/// What is said besides an address in asking for a file.
#[derive(Default)]
pub(crate) struct Asking<'a> {
    /// Of the file that is here: it is not sent again.
    pub mark: Option<&'a str>,
    /// Who asks, for the source's own host only.
    pub key: Option<&'a Shown>,
    /// Whether the service takes keys at all.
    pub takes_key: bool,
    /// What is sent along: JSON, unless the headers say otherwise.
    pub body: Option<Vec<u8>>,
    /// Further headers; they come before those that are usual.
    pub headers: HeaderMap,
}

/// Fetches `metadata/…` and `targets/…` below a web address.
pub struct HttpTransport {
    client: Client,
    metadata: Url,
    targets: Url,
    guard: Arc<Guard>,
    times: HttpTimes,
}

impl HttpTransport {
    /// `base` is the registry's address and ends in a slash.
    pub fn new(base: Url, times: HttpTimes) -> Result<Self> {
        let refuse = |why| Error::Address { address: base.to_string(), why };
        let metadata = base.join("metadata/").map_err(|_| refuse("nothing can lie below it"))?;
        let targets = base.join("targets/").map_err(|_| refuse("nothing can lie below it"))?;
        Self::with_bases(metadata, targets, times)
    }

    /// Metadata and targets below addresses of their own; redirects are judged by the metadata's.
    pub fn with_bases(metadata: Url, targets: Url, times: HttpTimes) -> Result<Self> {
        let guard = Guard::new(metadata.clone());
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(times.connect)
            .pool_max_idle_per_host(4)
            .dns_resolver(Arc::new(GuardedNames(guard.clone())));
        if guard.is_loopback() {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|_| Error::Address { address: metadata.to_string(), why: "no HTTP client for it" })?;
        Ok(Self { client, metadata, targets, guard, times })
    }

    async fn fetch(&self, base: &Url, name: &str, max_length: u64) -> Result<Fetched, FetchError> {
        let refused = || FetchError::RefusedName { file: name.to_owned() };
        if !is_inside(name) {
            return Err(refused());
        }
        let url = base.join(name).map_err(|_| refused())?;
        let started = Instant::now();
        let response = self.follow(url, &Asking::default(), started + self.times.total).await?;
        let host = host_of(response.url());
        match response.status() {
            StatusCode::OK => {}
            // Static hosts answer 403 for what is not there where listing is not allowed (S3).
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => return Ok(Fetched::NotFound),
            status => return Err(FetchError::ServerError { host, status: status.as_u16() }),
        }
        if response.content_length().is_some_and(|length| length > max_length) {
            return Err(FetchError::TooLong { file: name.to_owned(), limit: max_length });
        }
        let expected = response.content_length().unwrap_or(max_length);
        self.read_body(response, name, max_length, started + self.times.whole(expected))
            .await
            .map(Fetched::Found)
    }

    /// Fetches one file whole, unless it still is the one that `mark` (its ETag or date, RFC 9110 §8.8) is of. Also one
    /// that another file names: where it may lie is judged as if that had been a redirect.
    pub(crate) async fn fetch_changed(
        &self,
        url: Url,
        mark: Option<&str>,
        max_length: u64,
    ) -> Result<Fresh, FetchError> {
        self.ask(url, &Asking { mark, ..Asking::default() }, max_length).await
    }

    /// The same with what else is said in asking.
    pub(crate) async fn ask(
        &self,
        url: Url,
        asking: &Asking<'_>,
        max_length: u64,
    ) -> Result<Fresh, FetchError> {
        let (name, started) = (url.to_string(), Instant::now());
        if let Some(why) = self.guard.refusal(&self.metadata, &url) {
            return Err(FetchError::RedirectRefused { host: host_of(&url), why });
        }
        let response = self.follow(url, asking, started + self.times.total).await?;
        let host = host_of(response.url());
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED if asking.mark.is_some() => return Ok(Fresh::Same),
            StatusCode::UNAUTHORIZED if asking.takes_key && self.is_own(response.url()) => {
                return Err(match asking.key {
                    Some(_) => FetchError::KeyRefused { host },
                    None => FetchError::NeedsKey { host },
                });
            }
            status => return Err(refused(host, status, &response)),
        }
        if response.content_length().is_some_and(|length| length > max_length) {
            return Err(FetchError::TooLong { file: name, limit: max_length });
        }
        let mark = mark_of(&response);
        let expected = response.content_length().unwrap_or(max_length);
        let bytes = self.read_body(response, &name, max_length, started + self.times.whole(expected)).await?;
        Ok(Fresh::New { bytes, mark })
    }

    /// Asks, and gives the answer once it begins: what comes is the caller's to bound.
    pub(super) async fn open(
        &self,
        url: Url,
        asking: &Asking<'_>,
        deadline: Instant,
    ) -> Result<Response, FetchError> {
        if let Some(why) = self.guard.refusal(&self.metadata, &url) {
            return Err(FetchError::RedirectRefused { host: host_of(&url), why });
        }
        let response = self.follow(url, asking, deadline).await?;
        match response.status() {
            StatusCode::OK => Ok(response),
            status => Err(refused(host_of(response.url()), status, &response)),
        }
    }

    /// What comes next of an answer; `None` at its end.
    pub(super) async fn next_piece(response: &mut Response) -> Result<Option<Bytes>, FetchError> {
        let piece = response.chunk().await;
        piece.map_err(|error| failed(host_of(response.url()), &error))
    }

    /// Asks, following redirects that the guard allows.
    async fn follow(
        &self,
        mut url: Url,
        asking: &Asking<'_>,
        deadline: Instant,
    ) -> Result<Response, FetchError> {
        for _ in 0..=MAX_REDIRECTS {
            let host = host_of(&url);
            let request = self.request(&url, asking);
            let asked = timeout_at(deadline, request.send()).await;
            let response = match asked {
                Err(_) => return Err(FetchError::Timeout { host }),
                Ok(Err(error)) => return Err(failed(host, &error)),
                Ok(Ok(response)) => response,
            };
            if !response.status().is_redirection() || response.status() == StatusCode::NOT_MODIFIED {
                return Ok(response);
            }
            let refuse = |why| FetchError::RedirectRefused { host: host.clone(), why };
            let target = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            let target = target.ok_or_else(|| refuse("no address"))?;
            let target = url.join(target).map_err(|_| refuse("not an address"))?;
            if let Some(why) = self.guard.refusal(&url, &target) {
                return Err(refuse(why));
            }
            url = target;
        }
        Err(FetchError::RedirectRefused { host: host_of(&url), why: "too many redirects" })
    }

    /// Whether an address is the source's own service, and not where that led.
    fn is_own(&self, url: &Url) -> bool {
        url.origin() == self.metadata.origin()
    }

    /// A key is for the source's own service, wherever that leads.
    fn request(&self, url: &Url, asking: &Asking<'_>) -> RequestBuilder {
        let mut request = match &asking.body {
            Some(body) => {
                self.client.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body.clone())
            }
            None => self.client.get(url.clone()),
        };
        request = request.headers(asking.headers.clone());
        if let Some((header, value)) = asking.mark.and_then(condition) {
            request = request.header(header, value);
        }
        if let Some((name, value)) = asking.key.filter(|_| self.is_own(url)).and_then(Shown::header) {
            request = request.header(name, value);
        }
        request
    }

    async fn read_body(
        &self,
        mut response: Response,
        name: &str,
        max_length: u64,
        deadline: Instant,
    ) -> Result<Vec<u8>, FetchError> {
        let host = host_of(response.url());
        let mut body = Vec::new();
        loop {
            let idle = Instant::now() + self.times.idle;
            let next = timeout_at(idle.min(deadline), response.chunk()).await;
            let piece = match next {
                Err(_) => return Err(FetchError::Timeout { host }),
                Ok(Err(error)) => return Err(failed(host, &error)),
                Ok(Ok(None)) => return Ok(body),
                Ok(Ok(Some(piece))) => piece,
            };
            if body.len() as u64 + piece.len() as u64 > max_length {
                return Err(FetchError::TooLong { file: name.to_owned(), limit: max_length });
            }
            body.extend_from_slice(&piece);
        }
    }
}

/// What knows the file of an answer again.
fn mark_of(response: &Response) -> Option<String> {
    let text = |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok());
    let tag = text(ETAG).map(str::to_owned);
    let mark = tag.or_else(|| Some(format!("{DATE_MARK}{}", text(LAST_MODIFIED)?)))?;
    (mark.len() <= MAX_TAG).then_some(mark)
}

/// The header that asks for the file only if it is another one; none for an empty mark.
fn condition(mark: &str) -> Option<(HeaderName, &str)> {
    match mark.strip_prefix(DATE_MARK) {
        Some(date) => Some((IF_MODIFIED_SINCE, date)),
        None => (!mark.is_empty()).then_some((IF_NONE_MATCH, mark)),
    }
}

/// A status that is no answer: a host that asks to be left alone says for how long (RFC 9110 §10.2.3). Services that
/// count requests also say when they count anew, as a moment or as seconds from now; GitHub refuses with 403 then.
fn refused(host: String, status: StatusCode, response: &Response) -> FetchError {
    let number = |name: &str| {
        let text = response.headers().get(name)?.to_str().ok()?;
        text.trim().parse::<u64>().ok()
    };
    let is_used_up = number("x-ratelimit-remaining") == Some(0);
    let reset = number("x-ratelimit-reset").map(|reset| match reset > LONGEST_LEFT_ALONE {
        true => reset.saturating_sub(unix_now()),
        false => reset,
    });
    let said = number(RETRY_AFTER.as_str()).or(reset.filter(|_| is_used_up));
    match (status, said) {
        (StatusCode::TOO_MANY_REQUESTS, _) | (StatusCode::SERVICE_UNAVAILABLE, Some(_)) => {}
        (StatusCode::FORBIDDEN, Some(_)) if is_used_up => {}
        _ => return FetchError::ServerError { host, status: status.as_u16() },
    }
    FetchError::Busy { host, seconds: said.unwrap_or(LEFT_ALONE).clamp(1, LONGEST_LEFT_ALONE) }
}

fn unix_now() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default()
}

/// The host of an address, with its port where it has one.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Without the address: it may be long, and the host says enough.
fn failed(host: String, error: &reqwest::Error) -> FetchError {
    if error.is_timeout() {
        return FetchError::Timeout { host };
    }
    let mut cause: &dyn std::error::Error = error;
    let mut obstacle = Obstacle::Other;
    while let Some(next) = cause.source() {
        cause = next;
        obstacle = obstacle.or(Obstacle::of(cause));
    }
    FetchError::Offline { host, obstacle, why: cause.to_string() }
}

#[async_trait]
impl Repository for HttpTransport {
    async fn metadata(&self, name: &str, max_length: u64) -> Result<Fetched, TransportError> {
        self.fetch(&self.metadata, name, max_length).await.map_err(TransportError::from)
    }

    async fn target(&self, path: &str, max_length: u64) -> Result<Fetched, TransportError> {
        self.fetch(&self.targets, path, max_length).await.map_err(TransportError::from)
    }
}
