//! What can go wrong with games, by what the caller can do about it.

use muster_domain::{Coded, GameId, clean_line};

use crate::{DefinitionProblem, danger::Danger};

/// Why something about a game is refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum GameError {
    #[error("the game definition {name} is refused: {problem}")]
    Definition { name: String, problem: DefinitionProblem },
    #[error("the game definition {name} has format {format}, which this program does not know")]
    Format { name: String, format: u32 },
    #[error("no definition of the game {game}")]
    Unknown { game: GameId },
    #[error("{folder} is not a folder of {game}")]
    NotRecognised { game: GameId, folder: String },
    #[error("{folder} is no place for a game: {danger}")]
    Dangerous { folder: String, danger: Danger },
    #[error("{game} has no way to be started called {launch}")]
    NoLaunch { game: GameId, launch: String },
    #[error("the installation of {game} has no {role}")]
    NoProgram { game: GameId, role: String },
    #[error("starting {game} needs the value {variable}")]
    Value { game: GameId, variable: String },
    #[error("the text settings of a game are not readable: {why}")]
    Settings { why: &'static str },
    #[error("{value} cannot be written into a file of {game}")]
    Text { game: GameId, value: String },
    #[error(transparent)]
    File(#[from] muster_fsx::Error),
}

impl GameError {
    pub const CODES: &[&str] = &[
        "game-definition",
        "game-definition-name",
        "game-definition-undefined",
        "game-definition-path",
        "game-definition-pattern",
        "game-definition-reach",
        "game-definition-limit",
        "game-format",
        "game-unknown",
        "game-not-recognised",
        "game-dangerous-folder",
        "game-no-launch",
        "game-no-program",
        "game-value",
        "game-settings",
        "game-text",
    ];
}

impl Coded for GameError {
    fn code(&self) -> &'static str {
        match self {
            Self::Definition { problem, .. } => match problem {
                DefinitionProblem::Syntax { .. } => "game-definition",
                DefinitionProblem::Name { .. } => "game-definition-name",
                DefinitionProblem::Undefined { .. } => "game-definition-undefined",
                DefinitionProblem::Path { .. } => "game-definition-path",
                DefinitionProblem::Pattern { .. } => "game-definition-pattern",
                DefinitionProblem::Reach { .. } => "game-definition-reach",
                DefinitionProblem::Limit { .. } => "game-definition-limit",
            },
            Self::Format { .. } => "game-format",
            Self::Unknown { .. } => "game-unknown",
            Self::NotRecognised { .. } => "game-not-recognised",
            Self::Dangerous { .. } => "game-dangerous-folder",
            Self::NoLaunch { .. } => "game-no-launch",
            Self::NoProgram { .. } => "game-no-program",
            Self::Value { .. } => "game-value",
            Self::Settings { .. } => "game-settings",
            Self::Text { .. } => "game-text",
            Self::File(error) => error.code(),
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        let line = |text: &str| clean_line(text, 300);
        match self {
            Self::Definition { name, problem } => {
                let mut context = vec![("name", line(name))];
                context.extend(problem_context(problem));
                context
            }
            Self::Format { name, format } => vec![("name", line(name)), ("format", format.to_string())],
            Self::Unknown { game } => vec![("game", game.to_string())],
            Self::NotRecognised { game, folder } => {
                vec![("game", game.to_string()), ("folder", line(folder))]
            }
            Self::Dangerous { folder, danger } => vec![("folder", line(folder)), ("why", danger.to_string())],
            Self::NoLaunch { game, launch } => vec![("game", game.to_string()), ("launch", line(launch))],
            Self::NoProgram { game, role } => vec![("game", game.to_string()), ("role", line(role))],
            Self::Value { game, variable } => vec![("game", game.to_string()), ("variable", line(variable))],
            Self::Settings { why } => vec![("why", (*why).to_owned())],
            Self::Text { game, value } => vec![("game", game.to_string()), ("value", line(value))],
            Self::File(error) => error.context(),
        }
    }
}

fn problem_context(problem: &DefinitionProblem) -> Vec<(&'static str, String)> {
    let line = |text: &str| clean_line(text, 300);
    match problem {
        DefinitionProblem::Syntax { why } => vec![("why", line(why))],
        DefinitionProblem::Name { at, name } | DefinitionProblem::Undefined { at, name } => {
            vec![("at", line(at)), ("value", line(name))]
        }
        DefinitionProblem::Path { at, path, why } => {
            vec![("at", line(at)), ("value", line(path)), ("why", line(why))]
        }
        DefinitionProblem::Pattern { at, why } => vec![("at", line(at)), ("why", line(why))],
        DefinitionProblem::Reach { at, what } => vec![("at", line(at)), ("value", line(what))],
        DefinitionProblem::Limit { at, most } => vec![("at", line(at)), ("most", most.to_string())],
    }
}
