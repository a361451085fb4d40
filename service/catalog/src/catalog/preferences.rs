//! What the player decided about sources: their order, which are switched off, and whether anybody elsewhere is asked.

use std::sync::{PoisonError, RwLock};

use muster_domain::SourceId;

use crate::{search::Preference, transport::OfflineSwitch};

#[derive(Default)]
pub(super) struct Preferences {
    pub offline: OfflineSwitch,
    of_searches: RwLock<Preference>,
}

impl Preferences {
    pub fn is_offline(&self) -> bool {
        self.offline.is_offline()
    }

    /// As far as searches are concerned.
    pub fn of_searches(&self) -> Preference {
        self.of_searches.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn put_in_order(&self, sources: Vec<SourceId>) {
        self.change(|preference| preference.order = sources);
    }

    /// Shows nothing of a source from now on; its rows stay.
    pub fn hide(&self, source: SourceId) {
        self.change(|preference| {
            preference.hidden.insert(source);
        });
    }

    pub fn show(&self, source: &SourceId) {
        self.change(|preference| {
            preference.hidden.remove(source);
        });
    }

    fn change(&self, change: impl FnOnce(&mut Preference)) {
        change(&mut self.of_searches.write().unwrap_or_else(PoisonError::into_inner));
    }
}
