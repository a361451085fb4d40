//! Games: where they were found, what their definitions say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::PlaceStorage;

/// A game Muster knows how to manage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Game {
    pub id: String,
    pub title: String,
    /// Empty where the game was not found.
    pub installations: Vec<Installation>,
    /// Whether the player wrote its definition.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub own: bool,
}

/// One place where a game is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Installation {
    /// Stable name of the installation: `native`, `flatpak:<application>`, `steam:<application>`,
    /// `heroic:<store>-<id>`, `lutris:<slug>`, `manual:<folder hash>`; `-flatpak` or `-snap` stands before the colon
    /// where the launcher is one.
    pub id: String,
    /// How it was found.
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<String>,
    /// The game's own folder, where a launcher or the player names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub folder: Option<String>,
    /// The Windows that Proton or Wine makes for the game.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub prefix: Option<String>,
    /// Named places → folders on this machine.
    pub places: BTreeMap<String, String>,
    /// Worlds or saves that a profile can be bound to, where the game has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worlds: Vec<String>,
    /// How files get to its places, as far as that was tried out: at the first change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<PlaceStorage>>")]
    pub storage: Vec<PlaceStorage>,
}

/// A game with what its definition says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct GameDetail {
    #[serde(flatten)]
    pub game: Game,
    pub also_called: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub homepage: Option<String>,
    /// Who wrote definitions of it: `shipped`, `package`, `user`; the last one is in force.
    pub origins: Vec<String>,
    /// Who decides in which order mods are loaded: `game`, `files`, `lists`.
    pub load_order: String,
    /// Ways to start it.
    pub launches: Vec<String>,
    /// Titles of the mod loaders that it may have.
    pub loaders: Vec<String>,
    /// Shop → what the game is called there.
    pub stores: BTreeMap<String, Vec<String>>,
    /// Names of the places that packages can go to.
    pub places: Vec<String>,
    /// Where its packages come from, as `add-source` takes it; offered when the window is first opened.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// A definition of the player's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct NewGame {
    /// The text of the definition (`docs/formats/game.md`).
    pub definition: String,
    /// It may take the place of a definition that the game has already.
    #[serde(default)]
    pub replace: bool,
}
