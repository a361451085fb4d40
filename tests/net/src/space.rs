//! Network namespaces: made with `ip netns`, entered with `setns`, and always removed again.
//!
//! A namespace is named `muster-lab-<pid>-<number>-<label>`. The pid makes names unique between programs and tells which
//! of them are left over: a namespace whose program is gone is swept away, with the processes in it, by the next one.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Once,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use rustix::{
    process::{Pid, Signal, kill_process},
    thread::{LinkNameSpaceType, move_into_link_name_space},
};

const PREFIX: &str = "muster-lab-";
/// Until processes of a namespace are gone after they were killed.
const BURIAL: Duration = Duration::from_secs(3);

static NUMBER: AtomicU32 = AtomicU32::new(0);
static SWEEP: Once = Once::new();

/// Why no lab can be made here, if none can. Tests print it and pass.
pub fn unavailable() -> Option<String> {
    let needs = "skipped: needs root and network namespaces";
    if !rustix::process::geteuid().is_root() {
        return Some(needs.to_owned());
    }
    let probe = || -> Result<()> {
        run("tc", &["-V"])?;
        Namespace::new("probe").map(drop)
    };
    probe().err().map(|error| format!("{needs} ({error:#})"))
}

/// One network namespace: a machine of its own as far as the network is concerned.
#[derive(Debug)]
pub struct Namespace {
    name: String,
}

impl Namespace {
    /// Makes an empty one with nothing but its loopback interface.
    ///
    /// # Errors
    /// If `ip` cannot: no root, no namespaces.
    pub fn new(label: &str) -> Result<Self> {
        SWEEP.call_once(sweep);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}-{number}-{label}", std::process::id());
        run("ip", &["netns", "add", &name])?;
        let space = Self { name };
        // Neighbour discovery would be the only traffic that nobody asked for.
        space.set("net.ipv6.conf.all.disable_ipv6", "1")?;
        // What players' systems use, whatever this machine prefers; on short lines the older one does the same.
        let control = |name| space.set("net.ipv4.tcp_congestion_control", name);
        control("cubic").or_else(|_| control("reno"))?;
        space.ip("link set lo up")?;
        Ok(space)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// A command that will run inside.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name]).arg(program);
        command
    }

    /// Runs `ip` on this namespace, with arguments that are separated by blanks.
    ///
    /// # Errors
    /// With what `ip` said.
    pub fn ip(&self, arguments: &str) -> Result<String> {
        let mut all = vec!["-n", &self.name];
        all.extend(arguments.split_whitespace());
        run("ip", &all)
    }

    /// Runs `tc` on this namespace, with arguments that are separated by blanks.
    ///
    /// # Errors
    /// With what `tc` said.
    pub fn tc(&self, arguments: &str) -> Result<String> {
        let mut all = vec!["-n", &self.name];
        all.extend(arguments.split_whitespace());
        run("tc", &all)
    }

    /// Sets a kernel parameter of this namespace, named as `sysctl` does.
    ///
    /// # Errors
    /// If there is no such parameter.
    pub fn set(&self, key: &str, value: &str) -> Result<()> {
        let (path, value) = (Path::new("/proc/sys").join(key.replace('.', "/")), value.to_owned());
        self.enter(move || {
            let file = File::options().write(true).open(&path);
            file.and_then(|mut file| std::io::Write::write_all(&mut file, value.as_bytes()))
                .with_context(|| format!("{} can not be set", path.display()))
        })?
    }

    /// Calls a function on a thread of its own inside; sockets and devices made there stay inside for ever.
    ///
    /// # Errors
    /// If the namespace is gone.
    pub fn enter<T: Send>(&self, call: impl FnOnce() -> T + Send) -> Result<T> {
        let path = self.path();
        std::thread::scope(|scope| {
            let inside = scope.spawn(move || {
                let file = File::open(&path).with_context(|| format!("{} is gone", path.display()))?;
                move_into_link_name_space(std::os::fd::AsFd::as_fd(&file), Some(LinkNameSpaceType::Network))?;
                Ok(call())
            });
            inside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn path(&self) -> PathBuf {
        Path::new("/run/netns").join(&self.name)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        remove(&self.name);
    }
}

/// Removes what programs left behind that are no longer there.
fn sweep() {
    let Ok(list) = run("ip", &["netns", "list"]) else { return };
    for name in list.lines().filter_map(|line| line.split_whitespace().next()) {
        if crate::place::is_stale(name) {
            remove(name);
        }
    }
}

/// Ends the processes of a namespace, and it.
fn remove(name: &str) {
    let inside = || -> Vec<Pid> {
        let list = run("ip", &["netns", "pids", name]).unwrap_or_default();
        list.split_whitespace().filter_map(|pid| Pid::from_raw(pid.parse().ok()?)).collect()
    };
    let began = Instant::now();
    loop {
        let left = inside();
        if left.is_empty() || began.elapsed() > BURIAL {
            break;
        }
        for pid in left {
            // It may be gone by itself.
            let _ = kill_process(pid, Signal::KILL);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    // Nobody is left who could be told.
    let _ = run("ip", &["netns", "del", name]);
}

/// Runs a program to its end and gives back what it printed.
///
/// # Errors
/// If it is not there, or fails: with what it said.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{program} is not there"))?;
    ensure!(
        output.status.success(),
        "{program} {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_program_left_is_swept_and_what_lives_stays() -> Result<()> {
        if let Some(reason) = unavailable() {
            println!("{reason}");
            return Ok(());
        }
        let mine = Namespace::new("mine")?;
        // No process can have this number.
        let stale = format!("{PREFIX}{}-0-stale", u32::MAX);
        run("ip", &["netns", "add", &stale])?;
        let mut orphan = Command::new("ip").args(["netns", "exec", &stale, "sleep", "60"]).spawn()?;
        while run("ip", &["netns", "pids", &stale])?.trim().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        sweep();
        let left = run("ip", &["netns", "list"])?;
        assert!(!left.contains(&stale) && left.contains(mine.name()), "{left}");
        assert!(!orphan.wait()?.success(), "its process was ended");
        let name = mine.name().to_owned();
        drop(mine);
        assert!(!run("ip", &["netns", "list"])?.contains(&name));
        Ok(())
    }
}
