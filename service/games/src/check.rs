//! Whether a definition that reads also makes sense: names that lead somewhere, paths that stay inside, patterns that
//! compile, launches that reach no further than the game.

use std::collections::BTreeSet;

use muster_domain::PortablePath;

use crate::{
    Argument, Definition, FolderRule, InstallRule, LaunchVariable, LoadedPattern, Managers, NameSource,
    NamedThenLoaded, PathGlobs, Place, Route, SpreadRule, TextPart,
    lists::{hex, variables},
    template::ArgumentTemplate,
};

/// Most entries of one kind.
const MAX_ENTRIES: usize = 200;
/// Longest time for a program's answer, in seconds.
const MAX_TIMEOUT: usize = 60;
/// Longest time that a trial goes on after it is ready, in seconds.
const MAX_SETTLE: usize = 30;

/// Why a definition is refused. `at` says where in the definition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionProblem {
    #[error("{why}")]
    Syntax { why: String },
    #[error("{at}: {name:?} is no usable name")]
    Name { at: String, name: String },
    #[error("{at}: {name:?} is defined nowhere")]
    Undefined { at: String, name: String },
    #[error("{at}: {path:?} leads elsewhere: {why}")]
    Path { at: String, path: String, why: String },
    #[error("{at}: {why}")]
    Pattern { at: String, why: String },
    #[error("{at}: {what:?} reaches further than the game")]
    Reach { at: String, what: String },
    #[error("{at}: at most {most}")]
    Limit { at: String, most: usize },
}

type Checked = Result<(), DefinitionProblem>;

pub(crate) fn check(definition: &Definition) -> Checked {
    if definition.title.is_empty() || definition.title.len() > 100 {
        return Err(DefinitionProblem::Name { at: "title".into(), name: definition.title.clone() });
    }
    check_limits(definition)?;
    check_places(definition)?;
    check_stores(definition)?;
    for (number, rule) in definition.install.iter().enumerate() {
        check_install(definition, &format!("install {}", number + 1), rule)?;
    }
    globs("config", definition.config.iter())?;
    globs("protected", definition.protected.iter())?;
    check_saves(definition)?;
    check_launches(definition)?;
    check_texts(definition)?;
    check_log(definition)
}

fn check_limits(definition: &Definition) -> Checked {
    let counts = [
        ("install", definition.install.len()),
        ("native", definition.native.len()),
        ("launch", definition.launch.len()),
        ("loaders", definition.loaders.len()),
        ("places", definition.places.len()),
        ("extensions", definition.extensions.len()),
        ("lists", definition.lists.len()),
        ("saves", definition.saves.len()),
        ("order-files", definition.order_files.len()),
        ("trial", definition.trial.files.len()),
        ("log", definition.log.problems.len().max(definition.log.loaded.len())),
    ];
    let limit = |at: &str, most| Err(DefinitionProblem::Limit { at: at.to_owned(), most });
    if let Some((at, _)) = counts.iter().find(|(_, count)| *count > MAX_ENTRIES) {
        return limit(at, MAX_ENTRIES);
    }
    if definition.trial.settle as usize > MAX_SETTLE {
        return limit("trial settle", MAX_SETTLE);
    }
    match definition.version.as_ref().map(|probe| probe.timeout as usize) {
        Some(0) => limit("version timeout", MAX_TIMEOUT),
        Some(timeout) if timeout > MAX_TIMEOUT => limit("version timeout", MAX_TIMEOUT),
        _ => Ok(()),
    }
}

fn known_place(definition: &Definition, at: &str, place: &str) -> Checked {
    match definition.places.contains_key(place) {
        true => Ok(()),
        false => Err(DefinitionProblem::Undefined { at: at.to_owned(), name: place.to_owned() }),
    }
}

fn check_word(at: &str, name: &str) -> Checked {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    match !name.is_empty() && name.len() <= 40 && name.bytes().all(plain) {
        true => Ok(()),
        false => Err(DefinitionProblem::Name { at: at.to_owned(), name: name.to_owned() }),
    }
}

