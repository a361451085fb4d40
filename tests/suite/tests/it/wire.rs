//! S14: what leaves a player's machine, seen on its wire, with the real service in a network of its own. Needs root; says
//! so and passes elsewhere.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use muster_api::{OperationId, Phase, Status};
use muster_client::Request;
use muster_net_lab::{
    Access, Capture, Host, Lab, Realm,
    capture::{Depth, Tally},
};
use muster_suite::{Mod, Registry, Server, World, wait_for};

const TIDE: &str = "tester/tide";
const SIZE: usize = 3_000_000;
const PORT: u16 = 6_881;
/// In which somebody asks for everything and nothing may leave.
const QUIET: Duration = Duration::from_secs(4);
const SECOND: Duration = Duration::from_secs(1);

fn status(world: &World) -> Status {
    world.ask(Request::new(OperationId::Status))
}

/// A player with an archive who has said yes to sharing, and one who wants it and knows where it is.
struct Pair {
    giver: (World, Host),
    taker: (World, Host),
    /// Gives the taker everything but archives.
    _server: Server,
    job: String,
    _registry: (Registry, tempfile::TempDir),
    _lab: Lab,
}

impl Pair {
    /// `with` changes the machine of the giver before its service starts there.
    fn new(with: impl FnOnce(&World, &mut Command) + Send) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let tide = Mod::new(TIDE, "1.0.0").noise("sounds/sea.ogg", SIZE);
        let registry = Registry::with(folder.path(), &[tide]);
        let lab = Lab::new(Realm::Internet).expect("a lab");
        let host = |label| lab.host(label, Access::mbit(20, 100)).expect("a host");
        let (home, other) = (host("giver"), host("taker"));
        let (mut giver, mut taker) = (World::new(), World::new());
        home.space
            .enter(|| {
                let mut command = giver.command(&muster_suite::service());
                with(&giver, &mut command);
                let changed: Vec<_> =
                    command.get_envs().filter_map(|(k, v)| Some((k.to_owned(), v?.to_owned()))).collect();
                giver.start_with(|command| {
                    command.envs(changed);
                });
            })
            .expect("inside");
        let listen = format!("listen={}", home.at(PORT));
        let yes = ["settings", "sharing=everybody", &listen];
        let alone = ["find-nearby=false", "find-public=false", "open-port=false"];
        giver.muster_ok(&[&yes[..], &alone].concat());
        giver.add_registry(&registry, None);
        giver.muster_ok(&["install", TIDE, "--yes"]);

        let server = other
            .space
            .enter(|| {
                taker.start();
                Server::start(&registry.path())
            })
            .expect("inside");
        taker.add_registry(&registry, Some(server.address()));
        server.refuse("*.muster");
        let job = taker.change(&taker.to_install(&[TIDE]));
        wait_for("the queue", || {
            let queue = taker.muster_json(&["queue"]);
            queue["transfers"].as_array().is_some_and(|list| !list.is_empty()).then_some(())
        });
        let (giver, taker) = ((giver, home), (taker, other));
        Self { giver, taker, _server: server, job, _registry: (registry, folder), _lab: lab }
    }

    fn name_the_giver(&self) {
        let address = self.giver.1.at(PORT).to_string();
        self.taker.0.muster_ok(&["queue", "peers", TIDE, &address]);
    }

    /// What the giver sends while it is asked for everything.
    fn sent(&self, capture: &Capture) -> Tally {
        self.name_the_giver();
        std::thread::sleep(QUIET);
        capture.so_far().from(self.giver.1.address)
    }

    /// Nothing leaves for this reason; when the player allows it, everything does, which shows that the test could see it.
    fn nothing_leaves_until(&self, reason: &str, allow: &[&str]) {
        let giver = &self.giver.0;
        wait_for(reason, || status(giver).reasons.iter().any(|held| held.code == reason).then_some(()));
        let capture = Capture::start(&self.giver.1, Depth::Headers).expect("a capture");
        assert_eq!(self.sent(&capture).payload(), 0, "held by {reason}");
        giver.muster_ok(allow);
        wait_for("an address for peers", || status(giver).peer_address);
        self.name_the_giver();
        assert_eq!(self.taker.0.wait_job(&self.job).phase, Phase::Done);
        assert!(capture.so_far().from(self.giver.1.address).payload() >= SIZE as u64);
    }
}

