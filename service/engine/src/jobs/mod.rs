//! Jobs: work that takes time, written down before it starts and taken up again after a crash.
//!
//! | phase | what happens | what a kill leaves | next |
//! |---|---|---|---|
//! | waiting | another job of the profile runs | the request | resolving |
//! | resolving | signed facts are read, the resolver runs | the request | planning |
//! | planning | the difference is compared with what was agreed | the request | fetching |
//! | fetching | archives arrive in the cache | the plan; verified bytes | unpacking |
//! | unpacking | trees are staged and renamed | the plan; whole trees | deploying |
//! | deploying | the journal leads | the plan; old or new folder after recovery | committing |
//! | committing | lock, generation and job in one transaction | a committed journal: the transaction is repeated | done |
//! | done, failed, cancelled | | the outcome | |
//!
//! The plan (the exact lock to reach) is durable from `fetching` on, so that a job which is taken up again ends in what
//! was agreed to, whatever the registries say by then. A job can be cancelled before `deploying`; whoever is told that
//! it stops can rely on it.
//!
//! Once a folder is in its new state the books must follow: where they cannot be written, the job stays unfinished. At
//! the start such jobs come first, then the others by age, each queued for its place before anything new.

mod board;
mod change;
mod fetch;
mod look;
mod request;
mod run;

pub use board::{JobKind, JobMember, JobView, Phase};

pub(crate) use board::Board;
pub(crate) use change::blocking;
pub(crate) use fetch::want;
pub(crate) use look::look;
pub(crate) use run::{JobRequest, needs, resume_unfinished, submit, versions};
