//! What somebody sent: a file that the player chose or let go over the window, or an address that was agreed to.
//!
//! The service reads any path and asks any address that it is given, so no page may name one (`security.md` T-97). A file
//! is chosen in a window of the desktop or dropped, an address is shown once more outside of the page before it is asked,
//! and the page then says "what was chosen". A pasted text names neither.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use muster_api::{
    ApplyShared, ChangeRequest, Changed, NewFile, OperationId, PackOffer, PackRequest, SharedOffer,
    SharedRequest, TakePack, Wish,
};
use muster_client::Request;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Emitter as _, Manager as _, Runtime, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

use crate::{
    delivery,
    desktop::checked_address,
    error::{AppError, Refusal},
    own_game::{agreed, words},
    service::Service,
    ticket, window,
};

/// Event with the path of a file that was dropped, for the eyes only.
const DROPPED: &str = "dropped";
/// Longest pasted text, in bytes; larger ones come as files.
const MAX_TEXT: usize = 1024 * 1024;
/// Endings of packs that other managers make.
const PACKS: [&str; 2] = ["mrpack", "r2z"];
/// How much of a file is read to tell a document from an archive, in bytes.
const LOOKED_AT: usize = 256;

/// What the player chose last.
#[derive(Debug, Default)]
pub struct Chosen(Mutex<Option<Sent>>);

/// Something that was sent, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sent {
    File(PathBuf),
    Address(String),
}

impl Chosen {
    fn set(&self, sent: Sent) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(sent);
    }

    fn get(&self) -> Result<Sent, AppError> {
        let sent = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        sent.ok_or(AppError::NothingSent)
    }
}

/// What the page means.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what", deny_unknown_fields)]
pub enum Source {
    /// What was chosen, dropped or agreed to last.
    Chosen {},
    /// Where the profile follows another one.
    Followed {},
    /// A shared profile as text.
    Text { text: String },
    /// A code under which Thunderstore keeps a profile. It leads to that service and nowhere else.
    Code { code: String },
}

/// What it turned out to be.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Incoming {
    /// A shared profile, with the difference that it makes.
    Shared { offer: Box<SharedOffer> },
    /// A file that is a package of the player's own now, in no profile yet.
    File { wish: Wish },
    /// A pack that another manager made, with what of it can be had.
    Pack { offer: Box<PackOffer> },
    /// A ticket of a lobby, unread: the page asks what it plays with like with one that came in a link.
    Ticket { ticket: String },
}

/// What the player saw and agreed to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    keep_others: bool,
    follow: bool,
    digest: String,
    agreed: Option<String>,
}

/// Lets the player choose a file; answers its path for the eyes only, or nothing where the window was closed.
#[tauri::command]
pub async fn choose_file(
    window: WebviewWindow,
    service: State<'_, Service>,
    chosen: State<'_, Chosen>,
) -> Result<Option<String>, Refusal> {
    let title = words(&service).await?.text("window-choose-file", &[]);
    let (send, answer) = oneshot::channel();
    window.dialog().file().set_title(title).set_parent(&window).pick_file(move |path| {
        let _ = send.send(path);
    });
    let Some(path) = answer.await.ok().flatten().and_then(|path| path.into_path().ok()) else {
        return Ok(None);
    };
    let shown = path.display().to_string();
    chosen.set(Sent::File(path));
    Ok(Some(shown))
}

/// Asks outside of the page whether an address may be asked; answers it as it is understood.
#[tauri::command]
pub async fn agree_to_address(
    window: WebviewWindow,
    service: State<'_, Service>,
    chosen: State<'_, Chosen>,
    address: String,
) -> Result<Option<String>, Refusal> {
    let address = checked_address(&address).map_err(AppError::Address)?;
    let values = [("address", address.clone())];
    if !agreed(&window, &service, "window-ask-address", &values).await? {
        return Ok(None);
    }
    chosen.set(Sent::Address(address.clone()));
    Ok(Some(address))
}

