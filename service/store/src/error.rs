//! What can go wrong with a database, by what the caller can do about it.

use rusqlite::ErrorCode;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A database operation failed. Nothing of the operation is kept.
///
/// `file` is the name of the database file (`state.db`), without its folder.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{file} has version {found}, this program knows versions up to {known}")]
    Newer { file: &'static str, found: i64, known: i64 },
    #[error("{file} is damaged: {why}")]
    Corrupt { file: &'static str, why: String },
    #[error("{file} is an SQLite database of another program")]
    Foreign { file: &'static str },
    #[error("{file} is in use by another program")]
    Busy { file: &'static str },
    #[error("no space is left for {file}")]
    NoSpace { file: &'static str },
    #[error("{file} cannot be opened: {why}")]
    CannotOpen { file: &'static str, why: String },
    #[error("{file} cannot be written: it is read-only")]
    ReadOnly { file: &'static str },
    #[error("{file} has no such {what}")]
    Missing { file: &'static str, what: &'static str },
    #[error("{file} already has this {what}")]
    Conflict { file: &'static str, what: String },
    #[error("{file} holds a value that cannot be read: {column}")]
    Value { file: &'static str, column: &'static str },
    #[error("{file} is closed")]
    Closed { file: &'static str },
    #[error("{file} could not be read or written: {why}")]
    Other { file: &'static str, why: String },
}

impl Error {
    /// Every code that [`muster_domain::Coded::code`] can give.
    pub const CODES: &[&str] = &[
        "store-newer",
        "store-corrupt",
        "store-foreign",
        "store-busy",
        "store-no-space",
        "store-cannot-open",
        "store-read-only",
        "store-missing",
        "store-conflict",
        "store-value",
        "store-closed",
        "store-other",
    ];

    /// The row that a caller named is not there.
    pub(crate) fn missing(what: &'static str) -> Self {
        Self::Missing { file: "", what }
    }

    /// The same error, with the file that it happened in.
    pub(crate) fn in_file(mut self, name: &'static str) -> Self {
        let (Self::Newer { file, .. }
        | Self::Corrupt { file, .. }
        | Self::Foreign { file }
        | Self::Busy { file }
        | Self::NoSpace { file }
        | Self::CannotOpen { file, .. }
        | Self::ReadOnly { file }
        | Self::Missing { file, .. }
        | Self::Conflict { file, .. }
        | Self::Value { file, .. }
        | Self::Closed { file }
        | Self::Other { file, .. }) = &mut self;
        *file = name;
        self
    }

    fn file(&self) -> &'static str {
        match self {
            Self::Newer { file, .. }
            | Self::Corrupt { file, .. }
            | Self::Foreign { file }
            | Self::Busy { file }
            | Self::NoSpace { file }
            | Self::CannotOpen { file, .. }
            | Self::ReadOnly { file }
            | Self::Missing { file, .. }
            | Self::Conflict { file, .. }
            | Self::Value { file, .. }
            | Self::Closed { file }
            | Self::Other { file, .. } => file,
        }
    }
}

impl muster_domain::Coded for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Newer { .. } => "store-newer",
            Self::Corrupt { .. } => "store-corrupt",
            Self::Foreign { .. } => "store-foreign",
            Self::Busy { .. } => "store-busy",
            Self::NoSpace { .. } => "store-no-space",
            Self::CannotOpen { .. } => "store-cannot-open",
            Self::ReadOnly { .. } => "store-read-only",
            Self::Missing { .. } => "store-missing",
            Self::Conflict { .. } => "store-conflict",
            Self::Value { .. } => "store-value",
            Self::Closed { .. } => "store-closed",
            Self::Other { .. } => "store-other",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        let mut context = vec![("file", self.file().to_owned())];
        match self {
            Self::Newer { found, known, .. } => {
                context.push(("found", found.to_string()));
                context.push(("known", known.to_string()));
            }
            Self::Missing { what, .. } => context.push(("what", (*what).to_owned())),
            Self::Conflict { what, .. } => context.push(("what", muster_domain::clean_line(what, 120))),
            Self::Value { column, .. } => context.push(("column", (*column).to_owned())),
            Self::Corrupt { why, .. } | Self::CannotOpen { why, .. } | Self::Other { why, .. } => {
                context.push(("why", muster_domain::clean_line(why, 200)));
            }
            _ => {}
        }
        context
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let why = error.to_string();
        let file = "";
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt { file, why },
            Some(
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed,
            ) => Self::Busy { file },
            Some(ErrorCode::DiskFull) => Self::NoSpace { file },
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::CannotOpen { file, why },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { file },
            Some(ErrorCode::ConstraintViolation) => Self::Conflict { file, what: why },
            _ => Self::Other { file, why },
        }
    }
}

#[cfg(test)]
mod tests {
    use muster_domain::Coded;

    use super::*;

    #[test]
    fn every_code_is_listed_and_names_the_file() {
        let errors = [
            Error::Newer { file: "", found: 2, known: 1 },
            Error::Corrupt { file: "", why: "w".into() },
            Error::Foreign { file: "" },
            Error::Busy { file: "" },
            Error::NoSpace { file: "" },
            Error::CannotOpen { file: "", why: "w".into() },
            Error::ReadOnly { file: "" },
            Error::missing("job"),
            Error::Conflict { file: "", what: "w".into() },
            Error::Value { file: "", column: "id" },
            Error::Closed { file: "" },
            Error::Other { file: "", why: "w".into() },
        ];
        assert_eq!(errors.len(), Error::CODES.len());
        for error in errors {
            let error = error.in_file("state.db");
            assert!(Error::CODES.contains(&error.code()), "{error}");
            assert!(error.context().contains(&("file", "state.db".into())), "{error}");
        }
    }
}
