//! Speaking to one peer: messages first, then what it asked for, at the pace the player allows.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use bytes::BytesMut;
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    time::timeout,
};

use super::{
    book::Farewell,
    exchange::{Content, Exchange},
    hub::Hub,
    member::Member,
    wire::{Outgoing, Request, data_header},
};
use crate::{origin::blocking, uplink::Sent};

/// So that the other side does not take us for dead (BEP 3: two minutes).
const KEEP_ALIVE: Duration = Duration::from_secs(60);
/// A peer that takes nothing for this long is gone.
const STUCK: Duration = Duration::from_secs(60);

/// Speaking to one peer.
pub(crate) struct Give<'a> {
    pub hub: &'a Hub,
    pub exchange: &'a Arc<Exchange>,
    pub me: &'a Member,
}

impl Give<'_> {
    /// Goes on until the peer takes nothing more.
    pub async fn run(&self, stream: &mut (impl AsyncWrite + Unpin)) -> Farewell {
        loop {
            let result = match self.say(stream).await {
                Ok(()) if self.is_served() && self.me.outbox.has_requests() => self.serve(stream).await,
                Ok(()) => self.wait().await,
                Err(farewell) => return farewell,
            };
            if let Err(farewell) = result {
                return farewell;
            }
        }
    }

    fn is_served(&self) -> bool {
        self.me.facts.is_served.load(Ordering::Relaxed)
    }

    async fn wait(&self) -> Result<(), Farewell> {
        if timeout(KEEP_ALIVE, self.me.outbox.news.notified()).await.is_err() {
            self.me.outbox.send(Outgoing::KeepAlive);
        }
        Ok(())
    }

    /// Sends every message that waits.
    async fn say(&self, stream: &mut (impl AsyncWrite + Unpin)) -> Result<(), Farewell> {
        let messages = self.me.outbox.messages().ok_or(Farewell::Useless)?;
        if messages.is_empty() {
            return Ok(());
        }
        let extensions = self.me.facts.extensions();
        let mut bytes = BytesMut::new();
        messages.iter().for_each(|message| message.write(&extensions, &mut bytes));
        write(stream, &bytes).await
    }

    /// Sends the next data it asked for.
    async fn serve(&self, stream: &mut (impl AsyncWrite + Unpin)) -> Result<(), Farewell> {
        let run = self.me.outbox.next_run();
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return Ok(()) };
        let length = (last.begin + last.length - first.begin) as usize;
        // Not offered (any more): as with a choke, requests are left out.
        let Some(content) = self.exchange.source_of(first.piece) else { return Ok(()) };
        let offset =
            u64::from(first.piece) * u64::from(self.exchange.metainfo.piece_length) + u64::from(first.begin);
        let data = match blocking(move || read(&content, offset, length)).await {
            Ok(data) => data,
            Err(error) => {
                tracing::warn!(%error, "an archive can not be read for others");
                self.exchange.close();
                return Err(Farewell::Ours);
            }
        };
        let start = first.begin;
        for request in &run {
            if !self.is_served() {
                return Ok(());
            }
            if self.me.outbox.has_messages() {
                self.say(stream).await?;
            }
            let from = (request.begin - start) as usize;
            self.send(stream, request, &data[from..from + request.length as usize]).await?;
        }
        Ok(())
    }

    async fn send(
        &self,
        stream: &mut (impl AsyncWrite + Unpin),
        request: &Request,
        data: &[u8],
    ) -> Result<(), Farewell> {
        let flow = &self.hub.flow;
        let slice = flow.slice_up(self.me.distance);
        let header = data_header(request);
        let mut rest = data;
        let mut is_first = true;
        while is_first || !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(slice));
            flow.go(self.me.distance, now.len() as u64).await;
            let began = Instant::now();
            if is_first {
                let mut bytes = Vec::with_capacity(header.len() + now.len());
                bytes.extend_from_slice(&header);
                bytes.extend_from_slice(now);
                write(stream, &bytes).await?;
            } else {
                write(stream, now).await?;
            }
            self.me.facts.went(now.len() as u64, Instant::now());
            self.exchange.uploaded.fetch_add(now.len() as u64, Ordering::Relaxed);
            let sent = Sent { bytes: now.len() as u64, waited: began.elapsed() };
            flow.gave(&self.me.address, sent);
            (rest, is_first) = (later, false);
        }
        Ok(())
    }
}

async fn write(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> Result<(), Farewell> {
    match timeout(STUCK, stream.write_all(bytes)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Farewell::Lost),
        Err(_) => Err(Farewell::Useless),
    }
}

/// Blocks on the disk.
fn read(content: &Content, offset: u64, length: usize) -> Result<Vec<u8>, muster_cache::Error> {
    let mut data = vec![0; length];
    match content {
        Content::Complete(reader) => reader.read_at(offset, &mut data)?,
        Content::Arriving { assembly, .. } => assembly.read(offset, &mut data)?,
        Content::Gone => data.clear(),
    }
    Ok(data)
}
