//! The versions of one file that was changed by hand, side by side, before anything is decided.
//!
//! A file is looked up among those that were placed or kept: a path of a request opens nothing by itself.

use muster_deploy::{AppliedFile, Keep, Key as FileKey, Laid, Own, Sides, Spot, lay};
use muster_domain::{PortablePath, ProfileId};
use muster_store::state::Profile;

use crate::{Engine, EngineError, jobs::blocking, overlay, placing, profiles::Binding};

/// The versions of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileTexts {
    /// The package's file that the player changed; `None` where it is gone.
    pub base: Option<String>,
    pub mine: String,
    /// The package's file as it is now; `None` where no package has it as a text any more.
    pub theirs: Option<String>,
    /// Mine with what the package changed since, as *both* would place it.
    pub merged: Option<String>,
    /// Both changed the same lines; *both* would place mine.
    pub is_conflict: bool,
}

impl Engine {
    /// The versions of a file that was changed by hand, or of which the profile has its own.
    pub async fn file_texts(&self, id: ProfileId, spot: Spot) -> Result<FileTexts, EngineError> {
        let profile = self.profile(id).await?;
        let turn = self.turn(&profile.place);
        let _turn = turn.lock().await;
        let engine = self.clone();
        blocking(move || read(&engine, &profile, &spot)).await
    }
}

fn too_large(path: &str) -> EngineError {
    EngineError::TooLargeToCompare { path: path.to_owned() }
}

fn read(engine: &Engine, profile: &Profile, spot: &Spot) -> Result<FileTexts, EngineError> {
    let unknown = || EngineError::UnknownFile { path: spot.at.clone() };
    let path: PortablePath = spot.at.parse().map_err(|_| unknown())?;
    let key = FileKey::new(&spot.place, &path);
    let own = overlay::own_files(profile)?.into_iter().find(|own| own.key() == key);
    let binding = Binding::of(profile)?;
    let is_placed = profile.active && engine.has_deployment(&binding.installation);
    let deployment = is_placed.then(|| placing::open(engine, &binding.installation)).transpose()?;
    let changed = match &deployment {
        Some(deployment) => deployment.find_changed(&|found: &FileKey, _: &AppliedFile| *found == key)?.pop(),
        None => None,
    };
    let placed = deployment.as_ref().and_then(|deployment| deployment.applied().files.get(&key));
    let theirs = placed.and_then(|file| overlay::packaged(engine, file)?.text);
    let now = match (&deployment, &changed) {
        (Some(deployment), Some(changed)) => {
            Some(deployment.read_changed(changed)?.ok_or_else(|| too_large(&changed.at))?)
        }
        _ => None,
    };
    let (base, mine) = match own {
        Some(Own { base, mine, .. }) => {
            let mine = now.map_or_else(|| overlay::kept(engine, &mine), |now| Ok(Some(now)))?;
            (overlay::kept(engine, &base)?, mine.ok_or_else(|| too_large(&spot.at))?)
        }
        None => (theirs.clone(), now.ok_or_else(unknown)?),
    };
    let laid = match (&base, &theirs) {
        (Some(base), Some(theirs)) => Some(lay(Keep::Both, Sides { base, mine: &mine, theirs })),
        _ => None,
    };
    let text = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
        text.ok_or_else(|| EngineError::NotText { path: spot.at.clone() })
    };
    Ok(FileTexts {
        base: base.map(text).transpose()?,
        mine: text(mine)?,
        theirs: theirs.map(text).transpose()?,
        is_conflict: laid.as_ref().is_some_and(|laid| laid.is_conflict),
        merged: laid.map(|Laid { text: bytes, .. }| text(bytes)).transpose()?,
    })
}
