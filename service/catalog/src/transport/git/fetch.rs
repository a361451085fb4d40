//! Asking a host for the newest commit of a branch, in git's protocol, version 2: what it is first, and only another
//! one than what is here is fetched, with what is missing here alone.

use std::num::NonZeroU32;

use gix::{ObjectId, ThreadSafeRepository, hash::Kind as HashKind, objs::find::Never};
use gix_protocol::{
    Handshake, LsRefsCommand,
    fetch::{Arguments, Context, Negotiate, Options, Response, Shallow, Tags, negotiate},
    handshake::Ref,
    ls_refs::RefPrefixes,
};
use gix_transport::{Protocol, Service, client::blocking_io::http::Transport};

use super::{
    GitAddress,
    gauge::Counter,
    http::{GitHttp, Link},
    store::Store,
    tree::Commit,
    unreadable,
};
use crate::transport::FetchError;

type Way = Transport<GitHttp>;

/// Brings the newest commit of the branch into the folder, if another one is there, and opens it.
pub(super) fn bring(
    address: &GitAddress,
    link: &Link,
    store: &Store,
) -> Result<(ThreadSafeRepository, ObjectId), FetchError> {
    // What the libraries say is told where nothing of ours failed first.
    attempt(address, link, store).map_err(|error| link.budget.failure().unwrap_or(error)).map_err(|error| {
        match error {
            FetchError::ServerError { status: 401 | 403 | 404 | 410, .. } => {
                FetchError::NoRepository { address: address.to_string() }
            }
            other => other,
        }
    })
}

fn attempt(
    address: &GitAddress,
    link: &Link,
    store: &Store,
) -> Result<(ThreadSafeRepository, ObjectId), FetchError> {
    let shown = address.to_string();
    let failed = |error: gix::Error| unreadable(&shown, &error);
    let url = gix::url::parse(address.url().as_str()).map_err(failed)?;
    let mut way = Way::new_http(GitHttp::new(link.clone()), url, Protocol::V2, false);
    let nobody = |_| Ok(None);
    let mut greeted = gix_protocol::handshake(
        &mut way,
        Service::UploadPack,
        nobody,
        Vec::new(),
        &mut gix::progress::Discard,
    )
    .map_err(failed)?;
    if greeted.server_protocol_version != Protocol::V2 {
        return Err(unreadable(&shown, &"the host does not speak version 2 of git's protocol"));
    }
    let format = greeted.capabilities.capability("object-format");
    if format.and_then(|format| format.value()).is_some_and(|format| format != "sha1") {
        return Err(unreadable(&shown, &"it is not of the object format SHA-1"));
    }
    let wanted = newest(address, &greeted, &mut way)?;
    let known = store.open();
    if let Some((repository, commit)) = known.as_ref().filter(|(_, commit)| *commit == wanted) {
        return Ok((repository.clone(), *commit));
    }
    drop(known);
    store.prepare()?;
    let known = store.open();
    let mut wish = Wish { wanted, known: known.as_ref().map(|(_, commit)| *commit) };
    receive(&mut wish, known.map(|(repository, _)| repository), (&mut greeted, &mut way), (link, store))
        .map_err(failed)?;
    // What is here now is read as a repository whose head is this commit; it becomes that once it was looked at.
    let commit = Commit { address: shown, id: wanted };
    let repository = whole(&commit, store)?;
    Ok((repository, wanted))
}

/// Opens what was received. The head is moved back if the commit is not there after all.
fn whole(commit: &Commit, store: &Store) -> Result<ThreadSafeRepository, FetchError> {
    let before = store.open().map(|(_, before)| before);
    store.keep(commit.id)?;
    let opened = store.open().ok_or_else(|| unreadable(&commit.address, &"it was not sent whole"));
    let checked = opened.and_then(|(repository, _)| {
        commit.check(&repository.to_thread_local())?;
        Ok(repository)
    });
    if checked.is_err() {
        match before {
            Some(before) => store.keep(before)?,
            None => store.discard()?,
        }
    }
    checked
}

