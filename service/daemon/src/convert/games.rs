//! Games.

use muster_api as api;
use muster_engine::{FoundGame, GameView, LoadOrder, Origin};

pub(crate) fn game(game: FoundGame) -> api::Game {
    let installations = game.installations.into_iter().map(|found| api::Installation {
        id: found.name,
        kind: serde_json::to_value(&found.installation.kind)
            .ok()
            .and_then(|kind| kind["kind"].as_str().map(str::to_owned))
            .unwrap_or_default(),
        version: found.installation.version,
        folder: found.installation.folder.map(|path| path.display().to_string()),
        prefix: found.installation.prefix.map(|path| path.display().to_string()),
        places: super::state::texts(found.installation.places),
        worlds: found.worlds,
        storage: super::disk::storage(found.storage),
    });
    let (id, installations) = (game.id.to_string(), installations.collect());
    api::Game { id, title: game.title, installations, own: game.is_own }
}

pub(crate) fn game_detail(view: GameView) -> api::GameDetail {
    let definition = &view.definition;
    let stores = &definition.stores;
    let steam: Vec<String> = stores.steam.iter().map(u32::to_string).collect();
    let stores =
        [("steam", &steam), ("gog", &stores.gog), ("epic", &stores.epic), ("lutris", &stores.lutris)];
    let sold = stores.into_iter().filter(|(_, ids)| !ids.is_empty());
    api::GameDetail {
        also_called: definition.also_called.clone(),
        homepage: definition.homepage.clone(),
        origins: view.origins.into_iter().map(|origin| self::origin(origin).to_owned()).collect(),
        load_order: load_order(definition.load_order).to_owned(),
        launches: definition.launch.keys().cloned().collect(),
        loaders: definition.loaders.values().map(|loader| loader.title.clone()).collect(),
        stores: sold.map(|(store, ids)| (store.to_owned(), ids.clone())).collect(),
        places: definition.places.keys().cloned().collect(),
        sources: definition.sources.clone(),
        game: game(view.found),
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Shipped => "shipped",
        Origin::Package => "package",
        Origin::User => "user",
    }
}

fn load_order(order: LoadOrder) -> &'static str {
    match order {
        LoadOrder::Game => "game",
        LoadOrder::Files => "files",
        LoadOrder::Lists => "lists",
    }
}
