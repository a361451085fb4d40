//! Following a job: bars on a terminal, nothing otherwise.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use muster_api::{Changed, EventPayload, Job, OperationId, Phase};
use muster_client::{Client, Request};

use crate::{context::Context, failure::Failure};

/// Waits for the job of a change; its failure becomes ours. `None` where there was nothing to do.
pub async fn follow(context: &Context, client: &Client, changed: &Changed) -> Result<Option<Job>, Failure> {
    let Some(id) = &changed.job else { return Ok(None) };
    let mut events = client.events().await?;
    let bar = bar(context);
    let job = loop {
        let Some(event) = events.next().await? else {
            return Err(Failure::new(3, "service-ended", "the service ended while the job was running"));
        };
        let job = match event.payload {
            EventPayload::Snapshot(snapshot) => snapshot.jobs.into_iter().find(|job| job.id == *id),
            EventPayload::Job(job) if job.id == *id => Some(job),
            _ => None,
        };
        let Some(job) = job else { continue };
        show(context, &bar, &job);
        if job.phase.is_end() {
            break job;
        }
    };
    bar.finish_and_clear();
    // The list of events is for showing; the end is asked for, so that nothing depends on how it was coalesced.
    let job: Job = client.ask(Request::new(OperationId::Job).path("job", &job.id)).await?;
    match (&job.problem, job.phase) {
        (_, Phase::Done) => Ok(Some(job)),
        (Some(problem), _) => Err(Failure::from_problem(problem.clone())),
        (None, _) => Err(Failure::new(6, "job-cancelled", "the job was cancelled")),
    }
}

fn bar(context: &Context) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if context.json || context.quiet || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
        return bar;
    }
    let template = "{msg:16} [{bar:32}] {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

fn show(context: &Context, bar: &ProgressBar, job: &Job) {
    bar.set_length(job.total);
    bar.set_position(job.done);
    bar.set_message(context.words.text(phase_message(job.phase), &[]));
}

/// Message id of a phase.
pub fn phase_message(phase: Phase) -> &'static str {
    match phase {
        Phase::Waiting | Phase::Resolving | Phase::Planning => "job-phase-waiting",
        Phase::Fetching => "job-phase-downloading",
        Phase::Unpacking => "job-phase-checking",
        Phase::Deploying | Phase::Committing => "job-phase-placing",
        Phase::Done => "job-phase-done",
        Phase::Failed => "job-phase-failed",
        Phase::Cancelled => "job-phase-cancelled",
    }
}
