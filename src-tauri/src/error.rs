//! Why the window refuses something before, or instead of, asking the service.

use muster_api::Problem;
use muster_client::ClientError;
use muster_domain::Coded;
use serde::Serialize;

/// A refusal or failure of the window's own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// The page asked for an operation that is not the window's.
    #[error("the window may not ask for {0:?}")]
    NotAllowed(String),
    /// A request beyond what any honest page sends.
    #[error("the request is too large")]
    TooLarge,
    /// Only plain `https` addresses leave the program.
    #[error("the address is refused: {0}")]
    Address(AddressRefusal),
    /// A folder that the service named is not there.
    #[error("the folder is not there: {0}")]
    FolderMissing(String),
    /// The desktop did not open it.
    #[error("the desktop could not open it: {0}")]
    Open(String),
    /// Program or folder of a game that is being added are not chosen.
    #[error("program and folder are not chosen")]
    NotChosen,
    /// Nothing was chosen, dropped, agreed to or pasted.
    #[error("nothing was sent")]
    NothingSent,
    /// No definition can name this path.
    #[error("the path is refused: {0}")]
    PathRefused(String),
    /// No game can be called so.
    #[error("the title is refused")]
    TitleRefused,
    /// A file calls itself a ticket of a lobby and is larger than any of them.
    #[error("the ticket is too large")]
    TicketTooLarge,
    /// Neither `MUSTER_HOME` nor a home directory.
    #[error("no place for Muster's files is known")]
    NoPlaces,
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefusal {
    #[error("it is longer than 2 KB")]
    TooLong,
    #[error("it is not a web address")]
    Malformed,
    #[error("it does not start with https://")]
    NotHttps,
    #[error("it carries a user name or password")]
    Credentials,
    #[error("it has no host name")]
    NoHost,
}

impl Coded for AppError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed(_) => "app-not-allowed",
            Self::TooLarge => "app-request-too-large",
            Self::Address(_) => "app-address-refused",
            Self::FolderMissing(_) => "app-folder-missing",
            Self::Open(_) => "app-open-failed",
            Self::NotChosen => "app-not-chosen",
            Self::NothingSent => "app-nothing-sent",
            Self::PathRefused(_) => "app-path-refused",
            Self::TitleRefused => "app-title-refused",
            Self::TicketTooLarge => "app-ticket-too-large",
            Self::NoPlaces => "app-no-places",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NotAllowed(operation) => vec![("operation", muster_domain::clean_line(operation, 80))],
            Self::Address(refusal) => vec![("detail", refusal.to_string())],
            Self::FolderMissing(folder) => vec![("folder", folder.clone())],
            Self::Open(detail) => vec![("detail", detail.clone())],
            Self::PathRefused(path) => vec![("path", muster_domain::clean_line(path, 300))],
            Self::TooLarge
            | Self::NotChosen
            | Self::NothingSent
            | Self::TitleRefused
            | Self::TicketTooLarge
            | Self::NoPlaces => Vec::new(),
        }
    }
}

/// What a command answers instead of its result: a problem document, the service's own or one of the window.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Refusal(pub Box<Problem>);

impl Refusal {
    /// The problem document for an error that never reached the service.
    pub fn of(error: &dyn Coded) -> Self {
        let code = error.code();
        Self(Box::new(Problem {
            kind: format!("urn:muster:problem:{code}"),
            status: 0,
            code: code.to_owned(),
            title: error.to_string(),
            context: error.context().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            trace: String::new(),
            explanation: None,
        }))
    }
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self::of(&error)
    }
}

impl From<ClientError> for Refusal {
    fn from(error: ClientError) -> Self {
        Self(Box::new(error.into_problem()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCES: [&str; 2] = [
        include_str!("../../service/messages/en/errors-app.ftl"),
        include_str!("../../service/messages/de/errors-app.ftl"),
    ];

    #[test]
    fn every_error_has_a_sentence_and_a_hint_in_every_language() {
        let errors = [
            AppError::NotAllowed("x".into()),
            AppError::TooLarge,
            AppError::Address(AddressRefusal::NotHttps),
            AppError::FolderMissing("x".into()),
            AppError::Open("x".into()),
            AppError::NotChosen,
            AppError::NothingSent,
            AppError::PathRefused("x".into()),
            AppError::TitleRefused,
            AppError::NoPlaces,
        ];
        for error in &errors {
            let code = error.code();
            for text in SENTENCES {
                for start in [format!("error-{code} = "), format!("error-{code}-hint = ")] {
                    assert!(text.lines().any(|line| line.starts_with(&start)), "{start}");
                }
                for (name, _) in error.context() {
                    assert!(text.contains(&format!("{{ ${name} }}")), "{code} says {name}");
                }
            }
        }
    }
}
