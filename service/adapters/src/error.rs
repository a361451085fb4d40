//! Why a description of another service is refused.

use muster_domain::Coded;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every code that [`Coded::code`] can give.
pub const CODES: &[&str] = &[
    "adapter-syntax",
    "adapter-too-large",
    "adapter-field",
    "adapter-pattern",
    "adapter-effort",
    "adapter-no-match",
    "adapter-unsafe-path",
    "adapter-twice",
];

/// A description, or what it asks for, is refused. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the description is not readable: {why}")]
    Syntax { why: String },
    #[error("the description is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("{package}: the field {field} cannot be used: {why}")]
    Field { package: String, field: &'static str, why: String },
    #[error("{package}: {pattern:?} is no pattern: {why}")]
    Pattern { package: String, pattern: String, why: String },
    #[error("{package}: {pattern:?} takes too many steps")]
    Effort { package: String, pattern: String },
    #[error("{package}: nothing in the archive fits {wanted:?}")]
    NoMatch { package: String, wanted: String },
    #[error("{package}: {path:?} cannot be placed: {why}")]
    UnsafePath { package: String, path: String, why: String },
    #[error("{package}: two files would be placed at {path}")]
    Twice { package: String, path: String },
}

impl Coded for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "adapter-syntax",
            Self::TooLarge { .. } => "adapter-too-large",
            Self::Field { .. } => "adapter-field",
            Self::Pattern { .. } => "adapter-pattern",
            Self::Effort { .. } => "adapter-effort",
            Self::NoMatch { .. } => "adapter-no-match",
            Self::UnsafePath { .. } => "adapter-unsafe-path",
            Self::Twice { .. } => "adapter-twice",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Syntax { why } => vec![("why", why.clone())],
            Self::TooLarge { limit } => vec![("limit", limit.to_string())],
            Self::Field { package, field, why } => {
                vec![("package", package.clone()), ("field", (*field).to_owned()), ("why", why.clone())]
            }
            Self::Pattern { package, pattern, why } => {
                vec![("package", package.clone()), ("pattern", pattern.clone()), ("why", why.clone())]
            }
            Self::Effort { package, pattern } => {
                vec![("package", package.clone()), ("pattern", pattern.clone())]
            }
            Self::NoMatch { package, wanted } => {
                vec![("package", package.clone()), ("wanted", wanted.clone())]
            }
            Self::UnsafePath { package, path, why } => {
                vec![("package", package.clone()), ("path", path.clone()), ("why", why.clone())]
            }
            Self::Twice { package, path } => vec![("package", package.clone()), ("path", path.clone())],
        }
    }
}
