//! A command as data: which program, with which arguments and environment. The engine starts it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::{
    Argument, Definition, GameError, Installation, InstallationKind, LaunchVariable, Loader,
    danger::is_plain_absolute, template::ArgumentTemplate,
};

/// What to start. Never goes through a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub program: PathBuf,
    pub args: Vec<String>,
    /// Set in addition to the environment of the starter.
    pub env: BTreeMap<String, String>,
    /// The file names under which the running game can be recognised.
    pub process_names: Vec<String>,
}

/// Values for one start. Paths are made by Muster; address, port and player may come from outside and are checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchContext {
    pub world: Option<PathBuf>,
    pub content: Option<String>,
    pub address: Option<String>,
    pub port: Option<u16>,
    pub player: Option<String>,
    pub config: Option<PathBuf>,
    pub log: Option<PathBuf>,
    pub home: Option<PathBuf>,
    /// Placed files by list, in load order.
    pub lists: BTreeMap<String, Vec<PathBuf>>,
    /// Loaders that are in place.
    pub loaders: BTreeSet<String>,
}

/// Fills the template `launch` of the definition for one installation.
///
/// # Errors
/// [`GameError::NoLaunch`], [`GameError::NoProgram`]; [`GameError::Value`] if a needed value is missing or could be
/// taken for something else by the game (a leading hyphen, control characters, a relative path).
pub fn launch_command(
    definition: &Definition,
    installation: &Installation,
    launch: &str,
    context: &LaunchContext,
) -> Result<Command, GameError> {
    let game = &definition.id;
    let template = definition
        .launch
        .get(launch)
        .ok_or_else(|| GameError::NoLaunch { game: game.clone(), launch: launch.to_owned() })?;
    let program = installation
        .programs
        .get(&template.program)
        .ok_or_else(|| GameError::NoProgram { game: game.clone(), role: template.program.clone() })?;
    context.check().map_err(|variable| missing(definition, variable))?;
    let loaders = definition
        .loaders
        .iter()
        .filter(|(name, loader)| context.loaders.contains(*name) && loader.launches.contains(launch));
    let loaders: Vec<&Loader> = loaders.map(|(_, loader)| loader).collect();
    let value = |variable: &LaunchVariable| value(variable, context, installation);
    let mut args = Vec::new();
    for argument in template.args.iter().chain(loaders.iter().flat_map(|loader| &loader.args)) {
        match argument {
            Argument::One(one) => match one.list() {
                Some(list) => args.extend(listed(context, list)),
                None => args.push(one.fill(value).map_err(|variable| missing(definition, &variable.name()))?),
            },
            Argument::Optional(several) => args.extend(optional(several, context, value)),
        }
    }
    let env = template.env.iter().chain(loaders.iter().flat_map(|loader| &loader.env));
    let env = env.filter_map(|(name, text)| Some((name.clone(), text.fill(value).ok()?))).collect();
    let names = definition.native.iter().filter_map(|native| native.programs.get(&template.program));
    let process_names = names.flatten().cloned().collect();
    Ok(match &installation.kind {
        InstallationKind::Flatpak { .. } => {
            flatpak(program.path.clone(), &program.args, args, env, process_names)
        }
        InstallationKind::Heroic { .. } if !program.args.is_empty() => {
            heroic(program.path.clone(), &program.args, args, process_names)
        }
        // It has no way to hand arguments on.
        InstallationKind::Lutris { .. } if !program.args.is_empty() && !args.is_empty() => {
            return Err(GameError::NoLaunch { game: game.clone(), launch: launch.to_owned() });
        }
        InstallationKind::Native
        | InstallationKind::Manual
        | InstallationKind::Steam { .. }
        | InstallationKind::Heroic { .. }
        | InstallationKind::Lutris { .. } => {
            let args = program.args.iter().cloned().chain(args).collect();
            Command { program: program.path.clone(), args, env, process_names }
        }
    })
}

fn listed(context: &LaunchContext, list: &str) -> Vec<String> {
    context.lists.get(list).into_iter().flatten().filter_map(|path| text(path)).collect()
}

/// Several arguments, or none of them where a variable has no value or a list is empty.
fn optional(
    several: &[ArgumentTemplate],
    context: &LaunchContext,
    value: impl Fn(&LaunchVariable) -> Option<String> + Copy,
) -> Vec<String> {
    let mut args = Vec::new();
    for one in several {
        let filled = match one.list() {
            Some(list) => listed(context, list),
            None => one.fill(value).into_iter().collect(),
        };
        if filled.is_empty() {
            return Vec::new();
        }
        args.extend(filled);
    }
    args
}

