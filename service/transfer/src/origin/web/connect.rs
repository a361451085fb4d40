//! Connections to servers, or to the network's proxy for them.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use hyper::{
    Uri,
    header::HeaderValue,
    rt::{Read, Write},
};
use hyper_util::{
    client::{
        legacy::connect::{
            HttpConnector,
            proxy::{SocksV5, Tunnel},
        },
        proxy::matcher::{Intercept, Matcher},
    },
    rt::TokioIo,
};
use tower_service::Service;

use super::{WebError, paced::Paced};
use crate::{
    flow::{Distance, Flow},
    origin::{Reach, address::GuardedResolver},
};

/// What a connection is, for the client above.
pub(super) type Connection = TokioIo<Paced>;

/// Connects to what an address names.
#[derive(Clone, Debug)]
pub(crate) struct Connect {
    direct: Socket<HttpConnector<GuardedResolver>>,
    /// A proxy of the network lies wherever it lies, and looks up names by itself.
    proxy: Socket<HttpConnector>,
    proxies: Option<Arc<Matcher>>,
}

impl Connect {
    pub fn new(reach: Reach, patience: Duration, flow: Arc<Flow>) -> Self {
        let guarded = HttpConnector::new_with_resolver(GuardedResolver(reach));
        let direct = Socket { connector: prepared(guarded, patience), flow: flow.clone() };
        let proxy = Socket { connector: prepared(HttpConnector::new(), patience), flow };
        // It is for the internet; it would look up inner names by itself.
        let proxies = (reach == Reach::Public).then(|| Arc::new(Matcher::from_system()));
        Self { direct, proxy, proxies }
    }

    /// What a proxy without a tunnel wants to be told with each request.
    pub fn proxy_authorization(&self, uri: &Uri) -> Option<HeaderValue> {
        let is_plain = uri.scheme_str() == Some("http");
        let intercept = self.intercept(uri).filter(|_| is_plain)?;
        is_http(&intercept).then(|| intercept.basic_auth().cloned()).flatten()
    }

    fn intercept(&self, uri: &Uri) -> Option<Intercept> {
        self.proxies.as_ref()?.intercept(uri)
    }
}

fn is_http(intercept: &Intercept) -> bool {
    intercept.uri().scheme_str() == Some("http")
}

fn prepared<R>(mut connector: HttpConnector<R>, patience: Duration) -> HttpConnector<R>
where
    HttpConnector<R>: Clone,
{
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(patience));
    connector
}

type Connecting = Pin<Box<dyn Future<Output = Result<Connection, WebError>> + Send>>;

impl Service<Uri> for Connect {
    type Response = Connection;
    type Error = WebError;
    type Future = Connecting;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), WebError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Connecting {
        let Some(intercept) = self.intercept(&uri) else {
            return self.direct.call(uri);
        };
        let proxy = intercept.uri().clone();
        match (proxy.scheme_str(), uri.scheme_str()) {
            (Some("http"), Some("https")) => {
                let mut tunnel = Tunnel::new(proxy, self.proxy.clone());
                if let Some(authorization) = intercept.basic_auth() {
                    tunnel = tunnel.with_auth(authorization.clone());
                }
                Box::pin(async move { Ok(tunnel.call(uri).await?) })
            }
            (Some("http"), _) => {
                let connecting = self.proxy.call(proxy);
                Box::pin(async move { Ok(TokioIo::new(connecting.await?.into_inner().through_proxy())) })
            }
            (Some("socks5" | "socks5h"), _) => {
                let is_local = proxy.scheme_str() == Some("socks5");
                let mut socks = SocksV5::new(proxy, self.proxy.clone()).local_dns(is_local);
                if let Some((user, password)) = intercept.raw_auth() {
                    socks = socks.with_auth(user.to_owned(), password.to_owned());
                }
                Box::pin(async move { Ok(socks.call(uri).await?) })
            }
            (scheme, _) => {
                let error = UnknownProxy(scheme.unwrap_or_default().to_owned());
                Box::pin(std::future::ready(Err(error.into())))
            }
        }
    }
}

/// The network's settings name a proxy of a kind that is not spoken here.
#[derive(Debug, thiserror::Error)]
#[error("the network's proxy is of an unknown kind: {0:?}")]
struct UnknownProxy(String);

/// Connects, with a receive buffer that fits the cap of the moment.
#[derive(Clone, Debug)]
struct Socket<C> {
    connector: C,
    flow: Arc<Flow>,
}

impl<R> Service<Uri> for Socket<HttpConnector<R>>
where
    HttpConnector<R>: Service<Uri, Response = TokioIo<tokio::net::TcpStream>> + Clone,
    <HttpConnector<R> as Service<Uri>>::Error: Into<WebError>,
    <HttpConnector<R> as Service<Uri>>::Future: Send + 'static,
    TokioIo<tokio::net::TcpStream>: Read + Write,
{
    type Response = Connection;
    type Error = WebError;
    type Future = Connecting;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), WebError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Connecting {
        let mut connector = self.connector.clone();
        // Where the server lies is not known yet; a near one gets its room back with the first byte.
        let buffer = self.flow.receive_buffer(Distance::Far);
        connector.set_recv_buffer_size(buffer);
        let (flow, connecting) = (self.flow.clone(), connector.call(uri));
        Box::pin(async move {
            let stream = connecting.await.map_err(Into::into)?.into_inner();
            Ok(TokioIo::new(Paced::new(stream, flow, buffer)))
        })
    }
}
