//! Updates without anybody asking, as the API shows them.

use muster_api as api;
use muster_engine::{
    Skip, Subscription, SubscriptionView, UpdatePolicy, UpkeepItem, UpkeepPatch, UpkeepState, UpkeepView,
};

use super::{catalog::api_key, problem, reason, request::key};
use crate::server::Failure;

pub(crate) fn upkeep_patch(patch: api::UpkeepPatch) -> Result<UpkeepPatch, Failure> {
    let subscription = |one: &api::Subscription| {
        Ok::<_, Failure>(Subscription { key: key(&one.key)?, policy: engine_policy(one.policy) })
    };
    let skip = |one: &api::Skip| Ok::<_, Failure>(Skip { key: key(&one.key)?, version: one.version.clone() });
    Ok(UpkeepPatch {
        policy: patch.policy.map(engine_policy),
        subscribe: patch.subscribe.iter().map(subscription).collect::<Result<_, _>>()?,
        skip: patch.skip.iter().map(skip).collect::<Result<_, _>>()?,
    })
}

pub(crate) fn upkeep(view: UpkeepView) -> api::Upkeep {
    api::Upkeep {
        profile: view.profile.to_string(),
        profile_name: view.name,
        policy: policy(view.policy),
        subscriptions: view.subscriptions.into_iter().map(subscription).collect(),
        items: view.items.into_iter().map(item).collect(),
        reasons: view.reasons.iter().map(reason).collect(),
        problem: view.problem.as_ref().map(problem),
        checked: view.checked.map(|time| time.to_string()),
    }
}

fn subscription(view: SubscriptionView) -> api::SubscriptionEntry {
    api::SubscriptionEntry {
        key: api_key(&view.key),
        title: view.title,
        policy: policy(view.policy),
        installed: view.is_installed,
    }
}

fn item(item: UpkeepItem) -> api::UpkeepItem {
    let (state, until) = match item.state {
        UpkeepState::Waits { until } => (api::UpkeepState::Waits, Some(until.to_string())),
        UpkeepState::Comes => (api::UpkeepState::Comes, None),
        UpkeepState::Ready => (api::UpkeepState::Ready, None),
        UpkeepState::Asks => (api::UpkeepState::Asks, None),
    };
    api::UpkeepItem {
        key: api_key(&item.key),
        title: item.title,
        from: item.from.map(|version| version.label()),
        to: item.to.label(),
        state,
        until,
    }
}

fn policy(policy: UpdatePolicy) -> api::UpdatePolicy {
    match policy {
        UpdatePolicy::Off => api::UpdatePolicy::Off,
        UpdatePolicy::Fetch => api::UpdatePolicy::Fetch,
        UpdatePolicy::Apply => api::UpdatePolicy::Apply,
    }
}

fn engine_policy(policy: api::UpdatePolicy) -> UpdatePolicy {
    match policy {
        api::UpdatePolicy::Off => UpdatePolicy::Off,
        api::UpdatePolicy::Fetch => UpdatePolicy::Fetch,
        api::UpdatePolicy::Apply => UpdatePolicy::Apply,
    }
}