/// Flatpak hands variables to the game by options of its own, before the application's id.
fn flatpak(
    program: PathBuf,
    prefix: &[String],
    args: Vec<String>,
    env: BTreeMap<String, String>,
    process_names: Vec<String>,
) -> Command {
    let (id, options) =
        prefix.split_last().map_or((None, prefix), |(id, options)| (Some(id.clone()), options));
    let variables = env.iter().map(|(name, value)| format!("--env={name}={value}"));
    let args = options.iter().cloned().chain(variables).chain(id).chain(args).collect();
    Command { program, args, env: BTreeMap::new(), process_names }
}

/// Heroic takes the game's arguments as parts of the address that starts it.
fn heroic(program: PathBuf, prefix: &[String], args: Vec<String>, process_names: Vec<String>) -> Command {
    let encoded = |text: &String| -> String {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        let character = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
        text.bytes().map(character).collect()
    };
    let mut command: Vec<String> = prefix.to_vec();
    if let Some(address) = command.last_mut() {
        args.iter().for_each(|argument| address.push_str(&format!("&arg={}", encoded(argument))));
    }
    Command { program, args: command, env: BTreeMap::new(), process_names }
}

fn missing(definition: &Definition, variable: &str) -> GameError {
    GameError::Value { game: definition.id.clone(), variable: variable.to_owned() }
}

fn text(path: &Path) -> Option<String> {
    path.to_str().map(str::to_owned)
}

fn value(variable: &LaunchVariable, context: &LaunchContext, installation: &Installation) -> Option<String> {
    match variable {
        LaunchVariable::World => text(context.world.as_ref()?),
        LaunchVariable::Content => context.content.clone(),
        LaunchVariable::Address => context.address.clone(),
        LaunchVariable::Port => context.port.map(|port| port.to_string()),
        LaunchVariable::Player => context.player.clone(),
        LaunchVariable::Config => text(context.config.as_ref()?),
        LaunchVariable::Log => text(context.log.as_ref()?),
        LaunchVariable::Home => text(context.home.as_ref()?),
        LaunchVariable::Place(place) => text(installation.places.get(place)?),
        LaunchVariable::Root(root) => text(installation.roots.get(root)?),
        LaunchVariable::Parent(root) => text(installation.roots.get(root)?.parent()?),
        LaunchVariable::List(_) => None,
    }
}

/// Host names, IPv4 and IPv6 addresses: nothing that a game could take for an option or a file.
fn is_address(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'%');
    !text.is_empty() && text.len() <= 253 && !text.starts_with(['-', '.']) && text.bytes().all(plain)
}

fn is_word(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    !text.is_empty() && text.len() <= 64 && !text.starts_with('-') && text.bytes().all(plain)
}

impl LaunchContext {
    /// The first value that does not fit its kind.
    fn check(&self) -> Result<(), &'static str> {
        let paths =
            [("world", &self.world), ("config", &self.config), ("log", &self.log), ("home", &self.home)];
        for (name, path) in paths {
            if path.as_ref().is_some_and(|path| !is_plain_absolute(path)) {
                return Err(name);
            }
        }
        if self.lists.values().flatten().any(|path| !is_plain_absolute(path)) {
            return Err("list");
        }
        if self.address.as_deref().is_some_and(|address| !is_address(address)) {
            return Err("address");
        }
        if self.player.as_deref().is_some_and(|player| !is_word(player)) {
            return Err("player");
        }
        if self.content.as_deref().is_some_and(|content| !is_word(content)) {
            return Err("content");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Library, Program};

    fn minetest() -> Definition {
        Library::shipped()
            .expect("shipped")
            .get(&"minetest".parse().expect("id"))
            .expect("known")
            .as_ref()
            .clone()
    }

    fn installation(kind: InstallationKind, program: Program) -> Installation {
        let programs = ["client", "server"].map(|role| (role.to_owned(), program.clone()));
        Installation {
            game: "minetest".parse().expect("id"),
            kind,
            programs: programs.into(),
            roots: [("user".to_owned(), PathBuf::from("/home/ada/.minetest"))].into(),
            places: [("mods".to_owned(), PathBuf::from("/home/ada/.minetest/mods"))].into(),
            version: None,
            extensions: BTreeMap::new(),
            folder: None,
            prefix: None,
        }
    }

    #[test]
    fn fills_the_template_and_leaves_out_what_has_no_value() {
        let native =
            installation(InstallationKind::Native, Program { path: "/usr/bin/luanti".into(), args: vec![] });
        let context =
            LaunchContext { world: Some("/w".into()), port: Some(30123), ..LaunchContext::default() };
        let command = launch_command(&minetest(), &native, "host", &context).expect("command");
        assert_eq!(
            command.args,
            ["--world", "/w", "--port", "30123", "--logfile", "", "--info", "--color", "never"]
        );
        assert!(!command.env.contains_key("HOME"));
        assert_eq!(command.env["MINETEST_USER_PATH"], "/home/ada/.minetest");
        let without = launch_command(&minetest(), &native, "host", &LaunchContext::default());
        assert!(matches!(without, Err(GameError::Value { variable, .. }) if variable == "world"));
        assert!(matches!(
            launch_command(&minetest(), &native, "dance", &context),
            Err(GameError::NoLaunch { .. })
        ));
    }

