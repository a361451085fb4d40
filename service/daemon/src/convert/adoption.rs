//! Adoptions, as the API shows them.

use std::path::PathBuf;

use muster_api as api;
use muster_engine::{
    AdoptedView, AdoptionRequest, AdoptionView, ManagedProfileView, Manager, Yours, YoursView,
};

use super::parse;
use crate::server::Failure;

pub(crate) fn adoption_request(request: api::AdoptionRequest) -> Result<AdoptionRequest, Failure> {
    Ok(AdoptionRequest {
        profile: request.profile.as_deref().map(|text| parse("profile", text)).transpose()?,
        game: request.game.as_deref().map(|text| parse("game", text)).transpose()?,
        path: request.path.map(PathBuf::from),
        agreed: request.agreed,
    })
}

pub(crate) fn adoption(view: AdoptionView) -> api::AdoptionPlan {
    api::AdoptionPlan {
        profile: view.profile.map(|profile| profile.to_string()),
        game: view.game.to_string(),
        digest: view.digest,
        adopted: view.adopted.into_iter().map(adopted).collect(),
        yours: view.yours.into_iter().map(yours).collect(),
        managed: view.managed as u64,
        copied: view.is_copied,
    }
}

pub(crate) fn managed_profile(view: ManagedProfileView) -> api::ManagedProfile {
    let ManagedProfileView { profile, game_title, is_game_found } = view;
    api::ManagedProfile {
        manager: match profile.manager {
            Manager::R2modman => api::Manager::R2modman,
            Manager::ThunderstoreModManager => api::Manager::ThunderstoreModManager,
            Manager::Gale => api::Manager::Gale,
        },
        game: profile.game.to_string(),
        game_title,
        game_found: is_game_found,
        name: profile.name,
        path: profile.folder.display().to_string(),
        mods: profile.mods as u64,
    }
}

fn adopted(view: AdoptedView) -> api::AdoptedMod {
    let key =
        |key: muster_engine::Key| api::PackageKey { source: key.source.to_string(), id: key.id.to_string() };
    api::AdoptedMod {
        place: view.place,
        name: view.name,
        title: view.title,
        version: view.version.map(|version| version.label()),
        package: view.package.map(key),
        known_as: view.known_as.map(key),
        files: view.files as u64,
        size: view.size,
    }
}

fn yours(view: YoursView) -> api::YoursEntry {
    api::YoursEntry {
        place: view.place,
        name: view.name,
        files: view.files as u64,
        size: view.size,
        why: match view.why {
            Yours::Unknown => api::YoursReason::Unknown,
            Yours::Off => api::YoursReason::Off,
            Yours::Odd => api::YoursReason::Odd,
        },
    }
}
