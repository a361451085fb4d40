//! A message bus of our own with services that say what a test wants.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "test files are written plainly")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    os::unix::net::UnixListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use muster_surroundings::{Config, Surroundings, Watcher};
use tempfile::TempDir;
use zbus::{
    Connection, connection::Builder, interface, object_server::SignalEmitter, zvariant::OwnedObjectPath,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// A bus daemon that lets anybody own any name.
struct Bus {
    folder: TempDir,
    daemon: Child,
}

impl Bus {
    /// `None`, with the reason printed, where there is no such program.
    fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let daemon = daemon(folder.path())?;
        Some(Self { folder, daemon })
    }

    fn address(&self) -> String {
        address(self.folder.path())
    }

    fn end(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
        let _ = fs::remove_file(self.folder.path().join("bus"));
    }

    fn restart(&mut self) {
        self.daemon = daemon(self.folder.path()).unwrap();
    }

    async fn connect(&self) -> Builder<'static> {
        Builder::address(self.address().as_str()).unwrap()
    }

    /// A machine without supplies and devices whose services are on this bus.
    fn config(&self) -> Config {
        Config {
            system_bus: Some(self.address()),
            root: self.folder.path().join("root"),
            // Whatever happens within a test's patience was told by somebody.
            poll: Duration::from_secs(600),
            ..Config::default()
        }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.end();
    }
}

fn address(folder: &Path) -> String {
    format!("unix:path={}", folder.join("bus").display())
}

