//! Why a package is refused.

use std::fmt;

use muster_domain::{Coded, PathError, PortablePath, clean_line};

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Error>;

macro_rules! rules {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal, $sentence:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $(#[doc = $sentence] $variant,)* }

        impl $name {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $sentence,)* })
            }
        }
    };
}

rules! {
    /// A rule about the archive as a whole.
    ArchiveRule {
        NotZip = "package-not-zip", "the file is not a complete ZIP archive";
        EndRecord = "package-end-record", "the archive has an ambiguous end: a comment, trailing bytes or a second end record";
        MultiDisk = "package-multi-disk", "the archive is split over several files";
        Zip64 = "package-zip64", "the archive uses ZIP64, which is not needed below 4 GiB";
        Directory = "package-directory", "the archive's directory is damaged";
        Gap = "package-gap", "the archive has bytes that belong to no entry";
        Overlap = "package-overlap", "entries of the archive overlap";
        TooManyEntries = "package-too-many-entries", "the archive has too many entries";
        TooLarge = "package-too-large", "the archive or its content is larger than allowed";
        Order = "package-order", "the entries are not in byte order with the manifest first";
    }
}

rules! {
    /// A rule about one entry of the archive.
    EntryRule {
        NameEncoding = "package-name-encoding", "the name is not marked UTF-8";
        DuplicateName = "package-duplicate-name", "two entries have this name";
        NameCollision = "package-name-collision", "on some system this name is the same file as another entry";
        Encrypted = "package-encrypted", "the entry is encrypted";
        Method = "package-method", "the compression method is neither store nor DEFLATE";
        Flags = "package-flags", "the entry uses ZIP features that packages must not use";
        ExtraField = "package-extra-field", "the entry has a field that could give it another meaning";
        Special = "package-special", "the entry is a link, a device or a folder";
        HeaderMismatch = "package-header-mismatch", "the entry's own header contradicts the directory";
        TooLarge = "package-entry-too-large", "the file is larger than allowed";
        Ratio = "package-ratio", "the file is compressed more than 200 to 1";
        Data = "package-data", "the compressed data is damaged";
        Checksum = "package-checksum", "the content does not have its checksum";
        Hash = "package-hash", "the content does not have the SHA-256 that the manifest lists";
        Unlisted = "package-unlisted", "the manifest does not list this file";
        Missing = "package-missing-file", "the manifest lists this file, but the archive does not have it";
        SizeDiffers = "package-size-differs", "the file does not have the size that the manifest lists";
        Outside = "package-outside", "only manifest.yaml and what is below files/ may be in a package";
        InputSpecial = "package-input-special", "only plain files and folders can be packed";
        InputChanged = "package-input-changed", "the file changed while it was being packed";
    }
}

/// What is wrong with a manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestProblem {
    #[error("the first entry of the archive is not manifest.yaml")]
    Missing,
    #[error("the manifest is larger than allowed")]
    TooLarge,
    /// Not the YAML that manifests may use.
    #[error("line {line}: {why}")]
    Syntax { line: u64, why: String },
    /// A field is missing or has a value that is not allowed.
    #[error("{field}: {why}")]
    Field { field: String, why: String },
    /// Only refused when packing and publishing.
    #[error("{field}: there is no such field")]
    UnknownField { field: String },
    #[error("the manifest has format {found}, this program knows {}", crate::MANIFEST_FORMAT)]
    Format { found: u64 },
    /// Only refused when packing and publishing.
    #[error("features: {feature} names {package}, which is not the first package of any entry of depends")]
    FeatureNeeds { feature: String, package: String },
    #[error("the list of files is made by the packer; remove it")]
    FilesByAuthor,
}

impl ManifestProblem {
    /// Every code that a problem with a manifest can have.
    pub const CODES: &[&str] = &[
        "package-manifest-missing",
        "package-manifest-too-large",
        "package-manifest-syntax",
        "package-manifest-field",
        "package-manifest-unknown-field",
        "package-manifest-format",
        "package-manifest-feature",
        "package-manifest-files",
    ];

    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "package-manifest-missing",
            Self::TooLarge => "package-manifest-too-large",
            Self::Syntax { .. } => "package-manifest-syntax",
            Self::Field { .. } => "package-manifest-field",
            Self::UnknownField { .. } => "package-manifest-unknown-field",
            Self::Format { .. } => "package-manifest-format",
            Self::FeatureNeeds { .. } => "package-manifest-feature",
            Self::FilesByAuthor => "package-manifest-files",
        }
    }
}

