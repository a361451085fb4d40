//! YAML in, a checked definition out. The text may come from a package: budgets first, then meaning.

use std::collections::BTreeSet;

use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    Argument, Definition, FORMAT, FolderRule, GameError, InstallRule, LaunchVariable, NameSource, PathGlobs,
    Vectors, WorldSettings, log,
};

/// Largest definition or vectors file, in bytes.
const MAX_TEXT: usize = 256 * 1024;
/// Most rules of one kind.
const MAX_RULES: usize = 200;

/// Reads a definition; `name` says which one in errors.
///
/// # Errors
/// [`GameError::Definition`] for anything that is not exactly the format, [`GameError::Format`] for a later one.
pub fn parse_definition(name: &str, text: &str) -> Result<Definition, GameError> {
    #[derive(Deserialize)]
    struct Header {
        format: u32,
    }
    let header: Header = read(name, text)?;
    if header.format != FORMAT {
        return Err(GameError::Format { name: name.to_owned(), format: header.format });
    }
    let definition: Definition = read(name, text)?;
    check(&definition).map_err(|why| GameError::Definition { name: name.to_owned(), why })?;
    Ok(definition)
}

/// Reads the test vectors of a definition.
///
/// # Errors
/// [`GameError::Definition`] for anything that is not exactly the format.
pub fn parse_vectors(name: &str, text: &str) -> Result<Vectors, GameError> {
    read(name, text)
}

fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, GameError> {
    let refuse = |why: String| GameError::Definition { name: name.to_owned(), why };
    if text.len() > MAX_TEXT {
        return Err(refuse("it is larger than 256 KiB".into()));
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_documents: 1,
            max_depth: 16,
            max_events: 50_000,
            max_nodes: 20_000,
            max_aliases: 0,
            max_anchors: 0,
            max_merge_keys: 0,
            max_total_scalar_bytes: MAX_TEXT,
        },
        merge_keys: serde_saphyr::options::MergeKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| refuse(error.to_string()))
}

