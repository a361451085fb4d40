//! How long syncs, index building and searches take over 100,000 packages: the real rows of a CKAN index, and packages
//! made of their words up to the number.
//!
//! `bench_search make INDEX FOLDER [PACKAGES]` syncs, fills up and writes `documents.jsonl` and `queries.txt` for other
//! engines; `bench_search open FOLDER` is what a start of the service does, and asks the queries.

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use muster_catalog::{Catalog, CkanSource, IndexAddress, Patience, Query, SearchContext, text::fold};
use muster_domain::{Kind, Sha256, SourceId};
use muster_store::{
    CatalogDb, StateDb,
    catalog::{Listing, PackageRow, Shard, ShardRef, Words},
};
use serde_json::json;

/// A small generator, so that every run measures the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % below.max(1)
    }

    /// Small numbers are much likelier than large ones, as words are in texts.
    fn skewed(&mut self, below: usize) -> usize {
        let (one, other) = (self.next(below), self.next(below));
        one * other / below.max(1)
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn context() -> SearchContext {
    SearchContext { now: now(), ..SearchContext::default() }
}

/// Megabytes of this process in memory.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0) / 1024
}

/// Seconds of processor time of this process.
fn processor() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn open(folder: &Path) -> Result<(Arc<CatalogDb>, Arc<StateDb>), Box<dyn Error>> {
    let state = Arc::new(StateDb::open(&folder.join("state.db"))?);
    Ok((Arc::new(CatalogDb::open(&folder.join("catalog.db"))?), state))
}

async fn every_row(catalog: &Catalog) -> Result<Vec<PackageRow>, Box<dyn Error>> {
    let result = catalog.search(&Query::parse("sort:name"), context(), 0..500).await?;
    let (mut rows, total) = (result.page.rows, result.page.total);
    while rows.len() < total {
        let shown = rows.len()..rows.len() + 500;
        rows.extend(catalog.search(&Query::parse("sort:name"), context(), shown).await?.page.rows);
    }
    Ok(rows)
}

/// A package whose texts are made of the words of real ones.
fn made(number: usize, real: &[PackageRow], words: &[String], numbers: &mut Numbers) -> Listing {
    let like = &real[numbers.next(real.len())];
    let mut text = |count: usize| -> String {
        (0..count).map(|_| words[numbers.skewed(words.len())].as_str()).collect::<Vec<_>>().join(" ")
    };
    let (title, summary) = (text(3), text(14));
    let publisher = format!("{}-{}", fold(&like.publisher).replace(' ', "-"), numbers.next(9));
    let publisher: String = publisher.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let name = format!("package-{number}");
    let game = format!("game-{}", numbers.skewed(30));
    let kind = ["mod", "map", "asset-pack", "collection"][numbers.skewed(4)];
    let license = like.license.clone().unwrap_or_else(|| "MIT".into());
    let mut facets = vec![
        ("kind".to_owned(), kind.to_owned()),
        ("license".to_owned(), license.clone()),
        ("game".to_owned(), game.clone()),
        ("publisher".to_owned(), publisher.clone()),
        ("channel".to_owned(), "stable".to_owned()),
    ];
    facets.extend(like.tags.iter().map(|tag| ("tag".to_owned(), tag.clone())));
    Listing {
        id: name.parse().expect("an id"),
        words: Words {
            name: format!("{} {}", fold(&title), fold(&name)),
            tags: format!("{} {}", fold(&like.tags.join(" ")), fold(&publisher)),
            summary: fold(&summary),
            title_key: fold(&title),
            name_key: fold(&name),
        },
        publisher,
        name,
        title,
        summary,
        kind: Kind(kind.into()),
        license: Some(license),
        version: "1.0.0".into(),
        channel: "stable".into(),
        side: "both".into(),
        size: numbers.next(50_000_000) as u64,
        updated: Timestamp::from_second(1_790_000_000 + numbers.next(10_000_000) as i64).ok(),
        published: Timestamp::from_second(1_700_000_000 + numbers.next(90_000_000) as i64).ok(),
        downloads: Some(numbers.next(1_000_000) as u64),
        games: vec![game],
        tags: like.tags.clone(),
        detail: serde_json::Value::Null,
        facets,
        releases: vec![],
    }
}

/// What people type, letter by letter: beginnings of titles, with slips, with a facet now and then.
fn typed(rows: &[PackageRow], numbers: &mut Numbers) -> Vec<String> {
    let mut queries = Vec::new();
    for turn in 0..60 {
        let row = &rows[numbers.next(rows.len())];
        let folded = fold(&row.title);
        let mut text: String = folded.split(' ').take(2).collect::<Vec<_>>().join(" ");
        if turn % 6 == 5 && text.len() > 5 {
            text.remove(3);
        }
        let facet = match turn % 4 {
            0 => row.games.first().map(|game| format!("game:{game} ")),
            1 => row.license.as_ref().map(|license| format!("license:{license} ")),
            _ => None,
        };
        let facet = facet.filter(|facet| facet.matches(' ').count() == 1).unwrap_or_default();
        let letters: Vec<char> = text.chars().collect();
        for end in 1..=letters.len() {
            queries.push(format!("{facet}{}", letters[..end].iter().collect::<String>()));
        }
    }
    queries
}

