//! Items of Steam's Workshop on the disk as a source: shown as they are there, whatever lies beside them.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use muster_catalog::{Query, SearchContext};
use muster_domain::Coded as _;

use crate::support::{at, id, shop::Shop};

/// A shop beside a Workshop.
struct Shelf {
    shop: Shop,
}

fn entry(number: u64, size: u64, updated: i64) -> String {
    format!(
        "\t\t\"{number}\"\n\t\t{{\n\t\t\t\"size\"\t\t\"{size}\"\n\t\t\t\"timeupdated\"\t\t\"{updated}\"\n\t\t\t\"manifest\"\t\t\"5\"\n\t\t}}\n"
    )
}

impl Shelf {
    async fn open() -> Self {
        let address = |folder: &Path| {
            format!("workshop:caves+{}", folder.join("steamapps/workshop/content/4242").display())
        };
        Self { shop: Shop::in_folder(address).await }
    }

    fn workshop(&self) -> PathBuf {
        self.shop.folder.path().join("steamapps/workshop")
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

    async fn titles(&self) -> Vec<String> {
        let context = SearchContext { now: at(2), ..SearchContext::default() };
        let found =
            self.shop.catalog.search(&Query::parse("game:caves"), context, 0..50).await.expect("searched");
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
    assert!(shelf.shop.sync(1).await.expect("read").changed());
    assert_eq!(shelf.titles().await, ["2009463077", "Soft Lamps"], "what is not there is not shown");
    let shown = shelf.shop.catalog.package(&shelf.shop.source, &id("818773962")).await.expect("shown");
    assert_eq!((shown.package.size, shown.package.version.as_str()), (7340, "2020-09-13"));
    assert_eq!(shown.package.license, None, "nobody said anything");
    assert_eq!(shown.detail["homepage"], "https://steamcommunity.com/sharedfiles/filedetails/?id=818773962");
    assert!(shown.releases.is_empty(), "there is nothing that could be fetched, placed or given away");
    assert!(
        shelf.shop.catalog.facts(&shelf.shop.source, &id("818773962"), at(1)).await.expect("read").is_empty()
    );
    assert_eq!(shelf.shop.catalog.managed_by(&shelf.shop.source), Some("steam"));
    assert!(!shelf.shop.sync(1).await.expect("read").changed());

    std::fs::remove_dir_all(shelf.workshop().join("content/4242/2009463077")).expect("unsubscribed");
    shelf.list(&entry(818_773_962, 9000, 1_650_000_000));
    assert!(shelf.shop.sync(1).await.expect("read").changed());
    assert_eq!(shelf.titles().await, ["Soft Lamps"]);
    let shown = shelf.shop.catalog.package(&shelf.shop.source, &id("818773962")).await.expect("shown");
    assert_eq!((shown.package.size, shown.package.version.as_str()), (9000, "2022-04-15"));
}

#[tokio::test]
async fn links_and_foreign_names_are_passed_over() {
    let shelf = Shelf::open().await;
    shelf.item("11", "mod.json", "{\"name\": \"Real\"}");
    let secret = shelf.shop.folder.path().join("mod.json");
    std::fs::write(&secret, "{\"name\": \"Secret\"}").expect("written");
    let content = shelf.workshop().join("content/4242");
    symlink(shelf.shop.folder.path(), content.join("12")).expect("a link to a folder");
    symlink(&content, content.join("13")).expect("a circle");
    shelf.item("14", "readme.txt", "x");
    symlink(&secret, content.join("14/mod.json")).expect("a link to a file");
    for other in ["x15", "016", "-17", "1 8", "99999999999999999999999"] {
        shelf.item(other, "mod.json", "{\"name\": \"Other\"}");
    }
    std::fs::write(content.join("19"), "a file in place of a folder").expect("written");
    shelf.shop.sync(1).await.expect("read without Steam's list");
    assert_eq!(shelf.titles().await, ["14", "Real"]);
}

#[tokio::test]
async fn a_bad_list_leaves_what_was_there_and_says_why() {
    let shelf = Shelf::open().await;
    assert_eq!(shelf.shop.sync(1).await.expect_err("no Steam").code(), "catalog-file");
    shelf.item("11", "mod.json", "{\"name\": \"Real\"}");
    shelf.list(&entry(11, 1, 1_600_000_000));
    shelf.shop.sync(1).await.expect("read");
    let list = shelf.workshop().join("appworkshop_4242.acf");
    let nested = "\"a\"{".repeat(2_000_000);
    for bad in
        [&b""[..], b"\xff\xfe\x00", b"\"AppWorkshop\" {", nested.as_bytes(), &vec![b'x'; 33 * 1024 * 1024]]
    {
        std::fs::write(&list, bad).expect("written");
        assert_eq!(shelf.shop.sync(1).await.expect_err("refused").code(), "catalog-file");
        assert_eq!(shelf.titles().await, ["Real"]);
    }
    // In place of the list a link, as whoever may write there could leave.
    std::fs::remove_file(&list).expect("removed");
    symlink("/etc/passwd", &list).expect("a link");
    assert_eq!(shelf.shop.sync(1).await.expect_err("refused").code(), "catalog-file");
    std::fs::remove_file(&list).expect("removed");
    shelf.list(&entry(11, 2, 1_600_000_000));
    assert!(shelf.shop.sync(1).await.expect("read").changed());
}
