//! Nodes of the DHT that belong to one liar: each knows only the others, all of them close to whatever is asked for, and
//! all of them say that they have it (BEP 5).

use std::{
    net::{SocketAddrV4, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;

use crate::{content::Noise, lab::Host};

/// Nodes that one answer names; more than honest ones do.
const NODES: usize = 40;
/// Peers that one answer names; no more fit into a datagram.
const PEERS: usize = 60;
const DATAGRAM: usize = 1_500;

/// Liars who run; their threads end with the process, their ports with their host.
#[derive(Debug)]
pub struct Sybils {
    /// Questions that were answered.
    pub asked: Arc<AtomicU64>,
}

impl Sybils {
    /// Starts a node at each of these addresses, which must be the host's; peers are said to be there as well.
    ///
    /// # Errors
    /// If an address is not the host's, or is taken.
    pub fn start(host: &Host, addresses: &[SocketAddrV4]) -> Result<Self> {
        let (asked, all): (Arc<AtomicU64>, Arc<[SocketAddrV4]>) = (Arc::default(), addresses.into());
        for (number, &own) in addresses.iter().enumerate() {
            let socket = host.space.enter(|| UdpSocket::bind(own))??;
            let (asked, all) = (asked.clone(), all.clone());
            std::thread::Builder::new().stack_size(1 << 17).spawn(move || {
                let mut noise = Noise::new(number as u64 + 1);
                let mut question = [0; DATAGRAM];
                while let Ok((length, from)) = socket.recv_from(&mut question) {
                    let Some(answer) = lie(&question[..length], own, &all, &mut noise) else { continue };
                    asked.fetch_add(1, Ordering::Relaxed);
                    // Who does not listen is not fooled.
                    let _ = socket.send_to(&answer, from);
                }
            })?;
        }
        Ok(Self { asked })
    }
}

/// What follows a key of a question, up to a length.
fn after<'q>(question: &'q [u8], key: &[u8], length: usize) -> Option<&'q [u8]> {
    let at = question.windows(key.len()).position(|part| part == key)? + key.len();
    question.get(at..at + length)
}

/// An answer to a question, with nodes that are closer to its target than any honest one.
fn lie(question: &[u8], own: SocketAddrV4, all: &[SocketAddrV4], noise: &mut Noise) -> Option<Vec<u8>> {
    let target = after(question, b"9:info_hash20:", 20)?;
    let transaction = after(question, b"1:t4:", 4)?;
    let mut pick = || all[noise.number() as usize % all.len()];
    let packed = |address: SocketAddrV4| [&address.ip().octets()[..], &address.port().to_be_bytes()].concat();
    // Each answers under the name by which the others know it.
    let near = |address: SocketAddrV4| [&target[..16], &address.ip().octets()].concat();
    let nodes: Vec<u8> = (0..NODES)
        .flat_map(|_| {
            let at = pick();
            [near(at), packed(at)].concat()
        })
        .collect();
    let values: Vec<u8> = (0..PEERS).flat_map(|_| [b"6:".to_vec(), packed(pick())].concat()).collect();
    let mut answer = b"d1:rd2:id20:".to_vec();
    answer.extend(near(own));
    answer.extend(format!("5:nodes{}:", nodes.len()).as_bytes());
    answer.extend(nodes);
    answer.extend(b"5:token4:lies6:valuesl");
    answer.extend(values);
    answer.extend(b"ee1:t4:");
    answer.extend(transaction);
    answer.extend(b"1:y1:re");
    Some(answer)
}
