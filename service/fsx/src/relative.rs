//! Paths below a handle, as lists of parts.

use muster_domain::PortablePath;

use crate::{
    error::{Error, ErrorKind, Operation, Result},
    platform,
};

/// A path below a [`crate::Dir`].
///
/// [`PortablePath`] for everything that came from outside; `str` (parts separated by `/`) for names chosen by the
/// program and for what a listing of an existing folder gave.
pub trait RelativePath {
    /// The text, with `/` between the parts.
    fn text(&self) -> &str;
}

impl RelativePath for PortablePath {
    fn text(&self) -> &str {
        self.as_str()
    }
}

impl RelativePath for str {
    fn text(&self) -> &str {
        self
    }
}

impl RelativePath for String {
    fn text(&self) -> &str {
        self
    }
}

impl<T: RelativePath + ?Sized> RelativePath for &T {
    fn text(&self) -> &str {
        (**self).text()
    }
}

fn is_safe_part(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains('\0') && platform::is_plain_part(part)
}

/// The folders above the last part, and the last part; every part is one that names an entry of its folder.
pub(crate) fn split<P: RelativePath + ?Sized>(path: &P) -> Result<(impl Iterator<Item = &str>, &str)> {
    let text = path.text();
    if !text.split('/').all(is_safe_part) {
        return Err(Error::of_kind(
            ErrorKind::Name,
            Operation::Open,
            text,
            "a part of the path is not a plain name",
        ));
    }
    let (above, name) = text.rsplit_once('/').unwrap_or(("", text));
    Ok((above.split('/').filter(|part| !part.is_empty()), name))
}
