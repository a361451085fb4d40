//! The window's types, made from the same Rust types as the API.

use std::fmt::Write as _;

use ts_rs::{Config, TS};

use crate::{operations::OPERATIONS, types::*};

macro_rules! declare {
    ($out:ident, $config:ident, $($name:ident),* $(,)?) => {
        $(let _ = writeln!($out, "export {}\n", $name::decl(&$config));)*
    };
}

/// Text of `ui/src/lib/api/generated/types.ts`.
pub fn source() -> String {
    let config = Config::new().with_large_int("number");
    let mut out = String::from(
        "// Made from service/api by `MUSTER_BLESS=1 cargo test -p muster-api`; do not edit.\n\n",
    );
    declare!(
        out,
        config,
        PackageKey,
        Changed,
        Problem,
        Explanation,
        Reason,
        VersionInfo,
        ServiceState,
        Status,
        Game,
        Installation,
        GameDetail,
        NewGame,
        Sort,
        SearchRequest,
        SearchPage,
        Facet,
        FacetValue,
        Seal,
        Signature,
        PackageState,
        PackageRow,
        PackageDetail,
        PackageVersion,
        Need,
        NeedOption,
        Trust,
        Wish,
        ChangeRequest,
        PlanAction,
        PlanItem,
        PlanPreview,
        OfferStrength,
        PlanOffer,
        PlanOption,
        Notice,
        LinkRequest,
        LinkInspection,
        JobKind,
        Phase,
        Job,
        JobMember,
        Profile,
        ProfileDetail,
        ProfileEntry,
        Generation,
        NewProfile,
        ProfilePatch,
        CloneRequest,
        RemovedProfile,
        RestoreRequest,
        GenerationPatch,
        GenerationDifference,
        DifferenceItem,
        PruneRequest,
        PruneReport,
        VanillaProof,
        KeptWhy,
        KeptVersion,
        KeptRestore,
        KeptFree,
        KeptFreed,
        SavesWhen,
        Saves,
        SavesFolder,
        SaveName,
        SavesSnapshot,
        SavesRulesPatch,
        SavesRestore,
        VanillaCounts,
        PlaceFile,
        Departure,
        Departed,
        Modded,
        Keeping,
        Drift,
        OwnFile,
        DriftDecision,
        AdoptionRequest,
        Severity,
        Advice,
        AuditFinding,
        AuditReport,
        Hold,
        Mapping,
        SourcePatch,
        AdoptionPlan,
        ManagedProfile,
        Manager,
        AdoptedMod,
        YoursEntry,
        YoursReason,
        HostLobby,
        HostedLobby,
        LobbyRequest,
        LobbyOffer,
        JoinLobby,
        LobbyPhase,
        JoinedLobby,
        Lobbies,
        SharedText,
        SharedRequest,
        SharedOwner,
        SharedSource,
        SharedOffer,
        ApplyShared,
        CollectionAim,
        CollectionRequest,
        MemberState,
        CollectionMember,
        CollectionOffer,
        MemberCount,
        Collection,
        UpdatePolicy,
        Subscription,
        UpkeepPatch,
        SubscriptionEntry,
        UpkeepState,
        UpkeepItem,
        Upkeep,
        PackRequest,
        PackForm,
        PackState,
        PackRefusal,
        PackMod,
        PackFile,
        PackNeed,
        PackOffer,
        TakePack,
        Followed,
        FileTexts,
        LoadOrder,
        OrderedPackage,
        OrderStep,
        OrderRequest,
        OrderPlan,
        FileHandover,
        Conflicts,
        FileConflict,
        ConflictLoser,
        VerifyReport,
        FileFinding,
        LaunchRequest,
        LaunchReport,
        Lane,
        TransferState,
        Transfer,
        TransferSum,
        TransferGroup,
        Transfers,
        TransferCommand,
        TransferAction,
        AddPeers,
        PeerVia,
        PeerState,
        Peer,
        ArchivePeers,
        PlaceStorage,
        StoreSpace,
        ArchiveSpace,
        DiskUsage,
        Seed,
        Turtle,
        Consider,
        Reach,
        LimitSet,
        PauseLength,
        PauseRequest,
        PauseState,
        MachineState,
        Limits,
        SeedCommand,
        SeedAction,
        RoomRequest,
        RoomPlan,
        RoomItem,
        RoomMade,
        SourceState,
        Source,
        NewSource,
        NewFile,
        SourceOffer,
        FieldFinding,
        AnswerField,
        SourceAnswer,
        KeyDecision,
        Sharing,
        Theme,
        Settings,
        SettingsPatch,
        Snapshot,
        Event,
        EventPayload,
    );
    out.push_str("/** Every operation: method and path. */\nexport const operations = {\n");
    for operation in OPERATIONS {
        let (id, method, path) = (operation.id.as_str(), operation.method.as_str(), operation.path);
        let _ = writeln!(out, "  \"{id}\": {{ method: \"{method}\", path: \"{path}\" }},");
    }
    out.push_str("} as const;\n\nexport type OperationId = keyof typeof operations;\n");
    out
}

#[cfg(test)]
mod tests {
    use std::{env, fs, path::Path};

    /// The types that are checked in are the ones that the code speaks. `MUSTER_BLESS=1` rewrites them.
    #[test]
    #[allow(clippy::disallowed_methods)]
    fn the_checked_in_types_are_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/api/generated/types.ts");
        let text = super::source();
        if env::var_os("MUSTER_BLESS").is_some() {
            fs::create_dir_all(path.parent().expect("has a folder")).expect("made");
            fs::write(&path, &text).expect("written");
        }
        let current = fs::read_to_string(&path).unwrap_or_default();
        assert!(current == text, "stale: run MUSTER_BLESS=1 cargo test -p muster-api");
    }
}
