//! One program of all integration tests of this crate: each file is a subject. One program instead of many, because
//! every one would hold the whole service again on disk and be linked anew.

mod catalog;
mod golden;
mod migrations;
mod profiles;
mod state;
