//! The few things the page may ask the desktop for: show a web page, show a folder.
//!
//! The page can name neither a path nor a program. Addresses are plain `https` only (`security.md` T-94); folders are
//! named by what they are, and their paths come from the service or from [`muster_client::Places`]. Nothing passes through a shell.

use std::path::PathBuf;

use muster_api::{Game, OperationId, ProfileDetail};
use muster_client::Request;
use serde::Deserialize;
use tauri::State;
use url::Url;

use crate::{
    error::{AddressRefusal, AppError, Refusal},
    service::Service,
};

/// Longest address, in bytes.
const MAX_ADDRESS: usize = 2048;

/// A folder that the window can show.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Folder {
    Logs {},
    Config {},
    /// A named place of a game's installation.
    Game {
        game: String,
        installation: String,
        place: String,
    },
    /// A named place of a profile.
    Profile {
        profile: String,
        place: String,
    },
}

/// Opens a web page in the player's browser. The page has shown the host before.
#[tauri::command]
pub async fn open_external(address: String) -> Result<(), Refusal> {
    let address = checked_address(&address).map_err(AppError::Address)?;
    open_detached(address.into())
}

/// Shows a folder in the player's file manager.
#[tauri::command]
pub async fn open_folder(service: State<'_, Service>, folder: Folder) -> Result<(), Refusal> {
    let path = path_of(&service, folder).await?;
    if !path.is_absolute() || !path.is_dir() {
        return Err(AppError::FolderMissing(path.display().to_string()).into());
    }
    open_detached(path.into())
}

fn open_detached(what: std::ffi::OsString) -> Result<(), Refusal> {
    open::that_detached(what).map_err(|error| AppError::Open(error.to_string()).into())
}

async fn path_of(service: &Service, folder: Folder) -> Result<PathBuf, Refusal> {
    let client = service.client()?;
    match folder {
        Folder::Logs {} => Ok(service.places()?.logs.clone()),
        Folder::Config {} => Ok(service.places()?.config.clone()),
        Folder::Game { game, installation, place } => {
            let games: Vec<Game> = client.ask(Request::new(OperationId::Games)).await?;
            let found = games.into_iter().find(|candidate| candidate.id == game);
            let found =
                found.and_then(|game| game.installations.into_iter().find(|each| each.id == installation));
            let path = found.and_then(|installation| installation.places.get(&place).map(PathBuf::from));
            path.ok_or_else(|| AppError::FolderMissing(muster_domain::clean_line(&place, 80)).into())
        }
        Folder::Profile { profile, place } => {
            let request = Request::new(OperationId::Profile).path("profile", profile);
            let detail: ProfileDetail = client.ask(request).await?;
            let path = detail.places.get(&place).map(PathBuf::from);
            path.ok_or_else(|| AppError::FolderMissing(muster_domain::clean_line(&place, 80)).into())
        }
    }
}

/// The address in the form the browser will see it, international host names in their ASCII form.
pub(crate) fn checked_address(text: &str) -> Result<String, AddressRefusal> {
    if text.len() > MAX_ADDRESS {
        return Err(AddressRefusal::TooLong);
    }
    // The URL parser drops tabs and line breaks; what a person was shown would not be what is opened.
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(AddressRefusal::Malformed);
    }
    let url = Url::parse(text).map_err(|_| AddressRefusal::Malformed)?;
    if url.scheme() != "https" {
        return Err(AddressRefusal::NotHttps);
    }
    if !url.username().is_empty()
        || url.password().is_some()
        || text.split(['/', '?', '#']).nth(2).is_some_and(|host| host.contains('@'))
    {
        return Err(AddressRefusal::Credentials);
    }
    if !url.domain().is_some_and(|host| host.contains('.') && !host.starts_with('.')) {
        return Err(AddressRefusal::NoHost);
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// T-94
    #[test]
    fn only_plain_https_addresses_leave() {
        use AddressRefusal::*;
        for (text, why) in [
            ("http://example.org/", NotHttps),
            ("file:///etc/passwd", NotHttps),
            ("ms-settings:privacy", NotHttps),
            ("muster://package/a1/b1/c1", NotHttps),
            ("javascript:alert(1)", NotHttps),
            ("data:text/html,x", NotHttps),
            ("\\\\server\\share", Malformed),
            ("//example.org", Malformed),
            ("example.org", Malformed),
            ("--help", Malformed),
            ("", Malformed),
            (" https://example.org", Malformed),
            ("https://example.org\\@evil.example/", Malformed),
            ("https://exa\tmple.org/", Malformed),
            ("https://example.org/\n--flag", Malformed),
            ("https://user@example.org/", Credentials),
            ("https://user:secret@example.org/", Credentials),
            ("https://@example.org/", Credentials),
            ("https://localhost/", NoHost),
            ("https://127.0.0.1/", NoHost),
            ("https://[::1]/", NoHost),
            ("https://169.254.169.254/latest", NoHost),
        ] {
            assert_eq!(checked_address(text), Err(why), "{text:?}");
        }
        assert_eq!(checked_address(&format!("https://e.org/{}", "x".repeat(3000))), Err(TooLong));
        assert_eq!(checked_address("https://example.org/a?b#c").as_deref(), Ok("https://example.org/a?b#c"));
    }

    /// T-94: a look-alike letter cannot hide, because the ASCII form is what is opened.
    #[test]
    fn international_hosts_are_opened_in_ascii() {
        assert_eq!(checked_address("https://аpple.com/").as_deref(), Ok("https://xn--pple-43d.com/"));
    }

    proptest! {
        #[test]
        fn what_passes_starts_with_https(text in "(https?://|file:|)[a-z@:/.\\\\ ?#%]{0,30}") {
            if let Ok(address) = checked_address(&text) {
                prop_assert!(address.starts_with("https://"));
                prop_assert!(address.bytes().all(|b| b.is_ascii_graphic()));
            }
        }
    }

    #[test]
    fn folders_are_named_by_what_they_are() {
        let read = |text: &str| serde_json::from_str::<Folder>(text);
        assert!(read(r#"{"kind":"logs"}"#).is_ok());
        assert!(read(r#"{"kind":"profile","profile":"x","place":"mods"}"#).is_ok());
        // T-97
        for text in
            [r#"{"kind":"path","path":"/etc"}"#, r#"{"kind":"logs","path":"/etc"}"#, r#""/etc""#, "{}"]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