fn check_places(definition: &Definition) -> Checked {
    for (name, place) in &definition.places {
        check_word("places", name)?;
        if !definition.roots.contains_key(&place.root) {
            return Err(DefinitionProblem::Undefined {
                at: format!("place {name}"),
                name: place.root.clone(),
            });
        }
    }
    let Managers { r2modman, gale } = &definition.managers;
    if let Some(name) =
        r2modman.iter().chain(gale).find(|name| name.parse::<PortablePath>().is_err() || name.contains('/'))
    {
        return Err(DefinitionProblem::Name { at: "managers".into(), name: name.clone() });
    }
    if let Some(settings) = &definition.world_settings {
        known_place(definition, "world-settings", &settings.place)?;
        if !settings.lines.is_valid() {
            return Err(DefinitionProblem::Name {
                at: "world-settings".into(),
                name: settings.lines.prefix.clone(),
            });
        }
    }
    for name in definition.native.iter().flat_map(|native| native.programs.values().flatten()) {
        if name.is_empty() || name.starts_with('-') || name.contains(['/', '\\', '\0']) {
            return Err(DefinitionProblem::Reach { at: "native".into(), what: name.clone() });
        }
    }
    Ok(())
}

fn check_saves(definition: &Definition) -> Checked {
    for (name, saves) in &definition.saves {
        let at = format!("saves {name}");
        check_word("saves", name)?;
        if !definition.roots.contains_key(&saves.root) {
            return Err(DefinitionProblem::Undefined { at, name: saves.root.clone() });
        }
        if saves.files.len().max(saves.except.len()) > MAX_ENTRIES {
            return Err(DefinitionProblem::Limit { at, most: MAX_ENTRIES });
        }
        globs(&at, saves.files.iter().chain(&saves.except))?;
    }
    Ok(())
}

/// Ids are handed to launchers as parts of arguments.
fn check_stores(definition: &Definition) -> Checked {
    let name =
        |at: &str, name: &String| Err(DefinitionProblem::Name { at: at.to_owned(), name: name.clone() });
    let plain = |id: &String| {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
        !id.is_empty() && id.len() <= 128 && !id.starts_with(['.', '-']) && id.bytes().all(is_plain)
    };
    let stores = &definition.stores;
    for (at, ids) in [("gog", &stores.gog), ("epic", &stores.epic), ("lutris", &stores.lutris)] {
        if let Some(id) = ids.iter().find(|id| !plain(id)) {
            return name(at, id);
        }
    }
    match definition.flatpak.iter().find(|id| !plain(id) || !id.contains('.')) {
        Some(id) => name("flatpak", id),
        None => Ok(()),
    }
}

fn globs<'g>(at: &str, texts: impl IntoIterator<Item = &'g String>) -> Checked {
    let pattern = |why| DefinitionProblem::Pattern { at: at.to_owned(), why };
    PathGlobs::new(texts).map(|_| ()).map_err(pattern)
}

fn pattern(at: &str, text: &str) -> Checked {
    crate::pattern::pattern(text)
        .map(|_| ())
        .map_err(|why| DefinitionProblem::Pattern { at: at.to_owned(), why })
}

fn check_install(definition: &Definition, at: &str, rule: &InstallRule) -> Checked {
    match rule {
        InstallRule::Folder(rule) => {
            known_place(definition, at, &rule.place)?;
            check_folder_rule(at, rule)
        }
        InstallRule::Files(rule) => {
            known_place(definition, at, &rule.place)?;
            check_spread_rule(at, rule)
        }
        InstallRule::Routes(routes) => check_routes(definition, at, routes),
        InstallRule::Ignore(rule) => globs(at, &rule.globs),
    }
}

fn check_routes(definition: &Definition, at: &str, routes: &[Route]) -> Checked {
    if routes.len() > MAX_ENTRIES {
        return Err(DefinitionProblem::Limit { at: at.to_owned(), most: MAX_ENTRIES });
    }
    let name = |name: &str| DefinitionProblem::Name { at: at.to_owned(), name: name.to_owned() };
    let mut folders = BTreeSet::new();
    for route in routes {
        known_place(definition, at, &route.place)?;
        let is_part = route.folder.parse::<PortablePath>().is_ok() && !route.folder.contains('/');
        if !is_part || !folders.insert(route.folder.to_lowercase()) {
            return Err(name(&route.folder));
        }
        if let Some(bad) =
            route.endings.iter().find(|ending| !ending.starts_with('.') || ending.contains('/'))
        {
            return Err(name(bad));
        }
    }
    match routes.iter().filter(|route| route.default).count() {
        0 | 1 => Ok(()),
        _ => Err(name("default")),
    }
}

