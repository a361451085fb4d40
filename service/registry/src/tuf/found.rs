//! A target as its role signed it, and whether bytes are it.

use muster_domain::Sha256;
use serde_json::Value;
use sha2::Digest;
use sigstore_tuf::TargetFile;

use crate::{keys, layout};

/// A target as its role signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub path: String,
    pub length: u64,
    pub sha256: Option<Sha256>,
    pub sha512: Option<String>,
    pub custom: Option<Value>,
}

impl Found {
    pub(super) fn new(path: &str, target: &TargetFile) -> Self {
        let hash = |name: &str| target.hashes.get(name).map(|text| text.to_ascii_lowercase());
        Self {
            path: path.to_owned(),
            length: target.length,
            sha256: hash("sha256").and_then(|text| text.parse().ok()),
            sha512: hash("sha512"),
            custom: target.custom.clone(),
        }
    }

    /// Where the bytes lie under the targets folder.
    pub fn file(&self, consistent: bool) -> Option<String> {
        if !consistent {
            return Some(self.path.clone());
        }
        match (&self.sha256, &self.sha512) {
            (Some(hash), _) => Some(layout::file_path(&self.path, hash)),
            (None, Some(hash)) => Some(match self.path.rsplit_once('/') {
                Some((folder, name)) => format!("{folder}/{hash}.{name}"),
                None => format!("{hash}.{}", self.path),
            }),
            (None, None) => None,
        }
    }

    /// Whether the bytes have the signed length and every signed hash, of which there must be one that is known.
    pub fn matches(&self, bytes: &[u8]) -> bool {
        let sha256 = self.sha256.map(|hash| keys::sha256(bytes) == hash);
        let sha512 = self.sha512.as_ref().map(|hash| hex::encode(sha2::Sha512::digest(bytes)) == *hash);
        let any = sha256.is_some() || sha512.is_some();
        any && bytes.len() as u64 == self.length && sha256.unwrap_or(true) && sha512.unwrap_or(true)
    }
}
