//! The verifier's errors as ours.

use jiff::{SignedDuration, Timestamp};
use sigstore_tuf::Error as TufError;

use super::feed::Inner;
use crate::Error;

/// Metadata this long past its date makes the clock the first suspect.
const SUSPICIOUS: SignedDuration = SignedDuration::from_hours(180 * 24);

/// Says in our terms why the verifier stopped. The feed's own reason goes first: the verifier only saw text.
pub(super) fn convert(error: TufError, feed: &mut Inner, now: Timestamp) -> Error {
    if let Some(reason) = feed.reason.take() {
        return reason;
    }
    let file = || feed.last_file.clone();
    match error {
        TufError::Expired { role, expires } if now.duration_since(expires) > SUSPICIOUS => {
            Error::Clock { role, expires, now }
        }
        TufError::Expired { role, expires } => Error::Expired { role, expires },
        TufError::Rollback { role, trusted, new } => Error::Rollback { role, trusted, offered: new },
        TufError::BadRootVersion { trusted, new } => {
            Error::RootChain { why: format!("version {new} is offered after version {trusted}") }
        }
        TufError::ThresholdNotMet { role, found, threshold } => {
            Error::Signature { role, why: format!("{found} of {threshold} needed signatures are valid") }
        }
        TufError::DuplicateSignature { role, .. } => {
            Error::Signature { role, why: "a key signed twice".into() }
        }
        // The text is the verifier's only mark of this case; a test of ours fails if it changes.
        TufError::IntegrityMismatch(text) if text.starts_with("snapshot removes ") => {
            let role = text.trim_start_matches("snapshot removes ").split(',').next().unwrap_or_default();
            Error::Rollback { role: role.to_owned(), trusted: 1, offered: 0 }
        }
        TufError::IntegrityMismatch(_) => Error::HashMismatch { file: file() },
        TufError::NotRefreshed => Error::NotRefreshed,
        TufError::TargetNotFound(what) => Error::NotFound { what },
        TufError::Transport { .. } => match feed.missing.take() {
            Some(file) => Error::MissingFile { file },
            None => Error::RootChain { why: "more versions at once than the limit".into() },
        },
        other => Error::malformed(file(), describe(&other)),
    }
}

fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
