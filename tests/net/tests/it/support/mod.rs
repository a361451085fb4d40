//! What the tests share: a lab with programs of this build in it.

use std::{net::SocketAddr, path::Path, time::Duration};

use anyhow::Result;
use muster_net_lab::{
    Access, Content, Host, Lab, Node, NodeOptions, Realm,
    clients::PORT,
    node::{Fetch, Split},
};
use tempfile::TempDir;

/// Longest wait for a transfer, on a machine that is busy with something else.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// The program under test.
pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_muster-net-lab"))
}

/// Ends the test, with a reason, where there can be no lab.
macro_rules! needs_lab {
    () => {
        if let Some(reason) = muster_net_lab::unavailable() {
            println!("{reason}");
            return Ok(());
        }
    };
}

/// A lab, a folder, and some content.
pub struct Scene {
    pub lab: Lab,
    pub content: Content,
    pub place: TempDir,
}

impl Scene {
    /// Content of this many bytes on the internet.
    pub fn new(size: u64) -> Result<Self> {
        let place = muster_net_lab::place::make(None)?;
        let content = Content::make(&place.path().join("content"), size, size)?;
        Ok(Self { lab: Lab::new(Realm::Internet)?, content, place })
    }

    pub fn host(&self, label: &str, access: Access) -> Result<Host> {
        self.lab.host(label, access)
    }

    /// A node that shares the content.
    pub fn seeder(&self, host: &Host) -> Result<Node> {
        let options = NodeOptions {
            listen: Some(host.at(PORT)),
            seeds: vec![self.content.file.clone()],
            ..NodeOptions::default()
        };
        Node::start(program(), host, self.place.path(), &options)
    }

    /// A node that fetches; it shares what it has, if `consent` says so.
    pub fn fetcher(&self, host: &Host, fetch: Fetch, consent: Consent) -> Result<Node> {
        let listen = (consent == Consent::Given).then(|| host.at(PORT));
        let options = NodeOptions { listen, fetch: Some(fetch), ..NodeOptions::default() };
        Node::start(program(), host, self.place.path(), &options)
    }

    /// The content, from these peers.
    pub fn with_peers(&self, peers: impl IntoIterator<Item = SocketAddr>) -> Fetch {
        Fetch { peers: peers.into_iter().collect(), ..Fetch::of(&self.content) }
    }

    /// Waits until a node has the content, and says where it came from.
    pub fn done(&self, node: &mut Node) -> Result<Split> {
        node.done(&self.content.archive.sha256, PATIENCE)
    }
}

/// Whether the player shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    Given,
    Withheld,
}
