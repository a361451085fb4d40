//! Processes of one test, found by a variable that only they carry, and patience.

use std::{
    path::Path,
    time::{Duration, Instant},
};

/// A running process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    pub id: u32,
    /// Name of its program, at most 15 bytes long (`/proc/ID/comm`).
    pub name: String,
}

impl Process {
    /// Ends it at once. The signal is sent by `kill`, since this repository has no unsafe code.
    pub fn kill(&self) {
        let _ = std::process::Command::new("kill").args(["-9", &self.id.to_string()]).status();
    }
}

/// Processes that were started with `NAME=value` in their environment. Zombies have none and are not listed.
pub fn processes_with(variable: &str, value: &Path) -> Vec<Process> {
    let wanted = format!("{variable}={}", value.display());
    let entries = std::fs::read_dir("/proc").expect("processes can be listed");
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter_map(|id| {
        let environment = std::fs::read(format!("/proc/{id}/environ")).ok()?;
        environment.split(|byte| *byte == 0).find(|entry| *entry == wanted.as_bytes())?;
        let name = std::fs::read_to_string(format!("/proc/{id}/comm")).ok()?.trim().to_owned();
        Some(Process { id, name })
    })
    .collect()
}

/// Asks again and again until there is an answer, or the time is over.
pub fn patiently<T>(longest: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + longest;
    loop {
        let answer = ask();
        if answer.is_some() || Instant::now() > deadline {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
}

/// The same, for an answer that must come.
///
/// # Panics
/// Where there is none in time; `what` says what was waited for.
pub fn eventually<T>(what: &str, longest: Duration, ask: impl FnMut() -> Option<T>) -> T {
    patiently(longest, ask).unwrap_or_else(|| panic!("waited in vain for: {what}"))
}
