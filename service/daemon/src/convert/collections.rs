//! Collections, as the API shows them.

use std::collections::BTreeSet;

use muster_api as api;
use muster_engine::{
    CollectionAim, CollectionOffer, CollectionRequest, CollectionView, Key, MemberState, MemberView,
};

use super::{api_change, catalog::api_key, keys, parse, plan, request::key};
use crate::server::Failure;

pub(crate) fn collection_request(request: &api::CollectionRequest) -> Result<CollectionRequest, Failure> {
    let range = request.range.as_deref().map(|range| parse("range", range)).transpose()?;
    let set = |list: &[api::PackageKey]| Ok::<BTreeSet<Key>, Failure>(keys(list)?.into_iter().collect());
    Ok(CollectionRequest {
        profile: parse("profile", &request.profile)?,
        key: key(&request.collection)?,
        aim: match request.aim {
            api::CollectionAim::Have => CollectionAim::Have(range),
            api::CollectionAim::Leave => CollectionAim::Leave,
            api::CollectionAim::LeaveAlone => CollectionAim::LeaveAlone,
        },
        with: set(&request.with)?,
        without: set(&request.without)?,
    })
}

pub(crate) fn collection_offer(offer: CollectionOffer, profile: &str) -> api::CollectionOffer {
    api::CollectionOffer {
        key: api_key(&offer.key),
        title: offer.title,
        from: offer.from.map(|version| version.label()),
        to: offer.to.map(|version| version.label()),
        members: offer.members.into_iter().map(member).collect(),
        change: api_change(&offer.change, profile),
        plan: offer.plan.map(plan),
    }
}

pub(crate) fn collection(view: CollectionView) -> api::Collection {
    let counts = view.members.unwrap_or_default().into_iter();
    let count =
        |(of, count): (MemberState, usize)| api::MemberCount { state: state(of), count: count as u32 };
    api::Collection {
        key: api_key(&view.key),
        title: view.title,
        version: view.version.label(),
        update: view.update.map(|version| version.label()),
        members: counts.map(count).collect(),
    }
}

fn member(view: MemberView) -> api::CollectionMember {
    api::CollectionMember {
        key: api_key(&view.key),
        title: view.title,
        range: view.range.label(),
        optional: view.is_optional,
        version: view.version.map(|version| version.label()),
        state: state(view.state),
        source_here: view.has_source,
    }
}

fn state(state: MemberState) -> api::MemberState {
    match state {
        MemberState::Here => api::MemberState::Here,
        MemberState::Comes => api::MemberState::Comes,
        MemberState::Goes => api::MemberState::Goes,
        MemberState::Yours => api::MemberState::Yours,
        MemberState::TakenOut => api::MemberState::TakenOut,
        MemberState::LeftOut => api::MemberState::LeftOut,
        MemberState::NotChosen => api::MemberState::NotChosen,
        MemberState::OtherSide => api::MemberState::OtherSide,
        MemberState::Missing => api::MemberState::Missing,
    }
}
