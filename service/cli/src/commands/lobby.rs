//! Lobbies: opened, looked at, joined, left.

use muster_api::{
    Changed, HostLobby, HostedLobby, JoinLobby, JoinedLobby, KnownHost, LaunchReport, LaunchRequest, Lobbies,
    LobbyOffer, LobbyPhase, LobbyPlayer, LobbyRequest, LobbyStep, OperationId, PackageKey,
};
use muster_client::{Client, Request};
use muster_fsx::Dir;

use super::change::{Consent, agreed, show};
use crate::{
    arguments::{HostArguments, JoinArguments, LinkArgument, LobbyCommand},
    context::Context,
    failure::Failure,
    output, progress, target,
};

/// Largest ticket, in bytes.
const MAX_TICKET: u64 = muster_domain::MAX_TICKET;
/// How often it is asked how far the lobby is, between what the events say.
const POLL: std::time::Duration = std::time::Duration::from_millis(200);

pub async fn run(context: &Context, command: LobbyCommand) -> Result<(), Failure> {
    let client = context.service().await?;
    match command {
        LobbyCommand::Status { link } => status(context, &client, &link).await,
        LobbyCommand::Host(arguments) => host(context, &client, arguments).await,
        LobbyCommand::Close => end(context, &client, OperationId::CloseLobby, "cli-lobby-closed").await,
        LobbyCommand::Join(arguments) => join(context, &client, arguments).await,
        LobbyCommand::Leave => leave(context, &client).await,
        LobbyCommand::Hosts => hosts(context, &client).await,
        LobbyCommand::Forget { host } => forget(context, &client, &host).await,
    }
}

async fn lobbies(client: &Client) -> Result<Lobbies, Failure> {
    Ok(client.ask(Request::new(OperationId::Lobbies)).await?)
}

async fn status(context: &Context, client: &Client, link: &LinkArgument) -> Result<(), Failure> {
    let lobbies = lobbies(client).await?;
    if context.json {
        return output::json(&lobbies);
    }
    let words = &context.words;
    if lobbies.hosted.is_none() && lobbies.joined.is_none() {
        context.note(words.text("cli-lobby-none", &[]));
    }
    if let Some(hosted) = &lobbies.hosted {
        tell_hosted(context, hosted, link)?;
    }
    let Some(joined) = &lobbies.joined else { return Ok(()) };
    let facts = [("name", joined.name.clone()), ("own", joined.own_name.clone().unwrap_or_default())];
    output::line(&words.text(phase_message(joined.phase), &facts))?;
    if let Some(expires) = &joined.expires {
        output::line(&words.text("cli-lobby-expires", &[("time", expires.clone())]))?;
    }
    if let Some(problem) = &joined.problem {
        output::line(&words.error_text(&problem.code, &problem.context, &problem.title))?;
    }
    if joined.heard.is_none() {
        context.note(words.text("cli-lobby-unheard", &[]));
    }
    tell_players(context, &joined.players)
}

/// Everybody who joined, and how far they say they are.
fn tell_players(context: &Context, players: &[LobbyPlayer]) -> Result<(), Failure> {
    let rows: Vec<Vec<String>> = players.iter().map(|player| player_row(context, player)).collect();
    output::table(&rows)
}

fn player_row(context: &Context, player: &LobbyPlayer) -> Vec<String> {
    let words = &context.words;
    let name = match player.name.as_str() {
        "" => words.text("lobby-player-nameless", &[("seat", player.seat.to_string())]),
        name => name.to_owned(),
    };
    let name = if player.you { words.text("lobby-player-you", &[("name", name)]) } else { name };
    let state = match player.step {
        LobbyStep::Left => "lobby-player-left",
        _ if player.silent => "lobby-player-silent",
        LobbyStep::Joining => "lobby-player-joining",
        LobbyStep::Bringing => "lobby-player-bringing",
        LobbyStep::Placing => "lobby-player-placing",
        LobbyStep::Ready => "lobby-player-ready",
        LobbyStep::Playing => "lobby-player-playing",
    };
    let mut cells = vec![name, words.text(state, &[])];
    if player.step == LobbyStep::Bringing && !player.silent {
        let facts = [
            ("left", words.size(player.total.saturating_sub(player.done))),
            ("total", words.size(player.total)),
        ];
        cells.push(words.text("lobby-player-needs", &facts));
    }
    cells
}

fn phase_message(phase: LobbyPhase) -> &'static str {
    match phase {
        LobbyPhase::Bringing => "lobby-bringing",
        LobbyPhase::Placing => "lobby-placing",
        LobbyPhase::Ready => "lobby-ready",
        LobbyPhase::Playing => "lobby-playing",
        LobbyPhase::Returning => "lobby-returning",
    }
}

