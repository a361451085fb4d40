//! Server-sent events (WHATWG HTML §9.2), as far as the service writes them.

use bytes::{Buf, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use muster_api::Event;

use crate::ClientError;

/// Longest single event, in bytes.
const MAX_EVENT: usize = 32 * 1024 * 1024;

/// Events of one connection, in order.
#[derive(Debug)]
pub struct EventStream {
    body: Incoming,
    buffer: BytesMut,
    next: u64,
}

impl EventStream {
    pub(crate) fn new(body: Incoming) -> Self {
        Self { body, buffer: BytesMut::new(), next: 0 }
    }

    /// The next event; `None` when the service ended the stream. A gap in the numbers is an error: connect again.
    pub async fn next(&mut self) -> Result<Option<Event>, ClientError> {
        loop {
            if let Some(data) = take_event(&mut self.buffer) {
                let event: Event =
                    serde_json::from_str(&data).map_err(|e| ClientError::Protocol(e.to_string()))?;
                if event.number != self.next {
                    return Err(ClientError::Protocol(format!(
                        "event {} instead of {}",
                        event.number, self.next
                    )));
                }
                self.next += 1;
                return Ok(Some(event));
            }
            if self.buffer.len() > MAX_EVENT {
                return Err(ClientError::Protocol("an event is too long".into()));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(Err(error)) => return Err(ClientError::Protocol(error.to_string())),
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        self.buffer.extend_from_slice(data);
                    }
                }
            }
        }
    }
}

/// Takes the first complete event that has data; comments (keep-alives) are dropped.
fn take_event(buffer: &mut BytesMut) -> Option<String> {
    loop {
        let end = buffer.windows(2).position(|pair| pair == b"\n\n")?;
        let block = buffer.split_to(end);
        buffer.advance(2);
        let text = String::from_utf8_lossy(&block);
        let data: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("data:")).map(str::trim_start).collect();
        if !data.is_empty() {
            return Some(data.join("\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_cut_at_empty_lines_and_comments_dropped() {
        let mut buffer = BytesMut::from(": hi\n\nid: 1\ndata: {\"a\":\ndata: 1}\n\ndata: x"[..].as_bytes());
        assert_eq!(take_event(&mut buffer).as_deref(), Some("{\"a\":\n1}"));
        assert_eq!(take_event(&mut buffer), None);
        assert_eq!(&buffer[..], b"data: x");
    }
}
