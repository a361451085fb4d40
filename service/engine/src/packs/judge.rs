//! Which files of a pack may come along, and where they go. Pure.
//!
//! A pack's own files are nobody's package: no source knows them, and nobody signed them. Settings and pictures may come;
//! programs and whatever lies outside of the folders that the game's definition names may not (T-37), and are shown.

use muster_domain::PortablePath;
use muster_games::{Definition, PathGlobs};
use muster_package::{Limits, validate_foreign};

use crate::EngineError;

/// Why a file of a pack stays behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// It is a program, or an archive with one: those come as packages, by their sources.
    Program,
    /// It would lie outside of the folders that are for mods and their settings.
    Outside,
    /// It is a file that no package may touch.
    Protected,
    /// Its name or its description cannot be used.
    Name,
    /// The pack names no address for it that may be asked.
    Address,
}

impl Refusal {
    /// The stable name, of which a sentence is made.
    pub fn code(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Outside => "outside",
            Self::Protected => "protected",
            Self::Name => "name",
            Self::Address => "address",
        }
    }
}

/// Endings of files that some system or some game's loader runs.
const PROGRAMS: &[&str] = &[
    "exe", "dll", "so", "dylib", "com", "scr", "msi", "msix", "jar", "class", "litemod", "bat", "cmd", "ps1",
    "psm1", "sh", "bash", "vbs", "vbe", "js", "mjs", "jse", "wsf", "wsh", "hta", "py", "pyc", "pyd", "rb",
    "pl", "appimage", "run", "deb", "rpm", "apk", "app", "command", "lnk", "url", "desktop", "reg", "cpl",
    "ocx", "sys", "drv", "node",
];
/// Endings that people put behind the one that counts.
const SET_ASIDE: &[&str] = &["disabled", "old", "bak", "off"];
/// How programs begin: Windows, Linux, macOS (four forms), scripts, and compiled Java, which shares its beginning with one of
/// macOS.
const BEGINNINGS: &[&[u8]] = &[
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
];
const ZIP: &[u8] = b"PK\x03\x04";
/// Archives that nothing here looks into: 7z, RAR.
const CLOSED: &[&[u8]] = &[b"7z\xbc\xaf\x27\x1c", b"Rar!"];

/// The rules of one game.
pub(super) struct Judge<'d> {
    definition: &'d Definition,
    config: PathGlobs,
    protected: PathGlobs,
}

impl<'d> Judge<'d> {
    pub fn new(definition: &'d Definition) -> Result<Self, EngineError> {
        let unreadable = |_| EngineError::Internal("a definition's globs cannot be read");
        Ok(Self {
            config: PathGlobs::new(&definition.config).map_err(unreadable)?,
            protected: PathGlobs::new(&definition.protected).map_err(unreadable)?,
            definition,
        })
    }

    /// Place and path of a file that lies at `path` below the folder of the game, by its name alone.
    pub fn by_name(&self, path: &PortablePath) -> Result<(String, PortablePath), Refusal> {
        let (place, rest) = self.place(path)?;
        if is_program(path.file_name()) {
            return Err(Refusal::Program);
        }
        Ok((place, rest))
    }

    /// The folder that a file would lie in, whatever it is: where the definition has a place of its own for it, or where
    /// it says that files are settings.
    pub fn place(&self, path: &PortablePath) -> Result<(String, PortablePath), Refusal> {
        let whole = self.definition.places.iter().find(|(_, place)| place.path.is_none());
        let (top, root) = whole.map(|(name, place)| (name, &place.root)).ok_or(Refusal::Outside)?;
        if self.protected.matches_in(top, path) {
            return Err(Refusal::Protected);
        }
        let inside = |(name, place): (&String, &muster_games::Place)| {
            let folder = place.path.as_ref().filter(|_| place.root == *root)?;
            Some((folder.as_str().len(), name.clone(), below(path, folder)?))
        };
        let found = self.definition.places.iter().filter_map(inside).max_by_key(|(length, ..)| *length);
        match found {
            Some((_, place, rest)) if self.protected.matches_in(&place, &rest) => Err(Refusal::Protected),
            Some((_, place, rest)) => Ok((place, rest)),
            None if self.config.matches_in(top, path) => Ok((top.clone(), path.clone())),
            None => Err(Refusal::Outside),
        }
    }
}

/// The path below a folder, letters of either case.
fn below(path: &PortablePath, folder: &PortablePath) -> Option<PortablePath> {
    let start = path.as_str().get(..folder.as_str().len())?;
    let rest = path.as_str()[start.len()..].strip_prefix('/')?;
    start.eq_ignore_ascii_case(folder.as_str()).then(|| rest.parse().ok())?
}

/// Whether a name says that something is run, also where the ending was put out of use.
fn is_program(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_one = |ending: &str| PROGRAMS.contains(&ending);
    let mut endings = name.rsplit('.').filter(|part| !part.is_empty());
    let Some(mut last) = endings.next() else { return false };
    // `libx.so.6`, `mod.jar.disabled`
    while SET_ASIDE.contains(&last) || last.bytes().all(|byte| byte.is_ascii_digit()) {
        match endings.next() {
            Some(before) => last = before,
            None => return false,
        }
    }
    is_one(last) && name.contains('.')
}

