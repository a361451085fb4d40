//! A socket that is read no faster than the caps allow.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf, Take},
    net::TcpStream,
    time::{Instant, Sleep},
};

use crate::{
    flow::{Distance, Flow},
    receive_buffer::{ReceiveBuffer, Use},
};

/// A connection whose incoming bytes are paid for as they are read.
#[derive(Debug)]
pub(crate) struct Paced {
    stream: Take<TcpStream>,
    flow: Arc<Flow>,
    distance: Distance,
    buffer: ReceiveBuffer,
    /// Until what was read is paid for.
    rest: Option<Pin<Box<Sleep>>>,
    is_proxy: bool,
}

impl Paced {
    /// The receive buffer was `set` before the connection was made.
    pub fn new(stream: TcpStream, flow: Arc<Flow>, set: Option<usize>) -> Self {
        let distance = stream.peer_addr().map_or(Distance::Far, |address| Distance::of(&address));
        let buffer = ReceiveBuffer::new(flow.clone(), distance, set);
        Self { stream: stream.take(0), flow, distance, buffer, rest: None, is_proxy: false }
    }

    /// The other end passes on what it is asked.
    pub fn through_proxy(mut self) -> Self {
        self.is_proxy = true;
        self
    }

    fn socket(self: Pin<&mut Self>) -> Pin<&mut TcpStream> {
        Pin::new(self.get_mut().stream.get_mut())
    }
}

impl AsyncRead for Paced {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let me = self.get_mut();
        if let Some(rest) = &mut me.rest {
            ready!(rest.as_mut().poll(cx));
            me.rest = None;
        }
        me.buffer.fit(me.stream.get_ref(), Use::Expecting);
        me.stream.set_limit(me.flow.slice(me.distance) as u64);
        let before = buf.filled().len();
        ready!(Pin::new(&mut me.stream).poll_read(cx, buf))?;
        let read = buf.filled().len() - before;
        me.buffer.saw(me.stream.get_ref(), read);
        let wait = me.flow.pay(me.distance, read as u64);
        if !wait.is_zero() {
            me.rest = Some(Box::pin(tokio::time::sleep_until(Instant::now() + wait)));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Paced {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.socket().poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket().poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.socket().poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.get_ref().is_write_vectored()
    }
}

impl Connection for Paced {
    fn connected(&self) -> Connected {
        self.stream.get_ref().connected().proxy(self.is_proxy)
    }
}