/// What it is, and what it would do to a profile.
#[tauri::command]
pub async fn look_at(
    service: State<'_, Service>,
    chosen: State<'_, Chosen>,
    from: Source,
    profile: String,
    keep_others: bool,
) -> Result<Incoming, Refusal> {
    if let Some(ticket) = ticket_of(&chosen, &from)? {
        return Ok(Incoming::Ticket { ticket });
    }
    let client = service.client()?;
    if let Some(pack) = pack(&chosen, &from, &profile, keep_others)? {
        let request = Request::new(OperationId::InspectPack).body(&pack).map_err(|_| AppError::TooLarge)?;
        return Ok(Incoming::Pack { offer: Box::new(client.ask(request).await?) });
    }
    if let Source::Chosen {} = from {
        let sent = chosen.get()?;
        if !is_document(&sent) {
            let body = new_file(sent, profile)?;
            let request =
                Request::new(OperationId::TakeFileIn).body(&body).map_err(|_| AppError::TooLarge)?;
            return Ok(Incoming::File { wish: client.ask(request).await? });
        }
    }
    let body = shared(&chosen, from, profile, keep_others)?;
    let request = Request::new(OperationId::InspectShared).body(&body).map_err(|_| AppError::TooLarge)?;
    Ok(Incoming::Shared { offer: Box::new(client.ask(request).await?) })
}

/// Makes a profile what a shared one says, as the player saw it.
#[tauri::command]
pub async fn apply_shared(
    service: State<'_, Service>,
    chosen: State<'_, Chosen>,
    from: Source,
    profile: String,
    consent: Consent,
) -> Result<Changed, Refusal> {
    let Consent { keep_others, follow, digest, agreed } = consent;
    let shared = shared(&chosen, from, profile, keep_others)?;
    let body = ApplyShared { shared, digest, agreed, follow };
    let request = Request::new(OperationId::ApplyShared).body(&body).map_err(|_| AppError::TooLarge)?;
    Ok(service.client()?.ask(request).await?)
}

/// Brings what a pack holds itself, as it was looked at, and answers the change that makes the profile like it. Nothing is
/// installed before that change is agreed to like any other.
#[tauri::command]
pub async fn take_pack(
    service: State<'_, Service>,
    chosen: State<'_, Chosen>,
    from: Source,
    profile: String,
    keep_others: bool,
    digest: String,
) -> Result<ChangeRequest, Refusal> {
    let pack = pack(&chosen, &from, &profile, keep_others)?.ok_or(AppError::NothingSent)?;
    let body = TakePack { pack, digest };
    let request = Request::new(OperationId::TakePackIn).body(&body).map_err(|_| AppError::TooLarge)?;
    Ok(service.client()?.ask(request).await?)
}

