//! Addresses that a browser could open.

use url::Url;

/// Longest address, in bytes.
const MAX: usize = 2_048;

/// An address that a browser could open, without a name or password in it; anything else is as good as none.
pub(crate) fn web(text: Option<String>) -> Option<Url> {
    let text = text.filter(|text| text.len() <= MAX)?;
    let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    (url.has_host() && url.username().is_empty() && url.password().is_none()).then_some(url)
}