fn tell_hosted(context: &Context, hosted: &HostedLobby, link: &LinkArgument) -> Result<(), Failure> {
    let words = &context.words;
    let facts = [
        ("name", hosted.name.clone()),
        ("count", hosted.packages.to_string()),
        ("time", hosted.expires.clone()),
    ];
    output::line(&words.text("cli-lobby-open", &facts))?;
    output::line(&hosted.link)?;
    match &hosted.full_link {
        Some(full) if link.long_link => {
            context.note(words.text("cli-lobby-full-link", &[]));
            output::line(full)?;
        }
        Some(_) => context.note(words.text("cli-lobby-full-link-how", &[])),
        None => context.note(words.text("cli-lobby-file-how", &[])),
    }
    if let Some(host) = &hosted.host_words {
        context.note(words.text("cli-lobby-known", &[("words", host.clone())]));
    }
    for package in &hosted.left_out {
        context.note(words.text("cli-share-left-out", &[("package", package.clone())]));
    }
    tell_players(context, &hosted.players)
}

async fn host(context: &Context, client: &Client, arguments: HostArguments) -> Result<(), Failure> {
    let profile = target::profile(client, arguments.profile.profile.as_deref()).await?;
    let body = HostLobby {
        profile: Some(profile.id),
        name: arguments.name,
        addresses: arguments.addresses,
        hours: arguments.hours,
        optional: packages(client, &arguments.optional).await?,
        back: arguments.back,
        known: arguments.known,
    };
    let hosted: HostedLobby = client.ask(Request::new(OperationId::HostLobby).body(&body)?).await?;
    if let Some(file) = &arguments.ticket {
        let path = std::path::absolute(file).map_err(Failure::io)?;
        muster_fsx::write_atomic(&path, hosted.ticket.as_bytes())?;
    }
    if context.json {
        return output::json(&hosted);
    }
    tell_hosted(context, &hosted, &arguments.link)
}

async fn end(
    context: &Context,
    client: &Client,
    operation: OperationId,
    done: &'static str,
) -> Result<(), Failure> {
    let changed: Changed = client.ask(Request::new(operation)).await?;
    if context.json {
        return output::json(&changed);
    }
    context.note(context.words.text(done, &[]));
    Ok(())
}

/// A link stays a link; anything else is a file with a ticket.
fn what(lobby: &str) -> Result<LobbyRequest, Failure> {
    if lobby.contains("://") {
        return Ok(LobbyRequest { link: Some(lobby.to_owned()), ..LobbyRequest::default() });
    }
    let path = std::path::absolute(lobby).map_err(Failure::io)?;
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Err(Failure::new(2, "lobby-none", "no such lobby"));
    };
    let bytes = Dir::open_ambient(folder)?.read(name, MAX_TICKET)?;
    let ticket = Some(String::from_utf8_lossy(&bytes).into_owned());
    Ok(LobbyRequest { ticket, ..LobbyRequest::default() })
}

async fn join(context: &Context, client: &Client, arguments: JoinArguments) -> Result<(), Failure> {
    let consent = Consent::of(arguments.dry_run, arguments.yes);
    let mut lobby = what(&arguments.lobby)?;
    if arguments.all {
        lobby.without = Some(Vec::new());
    } else if !arguments.without.is_empty() {
        lobby.without = Some(left_out(client, &lobby, &arguments.without).await?);
    }
    let offer: LobbyOffer = client.ask(Request::new(OperationId::InspectLobby).body(&lobby)?).await?;
    // What was shown is what is joined.
    let shown = offer.optional.iter().filter(|one| one.left_out).map(|one| one.key.clone());
    lobby.without = Some(shown.collect());
    if consent == Consent::DryRun && context.json {
        return output::json(&offer);
    }
    tell(context, client, &offer).await?;
    if consent == Consent::DryRun {
        return Ok(());
    }
    if consent == Consent::Ask && !agreed(context)? {
        return Err(Failure::new(6, "cli-not-agreed", "nothing was changed"));
    }
    let agreed = offer.plan.map(|plan| plan.digest);
    let body = JoinLobby { lobby, digest: offer.digest, agreed, name: arguments.name, remember_host: false };
    let _: Changed = client.ask(Request::new(OperationId::JoinLobby).body(&body)?).await?;
    let joined = wait_ready(context, client).await?;
    if arguments.play {
        let request = Request::new(OperationId::Launch).path("profile", &joined.profile);
        let _: LaunchReport = client.ask(request.body(&LaunchRequest { prove: false })?).await?;
    }
    if context.json {
        return output::json(&joined);
    }
    let facts = [("name", joined.name), ("own", joined.own_name.unwrap_or_default())];
    context.note(context.words.text(phase_message(joined.phase), &facts));
    match joined.back {
        // It is said and not opened: a terminal may be anywhere.
        Some(page) => output::line(&context.words.text("cli-lobby-page", &[("page", page)])),
        None => Ok(()),
    }
}

/// Packages of the profile that is shown first, by their ids.
async fn packages(client: &Client, names: &[String]) -> Result<Vec<PackageKey>, Failure> {
    let mut keys = Vec::new();
    for name in names {
        keys.push(target::package(client, &target::PackageWord::parse(name)).await?.row.key);
    }
    Ok(keys)
}