fn check_spread_rule(at: &str, rule: &SpreadRule) -> Checked {
    if let Some(to) = &rule.to {
        let sample = to.replace("{package}", "x");
        sample.parse::<PortablePath>().map_err(|why| DefinitionProblem::Path {
            at: at.to_owned(),
            path: to.clone(),
            why: why.to_string(),
        })?;
    }
    globs(at, [&rule.glob])
}

fn check_folder_rule(at: &str, rule: &FolderRule) -> Checked {
    let NameSource { file, key, find, pattern: name, .. } = &rule.name;
    let plain = |name: &&String| name.parse::<PortablePath>().is_ok() && !name.contains('/');
    let files = rule.anchors.iter().chain(&rule.members).chain(file);
    if let Some(name) = files.clone().find(|name| !plain(name)) {
        return Err(DefinitionProblem::Name { at: at.to_owned(), name: name.clone() });
    }
    let is_complete = file.is_some() == (key.is_some() || find.is_some());
    if rule.anchors.is_empty() || !is_complete || (key.is_some() && find.is_some()) {
        return Err(DefinitionProblem::Undefined { at: at.to_owned(), name: "name".into() });
    }
    pattern(at, &format!("^(?:{name})$"))?;
    rule.containing.iter().chain(find).try_for_each(|text| pattern(at, text))
}

fn check_launches(definition: &Definition) -> Checked {
    let roles: BTreeSet<&String> =
        definition.native.iter().flat_map(|native| native.programs.keys()).collect();
    for (name, launch) in &definition.launch {
        check_word("launch", name)?;
        let at = format!("launch {name}");
        if !roles.contains(&launch.program) {
            return Err(DefinitionProblem::Undefined { at, name: launch.program.clone() });
        }
        check_arguments(definition, &at, &launch.args)?;
        check_environment(definition, &at, &launch.env)?;
    }
    for (name, loader) in &definition.loaders {
        check_word("loaders", name)?;
        let at = format!("loader {name}");
        for file in &loader.files {
            known_place(definition, &at, file.parts().next().unwrap_or_default())?;
        }
        if loader.files.is_empty() || loader.files.iter().any(|file| file.parts().count() < 2) {
            return Err(DefinitionProblem::Undefined { at, name: "files".into() });
        }
        if let Some(launch) = loader.launches.iter().find(|name| !definition.launch.contains_key(*name)) {
            let usual = matches!(launch.as_str(), "play" | "join");
            if !usual {
                return Err(DefinitionProblem::Undefined { at, name: launch.clone() });
            }
        }
        check_arguments(definition, &at, &loader.args)?;
        check_environment(definition, &at, &loader.env)?;
        globs(&at, &loader.leaves)?;
    }
    Ok(())
}

fn check_arguments(definition: &Definition, at: &str, args: &[Argument]) -> Checked {
    let templates = args.iter().flat_map(|argument| match argument {
        Argument::One(one) => std::slice::from_ref(one),
        Argument::Optional(several) => several.as_slice(),
    });
    templates.into_iter().try_for_each(|template| check_template(definition, at, template))
}

fn check_template(definition: &Definition, at: &str, template: &ArgumentTemplate) -> Checked {
    for variable in template.variables() {
        let known = match variable {
            LaunchVariable::Place(place) => definition.places.contains_key(place),
            LaunchVariable::Root(root) | LaunchVariable::Parent(root) => definition.roots.contains_key(root),
            LaunchVariable::List(list) => definition.lists.contains_key(list) && template.list().is_some(),
            _ => true,
        };
        if !known {
            let name = variable.name().into_owned();
            return Err(DefinitionProblem::Undefined { at: at.to_owned(), name });
        }
    }
    Ok(())
}

