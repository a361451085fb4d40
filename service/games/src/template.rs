//! Texts with variables from a closed set. There is no way to name a command, a shell or an arbitrary file.

use std::{borrow::Cow, path::PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::Environment;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece<V> {
    Text(String),
    Variable(V),
}

/// Splits `text{variable}text`; braces cannot be escaped, because no path or argument here needs them.
fn pieces<V>(text: &str, variable: impl Fn(&str) -> Option<V>) -> Result<Vec<Piece<V>>, String> {
    if text.len() > 1024 || text.chars().any(char::is_control) {
        return Err("a template is at most 1024 bytes without control characters".into());
    }
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').ok_or_else(|| format!("{text:?} has an open brace"))?;
        if !before.is_empty() {
            found.push(Piece::Text(before.to_owned()));
        }
        found.push(Piece::Variable(variable(name).ok_or_else(|| format!("unknown variable {name:?}"))?));
        rest = behind;
    }
    if rest.contains('}') {
        return Err(format!("{text:?} has a brace too many"));
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest.to_owned()));
    }
    Ok(found)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PathVariable {
    Home,
    Data,
    Local,
    Config,
    Documents,
    Game,
    SearchPath,
    Env(String),
}

impl PathVariable {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "home" => Self::Home,
            "data" => Self::Data,
            "local" => Self::Local,
            "config" => Self::Config,
            "documents" => Self::Documents,
            "game" => Self::Game,
            "path" => Self::SearchPath,
            _ => {
                let env = name.strip_prefix("env:")?;
                let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
                (!env.is_empty() && env.bytes().all(plain)).then(|| Self::Env(env.to_owned()))?
            }
        })
    }
}

/// A folder on this machine: an absolute path or one that begins with `{home}`, `{data}`, `{local}`, `{config}`,
/// `{documents}`, `{game}` (the installation's own folder) or `{env:NAME}`, or is `{path}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathTemplate {
    text: String,
    pieces: Vec<Piece<PathVariable>>,
}

impl PathTemplate {
    fn parse(text: String) -> Result<Self, String> {
        let pieces = pieces(&text, PathVariable::parse)?;
        let begins_well = match pieces.first() {
            Some(Piece::Text(text)) => text.starts_with('/') || text.as_bytes().get(1) == Some(&b':'),
            Some(Piece::Variable(_)) => true,
            None => false,
        };
        let one_variable = pieces.iter().skip(1).all(|piece| matches!(piece, Piece::Text(_)));
        let plain = pieces.iter().all(|piece| match piece {
            Piece::Text(text) => !text.split(['/', '\\']).any(|part| part == ".." || part == "."),
            Piece::Variable(PathVariable::SearchPath) => pieces.len() == 1,
            Piece::Variable(_) => true,
        });
        if begins_well && one_variable && plain {
            Ok(Self { text, pieces })
        } else {
            Err(format!("{text:?} is not a path that begins at / or with a variable"))
        }
    }

    /// The folders meant on this machine; none if a variable has no value there.
    pub fn resolve(&self, environment: &Environment) -> Vec<PathBuf> {
        let rest = match self.pieces.get(1) {
            Some(Piece::Text(text)) => text.trim_start_matches(['/', '\\']),
            _ => "",
        };
        let below = |base: Option<&PathBuf>| {
            base.filter(|base| base.is_absolute()).map(|base| match rest {
                "" => base.clone(),
                rest => base.join(rest),
            })
        };
        let base = match self.pieces.first() {
            Some(Piece::Text(text)) => return vec![environment.rooted(text)],
            Some(Piece::Variable(PathVariable::SearchPath)) => return environment.search_path.clone(),
            Some(Piece::Variable(variable)) => environment.folder(variable),
            None => None,
        };
        below(base.as_ref()).into_iter().collect()
    }
}

impl Environment {
    fn folder(&self, variable: &PathVariable) -> Option<PathBuf> {
        match variable {
            PathVariable::Home => self.home.clone(),
            PathVariable::Data => self.data.clone(),
            PathVariable::Local => self.local.clone(),
            PathVariable::Config => self.config.clone(),
            PathVariable::Documents => self.documents.clone(),
            PathVariable::Game => self.game.clone(),
            PathVariable::Env(name) => {
                self.variables.get(name).filter(|value| !value.is_empty()).map(PathBuf::from)
            }
            PathVariable::SearchPath => None,
        }
    }
}

