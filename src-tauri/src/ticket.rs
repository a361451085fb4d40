//! Tickets of lobbies among what somebody sent (`docs/formats/ticket.md`): told apart from other documents by what they call
//! themselves, with a bound on what is read. Whether one is signed and holds is the service's to find out.

use std::{fs::File, io::Read as _, path::Path};

use serde::Deserialize;

use crate::error::AppError;

/// Largest ticket that the window takes, in bytes: as text in a request, with every quotation mark escaped, it still fits
/// through the bridge.
pub const MAX_TICKET: u64 = 500_000;
/// What a ticket calls itself.
const KIND: &str = "muster-ticket";
/// The same in a document that is too large to be read, however it is spaced.
const MARK: &str = "\"_type\":\"muster-ticket\"";

#[derive(Deserialize)]
struct Envelope {
    signed: Named,
}

#[derive(Deserialize)]
struct Named {
    #[serde(rename = "_type")]
    kind: String,
}

/// The ticket that a file is; none where it is something else, or cannot be read: then the service says why.
///
/// # Errors
/// [`AppError::TicketTooLarge`] for one that is larger than any honest ticket; no more than [`MAX_TICKET`] bytes of it are
/// read.
pub fn of_file(path: &Path) -> Result<Option<String>, AppError> {
    // Devices and pipes have no end.
    if !path.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_TICKET + 1).read_to_end(&mut bytes));
    if read.is_err() {
        return Ok(None);
    }
    if bytes.len() as u64 > MAX_TICKET {
        let spaced = String::from_utf8_lossy(&bytes);
        let begins: String = spaced.chars().filter(|sign| !sign.is_whitespace()).collect();
        return if begins.contains(MARK) { Err(AppError::TicketTooLarge) } else { Ok(None) };
    }
    Ok(String::from_utf8(bytes).ok().filter(|text| is_one(text)))
}

/// Whether a text calls itself a ticket.
pub fn is_one(text: &str) -> bool {
    text.len() as u64 <= MAX_TICKET
        && serde_json::from_str::<Envelope>(text).is_ok_and(|envelope| envelope.signed.kind == KIND)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICKET: &str = r#"{"signatures":[],"signed":{"_type":"muster-ticket","format":1}}"#;

    fn written(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ticket.json");
        std::io::Write::write_all(&mut File::create(&path).expect("a file"), bytes).expect("written");
        (folder, path)
    }

    #[test]
    fn a_ticket_is_told_apart_from_everything_else_that_begins_like_one() {
        let (_folder, path) = written(TICKET.as_bytes());
        assert_eq!(of_file(&path), Ok(Some(TICKET.to_owned())));
        for other in [
            "",
            "{",
            "[]",
            r#""muster-ticket""#,
            r#"{"_type":"muster-ticket"}"#,
            r#"{"signed":{"_type":"muster-profile","note":"\"_type\":\"muster-ticket\""}}"#,
            r#"{"signed":{"_type":["muster-ticket"]}}"#,
            r#"{"signed":{"_type":"muster-ticket"}} trailing"#,
        ] {
            let (_folder, path) = written(other.as_bytes());
            assert_eq!(of_file(&path), Ok(None), "{}", &other[..other.len().min(60)]);
        }
        // What is not looked at is passed over without recursion; the service refuses it.
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(is_one(&format!(r#"{{"signed":{{"_type":"muster-ticket","x":{deep}}}}}"#)));
        let (_folder, path) = written(b"{\"signed\":{\"_type\":\"muster-ticket\",\"x\":\"\xff\"}}");
        assert_eq!(of_file(&path), Ok(None), "no text");
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(of_file(folder.path()), Ok(None), "a folder");
        assert_eq!(of_file(&folder.path().join("missing")), Ok(None));
    }

    #[test]
    fn one_that_is_too_large_is_refused_and_not_read_to_its_end() {
        let filler = " ".repeat(600_000);
        for text in [
            format!(r#"{{"signed":{{"_type":"muster-ticket","x":"{filler}"}}}}"#),
            format!("{{\"signed\" : {{\n \"_type\" : \"muster-ticket\" , \"x\":\"{filler}\"}}}}"),
        ] {
            let (_folder, path) = written(text.as_bytes());
            assert_eq!(of_file(&path), Err(AppError::TicketTooLarge));
            assert!(!is_one(&text));
        }
        let profile = format!(r#"{{"signed":{{"_type":"muster-profile","x":"{filler}"}}}}"#);
        let (_folder, path) = written(profile.as_bytes());
        assert_eq!(of_file(&path), Ok(None), "a profile has the service's bound");
        // A file without an end on disk: its length is said, its bytes are never there.
        let (_folder, path) = written(TICKET.as_bytes());
        File::options().write(true).open(&path).expect("opens").set_len(1 << 40).expect("a hole");
        assert_eq!(of_file(&path), Err(AppError::TicketTooLarge));
    }
}
