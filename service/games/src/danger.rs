//! Folders that are never taken for a game (T-80): a slip there would touch far more than a game.

use std::{
    fmt,
    path::{Component, Path, PathBuf},
};

use crate::{Environment, GameError, Platform, System};

/// Why a folder is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    NotAbsolute,
    /// `/`, a drive or a share.
    Root,
    Home,
    /// A folder above the home folder.
    AboveHome,
    /// A folder of the operating system.
    System,
    /// A folder in which programs keep the data of all of them, or keys.
    Shared,
    /// A path form whose meaning depends on the program that reads it.
    Form,
    Missing,
    /// Another game is there.
    OtherGame,
}

impl fmt::Display for Danger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAbsolute => "the path does not begin at the top",
            Self::Root => "it is a whole disk",
            Self::Home => "it is your home folder",
            Self::AboveHome => "it contains your home folder",
            Self::System => "it belongs to the operating system",
            Self::Shared => "other programs keep their data there",
            Self::Form => "the path is written in a form that is not supported",
            Self::Missing => "there is no such folder",
            Self::OtherGame => "another game is there",
        })
    }
}

const LINUX_SYSTEM: &[&str] = &[
    "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "root", "run", "sbin", "sys",
    "usr", "var", "nix", "snap",
];
/// Folders for data of many programs or users: refused themselves, while folders inside may be games.
const LINUX_SHARED: &[&str] = &["home", "opt", "srv", "mnt", "media", "tmp", "usr/games", "usr/share/games"];
/// Below these system folders a game may well live.
const LINUX_ALLOWED: &[&str] = &["usr/local/games", "usr/share/games", "var/games", "var/lib", "run/media"];
const WINDOWS_SYSTEM: &[&str] = &["windows", "system volume information", "$recycle.bin", "programdata"];
const HOME_SHARED: &[&str] = &[
    ".ssh",
    ".gnupg",
    ".config",
    ".local",
    ".local/share",
    ".local/bin",
    ".cache",
    ".var",
    ".var/app",
    "desktop",
    "documents",
    "downloads",
    "library",
    "library/application support",
    "appdata",
    "appdata/roaming",
    "appdata/local",
];
/// Refused with everything below.
const HOME_PRIVATE: &[&str] = &[".ssh", ".gnupg", ".local/bin"];

/// The folder without links, if it may hold a game.
///
/// # Errors
/// [`GameError::Dangerous`] for disks, home and system folders, relative paths and UNC or device forms.
pub fn refuse_dangerous_root(
    platform: &dyn Platform,
    environment: &Environment,
    folder: &Path,
) -> Result<PathBuf, GameError> {
    let refuse = |danger| GameError::Dangerous { folder: folder.display().to_string(), danger };
    if let Some(danger) = danger_of(environment, folder) {
        return Err(refuse(danger));
    }
    // Judged again without links: `~/game -> /etc` is `/etc`.
    let real =
        platform.canonical(folder).filter(|real| platform.is_dir(real)).ok_or(refuse(Danger::Missing))?;
    let home = environment.home.as_ref().and_then(|home| platform.canonical(home));
    let resolved = Environment { home: home.or_else(|| environment.home.clone()), ..environment.clone() };
    match danger_of(&resolved, &real) {
        Some(danger) => Err(refuse(danger)),
        None => Ok(real),
    }
}

/// Why a folder of a definition may not be used; one that is not there yet is judged by its path.
pub(crate) fn danger(platform: &dyn Platform, environment: &Environment, folder: &Path) -> Option<Danger> {
    match refuse_dangerous_root(platform, environment, folder) {
        Err(GameError::Dangerous { danger, .. }) => Some(danger).filter(|danger| *danger != Danger::Missing),
        _ => None,
    }
}

fn danger_of(environment: &Environment, folder: &Path) -> Option<Danger> {
    let text = folder.to_string_lossy();
    let plain_dots = text.split(['/', '\\']).any(|part| matches!(part, "." | ".."));
    if text.starts_with(r"\\") || text.starts_with("//") || text.contains('\0') || plain_dots {
        return Some(Danger::Form);
    }
    let is_absolute = match environment.system {
        System::Windows => {
            text.as_bytes().get(1) == Some(&b':') && matches!(text.as_bytes().get(2), Some(b'\\' | b'/'))
        }
        System::Linux | System::Macos => folder.is_absolute(),
    };
    if !is_absolute {
        let drive = environment.system == System::Windows && text.len() == 2 && text.ends_with(':');
        return Some(if drive { Danger::Root } else { Danger::NotAbsolute });
    }
    let below_root = folder.strip_prefix(&environment.root).unwrap_or(folder);
    let parts = parts(below_root);
    if parts.is_empty() {
        return Some(Danger::Root);
    }
    if let Some(danger) = environment.home.as_ref().and_then(|home| danger_in_home(home, folder)) {
        return danger;
    }
    danger_by_system(environment.system, &parts)
}