/// Something was let go over the window: a link is looked at like one that was clicked, of files the first.
pub fn dropped<R: Runtime>(app: &AppHandle<R>, paths: &[PathBuf]) {
    match sort(paths) {
        Some(Dropped::Link(link)) => delivery::deliver(app, &link),
        Some(Dropped::File(path)) => {
            let shown = path.display().to_string();
            app.state::<Chosen>().set(Sent::File(path));
            // Fails only while the window is being closed.
            let _ = app.emit_to(window::LABEL, DROPPED, shown);
        }
        None => {}
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Dropped {
    Link(String),
    File(PathBuf),
}

/// The desktop hands over paths, and what is no file as if it were one: a dragged link is such a path.
fn sort(paths: &[PathBuf]) -> Option<Dropped> {
    let scheme = muster_domain::LINK_SCHEME;
    let link = |path: &PathBuf| {
        let text = path.to_str()?;
        let start = text.get(..scheme.len())?;
        (start.eq_ignore_ascii_case(scheme) && text[scheme.len()..].starts_with(':')).then(|| text.to_owned())
    };
    if let Some(link) = paths.iter().find_map(link) {
        return Some(Dropped::Link(link));
    }
    paths.iter().find(|path| path.is_absolute() && path.is_file()).cloned().map(Dropped::File)
}

/// Whether it is a shared profile: a file begins like one, an address is named like one or like nothing at all.
fn is_document(sent: &Sent) -> bool {
    match sent {
        Sent::File(path) => begins_like_document(path),
        Sent::Address(address) => {
            let path = address.split(['?', '#']).next().unwrap_or_default();
            let name = path.rsplit('/').next().unwrap_or_default();
            name.rsplit_once('.').is_none_or(|(_, suffix)| suffix.eq_ignore_ascii_case("json"))
        }
    }
}

/// Whether it is called like a pack of another manager.
fn is_pack(sent: &Sent) -> bool {
    let name = match sent {
        Sent::File(path) => path.to_str().unwrap_or_default(),
        Sent::Address(address) => address.split(['?', '#']).next().unwrap_or_default(),
    };
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    PACKS.iter().any(|pack| ending.eq_ignore_ascii_case(pack))
}

/// The ticket that is meant; none where it is something else. Of the chosen files only a ticket is shown to the page.
fn ticket_of(chosen: &Chosen, from: &Source) -> Result<Option<String>, AppError> {
    match from {
        Source::Text { text } => Ok(ticket::is_one(text).then(|| text.clone())),
        Source::Chosen {} => match chosen.get()? {
            Sent::File(path) => ticket::of_file(&path),
            Sent::Address(_) => Ok(None),
        },
        Source::Followed {} | Source::Code { .. } => Ok(None),
    }
}

/// The pack that is meant; none where it is something else.
fn pack(
    chosen: &Chosen,
    from: &Source,
    profile: &str,
    keep_others: bool,
) -> Result<Option<PackRequest>, AppError> {
    let plain_request =
        PackRequest { profile: Some(profile.to_owned()), keep_others, ..PackRequest::default() };
    Ok(match from {
        Source::Code { code } => Some(PackRequest { code: Some(code.clone()), ..plain_request }),
        Source::Chosen {} => match chosen.get()? {
            sent if !is_pack(&sent) => None,
            Sent::File(path) => Some(PackRequest { path: Some(plain(&path)?), ..plain_request }),
            Sent::Address(address) => Some(PackRequest { address: Some(address), ..plain_request }),
        },
        Source::Followed {} | Source::Text { .. } => None,
    })
}

/// What cannot be read is refused by the service, with a sentence.
fn begins_like_document(path: &Path) -> bool {
    let mut start = Vec::with_capacity(LOOKED_AT);
    if !path.is_file() {
        return false;
    }
    let read = std::fs::File::open(path).map(|file| file.take(LOOKED_AT as u64).read_to_end(&mut start));
    matches!(read, Ok(Ok(_))) && start.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

fn plain(path: &Path) -> Result<String, AppError> {
    path.to_str().map(str::to_owned).ok_or_else(|| AppError::PathRefused(path.display().to_string()))
}

fn new_file(sent: Sent, profile: String) -> Result<NewFile, AppError> {
    Ok(match sent {
        Sent::File(path) => NewFile { path: Some(plain(&path)?), address: None, profile },
        Sent::Address(address) => NewFile { path: None, address: Some(address), profile },
    })
}

fn shared(
    chosen: &Chosen,
    from: Source,
    profile: String,
    keep_others: bool,
) -> Result<SharedRequest, AppError> {
    let (address, text) = match from {
        Source::Followed {} => (None, None),
        Source::Text { text } if text.len() > MAX_TEXT => return Err(AppError::TooLarge),
        // Without a text the service would read what the profile follows.
        Source::Text { text } if text.trim().is_empty() => return Err(AppError::NothingSent),
        Source::Text { text } => (None, Some(text)),
        // A code is a pack's.
        Source::Code { .. } => return Err(AppError::NothingSent),
        Source::Chosen {} => match chosen.get()? {
            Sent::File(path) => (Some(plain(&path)?), None),
            Sent::Address(address) => (Some(address), None),
        },
    };
    Ok(SharedRequest { profile, address, text, keep_others })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T-97
    #[test]
    fn the_page_can_name_neither_path_nor_address() {
        for text in [
            r#"{"what":"chosen","path":"/etc/passwd"}"#,
            r#"{"what":"followed","address":"https://example.org"}"#,
            r#"{"what":"text"}"#,
            r#"{"what":"file"}"#,
            r#"{"what":"code"}"#,
            r#"{"what":"code","code":"x","path":"/etc/passwd"}"#,
            r#""/etc/passwd""#,
        ] {
            assert!(serde_json::from_str::<Source>(text).is_err(), "{text}");
        }
        let chosen = Chosen::default();
        assert_eq!(
            shared(&chosen, Source::Chosen {}, "p".into(), true).err(),
            Some(AppError::NothingSent),
            "nothing was chosen"
        );
        let text =
            shared(&chosen, Source::Text { text: "/etc/passwd".into() }, "p".into(), true).expect("a text");
        assert_eq!((text.address, text.text.as_deref()), (None, Some("/etc/passwd")));
        for text in ["", " \n"] {
            let refused = shared(&chosen, Source::Text { text: text.into() }, "p".into(), true);
            assert_eq!(refused.err(), Some(AppError::NothingSent), "never what the profile follows");
        }
        let huge = "x".repeat(MAX_TEXT + 1);
        assert_eq!(
            shared(&chosen, Source::Text { text: huge }, "p".into(), true).err(),
            Some(AppError::TooLarge)
        );
    }

    #[test]
    fn what_was_chosen_last_is_meant() {
        let chosen = Chosen::default();
        chosen.set(Sent::File("/home/ada/crew.json".into()));
        chosen.set(Sent::Address("https://example.org/crew.json".into()));
        let request = shared(&chosen, Source::Chosen {}, "p".into(), false).expect("an address");
        assert_eq!(request.address.as_deref(), Some("https://example.org/crew.json"));
        assert!(!request.keep_others);
        let file = new_file(Sent::File("/home/ada/mod.zip".into()), "p".into()).expect("a file");
        assert_eq!((file.path.as_deref(), file.address), (Some("/home/ada/mod.zip"), None));
    }

    #[test]
    fn documents_and_archives_are_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let cases: [(&[u8], bool); 6] = [
            (b"{\"signed\"", true),
            (b" \n{", true),
            (b"PK\x03\x04", false),
            (b"", false),
            (b"[{", false),
            (b" ", false),
        ];
        for (index, (bytes, is)) in cases.into_iter().enumerate() {
            let path = folder.path().join(index.to_string());
            std::io::Write::write_all(&mut std::fs::File::create(&path).expect("a file"), bytes)
                .expect("written");
            assert_eq!(is_document(&Sent::File(path)), is, "{bytes:?}");
        }
        assert!(!is_document(&Sent::File(folder.path().join("missing"))));
        assert!(!is_document(&Sent::File(folder.path().into())), "a folder");
        for (address, is) in [
            ("https://a.example/crew.json", true),
            ("https://a.example/crew.JSON?x=1.zip", true),
            ("https://a.example/crew", true),
            ("https://a.example/", true),
            ("https://a.example/mod.zip", false),
            ("https://a.example/mod-1.2.muster#top", false),
        ] {
            assert_eq!(is_document(&Sent::Address(address.into())), is, "{address}");
        }
    }

    #[test]
    fn packs_are_known_by_their_ending_and_codes_are_packs() {
        let chosen = Chosen::default();
        let meant = |sent: Sent| {
            chosen.set(sent);
            pack(&chosen, &Source::Chosen {}, "p", true).expect("chosen")
        };
        let file = meant(Sent::File("/home/ada/Crew.MRPACK".into())).expect("a pack");
        assert_eq!((file.path.as_deref(), file.keep_others), (Some("/home/ada/Crew.MRPACK"), true));
        let address = meant(Sent::Address("https://a.example/crew.r2z?x=1.zip".into())).expect("a pack");
        assert_eq!(address.address.as_deref(), Some("https://a.example/crew.r2z?x=1.zip"));
        for other in ["/home/ada/mod.zip", "/home/ada/mrpack", "/home/ada/crew.json"] {
            assert_eq!(meant(Sent::File(other.into())), None, "{other}");
        }
        let code = Source::Code { code: "018f3d4c-1111-2222-3333-0123456789ab".into() };
        let code = pack(&chosen, &code, "p", false).expect("a code").expect("a pack");
        assert_eq!((code.path, code.address, code.code.is_some()), (None, None, true));
    }

    #[test]
    fn of_what_is_dropped_links_come_first_and_only_files_count() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("mod.zip");
        std::fs::File::create(&file).expect("a file");
        let link: PathBuf = "muster://package/a/b/c".into();
        assert_eq!(sort(&[file.clone(), link.clone()]), Some(Dropped::Link("muster://package/a/b/c".into())));
        assert_eq!(sort(&[folder.path().into(), file.clone()]), Some(Dropped::File(file)));
        for path in ["https://example.org/mod.zip", "relative.zip", "musterx:a", ""] {
            assert_eq!(sort(&[path.into()]), None, "{path}");
        }
        assert_eq!(sort(&[folder.path().into()]), None, "a folder is no file");
        assert_eq!(sort(&[]), None);
    }
}
