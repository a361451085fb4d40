//! aria2, with its own defaults but for discovery.

use anyhow::Result;

use super::{Client, Desk, Job, PORT, Role, Session, version_of};
use crate::process::Program;

#[derive(Debug)]
pub struct Aria2;

impl Client for Aria2 {
    fn name(&self) -> &'static str {
        "aria2"
    }

    fn version(&self) -> Option<String> {
        version_of("aria2c")
    }

    fn start(&self, job: &Job<'_>) -> Result<Session> {
        let desk = Desk::prepare(job)?;
        let mut command = job.host.space.command("aria2c");
        command.args(["--no-conf", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false"]);
        command.args([
            "--seed-ratio=0",
            "--summary-interval=0",
            "--enable-color=false",
            "--show-console-readout=false",
        ]);
        // Filling a large file with zeros first is no part of a transfer.
        command.args(["--file-allocation=falloc", &format!("--listen-port={PORT}")]);
        command.arg("--dir").arg(&desk.downloads);
        command.arg("--on-bt-download-complete").arg(&desk.script);
        if job.role == Role::Seed {
            command.arg("--check-integrity=true");
        }
        for (name, cap) in
            [("--max-overall-download-limit", job.caps.down), ("--max-overall-upload-limit", job.caps.up)]
        {
            if let Some(cap) = cap {
                command.arg(format!("{name}={cap}"));
            }
        }
        match job.server {
            // It reads no servers from a torrent, but takes them beside it.
            Some(server) => command.arg("--torrent-file").arg(&desk.torrent).arg(server.as_str()),
            None => command.arg(&desk.torrent),
        };
        let program = Program::start(&mut command, &desk.log)?;
        Ok(desk.session(program, job.content))
    }
}