/// The parts below the root or drive, in lower case.
fn parts(path: &Path) -> Vec<String> {
    let text = path.to_string_lossy().replace('\\', "/").to_lowercase();
    let text = text.split_once(":/").map_or(text.as_str(), |(_, rest)| rest);
    text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// `Some(None)`: below home and fine.
fn danger_in_home(home: &Path, folder: &Path) -> Option<Option<Danger>> {
    let (home, folder) = (parts(home), parts(folder));
    if home == folder {
        return Some(Some(Danger::Home));
    }
    if home.starts_with(&folder) {
        return Some(Some(Danger::AboveHome));
    }
    let below = folder.strip_prefix(home.as_slice())?.join("/");
    let private = HOME_PRIVATE.iter().any(|name| below == *name || below.starts_with(&format!("{name}/")));
    Some((private || HOME_SHARED.contains(&below.as_str())).then_some(Danger::Shared))
}

fn danger_by_system(system: System, parts: &[String]) -> Option<Danger> {
    let path = parts.join("/");
    let top = parts.first().map_or("", String::as_str);
    match system {
        System::Windows => {
            let program_files = parts.len() == 1 && (top.starts_with("program files") || top == "users");
            (WINDOWS_SYSTEM.contains(&top) || program_files).then_some(Danger::System)
        }
        System::Linux | System::Macos => {
            if LINUX_SHARED.contains(&path.as_str()) {
                return Some(Danger::Shared);
            }
            let allowed = LINUX_ALLOWED.iter().any(|name| path.starts_with(&format!("{name}/")));
            let mac = system == System::Macos && matches!(top, "system" | "library" | "private" | "cores");
            let volume = matches!(top, "mnt" | "media" | "volumes") && parts.len() == 1;
            ((LINUX_SYSTEM.contains(&top) && !allowed) || mac || volume).then_some(Danger::System)
        }
    }
}

/// Whether `path` has no `..` in it; for values that are handed to a game.
pub(crate) fn is_plain_absolute(path: &Path) -> bool {
    path.is_absolute() && path.components().all(|part| !matches!(part, Component::ParentDir))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn danger(system: System, home: &str, folder: &str) -> Option<Danger> {
        let environment = Environment { home: Some(home.into()), ..Environment::empty(system) };
        danger_of(&environment, Path::new(folder))
    }

    /// T-80
    #[test]
    fn refuses_disks_home_and_system_folders() {
        let linux = |folder| danger(System::Linux, "/home/ada", folder);
        assert_eq!(linux("/"), Some(Danger::Root));
        assert_eq!(linux("/home/ada"), Some(Danger::Home));
        assert_eq!(linux("/home/ada/"), Some(Danger::Home));
        assert_eq!(linux("/home"), Some(Danger::AboveHome));
        for folder in
            ["/etc", "/usr", "/usr/bin", "/usr/lib/minetest", "/var", "/proc/self", "/boot/x", "/dev/shm"]
        {
            assert_eq!(linux(folder), Some(Danger::System), "{folder}");
        }
        for folder in
            ["/home/ada/.ssh", "/home/ada/.ssh/x", "/home/ada/.config", "/home/ada/Documents", "/opt", "/tmp"]
        {
            assert_eq!(linux(folder), Some(Danger::Shared), "{folder}");
        }
        assert_eq!(linux("games/x"), Some(Danger::NotAbsolute));
        assert_eq!(linux("/home/ada/../bob"), Some(Danger::Form));
        assert_eq!(linux("//server/share"), Some(Danger::Form));
        for folder in
            ["/home/ada/.minetest", "/opt/luanti", "/srv/games/mt", "/home/ada/Größe", "/var/games/minetest"]
        {
            assert_eq!(linux(folder), None, "{folder}");
        }
    }

    #[test]
    fn refuses_drives_and_device_forms() {
        let windows = |folder| danger(System::Windows, r"C:\Users\Ada", folder);
        for folder in [r"C:\", "C:", "D:/"] {
            assert_eq!(windows(folder), Some(Danger::Root), "{folder}");
        }
        for folder in [r"\\server\share\game", r"\\?\C:\game", r"\\.\C:"] {
            assert_eq!(windows(folder), Some(Danger::Form), "{folder}");
        }
        assert_eq!(windows(r"c:\users\ADA"), Some(Danger::Home));
        assert_eq!(windows(r"C:\Windows\System32"), Some(Danger::System));
        assert_eq!(windows(r"C:\Program Files"), Some(Danger::System));
        assert_eq!(windows(r"D:\Games\Luanti"), None);
    }
}
