//! Packages that are mod loaders, and where in their archives the copy of the game's folder lies.
//!
//! Facts of the Thunderstore ecosystem schema (MIT, Mythic and Thunderstore), state of 2026-08-22; only BepInEx is
//! written down, because only its games are defined here.

/// The usual folder.
const USUAL: &str = "BepInExPack";

/// Packages whose folder is called like every other's.
const USUALLY: &[&str] = &[
    "BOMBANANA_Modding-BepInExPack_BOMBANANA",
    "BepInEx-BepInExPack",
    "BepInEx-BepInExPack_Aeruta",
    "BepInEx-BepInExPack_BadNorth",
    "BepInEx-BepInExPack_CrabGame",
    "BepInEx-BepInExPack_FootballManager26",
    "BepInEx-BepInExPack_IL2CPP",
    "BepInEx-BepInExPack_InSilence",
    "BepInEx-BepInExPack_LensIsland",
    "BepInEx-BepInExPack_LostSkies",
    "BepInEx-BepInExPack_Necropolis",
    "BepInEx-BepInExPack_Ostranauts",
    "BepInEx-BepInExPack_Patapon",
    "BepInEx-BepInExPack_Silksong",
    "BepInEx-BepInExPack_Skul",
    "BepInEx-BepInExPack_SlashersKeep",
    "BepInEx-BepInExPack_Thronefall",
    "BepInEx-BepInExPack_WizardWithAGun",
    "BepInEx-BepInExPack_x86",
    "BepInEx_Wormtown-BepInExPack",
    "GoblinCleanupModding-BepInExPack_GoblinCleanup",
    "Nucleares_Modding-BepInExPack_Nucleares",
    "Romestead_Modding-BepInExPack_Romestead",
    "SFTG_Modding-BepInExPack_SFTG",
    "SlipSkid_Modding-BepInExPack_SlipSkid",
    "Subnautica_Modding-BepInExPack",
    "bbepis-BepInExPack",
    "bbepisTaleSpire-BepInExPack",
    "grime_modding-BepInExPack_Grime",
    "silksong_modding-BepInExPack_Silksong",
    "xiaoxiao921-BepInExPack",
    "xiaoye97-BepInEx",
];

