//! Which games are installed, where their mods go, how they are started and what their log says about mods.
//!
//! Games are data: one YAML file each (`definitions/<id>.yaml`, `docs/formats/game.md`), overlaid by newer ones from
//! packages and by the user's own. Nothing in a definition is executed but the game's own programs, and those are
//! found on this machine, never named by a package's text as a command line.
//!
//! This crate knows no packages and no network. It reads the machine through [`Platform`] only, so that tests hand
//! it a fixture tree.

mod bepinex;
mod check;
mod danger;
mod definition;
mod detect;
mod environment;
mod error;
mod globs;
mod launch;
mod library;
mod lists;
mod loaders;
mod log;
mod own_text;
mod parse;
mod pattern;
mod platform;
mod running;
mod saves;
mod settings_file;
mod template;
mod version;

pub use check::DefinitionProblem;
pub use danger::{Danger, refuse_dangerous_root};
pub use definition::{
    Argument, Definition, Escape, Extension, FORMAT, FileName, FolderRule, IgnoreRule, InstallRule, Launch,
    Layout, LinkChoice, ListLines, LoadOrder, LoadedPattern, Loader, LogPatterns, Managers, NameLines,
    NameSource, NamedThenLoaded, NativeDetection, OrderFile, Place, ProblemPattern, Route, SpreadRule,
    Stores, System, TextPart, Trial, VersionProbe, WorldSettings, schema,
};
pub use detect::{
    Installation, InstallationKind, Packaging, Program, SteamApp, World, detect, manual, worlds,
};
pub use environment::{Environment, Platform, Process};
pub use error::GameError;
pub use globs::PathGlobs;
pub use launch::{Command, LaunchContext, launch_command};
pub use library::{Library, Origin, shipped_vectors};
pub use lists::{Lists, NamesByPlace, write_text};
pub use loaders::loaders;
pub use log::{LogProblem, LogVerdict, read_log};
pub use own_text::{OwnText, WholeText};
pub use parse::{parse_definition, parse_vectors};
pub use pattern::TextPattern;
pub use platform::{Mute, ThisMachine};
pub use running::{Running, running, running_among};
pub use saves::{Saves, SavesFilter, save_folders, save_name};
pub use settings_file::{SettingsLines, SettingsRule};
pub use template::{LaunchVariable, PathTemplate};
pub use vectors::{SavesVector, Vector, VectorFile, VectorPlacement, Vectors};

mod vectors;

/// Every code of [`GameError`].
pub const CODES: &[&str] = GameError::CODES;
