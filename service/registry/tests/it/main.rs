//! One program of all integration tests of this crate: each file is a subject. One program instead of many, because
//! every one would hold the whole service again on disk and be linked anew.

mod authoring;
mod damage;
mod foreign_input;
mod harness;
mod interop;
mod isolation;
mod lists;
mod mutations;
mod packed;
mod scale;
mod since;
mod support;
mod time_and_faults;
