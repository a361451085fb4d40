//! The closed set of operations: one table that the server, the client, the window's allow-list and the OpenAPI
//! document are all made from.

/// HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One operation of the API.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    pub id: OperationId,
    pub method: Method,
    /// Path with `{parameters}`, each one percent-encoded segment.
    pub path: &'static str,
    pub summary: &'static str,
    /// Schema name of the request body.
    pub body: Option<&'static str>,
    /// Schema name of the reply; a trailing `[]` means an array.
    pub reply: &'static str,
}

macro_rules! operations {
    ($($id:ident = $name:literal, $method:ident $path:literal, $summary:literal, $body:expr => $reply:literal;)*) => {
        /// Names of the operations.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum OperationId { $($id),* }

        impl OperationId {
            /// The stable name, as the window and the OpenAPI document use it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$id => $name),* }
            }

            /// The operation with this stable name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$id),)* _ => None }
            }

            /// Its row in the table.
            pub fn operation(self) -> &'static Operation {
                &OPERATIONS[self as usize]
            }
        }

        /// All operations, in the order of [`OperationId`].
        pub const OPERATIONS: &[Operation] = &[
            $(Operation {
                id: OperationId::$id, method: Method::$method, path: $path, summary: $summary, body: $body, reply: $reply,
            }),*
        ];
    };
}

