//! Mods that lie in a folder, taken over in the window: which folder is chosen outside of the page.
//!
//! What is adopted is named by a folder, and a page may name none (`security.md` T-97). It says which of three is meant: the
//! folders of a profile, a profile of another manager that the service itself found, or what the player chose in a window
//! that the desktop opened.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use muster_api::{AdoptionPlan, AdoptionRequest, Changed, ManagedProfile, OperationId};
use muster_client::Request;
use serde::Deserialize;
use tauri::{State, WebviewWindow};
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

use crate::{
    error::{AppError, Refusal},
    own_game::words,
    service::Service,
};

/// The folder that the player chose last.
#[derive(Debug, Default)]
pub struct ChosenFolder(Mutex<Option<PathBuf>>);

impl ChosenFolder {
    fn get(&self) -> Option<PathBuf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What is meant.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what", deny_unknown_fields)]
pub enum Choice {
    /// Everything in the folders that mods of the profile go to.
    Places {},
    /// A profile of another manager, as the service lists it.
    Managed { path: String },
    /// What was chosen in the window of the desktop.
    Chosen {},
}

/// Lets the player choose a folder; answers its path for the eyes only, or nothing where the window was closed.
#[tauri::command]
pub async fn choose_adoption(
    window: WebviewWindow,
    service: State<'_, Service>,
    chosen: State<'_, ChosenFolder>,
) -> Result<Option<String>, Refusal> {
    let title = words(&service).await?.text("window-choose-adoption", &[]);
    let (send, answer) = oneshot::channel();
    window.dialog().file().set_title(title).set_parent(&window).pick_folder(move |path| {
        let _ = send.send(path);
    });
    let Some(path) = answer.await.ok().flatten().and_then(|path| path.into_path().ok()) else {
        return Ok(None);
    };
    let shown = path.display().to_string();
    *chosen.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
    Ok(Some(shown))
}

/// What would be adopted as what, and what stays the player's.
#[tauri::command]
pub async fn plan_adoption(
    service: State<'_, Service>,
    chosen: State<'_, ChosenFolder>,
    choice: Choice,
    profile: Option<String>,
) -> Result<AdoptionPlan, Refusal> {
    let body = request(&service, &chosen, choice, profile).await?;
    let request = Request::new(OperationId::PlanAdoption).body(&body).map_err(|_| AppError::TooLarge)?;
    Ok(service.client()?.ask(request).await?)
}

/// Adopts what the player saw.
#[tauri::command]
pub async fn adopt(
    service: State<'_, Service>,
    chosen: State<'_, ChosenFolder>,
    choice: Choice,
    profile: Option<String>,
    agreed: String,
) -> Result<Changed, Refusal> {
    let body = AdoptionRequest { agreed: Some(agreed), ..request(&service, &chosen, choice, profile).await? };
    let request = Request::new(OperationId::Adopt).body(&body).map_err(|_| AppError::TooLarge)?;
    Ok(service.client()?.ask(request).await?)
}

async fn request(
    service: &Service,
    chosen: &ChosenFolder,
    choice: Choice,
    profile: Option<String>,
) -> Result<AdoptionRequest, Refusal> {
    let path = match choice {
        Choice::Places {} => None,
        Choice::Chosen {} => {
            let folder = chosen.get().ok_or(AppError::NotChosen)?;
            Some(
                folder
                    .to_str()
                    .ok_or_else(|| AppError::PathRefused(folder.display().to_string()))?
                    .to_owned(),
            )
        }
        Choice::Managed { path } => {
            let found: Vec<ManagedProfile> =
                service.client()?.ask(Request::new(OperationId::ManagedProfiles)).await?;
            Some(listed(&found, path)?)
        }
    };
    Ok(AdoptionRequest { profile, game: None, path, agreed: None })
}

/// Only a folder that the service found may be named.
fn listed(found: &[ManagedProfile], path: String) -> Result<String, AppError> {
    match found.iter().any(|profile| profile.path == path) {
        true => Ok(path),
        false => Err(AppError::NotAllowed(format!("adopt {}", path.chars().take(80).collect::<String>()))),
    }
}

#[cfg(test)]
mod tests {
    use muster_api::Manager;

    use super::*;

    #[test]
    fn the_page_can_name_only_what_the_service_found() {
        // T-97
        let found = [ManagedProfile {
            manager: Manager::Gale,
            game: "toy".into(),
            game_title: "Toy".into(),
            game_found: true,
            name: "Crew".into(),
            path: "/home/ada/gale/toy/profiles/Crew".into(),
            mods: 3,
        }];
        assert!(listed(&found, found[0].path.clone()).is_ok());
        for path in ["/etc", "", "/home/ada/gale/toy/profiles/Crew/..", "/home/ada/gale/toy/profiles/crew"] {
            assert!(matches!(listed(&found, path.into()), Err(AppError::NotAllowed(_))), "{path}");
        }
        for text in [r#"{"what":"chosen","path":"/etc"}"#, r#"{"what":"folder"}"#, r#""/etc""#] {
            assert!(serde_json::from_str::<Choice>(text).is_err(), "{text}");
        }
    }
}
