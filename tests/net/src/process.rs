//! Programs inside namespaces: started, measured from outside, and always ended.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// From being asked to end to being killed.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// A running program; killed when dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    log: PathBuf,
    started: Instant,
}

impl Program {
    /// Starts a command. What it says on its error output, and on its output unless that was piped, goes to a log file.
    ///
    /// # Errors
    /// If it is not there.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| format!("{} can not be written", log.display()))?;
        command.stderr(file.try_clone()?);
        Self::spawn(command.stdin(Stdio::null()).stdout(file), log)
    }

    /// Starts a command whose input and output are piped.
    ///
    /// # Errors
    /// If it is not there.
    pub fn start_piped(command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| format!("{} can not be written", log.display()))?;
        command.stderr(file);
        Self::spawn(command.stdin(Stdio::piped()).stdout(Stdio::piped()), log)
    }

    fn spawn(command: &mut Command, log: &Path) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("{command:?} can not be started"))?;
        Ok(Self { child, log: log.to_owned(), started: Instant::now() })
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn started(&self) -> Instant {
        self.started
    }

    /// The end of what it has said, for whoever looks for what went wrong.
    pub fn last_words(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(2_000)..]).into_owned()
    }

    /// Seconds of processor time so far.
    ///
    /// # Errors
    /// If it has ended.
    pub fn cpu(&self) -> Result<f64> {
        cpu_seconds(self.pid())
    }

    /// Largest memory so far, in bytes.
    ///
    /// # Errors
    /// If it has ended.
    pub fn peak_memory(&self) -> Result<u64> {
        status_bytes(self.pid(), "VmHWM:")
    }

    /// Memory now, in bytes.
    ///
    /// # Errors
    /// If it has ended.
    pub fn memory(&self) -> Result<u64> {
        status_bytes(self.pid(), "VmRSS:")
    }

    /// Open descriptors now.
    ///
    /// # Errors
    /// If it has ended.
    pub fn descriptors(&self) -> Result<usize> {
        Ok(std::fs::read_dir(format!("/proc/{}/fd", self.pid()))?.count())
    }

    /// How often its threads have been woken so far.
    ///
    /// # Errors
    /// If it has ended.
    pub fn wake_ups(&self) -> Result<u64> {
        let mut sum = 0;
        for task in std::fs::read_dir(format!("/proc/{}/task", self.pid()))? {
            // A thread may end while it is looked at.
            let status = std::fs::read_to_string(task?.path().join("status")).unwrap_or_default();
            sum += field(&status, "voluntary_ctxt_switches:").unwrap_or(0);
        }
        Ok(sum)
    }

    /// Whether it runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// If it does not end in time, or not well.
    pub fn wait(&mut self, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait()? {
                anyhow::ensure!(status.success(), "ended with {status}: {}", self.last_words());
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("still runs after {patience:?}: {}", self.last_words());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Kills it, as a crash or a pulled plug would.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end, and makes it.
    pub fn end(&mut self) {
        if let Some(pid) = Pid::from_raw(self.pid() as i32).filter(|_| self.is_running()) {
            let _ = kill_process(pid, Signal::TERM);
            if self.wait(LAST_WORDS).is_ok() {
                return;
            }
        }
        self.kill();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Seconds of processor time of a process.
///
/// # Errors
/// If it has ended.
pub fn cpu_seconds(pid: u32) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name is in parentheses and may hold anything; user and system time are the 12th and 13th after it.
    let after = text.rsplit_once(')').context("a process has a name")?.1;
    let ticks: u64 =
        after.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse().unwrap_or(0_u64)).sum();
    Ok(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// Largest memory of a process so far, in bytes.
///
/// # Errors
/// If it has ended.
pub fn peak_memory(pid: u32) -> Result<u64> {
    status_bytes(pid, "VmHWM:")
}

fn status_bytes(pid: u32, key: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    Ok(field(&status, key).with_context(|| format!("{key} is not known"))? * 1_024)
}

fn field(status: &str, key: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix(key))?.split_whitespace().next()?.parse().ok()
}
