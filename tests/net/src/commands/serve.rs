//! The other side of a transfer as a program of its own, for trying things out by hand.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
};

use anyhow::Result;
use clap::Args;
use muster_net_lab::{
    Content,
    origin::{Fault, OriginServer},
    peer::{Manner, Peer},
    tracker::Tracker,
};

/// What is wrong with a server; nothing, unless it is said.
#[derive(Args)]
#[group(multiple = false)]
pub struct OriginFault {
    /// Cut everything after so many bytes.
    #[arg(long)]
    dies: Option<u64>,
    /// Flip a bit in every so many bytes.
    #[arg(long)]
    lies: Option<u64>,
    /// Always send the whole file.
    #[arg(long)]
    ignores_ranges: bool,
    /// Send ten bytes every tenth of a second.
    #[arg(long)]
    drips: bool,
    /// Answer with this status.
    #[arg(long)]
    status: Option<u16>,
    /// Send to this address.
    #[arg(long)]
    redirects: Option<SocketAddr>,
    /// Never answer.
    #[arg(long)]
    silent: bool,
    /// Send headers one byte a second.
    #[arg(long)]
    slow_headers: bool,
    /// Bytes a second, with nothing wrong.
    #[arg(long)]
    rate: Option<u64>,
}

impl OriginFault {
    fn fault(&self) -> Fault {
        let values = [
            self.dies.map(Fault::Dies),
            self.lies.map(Fault::Lies),
            self.ignores_ranges.then_some(Fault::IgnoresRanges),
            self.drips.then_some(Fault::Drips),
            self.status.map(Fault::Status),
            self.redirects.map(Fault::Redirects),
            self.silent.then_some(Fault::Silent),
            self.slow_headers.then_some(Fault::SlowHeaders),
        ];
        values.into_iter().flatten().next().unwrap_or(Fault::Nothing)
    }
}

/// How a peer serves; honestly, unless it is said.
#[derive(Args)]
#[group(multiple = false)]
pub struct PeerManner {
    /// Send noise.
    #[arg(long)]
    garbage: bool,
    /// Flip one bit of every piece.
    #[arg(long)]
    one_bit_per_piece: bool,
    /// Send the bytes of the next piece.
    #[arg(long)]
    wrong_index: bool,
    /// Stop in the middle of a block after so many.
    #[arg(long)]
    stalls: Option<u32>,
    /// Bytes a second.
    #[arg(long)]
    slow: Option<u64>,
    /// Unchoke nobody.
    #[arg(long)]
    chokes: bool,
    /// Ask for what was given, as soon as that is allowed.
    #[arg(long)]
    asks: bool,
    /// Ask for what was given, allowed or not.
    #[arg(long)]
    demands: bool,
    /// Send others to addresses that are none of their business.
    #[arg(long)]
    gossips: bool,
    /// Say this about the size of the metadata.
    #[arg(long)]
    metadata: Option<u32>,
}

impl PeerManner {
    fn manner(&self) -> Manner {
        let values = [
            self.garbage.then_some(Manner::Garbage),
            self.one_bit_per_piece.then_some(Manner::OneBitPerPiece),
            self.wrong_index.then_some(Manner::WrongIndex),
            self.stalls.map(Manner::Stalls),
            self.slow.map(Manner::Slow),
            self.chokes.then_some(Manner::Chokes),
            self.asks.then_some(Manner::Asks),
            self.demands.then_some(Manner::Demands),
            self.gossips.then_some(Manner::Gossips),
            self.metadata.map(Manner::Metadata),
        ];
        values.into_iter().flatten().next().unwrap_or(Manner::Honest)
    }
}

pub fn tracker(listen: SocketAddr) -> Result<()> {
    let tracker = Tracker::serve(TcpListener::bind(listen)?, listen);
    println!("{}", tracker.url()?);
    until_killed()
}

pub fn origin(listen: SocketAddr, file: &Path, fault: &OriginFault) -> Result<()> {
    let content = Content::open(file)?;
    let listener = TcpListener::bind(listen)?;
    let server = OriginServer::serve(listener, listen, &content, (fault.fault(), fault.rate))?;
    println!("{}", server.url()?);
    until_killed()
}

pub fn peer(listen: SocketAddr, file: &Path, manner: &PeerManner) -> Result<()> {
    let content = Content::open(file)?;
    let peer = Peer::serve(TcpListener::bind(listen)?, listen, &content, manner.manner())?;
    println!("{}", peer.address);
    until_killed()
}

fn until_killed() -> Result<()> {
    loop {
        std::thread::park();
    }
}
