//! What goes well with what is installed: shown with the plan, taken where the player says so.

use muster_api::{ChangeRequest, OfferStrength, OperationId, PlanOffer, PlanPreview, Profile, Wish};
use muster_client::{Client, ClientError, Request};

use crate::{context::Context, failure::Failure};

/// Most recommended packages that one command takes along.
const MAX_TAKEN: usize = 50;

/// Names the offers of a plan.
pub fn show(context: &Context, offers: &[PlanOffer]) {
    let strengths = [
        (OfferStrength::Recommended, "cli-offers-recommended"),
        (OfferStrength::Suggested, "cli-offers-suggested"),
    ];
    for (strength, message) in strengths {
        let lines: Vec<String> = offers
            .iter()
            .filter(|offer| offer.strength == strength)
            .map(|offer| line(context, offer))
            .collect();
        if !lines.is_empty() {
            context.note(context.words.text(message, &[("packages", lines.join(", "))]));
        }
    }
}

/// `a/one`, or `a/one or b/two` where any of them is enough.
fn line(context: &Context, offer: &PlanOffer) -> String {
    let ids: Vec<&str> = offer.options.iter().map(|option| option.key.id.as_str()).collect();
    match ids[..] {
        [one] => one.to_owned(),
        _ => context.words.text("cli-offers-any-of", &[("packages", ids.join(" / "))]),
    }
}

/// Adds what is recommended to a request, one after the other, as long as the whole can be; of several that would do the
/// first that fits. What taken ones recommend themselves is taken, too.
pub async fn take_recommended(
    context: &Context,
    client: &Client,
    profile: &Profile,
    request: &mut ChangeRequest,
) -> Result<(), Failure> {
    request.profile = Some(profile.id.clone());
    let mut plan: PlanPreview = client.ask(Request::new(OperationId::Plan).body(&*request)?).await?;
    let mut refused: Vec<PlanOffer> = Vec::new();
    for _ in 0..MAX_TAKEN {
        let is_open = |offer: &&PlanOffer| {
            offer.strength == OfferStrength::Recommended
                && !refused.iter().any(|known| known.options == offer.options)
        };
        let Some(offer) = plan.offers.iter().find(is_open).cloned() else { break };
        match with_one_of(client, request, &offer).await? {
            Some((wider, its_plan)) => (*request, plan) = (wider, its_plan),
            None => refused.push(offer),
        }
    }
    for offer in &refused {
        context.note(context.words.text("cli-offers-do-not-fit", &[("packages", line(context, offer))]));
    }
    Ok(())
}

async fn with_one_of(
    client: &Client,
    request: &ChangeRequest,
    offer: &PlanOffer,
) -> Result<Option<(ChangeRequest, PlanPreview)>, Failure> {
    for option in &offer.options {
        let mut wider = request.clone();
        wider.install.push(Wish { key: option.key.clone(), range: None, sha256: None });
        let asked = Request::new(OperationId::Plan).body(&wider)?;
        match client.ask::<PlanPreview>(asked).await {
            Ok(plan) => return Ok(Some((wider, plan))),
            // The rest alone could be: whatever the service refuses is about this one.
            Err(ClientError::Problem(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}
