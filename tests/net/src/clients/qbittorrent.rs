//! qbittorrent-nox (libtorrent), with its own defaults but for discovery.

use std::fmt::Write;

use anyhow::Result;

use super::{Client, Desk, Job, Over, PORT, Role, Session, version_of};
use crate::process::Program;

#[derive(Debug)]
pub struct Qbittorrent;

impl Client for Qbittorrent {
    fn name(&self) -> &'static str {
        "qbittorrent"
    }

    fn version(&self) -> Option<String> {
        version_of("qbittorrent-nox")
    }

    fn start(&self, job: &Job<'_>) -> Result<Session> {
        let desk = Desk::prepare(job)?;
        let home = job.place.join("qBittorrent").join("config");
        std::fs::create_dir_all(&home)?;
        let mut settings = format!(
            "[AutoRun]\nenabled=true\nprogram={}\n\n[LegalNotice]\nAccepted=true\n\n[Network]\n\
             PortForwardingEnabled=false\n\n[BitTorrent]\nSession\\DHTEnabled=false\nSession\\LSDEnabled=false\n\
             Session\\Port={PORT}\nSession\\DefaultSavePath={}\n",
            desk.script.display(),
            desk.downloads.display(),
        );
        if job.over == Over::Tcp {
            settings.push_str("Session\\BTProtocol=TCP\n");
        }
        for (name, cap) in [("GlobalDLSpeedLimit", job.caps.down), ("GlobalUPSpeedLimit", job.caps.up)] {
            if let Some(cap) = cap {
                // It counts in units of 1,024 bytes.
                writeln!(settings, "Session\\{name}={}", cap / 1_024)?;
            }
        }
        muster_fsx::write_atomic(&home.join("qBittorrent.conf"), settings.as_bytes())?;
        let mut command = job.host.space.command("qbittorrent-nox");
        command.arg(format!("--profile={}", job.place.display()));
        command.arg(format!("--save-path={}", desk.downloads.display()));
        if job.role == Role::Seed {
            command.arg("--skip-hash-check");
        }
        let program = Program::start(command.arg(&desk.torrent), &desk.log)?;
        Ok(desk.session(program, job.content))
    }
}
