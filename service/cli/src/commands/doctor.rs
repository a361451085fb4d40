//! Looking for what is wrong.

use std::process::ExitCode;

use muster_api::{AnswerField, FieldFinding, OperationId, Problem, Source, SourceAnswer, SourceState};
use muster_client::{Client, Request};
use serde::Serialize;

use crate::{arguments::DoctorCommand, context::Context, failure::Failure, output, target};

/// What became of one source.
#[derive(Serialize)]
struct Report {
    source: Source,
    /// Absent where nobody was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<Vec<SourceAnswer>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

impl Report {
    fn is_well(&self) -> bool {
        let hurts =
            |field: &AnswerField| matches!(field.finding, FieldFinding::Missing | FieldFinding::Broken);
        let mut answers = self.answers.iter().flatten();
        self.problem.is_none()
            && answers.all(|answer| answer.problem.is_none() && !answer.fields.iter().any(hurts))
    }
}

/// Runs one verb. The exit code is 1 where something is wrong.
pub async fn run(context: &Context, command: DoctorCommand) -> Result<ExitCode, Failure> {
    let DoctorCommand::Sources { sources, live, all } = command;
    let client = context.service().await?;
    let known: Vec<Source> = if sources.is_empty() {
        let known: Vec<Source> = client.ask(Request::new(OperationId::Sources)).await?;
        known.into_iter().filter(|source| source.enabled).collect()
    } else {
        let mut named = Vec::new();
        for word in &sources {
            named.push(target::source(&client, word).await?);
        }
        named
    };
    let (mut reports, mut is_well) = (Vec::new(), true);
    // One after the other, each told as soon as it is known: a service may take its time.
    for source in known {
        let report = match live {
            true => examine(&client, source).await,
            false => Report { problem: source.problem.clone(), answers: None, source },
        };
        is_well &= report.is_well();
        if !context.json {
            show(context, &report, all)?;
        }
        reports.push(report);
    }
    if context.json {
        output::json(&reports)?;
    } else if !live {
        context.note(context.words.text("cli-doctor-live", &[]));
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// A source that cannot be asked keeps no other from being asked.
async fn examine(client: &Client, source: Source) -> Report {
    let request = Request::new(OperationId::ExamineSource).path("source", &source.id);
    match client.ask::<Vec<SourceAnswer>>(request).await {
        Ok(answers) => Report { source, answers: Some(answers), problem: None },
        Err(error) => Report { source, answers: None, problem: Some(*Failure::from(error).problem) },
    }
}

fn show(context: &Context, report: &Report, all: bool) -> Result<(), Failure> {
    let words = &context.words;
    output::line(&format!("{}  {}", report.source.alias, report.source.address))?;
    let sentence = |problem: &Problem| words.error_text(&problem.code, &problem.context, &problem.title);
    if let Some(problem) = &report.problem {
        return output::line(&format!("  {}", sentence(problem)));
    }
    let Some(answers) = &report.answers else {
        let state = match report.source.state {
            SourceState::New => "cli-source-new",
            SourceState::Fresh => "cli-source-fresh",
            SourceState::Stale => "cli-source-stale",
            SourceState::Failed => "cli-source-failed",
            SourceState::Off => "cli-source-off",
        };
        return output::line(&format!("  {}", words.text(state, &[])));
    };
    if answers.is_empty() {
        return output::line(&format!("  {}", words.text("cli-doctor-own", &[])));
    }
    for answer in answers {
        output::line(&format!("  {}", answer.asked))?;
        if let Some(problem) = &answer.problem {
            output::line(&format!("    {}", sentence(problem)))?;
            continue;
        }
        let told = |field: &&AnswerField| all || field.finding != FieldFinding::Same;
        let rows: Vec<Vec<String>> =
            answer.fields.iter().filter(told).map(|field| row(context, field)).collect();
        if rows.is_empty() {
            output::line(&format!(
                "    {}",
                words.text("cli-doctor-same", &[("fields", answer.fields.len().to_string())])
            ))?;
        }
        output::table(&rows)?;
    }
    Ok(())
}

fn row(context: &Context, field: &AnswerField) -> Vec<String> {
    let finding = match field.finding {
        FieldFinding::Missing => "cli-doctor-missing",
        FieldFinding::Broken => "cli-doctor-broken",
        FieldFinding::Differs => "cli-doctor-differs",
        FieldFinding::Unseen => "cli-doctor-unseen",
        FieldFinding::Unread => "cli-doctor-unread",
        FieldFinding::Same => "cli-doctor-as-read",
    };
    let path = if field.path.is_empty() { "." } else { &field.path };
    let types = match (field.expected.is_empty(), field.found.is_empty()) {
        (true, _) => field.found.clone(),
        (_, true) => field.expected.clone(),
        _ if field.expected == field.found => field.expected.clone(),
        _ => format!("{} ≠ {}", field.expected, field.found),
    };
    let finding = context.words.text(finding, &[]);
    vec![format!("    {path}"), finding, types, format!("{}/{}", field.count, field.of)]
}