fn check(definition: &Definition) -> Result<(), String> {
    if definition.title.is_empty() || definition.title.len() > 100 {
        return Err("the title is empty or too long".into());
    }
    let rules = definition.install.len().max(definition.native.len()).max(definition.launch.len());
    if rules.max(definition.places.len()) > MAX_RULES || definition.log.problems.len() > MAX_RULES {
        return Err("there are too many rules".into());
    }
    check_places(definition)?;
    definition.install.iter().try_for_each(|rule| check_install(definition, rule))?;
    PathGlobs::new(definition.config.iter().chain(&definition.protected))?;
    check_launches(definition)?;
    let log_patterns = definition.log.loaded.iter().chain(&definition.log.ready);
    let problem_patterns = definition.log.problems.iter().map(|problem| &problem.pattern);
    let version_pattern = definition.version.iter().map(|probe| &probe.pattern);
    for text in log_patterns.chain(problem_patterns).chain(version_pattern) {
        log::pattern(text)?;
    }
    if definition.version.as_ref().is_some_and(|probe| probe.timeout == 0 || probe.timeout > 60) {
        return Err("the time for the version is 1 to 60 seconds".into());
    }
    let plain_id = |id: &str| {
        id.split('.').count() > 1 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    if !definition.flatpak.iter().all(|id| plain_id(id) && !id.starts_with(['.', '-'])) {
        return Err("a Flatpak id has letters, digits, dots".into());
    }
    Ok(())
}

fn check_places(definition: &Definition) -> Result<(), String> {
    for (name, place) in &definition.places {
        if !is_word(name) || !definition.roots.contains_key(&place.root) {
            return Err(format!("the place {name:?} has no usable name or no root"));
        }
    }
    let unusable = |settings: &WorldSettings| {
        !definition.places.contains_key(&settings.place) || !settings.lines.is_valid()
    };
    if definition.world_settings.as_ref().is_some_and(unusable) {
        return Err("the world settings name no place or no plain lines".into());
    }
    for native in &definition.native {
        let mut names = native.programs.values().flatten();
        if names.any(|name| name.is_empty() || name.starts_with('-') || name.contains(['/', '\\', '\0'])) {
            return Err("a program is named by its file name alone".into());
        }
    }
    Ok(())
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 40
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn check_install(definition: &Definition, rule: &InstallRule) -> Result<(), String> {
    let known = |place: &str| match definition.places.contains_key(place) {
        true => Ok(()),
        false => Err(format!("an install rule names the unknown place {place:?}")),
    };
    match rule {
        InstallRule::Folder(rule) => known(&rule.place).and_then(|()| check_folder_rule(rule)),
        InstallRule::Files(rule) => {
            if let Some(to) = &rule.to {
                let sample = to.replace("{package}", "x");
                sample.parse::<muster_domain::PortablePath>().map_err(|e| format!("{to:?}: {e}"))?;
            }
            PathGlobs::new([&rule.glob]).and_then(|_| known(&rule.place))
        }
        InstallRule::Ignore(rule) => PathGlobs::new(&rule.globs).map(|_| ()),
    }
}

fn check_folder_rule(rule: &FolderRule) -> Result<(), String> {
    let NameSource { file, key, pattern, .. } = &rule.name;
    let plain = |name: &String| name.parse::<muster_domain::PortablePath>().is_ok() && !name.contains('/');
    if rule.anchors.is_empty() || !rule.anchors.iter().chain(&rule.members).chain(file).all(plain) {
        return Err("anchors and members are plain file names".into());
    }
    if file.is_some() != key.is_some() {
        return Err("a name needs a file and a key".into());
    }
    log::pattern(&format!("^(?:{pattern})$")).map(|_| ())
}

fn check_launches(definition: &Definition) -> Result<(), String> {
    let roles: BTreeSet<&String> =
        definition.native.iter().flat_map(|native| native.programs.keys()).collect();
    for (name, launch) in &definition.launch {
        if !is_word(name) || !roles.contains(&launch.program) {
            return Err(format!("the launch {name:?} names no program that is looked for"));
        }
        let templates = launch.args.iter().flat_map(|argument| match argument {
            Argument::One(one) => std::slice::from_ref(one),
            Argument::Optional(several) => several.as_slice(),
        });
        for variable in templates.chain(launch.env.values()).flat_map(|template| template.variables()) {
            let known = match variable {
                LaunchVariable::Place(place) => definition.places.contains_key(place),
                LaunchVariable::Root(root) => definition.roots.contains_key(root),
                _ => true,
            };
            if !known {
                return Err(format!("the launch {name:?} uses the unknown {}", variable.name()));
            }
        }
        let dangerous = |name: &String| {
            name.is_empty()
                || !name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
                || name.starts_with("LD_")
                || name.starts_with("DYLD_")
                || matches!(name.as_str(), "PATH" | "BASH_ENV" | "ENV" | "IFS")
        };
        if launch.env.keys().any(dangerous) {
            return Err(format!("the launch {name:?} sets a variable that a game definition may not set"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "format: 1\nid: toy\ntitle: Toy\nroots: { user: { linux: ['{home}/toy'] } }\n\
        places: { mods: { root: user, path: mods } }\ninstall: []\n";

    fn refusal(more: &str) -> String {
        parse_definition("toy", &format!("{SMALL}{more}")).expect_err(more).to_string()
    }

    #[test]
    fn reads_the_smallest_definition() {
        let toy = parse_definition("toy", SMALL).expect("reads");
        assert_eq!(toy.links.len(), 3);
        assert!(toy.launch.is_empty());
    }

    #[test]
    fn refuses_other_formats_and_unknown_fields() {
        let other = SMALL.replace("format: 1", "format: 9");
        assert!(matches!(parse_definition("toy", &other), Err(GameError::Format { format: 9, .. })));
        refusal("surprise: 1\n");
        refusal("title: Again\n");
        refusal("anchors: &a [x]\nflatpak: *a\n");
    }

    /// T-81: nothing a definition says leads out of its places.
    #[test]
    fn refuses_paths_out_of_place() {
        for path in ["../x", "/abs", "a/../../b", "C:/x", "~~1/x/PROGRA~1"] {
            let text = SMALL.replace("path: mods", &format!("path: '{path}'"));
            assert!(parse_definition("toy", &text).is_err(), "{path}");
        }
        for to in ["../x", "/x", "a/../b", "$HOME", "~/x", "x*"] {
            let rule = format!("- files: {{ glob: '*', place: mods, to: '{to}' }}\n");
            let text = SMALL.replace("install: []\n", &format!("install:\n{rule}"));
            let accepted = parse_definition("toy", &text);
            // `$` and `~` are plain characters of a file name here: nothing expands them.
            assert_eq!(accepted.is_ok(), to == "$HOME" || to == "~/x", "{to}");
        }
        let text = SMALL.replace("install: []", "install: [{ files: { glob: '../*', place: mods } }]");
        assert!(parse_definition("toy", &text).is_err());
        let text = SMALL.replace("install: []", "install: [{ files: { glob: '*', place: elsewhere } }]");
        assert!(parse_definition("toy", &text).is_err());
    }

    #[test]
    fn refuses_launches_that_reach_further_than_the_game() {
        let programs = "native: [{ systems: [linux], programs: { client: [toy] }, folders: ['{path}'] }]\n";
        let with = |launch: &str| {
            parse_definition("toy", &format!("{SMALL}{programs}launch: {{ play: {launch} }}\n"))
        };
        assert!(with("{ program: client, args: [--x] }").is_ok());
        assert!(with("{ program: other }").is_err());
        assert!(with("{ program: client, args: ['{shell}'] }").is_err());
        assert!(with("{ program: client, args: ['{place:nowhere}'] }").is_err());
        assert!(with("{ program: client, env: { LD_PRELOAD: x } }").is_err());
        let path = SMALL.to_owned() + &programs.replace("[toy]", "['../toy']");
        assert!(parse_definition("toy", &path).is_err());
    }

    #[test]
    fn refuses_what_is_too_large() {
        let text = format!("{SMALL}also-called: [{}]\n", "x, ".repeat(100_000));
        assert!(parse_definition("toy", &text).is_err());
        let deep = format!("{SMALL}also-called: {}{}\n", "[".repeat(500), "]".repeat(500));
        assert!(parse_definition("toy", &deep).is_err());
    }
}
