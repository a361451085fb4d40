//! Whether the way to the internet costs by the byte, and whether it is a tunnel.

use std::{collections::HashMap, path::PathBuf};

use futures::{future::join_all, stream::BoxStream};
use zbus::{
    Connection,
    zvariant::{OwnedObjectPath, OwnedValue},
};

use super::{
    bus::{Object, Question},
    netlink, routes,
};
use crate::{Config, board::Board};

const SERVICE: &str = "org.freedesktop.NetworkManager";
const MANAGER: Object<'_> =
    Object { service: SERVICE, path: "/org/freedesktop/NetworkManager", interface: SERVICE };
const ACTIVE: &str = "org.freedesktop.NetworkManager.Connection.Active";
/// A machine has a handful of connections; containers may add some.
const MAX_CONNECTIONS: usize = 64;

pub(super) struct Network {
    board: Board,
    root: PathBuf,
}

impl Network {
    pub fn new(config: &Config, board: &Board) -> Self {
        Self { board: board.clone(), root: config.root.clone() }
    }
}

impl Question for Network {
    fn rules(&self) -> &'static [&'static str] {
        &[
            "type='signal',sender='org.freedesktop.NetworkManager',path='/org/freedesktop/NetworkManager',\
             interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'",
            "type='signal',sender='org.freedesktop.NetworkManager',\
             path_namespace='/org/freedesktop/NetworkManager/ActiveConnection',\
             interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'",
            "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',\
             arg0='org.freedesktop.NetworkManager'",
        ]
    }

    fn stirred(&self) -> BoxStream<'static, ()> {
        netlink::routes()
    }

    async fn look(&self, connection: Option<&Connection>) {
        let (is_metered, told) = match connection {
            Some(connection) => futures::join!(metered(connection), vpn(connection)),
            None => (None, None),
        };
        let seen = routes::through_tunnel(&self.root);
        self.board.update(|facts| {
            facts.is_metered = is_metered;
            facts.over_vpn = either(told, seen);
        });
    }
}

/// One witness is enough.
fn either(told: Option<bool>, seen: Option<bool>) -> Option<bool> {
    match (told, seen) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), _) | (_, Some(false)) => Some(false),
        (None, None) => None,
    }
}

/// The values of `NMMetered`: unknown, yes, no, guessed yes, guessed no.
fn by_metered(value: u32) -> Option<bool> {
    match value {
        1 | 3 => Some(true),
        2 | 4 => Some(false),
        _ => None,
    }
}

async fn metered(connection: &Connection) -> Option<bool> {
    by_metered(MANAGER.property::<u32>(connection, "Metered").await?)
}

async fn vpn(connection: &Connection) -> Option<bool> {
    let active: Vec<OwnedObjectPath> = MANAGER.property(connection, "ActiveConnections").await?;
    let asked = active.iter().take(MAX_CONNECTIONS).map(|path| async move {
        Object { service: SERVICE, path: path.as_str(), interface: ACTIVE }.properties(connection).await
    });
    Some(join_all(asked).await.iter().flatten().any(is_vpn))
}

/// A VPN is one by its type. A tunnel is one only as the way to the internet: virtual machines and private networks
/// beside it have tunnels, too.
fn is_vpn(properties: &HashMap<String, OwnedValue>) -> bool {
    let is = |name: &str| properties.get(name).is_some_and(|value| matches!(bool::try_from(value), Ok(true)));
    let kind = properties.get("Type").and_then(|value| <&str>::try_from(value).ok()).unwrap_or_default();
    match kind {
        "vpn" => true,
        "wireguard" | "tun" | "ip-tunnel" => is("Default") || is("Default6"),
        _ => is("Vpn"),
    }
}

#[cfg(test)]
mod tests {
    use zbus::zvariant::Value;

    use super::*;

    fn active(kind: &str, default: bool, vpn: bool) -> HashMap<String, OwnedValue> {
        let values = [("Type", Value::from(kind)), ("Default", default.into()), ("Vpn", vpn.into())];
        let owned = |(name, value): (&str, Value<'_>)| (name.to_owned(), value.try_to_owned().unwrap());
        values.into_iter().map(owned).collect()
    }

    #[test]
    fn a_tunnel_beside_the_way_to_the_internet_is_no_vpn() {
        for (properties, expected) in [
            (active("802-3-ethernet", true, false), false),
            (active("vpn", false, true), true),
            (active("wireguard", true, false), true),
            (active("wireguard", false, false), false),
            (active("tun", false, false), false),
            (active("something-new", false, true), true),
            (HashMap::new(), false),
            (HashMap::from([("Type".to_owned(), OwnedValue::from(7_u32))]), false),
        ] {
            assert_eq!(is_vpn(&properties), expected, "{properties:?}");
        }
    }

    #[test]
    fn what_the_system_does_not_know_stays_unknown() {
        assert_eq!(
            [0, 1, 2, 3, 4, 5, 99].map(by_metered),
            [None, Some(true), Some(false), Some(true), Some(false), None, None]
        );
        assert_eq!(either(None, None), None);
        assert_eq!(either(Some(false), None), Some(false));
        assert_eq!(either(Some(false), Some(true)), Some(true));
    }
}
