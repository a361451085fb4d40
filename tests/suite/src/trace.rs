//! strace on a running service: slow disks, and death at a chosen system call.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A strace that is attached to all threads of a process.
pub struct Trace {
    child: Child,
}

impl Trace {
    /// Attaches with injections such as `fdatasync:delay_enter=50000`; `None` (with the reason printed) where strace
    /// is not there or not allowed.
    pub fn attach(pid: u32, injections: &[String]) -> Option<Self> {
        let injections: Vec<String> =
            injections.iter().map(|injection| format!("inject={injection}")).collect();
        Self::begin(pid, Path::new("/dev/null"), &injections)
    }

    /// Attaches and writes down which calls of the file system are made, for [`Calls::read`].
    pub fn list(pid: u32, to: &Path) -> Option<Self> {
        Self::begin(pid, to, &["trace=%file,%desc".to_owned(), "signal=none".to_owned()])
    }

    fn begin(pid: u32, to: &Path, expressions: &[String]) -> Option<Self> {
        let mut command = Command::new("strace");
        command.args(["-f", "-q", "-s", "0", "-p", &pid.to_string(), "-o"]).arg(to);
        for expression in expressions {
            command.args(["-e", expression]);
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => {
                eprintln!("skipped: no strace: {error}");
                return None;
            }
        };
        let stderr = child.stderr.take().expect("piped");
        let said = std::thread::spawn(move || {
            let lines = BufReader::new(stderr).lines();
            lines.map_while(Result::ok).collect::<Vec<_>>().join("\n")
        });
        let deadline = Instant::now() + Duration::from_secs(20);
        while Instant::now() < deadline {
            if let Ok(Some(_)) = child.try_wait() {
                eprintln!("skipped: strace ended: {}", said.join().unwrap_or_default());
                return None;
            }
            if all_traced(pid, child.id()) {
                return Some(Self { child });
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        let _ = child.wait();
        eprintln!("skipped: strace does not attach");
        None
    }
}

/// Whether every thread names the tracer.
fn all_traced(pid: u32, tracer: u32) -> bool {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return false };
    let wanted = format!("TracerPid:\t{tracer}");
    threads.flatten().all(|thread| {
        let status = std::fs::read_to_string(thread.path().join("status")).unwrap_or_default();
        status.lines().any(|line| line == wanted)
    })
}

impl Drop for Trace {
    fn drop(&mut self) {
        // SIGTERM lets it detach, so that a service that lives goes on. Now and then it misses that its process is gone.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let deadline = Instant::now() + Duration::from_secs(2);
        while Instant::now() < deadline && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How often each thread made each system call.
#[derive(Debug, Default)]
pub struct Calls(BTreeMap<(u32, String), u32>);

impl Calls {
    /// Reads what [`Trace::list`] wrote.
    pub fn read(list: &Path) -> Self {
        let mut calls = Self::default();
        for line in std::fs::read_to_string(list).expect("a list").lines() {
            let Some((thread, rest)) = line.split_once(' ') else { continue };
            // The second half of a call that was interrupted begins with `<`.
            let Some((name, _)) = rest.trim_start().split_once('(') else { continue };
            if let (Ok(thread), true) =
                (thread.parse(), name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            {
                *calls.0.entry((thread, name.to_owned())).or_default() += 1;
            }
        }
        calls
    }

    /// The most that one thread made of one of these calls, named with commas between.
    pub fn most(&self, group: &str) -> u32 {
        let is_meant = |name: &str| group.split(',').any(|call| call == name);
        self.0.iter().filter(|((_, name), _)| is_meant(name)).map(|(_, count)| *count).max().unwrap_or(0)
    }
}
