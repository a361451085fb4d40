//! What went wrong, with which path, while doing what.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use muster_domain::{Coded, clean_line};

use crate::platform;

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Error>;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Open,
    Create,
    Read,
    Write,
    Rename,
    Link,
    Clone,
    Remove,
    List,
    Inspect,
    Sync,
    Lock,
    SetAttributes,
    MeasureSpace,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Create => "create",
            Self::Read => "read",
            Self::Write => "write",
            Self::Rename => "rename",
            Self::Link => "link",
            Self::Clone => "clone",
            Self::Remove => "remove",
            Self::List => "list",
            Self::Inspect => "inspect",
            Self::Sync => "sync",
            Self::Lock => "lock",
            Self::SetAttributes => "set attributes of",
            Self::MeasureSpace => "measure free space of",
        })
    }
}

/// What a caller can do about it differs by these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The volume or a quota is full.
    NoSpace,
    Permission,
    Missing,
    Exists,
    /// The volume is mounted read-only.
    ReadOnly,
    /// Another program holds the file; tried again for a while already.
    Busy,
    TooLong,
    /// A symbolic link, junction or special file where a plain file or folder must be.
    Link,
    /// A folder where a file is wanted or the other way round, or a folder that is not empty.
    Shape,
    /// The file is larger than the caller allows.
    TooLarge,
    /// The path has a part that can not be opened safely.
    Name,
    /// A rename or hard link from one volume to another, which no volume can do.
    OtherVolume,
    Other,
}

pub(crate) const CODES: &[&str] = &[
    "file-no-space",
    "file-permission",
    "file-missing",
    "file-exists",
    "file-read-only",
    "file-busy",
    "file-too-long",
    "file-link",
    "file-shape",
    "file-too-large",
    "file-name",
    "file-other-volume",
    "file-other",
];

/// A failed operation on a file or folder.
#[derive(Debug, thiserror::Error)]
#[error("cannot {operation} {}: {source}", path.display())]
pub struct Error {
    operation: Operation,
    path: PathBuf,
    kind: ErrorKind,
    source: io::Error,
}

impl Error {
    pub(crate) fn new(operation: Operation, path: impl Into<PathBuf>, source: io::Error) -> Self {
        let kind = classify(&source);
        Self { operation, path: path.into(), kind, source }
    }

    pub(crate) fn of_kind(
        kind: ErrorKind,
        operation: Operation,
        path: impl Into<PathBuf>,
        why: &'static str,
    ) -> Self {
        Self { operation, path: path.into(), kind, source: io::Error::other(why) }
    }

    /// Finds the error of ours inside what [`std::io::Read`] or [`std::io::Write`] of a [`crate::File`] gave; any other
    /// error is described by `operation` and `path`.
    pub fn recover(error: io::Error, operation: Operation, path: &Path) -> Self {
        match error.downcast::<Self>() {
            Ok(ours) => ours,
            Err(error) => Self::new(operation, path, error),
        }
    }

    pub(crate) fn into_io(self) -> io::Error {
        io::Error::new(self.source.kind(), self)
    }

    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The whole path, for people and logs only.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn is_missing(&self) -> bool {
        self.kind == ErrorKind::Missing
    }

    pub fn is_exists(&self) -> bool {
        self.kind == ErrorKind::Exists
    }
}

impl Coded for Error {
    fn code(&self) -> &'static str {
        match self.kind {
            ErrorKind::NoSpace => "file-no-space",
            ErrorKind::Permission => "file-permission",
            ErrorKind::Missing => "file-missing",
            ErrorKind::Exists => "file-exists",
            ErrorKind::ReadOnly => "file-read-only",
            ErrorKind::Busy => "file-busy",
            ErrorKind::TooLong => "file-too-long",
            ErrorKind::Link => "file-link",
            ErrorKind::Shape => "file-shape",
            ErrorKind::TooLarge => "file-too-large",
            ErrorKind::Name => "file-name",
            ErrorKind::OtherVolume => "file-other-volume",
            ErrorKind::Other => "file-other",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        vec![
            ("path", clean_line(&self.path.to_string_lossy(), 500)),
            ("operation", self.operation.to_string()),
            ("reason", clean_line(&self.source.to_string(), 200)),
        ]
    }
}

fn classify(error: &io::Error) -> ErrorKind {
    if let Some(kind) = platform::classify(error) {
        return kind;
    }
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::NoSpace,
        io::ErrorKind::PermissionDenied => ErrorKind::Permission,
        io::ErrorKind::NotFound => ErrorKind::Missing,
        io::ErrorKind::AlreadyExists => ErrorKind::Exists,
        io::ErrorKind::ReadOnlyFilesystem => ErrorKind::ReadOnly,
        io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy => ErrorKind::Busy,
        io::ErrorKind::InvalidFilename => ErrorKind::TooLong,
        io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory | io::ErrorKind::DirectoryNotEmpty => {
            ErrorKind::Shape
        }
        io::ErrorKind::CrossesDevices => ErrorKind::OtherVolume,
        io::ErrorKind::FileTooLarge => ErrorKind::TooLarge,
        _ => ErrorKind::Other,
    }
}
