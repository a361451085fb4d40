//! A tunnel in a network of its own, as programs for private networks make it: with a table and a rule, so that the
//! main table shows nothing. Needs root.
#![cfg(target_os = "linux")]

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use muster_surroundings::{Config, Watcher};

const INSIDE: &str = "MUSTER_TEST_INSIDE";
const PATIENCE: Duration = Duration::from_secs(20);

/// A network of its own, gone with this.
struct Namespace(String);

impl Namespace {
    fn new() -> Option<Self> {
        let name = format!("muster-tunnel-{}", std::process::id());
        ip(&["netns", "add", &name]).then_some(Self(name))
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        ip(&["netns", "delete", &self.0]);
    }
}

fn ip(arguments: &[&str]) -> bool {
    let status = Command::new("ip").args(arguments).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[test]
fn a_tunnel_is_noticed_when_it_becomes_the_way_out() {
    if std::env::var_os(INSIDE).is_some() {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(inside());
        return;
    }
    let Some(namespace) = Namespace::new() else {
        println!("skipped: no network of its own can be made (needs root and ip)");
        return;
    };
    let own = std::env::current_exe().expect("this program");
    let test = "tunnel::a_tunnel_is_noticed_when_it_becomes_the_way_out";
    let output = Command::new("ip")
        .args(["netns", "exec", &namespace.0])
        .arg(own)
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

async fn inside() {
    let must = |arguments: &str| {
        assert!(ip(&arguments.split(' ').collect::<Vec<_>>()), "ip {arguments}");
    };
    must("link set lo up");
    let watcher = Watcher::start(&Config {
        system_bus: Some("unix:path=/nonexistent/bus".into()),
        poll: Duration::from_secs(600),
        ..Config::default()
    });
    let mut facts = watcher.facts();
    let mut until = async |what: &str, wanted: Option<bool>| {
        let reached = facts.wait_for(|facts| facts.has_looked && facts.over_vpn == wanted);
        let reached = tokio::time::timeout(PATIENCE, reached).await.is_ok();
        assert!(reached, "{what}: {:?}", watcher.facts().borrow());
    };
    until("no way out", None).await;
    must("link add cable type veth peer name plug");
    must("address add 10.1.0.2/24 dev cable");
    must("link set cable up");
    must("link set plug up");
    must("route add default via 10.1.0.1");
    until("a cable", Some(false)).await;
    must("tuntap add dev hidden mode tun");
    must("address add 10.9.0.2/32 dev hidden");
    must("link set hidden up");
    must("route add default dev hidden table 777");
    until("a tunnel beside", Some(false)).await;
    must("rule add priority 100 table 777");
    until("the tunnel is the way out", Some(true)).await;
    must("link delete hidden");
    until("the cable again", Some(false)).await;
}
