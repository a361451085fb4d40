//! Install stanzas: what of an archive goes where.

use muster_domain::PortablePath;

use super::{Identifier, module::Context, place::compile, raw::RawStanza};
use crate::{Error, Result};

/// Most stanzas of one mod, and texts in one of a stanza's lists; the real index has at most 79.
const MAX: usize = 1_000;
/// Longest regular expression.
const MAX_PATTERN: usize = 1_000;
/// Longest path that a stanza looks for.
const MAX_PATH: usize = 400;

/// One rule of a mod's `install`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stanza {
    pub finding: Finding,
    pub target: Target,
    /// The name that the found file or folder gets.
    pub rename: Option<String>,
    pub selection: Selection,
}

/// How the stanza's file or folder is found; letters of either case fit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Finding {
    /// At exactly this path.
    File(String),
    /// The topmost folder with this name, or these last names.
    Find { name: String, or_file: bool },
    /// The topmost folder whose path fits the expression (.NET's syntax).
    FindRegexp { pattern: String, or_file: bool },
}

/// Which of the found files are placed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selection {
    /// All but those with one of these names in their path, or whose path fits one of the expressions.
    AllBut { names: Vec<String>, patterns: Vec<String> },
    /// None but those.
    Only { names: Vec<String>, patterns: Vec<String> },
}

/// The folder of the game.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    pub base: Base,
    /// Below the base.
    pub folder: Option<PortablePath>,
}

/// Folders that the specification names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Base {
    /// `GameData`
    GameData,
    /// `Ships`
    Ships,
    /// `saves/training`, which the specification calls `Tutorial`
    Tutorial,
    /// `saves/scenarios`
    Scenarios,
    /// `Missions`
    Missions,
    /// The game's own folder.
    GameRoot,
}

impl Base {
    /// The name of the place in the game's definition.
    pub fn place(self) -> &'static str {
        match self {
            Self::GameData => "game-data",
            Self::Ships => "ships",
            Self::Tutorial => "training",
            Self::Scenarios => "scenarios",
            Self::Missions => "missions",
            Self::GameRoot => "game-root",
        }
    }

    /// Where it lies below the game's own folder; `None` for that folder.
    pub fn path(self) -> Option<&'static str> {
        match self {
            Self::GameData => Some("GameData"),
            Self::Ships => Some("Ships"),
            Self::Tutorial => Some("saves/training"),
            Self::Scenarios => Some("saves/scenarios"),
            Self::Missions => Some("Missions"),
            Self::GameRoot => None,
        }
    }
}

impl Stanza {
    /// What the specification says of a mod without stanzas: the folder with its name goes to `GameData`.
    pub fn default_of(identifier: &Identifier) -> Self {
        Self {
            finding: Finding::Find { name: identifier.to_string(), or_file: false },
            target: Target { base: Base::GameData, folder: None },
            rename: None,
            selection: Selection::AllBut { names: Vec::new(), patterns: Vec::new() },
        }
    }

    /// Reads a list of stanzas as `install` of a `.ckan` file holds it.
    ///
    /// # Errors
    /// As [`super::Module::parse`].
    pub fn parse_list(identifier: &Identifier, json: &str) -> Result<Vec<Self>> {
        let context = Context::new(identifier.as_str());
        let raw: Vec<RawStanza> = serde_json::from_str(json)
            .map_err(|error| Error::Syntax { why: muster_domain::clean_line(&error.to_string(), 200) })?;
        stanzas(&context, raw)
    }
}

impl Stanza {
    /// The list as `install` of a `.ckan` file holds it; reading it again gives equal stanzas.
    pub fn to_json(stanzas: &[Self]) -> String {
        serde_json::Value::Array(stanzas.iter().map(Self::value).collect()).to_string()
    }

    fn value(&self) -> serde_json::Value {
        let mut fields = serde_json::Map::new();
        let mut put = |name: &str, value: serde_json::Value| fields.insert(name.to_owned(), value);
        match &self.finding {
            Finding::File(path) => put("file", path.clone().into()),
            Finding::Find { name, .. } => put("find", name.clone().into()),
            Finding::FindRegexp { pattern, .. } => put("find_regexp", pattern.clone().into()),
        };
        if let Finding::Find { or_file: true, .. } | Finding::FindRegexp { or_file: true, .. } = self.finding
        {
            put("find_matches_files", true.into());
        }
        put("install_to", self.target.to_text().into());
        if let Some(name) = &self.rename {
            put("as", name.clone().into());
        }
        let (names, patterns, is_needed) = match &self.selection {
            Selection::AllBut { names, patterns } => (("filter", names), ("filter_regexp", patterns), false),
            Selection::Only { names, patterns } => {
                (("include_only", names), ("include_only_regexp", patterns), true)
            }
        };
        for (field, texts) in [names, patterns] {
            if is_needed || !texts.is_empty() {
                put(field, texts.clone().into());
            }
        }
        fields.into()
    }
}

impl Target {
    /// As `install_to` names it.
    fn to_text(&self) -> String {
        let base = match self.base {
            Base::GameData => "GameData",
            Base::Ships => "Ships",
            Base::Tutorial => "Tutorial",
            Base::Scenarios => "Scenarios",
            Base::Missions => "Missions",
            Base::GameRoot => "GameRoot",
        };
        self.folder.as_ref().map_or_else(|| base.to_owned(), |folder| format!("{base}/{folder}"))
    }
}

