//! Sources as the API shows them, and keys for them as it is given them.

use muster_api as api;
use muster_engine::{
    Field, Finding, GivenKey, KeyPlace, KeyView, PresetGame, PresetView, SourceAnswer, SourceStatus,
    SourceView, words,
};

use super::problem;
use crate::server::Failure;

pub(crate) fn source(view: SourceView) -> api::Source {
    api::Source {
        id: view.id.to_string(),
        alias: view.alias,
        kind: view.kind,
        address: view.address,
        priority: view.priority.max(0) as u32,
        enabled: view.is_enabled,
        state: match view.status {
            SourceStatus::New => api::SourceState::New,
            SourceStatus::Fresh => api::SourceState::Fresh,
            SourceStatus::Stale => api::SourceState::Stale,
            SourceStatus::Failed => api::SourceState::Failed,
            SourceStatus::Off => api::SourceState::Off,
        },
        packages: view.packages,
        synced: view.synced.map(|time| time.to_string()),
        resting: view.resting.map(|time| time.to_string()),
        problem: view.problem.as_ref().map(problem),
        root_words: view.root.as_ref().map(words),
        root: view.root.map(|root| root.to_string()),
        test_keys: view.has_test_keys,
        key: view.key.map(key),
    }
}

pub(crate) fn source_answer(answer: SourceAnswer) -> api::SourceAnswer {
    let (fields, problem) = match answer.outcome {
        Ok(fields) => (fields.into_iter().map(answer_field).collect(), None),
        Err(problem) => (Vec::new(), Some(super::problem(&problem))),
    };
    api::SourceAnswer { asked: answer.asked, fields, problem }
}

fn answer_field(field: Field) -> api::AnswerField {
    api::AnswerField {
        path: field.path,
        finding: match field.finding {
            Finding::Missing => api::FieldFinding::Missing,
            Finding::Broken => api::FieldFinding::Broken,
            Finding::Differs => api::FieldFinding::Differs,
            Finding::Unseen => api::FieldFinding::Unseen,
            Finding::Unread => api::FieldFinding::Unread,
            Finding::Same => api::FieldFinding::Same,
        },
        expected: field.expected,
        found: field.found,
        count: field.count,
        of: field.of,
    }
}

fn key(view: KeyView) -> api::SourceKey {
    let (place, named) = match view.place {
        None => (None, None),
        Some(KeyPlace::Keyring) => (Some(api::KeyPlace::Keyring), None),
        Some(KeyPlace::Variable(name)) => (Some(api::KeyPlace::Variable), Some(name)),
        Some(KeyPlace::File(path)) => (Some(api::KeyPlace::File), Some(path.display().to_string())),
    };
    api::SourceKey { service: view.service, place, named, problem: view.problem.as_ref().map(problem) }
}

pub(crate) fn preset(view: PresetView) -> api::Preset {
    let game = |game: PresetGame| api::PresetGame {
        id: game.id.to_string(),
        title: game.title,
        found: game.is_found,
    };
    api::Preset {
        offered: view.is_offered(),
        kind: view.kind.to_owned(),
        first: view.is_first,
        known: view.is_known,
        declined: view.is_declined,
        games: view.games.into_iter().map(game).collect(),
        host: view.host,
        id: view.id,
    }
}

/// Where the player says that a key lies.
pub(crate) fn key_at(at: api::SourceKeyAt) -> Result<GivenKey, Failure> {
    match (at.variable, at.file) {
        (Some(name), None) => Ok(GivenKey::Variable(name)),
        (None, Some(path)) => Ok(GivenKey::File(path.into())),
        _ => Err(Failure::new(400, "api-bad-value", "a variable or a file").with("name", "variable")),
    }
}
