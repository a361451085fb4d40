//! The page's way to the service: one command over the closed set of API operations.
//!
//! The page names an operation, never a method or an address; the table of `muster-api` knows those. What the window may
//! not ask for, and requests larger than any honest page sends, are refused here (`security.md` T-97).

use std::collections::BTreeMap;

use muster_api::OperationId;
use muster_client::Request;
use serde_json::Value;
use tauri::State;

use crate::{
    error::{AppError, Refusal},
    service::Service,
};

/// Operations that the window may forward. An operation that is not written here is refused.
const ALLOWED: &[OperationId] = {
    use OperationId::*;
    &[
        Version,
        Status,
        Games,
        Game,
        LoadOrder,
        PlanOrder,
        Conflicts,
        Search,
        Package,
        Changes,
        Plan,
        Change,
        InspectLink,
        Jobs,
        Job,
        CancelJob,
        Profiles,
        CreateProfile,
        Profile,
        PatchProfile,
        CloneProfile,
        RemoveProfile,
        RemovedProfiles,
        RestoreProfile,
        Difference,
        NameGeneration,
        Prune,
        UndoLast,
        Repair,
        Drift,
        CompareTexts,
        DecideDrift,
        Vanilla,
        VanillaProof,
        ReadOriginals,
        GoBack,
        Verify,
        Launch,
        ManagedProfiles,
        Undo,
        Collections,
        InspectCollection,
        Followed,
        LookForNews,
        Unfollow,
        Upkeep,
        SetUpkeep,
        ShareProfile,
        Lobbies,
        HostLobby,
        CloseLobby,
        InspectLobby,
        JoinLobby,
        LeaveLobby,
        ForgetHost,
        Audit,
        Kept,
        RestoreKept,
        FreeKept,
        Saves,
        SetSavesRules,
        SnapshotSaves,
        RestoreSaves,
        FreeSaves,
        PatchSource,
        Transfers,
        CommandTransfers,
        Peers,
        Seeds,
        Limits,
        Pause,
        Resume,
        CommandSeeds,
        Disk,
        PlanRoom,
        MakeRoom,
        Sources,
        Presets,
        DecidePreset,
        LookAtSource,
        InspectSource,
        AddSource,
        RemoveSource,
        SyncSource,
        SetSourceKey,
        ForgetSourceKey,
        DecideKey,
        Settings,
        PatchSettings,
    ]
};

/// Most parameters of one kind.
const MAX_PARAMETERS: usize = 16;
/// Longest name or value of a parameter, in bytes.
const MAX_PARAMETER: usize = 4 * 1024;
/// Largest body, in bytes of its strings and 16 for every other value.
const MAX_BODY: usize = 1024 * 1024;
/// Deepest nesting of a body.
const MAX_DEPTH: usize = 32;

/// Forwards one operation; answers the service's reply or its problem document.
#[tauri::command]
pub async fn call(
    service: State<'_, Service>,
    operation: String,
    path: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    body: Option<Value>,
) -> Result<Value, Refusal> {
    let request = request(&operation, path, query, body)?;
    Ok(service.client()?.call(request).await?)
}

/// Checks what the page sent and makes the request of it.
fn request(
    operation: &str,
    path: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    body: Option<Value>,
) -> Result<Request, AppError> {
    let allowed = OperationId::parse(operation).filter(|id| ALLOWED.contains(id));
    let id = allowed.ok_or_else(|| AppError::NotAllowed(operation.chars().take(80).collect()))?;
    let known = |name: &str| id.operation().path.contains(&format!("{{{name}}}"));
    if let Some(name) = path.keys().find(|name| !known(name)) {
        return Err(AppError::NotAllowed(format!(
            "{operation} with {}",
            name.chars().take(40).collect::<String>()
        )));
    }
    let mut request = Request::new(id);
    for (name, value) in parameters(&path)? {
        request = request.path(name, value);
    }
    for (name, value) in parameters(&query)? {
        request = request.query(name, value);
    }
    let Some(body) = body.filter(|body| !body.is_null()) else { return Ok(request) };
    if id.operation().body.is_none() {
        return Err(AppError::NotAllowed(format!("{operation} with a body")));
    }
    measure(&body, MAX_BODY, MAX_DEPTH).ok_or(AppError::TooLarge)?;
    request.body(&body).map_err(|_| AppError::TooLarge)
}

