//! Games that the player adds in the window: a title from the page, paths only from the desktop's own choosers.
//!
//! A definition names a program that will be started, so no page may write one (`security.md` T-97). The page says what
//! the game is called and how its mods lie. Program and folder are chosen in windows that the desktop opens, what will be
//! started is shown once more outside of the page, and the definition is written here.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use muster_api::{Changed, GameDetail, NewGame, OperationId, Settings};
use muster_client::Request;
use muster_domain::GameId;
use muster_messages::Messages;
use serde::Deserialize;
use serde_json::json;
use tauri::{State, WebviewWindow};
use tauri_plugin_dialog::{DialogExt as _, FilePath, MessageDialogButtons};
use tokio::sync::oneshot;

use crate::{
    error::{AppError, Refusal},
    service::Service,
};

/// Longest title, in characters.
const MAX_TITLE: usize = 60;
/// Longest path that a definition can name, in bytes.
const MAX_PATH: usize = 1024;

/// What was chosen for the game that is being added.
#[derive(Debug, Default)]
pub struct Draft(Mutex<Chosen>);

#[derive(Clone, Debug, Default)]
struct Chosen {
    program: Option<PathBuf>,
    folder: Option<PathBuf>,
}

/// What is chosen in a window of the desktop.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The program that starts the game.
    Program,
    /// The folder that the game takes mods from.
    Folder,
}

/// How mods lie in their folder.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Each in a folder of its own.
    FolderEach,
    /// All files beside each other.
    Together,
}

/// Lets the player choose; answers the path for the eyes only, or nothing where the window was closed.
#[tauri::command]
pub async fn choose_for_game(
    window: WebviewWindow,
    service: State<'_, Service>,
    draft: State<'_, Draft>,
    part: Part,
) -> Result<Option<String>, Refusal> {
    let title = match part {
        Part::Program => "window-choose-program",
        Part::Folder => "window-choose-folder",
    };
    let title = words(&service).await?.text(title, &[]);
    let (send, chosen) = oneshot::channel();
    let dialog = window.dialog().file().set_title(title).set_parent(&window);
    let answer = move |path: Option<FilePath>| {
        let _ = send.send(path);
    };
    match part {
        Part::Program => dialog.pick_file(answer),
        Part::Folder => dialog.pick_folder(answer),
    }
    let Some(path) = chosen.await.ok().flatten().and_then(|path| path.into_path().ok()) else {
        return Ok(None);
    };
    let shown = writable(&path)?.to_owned();
    let mut draft = draft.0.lock().unwrap_or_else(PoisonError::into_inner);
    match part {
        Part::Program => draft.program = Some(path),
        Part::Folder => draft.folder = Some(path),
    }
    Ok(Some(shown))
}

/// Adds the game after one more question; answers nothing where the player said no.
#[tauri::command]
pub async fn add_own_game(
    window: WebviewWindow,
    service: State<'_, Service>,
    draft: State<'_, Draft>,
    title: String,
    layout: Layout,
) -> Result<Option<Changed>, Refusal> {
    let Chosen { program, folder } = draft.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let (Some(program), Some(folder)) = (program, folder) else { return Err(AppError::NotChosen.into()) };
    let text = definition(&title, &program, &folder, layout)?;
    let values = [
        ("title", title.clone()),
        ("program", writable(&program)?.to_owned()),
        ("folder", writable(&folder)?.to_owned()),
    ];
    if !agreed(&window, &service, "window-add-game", &values).await? {
        return Ok(None);
    }
    let body = NewGame { definition: text, replace: false };
    let request = Request::new(OperationId::AddGame).body(&body).map_err(|_| AppError::TooLarge)?;
    let changed: Changed = service.client()?.ask(request).await?;
    *draft.0.lock().unwrap_or_else(PoisonError::into_inner) = Chosen::default();
    Ok(Some(changed))
}

/// Forgets a definition of the player's own after one more question.
#[tauri::command]
pub async fn remove_own_game(
    window: WebviewWindow,
    service: State<'_, Service>,
    game: String,
) -> Result<Option<Changed>, Refusal> {
    let detail: GameDetail =
        service.client()?.ask(Request::new(OperationId::Game).path("game", &game)).await?;
    if detail.origins.last().map(String::as_str) != Some("user") {
        return Err(AppError::NotAllowed(format!("remove-game {game}")).into());
    }
    if !agreed(&window, &service, "window-remove-game", &[("title", detail.game.title)]).await? {
        return Ok(None);
    }
    let request = Request::new(OperationId::RemoveGame).path("game", &detail.game.id);
    Ok(Some(service.client()?.ask(request).await?))
}

/// Asks in a window of the desktop, which no page can answer or cover.
pub(crate) async fn agreed(
    window: &WebviewWindow,
    service: &Service,
    id: &str,
    values: &[(&str, String)],
) -> Result<bool, Refusal> {
    let words = words(service).await?;
    let say = |part: &str| words.text(&format!("{id}{part}"), values);
    let (send, answer) = oneshot::channel();
    window
        .dialog()
        .message(say("-about"))
        .title(say(""))
        .parent(window)
        .buttons(MessageDialogButtons::OkCancelCustom(say("-yes"), say("-no")))
        .show(move |yes| {
            let _ = send.send(yes);
        });
    Ok(answer.await.unwrap_or(false))
}

