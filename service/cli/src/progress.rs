//! Following a job: bars on a terminal, nothing otherwise.

use std::{io::IsTerminal, time::Duration};

use indicatif::{DecimalBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
use muster_api::{Changed, EventPayload, FetchStage, FetchStep, Job, JobKind, OperationId, Phase};
use muster_client::{Client, Request};

use muster_messages::Messages;

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
            EventPayload::Job(change) if change.job.id == *id => Some(change.job),
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

/// The same for a job that is of no use to anybody else: it is cancelled when the player interrupts the terminal.
pub async fn follow_or_cancel(
    context: &Context,
    client: &Client,
    changed: &Changed,
) -> Result<Option<Job>, Failure> {
    let Some(id) = &changed.job else { return Ok(None) };
    tokio::select! {
        job = follow(context, client, changed) => job,
        _ = tokio::signal::ctrl_c() => {
            let _: Changed = client.ask(Request::new(OperationId::CancelJob).path("job", id)).await?;
            Err(Failure::new(6, "job-cancelled", "the job was cancelled"))
        }
    }
}

fn bar(context: &Context) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if context.json || context.quiet || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
        return bar;
    }
    set_template(&bar, BYTES);
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

const BYTES: &str = "{msg:16} [{bar:32}] {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta}";
/// Of what is counted in objects, or not at all.
const WORDS: &str = "{spinner} {msg}";

fn show(context: &Context, bar: &ProgressBar, job: &Job) {
    if let Some(step) = &job.step {
        set_template(bar, WORDS);
        bar.set_message(step_text(&context.words, step));
        return;
    }
    if job.kind == JobKind::Look {
        set_template(bar, WORDS);
        bar.set_message(context.words.text("job-step-asking", &[]));
        return;
    }
    set_template(bar, BYTES);
    bar.set_length(job.total);
    bar.set_position(job.done);
    bar.set_message(context.words.text(phase_message(job.phase), &[]));
}

fn set_template(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
}

/// How far a repository is, in words.
fn step_text(words: &Messages, step: &FetchStep) -> String {
    let facts = [
        ("objects", step.objects.to_string()),
        ("total", step.objects_total.to_string()),
        ("size", DecimalBytes(step.bytes).to_string()),
    ];
    match step.stage {
        FetchStage::Asking => words.text("job-step-asking", &[]),
        FetchStage::Receiving => words.text("job-step-receiving", &facts),
        FetchStage::Joining => words.text("job-step-joining", &facts),
    }
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
