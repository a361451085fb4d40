//! Calls over the socket.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Method, Response, StatusCode,
    body::Incoming,
    header::{ACCEPT, CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use muster_api::{OperationId, Problem};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{ClientError, Endpoint, EventStream, Places, Request, platform};

/// Longest reply that is read, in bytes.
const MAX_REPLY: usize = 64 * 1024 * 1024;
/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Talks to one service. Cheap to clone; each call uses a connection of its own.
#[derive(Clone, Debug)]
pub struct Client {
    endpoint: Endpoint,
}

impl Client {
    /// A client for the service of these places; does not connect yet.
    pub fn new(places: &Places) -> Self {
        Self { endpoint: places.endpoint() }
    }

    /// Sends a request and gives the reply as JSON.
    pub async fn call(&self, request: Request) -> Result<Value, ClientError> {
        let response = self.send(&request).await?;
        let status = response.status();
        let body = Limited::new(response.into_body(), MAX_REPLY).collect().await;
        let bytes = body.map_err(|e| ClientError::Protocol(e.to_string()))?.to_bytes();
        if status != StatusCode::OK {
            return Err(refusal(status, &bytes));
        }
        if request.operation == OperationId::Metrics {
            return Ok(Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        }
        serde_json::from_slice(&bytes).map_err(|e| ClientError::Protocol(e.to_string()))
    }

    /// Sends a request and reads the reply as `T`. Fields that this build does not know are ignored.
    pub async fn ask<T: DeserializeOwned>(&self, request: Request) -> Result<T, ClientError> {
        let value = self.call(request).await?;
        serde_json::from_value(value).map_err(|e| ClientError::Protocol(e.to_string()))
    }

    /// Subscribes to events: the first item is the snapshot.
    pub async fn events(&self) -> Result<EventStream, ClientError> {
        let response = self.send(&Request::new(OperationId::Events)).await?;
        if response.status() != StatusCode::OK {
            return Err(ClientError::Protocol(format!("events: {}", response.status())));
        }
        Ok(EventStream::new(response.into_body()))
    }

    async fn send(&self, request: &Request) -> Result<Response<Incoming>, ClientError> {
        let operation = request.operation.operation();
        let target = request.target()?;
        let body = match &request.body {
            Some(body) => serde_json::to_vec(body).map_err(|e| ClientError::Protocol(e.to_string()))?,
            None => Vec::new(),
        };
        let message = hyper::Request::builder()
            .method(Method::from_bytes(operation.method.as_str().as_bytes()).unwrap_or(Method::GET))
            .uri(target)
            .header(HOST, "muster")
            .header(ACCEPT, "application/json, text/event-stream")
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(|e| ClientError::Protocol(e.to_string()))?;
        let stream = tokio::time::timeout(CONNECT_TIMEOUT, platform::connect(&self.endpoint)).await;
        let stream = stream.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into())).map_err(|e| {
            if e.kind() == std::io::ErrorKind::PermissionDenied {
                ClientError::Foreign
            } else {
                ClientError::Unreachable(e)
            }
        })?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|e| ClientError::Protocol(e.to_string()))?;
        tokio::spawn(async move {
            // The connection ends with the reply; what went wrong on it is told by the reply's own error.
            let _ = connection.await;
        });
        sender.send_request(message).await.map_err(|e| ClientError::Protocol(e.to_string()))
    }
}

fn refusal(status: StatusCode, bytes: &[u8]) -> ClientError {
    match serde_json::from_slice::<Problem>(bytes) {
        Ok(problem) => ClientError::Problem(Box::new(problem)),
        Err(_) => ClientError::Protocol(format!("{status} without a problem document")),
    }
}