fn check_environment(
    definition: &Definition,
    at: &str,
    env: &std::collections::BTreeMap<String, ArgumentTemplate>,
) -> Checked {
    let is_dangerous = |name: &str| {
        name.is_empty()
            || !name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
            || name.starts_with("LD_")
            || name.starts_with("DYLD_")
            || matches!(name, "PATH" | "BASH_ENV" | "ENV" | "IFS")
    };
    for (name, template) in env {
        if is_dangerous(name) {
            return Err(DefinitionProblem::Reach { at: at.to_owned(), what: name.clone() });
        }
        if template.list().is_some() {
            return Err(DefinitionProblem::Undefined { at: at.to_owned(), name: name.clone() });
        }
        check_template(definition, at, template)?;
    }
    Ok(())
}

fn check_texts(definition: &Definition) -> Checked {
    for (name, list) in &definition.lists {
        check_word("lists", name)?;
        globs(&format!("list {name}"), list)?;
    }
    for file in &definition.order_files {
        let at = format!("order-file {}", file.path);
        known_place(definition, &at, &file.place)?;
        file.parts.iter().try_for_each(|part| check_part(definition, &at, part))?;
    }
    for (path, parts) in &definition.trial.files {
        parts.iter().try_for_each(|part| check_part(definition, &format!("trial {path}"), part))?;
    }
    Ok(())
}

fn check_part(definition: &Definition, at: &str, part: &TextPart) -> Checked {
    let undefined = |name: &str| DefinitionProblem::Undefined { at: at.to_owned(), name: name.to_owned() };
    let only = |line: &str, known: &[&str]| match variables(line).find(|name| !known.contains(name)) {
        Some(name) => Err(undefined(name)),
        None => Ok(()),
    };
    match part {
        TextPart::Text(_) => Ok(()),
        TextPart::Hex(text) => match hex(text) {
            Some(_) => Ok(()),
            None => Err(DefinitionProblem::Pattern { at: at.to_owned(), why: "hexadecimal digits".into() }),
        },
        TextPart::List(lines) if !definition.lists.contains_key(&lines.of) => Err(undefined(&lines.of)),
        TextPart::List(lines) => only(&lines.line, &["path", "name", "stem"]),
        TextPart::Names(lines) => {
            known_place(definition, at, &lines.of)?;
            only(&lines.line, &["name"])
        }
    }
}

fn check_log(definition: &Definition) -> Checked {
    for loaded in &definition.log.loaded {
        match loaded {
            LoadedPattern::Line(text) => pattern("log loaded", text)?,
            LoadedPattern::Lines(NamedThenLoaded { named, then }) => {
                pattern("log loaded", named)?;
                pattern("log loaded", then)?;
            }
        }
    }
    let problems = definition.log.problems.iter().map(|problem| &problem.pattern);
    problems.chain(&definition.log.ready).try_for_each(|text| pattern("log", text))?;
    check_extensions(definition)?;
    let Some(probe) = &definition.version else { return Ok(()) };
    if let Some(file) = probe.files.iter().find(|file| !definition.roots.contains_key(&file.root)) {
        return Err(DefinitionProblem::Undefined { at: "version".into(), name: file.root.clone() });
    }
    pattern("version", &probe.pattern)
}

fn check_extensions(definition: &Definition) -> Checked {
    for (name, extension) in &definition.extensions {
        let at = format!("extension {name}");
        // Packages name them, and package names of foreign sources are nearly free.
        if name.parse::<muster_domain::PackageId>().is_err() || extension.title.is_empty() {
            return Err(DefinitionProblem::Name { at, name: name.clone() });
        }
        let Place { root, path } = &extension.folder;
        if !definition.roots.contains_key(root) || path.is_none() {
            return Err(DefinitionProblem::Undefined { at, name: root.clone() });
        }
        if extension.file.is_some() != extension.pattern.is_some() {
            return Err(DefinitionProblem::Undefined { at, name: "pattern".into() });
        }
        extension.pattern.iter().try_for_each(|text| pattern(&at, text))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