pub(super) fn stanzas(context: &Context<'_>, raw: Vec<RawStanza>) -> Result<Vec<Stanza>> {
    if raw.len() > MAX {
        return Err(context.refuse("install", "too many entries"));
    }
    raw.into_iter().map(|raw| stanza(context, raw)).collect()
}

fn stanza(context: &Context<'_>, raw: RawStanza) -> Result<Stanza> {
    let or_file = raw.find_matches_files;
    let finding = match (raw.file, raw.find, raw.find_regexp) {
        (Some(path), None, None) => Finding::File(searched(context, &path)?),
        (None, Some(name), None) => Finding::Find { name: searched(context, &name)?, or_file },
        (None, None, Some(pattern)) => {
            Finding::FindRegexp { pattern: pattern_of(context, pattern)?, or_file }
        }
        _ => return Err(context.refuse("install", "exactly one of file, find and find_regexp")),
    };
    let rename = raw.r#as.filter(|name| !name.trim().is_empty());
    if let Some(name) = &rename {
        part(context, name)?;
    }
    let excludes = raw.filter.is_some() || raw.filter_regexp.is_some();
    let includes = raw.include_only.is_some() || raw.include_only_regexp.is_some();
    let selection = match (excludes, includes) {
        (true, true) => return Err(context.refuse("install", "filter and include_only")),
        (_, false) => Selection::AllBut {
            names: names(context, raw.filter)?,
            patterns: patterns(context, raw.filter_regexp)?,
        },
        (false, true) => Selection::Only {
            names: names(context, raw.include_only)?,
            patterns: patterns(context, raw.include_only_regexp)?,
        },
    };
    Ok(Stanza { finding, target: target(context, raw.install_to.as_deref())?, rename, selection })
}

/// A path to look for: it only ever compares with names of the archive, which are safe.
fn searched(context: &Context<'_>, text: &str) -> Result<String> {
    let path = text.replace('\\', "/");
    let path = path.trim_matches('/');
    match path.is_empty() || path.len() > MAX_PATH {
        true => Err(context.refuse("install", "a path to look for that is empty or too long")),
        false => Ok(path.to_owned()),
    }
}

fn part(context: &Context<'_>, name: &str) -> Result<()> {
    let is_part = name.parse::<PortablePath>().is_ok_and(|path| path.parts().count() == 1);
    if is_part { Ok(()) } else { Err(unsafe_path(context, name, "a name and no path")) }
}

fn unsafe_path(context: &Context<'_>, path: &str, why: impl Into<String>) -> Error {
    let path = muster_domain::clean_line(path, 200);
    Error::UnsafePath { package: context.package(), path, why: why.into() }
}

fn pattern_of(context: &Context<'_>, pattern: String) -> Result<String> {
    if pattern.is_empty() || pattern.len() > MAX_PATTERN {
        return Err(context.refuse("install", "an expression that is empty or too long"));
    }
    compile(&context.package(), &pattern).map(|_| pattern)
}

fn patterns(context: &Context<'_>, patterns: Option<Vec<String>>) -> Result<Vec<String>> {
    let patterns = patterns.unwrap_or_default();
    if patterns.len() > MAX {
        return Err(context.refuse("install", "too many entries"));
    }
    patterns.into_iter().map(|pattern| pattern_of(context, pattern)).collect()
}

fn names(context: &Context<'_>, names: Option<Vec<String>>) -> Result<Vec<String>> {
    let names = names.unwrap_or_default();
    match names.len() > MAX || names.iter().any(|name| name.len() > MAX_PATH) {
        true => Err(context.refuse("install", "too many or too long entries")),
        false => Ok(names),
    }
}

/// Only what the specification lists; `GameData`, `Ships` and `Missions` with folders below them.
fn target(context: &Context<'_>, text: Option<&str>) -> Result<Target> {
    let text = text.ok_or_else(|| context.refuse("install", "no install_to"))?.replace('\\', "/");
    let text = text.trim_end_matches('/');
    let (first, rest) = text.split_once('/').map_or((text, None), |(first, rest)| (first, Some(rest)));
    let base = match first {
        "GameData" => Base::GameData,
        "Ships" => Base::Ships,
        "Missions" => Base::Missions,
        "Tutorial" if rest.is_none() => Base::Tutorial,
        "Scenarios" if rest.is_none() => Base::Scenarios,
        "GameRoot" if rest.is_none() => Base::GameRoot,
        _ => return Err(unsafe_path(context, text, "the game has no such place")),
    };
    let folder = rest.map(str::parse::<PortablePath>).transpose();
    let folder = folder.map_err(|why| unsafe_path(context, text, why.to_string()))?;
    if base == Base::Ships && !folder.as_ref().is_none_or(is_ships_folder) {
        return Err(unsafe_path(context, text, "the game has no such place"));
    }
    Ok(Target { base, folder })
}

fn is_ships_folder(folder: &PortablePath) -> bool {
    let known = ["SPH", "VAB", "Script", "@thumbs", "@thumbs/SPH", "@thumbs/VAB"];
    known.contains(&folder.as_str())
}