/// Which of the optional packages of a lobby are meant.
async fn left_out(
    client: &Client,
    lobby: &LobbyRequest,
    names: &[String],
) -> Result<Vec<PackageKey>, Failure> {
    let offer: LobbyOffer = client.ask(Request::new(OperationId::InspectLobby).body(lobby)?).await?;
    let find = |name: &String| {
        let found = offer.optional.iter().find(|one| one.key.id == *name || one.title == *name);
        found.map(|one| one.key.clone()).ok_or_else(|| {
            Failure::new(2, "lobby-needed", format!("{name} is needed")).with("package", name.clone())
        })
    };
    names.iter().map(find).collect()
}

async fn hosts(context: &Context, client: &Client) -> Result<(), Failure> {
    let hosts = lobbies(client).await?.hosts;
    if context.json {
        return output::json(&hosts);
    }
    if hosts.is_empty() {
        context.note(context.words.text("cli-lobby-no-hosts", &[]));
    }
    let row = |host: &KnownHost| vec![host.words.clone(), host.lobby.clone(), host.since.clone()];
    output::table(&hosts.iter().map(row).collect::<Vec<_>>())
}

async fn forget(context: &Context, client: &Client, host: &str) -> Result<(), Failure> {
    let known = lobbies(client).await?.hosts;
    let found = known.into_iter().find(|known| known.key == host || known.words == host);
    let unknown = || Failure::new(4, "lobby-unknown-host", "no such host");
    let key = found.ok_or_else(unknown)?.key;
    let changed: Changed = client.ask(Request::new(OperationId::ForgetHost).path("key", key)).await?;
    if context.json {
        return output::json(&changed);
    }
    context.note(context.words.text("cli-lobby-forgotten", &[]));
    Ok(())
}

/// What the lobby plays with, and what comes back afterwards.
async fn tell(context: &Context, client: &Client, offer: &LobbyOffer) -> Result<(), Failure> {
    if context.json || context.quiet {
        return Ok(());
    }
    let words = &context.words;
    let facts = [
        ("name", offer.name.clone()),
        ("count", offer.packages.to_string()),
        ("own", offer.own_name.clone()),
        ("peers", offer.peers.to_string()),
    ];
    output::line(&words.text("cli-lobby-what", &facts))?;
    for source in offer.sources.iter().filter(|source| !source.here) {
        let name = source.address.clone().unwrap_or_else(|| source.id.clone());
        context.note(words.text("cli-shared-source", &[("source", name)]));
    }
    if let Some(plan) = &offer.plan {
        show(context, &target::profile(client, Some(&offer.own_profile)).await?, (plan, &[]))?;
    }
    for one in &offer.optional {
        let message = if one.left_out { "cli-lobby-left-out" } else { "cli-lobby-may-be-left-out" };
        context.note(words.text(message, &[("package", one.title.clone())]));
    }
    if let Some(host) = &offer.host {
        context.note(words.text("cli-lobby-known", &[("words", host.words.clone())]));
    }
    output::line(&words.text("cli-lobby-back", &facts))
}

/// Follows the lobby until its mods are in the game.
async fn wait_ready(context: &Context, client: &Client) -> Result<JoinedLobby, Failure> {
    let mut last: Option<JoinedLobby> = None;
    loop {
        let Some(joined) = lobbies(client).await?.joined else {
            let problem = last.and_then(|joined| joined.problem.or(joined.job?.problem));
            let over = || Failure::new(1, "lobby-none", "the lobby was left");
            return Err(problem.map_or_else(over, Failure::from_problem));
        };
        match joined.phase {
            LobbyPhase::Ready | LobbyPhase::Playing => return Ok(joined),
            LobbyPhase::Bringing | LobbyPhase::Placing | LobbyPhase::Returning => {}
        }
        if let Some(job) = joined.job.as_ref().filter(|job| !job.phase.is_end()) {
            let changed = Changed { job: Some(job.id.clone()), ..Changed::default() };
            progress::follow(context, client, &changed).await?;
        } else {
            tokio::time::sleep(POLL).await;
        }
        last = Some(joined);
    }
}

async fn leave(context: &Context, client: &Client) -> Result<(), Failure> {
    let changed: Changed = client.ask(Request::new(OperationId::LeaveLobby)).await?;
    loop {
        let Some(joined) = lobbies(client).await?.joined else { break };
        // Whoever plays is not waited for: the own profile comes back by itself afterwards.
        if joined.phase == LobbyPhase::Playing || joined.problem.is_some() {
            break;
        }
        tokio::time::sleep(POLL).await;
    }
    if context.json {
        return output::json(&changed);
    }
    match lobbies(client).await?.joined {
        Some(joined) => {
            let facts = [("name", joined.name), ("own", joined.own_name.unwrap_or_default())];
            context.note(context.words.text(phase_message(joined.phase), &facts));
        }
        None => context.note(context.words.text("cli-lobby-left", &[])),
    }
    Ok(())
}
