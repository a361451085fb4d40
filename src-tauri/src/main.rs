//! The Muster window: a view of the service and a bridge to it. It opens no database, no cache and no game folder, and
//! closing it ends this process and nothing else.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod adoption;
mod arguments;
mod bridge;
mod delivery;
mod desktop;
mod error;
mod incoming;
mod links;
mod own_game;
mod platform;
mod service;
mod ticket;
mod window;

use std::process::ExitCode;

use tauri::{App, DragDropEvent, Manager, WindowEvent, ipc::Invoke};
use tracing_subscriber::EnvFilter;

use crate::{
    adoption::ChosenFolder, arguments::Arguments, delivery::Delivery, incoming::Chosen, own_game::Draft,
    service::Service,
};

fn main() -> ExitCode {
    let link = match arguments::parse(std::env::args_os().skip(1)) {
        Arguments::Window => None,
        Arguments::Link(link) => Some(link),
        Arguments::Version => return say(&format!("muster-app {}", muster_client::BUILD)),
        Arguments::Help => return say(arguments::USAGE),
        Arguments::Unknown => {
            eprintln!("{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    if let Err(why) = platform::prepare() {
        eprintln!("muster-app: the window cannot be opened: {why}");
        return ExitCode::FAILURE;
    }
    let filter = EnvFilter::try_from_env("MUSTER_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(link) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("muster-app: the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "this is what --version and --help are for")]
fn say(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

fn run(link: Option<String>) -> tauri::Result<()> {
    tauri::Builder::default()
        // First, so that a second start ends before it opens anything.
        .plugin(delivery::single_instance())
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .manage(Service::from_environment())
        .manage(Delivery::default())
        .manage(Draft::default())
        .manage(ChosenFolder::default())
        .manage(Chosen::default())
        .invoke_handler(commands())
        .on_window_event(|window, event| {
            if let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event {
                incoming::dropped(window.app_handle(), paths);
            }
        })
        .setup(move |app| {
            start(app, link)?;
            Ok(())
        })
        .run(tauri::generate_context!())
}

fn start(app: &App, link: Option<String>) -> tauri::Result<()> {
    let handle = app.handle().clone();
    tauri::async_runtime::spawn(async move {
        // The stream tells the page; the log has the reason.
        let _ = handle.state::<Service>().start().await;
    });
    delivery::listen(app.handle());
    if let Some(link) = link {
        delivery::deliver(app.handle(), &link);
    }
    let handle = app.handle().clone();
    window::open(app.handle(), move || handle.state::<Delivery>().page_left())
}

/// The commands. Capabilities decide who may call them; that it is the one window is checked here once more (T-97).
fn commands() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
    let handler: Box<dyn Fn(Invoke<tauri::Wry>) -> bool + Send + Sync> = Box::new(tauri::generate_handler![
        bridge::call,
        service::subscribe,
        service::unsubscribe,
        service::start_service,
        delivery::pending_link,
        window::window_ready,
        desktop::open_external,
        desktop::open_folder,
        own_game::choose_for_game,
        own_game::add_own_game,
        own_game::remove_own_game,
        adoption::choose_adoption,
        adoption::plan_adoption,
        adoption::adopt,
        incoming::choose_file,
        incoming::agree_to_address,
        incoming::look_at,
        incoming::apply_shared,
        incoming::take_pack,
    ]);
    move |invoke| {
        if invoke.message.webview_ref().label() != window::LABEL {
            invoke.resolver.reject("not this window");
            return true;
        }
        handler(invoke)
    }
}
