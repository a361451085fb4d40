//! Games: list, show, definitions of one's own.

use std::path::Path;

use muster_api::{Changed, Game, GameDetail, NewGame, OperationId};
use muster_client::Request;
use muster_fsx::Dir;

use super::presets;
use crate::{arguments::GameCommand, context::Context, failure::Failure, output};

/// Largest definition that is sent, in bytes.
const MAX_FILE: u64 = 256 * 1024;

pub async fn run(context: &Context, command: GameCommand) -> Result<(), Failure> {
    match command {
        GameCommand::List => list(context).await,
        GameCommand::Add { file, replace } => add(context, &file, replace).await,
        GameCommand::Show { game } => show(context, &game).await,
        GameCommand::Remove { game } => {
            let request = Request::new(OperationId::RemoveGame).path("game", &game);
            let changed: Changed = context.service().await?.ask(request).await?;
            if context.json {
                return output::json(&changed);
            }
            context.note(context.words.text("cli-game-removed", &[("game", game)]));
            Ok(())
        }
    }
}

/// All games and where they were found.
async fn list(context: &Context) -> Result<(), Failure> {
    let games: Vec<Game> = context.service().await?.ask(Request::new(OperationId::Games)).await?;
    if context.json {
        return output::json(&games);
    }
    let mut rows = Vec::new();
    for game in &games {
        if game.installations.is_empty() {
            rows.push(vec![
                game.id.clone(),
                game.title.clone(),
                context.words.text("cli-games-not-found", &[]),
            ]);
        }
        for installation in &game.installations {
            let places = installation.places.values().cloned().collect::<Vec<_>>().join(", ");
            let version = installation.version.clone().unwrap_or_default();
            rows.push(vec![game.id.clone(), game.title.clone(), installation.id.clone(), version, places]);
        }
    }
    output::table(&rows)
}

async fn add(context: &Context, file: &Path, replace: bool) -> Result<(), Failure> {
    let path = std::path::absolute(file).map_err(Failure::io)?;
    let no_file = || Failure::io(std::io::ErrorKind::InvalidInput.into());
    let folder = path.parent().ok_or_else(no_file)?;
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(no_file)?;
    let read = Dir::open_ambient(folder).and_then(|folder| folder.read(name, MAX_FILE));
    let bytes = read.map_err(|error| Failure::coded(&error))?;
    let body = NewGame { definition: String::from_utf8_lossy(&bytes).into_owned(), replace };
    let request = Request::new(OperationId::AddGame).body(&body)?;
    let client = context.service().await?;
    let changed: Changed = client.ask(request).await?;
    if context.json {
        return output::json(&changed);
    }
    let game = changed.created.unwrap_or_default();
    context.note(context.words.text("cli-game-added", &[("game", game.clone())]));
    presets::hint(context, &client, &game).await
}

async fn show(context: &Context, game: &str) -> Result<(), Failure> {
    let request = Request::new(OperationId::Game).path("game", game);
    let detail: GameDetail = context.service().await?.ask(request).await?;
    if context.json {
        return output::json(&detail);
    }
    let word = |name: &str| context.words.text(name, &[]);
    let origin = detail.origins.last().map(|origin| word(&format!("cli-game-origin-{origin}")));
    let stores = detail.stores.iter().map(|(store, ids)| format!("{store} {}", ids.join(" ")));
    let mut rows = vec![
        vec![detail.game.id.clone(), detail.game.title.clone()],
        vec![word("cli-game-definition"), origin.unwrap_or_default()],
        vec![word("cli-game-load-order"), word(&format!("cli-game-load-order-{}", detail.load_order))],
        vec![word("cli-game-launches"), detail.launches.join(", ")],
        vec![word("cli-game-loaders"), detail.loaders.join(", ")],
        vec![word("cli-game-stores"), stores.collect::<Vec<_>>().join(", ")],
        vec![word("cli-game-places"), detail.places.join(", ")],
    ];
    rows.retain(|row| !row[1].is_empty());
    for installation in &detail.game.installations {
        let version = installation.version.clone().unwrap_or_default();
        rows.push(vec![installation.id.clone(), version]);
        let prefix = installation.prefix.iter().map(|prefix| ("prefix".to_owned(), prefix));
        let places = installation.places.iter().map(|(name, path)| (name.clone(), path));
        rows.extend(prefix.chain(places).map(|(name, path)| {
            let storage = installation.storage.iter().find(|storage| storage.folder == *path);
            let how = storage.map(|storage| context.reason(&storage.reason)).unwrap_or_default();
            vec![format!("  {name}"), path.clone(), how]
        }));
    }
    if detail.game.installations.is_empty() {
        rows.push(vec![word("cli-games-not-found"), String::new()]);
    }
    output::table(&rows)
}
