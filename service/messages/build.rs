//! Lists the message files, so that adding one is enough. Files named `ui-*` are the window's own and stay out.

use std::{env, fs, io::Write as _, path::Path};

/// What the window shows of the service's reasons is shown in the terminal too.
const SHARED: &str = "ui-reasons.ftl";

fn main() {
    let folder = env::var("CARGO_MANIFEST_DIR").expect("set by cargo");
    let target = env::var("OUT_DIR").expect("set by cargo");
    let mut list = String::new();
    for language in ["en", "de"] {
        let path = Path::new(&folder).join(language);
        println!("cargo:rerun-if-changed={}", path.display());
        let entries = fs::read_dir(&path).expect("the folder of a language");
        let mut files: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
        files.retain(|file| {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.ends_with(".ftl") && (!name.starts_with("ui-") || name == SHARED)
        });
        files.sort();
        list.push_str(&format!("/// Every message file in `{language}`: name and text.\n"));
        list.push_str(&format!("pub(crate) const {}: &[(&str, &str)] = &[\n", language.to_uppercase()));
        for file in files {
            let name = file.file_name().and_then(|name| name.to_str()).expect("checked above");
            list.push_str(&format!("    ({name:?}, include_str!({file:?})),\n"));
        }
        list.push_str("];\n");
    }
    let mut file = fs::File::create(Path::new(&target).join("files.rs")).expect("created");
    file.write_all(list.as_bytes()).expect("written");
}
