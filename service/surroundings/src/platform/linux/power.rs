//! Whether the machine runs on battery: what UPower says, else what the kernel shows of the supplies.

use std::path::{Path, PathBuf};

use futures::stream::BoxStream;
use zbus::Connection;

use super::{
    bus::{Object, Question},
    files, netlink,
};
use crate::{Config, board::Board};

const UPOWER: Object<'_> = Object {
    service: "org.freedesktop.UPower",
    path: "/org/freedesktop/UPower",
    interface: "org.freedesktop.UPower",
};

pub(super) struct Power {
    board: Board,
    supplies: PathBuf,
}

impl Power {
    pub fn new(config: &Config, board: &Board) -> Self {
        Self { board: board.clone(), supplies: config.root.join("sys/class/power_supply") }
    }
}

impl Question for Power {
    fn rules(&self) -> &'static [&'static str] {
        &[
            "type='signal',sender='org.freedesktop.UPower',path='/org/freedesktop/UPower',\
             interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'",
            "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.freedesktop.UPower'",
        ]
    }

    fn stirred(&self) -> BoxStream<'static, ()> {
        netlink::devices()
    }

    async fn look(&self, connection: Option<&Connection>) {
        let told = match connection {
            Some(connection) => UPOWER.property::<bool>(connection, "OnBattery").await,
            None => None,
        };
        let on_battery = told.or_else(|| by_supplies(&read(&self.supplies)?));
        self.board.update(|facts| facts.on_battery = on_battery);
    }
}

/// One power supply, as `Documentation/ABI/testing/sysfs-class-power` of the kernel describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Supply {
    kind: String,
    /// `Device` belongs to a mouse or a pad.
    scope: Option<String>,
    is_online: Option<bool>,
    status: Option<String>,
}

fn read(folder: &Path) -> Option<Vec<Supply>> {
    let supply = |path: PathBuf| {
        Some(Supply {
            kind: files::value(&path.join("type"))?,
            scope: files::value(&path.join("scope")),
            is_online: files::value(&path.join("online")).map(|text| text != "0"),
            status: files::value(&path.join("status")),
        })
    };
    Some(files::entries(folder)?.into_iter().filter_map(supply).collect())
}

/// On battery is a machine with a battery of its own that is being used up, and no supply that gives power.
fn by_supplies(supplies: &[Supply]) -> Option<bool> {
    let own = |supply: &&Supply| supply.scope.as_deref() != Some("Device");
    let is_fed = supplies.iter().filter(own).any(|supply| {
        matches!(supply.kind.as_str(), "Mains" | "USB" | "Wireless") && supply.is_online == Some(true)
    });
    let drains = supplies
        .iter()
        .filter(own)
        .any(|supply| supply.kind == "Battery" && supply.status.as_deref() == Some("Discharging"));
    Some(drains && !is_fed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supply(kind: &str, online: Option<bool>, status: Option<&str>) -> Supply {
        Supply { kind: kind.into(), scope: None, is_online: online, status: status.map(str::to_owned) }
    }

    #[test]
    fn only_a_battery_of_the_machine_that_drains_counts() {
        let mouse =
            Supply { scope: Some("Device".into()), ..supply("Battery", Some(true), Some("Discharging")) };
        let full = supply("Battery", None, Some("Full"));
        let draining = supply("Battery", None, Some("Discharging"));
        let (plugged, unplugged) = (supply("Mains", Some(true), None), supply("Mains", Some(false), None));
        for (supplies, expected) in [
            (vec![], false),
            (vec![mouse.clone()], false),
            (vec![full.clone()], false),
            (vec![plugged.clone(), full], false),
            (vec![unplugged.clone(), draining.clone()], true),
            (vec![draining.clone()], true),
            (vec![mouse, unplugged, draining.clone()], true),
            // A laptop that takes more than a weak supply gives, or one of two batteries of which one is kept.
            (vec![plugged, draining.clone()], false),
            (vec![supply("USB", Some(true), None), draining], false),
        ] {
            assert_eq!(by_supplies(&supplies), Some(expected), "{supplies:?}");
        }
    }
}