/// A file that describes an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Artifact {
    BlockList,
    EntryMap,
    Torrent,
}

impl fmt::Display for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BlockList => "block list",
            Self::EntryMap => "entry map",
            Self::Torrent => "torrent",
        })
    }
}

/// A package that is refused, or work on it that failed. Nothing was lost by it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{rule}")]
    Archive { rule: ArchiveRule },
    #[error("{name:?}: {rule}")]
    Entry { rule: EntryRule, name: String },
    #[error("{name:?}: {source}")]
    Path { name: String, source: PathError },
    #[error("manifest: {0}")]
    Manifest(#[from] ManifestProblem),
    #[error("the {artifact} is malformed or not this archive's")]
    Artifact { artifact: Artifact },
    #[error(transparent)]
    File(#[from] muster_fsx::Error),
    #[error("stopped as asked")]
    Cancelled,
}

impl Error {
    pub(crate) fn entry(rule: EntryRule, name: &str) -> Self {
        // Names are foreign and can be long; this is for people.
        Self::Entry { rule, name: name.chars().take(200).collect() }
    }

    pub(crate) fn path(name: &str, source: PathError) -> Self {
        Self::Path { name: name.chars().take(200).collect(), source }
    }

    pub(crate) fn field(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Manifest(ManifestProblem::Field { field: field.into(), why: why.into() })
    }
}

impl From<ArchiveRule> for Error {
    fn from(rule: ArchiveRule) -> Self {
        Self::Archive { rule }
    }
}

impl Coded for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Archive { rule } => rule.code(),
            Self::Entry { rule, .. } => rule.code(),
            Self::Path { .. } => "package-path",
            Self::Manifest(problem) => problem.code(),
            Self::Artifact { .. } => "package-artifact",
            Self::File(error) => error.code(),
            Self::Cancelled => "package-cancelled",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        let line = |text: &str| clean_line(text, 200);
        match self {
            Self::Entry { name, .. } => vec![("name", line(name))],
            Self::Path { name, source } => vec![("name", line(name)), ("reason", source.to_string())],
            Self::Manifest(ManifestProblem::FeatureNeeds { feature, package }) => {
                vec![("feature", line(feature)), ("package", line(package))]
            }
            Self::Manifest(problem) => vec![("reason", line(&problem.to_string()))],
            Self::Artifact { artifact } => vec![("artifact", artifact.to_string())],
            Self::File(error) => error.context(),
            Self::Archive { .. } | Self::Cancelled => Vec::new(),
        }
    }
}

/// Every code of [`Error`] that is not one of `muster-fsx`.
pub const CODES: &[&str] = &[
    "package-not-zip",
    "package-end-record",
    "package-multi-disk",
    "package-zip64",
    "package-directory",
    "package-gap",
    "package-overlap",
    "package-too-many-entries",
    "package-too-large",
    "package-order",
    "package-name-encoding",
    "package-duplicate-name",
    "package-name-collision",
    "package-encrypted",
    "package-method",
    "package-flags",
    "package-extra-field",
    "package-special",
    "package-header-mismatch",
    "package-entry-too-large",
    "package-ratio",
    "package-data",
    "package-checksum",
    "package-hash",
    "package-unlisted",
    "package-missing-file",
    "package-size-differs",
    "package-outside",
    "package-input-special",
    "package-input-changed",
    "package-path",
    "package-manifest-missing",
    "package-manifest-too-large",
    "package-manifest-syntax",
    "package-manifest-field",
    "package-manifest-unknown-field",
    "package-manifest-format",
    "package-manifest-feature",
    "package-manifest-files",
    "package-artifact",
    "package-cancelled",
];

/// A payload path as it is called inside the archive.
pub(crate) fn payload_name(path: &PortablePath) -> String {
    format!("{}/{path}", crate::PAYLOAD_FOLDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_codes_is_complete() {
        let archive = ArchiveRule::ALL.iter().map(|rule| rule.code());
        let entry = EntryRule::ALL.iter().map(|rule| rule.code());
        let rest = ["package-path", "package-artifact", "package-cancelled"];
        let mut all: Vec<_> =
            archive.chain(entry).chain(ManifestProblem::CODES.iter().copied()).chain(rest).collect();
        let mut listed = CODES.to_vec();
        all.sort_unstable();
        listed.sort_unstable();
        assert_eq!(all, listed);
    }
}
