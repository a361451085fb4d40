//! The system's receive buffers of all connections, kept small while a cap is set: what fits into them is sent whatever
//! is read, and that at once when an answer begins, or when a buffer that ran empty fills again.
//!
//! How much fits is not what was asked for: Linux doubles it and then reckons with the memory that packets take, which
//! depends on the network's driver. So it is looked at.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use rustix::{fd::AsFd, io::ioctl_fionread};
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

/// How much lies in buffers that were asked to hold a hundred bytes: the most that was seen on this machine.
#[derive(Debug)]
pub(crate) struct Fullness(AtomicU32);

impl Default for Fullness {
    fn default() -> Self {
        Self(AtomicU32::new(Self::AS_ASKED))
    }
}

impl Fullness {
    const AS_ASKED: u32 = 100;
    /// More than this is left from before the buffer was made smaller.
    const MOST: u32 = 200;

    /// A buffer that was asked to hold `asked` bytes held so many.
    fn saw(&self, held: u64, asked: usize) {
        let percent = held.saturating_mul(100) / asked.max(1) as u64;
        if percent <= u64::from(Self::MOST) {
            self.0.fetch_max(percent as u32, Ordering::Relaxed);
        }
    }

    /// What to ask for, so that no more than `wanted` bytes lie there.
    pub fn ask_for(&self, wanted: usize) -> usize {
        (wanted as u64 * 100 / u64::from(self.0.load(Ordering::Relaxed))).max(SMALLEST as u64) as usize
    }
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
    /// Whether what lies in it came since it was made this size.
    is_new: bool,
}

impl ReceiveBuffer {
    /// Of a connection that was made with a buffer of this size.
    pub fn new(flow: Arc<Flow>, distance: Distance, set: Option<usize>) -> Self {
        Self { flow, distance, set, counts: Use::Quiet, is_new: true }
    }

    /// Looks at how much lay there before so many bytes were read.
    pub fn saw(&mut self, socket: impl AsFd, read: usize) {
        let Some(asked) = self.set else { return };
        let Ok(unread) = ioctl_fionread(socket) else { return };
        let held = unread.saturating_add(read as u64);
        self.is_new |= held <= asked as u64;
        if self.is_new {
            self.flow.fullness.saw(held, asked);
        }
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
            self.is_new = false;
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
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

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

    #[test]
    fn less_is_asked_for_where_more_was_seen_to_fit() {
        let fullness = Fullness::default();
        assert_eq!(fullness.ask_for(80_000), 80_000);
        fullness.saw(144_000, 80_000);
        assert_eq!(fullness.ask_for(90_000), 50_000);
        fullness.saw(80_000, 80_000);
        fullness.saw(900_000, 80_000);
        assert_eq!(fullness.ask_for(90_000), 50_000, "the most that can be true counts");
        assert_eq!(fullness.ask_for(SMALLEST), SMALLEST);
    }

    #[tokio::test]
    async fn what_came_before_a_buffer_was_made_small_says_nothing_of_it() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut stream = tokio::net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut sender, _) = listener.accept().await.unwrap();
        let flow = Arc::new(Flow::default());
        let mut buffer = ReceiveBuffer::new(flow.clone(), Distance::Far, None);
        let mut send = async |bytes: u64, stream: &tokio::net::TcpStream| {
            let before = ioctl_fionread(stream).unwrap();
            sender.write_all(&vec![7; bytes as usize]).await.unwrap();
            while ioctl_fionread(stream).unwrap() < before + bytes {
                tokio::task::yield_now().await;
            }
        };
        send(15_000, &stream).await;
        flow.set_limits(&RateLimits { down: Some(10_000 * PARTS), ..RateLimits::default() });
        buffer.fit(&stream, Use::Expecting);
        let mut part = [0; 5_000];
        stream.read_exact(&mut part[..1_000]).await.unwrap();
        buffer.saw(&stream, 1_000);
        assert_eq!(flow.receive_buffer(Distance::Far), Some(10_000), "that was sent before");
        for _ in 0..2 {
            stream.read_exact(&mut part).await.unwrap();
            buffer.saw(&stream, part.len());
        }
        assert_eq!(flow.receive_buffer(Distance::Far), Some(10_000), "it holds what was asked for");
        send(8_500, &stream).await;
        stream.read_exact(&mut part).await.unwrap();
        buffer.saw(&stream, part.len());
        assert_eq!(flow.receive_buffer(Distance::Far), Some(8_000), "12,500 lay there of 10,000");
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