    #[test]
    fn refuses_values_that_a_game_could_take_for_options() {
        let native = installation(InstallationKind::Native, Program { path: "/g".into(), args: vec![] });
        let join = |context: LaunchContext| launch_command(&minetest(), &native, "join", &context);
        let good = LaunchContext {
            address: Some("192.0.2.7".into()),
            port: Some(30000),
            ..LaunchContext::default()
        };
        assert!(join(good.clone()).is_ok());
        for address in ["--help", "a b", "a/b", "", "a;b", "-x", "é.org"] {
            assert!(
                join(LaunchContext { address: Some(address.into()), ..good.clone() }).is_err(),
                "{address}"
            );
        }
        for player in ["-x", "a b", "", "../x"] {
            assert!(join(LaunchContext { player: Some(player.into()), ..good.clone() }).is_err(), "{player}");
        }
        assert!(join(LaunchContext { world: Some("rel".into()), ..good }).is_err());
    }

    #[test]
    fn flatpak_gets_variables_as_options_before_the_id() {
        let args = vec!["run".to_owned(), "org.luanti.luanti".to_owned()];
        let kind = InstallationKind::Flatpak { id: "org.luanti.luanti".into() };
        let flatpak = installation(kind, Program { path: "/usr/bin/flatpak".into(), args });
        let command =
            launch_command(&minetest(), &flatpak, "play", &LaunchContext::default()).expect("command");
        assert_eq!(command.args.first().map(String::as_str), Some("run"));
        assert_eq!(command.args[command.args.len() - 2..], ["org.luanti.luanti", "--info"]);
        assert!(command.args.contains(&"--env=MINETEST_USER_PATH=/home/ada/.minetest".to_owned()));
    }

    fn toy() -> Definition {
        let text = "format: 1\nid: toy\ntitle: Toy\nroots: { user: { linux: ['{home}/toy'] } }\n\
            places: { mods: { root: user, path: mods } }\ninstall: []\n\
            native: [{ systems: [linux], programs: { client: [toy] }, folders: ['{path}'] }]\n\
            lists: { maps: ['mods/*.wad'], patches: ['mods/*.deh'] }\n\
            launch:\n  play: { program: client, args: [[-file, '{list:maps}'], [-deh, '{list:patches}']] }\n\
            \x20 host: { program: client, args: ['{list:maps}'], env: { DATA: '{parent:user}' } }\n\
            loaders: { hook: { title: Hook, files: [mods/hook.dll], args: [--hook, '{place:mods}/hook.dll'],\n\
            \x20   env: { HOOK: on } } }\n";
        crate::parse_definition("toy", text).expect("reads")
    }

    #[test]
    fn hands_lists_over_in_their_order_and_leaves_empty_ones_out() {
        let native = installation(InstallationKind::Native, Program { path: "/g".into(), args: vec![] });
        let files = ["/m/b.wad", "/m/a b.wad"].map(PathBuf::from).to_vec();
        let lists = [("maps".to_owned(), files), ("patches".to_owned(), vec![])].into();
        let context = LaunchContext { lists, ..LaunchContext::default() };
        let args = |launch, context| launch_command(&toy(), &native, launch, context).expect("command").args;
        assert_eq!(args("play", &context), ["-file", "/m/b.wad", "/m/a b.wad"]);
        assert_eq!(args("host", &context), ["/m/b.wad", "/m/a b.wad"]);
        assert!(args("host", &LaunchContext::default()).is_empty());
        let lists = [("maps".to_owned(), vec!["-x".into()])].into();
        let sly = LaunchContext { lists, ..LaunchContext::default() };
        assert!(matches!(
            launch_command(&toy(), &native, "play", &sly),
            Err(GameError::Value { variable, .. }) if variable == "list"
        ));
    }

    #[test]
    fn tells_the_game_of_loaders_that_are_in_place() {
        let native = installation(InstallationKind::Native, Program { path: "/g".into(), args: vec![] });
        let context = LaunchContext { loaders: ["hook".to_owned()].into(), ..LaunchContext::default() };
        let play = launch_command(&toy(), &native, "play", &context).expect("command");
        assert_eq!(play.args, ["--hook", "/home/ada/.minetest/mods/hook.dll"]);
        assert_eq!(play.env["HOOK"], "on");
        let host = launch_command(&toy(), &native, "host", &context).expect("command");
        assert!(host.args.is_empty(), "a loader takes part where it says so");
        assert_eq!(host.env["DATA"], "/home/ada");
    }
}
