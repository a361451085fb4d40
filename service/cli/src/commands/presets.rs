//! Sources that fit games: listed, turned down, named for adding.

use muster_api::{Changed, OperationId, Preset, PresetDecision};
use muster_client::{Client, Request};

use crate::{context::Context, failure::Failure, output};

pub async fn list(context: &Context, client: &Client, game: Option<&str>) -> Result<(), Failure> {
    let presets = presets(client, game).await?;
    // Without a game named, those of games that are not here would be most of the list.
    let shown =
        presets.into_iter().filter(|preset| game.is_some() || preset.games.iter().any(|game| game.found));
    let shown: Vec<Preset> = shown.collect();
    if context.json {
        return output::json(&shown);
    }
    let words = &context.words;
    let row = |preset: &Preset| {
        let state = match (preset.known, preset.declined, preset.offered) {
            (true, ..) => "cli-preset-known",
            (false, true, _) => "cli-preset-declined",
            (false, false, true) => "cli-preset-offered",
            (false, false, false) => "cli-preset-no-game",
        };
        let host = preset.host.clone().unwrap_or_else(|| words.text("cli-preset-here", &[]));
        let games: Vec<&str> = preset.games.iter().map(|game| game.title.as_str()).collect();
        vec![preset.id.clone(), host, games.join(", "), words.text(state, &[])]
    };
    output::table(&shown.iter().map(row).collect::<Vec<_>>())?;
    if shown.iter().any(|preset| preset.offered) {
        context.note(words.text("cli-preset-add", &[]));
    }
    Ok(())
}

pub async fn decide(context: &Context, client: &Client, word: &str, declined: bool) -> Result<(), Failure> {
    let body = PresetDecision { id: named(client, word).await?, declined };
    let changed: Changed = client.ask(Request::new(OperationId::DecidePreset).body(&body)?).await?;
    if context.json { output::json(&changed) } else { Ok(()) }
}

/// The whole id of a preset: a path may be left out behind the game that it is for.
pub async fn named(client: &Client, word: &str) -> Result<String, Failure> {
    let all = presets(client, None).await?;
    let short = format!("{word}+");
    let found = all.into_iter().map(|preset| preset.id).find(|id| id == word || id.starts_with(&short));
    found.ok_or_else(|| Failure::new(4, "source-no-preset", format!("no game names {word}")).with("id", word))
}

/// Says that there are sources for a game, where some are offered.
pub async fn hint(context: &Context, client: &Client, game: &str) -> Result<(), Failure> {
    if presets(client, Some(game)).await?.iter().any(|preset| preset.offered) {
        context.note(context.words.text("cli-preset-hint", &[("game", game.to_owned())]));
    }
    Ok(())
}

async fn presets(client: &Client, game: Option<&str>) -> Result<Vec<Preset>, Failure> {
    let request = Request::new(OperationId::Presets);
    let request = match game {
        Some(game) => request.query("game", game),
        None => request,
    };
    Ok(client.ask(request).await?)
}
