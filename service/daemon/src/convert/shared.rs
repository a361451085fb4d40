//! Shared profiles, as the API shows them.

use muster_api as api;
use muster_engine::{FollowedView, NeededSource, Others, Shared, SharedAt, SharedRequest, SharedView, words};

use super::{
    parse, plan, problem,
    profiles::{platform, side},
};
use crate::server::Failure;

pub(crate) fn shared_text(shared: Shared) -> Result<api::SharedText, Failure> {
    let text = serde_json::to_string_pretty(&shared.profile);
    let text = text.map_err(|_| Failure::new(500, "api-internal", "a profile is not JSON"))?;
    Ok(api::SharedText { text, packages: shared.profile.packages.len() as u64, left_out: shared.left_out })
}

pub(crate) fn shared_request(request: api::SharedRequest) -> Result<SharedRequest, Failure> {
    let at = match (request.text, request.address) {
        (Some(text), _) => SharedAt::Text(text),
        (None, Some(address)) => SharedAt::Address(address),
        (None, None) => SharedAt::Followed,
    };
    let others = if request.keep_others { Others::Stay } else { Others::Go };
    Ok(SharedRequest { at, profile: parse("profile", &request.profile)?, others })
}

pub(crate) fn shared_offer(view: SharedView) -> api::SharedOffer {
    let owners = view.owners.into_iter().map(|(key, signed)| api::SharedOwner {
        fingerprint: key.fingerprint().to_string(),
        words: words(&key.fingerprint()),
        signed,
    });
    api::SharedOffer {
        name: view.name,
        game: view.game.to_string(),
        version: view.version,
        written: view.written.to_string(),
        note: view.note,
        side: view.side.map(side),
        platform: view.platform.map(platform),
        other_side: view.other_side as u64,
        owners: owners.collect(),
        packages: view.packages as u64,
        sources: view.sources.into_iter().map(needed_source).collect(),
        digest: view.digest.to_string(),
        plan: view.plan.map(plan),
    }
}

pub(super) fn needed_source(source: NeededSource) -> api::SharedSource {
    api::SharedSource { id: source.id.to_string(), address: source.address, here: source.is_here }
}

pub(crate) fn followed(view: FollowedView) -> api::Followed {
    api::Followed {
        profile: view.profile.to_string(),
        profile_name: view.own_name,
        address: view.address,
        name: view.name,
        version: view.version,
        seen: view.seen,
        keep_others: view.keeps_others,
        checked: view.checked.map(|time| time.to_string()),
        problem: view.problem.as_ref().map(problem),
    }
}
