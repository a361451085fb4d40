//! A small HTTP client whose sockets keep to the player's caps.
//!
//! A cap that is kept after a library has read ahead is none on the line: what waits in buffers has been sent already.
//! So bytes are paid for where they leave the socket, below TLS and HTTP, and the system's receive buffer is kept small
//! while a cap is set, so that the sender itself is held back (decision 0014). Names are resolved, and redirects are
//! answered, as [`super::address`] wants; no redirect is followed here.

mod connect;
mod paced;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::{
    HeaderMap, Request, Response, Uri,
    body::{Body, Incoming},
    header::{self, HeaderName, HeaderValue},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{ClientConfig, crypto::aws_lc_rs};
use rustls_platform_verifier::BuilderVerifierExt;
use url::Url;

use self::connect::Connect;
use super::{Patience, Reach};
use crate::flow::Flow;

/// Connections that nobody uses are closed after this long.
const IDLE: Duration = Duration::from_secs(30);
const USER_AGENT: &str = concat!("muster/", env!("CARGO_PKG_VERSION"));

/// Why there is no answer.
pub(crate) type WebError = Box<dyn std::error::Error + Send + Sync>;

/// Asks servers as far inside as its reach allows. Clones share connections.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    client: Client<HttpsConnector<Connect>, Empty<Bytes>>,
    connect: Connect,
}

impl Web {
    /// Opens nothing yet. Fails if the system's roots of trust cannot be used.
    pub fn new(reach: Reach, patience: &Patience, flow: Arc<Flow>) -> Result<Self, WebError> {
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_platform_verifier()?
            .with_no_client_auth();
        let connect = Connect::new(reach, patience.connect, flow);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(connect.clone());
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self { client, connect })
    }

    /// Asks, and answers when the head of the response is here; its body flows as it is read.
    pub async fn get(&self, url: &Url, headers: HeaderMap) -> Result<Response<Incoming>, WebError> {
        let uri: Uri = url.as_str().parse()?;
        let mut request = Request::get(uri.clone()).body(Empty::new())?;
        *request.headers_mut() = headers;
        let mut fix = |name: HeaderName, value| request.headers_mut().insert(name, value);
        fix(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        fix(header::ACCEPT, HeaderValue::from_static("*/*"));
        fix(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(authorization) = self.connect.proxy_authorization(&uri) {
            fix(header::PROXY_AUTHORIZATION, authorization);
        }
        Ok(self.client.request(request).await?)
    }
}

/// The next bytes of a body; `None` at its end.
pub(crate) async fn next<B: Body<Data = Bytes> + Unpin>(body: &mut B) -> Result<Option<Bytes>, B::Error> {
    while let Some(frame) = body.frame().await {
        // Trailers are of no interest.
        if let Ok(data) = frame?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}
