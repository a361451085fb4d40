//! The packages that can matter to one request, read from a [`crate::Provider`].

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use muster_domain::Release;

use crate::{
    PackageKey, Request,
    index::{Index, order, target},
    request::Memo,
};

/// Most packages that one resolution considers.
const MAX_PACKAGES: usize = 20_000;

/// More than a resolution may consider.
#[derive(Debug)]
pub(crate) struct TooLarge;

/// Breadth first from the wishes, along every release's dependencies and those who provide them.
pub(crate) fn load(request: &Request, provider: &Memo<'_>) -> Result<Index, TooLarge> {
    let mut waiting: VecDeque<PackageKey> = {
        let mut wished: Vec<PackageKey> = request.wished.iter().map(|wish| wish.package.clone()).collect();
        wished.sort();
        wished.into()
    };
    let mut found: Vec<(PackageKey, Vec<Arc<Release>>)> = Vec::new();
    let mut known: HashSet<PackageKey> = HashSet::new();
    let mut targets: HashSet<PackageKey> = HashSet::new();
    while let Some(key) = waiting.pop_front() {
        if !known.insert(key.clone()) {
            continue;
        }
        if found.len() >= MAX_PACKAGES {
            return Err(TooLarge);
        }
        // The order in which things are found decides between equals.
        let mut releases = provider.releases(&key);
        releases.sort_by(|a, b| order(a, b).then_with(|| a.archive.sha256.cmp(&b.archive.sha256)));
        let depends = releases.iter().flat_map(|release| &release.depends);
        for requirement in depends.flat_map(|depends| depends.alternatives()) {
            let target = target(&request.options.mapped, &key.source, requirement);
            if targets.insert(target.clone()) {
                let providing = provider.providers(&target).into_iter();
                waiting.extend(providing.map(|id| PackageKey { source: target.source.clone(), id }));
                waiting.push_back(target);
            }
        }
        found.push((key, releases));
    }
    Ok(Index::build(found, &request.installed, request.options.mapped.clone()))
}
