//! Search and show.

use muster_api::{PackageDetail, PackageRow, PackageState, SearchPage, SearchRequest, Sort};
use muster_client::Request;

use super::role;
use crate::{
    arguments::{SearchArguments, SortArgument},
    context::Context,
    failure::Failure,
    output,
    target::{self, PackageWord},
};

/// Searches the catalog.
pub async fn search(context: &Context, arguments: SearchArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = match &arguments.profile.profile {
        Some(word) => Some(target::profile(&client, Some(word)).await?.id),
        None => target::profile(&client, None).await.ok().map(|profile| profile.id),
    };
    let request = SearchRequest {
        q: arguments.words.join(" "),
        profile,
        sort: match arguments.sort {
            SortArgument::Relevance => Sort::Relevance,
            SortArgument::Downloads => Sort::Downloads,
            SortArgument::Newest => Sort::Newest,
            SortArgument::Updated => Sort::Updated,
            SortArgument::Name => Sort::Name,
            SortArgument::Trending => Sort::Trending,
        },
        offset: arguments.offset,
        limit: arguments.limit,
    };
    let page: SearchPage = client.ask(Request::search(&request)).await?;
    if context.json {
        return output::json(&page);
    }
    let rows: Vec<Vec<String>> = page
        .rows
        .iter()
        .map(|row| {
            let state = match row.advice.first() {
                Some(advice) => context.words.text(&format!("advice-{}", advice.severity.as_str()), &[]),
                None => state(context, &row.status),
            };
            vec![
                row.key.id.clone(),
                row.version.clone(),
                context.words.size(row.size),
                state,
                suggestion(context, row).unwrap_or_else(|| row.summary.clone()),
            ]
        })
        .collect();
    output::table(&rows)?;
    let counts = [("total", page.total.to_string()), ("all", page.all.to_string())];
    context.note(context.words.text("cli-search-count", &counts));
    if let Some(word) = page.did_you_mean {
        context.note(context.words.text("cli-search-did-you-mean", &[("word", word)]));
    }
    Ok(())
}

/// Why a source or its counts suggest a row, in place of what the package says of itself.
fn suggestion(context: &Context, row: &PackageRow) -> Option<String> {
    let source = ("source", row.source_name.clone());
    if let Some(sentence) = &row.featured {
        let sentence = if sentence.is_empty() { &row.summary } else { sentence };
        return Some(context.words.text("cli-search-featured", &[source, ("text", sentence.clone())]));
    }
    let trend = row.trend.as_ref()?;
    let since = trend.since.chars().take(10).collect();
    let gain = ("gain", trend.gain.to_string());
    Some(context.words.text("cli-search-trend", &[source, gain, ("since", since)]))
}

fn state(context: &Context, state: &PackageState) -> String {
    let id = match state {
        PackageState::Absent => return String::new(),
        PackageState::On { .. } => "cli-package-on",
        PackageState::Off { .. } => "cli-package-off",
        PackageState::Update { .. } => "cli-package-update",
        PackageState::Busy { .. } => "cli-package-busy",
        PackageState::Managed { .. } => "cli-package-managed",
        PackageState::Incompatible { .. } => "cli-package-incompatible",
    };
    context.words.text(id, &[])
}

/// Shows one package.
pub async fn show(context: &Context, word: &str) -> Result<(), Failure> {
    let client = context.service().await?;
    let package: PackageDetail = target::package(&client, &PackageWord::parse(word)).await?;
    if context.json {
        return output::json(&package);
    }
    let row = &package.row;
    output::line(&format!("{} {}  {}", row.title, row.version, state(context, &row.status)))?;
    output::line(&row.summary)?;
    row.advice
        .iter()
        .flat_map(|advice| super::audit::lines(context, advice))
        .try_for_each(|line| output::line(&line))?;
    output::line("")?;
    let words = &context.words;
    let mut facts = vec![
        vec![words.text("cli-show-id", &[]), format!("{}:{}", row.source_name, row.key.id)],
        vec![words.text("cli-show-publisher", &[]), row.publisher.clone()],
        vec![words.text("cli-show-kind", &[]), row.kind.clone()],
        vec![words.text("cli-show-license", &[]), row.license.clone().unwrap_or_else(|| "?".into())],
        vec![words.text("cli-show-size", &[]), context.words.size(row.size)],
    ];
    if let Some(shown) = package.versions.iter().find(|version| version.version == row.version) {
        let side = shown.side.map(|side| vec![words.text("cli-show-side", &[]), role::side(words, side)]);
        facts.extend(side);
        let platforms: Vec<&str> = shown.platforms.iter().map(|word| role::platform_title(word)).collect();
        if !platforms.is_empty() {
            facts.push(vec![words.text("cli-show-platforms", &[]), platforms.join(", ")]);
        }
    }
    if let Some(key) = &package.trust.key_words {
        facts.push(vec![words.text("cli-show-key", &[]), key.clone()]);
    }
    for need in &package.needs {
        let options = need.any_of.iter().map(|option| format!("{} {}", option.key.id, option.range));
        let label = words.text(&format!("cli-show-{}", need.relation), &[]);
        let options = options.collect::<Vec<_>>().join(" | ");
        let what = match need.for_features.is_empty() {
            true => options,
            false => {
                let values = [("packages", options), ("features", need.for_features.join(", "))];
                words.text("cli-show-for-features", &values)
            }
        };
        facts.push(vec![label, what]);
    }
    output::table(&facts)?;
    output::line("")?;
    let versions: Vec<Vec<String>> = package
        .versions
        .iter()
        .map(|version| {
            let date = version.published.as_deref().unwrap_or("").chars().take(10).collect();
            let against = version.advice.first();
            let against = against.map(|advice| format!("advice-{}", advice.severity.as_str()));
            let against = against.map(|id| context.words.text(&id, &[])).unwrap_or_default();
            let mark = format!("{}{against}", if version.installed { "*" } else { "" });
            vec![
                version.version.clone(),
                version.channel.clone(),
                context.words.size(version.size),
                date,
                mark,
            ]
        })
        .collect();
    output::table(&versions)
}
