//! Metadata and targets over HTTP.

use std::time::Duration;

use async_trait::async_trait;
use muster_registry::{Fetched, Repository, TransportError};
use reqwest::{Client, StatusCode, redirect};
use url::Url;

pub struct HttpRepository {
    client: Client,
    metadata: Url,
    targets: Option<Url>,
}

impl HttpRepository {
    pub fn new(metadata: &Url, targets: Option<&Url>) -> anyhow::Result<Self> {
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(10))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { client, metadata: folder(metadata), targets: targets.map(folder) })
    }

    async fn get(&self, base: &Url, path: &str, max_length: u64) -> Result<Fetched, TransportError> {
        let failed = |error: reqwest::Error| TransportError::with_source("the request failed", error);
        let url = Url::parse(&format!("{base}{path}"))
            .map_err(|error| TransportError::with_source("not an address", error))?;
        let mut response = self.client.get(url).send().await.map_err(failed)?;
        match response.status() {
            // Object stores answer 403 for what is not there.
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => return Ok(Fetched::NotFound),
            StatusCode::OK => {}
            status => return Err(TransportError::new(format!("the host answered {status}"))),
        }
        let mut bytes = Vec::new();
        while let Some(part) = response.chunk().await.map_err(failed)? {
            if (bytes.len() + part.len()) as u64 > max_length {
                return Err(TransportError::new(format!("longer than {max_length} bytes")));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(Fetched::Found(bytes))
    }
}

#[async_trait]
impl Repository for HttpRepository {
    async fn metadata(&self, name: &str, max_length: u64) -> Result<Fetched, TransportError> {
        self.get(&self.metadata, name, max_length).await
    }

    async fn target(&self, path: &str, max_length: u64) -> Result<Fetched, TransportError> {
        let base = self.targets.as_ref().ok_or_else(|| TransportError::new("--target-base-url is needed"))?;
        self.get(base, path, max_length).await
    }
}

/// The address with a slash at its end.
fn folder(url: &Url) -> Url {
    let mut url = url.clone();
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}
