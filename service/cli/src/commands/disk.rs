//! What Muster takes on the disks.

use muster_api::{DiskUsage, OperationId, StoreSpace};
use muster_client::Request;

use crate::{context::Context, failure::Failure, output};

pub async fn run(context: &Context) -> Result<(), Failure> {
    let usage: DiskUsage = context.service().await?.ask(Request::new(OperationId::Disk)).await?;
    if context.json {
        return output::json(&usage);
    }
    let words = &context.words;
    let word = |name: &str| words.text(name, &[]);
    let heads = ["folder", "packages", "unique", "shared", "history", "reclaimable"];
    let mut rows: Vec<Vec<String>> =
        vec![heads.iter().map(|head| word(&format!("cli-disk-{head}"))).collect()];
    rows.extend(usage.stores.iter().map(|store| row(context, store)));
    let archives = &usage.archives;
    rows.push(vec![
        archives.folder.clone(),
        words.text("cli-disk-archives", &[("count", archives.archives.to_string())]),
        words.size(archives.size.saturating_add(archives.unfinished)),
        String::new(),
        String::new(),
        words.size(archives.reclaimable),
    ]);
    output::table(&rows)
}

fn row(context: &Context, store: &StoreSpace) -> Vec<String> {
    let words = &context.words;
    if store.away {
        return vec![store.folder.clone(), words.text("cli-disk-away", &[])];
    }
    let mut row = vec![store.folder.clone(), store.packages.to_string()];
    row.extend([store.unique, store.shared, store.history, store.reclaimable].map(|size| words.size(size)));
    row
}
