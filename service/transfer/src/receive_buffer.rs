//! The system's receive buffers of all connections, kept small while a cap is set: what fits into them is sent whatever
//! is read, and that at once when an answer begins.

use std::sync::Arc;

use socket2::SockRef;

use crate::flow::{Distance, Flow};

/// Bytes: less than a packet or two stops a connection.
const SMALLEST: usize = 4 * 1024;
/// Above this the system's own choice does no harm.
const LARGEST: usize = 512 * 1024;
/// What all connections together may hold unread is this part of a second at the cap. So much is on its way to us at
/// most, and servers that are further away than this do not reach the cap.
const PARTS: u64 = 12;

/// Bytes that each of so many connections may hold unread under a cap; `None` leaves it to the system.
pub(crate) fn size(rate: Option<u64>, connections: usize) -> Option<usize> {
    let all = usize::try_from(rate? / PARTS).unwrap_or(usize::MAX);
    let size = (all / connections.max(1)).max(SMALLEST);
    (size < LARGEST).then_some(size)
}

/// Whether something is expected to come on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Expecting,
    Quiet,
}

/// The buffer of one connection; it counts among those that share the room.
#[derive(Debug)]
pub(crate) struct ReceiveBuffer {
    flow: Arc<Flow>,
    distance: Distance,
    set: Option<usize>,
    counts: Use,
}

impl ReceiveBuffer {
    /// Of a connection that was made with a buffer of this size.
    pub fn new(flow: Arc<Flow>, distance: Distance, set: Option<usize>) -> Self {
        Self { flow, distance, set, counts: Use::Quiet }
    }

    /// Makes the buffer fit the cap and the connections of this moment. Once set, the system does not go back to a size
    /// of its own: without a cap the connection then gets as much as the system allows.
    pub fn fit<'s, S>(&mut self, socket: &'s S, usage: Use)
    where
        SockRef<'s>: From<&'s S>,
    {
        self.count(usage);
        let wanted = self.flow.receive_buffer(self.distance);
        if wanted != self.set {
            self.set = wanted;
            // A refusal costs exactness, not bytes.
            let _ = SockRef::from(socket).set_recv_buffer_size(wanted.unwrap_or(LARGEST));
        }
    }

    fn count(&mut self, usage: Use) {
        if usage == self.counts {
            return;
        }
        self.counts = usage;
        match usage {
            Use::Expecting => self.flow.expects(1),
            Use::Quiet => self.flow.expects(-1),
        }
    }
}

impl Drop for ReceiveBuffer {
    fn drop(&mut self) {
        self.count(Use::Quiet);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::RateLimits;

    proptest! {
        #[test]
        fn all_buffers_together_are_a_small_part_of_the_cap(rate in 1u64..1 << 40, connections in 0usize..200) {
            match size(Some(rate), connections) {
                None => prop_assert!(rate >= PARTS * LARGEST as u64, "slow lines need small buffers"),
                Some(size) => {
                    prop_assert!((SMALLEST..LARGEST).contains(&size));
                    prop_assert!(size == SMALLEST || size as u64 * connections.max(1) as u64 * PARTS <= rate);
                }
            }
        }
    }

    #[tokio::test]
    async fn a_connection_follows_the_cap_and_shares_with_others() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = tokio::net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let read = || SockRef::from(&stream).recv_buffer_size().unwrap();
        let usual = read();
        let flow = Arc::new(Flow::default());
        let cap = |down| flow.set_limits(&RateLimits { down, ..RateLimits::default() });
        let mut buffer = ReceiveBuffer::new(flow.clone(), Distance::Far, None);
        buffer.fit(&stream, Use::Expecting);
        assert_eq!(read(), usual, "nothing is touched without a cap");
        cap(Some(1_000_000));
        buffer.fit(&stream, Use::Expecting);
        let alone = read();
        let mut other = ReceiveBuffer::new(flow.clone(), Distance::Far, None);
        other.count(Use::Expecting);
        buffer.fit(&stream, Use::Expecting);
        assert!(read() < alone * 2 / 3 && alone < 250_000, "{} beside another, {alone} alone", read());
        drop(other);
        buffer.fit(&stream, Use::Expecting);
        assert_eq!(read(), alone);
        cap(None);
        buffer.fit(&stream, Use::Expecting);
        assert!(read() > alone);
    }
}
