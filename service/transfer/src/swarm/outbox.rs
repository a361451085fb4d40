//! What is to be sent to one peer: messages in order, and requested data, which waits its turn. Pure but for the waking.
//!
//! Invariants: messages go before data; a request is queued once; never more than the peer was told it may queue.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use super::wire::{Outgoing, Request};

/// Messages waiting for a peer that does not read: more means that it never will.
const MAX_MESSAGES: usize = 8_192;
/// Bytes read from the disk at once for neighbouring requests.
const RUN_BYTES: u32 = 128 * 1024;

/// What waits to be sent to one peer.
#[derive(Debug)]
pub(crate) struct Outbox {
    inside: Mutex<Inside>,
    pub news: Notify,
    /// Requests it may have queued here.
    limit: usize,
}

#[derive(Debug, Default)]
struct Inside {
    messages: VecDeque<Outgoing>,
    requests: VecDeque<Request>,
    has_overflowed: bool,
}

impl Outbox {
    pub fn new(limit: usize) -> Self {
        Self { inside: Mutex::default(), news: Notify::new(), limit }
    }

    pub fn send(&self, message: Outgoing) {
        let mut inside = self.lock();
        inside.has_overflowed |= inside.messages.len() >= MAX_MESSAGES;
        if !inside.has_overflowed {
            inside.messages.push_back(message);
        }
        drop(inside);
        self.news.notify_one();
    }

    /// Takes a request of the peer; says whether it keeps to what it was told.
    pub fn request(&self, request: Request) -> bool {
        let mut inside = self.lock();
        if inside.requests.contains(&request) {
            return true;
        }
        if inside.requests.len() >= self.limit {
            // Peers that know no limit ask for more; what is beyond is left out, as BEP 10 (`reqq`) allows.
            return inside.requests.len() < 4 * self.limit.max(64);
        }
        inside.requests.push_back(request);
        drop(inside);
        self.news.notify_one();
        true
    }

    pub fn cancel(&self, request: &Request) {
        self.lock().requests.retain(|queued| queued != request);
    }

    /// Forgets what was requested: the peer is choked.
    pub fn clear_requests(&self) {
        self.lock().requests.clear();
    }

    /// All messages; `None` if the peer has let too many pile up.
    pub fn messages(&self) -> Option<VecDeque<Outgoing>> {
        let mut inside = self.lock();
        (!inside.has_overflowed).then(|| std::mem::take(&mut inside.messages))
    }

    pub fn has_messages(&self) -> bool {
        !self.lock().messages.is_empty()
    }

    pub fn has_requests(&self) -> bool {
        !self.lock().requests.is_empty()
    }

    /// Takes the next requests that lie behind one another in a piece.
    pub fn next_run(&self) -> Vec<Request> {
        let mut inside = self.lock();
        let mut run: Vec<Request> = Vec::new();
        let mut bytes = 0;
        while let Some(next) = inside.requests.front().copied() {
            let follows = run.last().is_none_or(|last: &Request| {
                last.piece == next.piece && last.begin + last.length == next.begin
            });
            if !follows || bytes + next.length > RUN_BYTES && !run.is_empty() {
                break;
            }
            bytes += next.length;
            run.push(next);
            inside.requests.pop_front();
        }
        run
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(piece: u32, block: u32) -> Request {
        Request { piece, begin: block * 16_384, length: 16_384 }
    }

    #[test]
    fn neighbours_are_read_together_and_cancelled_ones_not_at_all() {
        let outbox = Outbox::new(16);
        for block in [0, 1, 1, 2, 3, 8] {
            assert!(outbox.request(request(5, block)));
        }
        outbox.request(request(6, 0));
        outbox.cancel(&request(5, 3));
        assert_eq!(outbox.next_run(), [request(5, 0), request(5, 1), request(5, 2)]);
        assert_eq!(outbox.next_run(), [request(5, 8)]);
        assert_eq!(outbox.next_run(), [request(6, 0)]);
        assert!(outbox.next_run().is_empty());
        (0..16).for_each(|block| assert!(outbox.request(request(1, block))));
        assert_eq!(outbox.next_run().len(), 8, "128 KiB at once");
    }

    #[test]
    fn more_than_was_allowed_is_left_out_and_a_flood_of_messages_ends_it() {
        let outbox = Outbox::new(2);
        (0..5).for_each(|block| assert!(outbox.request(request(0, block))));
        assert_eq!(outbox.next_run().len(), 2);
        (0..MAX_MESSAGES).for_each(|_| outbox.send(Outgoing::KeepAlive));
        assert_eq!(outbox.messages().map(|messages| messages.len()), Some(MAX_MESSAGES));
        (0..=MAX_MESSAGES).for_each(|_| outbox.send(Outgoing::KeepAlive));
        assert_eq!(outbox.messages(), None);
    }
}
