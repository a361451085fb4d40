//! Running programs by `/proc`.

use crate::Process;

/// Programs whose file this user may see: with few exceptions the user's own.
pub(super) fn processes() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let process = |entry: std::io::Result<std::fs::DirEntry>| {
        let id: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        let program = std::fs::read_link(format!("/proc/{id}/exe")).ok()?;
        // A program whose file was replaced by an update while it runs.
        let program = match program.to_str()?.strip_suffix(" (deleted)") {
            Some(path) => path.into(),
            None => program,
        };
        Some(Process { id, program })
    };
    entries.filter_map(process).collect()
}