/// What is said outside of the page is in the language of the page.
pub(crate) async fn words(service: &Service) -> Result<Messages, Refusal> {
    let settings: Settings = service.client()?.ask(Request::new(OperationId::Settings)).await?;
    Ok(match settings.language.as_str() {
        "" => Messages::from_environment(&|name| std::env::var(name).ok()),
        language => Messages::for_tag(language),
    })
}

/// A path as definitions can have it: plain text without the braces of their variables.
fn writable(path: &Path) -> Result<&str, AppError> {
    let text = path.to_str().filter(|text| {
        path.is_absolute()
            && text.len() <= MAX_PATH
            && !text.chars().any(|c| c.is_control() || matches!(c, '{' | '}'))
    });
    text.ok_or_else(|| AppError::PathRefused(path.display().to_string()))
}

/// The id of a game with this title: its letters and digits, parted by hyphens.
fn id_of(title: &str) -> Result<GameId, AppError> {
    let plain =
        title.to_lowercase().replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss");
    let parts = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let id = parts.collect::<Vec<_>>().join("-");
    id.parse().map_err(|_| AppError::TitleRefused)
}

/// The definition of a game (`docs/formats/game.md`), as JSON, which is YAML too.
fn definition(title: &str, program: &Path, folder: &Path, layout: Layout) -> Result<String, AppError> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > MAX_TITLE || title.chars().any(char::is_control) {
        return Err(AppError::TitleRefused);
    }
    let refused = || AppError::PathRefused(program.display().to_string());
    let name = program.file_name().and_then(|name| name.to_str()).ok_or_else(refused)?;
    let beside = writable(program.parent().ok_or_else(refused)?)?;
    let system = if cfg!(windows) {
        "windows"
    } else if cfg!(target_os = "macos") {
        "macos"
    } else {
        "linux"
    };
    let rule = match layout {
        Layout::FolderEach => json!({ "glob": "**/*", "place": "mods", "to": "{package}", "names": "path" }),
        Layout::Together => json!({ "glob": "**/*", "place": "mods", "names": "path" }),
    };
    let text = json!({
        "format": 1,
        "id": id_of(title)?,
        "title": title,
        "native": [{ "systems": [system], "programs": { "client": [name] }, "folders": [beside] }],
        "roots": { "user": { system: [writable(folder)?] } },
        "places": { "mods": { "root": "user" } },
        "load-order": "files",
        "install": [{ "files": rule }],
        "launch": { "play": { "program": "client" } },
    });
    Ok(text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(title: &str, program: &str, folder: &str) -> Result<String, AppError> {
        definition(title, Path::new(program), Path::new(folder), Layout::FolderEach)
    }

    #[test]
    fn the_definition_holds_what_was_chosen_and_nothing_else() {
        for (program, folder) in
            [("/opt/marbles/run", "/home/ada/mods"), ("/opt/a \"b\" 'c'/r#n: ü", "/x: [y]/- z")]
        {
            let text = made("Marbles & Co.", program, folder).expect("a definition");
            let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            let path = Path::new(program);
            assert_eq!(read["id"], "marbles-co");
            assert_eq!(
                read["native"][0]["programs"]["client"][0],
                path.file_name().unwrap().to_str().unwrap()
            );
            assert_eq!(read["native"][0]["folders"][0], path.parent().unwrap().to_str().unwrap());
            assert_eq!(read["roots"]["user"]["linux"], json!([folder]));
            assert_eq!(
                read["launch"],
                json!({ "play": { "program": "client" } }),
                "no arguments, no variables"
            );
        }
    }

    #[test]
    fn refuses_titles_and_paths_that_a_definition_cannot_have() {
        let long = "x".repeat(61);
        for title in ["", "  ", "!!!", "a\nb", long.as_str()] {
            assert_eq!(made(title, "/opt/run", "/mods").err(), Some(AppError::TitleRefused), "{title:?}");
        }
        let deep = format!("/{}", "x".repeat(2000));
        for path in ["relative", "/opt/{home}/x", "/a\nb", deep.as_str()] {
            assert!(matches!(made("Marbles", "/opt/run", path), Err(AppError::PathRefused(_))), "{path:?}");
        }
        assert!(made("Marbles", "/", "/mods").is_err());
    }

    #[test]
    fn the_page_can_name_no_path() {
        // T-97
        assert!(serde_json::from_str::<Part>(r#""program""#).is_ok());
        for text in [r#""/bin/sh""#, r#"{"program":"/bin/sh"}"#, "0"] {
            assert!(serde_json::from_str::<Part>(text).is_err(), "{text}");
            assert!(serde_json::from_str::<Layout>(text).is_err(), "{text}");
        }
    }
}
