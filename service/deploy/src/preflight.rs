//! What can be known to fail before the first write.

use std::collections::{BTreeMap, BTreeSet};

use muster_fsx::{Dir, Mode};

use crate::{
    DeployError, Deployment, Plan,
    apply::Watch,
    observe::folder_of,
    plan::{After, Put},
};

/// Longest whole path that programs can open, in bytes.
const MAX_LENGTH: usize = if cfg!(windows) { 259 } else { 4095 };
/// Left free for the journal and for other programs, in bytes.
const MARGIN: u64 = 1024 * 1024;

impl Deployment {
    /// Refuses a plan that cannot succeed.
    pub(crate) fn check_before(&self, plan: &Plan, watch: &Watch<'_>) -> Result<(), DeployError> {
        self.check_names(plan)?;
        self.check_writable(plan)?;
        self.check_locks(plan)?;
        self.check_space(plan, watch)
    }

    /// The game opens its files by their whole paths; reserved names never get as far as a plan.
    fn check_names(&self, plan: &Plan) -> Result<(), DeployError> {
        for step in plan.steps.iter().filter(|step| step.put.is_some()) {
            let Some(root) = self.places.path(&step.place) else { continue };
            if is_too_long(root.as_os_str().len(), &step.at) {
                return Err(DeployError::TooLong { path: root.join(&step.at), limit: MAX_LENGTH });
            }
        }
        Ok(())
    }

    /// No file that will be replaced or removed may be held fast (T-75).
    fn check_locks(&self, plan: &Plan) -> Result<(), DeployError> {
        for step in plan.steps.iter().filter(|step| step.take.is_some()) {
            let Some(root) = self.places.get(&step.place)? else { continue };
            if root.metadata_if_exists(&step.at)?.is_some_and(|metadata| metadata.is_file())
                && root.is_locked(&step.at)?
            {
                return Err(DeployError::Locked { path: root.path().join(&step.at) });
            }
        }
        Ok(())
    }

    /// Every folder that exists and will change must be open to changes (T-75).
    fn check_writable(&self, plan: &Plan) -> Result<(), DeployError> {
        let steps = plan.steps.iter().filter(|step| step.put.is_some() || step.take.is_some());
        let folders: BTreeSet<(&str, &str)> =
            steps.clone().map(|step| (step.place.as_str(), folder_of(&step.at))).collect();
        for (place, folder) in folders {
            let Some(root) = self.places.get(place)? else { continue };
            let metadata = match folder {
                "" => Some(root.own_metadata()?),
                folder => root.metadata_if_exists(folder)?,
            };
            let Some(metadata) = metadata else { continue };
            let is_open = match folder {
                "" => root.is_writable(),
                folder if metadata.is_dir() => root.open_dir(folder)?.is_writable(),
                _ => true,
            };
            if metadata.read_only || !is_open {
                return Err(DeployError::NotWritable { path: root.path().join(folder) });
            }
        }
        let places: BTreeSet<&str> = steps.map(|step| step.place.as_str()).collect();
        for place in places {
            if let Some(root) = self.places.get(place)? {
                probe(root)?;
            }
        }
        Ok(())
    }

    /// Copies need their size, links nearly nothing; whether links are possible was tried out, or follows from the
    /// volumes.
    fn check_space(&self, plan: &Plan, watch: &Watch<'_>) -> Result<(), DeployError> {
        let mut needed: BTreeMap<&str, u64> = BTreeMap::new();
        for step in &plan.steps {
            let (Some(put), Some((_, size))) = (&step.put, step.content) else { continue };
            let Some(root) = self.places.get(&step.place)? else { continue };
            let is_linked = match put {
                Put::Text { .. } | Put::Own | Put::Held { .. } | Put::Kept { .. } => false,
                Put::Backup { .. } => is_same_volume(&self.holds.backup, root)?,
                Put::Tree { tree, .. } => {
                    let package = || match &step.after {
                        After::File { file } => file.package.to_string(),
                        _ => String::new(),
                    };
                    let missing = || DeployError::TreeMissing { package: package() };
                    let tree = watch.trees.tree(&step.place, tree).ok_or_else(missing)?;
                    let is_config =
                        matches!(&step.after, After::File { file } if file.config || file.adopted);
                    let links = watch.links.iter().any(|link| *link != muster_games::LinkChoice::Copy);
                    let is_near = || is_same_volume(tree, root);
                    let is_linked = watch.trees.is_linked(&step.place);
                    links && !is_config && is_linked.map_or_else(is_near, Ok)?
                }
            };
            *needed.entry(&step.place).or_default() += if is_linked { 0 } else { size };
        }
        for (place, needed) in needed {
            let Some(root) = self.places.get(place)? else { continue };
            let (needed, free) = (needed.saturating_add(MARGIN), root.free_space()?);
            if needed > free {
                return Err(DeployError::NoSpace { needed, free });
            }
        }
        Ok(())
    }
}

fn is_too_long(root: usize, at: &str) -> bool {
    root.saturating_add(1).saturating_add(at.len()) > MAX_LENGTH
}

fn is_same_volume(one: &Dir, other: &Dir) -> Result<bool, DeployError> {
    Ok(one.own_metadata()?.volume == other.own_metadata()?.volume)
}

/// Creates a file for a moment: permissions, mount flags and quotas are all asked at once.
fn probe(root: &Dir) -> Result<(), DeployError> {
    let not_writable = |_| DeployError::NotWritable { path: root.path().to_owned() };
    let (name, file) = root.create_temporary().map_err(not_writable)?;
    let opened = file.set_mode(Mode::Writable);
    drop(file);
    // A disk that fails once must not leave the file until the folder is opened again.
    root.remove_file(&name).or_else(|_| root.remove_file(&name))?;
    Ok(opened?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_be_as_long_as_programs_can_open_and_no_longer() {
        let name = "x".repeat(100);
        assert!(!is_too_long(MAX_LENGTH - 101, &name));
        assert!(is_too_long(MAX_LENGTH - 100, &name));
        assert!(is_too_long(usize::MAX, &name));
    }
}
