//! transmission-daemon, with its own defaults but for discovery.

use anyhow::Result;
use serde_json::json;

use super::{Client, Desk, Job, Over, PORT, Session, version_of};
use crate::process::Program;

#[derive(Debug)]
pub struct Transmission;

impl Client for Transmission {
    fn name(&self) -> &'static str {
        "transmission"
    }

    fn version(&self) -> Option<String> {
        version_of("transmission-daemon")
    }

    fn start(&self, job: &Job<'_>) -> Result<Session> {
        let desk = Desk::prepare(job)?;
        let (home, watched) = (job.place.join("home"), job.place.join("watched"));
        std::fs::create_dir_all(&home)?;
        std::fs::create_dir_all(&watched)?;
        // It counts in thousands of bytes.
        let kilo = |cap: Option<u64>| cap.unwrap_or_default() / 1_000;
        let settings = json!({
            "dht-enabled": false,
            "lpd-enabled": false,
            "port-forwarding-enabled": false,
            "rpc-enabled": false,
            "utp-enabled": job.over == Over::Anything,
            "peer-port": PORT,
            "download-dir": desk.downloads,
            "watch-dir": watched,
            "watch-dir-enabled": true,
            "script-torrent-done-enabled": true,
            "script-torrent-done-filename": desk.script,
            "speed-limit-down-enabled": job.caps.down.is_some(),
            "speed-limit-down": kilo(job.caps.down),
            "speed-limit-up-enabled": job.caps.up.is_some(),
            "speed-limit-up": kilo(job.caps.up),
        });
        muster_fsx::write_atomic(&home.join("settings.json"), settings.to_string().as_bytes())?;
        muster_fsx::write_atomic(
            &watched.join("it.torrent"),
            &job.content.torrent_with(&job.tracker.url()?, job.server),
        )?;
        let mut command = job.host.space.command("transmission-daemon");
        command.args(["--foreground", "--log-error"]).arg("--config-dir").arg(&home);
        let program = Program::start(&mut command, &desk.log)?;
        Ok(desk.session(program, job.content))
    }
}
