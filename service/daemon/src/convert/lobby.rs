//! Lobbies, as the API shows them.

use muster_api as api;
use muster_domain::Link;
use muster_engine::{
    GuestStep, GuestView, HostRequest, HostedView, JoinRequest, Key, KnownHost, LobbiesView, LobbyAt,
    LobbyPhase, LobbyView, OptionalView, RollEntry, words,
};

use super::{job, parse, plan, problem, request::keys, shared::needed_source};
use crate::server::Failure;

pub(crate) fn host_request(request: api::HostLobby) -> Result<HostRequest, Failure> {
    let profile = request.profile.map(|id| parse("profile", &id)).transpose()?;
    let addresses = request.addresses.iter().map(|address| parse("addresses", address));
    let addresses = addresses.collect::<Result<_, _>>()?;
    let optional = keys(&request.optional)?;
    Ok(HostRequest {
        profile,
        name: request.name,
        addresses,
        hours: request.hours,
        optional,
        back: request.back,
        is_known: request.known,
    })
}

/// Where a lobby's ticket is, and what is left out of it.
pub(crate) fn lobby_at(request: api::LobbyRequest) -> Result<(LobbyAt, Option<Vec<Key>>), Failure> {
    let without = request.without.as_deref().map(keys).transpose()?;
    let at = match (request.link, request.ticket) {
        (Some(link), None) => match link.parse::<Link>() {
            Ok(Link::Join(link)) => Ok(LobbyAt::Link(link)),
            Ok(Link::JoinWith(packed)) => Ok(LobbyAt::Inline(packed)),
            Ok(_) => Err(Failure::from_coded(400, &muster_domain::LinkError::Verb)),
            Err(error) => Err(Failure::from_coded(400, &error)),
        },
        (None, Some(ticket)) => Ok(LobbyAt::Text(ticket)),
        _ => Err(Failure::new(400, "api-bad-value", "lobby").with("name", "lobby")),
    };
    Ok((at?, without))
}

pub(crate) fn lobby_offer(view: LobbyView) -> api::LobbyOffer {
    api::LobbyOffer {
        name: view.name,
        game: view.game.to_string(),
        expires: view.expires.to_string(),
        peers: view.peers as u64,
        packages: view.packages as u64,
        sources: view.sources.into_iter().map(needed_source).collect(),
        digest: view.digest.to_string(),
        own_profile: view.own.to_string(),
        own_name: view.own_name,
        your_name: view.your_name,
        optional: view.optional.into_iter().map(optional).collect(),
        back: view.back,
        host: view.by.map(|(key, allowed)| api::LobbyHost {
            key: key.to_string(),
            words: words(&key.fingerprint()),
            allowed,
        }),
        asks: view.asks,
        plan: view.plan.map(plan),
    }
}

fn optional(view: OptionalView) -> api::LobbyOptional {
    api::LobbyOptional {
        key: api::PackageKey { source: view.key.source.to_string(), id: view.key.id.to_string() },
        title: view.title,
        verified: view.is_verified,
        left_out: view.is_left_out,
    }
}

fn known_host(host: KnownHost) -> api::KnownHost {
    api::KnownHost {
        key: host.key.to_string(),
        words: words(&host.key.fingerprint()),
        lobby: host.lobby,
        since: host.since.to_string(),
    }
}

pub(crate) fn hosted(view: HostedView) -> api::HostedLobby {
    api::HostedLobby {
        name: view.name,
        game: view.game.to_string(),
        profile: view.profile.to_string(),
        link: view.link,
        full_link: view.full_link,
        ticket: view.ticket,
        since: view.since.to_string(),
        expires: view.expires.to_string(),
        packages: view.packages as u64,
        optional: view.optional as u64,
        back: view.back,
        host_words: view.by.map(|key| words(&key.fingerprint())),
        left_out: view.left_out,
        offered: view.is_offered,
        players: view.guests.into_iter().map(|entry| player(entry, None)).collect(),
    }
}

fn player(entry: RollEntry, you: Option<u32>) -> api::LobbyPlayer {
    api::LobbyPlayer {
        seat: entry.seat,
        name: entry.name,
        step: match entry.step {
            GuestStep::Joining => api::LobbyStep::Joining,
            GuestStep::Bringing => api::LobbyStep::Bringing,
            GuestStep::Placing => api::LobbyStep::Placing,
            GuestStep::Ready => api::LobbyStep::Ready,
            GuestStep::Playing => api::LobbyStep::Playing,
            GuestStep::Left => api::LobbyStep::Left,
        },
        done: entry.done,
        total: entry.total,
        since: entry.since.to_string(),
        heard: entry.heard.to_string(),
        silent: entry.silent,
        you: you == Some(entry.seat),
    }
}

pub(crate) fn join_request(request: api::JoinLobby) -> Result<(LobbyAt, JoinRequest), Failure> {
    let digest = parse("digest", &request.digest)?;
    let (at, without) = lobby_at(request.lobby)?;
    let without = without.unwrap_or_default();
    let remembers_host = request.remember_host;
    Ok((at, JoinRequest { digest, agreed: request.agreed, without, remembers_host, name: request.name }))
}

fn joined(view: GuestView) -> api::JoinedLobby {
    let heard = view.roll.as_ref().map(|roll| roll.at.to_string());
    let players = view.roll.map(|roll| {
        let you = Some(roll.you);
        roll.guests.into_iter().map(|entry| player(entry, you)).collect()
    });
    api::JoinedLobby {
        name: view.name,
        game: view.game.to_string(),
        phase: match view.phase {
            LobbyPhase::Bringing => api::LobbyPhase::Bringing,
            LobbyPhase::Placing => api::LobbyPhase::Placing,
            LobbyPhase::Ready => api::LobbyPhase::Ready,
            LobbyPhase::Playing => api::LobbyPhase::Playing,
            LobbyPhase::Returning => api::LobbyPhase::Returning,
        },
        profile: view.profile.to_string(),
        own_name: view.own_name,
        job: view.job.map(job),
        problem: view.problem.as_ref().map(problem),
        since: view.since.map(|at| at.to_string()),
        expires: view.expires.map(|at| at.to_string()),
        players: players.unwrap_or_default(),
        heard,
        back: view.back,
    }
}

pub(crate) fn lobbies(view: LobbiesView) -> api::Lobbies {
    api::Lobbies {
        hosted: view.hosted.map(hosted),
        joined: view.joined.map(joined),
        hosts: view.hosts.into_iter().map(known_host).collect(),
    }
}
