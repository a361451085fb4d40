//! `muster open`: what the window's link dialog does, in a terminal.

use muster_api::{LinkInspection, LinkRequest, OperationId};
use muster_client::Request;

use super::{
    change::{self, Consent},
    lobby,
};
use crate::{
    arguments::{JoinArguments, LobbyCommand},
    context::Context,
    failure::Failure,
    output, target,
};

/// Looks at a link, says what it asks for, and follows it after consent.
pub async fn open(context: &Context, link: &str, yes: bool) -> Result<(), Failure> {
    let client = context.service().await?;
    let body = LinkRequest { link: link.to_owned() };
    let inspection: LinkInspection = client.ask(Request::new(OperationId::InspectLink).body(&body)?).await?;
    let words = &context.words;
    match inspection {
        LinkInspection::Package { package, plan, request } => {
            let facts = [
                ("title", package.title.clone()),
                ("version", package.version.clone()),
                ("publisher", package.publisher.clone()),
                ("source", package.source_name.clone()),
            ];
            context.note(words.text("cli-link-package", &facts));
            let profile = target::profile(&client, Some(&plan.profile)).await?;
            let consent = if yes { Consent::Given } else { Consent::Ask };
            change::carry_out(context, &client, &profile, *request, consent).await
        }
        LinkInspection::Present { package } if context.json => output::json(&package),
        LinkInspection::Present { package } => {
            context.note(words.text("cli-link-present", &[("title", package.title)]));
            Ok(())
        }
        LinkInspection::UnknownSource { source, package } => {
            Err(Failure::new(4, "link-unknown-source", format!("{source} is not one of your sources"))
                .with("source", source)
                .with("package", package))
        }
        LinkInspection::AddSource { address, root, root_words, .. } => {
            context
                .note(words.text("cli-link-source", &[("address", address.clone()), ("words", root_words)]));
            output::line(&format!("muster source add {address} --root {root}"))
        }
        LinkInspection::Lobby { .. } => {
            let arguments = JoinArguments {
                lobby: link.to_owned(),
                name: None,
                without: vec![],
                all: false,
                dry_run: false,
                yes,
                play: false,
            };
            lobby::run(context, LobbyCommand::Join(arguments)).await
        }
        LinkInspection::Refused { problem } => Err(Failure::from_problem(*problem)),
    }
}
