//! Running programs by `/proc`.

use std::path::PathBuf;

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
        let words = || std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        Some(Process { id, program: in_wine(program, &words) })
    };
    entries.filter_map(process).collect()
}

/// Programs for Windows all run as Wine's own: the first word of their command line says which one it is.
fn in_wine(program: PathBuf, words: &dyn Fn() -> Vec<u8>) -> PathBuf {
    let name = program.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !name.starts_with("wine") {
        return program;
    }
    let words = words();
    let first = words.split(|&b| b == 0).next().unwrap_or_default();
    match std::str::from_utf8(first) {
        Ok(first) if first.to_ascii_lowercase().ends_with(".exe") => first.replace('\\', "/").into(),
        _ => program,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_in_wine_goes_by_its_own_name() {
        let words = || b"Z:\\home\\ada\\Games\\Caves.exe\0--fast\0".to_vec();
        let found = in_wine("/usr/lib/wine/wine64-preloader".into(), &words);
        assert_eq!(found.file_name().and_then(|name| name.to_str()), Some("Caves.exe"));
        assert_eq!(in_wine("/usr/bin/wine".into(), &Vec::new), PathBuf::from("/usr/bin/wine"));
        assert_eq!(in_wine("/usr/bin/vim".into(), &words), PathBuf::from("/usr/bin/vim"));
    }
}
