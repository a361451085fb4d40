//! The service as the window sees it: where it is, starting it, and its events.

use std::{sync::Mutex, time::Duration};

use muster_api::Event;
use muster_client::{Client, ClientError, Places, Probe, ServiceProgram, connect_or_start, probe};
use serde::Serialize;
use tauri::{State, async_runtime::JoinHandle, ipc::Channel};
use tokio::sync::watch;

use crate::error::{AppError, Refusal};

/// Waits between attempts to reach a service that went away.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What the page's stream carries.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum StreamItem {
    /// An event of the service; after every connect the first one is the snapshot.
    Event { event: Box<Event> },
    /// The connection is gone; it is tried again without being asked.
    Lost { problem: Refusal },
}

/// The one service of this window.
pub struct Service {
    places: Option<Places>,
    /// `false` until the first attempt to start the service ended, however it ended.
    tried: watch::Sender<bool>,
    stream: Mutex<Option<JoinHandle<()>>>,
}

impl Service {
    /// The service of this process's environment; touches nothing yet.
    pub fn from_environment() -> Self {
        Self {
            places: Places::from_environment().ok(),
            tried: watch::Sender::new(false),
            stream: Mutex::new(None),
        }
    }

    /// Where this user's Muster keeps its files.
    pub fn places(&self) -> Result<&Places, AppError> {
        self.places.as_ref().ok_or(AppError::NoPlaces)
    }

    /// A client of the service, whether or not it runs.
    pub fn client(&self) -> Result<Client, AppError> {
        self.places().map(Client::new)
    }

    /// Makes sure that a service of this build answers.
    pub async fn start(&self) -> Result<(), Refusal> {
        let outcome = self.start_now().await;
        self.tried.send_replace(true);
        if let Err(Refusal(problem)) = &outcome {
            tracing::warn!(code = %problem.code, "the service could not be started: {}", problem.title);
        }
        outcome
    }

    async fn start_now(&self) -> Result<(), Refusal> {
        let places = self.places()?;
        // A service that runs needs no program beside this one.
        if let Probe::Ready(_) = probe(&Client::new(places)).await {
            return Ok(());
        }
        let program = ServiceProgram::find(false)?;
        connect_or_start(places, &program).await?;
        Ok(())
    }

    /// Replaces the window's stream; a page that was loaded again leaves no second one behind.
    fn replace_stream(&self, stream: Option<JoinHandle<()>>) {
        let mut current = self.stream.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(old) = std::mem::replace(&mut *current, stream) {
            old.abort();
        }
    }
}

/// Streams snapshot and events into the channel for as long as the window lives.
#[tauri::command]
pub async fn subscribe(service: State<'_, Service>, channel: Channel<StreamItem>) -> Result<(), Refusal> {
    let client = service.client()?;
    let mut tried = service.tried.subscribe();
    let stream = tauri::async_runtime::spawn(async move {
        // While the service is being started for the first time there is nothing to report as lost.
        if tried.wait_for(|tried| *tried).await.is_ok() {
            follow(&client, |item| channel.send(item).is_ok()).await;
        }
    });
    service.replace_stream(Some(stream));
    Ok(())
}

/// Ends the stream.
#[tauri::command]
pub fn unsubscribe(service: State<'_, Service>) {
    service.replace_stream(None);
}

/// Starts the service again after it ended.
#[tauri::command]
pub async fn start_service(service: State<'_, Service>) -> Result<(), Refusal> {
    service.start().await
}

/// Follows the service's events over every reconnect, until `tell` says that nobody listens any more.
async fn follow(client: &Client, mut tell: impl FnMut(StreamItem) -> bool) {
    let mut pause = FIRST_PAUSE;
    loop {
        let (received, error) = one_connection(client, &mut tell).await;
        let Some(error) = error else { return };
        if received > 0 {
            pause = FIRST_PAUSE;
        }
        if !tell(StreamItem::Lost { problem: error.into() }) {
            return;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Events of one connection: how many came, and why it ended (`None`: nobody listens any more).
async fn one_connection(
    client: &Client,
    tell: &mut impl FnMut(StreamItem) -> bool,
) -> (u64, Option<ClientError>) {
    let mut events = match client.events().await {
        Ok(events) => events,
        Err(error) => return (0, Some(error)),
    };
    let mut received = 0;
    loop {
        match events.next().await {
            Ok(Some(event)) => {
                if !tell(StreamItem::Event { event: Box::new(event) }) {
                    return (received, None);
                }
                received += 1;
            }
            Ok(None) => {
                return (
                    received,
                    Some(ClientError::Unreachable(std::io::ErrorKind::ConnectionReset.into())),
                );
            }
            Err(error) => return (received, Some(error)),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use muster_client::Endpoint;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::UnixListener,
    };

    use super::*;

    /// Answers each connection with the next body and closes it.
    async fn serve(listener: UnixListener, bodies: Vec<&'static str>) {
        for body in bodies {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut request = [0; 4096];
            let length = stream.read(&mut request).await.expect("a request");
            assert!(request[..length].starts_with(b"GET /v1/events HTTP/1.1"));
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
            stream.write_all(format!("{head}{body}").as_bytes()).await.expect("a reply");
        }
    }

    #[tokio::test]
    async fn follows_over_a_lost_connection_and_stops_when_nobody_listens() {
        let folder = tempfile::tempdir().expect("a folder");
        let places = Places::below(folder.path());
        let Endpoint::Socket(socket) = places.endpoint() else { panic!("a socket") };
        std::fs::create_dir_all(socket.parent().expect("a folder")).expect("the run folder");
        let listener = UnixListener::bind(&socket).expect("a socket");
        let catalog = r#"data: {"number":0,"change":0,"topic":"catalog","data":{"source":"a"}}"#;
        let first: &'static str = format!("{catalog}\n\n").leak();
        let server = tokio::spawn(serve(listener, vec![first, first]));

        let mut seen = Vec::new();
        follow(&Client::new(&places), |item| {
            seen.push(match item {
                StreamItem::Event { event } => format!("event {}", event.number),
                StreamItem::Lost { problem } => problem.0.code,
            });
            seen.len() < 3
        })
        .await;
        assert_eq!(seen, ["event 0", "service-unreachable", "event 0"]);
        server.abort();
    }

    #[test]
    fn items_have_the_shape_that_the_page_reads() {
        let problem = ClientError::NotFound.into();
        let text = serde_json::to_value(StreamItem::Lost { problem }).expect("JSON");
        assert_eq!(text["type"], "lost");
        assert_eq!(text["problem"]["code"], "service-not-found");
    }
}
