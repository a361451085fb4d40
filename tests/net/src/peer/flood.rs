//! Peers that dial and do harm: many at once, each with the same bad manners.

use std::{
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use anyhow::Result;
use librqbit_core::hash_id::Id20;
use librqbit_peer_protocol::{Message, Request};
use muster_domain::Sha1;

use super::wire::{Talk, full_bitfield};
use crate::{content::Noise, lab::Host};

/// Until a connection must have been taken or refused.
const DIAL: Duration = Duration::from_secs(3);
/// Until the victim must have closed a connection that did something wrong.
const VERDICT: Duration = Duration::from_secs(10);

/// What one of them does once it is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// It says nothing at all.
    Silence,
    /// It sends noise where a handshake should be.
    BadHandshake,
    /// It asks for a file that nobody offers.
    WrongFile,
    /// It sends a bitfield of 64 MiB.
    GiantBitfield,
    /// It says that a message of 2 GiB follows, and begins it.
    GiantMessage,
    /// It sends an extension dictionary that is nested without end.
    DeepExtension,
    /// It says that its metadata has 2 GiB.
    HugeMetadata,
    /// It says that its metadata has no byte.
    NoMetadata,
    /// It asks for blocks as fast as it can and takes none.
    Requests,
    /// It says that it has pieces which do not exist.
    ImpossibleHave,
}

impl Attack {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Silence,
        Self::BadHandshake,
        Self::WrongFile,
        Self::GiantBitfield,
        Self::GiantMessage,
        Self::DeepExtension,
        Self::HugeMetadata,
        Self::NoMetadata,
        Self::Requests,
        Self::ImpossibleHave,
    ];
}

/// What became of the attackers so far.
#[derive(Debug, Default)]
pub struct Toll {
    /// Connections that were taken.
    pub taken: AtomicU64,
    /// Attempts that were refused.
    pub refused: AtomicU64,
    /// Connections that the victim closed.
    pub closed: AtomicU64,
}

/// Attackers that come again and again until this is dropped.
#[derive(Debug)]
pub struct Flood {
    pub toll: Arc<Toll>,
    ending: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Flood {
    /// Starts so many attackers on a host against a victim.
    ///
    /// # Errors
    /// If the host is gone.
    pub fn start(
        host: &Host,
        victim: SocketAddr,
        info_hash: Sha1,
        (attack, count): (Attack, usize),
    ) -> Result<Self> {
        let (toll, ending): (Arc<Toll>, Arc<AtomicBool>) = Default::default();
        let mut threads = Vec::new();
        for number in 0..count {
            let (toll, ending) = (toll.clone(), ending.clone());
            // A thread that was started inside a namespace stays there.
            let attacker = move || {
                std::thread::spawn(move || {
                    let mut id = *b"-XX0000-............";
                    Noise::new(number as u64 + 1_000).fill(&mut id[8..]);
                    while !ending.load(Ordering::Relaxed) {
                        // Whatever the victim does to it is fine.
                        let _ = strike(attack, victim, (info_hash, Id20::new(id)), &toll);
                        std::thread::sleep(Duration::from_millis(20));
                    }
                })
            };
            threads.push(host.space.enter(attacker)?);
        }
        Ok(Self { toll, ending, threads })
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
        // Each ends within the time of one attack; nobody waits for that.
        self.threads.clear();
    }
}

fn strike(attack: Attack, victim: SocketAddr, (info_hash, id): (Sha1, Id20), toll: &Toll) -> Result<()> {
    let stream = TcpStream::connect_timeout(&victim, DIAL).inspect_err(|_| {
        toll.refused.fetch_add(1, Ordering::Relaxed);
    })?;
    toll.taken.fetch_add(1, Ordering::Relaxed);
    let wanted = Id20::new(if attack == Attack::WrongFile { [9; 20] } else { info_hash.0 });
    let mut talk = match attack {
        Attack::Silence => Talk::silent(stream)?,
        Attack::BadHandshake => {
            let mut talk = Talk::silent(stream)?;
            talk.send_raw(&[0x42; 400])?;
            talk
        }
        _ => Talk::dial(stream, wanted, id).inspect_err(|_| {
            toll.closed.fetch_add(1, Ordering::Relaxed);
        })?,
    };
    let said = misbehave(attack, &mut talk);
    if said.is_err() || talk.is_left_within(VERDICT)? {
        toll.closed.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

fn misbehave(attack: Attack, talk: &mut Talk) -> Result<()> {
    match attack {
        Attack::Silence | Attack::BadHandshake | Attack::WrongFile => {}
        Attack::GiantBitfield => giant(talk, 5, 64 << 20)?,
        Attack::GiantMessage => giant(talk, 20, 2_147_483_647)?,
        Attack::DeepExtension => {
            let mut text = 60_002_u32.to_be_bytes().to_vec();
            text.extend([20, 0]);
            text.extend([b'l'; 60_000]);
            talk.send_raw(&text)?;
        }
        Attack::HugeMetadata => talk.send_extended_handshake(Some(2_147_483_648))?,
        Attack::NoMetadata => talk.send_extended_handshake(Some(0))?,
        Attack::Requests => {
            talk.send(&Message::Interested)?;
            for index in 0..200_000_u32 {
                talk.send(&Message::Request(Request::new(index % 64, 0, 16_384)))?;
            }
        }
        Attack::ImpossibleHave => {
            talk.send(&Message::Bitfield(full_bitfield(9).as_slice().into()))?;
            talk.send(&Message::Have(u32::MAX))?;
        }
    }
    Ok(())
}

/// A message with a true length and noise in it, as far as the victim takes it, but at most 64 MiB of it.
fn giant(talk: &mut Talk, kind: u8, length: u32) -> Result<()> {
    talk.send_raw(&length.to_be_bytes())?;
    talk.send_raw(&[kind])?;
    let part = vec![0x55; 1 << 16];
    for _ in 0..(length >> 16).min(1_024) {
        talk.send_raw(&part)?;
    }
    Ok(())
}