async fn make(index: &str, folder: &Path, packages: usize) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let (database, state) = open(folder)?;
    let catalog = Catalog::open(database.clone(), state, Patience::default()).await?;
    let address = IndexAddress::parse(&format!("ckan+{index}"))?.ok_or("no index")?;
    let source = Arc::new(CkanSource::open(address, database.clone())?);
    let id = muster_catalog::Source::id(source.as_ref()).clone();
    catalog.add(source);
    for turn in ["first", "again"] {
        let (started, spent) = (Instant::now(), processor());
        let synced = catalog.sync(&id, now(), 0.0).await?;
        let (time, spent) = (started.elapsed(), processor() - spent);
        println!(
            "sync of the real index, {turn}: {time:.2?}, {spent:.2} s of processor, {} parts",
            synced.replaced
        );
    }
    let real = every_row(&catalog).await?;
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for row in &real {
        for word in fold(&format!("{} {}", row.title, row.summary)).split(' ').filter(|word| !word.is_empty())
        {
            *counted.entry(word.to_owned()).or_default() += 1;
        }
    }
    let mut words: Vec<(usize, String)> = counted.into_iter().map(|(word, count)| (count, word)).collect();
    words.sort_by(|a, b| b.cmp(a));
    let words: Vec<String> = words.into_iter().map(|(_, word)| word).collect();
    println!("{} real packages, {} words", real.len(), words.len());
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let source = SourceId::registry(&Sha256([1; 32]));
    let started = Instant::now();
    let missing = packages.saturating_sub(real.len());
    for (shard, first) in (0..missing).step_by(400).enumerate() {
        let numbers = &mut numbers;
        let listings =
            (first..missing.min(first + 400)).map(|number| made(number, &real, &words, numbers)).collect();
        let shard =
            ShardRef { source: source.clone(), path: format!("catalog/{shard}"), sha256: Sha256([0; 32]) };
        database.replace_shard(Shard { shard, listings }, now()).await?;
    }
    println!("{missing} made packages put in: {:.2?}", started.elapsed());
    drop(catalog);
    write_for_others(folder, database, &mut numbers).await
}

async fn write_for_others(
    folder: &Path,
    database: Arc<CatalogDb>,
    numbers: &mut Numbers,
) -> Result<(), Box<dyn Error>> {
    let state = Arc::new(StateDb::open(&folder.join("other.db"))?);
    let catalog = Catalog::open(database, state, Patience::default()).await?;
    let rows = every_row(&catalog).await?;
    let mut documents = fs::File::create(folder.join("documents.jsonl"))?;
    for row in &rows {
        let mut facets: Vec<(&str, &str)> = vec![("kind", &row.kind.0), ("publisher", &row.publisher)];
        facets.extend(row.license.iter().map(|license| ("license", license.as_str())));
        facets.extend(row.games.iter().map(|game| ("game", game.as_str())));
        facets.extend(row.tags.iter().map(|tag| ("tag", tag.as_str())));
        let facets: Vec<_> = facets.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let document = json!({
            "id": row.id.to_string(),
            "name": fold(&format!("{} {}", row.title, row.name)),
            "tags": fold(&format!("{} {}", row.tags.join(" "), row.publisher)),
            "summary": fold(&row.summary),
            "facets": facets,
        });
        writeln!(documents, "{document}")?;
    }
    let queries = typed(&rows, numbers);
    fs::File::create(folder.join("queries.txt"))?.write_all((queries.join("\n") + "\n").as_bytes())?;
    println!("{} packages, {} queries", rows.len(), queries.len());
    Ok(())
}

fn show(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    println!("{name}: {} queries, p50 {:?}, p95 {:?}, p99 {:?}", times.len(), at(50), at(95), at(99));
}

async fn ask(folder: &Path) -> Result<(), Box<dyn Error>> {
    let queries = fs::read_to_string(folder.join("queries.txt"))?;
    let queries: Vec<&str> = queries.lines().collect();
    let (before, started, spent) = (memory(), Instant::now(), processor());
    let (database, state) = open(folder)?;
    println!("muster: files opened in {:?}", started.elapsed());
    let catalog = Catalog::open(database.clone(), state.clone(), Patience::default()).await?;
    println!(
        "muster: kept index taken up in {:?}, {:.2} s of processor",
        started.elapsed(),
        processor() - spent
    );
    let first = queries.first().copied().unwrap_or_default();
    catalog.search(&Query::parse(first), context(), 0..50).await?;
    println!("muster: first search answered after {:?}; {} MB more", started.elapsed(), memory() - before);
    let (mut times, mut slowest) = (Vec::new(), (Duration::ZERO, ""));
    for text in &queries {
        let started = Instant::now();
        let query = Query::parse(text);
        let result = catalog.search(&query, context(), 0..50).await?;
        let time = started.elapsed();
        std::hint::black_box(result);
        times.push(time);
        slowest = slowest.max((time, text));
    }
    show("muster", times);
    println!("muster: slowest {:?} for {:?}; {} MB more", slowest.0, slowest.1, memory() - before);
    drop(catalog);
    database.put_search_image(database.revision().await?, Vec::new()).await?;
    let (started, spent) = (Instant::now(), processor());
    Catalog::open(database, state, Patience::default()).await?;
    println!(
        "muster: without it, built and kept in {:?}, {:.2} s of processor",
        started.elapsed(),
        processor() - spent
    );
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["make", index, folder] => make(index, &PathBuf::from(folder), 100_000).await,
        ["make", index, folder, packages] => make(index, &PathBuf::from(folder), packages.parse()?).await,
        ["open", folder] => ask(&PathBuf::from(folder)).await,
        _ => Err("make INDEX FOLDER [PACKAGES] | open FOLDER".into()),
    }
}
