//! Features of packages: parts that the player wants, or does without.

use muster_api::{
    ChangeRequest, ChooseFeature, Feature, ForFeature, OperationId, PackageDetail, PackageKey, PlanFeatures,
    PlanItem, PlanPreview, Profile,
};
use muster_client::{Client, Request};

use super::{
    change::{Consent, carry_out},
    hold::carry_through,
};
use crate::{
    arguments::{FeatureChoices, FeaturesArguments},
    context::Context,
    failure::Failure,
    output,
    target::{self, PackageWord},
};

/// Lists the features of a package, or chooses some of them.
pub async fn run(context: &Context, arguments: FeaturesArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.profile.as_deref()).await;
    if arguments.on.is_empty() && arguments.off.is_empty() && arguments.default.is_empty() {
        return list(context, &client, &arguments.package, profile.ok().as_ref()).await;
    }
    let profile = profile?;
    let key = target::installed(&client, &profile, std::slice::from_ref(&arguments.package)).await?.remove(0);
    let choices = [(&arguments.on, Some(true)), (&arguments.off, Some(false)), (&arguments.default, None)];
    let features = choices.into_iter().flat_map(|(names, on)| {
        let key = key.clone();
        names.iter().map(move |name| ChooseFeature { key: key.clone(), feature: name.clone(), on })
    });
    let request = ChangeRequest {
        profile: Some(profile.id.clone()),
        features: features.collect(),
        ..ChangeRequest::default()
    };
    let plan: PlanPreview = client.ask(Request::new(OperationId::Plan).body(&request)?).await?;
    // The choice is kept also where it moves nothing.
    if plan.items.is_empty() && !arguments.dry_run {
        return carry_through(context, &client, request).await;
    }
    carry_out(context, &client, &profile, request, Consent::of(arguments.dry_run, arguments.yes)).await
}

async fn list(
    context: &Context,
    client: &Client,
    word: &str,
    profile: Option<&Profile>,
) -> Result<(), Failure> {
    let found = target::package(client, &PackageWord::parse(word)).await?;
    let package: PackageDetail = match profile {
        Some(profile) => {
            let key = &found.row.key;
            let request = Request::new(OperationId::Package).path("source", &key.source).path("id", &key.id);
            client.ask(request.query("profile", &profile.id)).await?
        }
        None => found,
    };
    if context.json {
        return output::json(&package.features);
    }
    if package.features.is_empty() {
        context.note(context.words.text("cli-features-none", &[("package", package.row.title.clone())]));
    }
    let rows = package.features.iter().map(|feature| {
        let brings = context.words.text("cli-feature-brings", &[("packages", feature.brings.join(", "))]);
        vec![feature.id.clone(), state(context, feature), feature.title.clone(), brings]
    });
    output::table(&rows.collect::<Vec<_>>())
}

fn state(context: &Context, feature: &Feature) -> String {
    context.words.text(if feature.on { "cli-feature-on" } else { "cli-feature-off" }, &[])
}

/// Adds the choices of a command line to a request: of the packages that it names, or of the only one that is installed.
pub fn choose(request: &mut ChangeRequest, choices: &FeatureChoices) -> Result<(), Failure> {
    for (words, on) in [(&choices.feature, true), (&choices.without_feature, false)] {
        for word in words {
            let (package, name) = match word.rsplit_once('=') {
                Some((package, name)) => (Some(PackageWord::parse(package).id), name),
                None => (None, word.as_str()),
            };
            let mut meant = request.install.iter().map(|wish| &wish.key);
            let key = match package {
                Some(id) => meant.find(|key| key.id == id).cloned(),
                None => only(meant),
            };
            let unclear = || {
                let text = "name the package whose feature is meant";
                Failure::new(2, "cli-feature-of-what", text).with("feature", name)
            };
            let key = key.ok_or_else(unclear)?;
            request.features.push(ChooseFeature { key, feature: name.to_owned(), on: Some(on) });
        }
    }
    Ok(())
}

fn only<'a>(mut keys: impl Iterator<Item = &'a PackageKey>) -> Option<PackageKey> {
    let first = keys.next()?;
    keys.next().is_none().then(|| first.clone())
}

/// Names the features of a plan.
pub fn show(context: &Context, features: &[PlanFeatures]) {
    for of in features {
        let named = of.features.iter().map(|feature| format!("{} ({})", feature.id, state(context, feature)));
        let named = named.collect::<Vec<_>>().join(", ");
        let values = [("package", of.title.clone()), ("features", named)];
        context.note(context.words.text("cli-plan-features", &values));
    }
}

/// What needs a package of a plan, with the features that it is needed for.
pub fn needed_by(context: &Context, item: &PlanItem) -> String {
    let words = |ForFeature { package, feature }: &ForFeature| {
        let values = [("package", package.clone()), ("feature", feature.clone())];
        context.words.text("cli-plan-feature-of", &values)
    };
    let is_for_feature = |title: &&String| item.for_features.iter().any(|one| one.package == **title);
    let always = item.needed_by.iter().filter(|title| !is_for_feature(title)).cloned();
    let named: Vec<String> = always.chain(item.for_features.iter().map(words)).collect();
    context.words.text("cli-plan-needed-by", &[("packages", named.join(", "))])
}

#[cfg(test)]
mod tests {
    use muster_api::Wish;

    use super::*;

    fn request(ids: &[&str]) -> ChangeRequest {
        let key = |id: &&str| PackageKey { source: "ckan".into(), id: (*id).to_owned() };
        let wish = |id: &&str| Wish { key: key(id), range: None, sha256: None };
        ChangeRequest { install: ids.iter().map(wish).collect(), ..ChangeRequest::default() }
    }

    fn chosen(ids: &[&str], with: &[&str], without: &[&str]) -> Result<Vec<String>, String> {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        let mut request = request(ids);
        let choices = FeatureChoices { feature: words(with), without_feature: words(without) };
        choose(&mut request, &choices).map_err(|failure| failure.problem.code.clone())?;
        let text = |of: &ChooseFeature| format!("{} {} {:?}", of.key.id, of.feature, of.on);
        Ok(request.features.iter().map(text).collect())
    }

    #[test]
    fn a_feature_is_of_the_only_package_or_of_the_one_that_is_named() {
        assert_eq!(
            chosen(&["a/one"], &["maps", "a/one=songs"], &["voices"]).unwrap(),
            ["a/one maps Some(true)", "a/one songs Some(true)", "a/one voices Some(false)"]
        );
        let two = ["a/one", "b/two"];
        assert_eq!(chosen(&two, &["b/two=maps"], &[]).unwrap(), ["b/two maps Some(true)"]);
        assert_eq!(chosen(&two, &["maps"], &[]).unwrap_err(), "cli-feature-of-what");
        assert_eq!(chosen(&two, &["c/three=maps"], &[]).unwrap_err(), "cli-feature-of-what");
    }
}
