//! The way through a router, which is a program on this machine.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use tokio::net::TcpListener;

use super::*;

const SERVICE: &str = "urn:schemas-upnp-org:service:WANIPConnection:1";

/// What a router was asked to do: the action and the port outside.
#[derive(Clone, Default)]
struct Asked {
    actions: Arc<Mutex<Vec<(String, u16)>>>,
    /// A port that somebody else has.
    taken: Option<u16>,
}

impl Asked {
    fn all(&self) -> Vec<(String, u16)> {
        self.actions.lock().expect("not poisoned").clone()
    }

    async fn wait_for(&self, action: &str) -> u16 {
        let asked = async {
            loop {
                if let Some((_, port)) = self.all().iter().rev().find(|(name, _)| name == action) {
                    return *port;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(SOON, asked).await.unwrap_or_else(|_| panic!("no {action}: {:?}", self.all()))
    }
}

async fn control(State(asked): State<Asked>, headers: HeaderMap, body: String) -> (StatusCode, String) {
    let action = headers.get("soapaction").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let action = action.trim_matches('"').rsplit('#').next().unwrap_or_default().to_owned();
    let port = body.split("<NewExternalPort>").nth(1).and_then(|rest| rest.split('<').next());
    let port: u16 = port.and_then(|port| port.parse().ok()).unwrap_or_default();
    assert!(action != "AddPortMapping" || body.contains(">Muster<"), "{body}");
    if action == "AddPortMapping" && asked.taken == Some(port) {
        let fault = "<s:Fault><detail><UPnPError><errorCode>718</errorCode><errorDescription>\
                     ConflictInMappingEntry</errorDescription></UPnPError></detail></s:Fault>";
        return (StatusCode::INTERNAL_SERVER_ERROR, envelope(fault));
    }
    asked.actions.lock().expect("not poisoned").push((action.clone(), port));
    (StatusCode::OK, envelope(&format!("<u:{action}Response xmlns:u=\"{SERVICE}\"></u:{action}Response>")))
}

fn envelope(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{inside}\
         </s:Body></s:Envelope>"
    )
}

fn description() -> String {
    format!(
        "<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><serviceList><service>\
         <serviceType>{SERVICE}</serviceType><SCPDURL>/scpd.xml</SCPDURL><controlURL>/control</controlURL>\
         </service></serviceList></device></root>"
    )
}

fn schema() -> String {
    let argument = |name: &str| format!("<argument><name>{name}</name><direction>in</direction></argument>");
    let action = |name: &str, arguments: &[&str]| {
        let arguments: String = arguments.iter().map(|name| argument(name)).collect();
        format!("<action><name>{name}</name><argumentList>{arguments}</argumentList></action>")
    };
    let key = ["NewRemoteHost", "NewExternalPort", "NewProtocol"];
    let whole = [
        "NewRemoteHost",
        "NewExternalPort",
        "NewProtocol",
        "NewInternalPort",
        "NewInternalClient",
        "NewEnabled",
        "NewPortMappingDescription",
        "NewLeaseDuration",
    ];
    let actions = action("AddPortMapping", &whole) + &action("DeletePortMapping", &key);
    format!(
        "<?xml version=\"1.0\"?><scpd xmlns=\"urn:schemas-upnp-org:service-1-0\"><actionList>{actions}</actionList></scpd>"
    )
}

/// A router; returns where it is searched for, and what it is asked.
async fn router(taken: Option<u16>) -> (SocketAddr, Asked) {
    let asked = Asked { taken, ..Asked::default() };
    let routes = Router::new()
        .route("/root.xml", get(|| async { description() }))
        .route("/scpd.xml", get(|| async { schema() }))
        .route("/control", post(control))
        .with_state(asked.clone());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a listener");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move { axum::serve(listener, routes).await.expect("serving") });
    let ear = Ear::new().await;
    let search = ear.address();
    tokio::spawn(async move {
        let mut buffer = [0; 2_000];
        while let Ok((_, from)) = ear.0.recv_from(&mut buffer).await {
            let here =
                format!("HTTP/1.1 200 OK\r\nST: {SERVICE}\r\nLOCATION: http://{address}/root.xml\r\n\r\n");
            let _ = ear.0.send_to(here.as_bytes(), from).await;
        }
    });
    (search, asked)
}

fn behind(search: SocketAddr) -> DiscoveryConfig {
    DiscoveryConfig { port_mapping: MappingConfig { search, on_this_machine: true }, ..config() }
}

fn ways(port: Option<u16>) -> Ways {
    Ways { port_mapping: true, port, ..Ways::default() }
}

#[tokio::test]
async fn the_way_is_open_while_others_should_reach_us() {
    let (search, asked) = router(None).await;
    let offer = interest(Role::Offer, Scope::Everybody);
    let peer = Peer::interested(behind(search), ways(Some(9_201)), hash(31), offer.clone());
    assert_eq!(asked.wait_for("AddPortMapping").await, 9_201);
    peer.discovery.set_ways(ways(None));
    assert_eq!(asked.wait_for("DeletePortMapping").await, 9_201);

    peer.discovery.set_ways(ways(Some(9_202)));
    while asked.wait_for("AddPortMapping").await != 9_202 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    peer.discovery.end().await;
    assert_eq!(asked.all().last(), Some(&("DeletePortMapping".to_owned(), 9_202)));
}

#[tokio::test]
async fn no_way_is_opened_for_neighbours_or_seekers() {
    let router = Ear::new().await;
    let peer = Peer::interested(
        behind(router.address()),
        ways(Some(9_203)),
        hash(32),
        interest(Role::Both, Scope::Nearby),
    );
    peer.discovery.set_interests(BTreeMap::from([
        (hash(32), interest(Role::Both, Scope::Nearby)),
        (hash(33), interest(Role::Seek, Scope::Everybody)),
    ]));
    router.hears_nothing().await;
}

#[tokio::test]
async fn another_port_outside_is_what_others_are_told() {
    let (search, asked) = router(Some(9_204)).await;
    let tracker = Ear::new().await;
    let url = Url::parse(&format!("udp://{}", tracker.address())).expect("valid");
    let trackers = vec![Tracker { url, reach: Reach::Host }];
    let offer = Interest { trackers, ..interest(Role::Offer, Scope::Everybody) };
    let ways = Ways { trackers: true, ..ways(Some(9_204)) };
    let peer = Peer::interested(behind(search), ways, hash(34), offer);
    let outside = asked.wait_for("AddPortMapping").await;
    assert_ne!(outside, 9_204);
    let told = async {
        let mut buffer = [0; 200];
        loop {
            let (length, from) = tracker.0.recv_from(&mut buffer).await.expect("a datagram");
            if length == 98 {
                return u16::from_be_bytes([buffer[96], buffer[97]]);
            }
            let answer = [&buffer[8..16], b"session!"].concat();
            tracker.0.send_to(&answer, from).await.expect("sent");
        }
    };
    assert_eq!(timeout(SOON, told).await.expect("an announcement"), outside);
    peer.discovery.end().await;
    assert_eq!(asked.all().last(), Some(&("DeletePortMapping".to_owned(), outside)));
}
