//! One program of all integration tests of this crate: each file is a subject. One program instead of many, because
//! every one would hold the whole service again on disk and be linked anew.

// First, because of its macro.
#[macro_use]
mod support;

mod consent;
mod eclipse;
mod far;
mod game;
mod hostile;
mod interop;
mod lab;
mod limits;
mod lobby;
mod origins;
mod tiers;