/// Packages whose folder has a name of its own; an empty one means the archive itself.
const OTHERS: &[(&str, &str)] = &[
    ("1F31A-BepInEx_Valheim_Full", "BepInEx_Valheim_Full"),
    ("BepInEx-BepInExPack_AGAINST", "BepInExPack_AGAINST"),
    ("BepInEx-BepInExPack_AcrossTheObelisk", "BepInExPack_AcrossTheObelisk"),
    ("BepInEx-BepInExPack_Aloft", "BepInExPack_Aloft"),
    ("BepInEx-BepInExPack_AmongUs", "BepInExPack_AmongUs"),
    ("BepInEx-BepInExPack_CaLABP", "BepInExPack_CaLABP"),
    ("BepInEx-BepInExPack_Chrono_Ark", "BepInExPack_Chrono_Ark"),
    ("BepInEx-BepInExPack_Core_Keeper", "BepInExPack_Core-Keeper"),
    ("BepInEx-BepInExPack_CultOfTheLamb", "BepInExPack_CultOfTheLamb"),
    ("BepInEx-BepInExPack_EtG", "BepInExPack_EtG"),
    ("BepInEx-BepInExPack_ForTheKing", "BepInExPack_ForTheKing"),
    ("BepInEx-BepInExPack_GTFO", "BepInExPack_GTFO"),
    ("BepInEx-BepInExPack_H3VR", "BepInExPack_H3VR"),
    ("BepInEx-BepInExPack_HOTDS", "BepInExPack_HOTDS"),
    ("BepInEx-BepInExPack_HumanFallFlat", "BepInExPack_HumanFallFlat"),
    ("BepInEx-BepInExPack_Inscryption", "BepInExPack_Inscryption"),
    ("BepInEx-BepInExPack_LLBlaze", "BepInExPack_LLBlaze"),
    ("BepInEx-BepInExPack_Magicite", "BepInExPack_Magicite"),
    ("BepInEx-BepInExPack_Muck", "BepInExPack_Muck"),
    ("BepInEx-BepInExPack_Mycopunk", "BepInExPack_Mycopunk"),
    ("BepInEx-BepInExPack_NASB", "BepInExPack_NASB"),
    ("BepInEx-BepInExPack_NearlyDead", "BepInExPack_NearlyDead"),
    ("BepInEx-BepInExPack_Outward", "BepInExPack_Outward"),
    ("BepInEx-BepInExPack_PEAK", "BepInExPack_PEAK"),
    ("BepInEx-BepInExPack_Peglin", "BepInExPack_Peglin"),
    ("BepInEx-BepInExPack_PotionCraft", "BepInExPack_PotionCraft"),
    ("BepInEx-BepInExPack_ROUNDS", "BepInExPack_ROUNDS"),
    ("BepInEx-BepInExPack_Ravenfield", "BepInExPack_Ravenfield"),
    ("BepInEx-BepInExPack_RogueGenesia", "BepInExPack_RogueGenesia"),
    ("BepInEx-BepInExPack_Stacklands", "BepInExPack_Stacklands"),
    ("BepInEx-BepInExPack_Starsand", "BepInExPack_Starsand"),
    ("BepInEx-BepInExPack_TABS", "BepInExPack_TABS"),
    ("BepInEx-BepInExPack_Timberborn", "BepInExPack_Timberborn"),
    ("BepInEx-BepInExPack_TromboneChamp", "BepInExPack_TromboneChamp"),
    ("BepInEx-BepInExPack_VTOL_VR", "BepInExPack_VTOL_VR"),
    ("BepInEx-BepInExPack_V_Rising", "BepInExPack_V_Rising"),
    ("BepInExPackMTD-BepInExPack_20MTD", "BepInExPack_20MTD"),
    ("Modding_Council-BepInExPack_of_Legend", "BepInExPack_of_Legend"),
    ("PCVR_Modders-BepInExPack_GHVR", "BepInExPack_GHVR"),
    ("Subnautica_Modding-BepInExPack_BelowZero", "BepInExPack_BelowZero"),
    ("Subnautica_Modding-BepInExPack_Subnautica", "BepInExPack_Subnautica"),
    ("Subnautica_Modding-BepInExPack_Subnautica_Experimental", "BepInExPack_Subnautica_Experimental"),
    ("SunkenlandModding-BepInExPack_Sunkenland", "BepInExPack_Sunkenland"),
    ("Zinal001-BepInExPack_MECHANICA", "BepInExPack_MECHANICA"),
    ("bbepis-BepInEx_Rogue_Tower", ""),
    ("denikson-BepInExPack_Valheim", "BepInExPack_Valheim"),
];

/// The folder inside a loader's archive whose content belongs into the game's folder; `None` for all other packages.
pub fn loader_folder(full_name: &str) -> Option<&'static str> {
    if USUALLY.contains(&full_name) {
        return Some(USUAL);
    }
    OTHERS.iter().find(|(name, _)| *name == full_name).map(|(_, folder)| *folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thunderstore::FullName;

    #[test]
    fn loaders_are_packages_with_a_folder() {
        assert_eq!(loader_folder("BepInEx-BepInExPack"), Some("BepInExPack"));
        assert_eq!(loader_folder("denikson-BepInExPack_Valheim"), Some("BepInExPack_Valheim"));
        assert_eq!(loader_folder("somebody-BepInExPack"), None);
        let all = USUALLY.iter().chain(OTHERS.iter().map(|(name, _)| name));
        assert!(all.into_iter().all(|name| name.parse::<FullName>().is_ok()));
    }
}
