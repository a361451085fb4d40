//! The way back to the original game, and the proof that it was taken.

use muster_deploy::Proof;
use muster_domain::{JobId, ProfileId};

use crate::{
    Engine, EngineError,
    jobs::{JobRequest, blocking, submit},
    placing,
    profiles::Binding,
};

/// What is in a game's folders, held against what was there before Muster.
#[derive(Clone, Debug)]
pub struct VanillaView {
    /// The profile whose files are there.
    pub placed: Option<ProfileId>,
    /// Absent where Muster never placed anything.
    pub proof: Option<Proof>,
}

impl Engine {
    /// Takes everything of Muster out of the folders that a profile is for, whichever profile's files are there. It
    /// keeps its packages; undoing puts it back. No job where nothing is placed.
    pub async fn vanilla(&self, id: ProfileId) -> Result<Option<(JobId, String)>, EngineError> {
        let place = self.profile(id).await?.place;
        let Some(placed) = self.active_at(&place).await? else { return Ok(None) };
        let job = submit(self, Some(placed.id), JobRequest::Vanilla).await?;
        Ok(Some((job, format!("switch.{}", placed.id))))
    }

    /// Reads every file that was there before Muster and is as it was, so that the proof goes by bytes, and gives the
    /// proof. Takes as long as the disk does; what was read stays known.
    pub async fn read_originals(&self, id: ProfileId) -> Result<VanillaView, EngineError> {
        let profile = self.profile(id).await?;
        {
            let turn = self.turn(&profile.place);
            let _turn = turn.lock().await;
            let engine = self.clone();
            blocking(move || {
                let installation = Binding::of(&profile)?.installation;
                let mut deployment = placing::open(&engine, &installation)?;
                Ok(deployment.hash_originals(&|| engine.is_closing())?)
            })
            .await?;
        }
        self.prove_vanilla(id).await
    }

    /// The proof, as it is now. Changes nothing.
    pub async fn prove_vanilla(&self, id: ProfileId) -> Result<VanillaView, EngineError> {
        let profile = self.profile(id).await?;
        let turn = self.turn(&profile.place);
        let _turn = turn.lock().await;
        let placed = self.active_at(&profile.place).await?.map(|profile| profile.id);
        let engine = self.clone();
        let proof = blocking(move || {
            let binding = Binding::of(&profile)?;
            match engine.has_deployment(&binding.installation) {
                true => Ok(placing::open(&engine, &binding.installation)?.prove()?),
                false => Ok(None),
            }
        });
        Ok(VanillaView { placed, proof: proof.await? })
    }
}
