//! Indexes the documents of `bench_search` with tantivy and times the same queries, with counts of the same facets.
//!
//! `bench-tantivy DOCUMENTS.jsonl QUERIES.txt`: documents folded by us, so that both engines know the same words.

use std::{fs, time::Instant};

use serde::Deserialize;
use tantivy::{
    Index, Term,
    collector::{Count, FacetCollector, TopDocs},
    doc,
    query::{AllQuery, BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, Query, TermQuery},
    schema::{Facet, FacetOptions, Field, IndexRecordOption, STORED, STRING, Schema, TEXT},
};

#[derive(Deserialize)]
struct Document {
    id: String,
    name: String,
    tags: String,
    summary: String,
    facets: Vec<(String, String)>,
}

const FACETS: [&str; 5] = ["game", "kind", "tag", "license", "publisher"];

fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0) / 1024
}

/// Every word as a beginning, in any of the texts, the name first; conditions as facets.
fn query(text: &str, fields: [Field; 3], facets: Field) -> Box<dyn Query> {
    let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for word in text.split_whitespace() {
        if let Some((facet, value)) = word.split_once(':') {
            let term = Term::from_facet(facets, &Facet::from_path([facet, value]));
            parts.push((Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic))));
            continue;
        }
        let boosts = [4.0, 2.0, 1.0];
        let any = fields.iter().zip(boosts).map(|(field, boost)| {
            let prefix = FuzzyTermQuery::new_prefix(Term::from_field_text(*field, word), 0, true);
            (Occur::Should, Box::new(BoostQuery::new(Box::new(prefix), boost)) as Box<dyn Query>)
        });
        parts.push((Occur::Must, Box::new(BooleanQuery::new(any.collect()))));
    }
    if parts.is_empty() { Box::new(AllQuery) } else { Box::new(BooleanQuery::new(parts)) }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, documents, queries] = &arguments[..] else { return Err("DOCUMENTS QUERIES".into()) };
    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING | STORED);
    let fields = ["name", "tags", "summary"].map(|name| schema.add_text_field(name, TEXT));
    let facets = schema.add_facet_field("facets", FacetOptions::default());
    let index = Index::create_in_ram(schema.build());
    let documents = fs::read_to_string(documents)?;
    let started = Instant::now();
    let mut writer = index.writer_with_num_threads(1, 100_000_000)?;
    for line in documents.lines() {
        let document: Document = serde_json::from_str(line)?;
        let mut row = doc!(id => document.id, fields[0] => document.name, fields[1] => document.tags, fields[2] => document.summary);
        for (facet, value) in &document.facets {
            row.add_facet(facets, Facet::from_path([facet, value]));
        }
        writer.add_document(row)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    println!("tantivy: index built in {:?} (with writing), {} MB", started.elapsed(), memory());
    let reader = index.reader()?;
    let searcher = reader.searcher();
    let mut times = Vec::new();
    let mut found = 0;
    for text in fs::read_to_string(queries)?.lines() {
        let started = Instant::now();
        let mut counts = FacetCollector::for_field("facets");
        FACETS.iter().for_each(|facet| counts.add_facet(&format!("/{facet}")));
        let query = query(text, fields, facets);
        let (count, top, counts) =
            searcher.search(&query, &(Count, TopDocs::with_limit(50), counts))?;
        let listed: usize = FACETS.iter().map(|facet| counts.top_k(&format!("/{facet}"), 200).len()).sum();
        times.push(started.elapsed());
        found += count + top.len() + listed;
    }
    times.sort();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    println!("tantivy: {} queries, p50 {:?}, p95 {:?}, p99 {:?} ({found})", times.len(), at(50), at(95), at(99));
    Ok(())
}
