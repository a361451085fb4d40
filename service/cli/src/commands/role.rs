//! What a profile is for: players or servers, and what its game runs on.

use muster_api::{ChangeRequest, OperationId, PlanPreview, Platform, Profile, RunsOn, Side};
use muster_client::{Client, Request};
use muster_messages::Messages;

use super::{
    change::{Consent, carry_out},
    hold::carry_through,
};
use crate::{
    arguments::{PlatformWord, RoleArguments, SideWord},
    context::Context,
    failure::Failure,
    target,
};

/// Says what a profile is for. What is not needed there goes, and comes back with an undo.
pub async fn set(context: &Context, client: &Client, arguments: RoleArguments) -> Result<(), Failure> {
    let profile = target::profile(client, arguments.profile.profile.as_deref()).await?;
    let request = ChangeRequest {
        profile: Some(profile.id.clone()),
        side: arguments.side.map(|word| match word {
            SideWord::Client => Side::Client,
            SideWord::Server => Side::Server,
            SideWord::Both => Side::Both,
        }),
        platform: arguments.platform.map(|word| match word {
            PlatformWord::Automatic => RunsOn::Automatic,
            PlatformWord::Linux => RunsOn::Linux,
            PlatformWord::Windows => RunsOn::Windows,
            PlatformWord::Macos => RunsOn::Macos,
        }),
        ..ChangeRequest::default()
    };
    let plan: PlanPreview = client.ask(Request::new(OperationId::Plan).body(&request)?).await?;
    // The choice is kept also where no package comes or goes.
    if plan.items.is_empty() && !arguments.dry_run {
        return carry_through(context, client, request).await;
    }
    let consent = Consent::of(arguments.dry_run, arguments.yes);
    carry_out(context, client, &profile, request, consent).await
}

/// Rows about a profile: whom it is for, and what its game runs on.
pub(super) fn rows(context: &Context, profile: &Profile) -> Vec<Vec<String>> {
    let words = &context.words;
    let mut rows = vec![vec![words.text("cli-profile-side", &[]), side(words, profile.side)]];
    if let Some(platform) = profile.runs_on {
        let title = title(platform).to_owned();
        let text = match profile.platform {
            Some(_) => words.text("cli-profile-platform-chosen", &[("platform", title)]),
            None => title,
        };
        rows.push(vec![words.text("cli-profile-platform", &[]), text]);
    }
    rows
}

/// Whom something is for.
pub(super) fn side(words: &Messages, side: Side) -> String {
    let id = match side {
        Side::Client => "cli-side-client",
        Side::Server => "cli-side-server",
        Side::Both => "cli-side-both",
    };
    words.text(id, &[])
}

/// The name of a platform, which is the same in every language; words that are none stay as they are.
pub(super) fn platform_title(word: &str) -> &str {
    match muster_domain::Platform::named(word) {
        Some(platform) => platform.title(),
        None => word,
    }
}

pub(super) fn title(platform: Platform) -> &'static str {
    match platform {
        Platform::Linux => "Linux",
        Platform::Windows => "Windows",
        Platform::Macos => "macOS",
    }
}
