//! What is said in the DHT (BEP 5; BEP 32 for IPv6): our two questions, and the answers to them. Pure.
//!
//! Every question carries `ro` (BEP 43): we ask and never answer, so nobody should remember us.

use std::net::SocketAddr;

use muster_domain::Sha1;

use crate::discovery::{
    bencode::Value,
    peers::{compact_v4, compact_v6},
};

/// Most nodes that are taken from one answer; eight are usual.
const MAX_NODES: usize = 20;
/// Most peers that are taken from one answer; more do not fit into a datagram.
const MAX_PEERS: usize = 150;
/// Longest proof that we may announce; four to twenty bytes are usual.
const MAX_TOKEN: usize = 64;

/// What tells an answer to our question from other messages.
pub(super) type Transaction = [u8; 4];

/// Somebody in the DHT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub id: [u8; 20],
    pub address: SocketAddr,
}

/// An answer to one of our questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reply {
    pub id: [u8; 20],
    /// Without it nothing can be announced there.
    pub token: Option<Vec<u8>>,
    /// Nodes that are closer.
    pub nodes: Vec<Node>,
    pub peers: Vec<SocketAddr>,
}

/// Asks for peers, and for nodes closer to them.
pub(super) fn get_peers(transaction: Transaction, id: &[u8; 20], info_hash: &Sha1) -> Vec<u8> {
    let arguments = [b"2:id20:", id.as_slice(), b"9:info_hash20:", info_hash.as_bytes()].concat();
    question(transaction, &arguments, b"9:get_peers")
}

/// Says that we have something, to a node that gave us a token for it.
pub(super) fn announce_peer(
    transaction: Transaction,
    id: &[u8; 20],
    info_hash: &Sha1,
    port: u16,
    token: &[u8],
) -> Vec<u8> {
    let port = format!("12:implied_porti0e4:porti{port}e5:token{}:", token.len());
    let hash = [b"9:info_hash20:", info_hash.as_bytes().as_slice()].concat();
    // Keys are sorted: id, implied_port, info_hash, port, token.
    let (implied, rest) = port.split_at("12:implied_porti0e".len());
    let arguments = [b"2:id20:", id.as_slice(), implied.as_bytes(), &hash, rest.as_bytes(), token].concat();
    question(transaction, &arguments, b"13:announce_peer")
}

fn question(transaction: Transaction, arguments: &[u8], name: &[u8]) -> Vec<u8> {
    [b"d1:ad", arguments, b"e1:q", name, b"2:roi1e1:t4:", &transaction, b"1:y1:qe"].concat()
}

/// Reads a message: whose answer it is, and the answer, or `None` in its place if the question was refused.
pub(super) fn parse(datagram: &[u8]) -> Option<(Transaction, Option<Reply>)> {
    let message = Value::parse(datagram)?;
    let transaction = message.get("t")?.bytes()?.try_into().ok()?;
    match message.get("y")?.bytes()? {
        b"r" => Some((transaction, Some(reply(message.get("r")?)?))),
        b"e" => Some((transaction, None)),
        _ => None,
    }
}

fn reply(body: &Value<'_>) -> Option<Reply> {
    let id = body.get("id")?.bytes()?.try_into().ok()?;
    let bytes = |key| body.get(key).and_then(Value::bytes).unwrap_or_default();
    let token = body.get("token").and_then(Value::bytes).filter(|token| token.len() <= MAX_TOKEN);
    let values = body.get("values").and_then(Value::list).unwrap_or_default();
    let peers = values.iter().take(MAX_PEERS).filter_map(Value::bytes).filter_map(packed_peer).collect();
    let v4 = bytes("nodes").chunks_exact(26).filter_map(node);
    let v6 = bytes("nodes6").chunks_exact(38).filter_map(node);
    Some(Reply { id, token: token.map(<[u8]>::to_vec), nodes: v4.chain(v6).take(MAX_NODES).collect(), peers })
}

fn packed_peer(packed: &[u8]) -> Option<SocketAddr> {
    match packed.len() {
        6 => compact_v4(packed).next(),
        18 => compact_v6(packed).next(),
        _ => None,
    }
}

