//! How a command ends badly: what happened, what is safe, what to do.

use std::process::ExitCode;

use muster_api::{Explanation, Problem};
use muster_client::ClientError;
use muster_domain::Coded;
use muster_messages::Messages;

/// A failure with its exit code.
#[derive(Debug)]
pub struct Failure {
    pub exit: u8,
    pub problem: Box<Problem>,
}

impl Failure {
    pub fn new(exit: u8, code: &str, title: impl Into<String>) -> Self {
        let problem = Problem {
            kind: format!("urn:muster:problem:{code}"),
            status: 0,
            code: code.to_owned(),
            title: title.into(),
            context: Default::default(),
            trace: String::new(),
            explanation: None,
        };
        Self { exit, problem: Box::new(problem) }
    }

    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.problem.context.insert(name.to_owned(), value.to_string());
        self
    }

    pub fn coded(error: &dyn Coded) -> Self {
        let failure = Self::new(1, error.code(), error.to_string());
        error.context().into_iter().fold(failure, |failure, (name, value)| failure.with(name, value))
    }

    pub fn io(error: std::io::Error) -> Self {
        Self::new(1, "cli-io", error.to_string()).with("detail", error)
    }

    pub fn from_problem(problem: Problem) -> Self {
        let exit = match problem.status {
            404 => 4,
            409 => 5,
            _ if problem.code == "job-cancelled" => 6,
            _ => 1,
        };
        Self { exit, problem: Box::new(problem) }
    }

    /// Writes the failure to the error output.
    pub fn report(&self, words: &Messages) -> ExitCode {
        let problem = &self.problem;
        eprintln!("muster: {}", words.error_text(&problem.code, &problem.context, &problem.title));
        if let Some(explanation) = &problem.explanation {
            eprintln!("{}", words.explain(&tree(explanation)));
        }
        if let Some(hint) = hint(words, problem) {
            eprintln!("{hint}");
        }
        eprintln!("[{}]", [problem.code.as_str(), &problem.trace].join(" ").trim_end());
        ExitCode::from(self.exit)
    }
}

/// What is safe and what to do. Where the general hint speaks of a button of the window, the terminal has its own.
fn hint(words: &Messages, problem: &Problem) -> Option<String> {
    let own = format!("cli-hint-{}", problem.code);
    if words.has(&own) {
        Some(words.text(&own, &[]))
    } else {
        words.hint_text(&problem.code, &problem.context)
    }
}

/// The wire's tree of reasons as the message renderer takes it.
pub fn tree(explanation: &Explanation) -> muster_messages::Explanation {
    muster_messages::Explanation {
        code: explanation.code.clone(),
        context: explanation.context.clone(),
        because: explanation.because.iter().map(tree).collect(),
        fixes: explanation.fixes.iter().map(|fix| (fix.code.clone(), fix.context.clone())).collect(),
    }
}

impl From<muster_fsx::Error> for Failure {
    fn from(error: muster_fsx::Error) -> Self {
        Self::coded(&error)
    }
}

impl From<muster_package::Error> for Failure {
    fn from(error: muster_package::Error) -> Self {
        Self::coded(&error)
    }
}

impl From<muster_registry::Error> for Failure {
    fn from(error: muster_registry::Error) -> Self {
        Self::coded(&error)
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Problem(problem) => Self::from_problem(*problem),
            error => {
                let exit = match error {
                    ClientError::WindowNotFound => 4,
                    ClientError::WindowStart(_) => 1,
                    _ => 3,
                };
                Self { exit, problem: Box::new(error.into_problem()) }
            }
        }
    }
}
