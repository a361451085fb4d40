//! Keeping packages at a version, and letting them go.

use muster_api::{ChangeRequest, Changed, Hold, OperationId};
use muster_client::Request;

use super::change::{Consent, carry_out};
use crate::{
    arguments::{HoldArguments, PackagesArguments},
    context::Context,
    failure::Failure,
    output, progress,
    target::{self, PackageWord},
};

/// Keeps packages at the version that they have, or moves them to the one that is named and keeps them there.
pub async fn hold(context: &Context, arguments: HoldArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.profile.as_deref()).await?;
    let mut request = ChangeRequest { profile: Some(profile.id.clone()), ..ChangeRequest::default() };
    for word in &arguments.packages {
        let key = match PackageWord::parse(word).range {
            Some(_) => {
                let (wish, _) = target::wish(&client, word).await?;
                request.install.push(wish.clone());
                wish.key
            }
            None => target::installed(&client, &profile, std::slice::from_ref(word)).await?.remove(0),
        };
        request.hold.push(Hold { key, reason: arguments.reason.clone() });
    }
    if !request.install.is_empty() {
        return carry_out(context, &client, &profile, request, Consent::of(false, arguments.yes)).await;
    }
    carry_through(context, &client, request).await
}

/// Lets packages move with updates again.
pub async fn unhold(context: &Context, arguments: PackagesArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.profile.as_deref()).await?;
    let unhold = target::installed(&client, &profile, &arguments.packages).await?;
    let request = ChangeRequest { profile: Some(profile.id), unhold, ..ChangeRequest::default() };
    carry_through(context, &client, request).await
}

/// No file moves: there is nothing to show before.
pub(super) async fn carry_through(
    context: &Context,
    client: &muster_client::Client,
    request: ChangeRequest,
) -> Result<(), Failure> {
    let changed: Changed = client.ask(Request::new(OperationId::Change).body(&request)?).await?;
    let job = progress::follow(context, client, &changed).await?;
    if context.json {
        return output::json(&job);
    }
    context.note(context.words.text("cli-change-done", &[]));
    Ok(())
}

/// "held", with the player's reason where there is one.
pub(super) fn sentence(context: &Context, reason: &str) -> String {
    let reason = if reason.is_empty() { "none" } else { reason };
    context.words.text("cli-held", &[("reason", reason.to_owned())])
}
