//! What crosses the local API: requests, replies, events and problems.
//!
//! OpenAPI (`docs/formats/local-api.json`) and the window's TypeScript (`ui/src/lib/api/generated/types.ts`) are made
//! from this crate and checked in; tests fail when they are stale. `/v1` only ever grows.
//!
//! Conventions: identities, hashes (lower-case hexadecimal) and times (RFC 3339, UTC) are strings; sizes are bytes;
//! rates are bytes per second. The service sends codes and parameters, never sentences made for people.

mod openapi;
mod operations;
pub mod types;
pub mod typescript;

pub use openapi::document as openapi_document;
pub use operations::{Method, OPERATIONS, Operation, OperationId};
pub use types::*;

/// Oldest and newest version of the API that this build speaks.
pub const API_VERSION: u32 = 1;

/// Longest accepted request body, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;
