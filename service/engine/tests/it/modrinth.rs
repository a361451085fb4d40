//! From a Modrinth to the folder of Minecraft and back: a mod is one file that stays whole, and has to be the bytes that
//! the service's SHA-512 says.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{fmt::Write as _, fs};

use muster_domain::VersionRange;
use muster_engine::{ChangeRequest, Engine, EnginePlaces, Key, NewProfile, Phase, Senses, Wish};
use serde_json::{Value, json};

use crate::foreign::{Hosted, host, tree};
use crate::support::{carry_out, ended, outcome};

fn sha512(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha512::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("text");
        text
    })
}

/// What the service says of a project with one version, and the file.
fn offer(host: &Hosted, (id, slug, needs): (&str, &str, &[&str]), jar: &[u8], hash: &str) -> Value {
    let address = format!("http://127.0.0.1:{}/cdn/{slug}.jar", host.port);
    let needs: Vec<Value> =
        needs.iter().map(|id| json!({"project_id": id, "dependency_type": "required"})).collect();
    let version = json!([{
        "id": "V0000001", "project_id": id, "version_number": "1.0", "date_published": "2026-01-01T00:00:00Z",
        "version_type": "release", "game_versions": ["1.20.1"], "loaders": ["fabric"], "dependencies": needs,
        "files": [{"hashes": {"sha1": "00", "sha512": hash}, "url": address, "filename": format!("{slug}-1.0.jar"),
            "primary": true, "size": jar.len()}],
    }]);
    let about = json!({"id": id, "slug": slug, "project_type": "mod", "title": slug, "body": "",
        "license": {"id": "MIT"}});
    let path = id.to_ascii_lowercase();
    let mut files = host.files.lock().expect("lock");
    files.insert(format!("/v2/project/{path}"), about.to_string().into_bytes());
    files.insert(format!("/v2/project/{path}/version"), version.to_string().into_bytes());
    files.insert(format!("/cdn/{slug}.jar"), jar.to_vec());
    json!({"project_id": id, "project_type": "mod", "slug": slug, "title": slug, "categories": ["fabric"]})
}

fn list(host: &Hosted, hits: &[Value]) {
    let mut files = host.files.lock().expect("lock");
    for (facets, hits) in [
        (r#"[["project_type:mod"],["categories:fabric"]]"#, hits),
        (r#"[["project_type:resourcepack","project_type:shader"]]"#, &[]),
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("limit", "100")
            .append_pair("offset", "0")
            .append_pair("index", "downloads")
            .append_pair("facets", facets)
            .finish();
        let page = json!({"hits": hits, "total_hits": hits.len()}).to_string().into_bytes();
        files.insert(format!("/v2/search?{query}").to_ascii_lowercase(), page);
    }
}

#[tokio::test]
async fn a_mod_stays_one_file_and_is_what_its_hash_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let game = folder.path().join("minecraft");
    fs::create_dir_all(game.join("mods")).expect("folders");
    fs::write(game.join("options.txt"), "fov:0.5").expect("written");
    let before = tree(&game);

    let host = host();
    // Not even an archive: whatever is in it is the game's business.
    let (glow, library) = (b"PK-like bytes of a mod".as_slice(), b"library".as_slice());
    let hits = [
        offer(&host, ("GLOW0001", "glow", &["LIB00001"]), glow, &sha512(glow)),
        offer(&host, ("LIB00001", "lib", &[]), library, &sha512(library)),
        offer(&host, ("WRONG001", "wrong", &[]), b"other bytes", &sha512(b"those that were meant")),
    ];
    list(&host, &hits);

    let places = EnginePlaces {
        state: folder.path().join("state"),
        cache: folder.path().join("cache"),
        config: folder.path().join("config"),
    };
    let engine = Engine::open(places, Senses::blind()).await.expect("opens");
    engine.start().await;
    let address = format!("modrinth+http://127.0.0.1:{}/v2/fabric/", host.port);
    let (source, job) = engine.add_source(&address, None, None).await.expect("a source");
    assert_eq!(ended(&engine, job).await.phase, Phase::Done);
    let new = NewProfile {
        name: "crafters".into(),
        game: "minecraft".parse().expect("a game"),
        installation: None,
        folder: Some(game.clone()),
    };
    let profile = engine.create_profile(new).await.expect("a profile");
    let install = |id: &str| {
        let key = Key { source: source.clone(), id: id.parse().expect("an id") };
        let wish = Wish { key, range: VersionRange::any(), sha256: None };
        ChangeRequest { install: vec![wish], ..ChangeRequest::default() }
    };
    assert_eq!(carry_out(&engine, profile, install("WRONG001")).await, "release-differs");
    assert_eq!(tree(&game), before, "wrong bytes change nothing");

    assert_eq!(carry_out(&engine, profile, install("GLOW0001")).await, "done");
    assert_eq!(fs::read(game.join("mods/glow-1.0.jar")).expect("placed"), glow);
    assert_eq!(fs::read(game.join("mods/lib-1.0.jar")).expect("placed"), library);
    let report = engine.verify(profile).await.expect("verified");
    assert_eq!((report.changed.len(), report.missing.len()), (0, 0));
    let lock = engine.profile_detail(profile).await.expect("a profile").lock;
    assert!(lock.contains("vouched = \"first-seen\"") && lock.contains(&sha512(glow)), "{lock}");
    let job = engine.go_back(profile, 0).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(tree(&game), before, "every byte as before");
    engine.close().await;
}
