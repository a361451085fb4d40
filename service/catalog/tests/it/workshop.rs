//! Items of Steam's Workshop on the disk as a source: shown as they are there, whatever lies beside them.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{os::unix::fs::symlink, path::PathBuf, sync::Arc};

use muster_catalog::{Catalog, ForeignAddress, Patience, Query, SearchContext};
use muster_domain::{Coded as _, SourceId};
use muster_store::{CatalogDb, StateDb, state::NewSource};

use crate::support::{at, id};

struct Shelf {
    folder: tempfile::TempDir,
    catalog: Catalog,
    source: SourceId,
}

fn entry(number: u64, size: u64, updated: i64) -> String {
    format!(
        "\t\t\"{number}\"\n\t\t{{\n\t\t\t\"size\"\t\t\"{size}\"\n\t\t\t\"timeupdated\"\t\t\"{updated}\"\n\t\t\t\"manifest\"\t\t\"5\"\n\t\t}}\n"
    )
}

impl Shelf {
    async fn open() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let database = Arc::new(CatalogDb::open(&folder.path().join("catalog.db")).expect("opens"));
        let state = Arc::new(StateDb::open(&folder.path().join("state.db")).expect("opens"));
        let patience = Patience { tries: 1, ..Patience::default() };
        let catalog = Catalog::open(database, state.clone(), patience).await.expect("opens");
        let content = folder.path().join("steamapps/workshop/content/4242");
        let address = format!("workshop:caves+{}", content.display());
        let foreign = ForeignAddress::parse(&address).expect("reads").expect("a workshop");
        let id = foreign.source_id();
        let new = NewSource { id: id.clone(), kind: foreign.kind().into(), address, alias: None, root: None };
        state.sources().add(new, at(0)).await.expect("added");
        let stored = state.sources().get(&id).await.expect("reads").expect("there");
        catalog.open_source(&stored).await.expect("opens");
        Self { folder, catalog, source: id }
    }

    fn workshop(&self) -> PathBuf {
        self.folder.path().join("steamapps/workshop")
    }

    fn item(&self, number: &str, file: &str, text: &str) {
        let path = self.workshop().join("content/4242").join(number).join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("written");
    }

    fn list(&self, entries: &str) {
        let text = format!(
            "\"AppWorkshop\"\n{{\n\t\"appid\"\t\t\"4242\"\n\t\"WorkshopItemsInstalled\"\n\t{{\n{entries}\t}}\n}}\n"
        );
        std::fs::write(self.workshop().join("appworkshop_4242.acf"), text).expect("written");
    }

    async fn sync(&self) -> muster_catalog::Result<muster_catalog::Synced> {
        self.catalog.sync(&self.source, at(1), 0.5).await
    }

    async fn titles(&self) -> Vec<String> {
        let context = SearchContext { now: at(2), ..SearchContext::default() };
        let found = self.catalog.search(&Query::parse("game:caves"), context, 50).await.expect("searched");
        let mut titles: Vec<String> = found.page.rows.into_iter().map(|row| row.title).collect();
        titles.sort();
        titles
    }
}

#[tokio::test]
async fn items_are_shown_with_what_steam_and_they_themselves_say() {
    let shelf = Shelf::open().await;
    shelf.item("818773962", "About/About.xml", "<ModMetaData><name>Soft Lamps</name></ModMetaData>");
    shelf.item("2009463077", "data.bin", "no name anywhere");
    shelf.list(
        &(entry(818_773_962, 7340, 1_600_000_000)
            + &entry(2_009_463_077, 12, 1_700_000_000)
            + &entry(5, 1, 1)),
    );
    assert!(shelf.sync().await.expect("read").changed());
    assert_eq!(shelf.titles().await, ["2009463077", "Soft Lamps"], "what is not there is not shown");
    let shown = shelf.catalog.package(&shelf.source, &id("818773962")).await.expect("shown");
    assert_eq!((shown.package.size, shown.package.version.as_str()), (7340, "2020-09-13"));
    assert_eq!(shown.package.license, None, "nobody said anything");
    assert_eq!(shown.detail["homepage"], "https://steamcommunity.com/sharedfiles/filedetails/?id=818773962");
    assert!(shown.releases.is_empty(), "there is nothing that could be fetched, placed or given away");
    assert!(shelf.catalog.facts(&shelf.source, &id("818773962"), at(1)).await.expect("read").is_empty());
    assert_eq!(shelf.catalog.managed_by(&shelf.source), Some("steam"));
    assert!(!shelf.sync().await.expect("read").changed());

    std::fs::remove_dir_all(shelf.workshop().join("content/4242/2009463077")).expect("unsubscribed");
    shelf.list(&entry(818_773_962, 9000, 1_650_000_000));
    assert!(shelf.sync().await.expect("read").changed());
    assert_eq!(shelf.titles().await, ["Soft Lamps"]);
    let shown = shelf.catalog.package(&shelf.source, &id("818773962")).await.expect("shown");
    assert_eq!((shown.package.size, shown.package.version.as_str()), (9000, "2022-04-15"));
}

#[tokio::test]
async fn links_and_foreign_names_are_passed_over() {
    let shelf = Shelf::open().await;
    shelf.item("11", "mod.json", "{\"name\": \"Real\"}");
    let secret = shelf.folder.path().join("mod.json");
    std::fs::write(&secret, "{\"name\": \"Secret\"}").expect("written");
    let content = shelf.workshop().join("content/4242");
    symlink(shelf.folder.path(), content.join("12")).expect("a link to a folder");
    symlink(&content, content.join("13")).expect("a circle");
    shelf.item("14", "readme.txt", "x");
    symlink(&secret, content.join("14/mod.json")).expect("a link to a file");
    for other in ["x15", "016", "-17", "1 8", "99999999999999999999999"] {
        shelf.item(other, "mod.json", "{\"name\": \"Other\"}");
    }
    std::fs::write(content.join("19"), "a file in place of a folder").expect("written");
    shelf.sync().await.expect("read without Steam's list");
    assert_eq!(shelf.titles().await, ["14", "Real"]);
}

#[tokio::test]
async fn a_bad_list_leaves_what_was_there_and_says_why() {
    let shelf = Shelf::open().await;
    assert_eq!(shelf.sync().await.expect_err("no Steam").code(), "catalog-file");
    shelf.item("11", "mod.json", "{\"name\": \"Real\"}");
    shelf.list(&entry(11, 1, 1_600_000_000));
    shelf.sync().await.expect("read");
    let list = shelf.workshop().join("appworkshop_4242.acf");
    let nested = "\"a\"{".repeat(2_000_000);
    for bad in
        [&b""[..], b"\xff\xfe\x00", b"\"AppWorkshop\" {", nested.as_bytes(), &vec![b'x'; 33 * 1024 * 1024]]
    {
        std::fs::write(&list, bad).expect("written");
        assert_eq!(shelf.sync().await.expect_err("refused").code(), "catalog-file");
        assert_eq!(shelf.titles().await, ["Real"]);
    }
    // In place of the list a link, as whoever may write there could leave.
    std::fs::remove_file(&list).expect("removed");
    symlink("/etc/passwd", &list).expect("a link");
    assert_eq!(shelf.sync().await.expect_err("refused").code(), "catalog-file");
    std::fs::remove_file(&list).expect("removed");
    shelf.list(&entry(11, 2, 1_600_000_000));
    assert!(shelf.sync().await.expect("read").changed());
}
