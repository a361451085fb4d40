//! A service that dies, or whose system calls fail, at the n-th call of a verb (T-72, T-73).
//!
//! Where it is struck is data: a [`Verb`] of the player, a [`Fault`], and a [`Step`]: a system call and which one of
//! them. Which steps a verb has is counted in a run that nothing disturbs. A [`Scene`] brings a world to where a verb
//! starts, strikes, and judges what is left: exactly the old or exactly the new folder, nothing that is not finished,
//! and books that agree with it.
//!
//! strace counts the calls of each thread by itself: a step is the first moment at which any thread gets that far.

mod judge;
mod points;
mod scene;

pub use points::{Point, Tally, chosen};
pub use scene::{Scene, State, Struck};

/// What the player asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// A package and what it needs, fetched and unpacked anew.
    Install,
    /// Another version, fetched and unpacked anew, under settings that the player changed.
    Update,
    Remove,
    /// To a profile that shares some packages.
    Switch,
    Undo,
    /// Back to the original game.
    Vanilla,
}

impl Verb {
    pub const ALL: [Self; 6] =
        [Self::Install, Self::Update, Self::Remove, Self::Switch, Self::Undo, Self::Vanilla];

    /// Archives and trees are made in it.
    pub fn fetches(self) -> bool {
        matches!(self, Self::Install | Self::Update)
    }
}

/// What happens at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    Kill,
    NoSpace,
    Broken,
    Forbidden,
    TooManyFiles,
}

impl Fault {
    pub const ALL: [Self; 5] = [Self::Kill, Self::NoSpace, Self::Broken, Self::Forbidden, Self::TooManyFiles];

    /// The system calls that it is tried at, as strace names groups of them.
    ///
    /// `write` is only for a kill: the runtime wakes its threads by it, and a disk does not fail there. The database
    /// writes by `pwrite64`.
    pub fn calls(self) -> &'static [&'static str] {
        match self {
            Self::Kill => &[
                "linkat",
                "renameat,renameat2",
                "unlinkat,unlink",
                "mkdirat,mkdir",
                "fsync,fdatasync",
                "write",
                "pwrite64",
                "ioctl,copy_file_range",
                "ftruncate",
                "openat2",
                "fchmod,utimensat",
            ],
            Self::NoSpace => &[
                "linkat",
                "renameat,renameat2",
                "mkdirat,mkdir",
                "pwrite64",
                "copy_file_range",
                "openat2",
                "ftruncate",
            ],
            Self::Broken => &[
                "linkat",
                "renameat,renameat2",
                "unlinkat,unlink",
                "fsync,fdatasync",
                "pwrite64",
                "pread64",
                "openat2",
            ],
            Self::Forbidden => &[
                "linkat",
                "renameat,renameat2",
                "unlinkat,unlink",
                "mkdirat,mkdir",
                "openat2",
                "fchmod,utimensat",
            ],
            Self::TooManyFiles => &["openat", "openat2"],
        }
    }

    /// As strace says it.
    fn injection(self) -> &'static str {
        match self {
            Self::Kill => "signal=KILL",
            Self::NoSpace => "error=ENOSPC",
            Self::Broken => "error=EIO",
            Self::Forbidden => "error=EACCES",
            Self::TooManyFiles => "error=EMFILE",
        }
    }
}

/// The n-th of a group of system calls, counted from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub calls: &'static str,
    pub number: u32,
}
