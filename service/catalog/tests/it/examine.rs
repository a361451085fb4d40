//! A service whose answers changed is told field by field, and asked for no more than it has to be.

use muster_catalog::{Examined, Field, Finding};
use muster_domain::Coded as _;
use serde_json::{Value, json};

use crate::support::{Answer, Host, shop::Shop};

async fn examine(shop: &Shop) -> Vec<Examined> {
    shop.catalog.examine(&shop.source).await.expect("asks")
}

fn bytes(value: &Value) -> Answer {
    Answer::Bytes(value.to_string().into_bytes())
}

/// Fields that cost something.
fn hurt(examined: &[Examined]) -> Vec<(&str, &Field)> {
    let mut found = Vec::new();
    for answer in examined {
        let fields = answer.outcome.as_ref().expect("an answer");
        let hurts = |field: &&Field| field.finding <= Finding::Differs;
        found.extend(fields.iter().filter(hurts).map(|field| (answer.asked.as_str(), field)));
    }
    found
}

#[tokio::test]
async fn a_repository_whose_answers_changed_is_told_where() {
    let host = Host::start().await;
    let shop = Shop::open(&format!("github:minetest+{}repos/Ada/glow", host.address())).await;
    host.answer("repos/Ada/glow", bytes(&json!({"description": 5, "stars": 7})));
    let asset = json!({"name": "a.zip", "size": "7", "browser_download_url": "https://a.example/a.zip"});
    let list = json!([{"tag_name": "v1", "assets": [asset]}, {"tag": "v2", "assets": []}]);
    host.answer("repos/Ada/glow/releases?per_page=100&page=1", bytes(&list));
    let examined = examine(&shop).await;
    let told: Vec<_> = hurt(&examined)
        .into_iter()
        .map(|(_, field)| (field.path.as_str(), field.finding, field.count))
        .collect();
    assert_eq!(
        told,
        [
            ("[].tag_name", Finding::Missing, 1),
            ("[].assets[].size", Finding::Broken, 1),
            ("description", Finding::Differs, 1),
        ]
    );
    let unread = |name: &str| {
        let mut fields = examined.iter().flat_map(|answer| answer.outcome.as_ref().expect("an answer"));
        fields.any(|field| field.path == name && field.finding == Finding::Unread)
    };
    assert!(unread("[].tag") && unread("stars") && !unread("[].tag_name"));

    // What fails costs its own answer only.
    host.answer("repos/Ada/glow", Answer::Status(500));
    let examined = examine(&shop).await;
    assert!(examined[0].outcome.is_ok() && examined[1].outcome.is_err());
}

#[tokio::test]
async fn offline_nobody_is_asked() {
    let shop = Shop::open("modrinth:fabric").await;
    shop.catalog.set_offline(true);
    let error = shop.catalog.examine(&shop.source).await.expect_err("offline");
    assert_eq!(error.code(), "catalog-switched-off");
}

/// What was asked for, without the searches' own words.
fn asked(examined: &[Examined]) -> Vec<&str> {
    examined
        .iter()
        .map(|answer| answer.asked.split_once("search?").map_or(answer.asked.as_str(), |_| "search"))
        .collect()
}

#[tokio::test]
async fn each_service_is_asked_for_one_of_each_answer_that_it_lives_from() {
    let host = Host::start().await;
    let hit = json!({"project_id": "AANobbMI", "project_type": "mod"});
    let facets = r#"[["project_type:mod"],["categories:fabric"]]"#;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("limit", "100")
        .append_pair("offset", "0")
        .append_pair("index", "downloads")
        .append_pair("facets", facets)
        .finish();
    host.answer(&format!("v2/search?{query}"), bytes(&json!({"hits": [hit], "total_hits": 1})));
    host.answer("v2/project/AANobbMI", bytes(&json!({"id": "AANobbMI", "project_type": "mod"})));
    host.answer("v2/project/AANobbMI/version", bytes(&json!([])));
    let modrinth = examine(&Shop::open(&format!("modrinth+{}v2/fabric/", host.address())).await).await;
    assert_eq!(asked(&modrinth), ["search", "project/AANobbMI", "project/AANobbMI/version"]);
    assert!(hurt(&modrinth).is_empty());

    let listed = json!([{"author": "ada", "name": "glow", "type": "mod", "release": 1}]);
    host.answer("api/packages/?fmt=short", bytes(&listed));
    host.answer("api/dependencies/?page=1&num=300", bytes(&json!({"page_count": 1, "items": []})));
    host.answer("api/packages/ada/glow/", bytes(&json!({})));
    host.answer(
        "api/packages/ada/glow/releases/",
        bytes(&json!([{"id": 1, "min_luanti_version": {"name": "5.0"}}])),
    );
    let contentdb = examine(&Shop::open(&format!("contentdb+{}", host.address())).await).await;
    assert_eq!(
        asked(&contentdb),
        [
            "api/packages/?fmt=short",
            "api/dependencies/?page=1&num=300",
            "api/packages/ada/glow/",
            "api/packages/ada/glow/releases/",
        ]
    );
    assert!(hurt(&contentdb).is_empty());
    let releases = contentdb[3].outcome.as_ref().expect("an answer");
    let engine = releases.iter().find(|field| field.path == "[].min_minetest_version").expect("read");
    assert_eq!(engine.finding, Finding::Same, "the new name is read, too");
}

#[tokio::test]
async fn lists_that_cannot_be_read_are_told_whole() {
    let host = Host::start().await;
    host.answer("c/lethal-company/api/v1/package-listing-index/", Answer::Status(404));
    host.answer("c/lethal-company/api/v1/package/", bytes(&json!([{"full_name": "a-b", "versions": {}}, 5])));
    let address = format!("thunderstore+{}c/lethal-company/", host.address());
    let examined = examine(&Shop::open(&address).await).await;
    let told: Vec<_> =
        hurt(&examined).into_iter().map(|(_, field)| (field.path.as_str(), field.finding)).collect();
    assert_eq!(told, [("[]", Finding::Broken), ("[].versions", Finding::Broken)]);

    let index = host.address() + "index.tar.gz";
    host.answer("index.tar.gz", Answer::Bytes(b"no archive".to_vec()));
    let examined = examine(&Shop::open(&format!("ckan+{index}")).await).await;
    assert_eq!(examined[0].outcome.as_ref().expect_err("unreadable").code(), "catalog-index");
}
