//! rqbit, the program of librqbit, with its own defaults but for discovery. Built by the benchmarks where that is possible.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{Client, Completion, Desk, Job, PORT, Session, version_of};
use crate::process::Program;

#[derive(Debug)]
pub struct Rqbit {
    /// Where it was built.
    pub program: Option<PathBuf>,
}

impl Client for Rqbit {
    fn name(&self) -> &'static str {
        "rqbit"
    }

    fn version(&self) -> Option<String> {
        version_of(self.program.as_ref()?.to_str()?)
    }

    fn start(&self, job: &Job<'_>) -> Result<Session> {
        let desk = Desk::prepare(job)?;
        let mut command = job.host.space.command(self.program.as_ref().context("rqbit was not built")?);
        command.env("HOME", job.place).env("RUST_LOG", "librqbit=info,rqbit=info");
        command.args(["--disable-dht", "--disable-lsd", "--disable-upnp-port-forward"]);
        command.args(["--listen-port", &PORT.to_string()]);
        for (name, cap) in [("--ratelimit-download", job.caps.down), ("--ratelimit-upload", job.caps.up)] {
            if let Some(cap) = cap {
                command.args([name, &cap.to_string()]);
            }
        }
        command.args(["download", "--overwrite", "--output-folder"]).arg(&desk.downloads);
        if !job.others.is_empty() {
            let peers: Vec<String> = job.others.iter().map(ToString::to_string).collect();
            command.args(["--initial-peers", &peers.join(",")]);
        }
        let program = Program::start(command.arg(&desk.torrent), &desk.log)?;
        let file = Some(desk.file(job.content));
        let completion = Completion::Log(desk.log, "torrent finished downloading");
        Ok(Session { program: Some(program), completion, file })
    }
}
