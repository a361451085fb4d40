//! What every command has: the service, the language, the way of printing.

use muster_api::Reason;
use muster_client::{Client, Places, ServiceProgram, connect_or_start};
use muster_messages::Messages;

use crate::{arguments::Arguments, failure::Failure};

/// Shared by the commands of one run.
pub struct Context {
    pub places: Places,
    pub words: Messages,
    pub json: bool,
    pub quiet: bool,
}

/// Messages in the language of the environment.
pub fn words() -> Messages {
    Messages::from_environment(&|name| std::env::var(name).ok())
}

impl Context {
    pub fn new(arguments: &Arguments) -> Result<Self, Failure> {
        let places =
            Places::from_environment().map_err(|error| Failure::new(1, "cli-no-home", error.to_string()))?;
        Ok(Self { places, words: words(), json: arguments.json, quiet: arguments.quiet })
    }

    /// A client of a service that runs, started where needed.
    pub async fn service(&self) -> Result<Client, Failure> {
        Ok(connect_or_start(&self.places, &ServiceProgram::find(is_headless())?).await?)
    }

    /// Prints a line of explanation, where people read.
    pub fn note(&self, text: impl std::fmt::Display) {
        if !self.quiet && !self.json {
            eprintln!("{text}");
        }
    }
}

impl Context {
    /// The sentence of a reason, with the sentence of the failure behind it where there is one.
    pub fn reason(&self, reason: &Reason) -> String {
        let values: Vec<(&str, String)> =
            reason.context.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        let id = format!("reason-{}", reason.code);
        // What keeps sharing from listening is told by the code of the error.
        let text = match self.words.has(&id) {
            true => self.words.text(&id, &values),
            false => self.words.error_text(&reason.code, &reason.context, &reason.code),
        };
        match reason.context.get("failure") {
            Some(failure) => format!("{text} ({})", self.words.error_text(failure, &reason.context, failure)),
            None => text,
        }
    }
}

/// Whether a service that is started from here has no desktop to show its icon on: a server, a session over SSH, a script.
fn is_headless() -> bool {
    let is_unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
    cfg!(all(unix, not(target_os = "macos"))) && is_unset("DISPLAY") && is_unset("WAYLAND_DISPLAY")
}
