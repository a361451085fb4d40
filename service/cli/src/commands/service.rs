//! The service itself.

use muster_api::{OperationId, Status};
use muster_client::{Client, Request};

use crate::{context::Context, failure::Failure, output};

/// Prints the service at a glance; does not start one.
pub async fn status(context: &Context) -> Result<(), Failure> {
    let client = Client::new(&context.places);
    let status: Status = client.ask(Request::new(OperationId::Status)).await?;
    if context.json {
        return output::json(&status);
    }
    let words = &context.words;
    let state = serde_json::to_value(status.state)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default();
    output::table(&[
        vec![words.text("cli-status-service", &[]), words.text(&format!("cli-state-{state}"), &[])],
        vec![words.text("cli-status-version", &[]), status.version.build],
        vec![words.text("cli-status-packages", &[]), status.packages.to_string()],
        vec![words.text("cli-status-jobs", &[]), format!("{} / {}", status.jobs, status.transfers)],
        vec![
            words.text("cli-status-speed", &[]),
            format!("{} ↓  {} ↑", words.rate(status.down), words.rate(status.up)),
        ],
        vec![
            words.text("cli-status-cache", &[]),
            format!("{} / {}", context.words.size(status.cache_used), context.words.size(status.cache_quota)),
        ],
    ])?;
    for reason in &status.reasons {
        context.note(context.reason(reason));
    }
    Ok(())
}

/// Starts a service where none runs.
pub async fn start(context: &Context) -> Result<(), Failure> {
    let client = context.service().await?;
    let status: Status = client.ask(Request::new(OperationId::Status)).await?;
    if context.json { output::json(&status) } else { Ok(()) }
}

/// Ends the service; none running is fine.
pub async fn stop(context: &Context) -> Result<(), Failure> {
    Ok(muster_client::end(&context.places).await?)
}
