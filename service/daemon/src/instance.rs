//! One service per user: the lock file says who runs, and ends with the process however it ends.

use std::{
    fs::{self, File},
    io::{Read, Seek, Write},
    path::PathBuf,
    time::Duration,
};

use muster_client::{BUILD, Endpoint, Places};

/// How often the lock is asked for: threads of a service that was killed may still wait for the disk, and hold it until then.
const ATTEMPTS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(25);

/// Why this process may not be the service.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    #[error("another Muster service is running{}", .0.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    Running(Option<u32>),
    #[error("cannot use {path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
}

/// Held for the life of the process.
#[derive(Debug)]
pub struct Instance {
    _lock: File,
}

impl Instance {
    /// Takes the service lock, or says who has it.
    pub fn claim(places: &Places) -> Result<Self, InstanceError> {
        let path = places.service_lock();
        let failed = |source| InstanceError::Io { path: path.clone(), source };
        fs::create_dir_all(&places.run).map_err(failed)?;
        let mut lock = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        let mut attempts = ATTEMPTS;
        while !muster_client::lock_exclusively(&lock).map_err(failed)? {
            attempts -= 1;
            if attempts == 0 {
                return Err(InstanceError::Running(holder(&mut lock)));
            }
            std::thread::sleep(PAUSE);
        }
        let endpoint = match places.endpoint() {
            Endpoint::Socket(path) => path.display().to_string(),
            Endpoint::Pipe(name) => name,
        };
        let text = serde_json::json!({ "pid": std::process::id(), "endpoint": endpoint, "build": BUILD })
            .to_string();
        lock.set_len(0)
            .and_then(|()| lock.write_all(text.as_bytes()))
            .and_then(|()| lock.flush())
            .map_err(failed)?;
        Ok(Self { _lock: lock })
    }
}

fn holder(lock: &mut File) -> Option<u32> {
    let mut text = String::new();
    lock.rewind().ok()?;
    lock.take(4096).read_to_string(&mut text).ok()?;
    let value: serde_json::Value = serde_json::from_str(&text).ok()?;
    value["pid"].as_u64()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_service_learns_who_runs_and_a_dead_one_leaves_the_place() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        let first = Instance::claim(&places).unwrap();
        assert!(matches!(
            Instance::claim(&places),
            Err(InstanceError::Running(Some(pid))) if pid == std::process::id()
        ));
        drop(first);
        assert!(Instance::claim(&places).is_ok());
    }
}
