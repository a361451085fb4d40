//! One question to a server: a range of a file, redirects included.

use std::ops::Range;

use hyper::{
    HeaderMap, Response, StatusCode,
    body::Incoming,
    header::{self, HeaderValue},
};
use tokio::time::timeout;
use url::Url;

use super::{
    Origin, Patience,
    address::{NotAllowed, may_ask, may_follow},
    web::Web,
};
use crate::OriginError;

const MAX_REDIRECTS: usize = 5;
/// Longest `Retry-After` that is believed, in seconds.
const MAX_RETRY_AFTER: u64 = 3_600;

/// What a server answered, after its headers were judged.
pub(crate) struct Answer {
    pub body: Incoming,
    /// The bytes of the archive that the body holds.
    pub range: Range<u64>,
    /// Strong ETag or Last-Modified, for `If-Range`.
    pub validator: Option<String>,
}

/// What is asked for.
pub(crate) struct Question<'a> {
    pub origin: &'a Origin,
    /// `None` asks for the whole file, of a server that does not know ranges.
    pub range: Option<Range<u64>>,
    /// The signed size of the file.
    pub size: u64,
    /// What the server said about an earlier range.
    pub validator: Option<&'a str>,
}

/// Asks, follows redirects, and refuses every answer that cannot be a part of this file.
pub(crate) async fn ask(
    web: &Web,
    question: &Question<'_>,
    patience: &Patience,
) -> Result<Answer, OriginError> {
    let origin = question.origin;
    let refused = || OriginError::Refused { host: origin.host() };
    if !may_ask(&origin.url, origin.reach) {
        return Err(refused());
    }
    let mut url = origin.url.clone();
    for _ in 0..=MAX_REDIRECTS {
        let response = send(web, &url, question, patience).await?;
        if !response.status().is_redirection() {
            return judge(response, question);
        }
        let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
        let next = location
            .and_then(|location| url.join(location).ok())
            .ok_or_else(|| OriginError::Protocol { host: origin.host() })?;
        if !may_follow(&url, &next, origin.reach) {
            return Err(refused());
        }
        url = next;
    }
    Err(OriginError::Protocol { host: origin.host() })
}

async fn send(
    web: &Web,
    url: &Url,
    question: &Question<'_>,
    patience: &Patience,
) -> Result<Response<Incoming>, OriginError> {
    let host = || question.origin.host();
    let mut headers = HeaderMap::new();
    if let Some(range) = &question.range {
        let range = format!("bytes={}-{}", range.start, range.end - 1);
        headers.extend(HeaderValue::try_from(range).ok().map(|range| (header::RANGE, range)));
        let validator = question.validator.and_then(|validator| HeaderValue::try_from(validator).ok());
        headers.extend(validator.map(|validator| (header::IF_RANGE, validator)));
    }
    match timeout(patience.connect + patience.answer, web.get(url, headers)).await {
        Err(_) => Err(OriginError::Slow { host: host() }),
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) if is_not_allowed(&*error) => Err(OriginError::Refused { host: host() }),
        Ok(Err(error)) => {
            tracing::debug!(host = host(), error, "a server can not be reached");
            Err(OriginError::Unreachable { host: host() })
        }
    }
}

/// Whether a request failed because the name led further inside than allowed.
pub(crate) fn is_not_allowed(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<NotAllowed>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn judge(response: Response<Incoming>, question: &Question<'_>) -> Result<Answer, OriginError> {
    let host = || question.origin.host();
    let headers = response.headers();
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(OriginError::Protocol { host: host() });
    }
    let range = match response.status() {
        StatusCode::OK => {
            if length_of(&response).is_some_and(|length| length != question.size) {
                return Err(OriginError::WrongSize { host: host() });
            }
            0..question.size
        }
        StatusCode::PARTIAL_CONTENT => {
            let asked = question.range.clone().ok_or_else(|| OriginError::Protocol { host: host() })?;
            let content_range = headers.get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
            let (given, total) = content_range
                .and_then(parse_content_range)
                .ok_or_else(|| OriginError::Protocol { host: host() })?;
            if total.is_some_and(|total| total != question.size) {
                return Err(OriginError::WrongSize { host: host() });
            }
            let is_shorter = length_of(&response).is_some_and(|length| length != given.end - given.start);
            if given != asked || is_shorter {
                return Err(OriginError::Protocol { host: host() });
            }
            asked
        }
        StatusCode::RANGE_NOT_SATISFIABLE => return Err(OriginError::WrongSize { host: host() }),
        StatusCode::NOT_FOUND | StatusCode::GONE => return Err(OriginError::Missing { host: host() }),
        status => {
            let retry_after = headers
                .get(header::RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok())
                .map(|seconds| seconds.min(MAX_RETRY_AFTER));
            return Err(OriginError::Status { host: host(), status: status.as_u16(), retry_after });
        }
    };
    let validator = validator(headers);
    Ok(Answer { body: response.into_body(), range, validator })
}

fn length_of(response: &Response<Incoming>) -> Option<u64> {
    response.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A strong ETag, else Last-Modified (RFC 9110 §13.1.5: weak tags do not match in `If-Range`).
fn validator(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let tag = text(header::ETAG).filter(|tag| !tag.starts_with("W/"));
    tag.or_else(|| text(header::LAST_MODIFIED)).filter(|value| value.len() <= 256).map(str::to_owned)
}

/// `bytes 0-99/1234` or `bytes 0-99/*` (RFC 9110 §14.4).
fn parse_content_range(text: &str) -> Option<(Range<u64>, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.trim_start().split_once('/')?;
    let (start, last) = range.split_once('-')?;
    let (start, last) = (start.trim().parse::<u64>().ok()?, last.trim().parse::<u64>().ok()?);
    let end = last.checked_add(1).filter(|end| start < *end)?;
    let total = match total.trim() {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    Some((start..end, total))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn content_range_reads_back(start in 0u64..1 << 40, length in 1u64..1 << 30, total in prop::option::of(any::<u64>())) {
            let total_text = total.map_or("*".to_owned(), |total| total.to_string());
            let text = format!("bytes {start}-{}/{total_text}", start + length - 1);
            prop_assert_eq!(parse_content_range(&text), Some((start..start + length, total)));
        }

        #[test]
        fn noise_is_no_content_range_and_no_panic(text in ".{0,40}") {
            if let Some((range, _)) = parse_content_range(&text) {
                prop_assert!(range.start < range.end);
            }
        }
    }

    #[test]
    fn odd_content_ranges_are_refused() {
        for text in
            ["bytes 5-4/9", "bytes */9", "items 0-1/2", "bytes 0-18446744073709551615/*", "bytes -1-2/3"]
        {
            assert_eq!(parse_content_range(text), None, "{text}");
        }
    }
}