fn parameters(map: &BTreeMap<String, String>) -> Result<&BTreeMap<String, String>, AppError> {
    let fits = map.len() <= MAX_PARAMETERS && map.iter().all(|(k, v)| k.len().max(v.len()) <= MAX_PARAMETER);
    if fits { Ok(map) } else { Err(AppError::TooLarge) }
}

/// What is left of `budget` bytes after this value; `None` where it is too large or nested deeper than `depth`.
fn measure(value: &Value, budget: usize, depth: usize) -> Option<usize> {
    let budget = budget.checked_sub(16)?;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(budget),
        Value::String(text) => budget.checked_sub(text.len()),
        Value::Array(items) => {
            let depth = depth.checked_sub(1)?;
            items.iter().try_fold(budget, |left, item| measure(item, left, depth))
        }
        Value::Object(fields) => {
            let depth = depth.checked_sub(1)?;
            fields
                .iter()
                .try_fold(budget, |left, (name, item)| measure(item, left.checked_sub(name.len())?, depth))
        }
    }
}

#[cfg(test)]
mod tests {
    use muster_api::OPERATIONS;
    use serde_json::json;

    use super::*;

    fn none() -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    fn one(name: &str, value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(name.to_owned(), value.to_owned())])
    }

    /// The stream has a command of its own, stopping the service is the tray's and the terminal's business, figures are
    /// for servers, naming peers is for tests, a definition names programs to be started, what is adopted is named by a
    /// folder, a shared profile or a file to install by any path or address, and a key by a file or variable: no page may do
    /// any of these. Why a package is there, the page reads from its entry. A new operation is put in one of the two lists on
    /// purpose.
    const NOT_THE_WINDOWS: &[OperationId] = {
        use OperationId::*;
        &[
            Events,
            Shutdown,
            Metrics,
            AddPeers,
            ExamineSource,
            PlaceSourceKey,
            AddGame,
            RemoveGame,
            PlanAdoption,
            Adopt,
            InspectShared,
            ApplyShared,
            TakeFileIn,
            InspectPack,
            TakePackIn,
            Why,
        ]
    };

    #[test]
    fn every_operation_is_either_the_windows_or_not() {
        for operation in OPERATIONS {
            let name = operation.id.as_str();
            assert_eq!(ALLOWED.contains(&operation.id), !NOT_THE_WINDOWS.contains(&operation.id), "{name}");
            assert_eq!(
                request(name, none(), none(), None).is_ok(),
                ALLOWED.contains(&operation.id),
                "{name}"
            );
        }
    }

    #[test]
    fn refuses_what_is_not_the_windows() {
        for name in
            ["events", "shutdown", "metrics", "add-peers", "", "Version", "GET /v1/version", "../version"]
        {
            assert!(matches!(request(name, none(), none(), None), Err(AppError::NotAllowed(_))), "{name}");
        }
    }

    #[test]
    fn refuses_parameters_that_the_operation_does_not_have() {
        assert!(request("job", one("job", "1"), none(), None).is_ok());
        assert!(request("job", one("source", "1"), none(), None).is_err());
        assert!(request("status", none(), none(), Some(json!({}))).is_err());
        assert!(request("status", none(), none(), Some(Value::Null)).is_ok());
        assert!(request("change", none(), none(), Some(json!({ "install": [] }))).is_ok());
    }

    #[test]
    fn refuses_requests_beyond_any_honest_page() {
        let huge = "x".repeat(MAX_BODY);
        let many: Vec<u8> = vec![0; MAX_BODY / 8];
        let mut deep = json!(0);
        for _ in 0..100 {
            deep = json!([deep]);
        }
        for body in [json!({ "text": huge }), json!({ huge.clone(): 1 }), json!(many), deep] {
            assert_eq!(request("change", none(), none(), Some(body)).err(), Some(AppError::TooLarge));
        }
        assert_eq!(
            request("search", none(), one("q", &"x".repeat(5000)), None).err(),
            Some(AppError::TooLarge)
        );
        let crowd: BTreeMap<_, _> = (0..100).map(|index| (index.to_string(), String::new())).collect();
        assert_eq!(request("search", none(), crowd, None).err(), Some(AppError::TooLarge));
    }
}
