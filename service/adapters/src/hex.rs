//! Hashes of services, as hexadecimal digits.

/// A SHA-512 in small letters; `None` for what is none.
pub(crate) fn sha512(text: &str) -> Option<String> {
    let fits = text.len() == 128 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| text.to_ascii_lowercase())
}
