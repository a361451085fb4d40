//! One program of all integration tests of this crate: each file is a subject. One program instead of many, because
//! every one would hold the whole service again on disk and be linked anew.

mod choices;
mod common;
mod explanations;
mod features;
mod foreign;
mod offers;
mod properties;
mod roles;
