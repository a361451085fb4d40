//! Why a package is in a profile, and which packages have newer versions.

use muster_api::{OperationId, Why, WhyStep};
use muster_client::Request;
use muster_messages::Messages;

use super::changes;
use crate::{
    arguments::ProfileArgument, commands::profile::detail, context::Context, failure::Failure, output, target,
};

/// Tells for each package who asked for it or needs it.
pub async fn why(context: &Context, words: &[String], argument: ProfileArgument) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    let mut reasons: Vec<Why> = Vec::new();
    for key in target::installed(&client, &profile, words).await? {
        let request = Request::new(OperationId::Why).path("profile", &profile.id);
        reasons.push(client.ask(request.path("source", &key.source).path("id", &key.id)).await?);
    }
    if context.json {
        return output::json(&reasons);
    }
    reasons.iter().flat_map(|reason| lines(&context.words, reason)).try_for_each(|line| output::line(&line))
}

/// A package, and below it what it is there for.
fn lines(words: &Messages, why: &Why) -> Vec<String> {
    let mut said = Vec::new();
    if why.wished {
        said.push(words.text("cli-why-wished", &[]));
    }
    if let Some(side) = why.side {
        said.push(words.text("cli-why-side", &[("side", super::role::side(words, side))]));
    }
    said.extend(why.chains.iter().map(|chain| way(words, chain)));
    if !why.wished && why.chains.is_empty() {
        said.push(words.text("cli-why-nothing", &[]));
    }
    let below = said.into_iter().map(|line| format!("  {line}"));
    std::iter::once(format!("{} {}", why.key.id, why.version)).chain(below).collect()
}

/// The packages of a way, and the features without which it would not be one.
fn way(words: &Messages, chain: &[WhyStep]) -> String {
    let packages = chain.iter().map(|step| step.key.id.as_str()).collect::<Vec<_>>().join(" → ");
    let features = chain.iter().filter(|step| !step.for_features.is_empty()).map(|step| {
        let values = [
            ("count", step.for_features.len().to_string()),
            ("features", step.for_features.join(", ")),
            ("package", step.key.id.clone()),
        ];
        words.text("cli-why-feature", &values)
    });
    std::iter::once(packages).chain(features).collect::<Vec<_>>().join(", ")
}

/// Packages that have a newer version, one line each.
pub async fn outdated(
    context: &Context,
    with_changes: bool,
    argument: ProfileArgument,
) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    let mut entries = detail(&client, &profile).await?.entries;
    entries.retain(|entry| entry.update.is_some());
    let mut changed = Vec::new();
    for entry in entries.iter().filter(|_| with_changes) {
        changed.push(changes::of(&client, &profile, &entry.key, entry.update.as_deref()).await?);
    }
    if context.json && with_changes {
        return output::json(&changed);
    }
    if context.json {
        return output::json(&entries);
    }
    if entries.is_empty() {
        context.note(context.words.text("cli-outdated-nothing", &[("profile", profile.name)]));
    }
    let row = |entry: &muster_api::ProfileEntry| {
        let newer = entry.update.clone().unwrap_or_default();
        let held = entry.held.as_ref().map(|reason| super::hold::sentence(context, reason));
        vec![entry.key.id.clone(), entry.version.clone(), format!("→ {newer}"), held.unwrap_or_default()]
    };
    output::table(&entries.iter().map(row).collect::<Vec<_>>())?;
    changed.iter().try_for_each(|one| changes::show(context, one))
}

#[cfg(test)]
mod tests {
    use muster_api::{PackageKey, Side};
    use muster_messages::Language;

    use super::*;

    fn step(id: &str, features: &[&str]) -> WhyStep {
        let key = PackageKey { source: "ckan".into(), id: id.into() };
        let for_features = features.iter().map(|title| (*title).to_owned()).collect();
        WhyStep { key, title: id.into(), for_features }
    }

    fn why(wished: bool, chains: Vec<Vec<WhyStep>>) -> Why {
        let WhyStep { key, title, .. } = step("voices", &[]);
        Why { key, title, version: "1.0".into(), wished, side: None, chains }
    }

    #[test]
    fn a_way_names_the_features_without_which_it_would_not_be_one() {
        let chains = vec![
            vec![step("choir", &[]), step("voices", &[])],
            vec![step("land", &[]), step("town", &["Speech"]), step("voices", &[])],
            vec![step("game", &["Maps", "Songs"]), step("town", &["Speech"]), step("voices", &[])],
        ];
        let said = lines(&Messages::new(Language::English), &why(false, chains.clone()));
        assert_eq!(
            said,
            [
                "voices 1.0",
                "  choir → voices",
                "  land → town → voices, because the feature “Speech” of town is on",
                "  game → town → voices, because the features “Maps, Songs” of game are on, because the feature “Speech” of town is on",
            ]
        );
        let german = lines(&Messages::new(Language::German), &why(false, chains));
        assert_eq!(
            german[2],
            "  land → town → voices, weil die Funktion „Speech“ von town eingeschaltet ist"
        );
        assert!(german[3].contains("weil die Funktionen „Maps, Songs“ von game eingeschaltet sind"));
    }

    #[test]
    fn what_nothing_leads_to_is_wished_or_needed_no_more() {
        let words = Messages::new(Language::English);
        assert_eq!(lines(&words, &why(true, vec![])), ["voices 1.0", "  You asked for it."]);
        let alone = Why { side: Some(Side::Client), ..why(false, vec![]) };
        assert_eq!(
            lines(&words, &alone),
            ["voices 1.0", "  only for players", "  Nothing needs it any more."]
        );
    }
}
