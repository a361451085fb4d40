//! `muster key new|show`, and opening keys for signing.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use muster_fsx::{File, Operation};
use muster_messages::Messages;
use muster_registry::{Error, KdfCost, KeyFile, KeySet, SigningKey, words};
use serde_json::json;
use zeroize::Zeroizing;

use super::Style;
use crate::{arguments::KeyCommand, failure::Failure, output};

/// Longest key file or passphrase file, in bytes.
const MAX_FILE: u64 = 16 * 1024;
/// Shortest passphrase that is taken, in characters.
const MIN_PASSPHRASE: usize = 12;

pub fn run(style: &Style, command: KeyCommand) -> Result<(), Failure> {
    match command {
        KeyCommand::New { file, passphrase_file, test_key } => {
            let protection = match (test_key, passphrase_file) {
                (true, _) => Protection::TestKey,
                (false, Some(file)) => Protection::PassphraseOf(file),
                (false, None) => Protection::AskedPassphrase,
            };
            show(style, &new(&style.words, &file, &protection)?)
        }
        KeyCommand::Show { file } => show(style, &KeyFile::parse(&read_file(&file)?)?),
    }
}

/// Where passphrases come from. Each is tried: the keys of one command may have different ones.
pub struct Passphrases<'a> {
    words: &'a Messages,
    /// `None`: from the terminal.
    lines: Option<Vec<Zeroizing<String>>>,
}

impl<'a> Passphrases<'a> {
    /// From a file with one passphrase a line, or from the terminal.
    pub fn new(words: &'a Messages, file: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self { words, lines: file.map(passphrases_of).transpose()? })
    }
}

/// Opens a key file, asking for the passphrase where it needs one.
pub fn open(path: &Path, passphrases: &Passphrases<'_>) -> Result<SigningKey, Failure> {
    let file = KeyFile::parse(&read_file(path)?)?;
    if file.is_test_key() {
        return Ok(file.open(None)?);
    }
    let Some(lines) = &passphrases.lines else {
        let name = [("file", path.display().to_string())];
        return Ok(file.open(Some(&ask(&passphrases.words.text("cli-key-ask", &name))?))?);
    };
    for passphrase in lines {
        match file.open(Some(passphrase)) {
            Err(Error::Passphrase) => {}
            other => return Ok(other?),
        }
    }
    Err(Error::Passphrase.into())
}

/// The public half of a key file, or of a file that holds just that.
pub fn public(path: &Path) -> Result<KeySet, Failure> {
    let bytes = read_file(path)?;
    let text = String::from_utf8_lossy(&bytes);
    match text.trim().starts_with('{') {
        true => Ok(KeySet::single(KeyFile::parse(&bytes)?.public)),
        false => Ok(KeySet::single(text.trim().parse()?)),
    }
}

/// How the secret half of a new key is kept.
pub enum Protection {
    TestKey,
    PassphraseOf(PathBuf),
    AskedPassphrase,
}

/// Makes a key and writes its file, readable by the owner only; a file that is there is never replaced.
pub fn new(words: &Messages, path: &Path, protection: &Protection) -> Result<KeyFile, Failure> {
    let exists = || Failure::new(1, "cli-key-exists", "the file exists").with("file", path.display());
    if std::fs::symlink_metadata(path).is_ok() {
        return Err(exists());
    }
    let key = SigningKey::from_seed(random()?);
    let file = match protection {
        Protection::TestKey => KeyFile::test_key(&key),
        Protection::PassphraseOf(file) => encrypted(&key, &passphrase_of(file)?)?,
        Protection::AskedPassphrase => encrypted(&key, &asked_twice(words)?)?,
    };
    let absolute = std::path::absolute(path).map_err(Failure::io)?;
    muster_fsx::write_atomic_private(&absolute, &file.to_bytes())?;
    Ok(file)
}

fn encrypted(key: &SigningKey, passphrase: &str) -> Result<KeyFile, Failure> {
    if passphrase.chars().count() < MIN_PASSPHRASE {
        return Err(refused("it is too short"));
    }
    Ok(KeyFile::encrypt(key, passphrase, KdfCost::default(), random()?)?)
}

fn refused(why: &str) -> Failure {
    Failure::new(1, "cli-passphrase", why).with("least", MIN_PASSPHRASE)
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(1, "cli-io", error.to_string()).with("detail", error))?;
    Ok(bytes)
}

fn ask(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    rpassword::prompt_password(format!("{prompt} ")).map(Zeroizing::new).map_err(Failure::io)
}

fn asked_twice(words: &Messages) -> Result<Zeroizing<String>, Failure> {
    let first = ask(&words.text("cli-key-ask-new", &[]))?;
    if ask(&words.text("cli-key-ask-again", &[]))? != first {
        return Err(refused("the two differ"));
    }
    Ok(first)
}

