//! What sources advise against, and switching it off.

use std::process::ExitCode;

use muster_api::{Advice, AuditFinding, AuditReport, ChangeRequest, OperationId, Profile};
use muster_client::{Client, Request};

use super::change::{Consent, carry_out};
use crate::{
    arguments::{PackagesArguments, ProfileArgument},
    context::Context,
    failure::Failure,
    output, target,
};

async fn report(client: &Client, profile: Option<&Profile>) -> Result<AuditReport, Failure> {
    let request = Request::new(OperationId::Audit);
    let request = match profile {
        Some(profile) => request.query("profile", &profile.id),
        None => request,
    };
    Ok(client.ask(request).await?)
}

/// Lists what is installed and advised against, in all profiles or in one. The exit code is 1 where something of it is
/// switched on.
pub async fn audit(context: &Context, argument: ProfileArgument) -> Result<ExitCode, Failure> {
    let client = context.service().await?;
    let profile = match argument.profile.as_deref() {
        Some(word) => Some(target::profile(&client, Some(word)).await?),
        None => None,
    };
    let report = report(&client, profile.as_ref()).await?;
    let is_clean = report.findings.iter().all(|finding| !finding.enabled);
    if context.json {
        output::json(&report)?;
    } else {
        report.findings.iter().try_for_each(|finding| show(context, finding))?;
        let counts = [
            ("packages", report.packages.to_string()),
            ("findings", report.findings.len().to_string()),
            (
                "checked",
                report.checked.as_deref().map_or("never", |time| &time[..time.len().min(16)]).to_owned(),
            ),
        ];
        context.note(context.words.text("cli-audit-count", &counts));
        if !is_clean {
            context.note(context.words.text("cli-audit-way-out", &[]));
        }
    }
    Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn show(context: &Context, finding: &AuditFinding) -> Result<(), Failure> {
    let state = if finding.enabled { "cli-package-on" } else { "cli-package-off" };
    let state = context.words.text(state, &[]);
    output::line(&format!("{} {}  {} ({})", finding.key.id, finding.version, finding.profile_name, state))?;
    finding.advice.iter().flat_map(|advice| lines(context, advice)).try_for_each(|line| output::line(&line))
}

/// A statement of a source, and how to be rid of what it speaks of.
pub(super) fn lines(context: &Context, advice: &Advice) -> Vec<String> {
    let words = &context.words;
    let severity = words.text(&format!("advice-{}", advice.severity.as_str()), &[]);
    let values = [("source", advice.source_name.clone()), ("id", advice.id.clone())];
    let mut lines =
        vec![format!("  {severity}: {}", advice.text), format!("  {}", words.text("cli-audit-by", &values))];
    if let Some(fixed) = &advice.fixed_in {
        lines.push(format!("  {}", words.text("cli-audit-fixed", &[("version", fixed.clone())])));
    }
    lines.extend(advice.more.iter().map(|address| format!("  {address}")));
    lines
}

/// Switches packages off that somebody advises against: those named, or all of a profile.
pub async fn quarantine(context: &Context, arguments: PackagesArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.profile.as_deref()).await?;
    let named = target::installed(&client, &profile, &arguments.packages).await?;
    let findings = report(&client, Some(&profile)).await?.findings;
    let advised = findings.into_iter().filter(|finding| finding.enabled);
    let mut quarantine: Vec<_> = advised.map(|finding| finding.key).collect();
    if !named.is_empty() {
        if let Some(innocent) = named.iter().find(|key| !quarantine.contains(key)) {
            let title = format!("nobody advises against {}", innocent.id);
            return Err(Failure::new(5, "cli-not-advised", title).with("package", &innocent.id));
        }
        quarantine.retain(|key| named.contains(key));
    }
    if quarantine.is_empty() {
        context.note(context.words.text("cli-audit-nothing", &[("profile", profile.name)]));
        return if context.json { output::json(&None::<()>) } else { Ok(()) };
    }
    let request = ChangeRequest { quarantine, ..ChangeRequest::default() };
    // Nothing of the player's goes, and it can be undone: nothing to ask.
    carry_out(context, &client, &profile, request, Consent::Given).await
}