/// A value that a launch may use. The set is closed; a link can fill [`LaunchVariable::Address`] and
/// [`LaunchVariable::Port`] only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LaunchVariable {
    /// Folder of the world.
    World,
    /// Name of what the world is made of (Minetest: the game in the game).
    Content,
    Address,
    Port,
    Player,
    /// A settings file for this run.
    Config,
    Log,
    /// A home folder for this run, so that a trial does not touch the player's.
    Home,
    /// A place of the installation.
    Place(String),
    /// A root of the installation.
    Root(String),
    /// The folder that holds a root.
    Parent(String),
    /// A list of placed files, each an argument of its own; stands alone.
    List(String),
}

impl LaunchVariable {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "world" => Self::World,
            "content" => Self::Content,
            "address" => Self::Address,
            "port" => Self::Port,
            "player" => Self::Player,
            "config" => Self::Config,
            "log" => Self::Log,
            "home" => Self::Home,
            _ => match name.split_once(':')? {
                ("place", place) => Self::Place(place.to_owned()),
                ("root", root) => Self::Root(root.to_owned()),
                ("parent", root) => Self::Parent(root.to_owned()),
                ("list", list) => Self::List(list.to_owned()),
                _ => return None,
            },
        })
    }

    /// The name inside the braces.
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::World => "world".into(),
            Self::Content => "content".into(),
            Self::Address => "address".into(),
            Self::Port => "port".into(),
            Self::Player => "player".into(),
            Self::Config => "config".into(),
            Self::Log => "log".into(),
            Self::Home => "home".into(),
            Self::Place(place) => format!("place:{place}").into(),
            Self::Root(root) => format!("root:{root}").into(),
            Self::Parent(root) => format!("parent:{root}").into(),
            Self::List(list) => format!("list:{list}").into(),
        }
    }
}

/// One argument or environment value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentTemplate {
    text: String,
    pieces: Vec<Piece<LaunchVariable>>,
}

impl ArgumentTemplate {
    fn parse(text: String) -> Result<Self, String> {
        let pieces = pieces(&text, LaunchVariable::parse)?;
        Ok(Self { text, pieces })
    }

    /// The variables in it.
    pub fn variables(&self) -> impl Iterator<Item = &LaunchVariable> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(variable) => Some(variable),
            Piece::Text(_) => None,
        })
    }

    /// The list that the argument consists of, if it is one.
    pub fn list(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Variable(LaunchVariable::List(list))] => Some(list),
            _ => None,
        }
    }

    /// The text with values in place, or the variable that has none.
    pub(crate) fn fill(
        &self,
        value: impl Fn(&LaunchVariable) -> Option<String>,
    ) -> Result<String, &LaunchVariable> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Variable(variable) => text.push_str(&value(variable).ok_or(variable)?),
            }
        }
        Ok(text)
    }
}

macro_rules! template_serde {
    ($name:ident, $what:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(String::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "maxLength": 1024, "description": $what })
            }
        }
    };
}

template_serde!(
    PathTemplate,
    "An absolute path, or one that begins with {home}, {data}, {local}, {config}, {documents}, {game} or {env:NAME}, or \
     {path}"
);
template_serde!(
    ArgumentTemplate,
    "Text with {world}, {content}, {address}, {port}, {player}, {config}, {log}, {home}, {place:NAME}, {root:NAME}, \
     {parent:NAME}; or {list:NAME} alone"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_templates_know_a_closed_set_of_variables() {
        for good in ["/usr/games", "{home}/.minetest", "{env:MINETEST_USER_PATH}", "{path}", "C:\\Games"] {
            assert!(PathTemplate::parse(good.into()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "games",
            "{home",
            "home}",
            "{shell}",
            "{env:a b}",
            "{home}/../x",
            "{path}/x",
            "/a/{home}",
            "~/x",
        ] {
            assert!(PathTemplate::parse(bad.into()).is_err(), "{bad}");
        }
    }

    #[test]
    fn unset_and_relative_variables_give_no_folder() {
        let template = PathTemplate::parse("{env:MINETEST_USER_PATH}".into()).expect("template");
        let mut environment = Environment::empty(crate::System::Linux);
        assert!(template.resolve(&environment).is_empty());
        environment.variables.insert("MINETEST_USER_PATH".into(), "relative".into());
        assert!(template.resolve(&environment).is_empty());
        environment.variables.insert("MINETEST_USER_PATH".into(), "/data/minetest".into());
        assert_eq!(template.resolve(&environment), [PathBuf::from("/data/minetest")]);
    }

    #[test]
    fn argument_templates_name_the_missing_value() {
        let template = ArgumentTemplate::parse("--port={port}".into()).expect("template");
        assert_eq!(template.fill(|_| Some("30000".into())), Ok("--port=30000".into()));
        assert_eq!(template.fill(|_| None), Err(&LaunchVariable::Port));
        assert!(ArgumentTemplate::parse("{command}".into()).is_err());
    }
}
