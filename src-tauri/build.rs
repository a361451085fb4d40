//! Embeds the window's pages and declares the commands that pages may be allowed to call.
//!
//! Without `ui/dist` a development build embeds a page that says so, which lets the crate be checked and tested alone;
//! a release build refuses, because a window without its pages is not a product.

use std::{env, error::Error, path::Path};

/// Every command of the window. A capability must name it too before any page may call it.
const COMMANDS: &[&str] = &[
    "call",
    "subscribe",
    "unsubscribe",
    "start_service",
    "pending_link",
    "window_ready",
    "open_external",
    "open_folder",
    "choose_for_game",
    "add_own_game",
    "remove_own_game",
    "choose_adoption",
    "plan_adoption",
    "adopt",
    "choose_file",
    "agree_to_address",
    "look_at",
    "apply_shared",
    "take_pack",
];

const PLACEHOLDER: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Muster</title>\
    <p>This build has no pages: build <code>ui/</code> first.</p></html>\n";

fn main() -> Result<(), Box<dyn Error>> {
    let pages = Path::new("../ui/dist");
    println!("cargo::rerun-if-changed={}", pages.display());
    println!("cargo::rerun-if-changed=build.rs");
    // Somebody who names other pages (`TAURI_CONFIG`, as for every Tauri program) means them.
    if !pages.join("index.html").is_file() && env::var_os("TAURI_CONFIG").is_none() {
        embed_placeholder()?;
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}

fn embed_placeholder() -> Result<(), Box<dyn Error>> {
    if env::var("PROFILE")? == "release" {
        return Err("ui/dist is missing: run `npm ci && npm run build` in ui/ first".into());
    }
    println!("cargo::warning=ui/dist is missing; the window will only say so");
    let folder = Path::new(&env::var("OUT_DIR")?).join("pages");
    std::fs::create_dir_all(&folder)?;
    let page = std::fs::File::create(folder.join("index.html"));
    std::io::Write::write_all(&mut page?, PLACEHOLDER.as_bytes())?;
    let folder = folder.display().to_string().replace('\\', "/");
    println!("cargo::rustc-env=TAURI_CONFIG={{\"build\":{{\"frontendDist\":\"{folder}\"}}}}");
    Ok(())
}
