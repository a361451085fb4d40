//! One program of all integration tests of this crate: each file is a subject. One program instead of many, because
//! every one would hold the whole service again on disk and be linked anew.

mod ckan;
mod contentdb;
mod examine;
mod git;
mod git_faults;
mod git_progress;
mod github;
mod modrinth;
mod registry;
mod search;
mod suggest;
mod support;
mod thunderstore;
mod transports;
mod workshop;
