//! Steam's own files, read by `steamlocate`.

use std::path::{Component, Path};

use steamlocate::SteamDir;

use crate::SteamApp;

/// A file that cannot be read is a game that was not found.
pub(super) fn apps(steam: &Path, apps: &[u32]) -> Vec<SteamApp> {
    let Ok(libraries) = SteamDir::from_dir(steam).and_then(|steam| steam.libraries()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for library in libraries.filter_map(Result::ok) {
        for app in apps.iter().filter_map(|app| library.app(*app)).filter_map(Result::ok) {
            // A manifest is a file that anybody can write: it names a folder of the library, nothing else.
            let mut parts = Path::new(&app.install_dir).components();
            if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) {
                continue;
            }
            found.push(SteamApp {
                app: app.app_id,
                folder: library.resolve_app_dir(&app),
                compatibility: library.path().join("steamapps/compatdata").join(app.app_id.to_string()),
            });
        }
    }
    found
}
