//! Files of a pack that no source has: fetched from the addresses that it names, and proved by the SHA-512 that it names.

use muster_adapters::modrinth::PackFile;
use muster_catalog::DocumentAddress;
use muster_domain::PortablePath;
use muster_registry::SharedPackage;
use sha2::Digest as _;
use url::Url;

use super::{
    Look, MAX_FETCHED, PackState,
    error::PackError,
    judge::{Judge, holds_program},
    own::Fetched,
    sources::shared_package,
};
use crate::{Engine, EngineError, FileAt};

/// Whether a file is a mod that the game opens itself.
pub(super) fn is_mod(path: &PortablePath) -> bool {
    path.file_name().to_ascii_lowercase().ends_with(".jar")
}

impl Engine {
    /// Fetches them: mods become packages of the player's own, other files come along with the pack's.
    pub(super) async fn fetch_missing(
        &self,
        look: &Look,
    ) -> Result<(Vec<SharedPackage>, Vec<Fetched>), EngineError> {
        let definition = self.machine().definition(&look.game)?;
        let (mut mods, mut others) = (Vec::new(), Vec::new());
        for file in look.made.files() {
            let path = file.path.as_str();
            let is_missing = |state: &PackState| matches!(state, PackState::ByAddress { .. });
            if !look.mods.iter().any(|one| one.name == path && is_missing(&one.state)) {
                continue;
            }
            let bytes = self.fetch_proved(file, self.pack_addresses(file).await?).await?;
            if is_mod(&file.path) {
                let name = file.path.file_name();
                let at = FileAt::Address(String::new());
                let wish = self.own_file(&look.game, at, name, Some(bytes)).await?;
                mods.push(shared_package(&wish, true)?);
                continue;
            }
            let placed = Judge::new(&definition)?.by_name(&file.path);
            match placed {
                Ok((place, path)) if !holds_program(&bytes) => others.push((place, path, bytes)),
                _ => return Err(differs(file, "it is a program").into()),
            }
        }
        Ok((mods, others))
    }

    /// The first of its addresses that gives exactly this file.
    async fn fetch_proved(&self, file: &PackFile, addresses: Vec<Url>) -> Result<Vec<u8>, EngineError> {
        let mut why = "it names no address".to_owned();
        for address in addresses {
            let document = DocumentAddress::parse(address.as_str())?;
            if self.settings().offline && !document.is_local() {
                return Err(EngineError::Offline);
            }
            match document.fetch(file.size.clamp(1, MAX_FETCHED)).await {
                Ok(bytes) if is_proved(file, &bytes) => return Ok(bytes),
                Ok(_) => "other bytes than it says".clone_into(&mut why),
                Err(error) => why = error.to_string(),
            }
        }
        Err(differs(file, &why).into())
    }
}

fn is_proved(file: &PackFile, bytes: &[u8]) -> bool {
    let found: String = sha2::Sha512::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.len() as u64 == file.size && found == file.sha512
}

fn differs(file: &PackFile, why: &str) -> PackError {
    PackError::FileDiffers { path: file.path.to_string(), why: why.to_owned() }
}