operations! {
    Version = "version", Get "/v1/version", "API versions and build", None => "VersionInfo";
    Status = "status", Get "/v1/status", "The service at a glance", None => "Status";
    Events = "events", Get "/v1/events", "Snapshot, then numbered events (server-sent events)", None => "Event";
    Shutdown = "shutdown", Post "/v1/shutdown", "Finish what cannot be interrupted and exit", None => "Changed";
    Metrics = "metrics", Get "/v1/metrics", "Figures in Prometheus text format", None => "text";

    Games = "games", Get "/v1/games", "Games and where they were found", None => "Game[]";
    Game = "game", Get "/v1/games/{game}", "A game and what its definition says", None => "GameDetail";
    AddGame = "add-game", Post "/v1/games", "Add a definition of the player's own", Some("NewGame") => "Changed";
    RemoveGame = "remove-game", Delete "/v1/games/{game}", "Forget a definition of the player's own", None => "Changed";

    Search = "search", Get "/v1/packages", "Search the catalog", None => "SearchPage";
    Package = "package", Get "/v1/packages/{source}/{id}", "One package with its versions", None => "PackageDetail";

    Changes = "changes", Get "/v1/packages/{source}/{id}/changes", "What is new from one version of a package to another, joined over those between", None => "Changes";

    Audit = "audit", Get "/v1/audit", "Installed packages that sources advise against", None => "AuditReport";

    Plan = "plan", Post "/v1/plans", "What a change would do; changes nothing", Some("ChangeRequest") => "PlanPreview";
    Change = "change", Post "/v1/changes", "Install, update, remove, switch on or off, as one step", Some("ChangeRequest") => "Changed";
    InspectLink = "inspect-link", Post "/v1/links/inspect", "What a muster:// link asks for; changes nothing", Some("LinkRequest") => "LinkInspection";

    Jobs = "jobs", Get "/v1/jobs", "Unfinished and recent jobs", None => "Job[]";
    Job = "job", Get "/v1/jobs/{job}", "One job", None => "Job";
    CancelJob = "cancel-job", Post "/v1/jobs/{job}/cancel", "Stop a job at the next safe point", None => "Changed";

    Profiles = "profiles", Get "/v1/profiles", "All profiles", None => "Profile[]";
    CreateProfile = "create-profile", Post "/v1/profiles", "Make a profile", Some("NewProfile") => "Changed";
    Profile = "profile", Get "/v1/profiles/{profile}", "A profile with packages and history", None => "ProfileDetail";
    PatchProfile = "patch-profile", Patch "/v1/profiles/{profile}", "Rename, activate, bind to a world", Some("ProfilePatch") => "Changed";
    CloneProfile = "clone-profile", Post "/v1/profiles/{profile}/clone", "Copy a profile with everything in it", Some("CloneRequest") => "Changed";
    RemoveProfile = "remove-profile", Delete "/v1/profiles/{profile}", "Take a profile away; it can come back", None => "Changed";
    RemovedProfiles = "removed-profiles", Get "/v1/removed-profiles", "Profiles that can come back", None => "RemovedProfile[]";
    RestoreProfile = "restore-profile", Post "/v1/removed-profiles/{profile}/restore", "Bring a removed profile back", Some("RestoreRequest") => "Changed";
    Difference = "difference", Get "/v1/profiles/{profile}/generations/{generation}/difference/{other}", "What turns one state into another", None => "GenerationDifference";
    NameGeneration = "name-generation", Patch "/v1/profiles/{profile}/generations/{generation}", "Give a state a name, so that it is kept", Some("GenerationPatch") => "Changed";
    Prune = "prune", Post "/v1/profiles/{profile}/prune", "Let old states go", Some("PruneRequest") => "PruneReport";
    UndoLast = "undo-last", Post "/v1/profiles/{profile}/undo", "Put the last change of a profile back", None => "Changed";
    GoBack = "go-back", Post "/v1/profiles/{profile}/generations/{generation}/restore", "Go back to an earlier state, as a new step", None => "Changed";
    LoadOrder = "load-order", Get "/v1/profiles/{profile}/order", "In which order packages count, and wishes that contradict each other", None => "LoadOrder";
    PlanOrder = "plan-order", Post "/v1/profiles/{profile}/order/plan", "Which files another order would give to whom; changes nothing", Some("OrderRequest") => "OrderPlan";
    Conflicts = "conflicts", Get "/v1/profiles/{profile}/conflicts", "Files that several packages hold: who wins, and why", None => "Conflicts";
    Why = "why", Get "/v1/profiles/{profile}/packages/{source}/{id}/why", "Who asked for a package of a profile and what needs it, for which of its features", None => "Why";
    Verify = "verify", Post "/v1/profiles/{profile}/verify", "Compare every placed file with its hash", None => "VerifyReport";
    Repair = "repair", Post "/v1/profiles/{profile}/repair", "Put damaged and missing files right; what somebody changed is kept first", None => "Changed";
    Drift = "drift", Get "/v1/profiles/{profile}/drift", "Files of packages that were changed by hand", None => "Drift";
    CompareTexts = "compare-texts", Post "/v1/profiles/{profile}/drift/texts", "The versions of a text that was changed by hand; changes nothing", Some("PlaceFile") => "FileTexts";
    DecideDrift = "decide-drift", Post "/v1/profiles/{profile}/drift", "Keep the player's, the package's, or both", Some("DriftDecision") => "Changed";
    Kept = "kept", Get "/v1/profiles/{profile}/kept", "Versions of files that were set aside", None => "KeptVersion[]";
    RestoreKept = "restore-kept", Post "/v1/profiles/{profile}/kept/restore", "Bring versions of files back; what is there is set aside first", Some("KeptRestore") => "Changed";
    FreeKept = "free-kept", Post "/v1/profiles/{profile}/kept/free", "Let versions of files go for good", Some("KeptFree") => "KeptFreed";
    Saves = "saves", Get "/v1/profiles/{profile}/saves", "Saves of the profile's game, and snapshots of them", None => "Saves";
    SetSavesRules = "set-saves-rules", Patch "/v1/profiles/{profile}/saves", "When saves are snapshotted, and how much is kept", Some("SavesRulesPatch") => "Changed";
    SnapshotSaves = "snapshot-saves", Post "/v1/profiles/{profile}/saves", "Snapshot the saves now", None => "Changed";
    RestoreSaves = "restore-saves", Post "/v1/profiles/{profile}/saves/{snapshot}/restore", "Bring saves back; those that are there are snapshotted first", Some("SavesRestore") => "Changed";
    FreeSaves = "free-saves", Delete "/v1/profiles/{profile}/saves/{snapshot}", "Let a snapshot of saves go for good", None => "Changed";
    Vanilla = "vanilla", Post "/v1/profiles/{profile}/vanilla", "Take everything of Muster out of the game's folders", None => "Changed";
    VanillaProof = "vanilla-proof", Get "/v1/profiles/{profile}/vanilla", "What is there, held against what was there before Muster", None => "VanillaProof";
    ReadOriginals = "read-originals", Post "/v1/profiles/{profile}/vanilla/read", "Read every file that was there, so that the proof goes by bytes", None => "VanillaProof";
    Launch = "launch", Post "/v1/profiles/{profile}/launch", "Start the game, or let its server prove what it loads", Some("LaunchRequest") => "LaunchReport";
    ManagedProfiles = "managed-profiles", Get "/v1/adoptions/profiles", "Profiles that other managers keep of games that are known here", None => "ManagedProfile[]";
    PlanAdoption = "plan-adoption", Post "/v1/adoptions/plan", "Mods that lie in a folder: what would be adopted as what; changes nothing", Some("AdoptionRequest") => "AdoptionPlan";
    Adopt = "adopt", Post "/v1/adoptions", "Take mods that lie in a folder into a profile, where they lie", Some("AdoptionRequest") => "Changed";
    ShareProfile = "share-profile", Get "/v1/profiles/{profile}/shared", "What a profile says to others: packages and their order, nothing else", None => "SharedText";
    InspectShared = "inspect-shared", Post "/v1/shared/inspect", "What applying a shared profile would do; changes nothing", Some("SharedRequest") => "SharedOffer";
    ApplyShared = "apply-shared", Post "/v1/shared", "Make a profile what a shared one says, and follow it where asked", Some("ApplyShared") => "Changed";
    Followed = "followed", Get "/v1/followed", "Profiles of others that are followed", None => "Followed[]";
    LookForNews = "look-for-news", Post "/v1/followed", "Ask every followed address for its newest version; applies nothing", None => "Followed[]";
    Unfollow = "unfollow", Delete "/v1/profiles/{profile}/followed", "Follow no more; the profile stays as it is", None => "Changed";
    Lobbies = "lobbies", Get "/v1/lobbies", "The lobby that is open here, and the one that was joined", None => "Lobbies";
    HostLobby = "host-lobby", Post "/v1/lobbies/hosted", "Open a lobby for a profile as it is now; one that was open is closed", Some("HostLobby") => "HostedLobby";
    CloseLobby = "close-lobby", Delete "/v1/lobbies/hosted", "Close the lobby that is open here", None => "Changed";
    InspectLobby = "inspect-lobby", Post "/v1/lobbies/inspect", "What joining would do; asks the players of a link for its ticket", Some("LobbyRequest") => "LobbyOffer";
    JoinLobby = "join-lobby", Post "/v1/lobbies/joined", "Bring a lobby's mods for the match, as they were looked at", Some("JoinLobby") => "Changed";
    ForgetHost = "forget-host", Delete "/v1/lobbies/hosts/{key}", "Ask about this host's lobbies again", None => "Changed";
    LeaveLobby = "leave-lobby", Delete "/v1/lobbies/joined", "Bring the own profile back", None => "Changed";
    Collections = "collections", Get "/v1/profiles/{profile}/collections", "Collections that a profile has", None => "Collection[]";
    InspectCollection = "inspect-collection", Post "/v1/collections/inspect", "What would become of a collection in a profile, and the change that brings it about; changes nothing", Some("CollectionRequest") => "CollectionOffer";
    Upkeep = "upkeep", Get "/v1/upkeep", "How far updates go by themselves, by profile, and what comes of it", None => "Upkeep[]";
    SetUpkeep = "set-upkeep", Patch "/v1/profiles/{profile}/upkeep", "Say how far the updates of a profile go by themselves, subscribe to packages of it, or end that", Some("UpkeepPatch") => "Changed";
    Undo = "undo", Post "/v1/undo/{token}", "Put one change back", None => "Changed";

    Transfers = "transfers", Get "/v1/transfers", "The download queue", None => "Transfers";
    CommandTransfers = "command-transfers", Post "/v1/transfers", "Pause, resume, move, retry or cancel", Some("TransferCommand") => "Changed";
    AddPeers = "add-peers", Post "/v1/transfers/{sha256}/peers", "Name peers that have an archive", Some("AddPeers") => "Changed";
    Peers = "peers", Get "/v1/peers", "Who is connected, by archive", None => "ArchivePeers[]";
    Seeds = "seeds", Get "/v1/seeds", "Archives that are kept and may be shared", None => "Seed[]";
    CommandSeeds = "command-seeds", Post "/v1/seeds", "Keep an archive or let it go, stop or go on offering", Some("SeedCommand") => "Changed";
    PlanRoom = "plan-room", Post "/v1/seeds/room/plan", "What would go to make room; changes nothing", Some("RoomRequest") => "RoomPlan";
    MakeRoom = "make-room", Post "/v1/seeds/room", "Make room in the cache", Some("RoomRequest") => "RoomMade";

    Disk = "disk", Get "/v1/disk", "What Muster takes on the disks, and what of it could go", None => "DiskUsage";

    Limits = "limits", Get "/v1/limits", "What is shared and how fast now, and why", None => "Limits";
    Pause = "pause", Post "/v1/pause", "Stop every byte, also those given to others", Some("PauseRequest") => "Changed";
    Resume = "resume", Post "/v1/resume", "End every pause of everything", None => "Changed";

    Sources = "sources", Get "/v1/sources", "Where packages come from", None => "Source[]";
    Presets = "presets", Get "/v1/presets", "Sources that fit games, of one game (`game`) or of all; asks nobody", None => "Preset[]";
    DecidePreset = "decide-preset", Post "/v1/presets", "Turn an offered source down, or let it be offered again", Some("PresetDecision") => "Changed";
    LookAtSource = "look-at-source", Post "/v1/sources/look", "Begin to fetch what is at an address, as a job, where that can take long; trusts nothing", Some("NewSource") => "Changed";
    InspectSource = "inspect-source", Post "/v1/sources/inspect", "What is at an address, with the fingerprint of a registry; trusts nothing", Some("NewSource") => "SourceOffer";
    TakeFileIn = "take-file-in", Post "/v1/files", "Make a file a package of the player's own, and say how it is wished for", Some("NewFile") => "Wish";
    InspectPack = "inspect-pack", Post "/v1/packs/inspect", "What is in a pack of another manager, and what it would do; changes nothing", Some("PackRequest") => "PackOffer";
    TakePackIn = "take-pack-in", Post "/v1/packs", "Make packages of the player's own of what a pack brings itself, and say which change makes the profile like it", Some("TakePack") => "ChangeRequest";
    AddSource = "add-source", Post "/v1/sources", "Trust and add a source", Some("NewSource") => "Changed";
    PatchSource = "patch-source", Patch "/v1/sources/{source}", "Switch a source on or off, or give it another place", Some("SourcePatch") => "Changed";
    RemoveSource = "remove-source", Delete "/v1/sources/{source}", "Forget a source; installed packages stay", None => "Changed";
    SyncSource = "sync-source", Post "/v1/sources/{source}/sync", "Refresh one source now", None => "Changed";
    ExamineSource = "examine-source", Post "/v1/sources/{source}/examine", "Ask the service of a source whether it still answers as it is understood; keeps nothing", None => "SourceAnswer[]";
    SetSourceKey = "set-source-key", Post "/v1/sources/{source}/key", "Keep a key for the service of a source in the keyring, and ask with it from now on; it is never told again", Some("NewSourceKey") => "Changed";
    PlaceSourceKey = "place-source-key", Post "/v1/sources/{source}/key/place", "The same with a key that lies in a variable or a file of the player's", Some("SourceKeyAt") => "Changed";
    ForgetSourceKey = "forget-source-key", Delete "/v1/sources/{source}/key", "Let the key for the service of a source go", None => "Changed";
    DecideKey = "decide-key", Post "/v1/sources/{source}/keys", "Trust a publisher's new key", Some("KeyDecision") => "Changed";

    Settings = "settings", Get "/v1/settings", "All settings", None => "Settings";
    PatchSettings = "patch-settings", Patch "/v1/settings", "Change settings", Some("SettingsPatch") => "Changed";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_operation_is_found_by_its_name_and_route_once() {
        let mut routes = BTreeSet::new();
        for operation in OPERATIONS {
            assert_eq!(OperationId::parse(operation.id.as_str()), Some(operation.id));
            assert_eq!(operation.id.operation().path, operation.path);
            assert!(routes.insert((operation.method.as_str(), operation.path)), "{} twice", operation.path);
            assert!(operation.path.starts_with("/v1/"));
            assert!(operation.body.is_none() || operation.method != Method::Get);
        }
    }
}
