//! Ours.

use std::path::PathBuf;

use anyhow::Result;

use super::{Client, Completion, Job, PORT, Role, Session};
use crate::node::{Fetch, Node, NodeOptions};

/// The transfers of this tree, in `muster-net-lab node`.
#[derive(Debug)]
pub struct Muster {
    /// `muster-net-lab`.
    pub program: PathBuf,
}

impl Client for Muster {
    fn name(&self) -> &'static str {
        "muster"
    }

    fn version(&self) -> Option<String> {
        Some(concat!("muster ", env!("CARGO_PKG_VERSION")).to_owned())
    }

    fn start(&self, job: &Job<'_>) -> Result<Session> {
        let mut options = NodeOptions {
            listen: Some(job.host.at(PORT)),
            down: job.caps.down,
            up: job.caps.up,
            ..NodeOptions::default()
        };
        match job.role {
            Role::Seed => options.seeds = vec![job.content.file.clone()],
            Role::Leech => {
                let origins = job.server.into_iter().cloned().collect();
                options.fetch = Some(Fetch { peers: job.others.to_vec(), origins, ..Fetch::of(job.content) });
            }
        }
        let node = Node::launch(&self.program, job.host, job.place, &options)?;
        Ok(Session { program: None, completion: Completion::Node(Box::new(node)), file: None })
    }
}