fn passphrases_of(file: &Path) -> Result<Vec<Zeroizing<String>>, Failure> {
    let bytes = read_file(file)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| refused("the file is not text"))?;
    Ok(text.lines().filter(|line| !line.is_empty()).map(|line| Zeroizing::new(line.to_owned())).collect())
}

fn passphrase_of(file: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut lines = passphrases_of(file)?;
    match lines.pop() {
        Some(only) if lines.is_empty() => Ok(only),
        _ => Err(refused("the file must hold one line")),
    }
}

/// Reads a small file that the user named.
fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut file = File::open_ambient(&std::path::absolute(path).map_err(Failure::io)?)?;
    let mut bytes = Zeroizing::new(Vec::new());
    let read = file.by_ref().take(MAX_FILE + 1).read_to_end(&mut bytes);
    read.map_err(|error| muster_fsx::Error::recover(error, Operation::Read, file.path()))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Failure::new(1, "cli-file-too-long", "too long for a key or a passphrase")
            .with("file", path.display()));
    }
    Ok(bytes)
}

fn show(style: &Style, file: &KeyFile) -> Result<(), Failure> {
    let fingerprint = KeySet::single(file.public).fingerprint();
    if style.json {
        return output::json(&json!({
            "public": file.public.to_string(),
            "fingerprint": fingerprint,
            "words": words(&fingerprint),
            "test_key": file.is_test_key(),
        }));
    }
    if style.quiet {
        return output::line(&file.public.to_string());
    }
    output::table(&[
        vec![style.words.text("cli-key-public", &[]), file.public.to_string()],
        vec![style.words.text("cli-key-fingerprint", &[]), fingerprint.to_string()],
        vec![style.words.text("cli-key-words", &[]), words(&fingerprint)],
    ])?;
    if file.is_test_key() {
        style.note(style.words.text("cli-key-test", &[]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
        let path = folder.join(name);
        muster_fsx::write_atomic(&path, text.as_bytes()).unwrap();
        path
    }

    fn english() -> Messages {
        Messages::new(muster_messages::Language::English)
    }

    fn code<T>(result: Result<T, Failure>) -> String {
        result.err().expect("a failure").problem.code
    }

    #[test]
    fn a_key_under_a_passphrase_opens_with_one_of_the_lines() {
        let temp = tempfile::tempdir().unwrap();
        let (path, long) = (temp.path().join("a.key"), "correct horse battery");
        let one = write(temp.path(), "one", &format!("{long}\n"));
        let file = new(&english(), &path, &Protection::PassphraseOf(one.clone())).unwrap();
        assert!(!file.is_test_key());
        let key = open(&path, &Passphrases::new(&english(), Some(&one)).unwrap()).unwrap();
        assert_eq!(key.public(), file.public);

        let cheap = KdfCost { memory_kib: 64, passes: 1, lanes: 1 };
        let file = KeyFile::encrypt(&key, long, cheap, [1; 40]).unwrap();
        muster_fsx::write_atomic(&path, &file.to_bytes()).unwrap();
        let several = write(temp.path(), "several", &format!("of another key\r\n{long}\r\n"));
        assert!(open(&path, &Passphrases::new(&english(), Some(&several)).unwrap()).is_ok());
        let wrong = write(temp.path(), "wrong", "of another key");
        assert_eq!(
            code(open(&path, &Passphrases::new(&english(), Some(&wrong)).unwrap())),
            "registry-passphrase"
        );
        let again = Protection::PassphraseOf(several);
        assert_eq!(code(new(&english(), &temp.path().join("b.key"), &again)), "cli-passphrase");
    }

    #[test]
    fn refuses_short_passphrases_long_files_and_replacing_a_key() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a.key");
        let short = write(temp.path(), "short", "elevenchars");
        assert_eq!(code(new(&english(), &path, &Protection::PassphraseOf(short))), "cli-passphrase");
        let long = write(temp.path(), "long", &"x".repeat(20_000));
        assert_eq!(code(new(&english(), &path, &Protection::PassphraseOf(long))), "cli-file-too-long");
        assert!(!path.exists());
        let key = new(&english(), &path, &Protection::TestKey).unwrap();
        assert_eq!(code(new(&english(), &path, &Protection::TestKey)), "cli-key-exists");
        assert_eq!(KeyFile::parse(&read_file(&path).unwrap()).unwrap(), key);
    }

    #[test]
    fn the_public_half_is_read_from_a_key_file_and_from_plain_text() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a.key");
        let key = new(&english(), &path, &Protection::TestKey).unwrap();
        let text = write(temp.path(), "a.pub", &format!("{}\n", key.public));
        assert_eq!(public(&path).unwrap(), public(&text).unwrap());
        assert_eq!(code(public(&write(temp.path(), "junk", "junk"))), "registry-key");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_a_new_key() {
        use std::os::unix::fs::PermissionsExt;
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a.key");
        new(&english(), &path, &Protection::TestKey).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