/// Whether the bytes of a file are a program, or an archive with one, or one that cannot be looked into.
pub(super) fn holds_program(bytes: &[u8]) -> bool {
    if BEGINNINGS.iter().chain(CLOSED).any(|start| bytes.starts_with(start)) {
        return true;
    }
    if !bytes.starts_with(ZIP) {
        return false;
    }
    match validate_foreign(bytes, &Limits::default()) {
        Ok(entries) => entries.iter().any(|entry| {
            let name = entry.path.file_name();
            is_program(name) || name.to_ascii_lowercase().ends_with(".zip")
        }),
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use muster_games::Library;
    use proptest::prelude::*;

    use super::*;

    fn judged(game: &str, path: &str) -> Result<String, Refusal> {
        let library = Library::shipped().expect("shipped");
        let definition = library.get(&game.parse().expect("id")).expect("known");
        let judge = Judge::new(definition).expect("globs");
        judge.by_name(&path.parse().expect("path")).map(|(place, path)| format!("{place}:{path}"))
    }

    #[test]
    fn settings_and_packs_of_pictures_come_along() {
        for (path, place) in [
            ("config/glow.toml", "config:glow.toml"),
            ("Config/sub/glow.json", "config:sub/glow.json"),
            ("resourcepacks/Faithful.zip", "resource-packs:Faithful.zip"),
            ("shaderpacks/soft.zip", "shader-packs:soft.zip"),
            ("options.txt", "instance:options.txt"),
        ] {
            assert_eq!(judged("minecraft", path).as_deref(), Ok(place), "{path}");
        }
        assert_eq!(judged("lethal-company", "BepInEx/config/ada.cfg").as_deref(), Ok("config:ada.cfg"));
    }

    #[test]
    fn programs_stay_behind_wherever_they_would_lie() {
        for path in [
            "mods/extra.jar",
            "mods/extra.jar.disabled",
            "config/run.exe",
            "config/Evil.DLL",
            "config/lib.so.6",
            "config/x.sh",
            "resourcepacks/y.class",
            "config/z.lnk",
            "config/a.js",
        ] {
            assert_eq!(judged("minecraft", path), Err(Refusal::Program), "{path}");
        }
        for path in ["BepInEx/plugins/Evil.dll", "BepInEx/config/Evil.dll", "BepInEx/patchers/x.dll"] {
            assert_eq!(judged("lethal-company", path), Err(Refusal::Program), "{path}");
        }
    }

    #[test]
    fn what_lies_outside_or_is_not_for_packages_stays_behind() {
        for path in ["saves/world/level.dat", "servers.dat", "versions/1.20.json", "launcher_profiles.json"] {
            assert_eq!(judged("minecraft", path), Err(Refusal::Protected), "{path}");
        }
        for path in ["notes.txt", "kubejs/data/x.json", "logs/latest.log"] {
            assert_eq!(judged("minecraft", path), Err(Refusal::Outside), "{path}");
        }
        assert_eq!(judged("lethal-company", "Lethal Company_Data/level0"), Err(Refusal::Protected));
        assert_eq!(judged("lethal-company", "doorstop_config.ini"), Err(Refusal::Outside));
        assert_eq!(
            judged("minetest", "mods/x/init.lua"),
            Err(Refusal::Outside),
            "no place is the whole game"
        );
    }

    #[test]
    fn bytes_tell_programs_that_names_hide() {
        for program in [
            &b"MZ\x90"[..],
            b"\x7fELF\x02",
            b"#!/bin/sh\n",
            b"\xca\xfe\xba\xbe",
            b"PK\x03\x04broken",
            b"Rar!x",
        ] {
            assert!(holds_program(program));
        }
        for text in [&b""[..], b"glow = 7\n", b"{}", b"\x89PNG"] {
            assert!(!holds_program(text));
        }
    }

    /// Read once, not for every case.
    static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::shipped().expect("shipped"));

    proptest! {
        /// Whatever a pack calls a file, it lies in a place of the definition and is called as it was, or stays behind.
        #[test]
        fn no_name_leads_anywhere_else(path in "(mods|config|BepInEx|\\.\\.|x|CON|saves)(/[a-zA-Z.]{1,8}){0,3}") {
            let Ok(path) = path.parse::<PortablePath>() else { return Ok(()) };
            for game in ["minecraft", "lethal-company"] {
                let definition = LIBRARY.get(&game.parse().expect("id")).expect("known");
                let judge = Judge::new(definition).expect("globs");
                if let Ok((place, rest)) = judge.by_name(&path) {
                    prop_assert!(definition.places.contains_key(&place));
                    prop_assert!(path.as_str().ends_with(rest.as_str()));
                    prop_assert!(!is_program(path.file_name()));
                }
            }
        }
    }
}
