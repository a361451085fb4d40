//! Getting and giving bytes by hash; knows nothing of packages, SQL or profiles.
pub mod backoff;
pub mod breaker;
pub mod bucket;
mod error;
pub mod queue;
pub use error::{CODES, Error, OriginError, TorrentRefusal};
