//! Why the service could not be asked.

use muster_api::Problem;
use muster_domain::Coded;

/// Every code that [`ClientError::code`] can give of its own; problems of the service keep theirs.
pub const CODES: &[&str] = &[
    "service-unreachable",
    "service-not-found",
    "window-not-found",
    "window-start",
    "service-start",
    "service-does-not-stop",
    "service-protocol",
    "service-other-version",
    "service-foreign",
];

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens.
    #[error("the Muster service does not answer: {0}")]
    Unreachable(#[source] std::io::Error),
    /// The socket belongs to somebody else.
    #[error("the service's socket belongs to another user")]
    Foreign,
    /// No `muster-service` beside this program.
    #[error("muster-service was not found beside this program")]
    NotFound,
    /// No `muster-app` beside this program.
    #[error("muster-app was not found beside this program")]
    WindowNotFound,
    /// The window's program is there and cannot be started.
    #[error("the window could not be opened: {0}")]
    WindowStart(String),
    /// It was started and did not come up.
    #[error("the Muster service could not be started: {0}")]
    Start(String),
    /// It was asked to end and still runs.
    #[error("the Muster service does not stop")]
    DoesNotStop,
    /// Bytes that are not the local API.
    #[error("the service sent something unexpected: {0}")]
    Protocol(String),
    /// The service speaks no common API version.
    #[error("the service speaks API {min} to {max}, this program {}", muster_api::API_VERSION)]
    OtherVersion { min: u32, max: u32 },
    /// The service refused or failed, and said why.
    #[error("{}", .0.title)]
    Problem(Box<Problem>),
}

impl Coded for ClientError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "service-unreachable",
            Self::Foreign => "service-foreign",
            Self::NotFound => "service-not-found",
            Self::WindowNotFound => "window-not-found",
            Self::WindowStart(_) => "window-start",
            Self::Start(_) => "service-start",
            Self::DoesNotStop => "service-does-not-stop",
            Self::Protocol(_) | Self::Problem(_) => "service-protocol",
            Self::OtherVersion { .. } => "service-other-version",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unreachable(error) => vec![("detail", error.to_string())],
            Self::Start(detail) | Self::WindowStart(detail) | Self::Protocol(detail) => {
                vec![("detail", detail.clone())]
            }
            Self::OtherVersion { min, max } => vec![("min", min.to_string()), ("max", max.to_string())],
            Self::Foreign | Self::NotFound | Self::WindowNotFound | Self::DoesNotStop | Self::Problem(_) => {
                Vec::new()
            }
        }
    }
}

impl ClientError {
    /// The problem document: the service's own, or one for what went wrong on the way.
    pub fn into_problem(self) -> Problem {
        let (code, title) = (self.code(), self.to_string());
        let context = self.context().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        match self {
            Self::Problem(problem) => *problem,
            _ => Problem {
                kind: format!("urn:muster:problem:{code}"),
                status: 503,
                code: code.to_owned(),
                title,
                context,
                trace: String::new(),
                explanation: None,
            },
        }
    }
}