fn node(packed: &[u8]) -> Option<Node> {
    let (id, address) = packed.split_at_checked(20)?;
    Some(Node { id: id.try_into().ok()?, address: packed_peer(address)? })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a node that knows these would answer; IPv4 only.
    pub(in crate::discovery::dht) fn answer(transaction: &[u8], reply: &Reply) -> Vec<u8> {
        let pack = |address: &SocketAddr| match address {
            SocketAddr::V4(v4) => [v4.ip().octets().as_slice(), &v4.port().to_be_bytes()].concat(),
            SocketAddr::V6(v6) => [v6.ip().octets().as_slice(), &v6.port().to_be_bytes()].concat(),
        };
        let string = |bytes: &[u8]| [format!("{}:", bytes.len()).as_bytes(), bytes].concat();
        let nodes: Vec<u8> =
            reply.nodes.iter().flat_map(|node| [node.id.to_vec(), pack(&node.address)].concat()).collect();
        let mut body = [b"d2:id20:".as_slice(), &reply.id, b"5:nodes", &string(&nodes)].concat();
        if let Some(token) = &reply.token {
            body.extend([b"5:token".as_slice(), &string(token)].concat());
        }
        let values: Vec<u8> = reply.peers.iter().flat_map(|peer| string(&pack(peer))).collect();
        body.extend([b"6:valuesl".as_slice(), &values, b"ee"].concat());
        [b"d1:r", body.as_slice(), b"1:t", &string(transaction), b"1:y1:re"].concat()
    }

    proptest! {
        #[test]
        fn answers_are_read(
            id: [u8; 20], token in prop::option::of(prop::collection::vec(any::<u8>(), 0..=MAX_TOKEN)),
            nodes in prop::collection::vec(any::<([u8; 20], [u8; 4], u16)>(), 0..=MAX_NODES),
            peers in prop::collection::vec(any::<([u8; 4], u16)>(), 0..50), transaction: [u8; 4],
        ) {
            let nodes = nodes.into_iter().map(|(id, ip, port)| Node { id, address: (ip, port).into() }).collect();
            let peers = peers.into_iter().map(SocketAddr::from).collect();
            let reply = Reply { id, token, nodes, peers };
            let datagram = answer(&transaction, &reply);
            prop_assert_eq!(parse(&datagram), Some((transaction, Some(reply))));
        }

        #[test]
        fn no_bytes_make_it_panic(datagram in prop::collection::vec(any::<u8>(), 0..1_500)) {
            let _ = parse(&datagram);
        }

        #[test]
        fn broken_answers_do_no_harm(id: [u8; 20], at in any::<prop::sample::Index>(), byte: u8) {
            let mut datagram = answer(b"abcd", &Reply { id, token: Some(vec![1; 8]), ..Reply::default() });
            let at = at.index(datagram.len());
            datagram[at] = byte;
            let _ = parse(&datagram);
            let _ = parse(&datagram[..at]);
        }
    }

    #[test]
    fn questions_are_sorted_and_read_only() {
        let question = announce_peer(*b"abcd", &[b'i'; 20], &Sha1([b'h'; 20]), 6_881, b"to");
        let text = String::from_utf8(question).expect("ASCII");
        assert_eq!(
            text,
            "d1:ad2:id20:iiiiiiiiiiiiiiiiiiii12:implied_porti0e9:info_hash20:hhhhhhhhhhhhhhhhhhhh4:porti6881e\
             5:token2:toe1:q13:announce_peer2:roi1e1:t4:abcd1:y1:qe"
        );
        let text = String::from_utf8(get_peers(*b"abcd", &[b'i'; 20], &Sha1([b'h'; 20]))).expect("ASCII");
        assert!(
            Value::parse(text.as_bytes()).is_some_and(|value| value.get("ro") == Some(&Value::Integer(1)))
        );
    }

    #[test]
    fn a_refusal_names_its_question() {
        assert_eq!(parse(b"d1:eli201e5:errore1:t4:abcd1:y1:ee"), Some((*b"abcd", None)));
        assert_eq!(parse(b"d1:eli201e5:errore1:t2:ab1:y1:ee"), None);
    }
}
