//! A web service of others, asked file by file.

use url::Url;

use super::{
    Credentials, FetchError, Fresh, HttpTimes, HttpTransport, OfflineSwitch,
    http::{Asking, host_of},
};
use crate::Result;

/// One service: its address, whether anybody may be asked now, and who asks.
pub(crate) struct ServiceClient {
    http: HttpTransport,
    base: Url,
    offline: OfflineSwitch,
    is_local: bool,
    credentials: Credentials,
}

impl ServiceClient {
    /// For the service below `base`, which ends in a slash; no network.
    ///
    /// # Errors
    /// [`crate::Error::Address`] where no HTTP client can be made for it.
    pub fn open(base: Url, offline: OfflineSwitch, credentials: Credentials) -> Result<Self> {
        let http = HttpTransport::with_bases(base.clone(), base.clone(), HttpTimes::default())?;
        Ok(Self { http, is_local: super::is_loopback_address(&base), base, offline, credentials })
    }

    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        self.is_local
    }

    /// An answer of the service, unless it still is the one that `mark` is of.
    ///
    /// # Errors
    /// Whatever keeps it from being read whole; [`FetchError::SwitchedOff`] in offline mode.
    pub async fn get(&self, path: &str, mark: Option<&str>, limit: u64) -> Result<Fresh, FetchError> {
        self.ask(path, Asking { mark, ..Asking::default() }, limit).await
    }

    /// The same without a mark: always the answer itself.
    pub async fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
        self.bytes(path, Asking::default(), limit).await
    }

    /// The answer to a question that is sent along as JSON.
    pub async fn post(&self, path: &str, body: Vec<u8>, limit: u64) -> Result<Vec<u8>, FetchError> {
        let asking = Asking { body: Some(body), ..Asking::default() };
        self.bytes(path, asking, limit).await
    }

    async fn bytes(&self, path: &str, asking: Asking<'_>, limit: u64) -> Result<Vec<u8>, FetchError> {
        match self.ask(path, asking, limit).await? {
            Fresh::New { bytes, .. } => Ok(bytes),
            Fresh::Same => Err(FetchError::ServerError { host: host_of(&self.base), status: 304 }),
        }
    }

    async fn ask(&self, path: &str, asking: Asking<'_>, limit: u64) -> Result<Fresh, FetchError> {
        if self.offline.is_offline() && !self.is_local {
            return Err(FetchError::SwitchedOff { host: host_of(&self.base) });
        }
        let refused = || FetchError::RefusedName { file: path.to_owned() };
        let url = self.base.join(path).map_err(|_| refused())?;
        // What an answer names must not lead to another host without having been a redirect.
        if !url.as_str().starts_with(self.base.as_str()) {
            return Err(refused());
        }
        let key = self.credentials.get().await;
        let asking = Asking { key: key.as_ref(), takes_key: self.credentials.are_of_use(), ..asking };
        self.http.ask(url, &asking, limit).await
    }
}