fn daemon(folder: &Path) -> Option<Child> {
    let policy = "<allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/>";
    let config = format!(
        "<!DOCTYPE busconfig PUBLIC '-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN' \
         'http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd'><busconfig><type>session</type>\
         <listen>{}</listen><policy context='default'>{policy}</policy></busconfig>",
        address(folder)
    );
    let path = folder.join("bus.conf");
    fs::File::create(&path).unwrap().write_all(config.as_bytes()).unwrap();
    let started = Command::new("dbus-daemon")
        .arg(format!("--config-file={}", path.display()))
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
    BufReader::new(daemon.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    assert!(!said.trim().is_empty(), "the bus does not start");
    Some(daemon)
}

struct Power {
    on_battery: bool,
}

#[interface(name = "org.freedesktop.UPower")]
impl Power {
    #[zbus(property)]
    fn on_battery(&self) -> bool {
        self.on_battery
    }
}

const POWER: &str = "/org/freedesktop/UPower";

async fn power(bus: &Bus, on_battery: bool) -> Connection {
    let builder = bus.connect().await.name("org.freedesktop.UPower").unwrap();
    builder.serve_at(POWER, Power { on_battery }).unwrap().build().await.unwrap()
}

async fn set_battery(service: &Connection, on_battery: bool) {
    let object = service.object_server().interface::<_, Power>(POWER).await.unwrap();
    object.get_mut().await.on_battery = on_battery;
    object.get().await.on_battery_changed(object.signal_emitter()).await.unwrap();
}

struct Network {
    metered: u32,
    active: Vec<OwnedObjectPath>,
}

#[interface(name = "org.freedesktop.NetworkManager")]
impl Network {
    #[zbus(property)]
    fn metered(&self) -> u32 {
        self.metered
    }

    #[zbus(property)]
    fn active_connections(&self) -> Vec<OwnedObjectPath> {
        self.active.clone()
    }
}

struct Active {
    kind: String,
    is_default: bool,
}

#[interface(name = "org.freedesktop.NetworkManager.Connection.Active")]
impl Active {
    #[zbus(property, name = "Type")]
    fn kind(&self) -> String {
        self.kind.clone()
    }

    #[zbus(property, name = "Default")]
    fn is_default(&self) -> bool {
        self.is_default
    }
}

const NETWORK: &str = "/org/freedesktop/NetworkManager";

async fn network(bus: &Bus) -> Connection {
    let builder = bus.connect().await.name("org.freedesktop.NetworkManager").unwrap();
    let network = Network { metered: 0, active: Vec::new() };
    builder.serve_at(NETWORK, network).unwrap().build().await.unwrap()
}

async fn set_metered(service: &Connection, metered: u32) {
    let object = service.object_server().interface::<_, Network>(NETWORK).await.unwrap();
    object.get_mut().await.metered = metered;
    object.get().await.metered_changed(object.signal_emitter()).await.unwrap();
}

async fn add_connection(service: &Connection, number: u32, kind: &str, is_default: bool) {
    let path = format!("{NETWORK}/ActiveConnection/{number}");
    let active = Active { kind: kind.into(), is_default };
    service.object_server().at(path.as_str(), active).await.unwrap();
    let object = service.object_server().interface::<_, Network>(NETWORK).await.unwrap();
    object.get_mut().await.active.push(path.try_into().unwrap());
    object.get().await.active_connections_changed(object.signal_emitter()).await.unwrap();
}

async fn set_default(service: &Connection, number: u32, is_default: bool) {
    let path = format!("{NETWORK}/ActiveConnection/{number}");
    let object = service.object_server().interface::<_, Active>(path.as_str()).await.unwrap();
    object.get_mut().await.is_default = is_default;
    object.get().await.default_changed(object.signal_emitter()).await.unwrap();
}

struct Login {
    idle: bool,
}

#[interface(name = "org.freedesktop.login1.Manager")]
impl Login {
    #[zbus(property)]
    fn idle_hint(&self) -> bool {
        self.idle
    }

    #[zbus(property)]
    fn preparing_for_sleep(&self) -> bool {
        false
    }

    #[zbus(signal)]
    async fn prepare_for_sleep(emitter: &SignalEmitter<'_>, start: bool) -> zbus::Result<()>;
}

/// The facts once they are as wanted.
async fn until(watcher: &Watcher, what: &str, wanted: impl Fn(&Surroundings) -> bool) -> Surroundings {
    let mut facts = watcher.facts();
    let reached =
        tokio::time::timeout(PATIENCE, facts.wait_for(|facts| facts.has_looked && wanted(facts))).await;
    match reached {
        Ok(facts) => *facts.expect("the watcher lives"),
        Err(_) => panic!("{what}: {:?}", watcher.facts().borrow()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn battery_is_what_upower_says() {
    let Some(bus) = Bus::start() else { return };
    let service = power(&bus, true).await;
    let watcher = Watcher::start(&bus.config());
    until(&watcher, "on battery", |facts| facts.on_battery == Some(true)).await;
    for on_battery in [false, true, false] {
        set_battery(&service, on_battery).await;
        until(&watcher, "a change", |facts| facts.on_battery == Some(on_battery)).await;
    }
    watcher.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn network_manager_tells_of_metered_links_and_tunnels() {
    let Some(bus) = Bus::start() else { return };
    let service = network(&bus).await;
    let watcher = Watcher::start(&bus.config());
    let first = until(&watcher, "the first look", |facts| facts.over_vpn == Some(false)).await;
    assert_eq!(first.is_metered, None, "it does not know");
    for (value, expected) in [(1, Some(true)), (4, Some(false)), (3, Some(true)), (0, None)] {
        set_metered(&service, value).await;
        until(&watcher, "metered", |facts| facts.is_metered == expected).await;
    }
    add_connection(&service, 1, "802-3-ethernet", true).await;
    add_connection(&service, 2, "wireguard", false).await;
    set_metered(&service, 2).await;
    let beside = until(&watcher, "not metered", |facts| facts.is_metered == Some(false)).await;
    assert_eq!(beside.over_vpn, Some(false), "a tunnel beside the way out");
    set_default(&service, 2, true).await;
    until(&watcher, "the tunnel is the way out", |facts| facts.over_vpn == Some(true)).await;
    set_default(&service, 2, false).await;
    until(&watcher, "no longer", |facts| facts.over_vpn == Some(false)).await;
    add_connection(&service, 3, "vpn", false).await;
    until(&watcher, "a VPN", |facts| facts.over_vpn == Some(true)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logind_tells_who_is_there_and_of_sleep() {
    let Some(bus) = Bus::start() else { return };
    let path = "/org/freedesktop/login1";
    let builder = bus.connect().await.name("org.freedesktop.login1").unwrap();
    let service = builder.serve_at(path, Login { idle: false }).unwrap().build().await.unwrap();
    let watcher = Watcher::start(&bus.config());
    until(&watcher, "somebody there", |facts| {
        (facts.is_away, facts.is_sleeping) == (Some(false), Some(false))
    })
    .await;
    let object = service.object_server().interface::<_, Login>(path).await.unwrap();
    // The watcher may still be subscribing: a signal is repeated until it is heard, as a state is.
    let mut facts = watcher.facts();
    for is_sleeping in [true, false] {
        let deadline = Instant::now() + PATIENCE;
        while facts.borrow_and_update().is_sleeping != Some(is_sleeping) {
            assert!(Instant::now() < deadline, "sleep is not heard of");
            Login::prepare_for_sleep(object.signal_emitter(), is_sleeping).await.unwrap();
            let _ = tokio::time::timeout(Duration::from_millis(200), facts.changed()).await;
        }
    }
    object.get_mut().await.idle = true;
    object.get().await.idle_hint_changed(object.signal_emitter()).await.unwrap();
    until(&watcher, "away", |facts| facts.is_away == Some(true)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn services_come_and_go() {
    let Some(bus) = Bus::start() else { return };
    let watcher = Watcher::start(&bus.config());
    let alone = until(&watcher, "a look", |_| true).await;
    assert_eq!(
        (alone.on_battery, alone.is_metered, alone.is_away, alone.is_sleeping),
        (None, None, None, None)
    );
    let service = power(&bus, true).await;
    until(&watcher, "the service", |facts| facts.on_battery == Some(true)).await;
    service.close().await.unwrap();
    until(&watcher, "its end", |facts| facts.on_battery.is_none()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bus_comes_and_goes() {
    let Some(mut bus) = Bus::start() else { return };
    let service = power(&bus, true).await;
    let watcher = Watcher::start(&Config { poll: Duration::from_millis(200), ..bus.config() });
    until(&watcher, "on battery", |facts| facts.on_battery == Some(true)).await;
    bus.end();
    drop(service);
    until(&watcher, "no bus", |facts| facts.on_battery.is_none()).await;
    bus.restart();
    let _service = power(&bus, false).await;
    until(&watcher, "the new bus", |facts| facts.on_battery == Some(false)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_does_not_answer_holds_up_nobody() {
    let Some(bus) = Bus::start() else { return };
    // Without objects nobody takes the calls.
    let silent = bus.connect().await.name("org.freedesktop.NetworkManager").unwrap();
    let _silent = silent.build().await.unwrap();
    let service = power(&bus, true).await;
    let watcher = Watcher::start(&bus.config());
    let mut facts = watcher.facts();
    let heard = facts.wait_for(|facts| facts.on_battery == Some(true));
    assert!(tokio::time::timeout(PATIENCE, heard).await.is_ok());
    set_battery(&service, false).await;
    let known = until(&watcher, "everybody was asked", |facts| facts.on_battery == Some(false)).await;
    assert_eq!(known.is_metered, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bus_that_does_not_answer_is_no_bus() {
    let folder = tempfile::tempdir().unwrap();
    // Connections wait in the queue for ever.
    let _listener = UnixListener::bind(folder.path().join("bus")).unwrap();
    for address in [address(folder.path()), "unix:path=/nonexistent/bus".into(), "nonsense".into()] {
        let config = Config {
            system_bus: Some(address),
            root: folder.path().to_owned(),
            patience: Duration::from_millis(300),
            volume: Some(folder.path().to_owned()),
            ..Config::default()
        };
        let watcher = Watcher::start(&config);
        let facts = until(&watcher, "a look", |facts| facts.free_bytes.is_some()).await;
        assert_eq!((facts.on_battery, facts.is_metered, facts.is_away), (None, None, None));
        tokio::time::timeout(PATIENCE, watcher.close()).await.expect("it ends");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_upower_the_kernel_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let supply = |name: &str, values: &[(&str, &str)]| {
        let supply = folder.path().join("sys/class/power_supply").join(name);
        fs::create_dir_all(&supply).unwrap();
        values.iter().for_each(|(value, text)| fs::write(supply.join(value), text).unwrap());
    };
    supply("BAT0", &[("type", "Battery\n"), ("status", "Discharging\n")]);
    supply("AC", &[("type", "Mains\n"), ("online", "0\n")]);
    let config = Config {
        system_bus: Some("unix:path=/nonexistent/bus".into()),
        root: folder.path().to_owned(),
        poll: Duration::from_millis(50),
        ..Config::default()
    };
    let watcher = Watcher::start(&config);
    until(&watcher, "on battery", |facts| facts.on_battery == Some(true)).await;
    supply("AC", &[("online", "1\n")]);
    until(&watcher, "plugged in", |facts| facts.on_battery == Some(false)).await;
}
