//! Archives from servers as they are in the world: over TLS, with HTTP/2 where both speak it.
//!
//! The root of trust is the system's. A test cannot change that for itself, so each runs itself once more as a process
//! whose system trusts the test's own root.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]
#![cfg(target_os = "linux")]

use std::{
    env, fs,
    net::SocketAddr,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Response, StatusCode, Version, header},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use muster_domain::Coded;
use muster_transfer::{Origin, Reach, Want};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::support::{Node, content, want};

/// The folder with the test's root, in the process that trusts it.
const FOLDER: &str = "MUSTER_TEST_TLS";

/// Runs the test that calls it once more, as a process that trusts a root of its own; `true` in that process.
fn is_trusting(test: &str) -> bool {
    if env::var_os(FOLDER).is_some() {
        return true;
    }
    let folder = tempfile::tempdir().unwrap();
    let signed = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(folder.path().join("root.pem"), signed.cert.pem()).unwrap();
    fs::write(folder.path().join("key.pem"), signed.signing_key.serialize_pem()).unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", &format!("tls::{test}"), "--nocapture"])
        .env(FOLDER, folder.path())
        .env("SSL_CERT_FILE", folder.path().join("root.pem"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{test} in a process of its own: {said}");
    false
}

#[derive(Clone)]
struct Served {
    bytes: Arc<[u8]>,
    http2: Arc<AtomicUsize>,
    http1: Arc<AtomicUsize>,
}

async fn answer(State(served): State<Served>, request: Request) -> Response<Body> {
    let counter = if request.version() == Version::HTTP_2 { &served.http2 } else { &served.http1 };
    counter.fetch_add(1, Ordering::Relaxed);
    let asked = request.headers().get(header::RANGE).unwrap().to_str().unwrap();
    let (start, last) = asked.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
    let (start, last): (usize, usize) = (start.parse().unwrap(), last.parse().unwrap());
    Response::builder()
        .status(StatusCode::PARTIAL_CONTENT)
        .header(header::CONTENT_RANGE, format!("bytes {start}-{last}/{}", served.bytes.len()))
        .body(Body::from(served.bytes[start..=last].to_vec()))
        .unwrap()
}

/// A TLS server that speaks these protocols (RFC 7301).
async fn server(bytes: &[u8], protocols: &[&str]) -> (SocketAddr, Served) {
    let folder = std::path::PathBuf::from(env::var_os(FOLDER).unwrap());
    let certificate = CertificateDer::from_pem_file(folder.join("root.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    tls.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let served = Served { bytes: bytes.into(), http2: Arc::default(), http1: Arc::default() };
    let router = Router::new().fallback(answer).with_state(served.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, router) = (acceptor.clone(), router.clone());
            tokio::spawn(async move {
                // A client that does not trust us goes away.
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = TowerToHyperService::new(router);
                let _ =
                    Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    (address, served)
}

fn origin(address: SocketAddr, host: &str) -> Origin {
    Origin {
        url: Url::parse(&format!("https://{host}:{}/a.muster", address.port())).unwrap(),
        reach: Reach::Host,
    }
}

async fn fetch(origin: Origin, bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let node = Node::start().await;
    let wanted = Want { origins: vec![origin], ..want(bytes) };
    let name = wanted.sha256;
    let outcome = node.transfers.want(wanted).await.unwrap().outcome().await;
    let result = outcome.map(|_| node.read(&name)).map_err(|error| error.code());
    node.transfers.shutdown().await;
    result
}

#[tokio::test]
async fn ranges_come_over_http2_where_the_server_speaks_it() {
    if !is_trusting("ranges_come_over_http2_where_the_server_speaks_it") {
        return;
    }
    let bytes = content(1, 9_000_000);
    let (address, served) = server(&bytes, &["h2", "http/1.1"]).await;
    assert!(fetch(origin(address, "localhost"), &bytes).await.unwrap() == bytes);
    assert!(served.http2.load(Ordering::Relaxed) >= 3, "by ranges");
    assert_eq!(served.http1.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn an_older_server_is_spoken_to_in_http1() {
    if !is_trusting("an_older_server_is_spoken_to_in_http1") {
        return;
    }
    let bytes = content(2, 5_000_000);
    let (address, served) = server(&bytes, &["http/1.1"]).await;
    assert!(fetch(origin(address, "localhost"), &bytes).await.unwrap() == bytes);
    assert_eq!(served.http2.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_accepted() {
    if !is_trusting("a_certificate_for_another_name_is_not_accepted") {
        return;
    }
    let bytes = content(3, 100_000);
    let (address, served) = server(&bytes, &["h2"]).await;
    assert_eq!(fetch(origin(address, "127.0.0.1"), &bytes).await, Err("transfer-origin-unreachable"));
    assert_eq!(served.http2.load(Ordering::Relaxed), 0);
}
