//! Requests of the API as the engine takes them. What cannot be read is refused by name.

use std::str::FromStr;

use muster_api as api;
use muster_domain::{Channel, Mapping, Platform, ProfileId, Side};
use muster_engine::{
    ChangeRequest, ChooseFeature, FileAt, Follow, Hold, Key, RunsOn, SearchQuery, SettingsPatch, Sharing,
    Theme, Wish,
};

use crate::server::Failure;

/// Reads a value, or says which one it is that cannot be read.
pub(crate) fn parse<T: FromStr>(name: &str, text: &str) -> Result<T, Failure> {
    text.parse()
        .map_err(|_| Failure::new(400, "api-bad-value", &format!("{name} cannot be read")).with("name", name))
}

pub(crate) fn key(key: &api::PackageKey) -> Result<Key, Failure> {
    Ok(Key { source: parse("source", &key.source)?, id: parse("id", &key.id)? })
}

pub(crate) fn keys(list: &[api::PackageKey]) -> Result<Vec<Key>, Failure> {
    list.iter().map(key).collect()
}

fn wish(wish: &api::Wish) -> Result<Wish, Failure> {
    Ok(Wish {
        key: key(&wish.key)?,
        range: wish.range.as_deref().map(|range| parse("range", range)).transpose()?.unwrap_or_default(),
        sha256: wish.sha256.as_deref().map(|hash| parse("sha256", hash)).transpose()?,
    })
}

/// Where a file is, and the profile that it is for.
pub(crate) fn new_file(new: &api::NewFile) -> Result<(FileAt, ProfileId), Failure> {
    let at = match (&new.path, &new.address) {
        (Some(path), None) => FileAt::Path(path.into()),
        (None, Some(address)) => FileAt::Address(address.clone()),
        _ => return Err(Failure::new(400, "api-bad-value", "a path or an address").with("name", "path")),
    };
    Ok((at, parse("profile", &new.profile)?))
}

fn mapping(mapping: &api::Mapping) -> Result<Mapping, Failure> {
    let Key { source, id } = key(&mapping.key)?;
    Ok(Mapping { source, id, from: parse("from", &mapping.from)? })
}

fn hold(hold: &api::Hold) -> Result<Hold, Failure> {
    Ok(Hold { key: key(&hold.key)?, reason: hold.reason.clone().unwrap_or_default() })
}

fn channel(channel: api::ReleaseChannel) -> Channel {
    match channel {
        api::ReleaseChannel::Dev => Channel::Dev,
        api::ReleaseChannel::Beta => Channel::Beta,
        api::ReleaseChannel::Stable => Channel::Stable,
    }
}

fn side(side: api::Side) -> Side {
    match side {
        api::Side::Client => Side::Client,
        api::Side::Server => Side::Server,
        api::Side::Both => Side::Both,
    }
}

fn runs_on(on: api::RunsOn) -> RunsOn {
    match on {
        api::RunsOn::Automatic => RunsOn::Automatic,
        api::RunsOn::Linux => RunsOn::Platform(Platform::Linux),
        api::RunsOn::Windows => RunsOn::Platform(Platform::Windows),
        api::RunsOn::Macos => RunsOn::Platform(Platform::Macos),
    }
}

fn choose(choose: &api::ChooseFeature) -> Result<ChooseFeature, Failure> {
    Ok(ChooseFeature { key: key(&choose.key)?, feature: parse("feature", &choose.feature)?, on: choose.on })
}

fn follow(follow: &api::Follow) -> Result<Follow, Failure> {
    Ok(Follow { key: key(&follow.key)?, channel: follow.channel.map(channel) })
}

pub(crate) fn change_request(request: &api::ChangeRequest) -> Result<ChangeRequest, Failure> {
    Ok(ChangeRequest {
        install: request.install.iter().map(wish).collect::<Result<_, _>>()?,
        remove: keys(&request.remove)?,
        update: keys(&request.update)?,
        update_all: request.update_all,
        enable: keys(&request.enable)?,
        disable: keys(&request.disable)?,
        quarantine: keys(&request.quarantine)?,
        hold: request.hold.iter().map(hold).collect::<Result<_, _>>()?,
        unhold: keys(&request.unhold)?,
        channels: request.channels.iter().map(follow).collect::<Result<_, _>>()?,
        features: request.features.iter().map(choose).collect::<Result<_, _>>()?,
        channel: request.channel.map(channel),
        side: request.side.map(side),
        platform: request.platform.map(runs_on),
        map: request.map.iter().map(mapping).collect::<Result<_, _>>()?,
        order: request.order.as_deref().map(keys).transpose()?,
        without: keys(&request.without)?,
        agreed: request.agreed.clone(),
        ..ChangeRequest::default()
    })
}

pub(crate) fn search_query(request: &api::SearchRequest) -> Result<SearchQuery, Failure> {
    use muster_engine::Sort;
    Ok(SearchQuery {
        text: request.q.clone(),
        profile: request.profile.as_deref().map(|id| parse("profile", id)).transpose()?,
        sort: match request.sort {
            // The engine orders by relevance where there is text and by downloads where there is none.
            api::Sort::Relevance => None,
            api::Sort::Downloads => Some(Sort::Downloads),
            api::Sort::Newest => Some(Sort::New),
            api::Sort::Updated => Some(Sort::Updated),
            api::Sort::Name => Some(Sort::Name),
            api::Sort::Trending => Some(Sort::Trending),
        },
        offset: request.offset as usize,
        limit: if request.limit == 0 { 50 } else { request.limit as usize },
    })
}

pub(crate) fn patch(patch: api::SettingsPatch) -> SettingsPatch {
    SettingsPatch {
        rules: super::limits::rules_patch(&patch),
        sharing: patch.sharing.map(|sharing| match sharing {
            api::Sharing::Unset => Sharing::Unset,
            api::Sharing::Everybody => Sharing::Everybody,
            api::Sharing::Nearby => Sharing::Nearby,
            api::Sharing::Nobody => Sharing::Nobody,
        }),
        download_limit: patch.download_limit,
        upload_limit: patch.upload_limit,
        cache_quota: patch.cache_quota,
        archive_days: patch.archive_days,
        unfinished_days: patch.unfinished_days,
        evict_protected: patch.evict_protected,
        seeding_paused: patch.seeding_paused,
        offline: patch.offline,
        listen: patch.listen,
        language: patch.language,
        theme: patch.theme.map(|theme| match theme {
            api::Theme::System => Theme::System,
            api::Theme::Light => Theme::Light,
            api::Theme::Dark => Theme::Dark,
        }),
    }
}
