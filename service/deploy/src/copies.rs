//! A file of the player under a second name, with everything about it.

use muster_fsx::{Dir, LinkPreference, Mode};

/// A hard link, which keeps everything about the file; where that is impossible, a synced copy with the same time and
/// permissions, complete as soon as it has its name.
pub(crate) fn second_name(
    from_dir: &Dir,
    from: &str,
    to_dir: &Dir,
    to: &str,
) -> Result<(), muster_fsx::Error> {
    match from_dir.hard_link(from, to_dir, to) {
        Err(error) if !error.is_exists() && !error.is_missing() => {}
        other => return other.map(|_| ()),
    }
    let metadata = from_dir.metadata(from)?;
    let part = format!("{}{to}", muster_fsx::TEMP_PREFIX);
    to_dir.remove_tree(&part)?;
    let copied =
        copy(from_dir, from, to_dir, &part, &metadata).and_then(|()| to_dir.rename_new(&part, to_dir, to));
    if copied.is_err() {
        // The first error is the one to report; what remains is found by its name at the next start.
        let _ = to_dir.remove_tree(&part);
    }
    copied
}

pub(crate) fn copy(
    from_dir: &Dir,
    from: &str,
    to_dir: &Dir,
    to: &str,
    metadata: &muster_fsx::Metadata,
) -> Result<(), muster_fsx::Error> {
    muster_fsx::place(from_dir, from, to_dir, to, LinkPreference::Own)?;
    let mode = match (metadata.read_only, metadata.executable) {
        (true, false) => Mode::ReadOnly,
        (true, true) => Mode::ReadOnlyExecutable,
        (false, false) => Mode::Writable,
        (false, true) => Mode::Executable,
    };
    let file = to_dir.open(to)?;
    file.set_mode(mode)?;
    file.sync()?;
    drop(file);
    to_dir.set_modified(to, metadata.modified)?;
    to_dir.open(to)?.sync()
}