/// The commit that the branch is at.
fn newest(address: &GitAddress, greeted: &Handshake, way: &mut Way) -> Result<ObjectId, FetchError> {
    let name = address.reference();
    let mut prefixes = RefPrefixes::new();
    prefixes.extend([name.as_str().into()]);
    let command = LsRefsCommand::new(Some(prefixes), &greeted.capabilities, agent());
    let listed = command.invoke_blocking(&mut *way, &mut gix::progress::Discard, false);
    let listed = listed.map_err(|error| unreadable(&address.to_string(), &error))?;
    let found = listed.into_iter().find_map(|reference| match reference {
        Ref::Direct { full_ref_name, object }
        | Ref::Symbolic { full_ref_name, object, .. }
        | Ref::Peeled { full_ref_name, object, .. } => (full_ref_name == name).then_some(object),
        Ref::Unborn { .. } => None,
    });
    let missing =
        || FetchError::NoBranch { address: address.to_string(), branch: address.branch().to_owned() };
    found.ok_or_else(missing)
}

fn receive(
    wish: &mut Wish,
    known: Option<ThreadSafeRepository>,
    (greeted, way): (&mut Handshake, &mut Way),
    (link, store): (&Link, &Store),
) -> gix::Result<()> {
    let limits = link.budget.limits;
    let options = gix_pack::bundle::write::Options {
        // The service is a guest on this machine.
        thread_limit: Some(1),
        alloc_limit_bytes: usize::try_from(limits.file).ok(),
        ..Default::default()
    };
    let packs = store.packs();
    let depth = Shallow::DepthAtRemote(NonZeroU32::MIN);
    let received = gix_protocol::fetch(
        wish,
        |bytes, progress, stop| {
            let into = Some(packs.as_path());
            let sha1 = HashKind::Sha1;
            let written = match known {
                // Parts may be sent as differences from what is here.
                Some(repository) => {
                    let objects = Some(repository.to_thread_local().objects);
                    gix_pack::Bundle::write_to_directory(bytes, into, progress, stop, objects, sha1, options)?
                }
                None => gix_pack::Bundle::write_to_directory(
                    bytes,
                    into,
                    progress,
                    stop,
                    None::<Never>,
                    sha1,
                    options,
                )?,
            };
            if let Some(mark) = written.keep_path.as_deref()
                && let Err(error) = std::fs::remove_file(mark)
            {
                tracing::debug!(%error, "a mark beside a pack stays until the next fetch");
            }
            Ok(true)
        },
        Counter::new(link.budget.gauge.clone()),
        &link.budget.stop,
        Context { handshake: greeted, transport: way, user_agent: agent(), trace_packetlines: false },
        Options {
            shallow_file: store.shallow(),
            shallow: &depth,
            tags: Tags::None,
            reject_shallow_remote: false,
        },
    )?;
    tracing::debug!(fetched = received.is_some(), commit = %wish.wanted, "a repository was asked");
    Ok(())
}

fn agent() -> (&'static str, Option<String>) {
    ("agent", Some(concat!("git/muster-", env!("CARGO_PKG_VERSION")).to_owned()))
}

/// One commit is wanted, and at most one is known: nothing needs to be negotiated.
struct Wish {
    wanted: ObjectId,
    known: Option<ObjectId>,
}

impl Negotiate for Wish {
    fn mark_complete_and_common_ref(&mut self) -> gix::Result<negotiate::Action> {
        Ok(negotiate::Action::MustNegotiate { remote_ref_target_known: vec![false] })
    }

    fn add_wants(&mut self, arguments: &mut Arguments, _remote_ref_target_known: &[bool]) -> bool {
        arguments.want(self.wanted);
        true
    }

    fn one_round(
        &mut self,
        _state: &mut negotiate::one_round::State,
        arguments: &mut Arguments,
        _previous_response: Option<&Response>,
    ) -> gix::Result<(negotiate::Round, bool)> {
        if let Some(known) = self.known {
            arguments.have(known);
        }
        let haves_sent = usize::from(self.known.is_some());
        let round = negotiate::Round {
            haves_sent,
            in_vain: 0,
            haves_to_send: haves_sent,
            previous_response_had_at_least_one_in_common: false,
        };
        Ok((round, true))
    }
}
