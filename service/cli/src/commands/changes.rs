//! What updates change, joined over the versions that they skip.

use muster_api::{Changes, OperationId, PackageKey, PlanPreview, Profile, VersionChanges};
use muster_client::{Client, Request};

use crate::{context::Context, failure::Failure, output};

/// Lines of one version's text that are shown.
const MAX_LINES: usize = 40;

/// What is new in a package, from the version of the profile to another one, or the newest.
pub async fn of(
    client: &Client,
    profile: &Profile,
    key: &PackageKey,
    to: Option<&str>,
) -> Result<Changes, Failure> {
    let request = Request::new(OperationId::Changes).path("source", &key.source).path("id", &key.id);
    let request = request.query("profile", &profile.id).query("to", to.unwrap_or_default());
    Ok(client.ask(request).await?)
}

/// Shows what the updates of a plan change.
pub async fn of_plan(
    context: &Context,
    client: &Client,
    profile: &Profile,
    plan: &PlanPreview,
) -> Result<(), Failure> {
    let updates = plan.items.iter().filter(|item| item.from.is_some() && item.from != item.to);
    for item in updates.filter(|item| item.to.is_some()) {
        show(context, &of(client, profile, &item.key, item.to.as_deref()).await?)?;
    }
    Ok(())
}

pub fn show(context: &Context, changes: &Changes) -> Result<(), Failure> {
    let words = &context.words;
    let from = changes.from.as_ref().map(|from| format!("{from} → ")).unwrap_or_default();
    output::line(&format!("{} {from}{}", changes.title, changes.to))?;
    if !changes.told {
        return output::line(&format!("  {}", words.text("cli-changes-untold", &[])));
    }
    changes.versions.iter().try_for_each(|version| show_version(context, version))?;
    if changes.more > 0 {
        let count = [("count", changes.more.to_string())];
        output::line(&format!("  {}", words.text("cli-changes-more", &count)))?;
    }
    Ok(())
}

fn show_version(context: &Context, version: &VersionChanges) -> Result<(), Failure> {
    let words = &context.words;
    let day = version.published.as_deref().and_then(|time| time.get(..10)).unwrap_or_default();
    output::line(format!("  {}  {day}", version.version).trim_end())?;
    let Some(text) = &version.text else {
        return output::line(&format!("    {}", words.text("cli-changes-nothing", &[])));
    };
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().take(MAX_LINES).try_for_each(|line| output::line(format!("    {line}").trim_end()))?;
    match lines.len() > MAX_LINES {
        true => output::line("    …"),
        false => Ok(()),
    }
}
