//! Where others come in: one listener for every archive. Whoever connects says which archive it is about (BEP 3), and is
//! let in if that one is offered to it.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{
    book::Via,
    converse::{Guest, HELLO, converse, read_hello},
    exchange::Exchange,
    hub::{Hub, Meant},
    notes::{self, NoteReader},
    rendezvous,
    wire::Hello,
};
use crate::flow::Distance;

/// Guests who have not said hello yet.
const STRANGERS: usize = 32;
/// After the system could not accept (no descriptors left).
const BREATH: Duration = Duration::from_millis(200);
const BACKLOG: i32 = 64;

/// Listens. An IPv6 address takes IPv4 too.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let domain = socket2::Domain::for_address(address);
    let socket = socket2::Socket::new(domain, socket2::Type::STREAM, Some(socket2::Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    // A port that was just closed can be opened again at once; one that is in use can not.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Lets guests in until it is closed.
pub(crate) async fn open(hub: Arc<Hub>, listener: TcpListener, cancel: CancellationToken) {
    let strangers = Arc::new(Semaphore::new(STRANGERS));
    while let Some(accepted) = cancel.run_until_cancelled(listener.accept()).await {
        let Ok((stream, address)) = accepted else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let address = SocketAddr::new(address.ip().to_canonical(), address.port());
        let (Ok(permit), true) = (strangers.clone().try_acquire_owned(), hub.admit(address.ip())) else {
            continue;
        };
        let (hub, cancel) = (hub.clone(), cancel.clone());
        hub.clone().tasks.spawn(async move {
            let greeted = cancel.run_until_cancelled(timeout(HELLO, greet(&hub, stream, address))).await;
            drop(permit);
            if let Some(Ok(Some(Greeted { stream, theirs, about }))) = greeted {
                // The short ones end by themselves soon; how is of no interest.
                match about {
                    About::Archive(exchange, Meant::Torrent) => {
                        let guest =
                            Guest { theirs, address, via: Via::Incoming, cancel: cancel.child_token() };
                        converse(&hub, &exchange, stream, guest).await;
                    }
                    About::Archive(exchange, Meant::Archive) => {
                        let _ = cancel.run_until_cancelled(rendezvous::answer(&exchange, stream)).await;
                    }
                    About::Notes(reader) => {
                        let answer = notes::answer(&reader, stream, address.ip());
                        let _ = cancel.run_until_cancelled(answer).await;
                    }
                }
            }
            hub.left(address.ip());
        });
    }
}

/// A guest who was answered.
struct Greeted {
    stream: TcpStream,
    theirs: Hello,
    about: About,
}

/// What a guest came for.
enum About {
    Archive(Arc<Exchange>, Meant),
    Notes(Arc<dyn NoteReader>),
}

/// Answers a guest who asks for something that is offered.
async fn greet(hub: &Hub, mut stream: TcpStream, address: SocketAddr) -> Option<Greeted> {
    stream.set_nodelay(true).ok()?;
    let theirs = read_hello(&mut stream).await.ok()?;
    let about = about(hub, &theirs)?;
    let is_welcome = hub.gives_to(Distance::of(&address))
        && theirs.peer_id != hub.peer_id
        && !hub.is_banned(&theirs.peer_id);
    if !is_welcome {
        return None;
    }
    let ours = Hello { peer_id: hub.peer_id, is_extended: true, ..theirs };
    stream.write_all(&ours.to_bytes()).await.ok()?;
    Some(Greeted { stream, theirs, about })
}

/// What the hash stands for that a guest names, where it is offered.
fn about(hub: &Hub, theirs: &Hello) -> Option<About> {
    if let Some(reader) = hub.reader_at(&theirs.info_hash) {
        return Some(About::Notes(reader));
    }
    let (exchange, meant) = hub.find(&theirs.info_hash)?;
    exchange.offer().is_some().then_some(About::Archive(exchange, meant))
}
