//! Refuses what a program on this machine would not send and a browser would (`security.md` T-99).

use axum::{
    extract::Request,
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Failure;

/// The only host name that requests may carry; HTTP/1.1 demands one.
const HOST: &str = "muster";

pub(super) async fn refuse_browsers(request: Request, next: Next) -> Response {
    if looks_like_a_browser(request.headers()) {
        tracing::warn!("refused a request that carries a web page's headers");
        return Failure::new(403, "api-browser", "requests from web pages are refused").into_response();
    }
    next.run(request).await
}

fn looks_like_a_browser(headers: &HeaderMap) -> bool {
    let foreign_host = headers.get(header::HOST).is_none_or(|host| host.as_bytes() != HOST.as_bytes());
    let fetched = headers.keys().any(|name| name.as_str().starts_with("sec-"));
    foreign_host || fetched || headers.contains_key(header::ORIGIN) || headers.contains_key(header::REFERER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn only_requests_without_a_web_pages_marks_pass() {
        assert!(!looks_like_a_browser(&headers(&[("host", "muster"), ("content-type", "application/json")])));
        for marks in [
            &[("host", "muster"), ("origin", "https://x.example")][..],
            &[("host", "muster"), ("origin", "null")],
            &[("host", "muster"), ("referer", "https://x.example/")],
            &[("host", "muster"), ("sec-fetch-site", "none")],
            &[("host", "muster"), ("sec-websocket-key", "x")],
            &[("host", "attacker.example:80")],
            &[("host", "localhost")],
            &[],
        ] {
            assert!(looks_like_a_browser(&headers(marks)), "{marks:?}");
        }
    }
}
