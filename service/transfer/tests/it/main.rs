//! One program of all integration tests of this crate: each file is a subject. One program instead of many, because
//! every one would hold the whole service again on disk and be linked anew.

mod finding;
mod lies;
mod local;
mod notes;
mod quiet;
mod servers;
mod support;
mod swarm;
mod tls;