macro_rules! needs_lab {
    () => {
        if let Some(reason) = muster_net_lab::unavailable() {
            println!("{reason}");
            return;
        }
    };
}

#[test]
fn on_battery_no_byte_leaves() {
    needs_lab!();
    let pair = Pair::new(|world, _| {
        let folder = world.machine().join("sys/class/power_supply/BAT0");
        std::fs::create_dir_all(&folder).expect("a folder");
        for (name, value) in [("type", "Battery"), ("status", "Discharging")] {
            std::fs::write(folder.join(name), value).expect("written");
        }
    });
    pair.nothing_leaves_until("sharing-battery", &["limits", "set", "--battery", "allow"]);
}

#[test]
fn on_a_metered_link_no_byte_leaves() {
    needs_lab!();
    let folder = tempfile::tempdir().expect("a folder");
    let Some(bus) = Bus::start(folder.path()) else { return };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let _manager = runtime.block_on(network_manager(&bus.address));
    let pair = Pair::new(|_, command| {
        command.env("DBUS_SYSTEM_BUS_ADDRESS", &bus.address);
    });
    pair.nothing_leaves_until("sharing-metered", &["limits", "set", "--metered", "allow"]);
}

#[test]
fn a_second_after_a_pause_no_byte_leaves() {
    needs_lab!();
    let pair = Pair::new(|_, _| {});
    let (giver, home) = &pair.giver;
    // Slow enough to be interrupted; these addresses are not exempt.
    giver.muster_ok(&["settings", "upload-limit=200000"]);
    wait_for("an address for peers", || status(giver).peer_address);
    let capture = Capture::start(home, Depth::Headers).expect("a capture");
    pair.name_the_giver();
    wait_for("the flow", || (capture.so_far().from(home.address).payload() > 300_000).then_some(()));
    giver.muster_ok(&["queue", "pause"]);
    let paused = muster_net_lab::capture::now();
    std::thread::sleep(QUIET);
    assert_eq!(capture.so_far().from(home.address).after(paused + SECOND).payload(), 0);
    assert!(!pair.taker.0.job(&pair.job).phase.is_end(), "it was interrupted");
    giver.muster_ok(&["queue", "resume"]);
    giver.muster_ok(&["settings", "upload-limit=50000000"]);
    wait_for("an address for peers", || status(giver).peer_address);
    pair.name_the_giver();
    assert_eq!(pair.taker.0.wait_job(&pair.job).phase, Phase::Done);
}

/// A message bus on which anybody may own any name.
struct Bus {
    address: String,
    daemon: Child,
}

impl Bus {
    fn start(folder: &Path) -> Option<Self> {
        let address = format!("unix:path={}", folder.join("bus").display());
        let config = folder.join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>{address}</listen><policy context='default'>\
             <allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>"
        );
        std::fs::write(&config, text).expect("written");
        let started = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile", "--nosyslog", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut daemon) = started else {
            println!("skipped: dbus-daemon is not installed");
            return None;
        };
        // It prints the address when it listens there; the socket's file is there a moment before.
        let mut said = String::new();
        let output = daemon.stdout.as_mut().expect("a pipe");
        BufReader::new(output).read_line(&mut said).expect("a line");
        assert!(!said.trim().is_empty(), "the bus does not start");
        Some(Self { address, daemon })
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// Says that the link is metered.
struct NetworkManager;

#[zbus::interface(name = "org.freedesktop.NetworkManager")]
impl NetworkManager {
    /// NM_METERED_YES
    #[zbus(property)]
    fn metered(&self) -> u32 {
        1
    }

    #[zbus(property)]
    fn active_connections(&self) -> Vec<zbus::zvariant::OwnedObjectPath> {
        Vec::new()
    }
}

async fn network_manager(address: &str) -> zbus::Connection {
    let builder = zbus::connection::Builder::address(address).expect("an address");
    let builder = builder.name("org.freedesktop.NetworkManager").expect("a name");
    let served = builder.serve_at("/org/freedesktop/NetworkManager", NetworkManager).expect("a place");
    served.build().await.expect("on the bus")
}
