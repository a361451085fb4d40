//! The one place where the engine's values become the API's, and the API's requests become the engine's.

mod adoption;
mod advice;
mod catalog;
mod collections;
mod contents;
mod disk;
mod folders;
mod games;
mod kept;
mod limits;
mod lobby;
mod packs;
mod profiles;
mod request;
mod saves;
mod seeds;
mod shared;
mod sources;
mod state;
mod transfers;
mod upkeep;

pub(crate) use adoption::{adoption, adoption_request, managed_profile};
pub(crate) use advice::audit;
pub(crate) use catalog::{api_change, changes, detail, found, link, plan, refused_link, wish};
pub(crate) use collections::{collection, collection_offer, collection_request};
pub(crate) use contents::{conflicts, load_order, order_plan};
pub(crate) use disk::disk;
pub(crate) use folders::{decision, drift, file, file_texts, spot, vanilla};
pub(crate) use games::{game, game_detail};
pub(crate) use kept::{freed, kept, kept_restore};
pub(crate) use limits::{limits, pause_wish};
pub(crate) use lobby::{host_request, hosted, join_request, lobbies, lobby_at, lobby_offer};
pub(crate) use packs::{pack_offer, pack_request};
pub(crate) use profiles::{
    difference, finding, launch, policy, profile, profile_detail, removed_profile, verify, why,
};
pub(crate) use request::{change_request, keys, new_file, parse, patch, search_query};
pub(crate) use saves::{saves, saves_patch};
pub(crate) use seeds::{peers, room, room_request, seed};
pub(crate) use shared::{followed, shared_offer, shared_request, shared_text};
pub(crate) use sources::{key_at, preset, source, source_answer};
pub(crate) use state::{explanation, job, problem, reason, settings, snapshot, status, version};
pub(crate) use transfers::transfers;
pub(crate) use upkeep::{upkeep, upkeep_patch};

use muster_engine::{EngineError, Fault};

use crate::server::Failure;

/// The status of a problem document.
fn http_status(fault: Fault) -> u16 {
    match fault {
        Fault::Request => 400,
        Fault::Missing => 404,
        Fault::Refused => 409,
        Fault::Failed => 500,
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let failure = Self::from_coded(http_status(error.fault()), &error);
        match error.explanation() {
            Some(found) => failure.explained(explanation(found)),
            None => failure,
        }
    }
}
