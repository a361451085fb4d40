//! What the player may want to look at without having asked for anything: what sources feature, and what trends.

use std::sync::Arc;

use jiff::Timestamp;
use muster_domain::SourceId;
use muster_registry::Pick;

use super::{Catalog, Member};
use crate::{Result, Trending, trending};

impl Catalog {
    /// What each source features, in the player's order of sources, as of their last syncs. A list that cannot be read is
    /// empty: nothing depends on it.
    pub async fn featured(&self) -> Vec<(SourceId, Vec<Pick>)> {
        let mut lists = Vec::new();
        for member in self.members() {
            let id = member.source.id().clone();
            match member.source.featured().await {
                Ok(picks) if picks.is_empty() => {}
                Ok(picks) => lists.push((id, picks)),
                Err(error) => {
                    tracing::warn!(source = %id, %error, "what a source features cannot be read");
                }
            }
        }
        let order = self.preferences.of_searches().order;
        lists.sort_by_key(|(id, _)| order.iter().position(|known| known == id).unwrap_or(usize::MAX));
        lists
    }

    /// What moved lately in the sources that count downloads, the most notable first, as of their last syncs.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn trending(&self) -> Result<Arc<Vec<Trending>>> {
        let mut known = self.trends.lock().await;
        if let Some(known) = &*known {
            return Ok(known.clone());
        }
        let mut found = Vec::new();
        for member in self.members().into_iter().filter(|member| member.registry.is_none()) {
            let source = member.source.id();
            let Some(counted) = self.database.counted_at(source).await? else { continue };
            let marks = self.database.download_marks(source).await?;
            let Some(since) = trending::base(&marks, counted) else { continue };
            let grown = self.database.grown_since(source, since).await?;
            found.extend(trending::trending(source, grown, (since, counted)));
        }
        trending::sort(&mut found);
        let found: Arc<Vec<Trending>> = Arc::new(found.into_iter().map(|(_, one)| one).collect());
        *known = Some(found.clone());
        Ok(found)
    }

    /// What was worked out of counts does not hold any more.
    pub(super) async fn forget_trends(&self) {
        *self.trends.lock().await = None;
    }

    /// Keeps the counts of a source that was just synced, where it is time for that. Registries count nothing.
    pub(super) async fn mark_downloads(&self, member: &Member, now: Timestamp) {
        if member.registry.is_some() {
            return;
        }
        let source = member.source.id();
        let marked = async {
            let marking = trending::marking(&self.database.download_marks(source).await?, now);
            if marking != trending::Marking::default() {
                let take = marking.take.then_some(now);
                self.database.mark_downloads(source, take, marking.forget).await?;
            }
            Ok::<_, muster_store::Error>(())
        };
        if let Err(error) = marked.await {
            tracing::warn!(%source, %error, "counts of downloads are not kept");
        }
    }
}
