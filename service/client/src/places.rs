//! Where Muster keeps its files, and where the service listens.
//!
//! `MUSTER_HOME` (tests, portable use) holds everything; else the platform's directories are used. The answer depends
//! only on the environment, so that service, window and terminal of one user always agree.

use std::{
    collections::hash_map::DefaultHasher,
    env,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
};

/// Longest path of a Unix socket on every Unix (Linux has 108 bytes, macOS 104, both with the final NUL).
const MAX_SOCKET_PATH: usize = 100;

/// No home directory is known.
#[derive(Debug, thiserror::Error)]
#[error("neither MUSTER_HOME nor a home directory is set")]
pub struct PlaceError;

/// The folders of one user's Muster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Settings that people edit.
    pub config: PathBuf,
    /// Precious: database, journals, trees, keys.
    pub state: PathBuf,
    /// Can be deleted at any time: archives, catalog.
    pub cache: PathBuf,
    /// Socket and lock of the running service.
    pub run: PathBuf,
    /// Logs.
    pub logs: PathBuf,
}

/// Where the service listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// A Unix socket.
    Socket(PathBuf),
    /// The name of a Windows pipe.
    Pipe(String),
}

impl Places {
    /// The places of this process's user.
    pub fn from_environment() -> Result<Self, PlaceError> {
        Self::from_variables(&|name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from))
    }

    /// The same for a given environment.
    pub fn from_variables(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Result<Self, PlaceError> {
        if let Some(home) = variable("MUSTER_HOME") {
            return Ok(Self::below(&home));
        }
        platform_places(variable).ok_or(PlaceError)
    }

    /// All places below one folder.
    pub fn below(home: &Path) -> Self {
        Self {
            config: home.join("config"),
            state: home.join("state"),
            cache: home.join("cache"),
            run: home.join("run"),
            logs: home.join("logs"),
        }
    }

    /// Where the service of these places listens.
    pub fn endpoint(&self) -> Endpoint {
        if cfg!(windows) {
            let mut hasher = DefaultHasher::new();
            self.run.hash(&mut hasher);
            return Endpoint::Pipe(format!(r"\\.\pipe\muster-{:016x}", hasher.finish()));
        }
        Endpoint::Socket(self.socket_folder().join("service.sock"))
    }

    /// The folder of the socket: `run`, or a short one named by its hash where `run` is too long for a socket.
    pub fn socket_folder(&self) -> PathBuf {
        if self.run.as_os_str().len() + "/service.sock".len() <= MAX_SOCKET_PATH {
            return self.run.clone();
        }
        let mut hasher = DefaultHasher::new();
        self.run.hash(&mut hasher);
        env::temp_dir().join(format!("muster-{}-{:016x}", crate::platform::user_tag(), hasher.finish()))
    }

    /// The lock that the running service holds; its text names pid and endpoint.
    pub fn service_lock(&self) -> PathBuf {
        self.run.join("service.lock")
    }

    /// The lock that is held while a service is being started.
    pub fn start_lock(&self) -> PathBuf {
        self.run.join("start.lock")
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn platform_places(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Option<Places> {
    let home = variable("HOME");
    let xdg = |name: &str, fallback: &str| {
        variable(name)
            .filter(|path| path.is_absolute())
            .or_else(|| home.as_ref().map(|home| home.join(fallback)))
    };
    let state = xdg("XDG_STATE_HOME", ".local/state")?.join("muster");
    let run = match variable("XDG_RUNTIME_DIR").filter(|path| path.is_absolute()) {
        Some(runtime) => runtime.join("muster"),
        None => env::temp_dir().join(format!("muster-{}", crate::platform::user_tag())),
    };
    Some(Places {
        config: xdg("XDG_CONFIG_HOME", ".config")?.join("muster"),
        cache: xdg("XDG_CACHE_HOME", ".cache")?.join("muster"),
        logs: state.join("logs"),
        state,
        run,
    })
}

#[cfg(target_os = "macos")]
fn platform_places(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Option<Places> {
    let library = variable("HOME")?.join("Library");
    let support = library.join("Application Support/Muster");
    Some(Places {
        config: support.join("config"),
        state: support.join("state"),
        cache: library.join("Caches/Muster"),
        run: support.join("run"),
        logs: library.join("Logs/Muster"),
    })
}

#[cfg(windows)]
fn platform_places(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Option<Places> {
    let roaming = variable("APPDATA")?.join("Muster");
    let local = variable("LOCALAPPDATA")?.join("Muster");
    Some(Places {
        config: roaming.join("config"),
        state: local.join("state"),
        cache: local.join("cache"),
        run: local.join("run"),
        logs: local.join("logs"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn muster_home_holds_everything() {
        let places =
            Places::from_variables(&|name| (name == "MUSTER_HOME").then(|| "/x/m".into())).expect("places");
        assert_eq!(places, Places::below(Path::new("/x/m")));
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn relative_xdg_variables_are_ignored() {
        let places = Places::from_variables(&|name| match name {
            "HOME" => Some("/home/ada".into()),
            "XDG_CACHE_HOME" => Some("relative".into()),
            "XDG_STATE_HOME" => Some("/var/ada".into()),
            "XDG_RUNTIME_DIR" => Some("/run/user/7".into()),
            _ => None,
        })
        .expect("places");
        assert_eq!(places.cache, Path::new("/home/ada/.cache/muster"));
        assert_eq!(places.state, Path::new("/var/ada/muster"));
        assert_eq!(places.endpoint(), Endpoint::Socket("/run/user/7/muster/service.sock".into()));
    }

    #[cfg(unix)]
    #[test]
    fn long_homes_still_have_a_socket_that_fits() {
        let places = Places::below(&Path::new("/").join("x".repeat(150)));
        let Endpoint::Socket(path) = places.endpoint() else { panic!("a socket") };
        assert!(path.as_os_str().len() <= MAX_SOCKET_PATH, "{}", path.display());
        assert_eq!(places.endpoint(), places.endpoint());
    }

    #[test]
    fn without_any_home_there_is_no_place() {
        assert!(Places::from_variables(&|_| None).is_err());
    }
}
