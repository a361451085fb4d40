//! The same content under a second name: shared blocks, a second link or a copy.

use std::io;

use crate::{
    Dir, Error, ErrorKind, File, Metadata, Mode, Operation, RelativePath, Result, dir::Place, platform,
};

/// What the new file may share with the old one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LinkPreference {
    /// Shared blocks, else a hard link, else a copy: least space. A hard link is read-only like its original, because
    /// a write through it would change both.
    #[default]
    Share,
    /// Shared blocks, else a copy: a file of its own, which may be written.
    Own,
    /// A second link to the original, else a copy, where shared blocks are not wanted.
    HardLink,
    /// Always a copy.
    Copy,
}

/// How the content got there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkMethod {
    /// Blocks shared until one of both is written.
    Reflink,
    /// One file with two names.
    HardLink,
    Copy,
}

impl LinkMethod {
    /// Stable text form, as stored and as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reflink => "reflink",
            Self::HardLink => "hard-link",
            Self::Copy => "copy",
        }
    }
}

impl LinkPreference {
    fn methods(self) -> &'static [LinkMethod] {
        match self {
            Self::Share => &[LinkMethod::Reflink, LinkMethod::HardLink],
            Self::Own => &[LinkMethod::Reflink],
            Self::HardLink => &[LinkMethod::HardLink],
            Self::Copy => &[],
        }
    }
}

impl Error {
    /// Whether no other way of bringing a file to its place would have avoided it.
    pub fn no_other_way_helps(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Exists
                | ErrorKind::NoSpace
                | ErrorKind::ReadOnly
                | ErrorKind::Missing
                | ErrorKind::TooLong
        )
    }
}

fn hard_link(source: &Place<'_, '_>, target: &Place<'_, '_>) -> Result<Metadata> {
    if !source.metadata()?.is_file() {
        return Err(source.refuse(ErrorKind::Link, Operation::Link, "only plain files are linked"));
    }
    let (source_dir, target_dir) = (source.dir.inner(), target.dir.inner());
    source_dir
        .hard_link(source.name, target_dir, target.name)
        .map_err(|e| target.fail(Operation::Link, e))?;
    // Something else may have taken the source's name since it was looked at.
    let linked = target.metadata()?;
    if linked.is_file() {
        return Ok(linked);
    }
    target_dir.remove_file(target.name).map_err(|e| target.fail(Operation::Remove, e))?;
    Err(source.refuse(ErrorKind::Link, Operation::Link, "only plain files are linked"))
}

fn copy(mut source: File, target: &Place<'_, '_>) -> Result<()> {
    let mut file = target.create_new(Mode::Writable)?;
    let copied = io::copy(&mut source, &mut file);
    copied.map(|_| ()).map_err(|error| {
        let _ = target.dir.inner().remove_file(target.name);
        Error::recover(error, Operation::Write, &target.path())
    })
}

fn try_method(method: LinkMethod, source: &Place<'_, '_>, target: &Place<'_, '_>) -> Result<()> {
    match method {
        LinkMethod::HardLink => hard_link(source, target).map(|_| ()),
        LinkMethod::Copy => copy(source.open_to_read()?, target),
        LinkMethod::Reflink => {
            let file = source.open_to_read()?;
            platform::reflink(file.as_std(), target.dir.inner(), target.name)
                .map_err(|e| target.fail(Operation::Clone, e))
        }
    }
}

/// Puts the content of a file under a new name; an entry that has the name already is an error.
///
/// Copies and shared blocks give a file of mode 0644, hard links keep the mode of the original. Nothing is synced.
pub fn place<P, Q>(
    source_dir: &Dir,
    source: &P,
    target_dir: &Dir,
    target: &Q,
    preference: LinkPreference,
) -> Result<LinkMethod>
where
    P: RelativePath + ?Sized,
    Q: RelativePath + ?Sized,
{
    let (source, target) = (source_dir.place(source)?, target_dir.place(target)?);
    for &method in preference.methods() {
        match try_method(method, &source, &target) {
            Ok(()) => return Ok(method),
            Err(error) if error.no_other_way_helps() => return Err(error),
            Err(_) => {}
        }
    }
    try_method(LinkMethod::Copy, &source, &target)?;
    Ok(LinkMethod::Copy)
}

impl Dir {
    /// A second name for a file, which must be on the same volume; an existing entry is an error. Gives what the file
    /// is under its new name.
    pub fn hard_link<P, Q>(&self, source: &P, target_dir: &Dir, target: &Q) -> Result<Metadata>
    where
        P: RelativePath + ?Sized,
        Q: RelativePath + ?Sized,
    {
        hard_link(&self.place(source)?, &target_dir.place(target)?)
    }
}
