//! Routes: every file by the folder it lies in, else by its ending, else to where all others go.

use std::collections::BTreeMap;

use muster_domain::PortablePath;
use muster_games::{Layout, Route};

use super::{Candidate, PackageFiles, below};
use crate::DeployError;

/// Takes files out of `rest`, with where each goes. Left are those that no route takes, and those that would lie where
/// another one of the package lies already because folders are left out.
pub(super) fn take<'a>(
    routes: &[Route],
    package: &PackageFiles<'_>,
    rest: &mut Vec<Candidate<'a>>,
) -> Result<Vec<(Candidate<'a>, String, PortablePath)>, DeployError> {
    let mut candidates = std::mem::take(rest);
    // Of several files that would lie in one place the topmost counts.
    candidates.sort_by_key(|candidate| (candidate.path.parts().count(), candidate.path.clone()));
    let mut taken = BTreeMap::new();
    for candidate in candidates {
        let Some((route, inner)) = way(routes, &candidate.path) else {
            rest.push(candidate);
            continue;
        };
        let folder = (route.layout == Layout::Own).then_some(package.name);
        let path = below(package, folder, &inner)?;
        let key = (route.place.clone(), path.fold());
        match taken.contains_key(&key) {
            true => rest.push(candidate),
            false => drop(taken.insert(key, (candidate, route.place.clone(), path))),
        }
    }
    Ok(taken.into_values().collect())
}

/// The route of a file, and its path below the route's own folder.
fn way<'r>(routes: &'r [Route], path: &PortablePath) -> Option<(&'r Route, PortablePath)> {
    let mut above = 0;
    for part in path.parts() {
        above += part.len() + 1;
        // The last part is the file itself.
        let Some(inner) = path.as_str().get(above..).and_then(|inner| inner.parse().ok()) else { break };
        if let Some(route) = routes.iter().find(|route| route.folder.eq_ignore_ascii_case(part)) {
            return Some((route, inner));
        }
    }
    let name = path.file_name().to_lowercase();
    let ending = |route: &Route| {
        let fitting = route.endings.iter().filter(|ending| name.ends_with(&ending.to_lowercase()));
        fitting.map(String::len).max()
    };
    let by_ending =
        routes.iter().filter_map(|route| Some((ending(route)?, route))).max_by_key(|(length, _)| *length);
    let route = by_ending.map(|(_, route)| route).or_else(|| routes.iter().find(|route| route.default))?;
    let inner = match route.layout {
        Layout::Own => path.file_name().parse().ok()?,
        Layout::Shared => path.clone(),
    };
    Some((route, inner))
}
