//! Packs of other managers, as the API shows them.

use muster_api as api;
use muster_engine::{
    Others, PackAt, PackFileView, PackForm, PackMod, PackRequest, PackState, PackView, Refusal,
};

use super::{catalog::api_key, parse, plan};
use crate::server::Failure;

pub(crate) fn pack_request(request: api::PackRequest) -> Result<PackRequest, Failure> {
    let at = match (request.path, request.address, request.code) {
        (Some(path), None, None) => PackAt::Path(path.into()),
        (None, Some(address), None) => PackAt::Address(address),
        (None, None, Some(code)) => PackAt::Code(code),
        _ => {
            let failure = Failure::new(400, "api-bad-value", "a path, an address or a code");
            return Err(failure.with("name", "path"));
        }
    };
    Ok(PackRequest {
        at,
        profile: request.profile.as_deref().map(|id| parse("profile", id)).transpose()?,
        game: request.game.as_deref().map(|id| parse("game", id)).transpose()?,
        others: if request.keep_others { Others::Stay } else { Others::Go },
    })
}

pub(crate) fn pack_offer(view: PackView) -> api::PackOffer {
    api::PackOffer {
        name: view.name,
        version: view.version,
        form: match view.form {
            PackForm::Modrinth => api::PackForm::Modrinth,
            PackForm::Export => api::PackForm::Export,
        },
        game: view.game.to_string(),
        needs: view.needs.into_iter().map(|(what, version)| api::PackNeed { what, version }).collect(),
        mods: view.mods.into_iter().map(pack_mod).collect(),
        files: view.files.into_iter().map(pack_file).collect(),
        missing_sources: view.missing_sources,
        digest: view.digest.to_string(),
        plan: view.plan.map(plan),
    }
}

fn pack_mod(one: PackMod) -> api::PackMod {
    let PackMod { name, version, size, is_on, state } = one;
    let plain = api::PackMod {
        name,
        version,
        size,
        enabled: is_on,
        state: api::PackState::Unknown,
        package: None,
        newest: None,
        host: None,
        why: None,
    };
    match state {
        PackState::Unknown => plain,
        PackState::Found(package) => {
            let key = muster_engine::Key { source: package.source, id: package.id };
            let version = if plain.version.is_empty() { package.version.label() } else { plain.version };
            api::PackMod { state: api::PackState::Found, package: Some(api_key(&key)), version, ..plain }
        }
        PackState::OtherVersion { key, newest } => api::PackMod {
            state: api::PackState::OtherVersion,
            package: Some(api_key(&key)),
            newest: Some(newest),
            ..plain
        },
        PackState::ByAddress { host } => {
            api::PackMod { state: api::PackState::ByAddress, host: Some(host), ..plain }
        }
        PackState::Refused(why) => {
            api::PackMod { state: api::PackState::Refused, why: Some(refusal(why)), ..plain }
        }
    }
}

fn pack_file(file: PackFileView) -> api::PackFile {
    api::PackFile { path: file.path, size: file.size, why: file.refusal.map(refusal) }
}

fn refusal(why: Refusal) -> api::PackRefusal {
    match why {
        Refusal::Program => api::PackRefusal::Program,
        Refusal::Outside => api::PackRefusal::Outside,
        Refusal::Protected => api::PackRefusal::Protected,
        Refusal::Name => api::PackRefusal::Name,
        Refusal::Address => api::PackRefusal::Address,
    }
}
