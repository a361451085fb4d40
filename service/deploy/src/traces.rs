//! Marks by which other mod managers and mod loaders are known. Pure.

use serde::{Deserialize, Serialize};

use crate::Spot;

/// Names of files and folders in lower case, and whose they are. A name that ends with `*` is a beginning.
const MARKS: &[(&str, &str)] = &[
    ("vortex.deployment.*", "Vortex"),
    ("__folder_managed_by_vortex", "Vortex"),
    ("__vortex_staging_folder", "Vortex"),
    ("modorganizer.ini", "Mod Organizer 2"),
    ("nexus mod manager.ini", "Nexus Mod Manager"),
    ("mods.yml", "r2modman"),
    ("bepinex", "BepInEx"),
    ("doorstop_config.ini", "Unity Doorstop"),
    ("melonloader", "MelonLoader"),
    ("smapi-internal", "SMAPI"),
    ("fabric-server-launch.jar", "Fabric"),
    ("skse64_loader.exe", "SKSE"),
    ("f4se_loader.exe", "F4SE"),
    ("reshade.ini", "ReShade"),
    ("modloader", "Mod Loader"),
];

/// A mark that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Trace {
    #[serde(flatten)]
    pub spot: Spot,
    /// The program that leaves such a mark.
    pub of: String,
}

fn owner(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let fits = |mark: &str| mark.strip_suffix('*').map_or(name == mark, |start| name.starts_with(start));
    MARKS.iter().find(|(mark, _)| fits(mark)).map(|(_, of)| *of)
}

/// The marks among some entries; of nested ones only the outermost.
pub(crate) fn traces<'a>(entries: impl Iterator<Item = &'a Spot>) -> Vec<Trace> {
    let mut found: Vec<Trace> = Vec::new();
    for spot in entries {
        let name = spot.at.rsplit_once('/').map_or(spot.at.as_str(), |(_, name)| name);
        let is_inside = |trace: &Trace| is_within(spot, &trace.spot);
        if let Some(of) = owner(name).filter(|_| !found.iter().any(is_inside)) {
            found.push(Trace { spot: spot.clone(), of: of.to_owned() });
        }
    }
    found
}

/// Whether an entry is another one or lies below it.
pub(crate) fn is_within(spot: &Spot, other: &Spot) -> bool {
    let rest = spot.at.strip_prefix(&other.at).filter(|_| spot.place == other.place);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(at: &str) -> Spot {
        Spot { place: "game".into(), at: at.into() }
    }

    #[test]
    fn marks_are_known_in_any_case_and_once() {
        let entries =
            ["BepInEx", "BepInEx/BepInEx", "BepInEx/core/x.dll", "a/Vortex.deployment.json", "mods"];
        let found = traces(entries.map(spot).iter());
        let shown: Vec<_> = found.iter().map(|trace| (trace.spot.at.as_str(), trace.of.as_str())).collect();
        assert_eq!(shown, [("BepInEx", "BepInEx"), ("a/Vortex.deployment.json", "Vortex")]);
        assert!(is_within(&spot("BepInEx/core/x.dll"), &found[0].spot));
        assert!(!is_within(&spot("BepInExtra"), &found[0].spot));
    }
}
