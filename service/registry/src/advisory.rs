//! What a registry advises against: statements that only ever deny.
//!
//! The list is one signed target of the online role ([`layout::ADVISORIES_PATH`](crate::layout::ADVISORIES_PATH)). It
//! can keep bytes away and add trust to nothing, so the key that may withhold a package anyway is enough for it.
//! A subject that names bytes is about those bytes wherever they come from; one that names a publisher speaks for the
//! registry that admitted that publisher and for no other (`security.md` T-38).
//!
//! Reading is total and fails towards denying: what is not understood of an advisory is left out, a severity of a newer
//! writer counts as the middle one, and a pre-release counts as part of a range that holds a neighbour of it.

use jiff::Timestamp;
use muster_domain::{PackageId, PublishedName, Publisher, Sha256, Version, VersionRange, clean_line};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Error, Result, json};

const KIND: &str = "muster-advisories";
const FORMAT: u64 = 1;
/// Bytes of the file of advisories.
pub const MAX_ADVISORIES_FILE: u64 = 4 * 1024 * 1024;
/// Advisories of one registry.
const MAX_ADVISORIES: usize = 10_000;
/// Subjects of one advisory.
const MAX_SUBJECTS: usize = 1_000;
/// Characters of the sentence that players read.
const MAX_TEXT: usize = 1_000;
const MAX_ID: usize = 64;
const FILE: &str = "advisories.json";

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", from = "String")]
pub enum Severity {
    /// It does not work, or damages what it touches by mistake.
    Broken,
    /// Somebody else can abuse it.
    Vulnerable,
    /// It was made to do harm.
    Malware,
}

impl Severity {
    /// Stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Vulnerable => "vulnerable",
            Self::Malware => "malware",
        }
    }

    /// The severity with this text form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Broken, Self::Vulnerable, Self::Malware].into_iter().find(|one| one.as_str() == text)
    }
}

impl From<String> for Severity {
    /// What a newer writer says counts as the middle one: it denies all the same.
    fn from(text: String) -> Self {
        Self::parse(&text).unwrap_or(Self::Vulnerable)
    }
}

/// What an advisory is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Subject {
    /// These bytes, wherever they come from.
    Archive { sha256: Sha256 },
    /// Versions of a package of this registry.
    Package {
        package: PublishedName,
        #[serde(default)]
        versions: VersionRange,
    },
    /// Everything of a publisher of this registry.
    Publisher { publisher: Publisher },
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Advisory {
    /// Name inside the registry: letters, digits, `.`, `_` and `-`, at most 64.
    pub id: String,
    pub severity: Severity,
    /// What players read: one line, at most 1,000 characters.
    pub text: String,
    pub published: Timestamp,
    /// The first version without the fault, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_in: Option<Version>,
    /// `https` address of a page that says more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<String>,
    pub affects: Vec<Subject>,
}

impl Advisory {
    /// Refuses what no registry should sign.
    ///
    /// # Errors
    /// [`Error::Malformed`] that says what is wrong.
    pub fn check(&self) -> Result<()> {
        let refuse = |why: &'static str| Err(Error::malformed(FILE, why));
        match () {
            () if !is_id(&self.id) => {
                refuse("an id has letters, digits, dots, dashes and underscores, at most 64")
            }
            () if self.text != clean_line(&self.text, MAX_TEXT) || self.text.is_empty() => {
                refuse("the text is one line of at most 1,000 characters, without invisible ones")
            }
            () if self.affects.is_empty() => refuse("an advisory is about something"),
            () if self.affects.len() > MAX_SUBJECTS => refuse("an advisory is about at most 1,000 things"),
            () if self.more.as_deref().is_some_and(|address| !is_page(address)) => {
                refuse("the page that says more has an https address")
            }
            () => Ok(()),
        }
    }

    /// The statement as it may be shown; `None` where nothing is left of it.
    fn cleaned(mut self) -> Option<Self> {
        self.text = clean_line(&self.text, MAX_TEXT);
        self.more = self.more.filter(|address| is_page(address));
        self.affects.truncate(MAX_SUBJECTS);
        let is_whole = is_id(&self.id) && !self.text.is_empty() && !self.affects.is_empty();
        is_whole.then_some(self)
    }
}

impl Subject {
    /// Whether a package of the registry that says so is meant.
    pub fn covers(&self, id: &PackageId, version: &Version) -> bool {
        let Ok(name) = id.published() else { return false };
        match self {
            Self::Archive { .. } => false,
            Self::Publisher { publisher } => *publisher == name.publisher,
            Self::Package { package, versions } => *package == name && holds(versions, version),
        }
    }
}

/// Whether a version is in a range that denies. A pre-release is, too, where the release it leads to or the one before
/// that is: requirements leave pre-releases out, which is right for choosing and wrong for warning.
fn holds(range: &VersionRange, version: &Version) -> bool {
    if range.matches(version) {
        return true;
    }
    let Some(before) = version.as_semver().filter(|version| !version.pre.is_empty()) else { return false };
    let (major, minor, patch) = (before.major, before.minor, before.patch);
    let below = match (major, minor, patch) {
        (_, _, 1..) => Some((major, minor, patch - 1)),
        (_, 1.., 0) => Some((major, minor - 1, u64::MAX)),
        (1.., 0, 0) => Some((major - 1, u64::MAX, u64::MAX)),
        (0, 0, 0) => None,
    };
    let around = [Some((major, minor, patch)), below].into_iter().flatten();
    around.map(|(major, minor, patch)| format!("{major}.{minor}.{patch}")).any(|text| {
        let release = Version::semver(&text);
        release.is_ok_and(|release| range.matches(&release))
    })
}

fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=MAX_ID).contains(&text.len()) && text.bytes().all(fits)
}

fn is_page(address: &str) -> bool {
    address.starts_with("https://") && address.len() <= 500 && clean_line(address, 500) == address
}

/// Reads a file of advisories.
///
/// # Errors
/// [`Error::TooLarge`] or [`Error::Malformed`] for the file as a whole; an advisory that cannot be read is left out, so
/// that it does not hide the others.
pub fn parse_advisories(bytes: &[u8]) -> Result<Vec<Advisory>> {
    if bytes.len() as u64 > MAX_ADVISORIES_FILE {
        return Err(Error::TooLarge { file: FILE.into(), limit: MAX_ADVISORIES_FILE });
    }
    let mut file: Value = json::parse(bytes).map_err(|error| Error::malformed(FILE, error.to_string()))?;
    if file["_type"] != KIND || file["format"] != FORMAT {
        return Err(Error::malformed(FILE, "it is of another type or format"));
    }
    let Value::Array(listed) = file["advisories"].take() else {
        return Err(Error::malformed(FILE, "it has no list"));
    };
    Ok(listed.into_iter().take(MAX_ADVISORIES).filter_map(read).collect())
}

fn read(mut value: Value) -> Option<Advisory> {
    if let Some(Value::Array(subjects)) = value.get_mut("affects") {
        subjects.retain(|subject| serde_json::from_value::<Subject>(subject.clone()).is_ok());
    }
    match serde_json::from_value::<Advisory>(value) {
        Ok(advisory) => advisory.cleaned(),
        Err(error) => {
            tracing::warn!(%error, "an advisory cannot be read");
            None
        }
    }
}

/// Writes a file of advisories, in order of ids.
///
/// # Errors
/// [`Error::Malformed`] where one of them may not be signed or two have the same id, [`Error::TooLarge`].
pub fn write_advisories(advisories: &[Advisory]) -> Result<Vec<u8>> {
    let mut sorted: Vec<&Advisory> = advisories.iter().collect();
    sorted.sort_by(|a, b| a.id.cmp(&b.id));
    sorted.iter().try_for_each(|advisory| advisory.check())?;
    if sorted.windows(2).any(|pair| pair[0].id == pair[1].id) {
        return Err(Error::malformed(FILE, "two advisories have the same id"));
    }
    if sorted.len() > MAX_ADVISORIES {
        return Err(Error::malformed(FILE, "there are more than 10,000 advisories"));
    }
    let file = json!({ "_type": KIND, "format": FORMAT, "advisories": sorted });
    let bytes =
        serde_json::to_vec_pretty(&file).map_err(|error| Error::malformed(FILE, error.to_string()))?;
    match bytes.len() as u64 > MAX_ADVISORIES_FILE {
        true => Err(Error::TooLarge { file: FILE.into(), limit: MAX_ADVISORIES_FILE }),
        false => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn advisory(id: &str, affects: Vec<Subject>) -> Advisory {
        Advisory {
            id: id.into(),
            severity: Severity::Malware,
            text: "Deletes saves.".into(),
            published: "2026-11-28T00:00:00Z".parse().expect("a time"),
            fixed_in: Some(Version::semver("1.2.0").expect("a version")),
            more: Some("https://example.org/1".into()),
            affects,
        }
    }

    fn package(range: &str) -> Subject {
        Subject::Package {
            package: "alice/trees".parse().expect("a name"),
            versions: range.parse().expect("a range"),
        }
    }

    fn is_covered(subject: &Subject, id: &str, version: &str) -> bool {
        subject.covers(&id.parse().expect("an id"), &Version::semver(version).expect("a version"))
    }

    #[test]
    fn a_list_reads_back_and_leaves_out_what_it_does_not_know() {
        let list = [
            advisory("a-1", vec![Subject::Archive { sha256: Sha256([7; 32]) }, package("<1.2.0")]),
            advisory("a-2", vec![Subject::Publisher { publisher: "alice".parse().expect("a name") }]),
        ];
        let bytes = write_advisories(&list).expect("written");
        assert_eq!(parse_advisories(&bytes).expect("read"), list);
        let mut file: Value = serde_json::from_slice(&bytes).expect("JSON");
        let rows = file["advisories"].as_array_mut().expect("a list");
        rows[0]["affects"].as_array_mut().expect("a list").push(json!({ "colour": "red" }));
        rows[0]["severity"] = "dreadful".into();
        rows.push(json!({ "id": 7 }));
        rows.push(json!(null));
        let read = parse_advisories(&serde_json::to_vec(&file).expect("JSON")).expect("read");
        assert_eq!((read.len(), read[0].affects.len()), (2, 2));
        assert_eq!(read[0].severity, Severity::Vulnerable, "an unknown severity still denies");
    }

    #[test]
    fn refuses_files_of_other_kinds_and_lists_that_nobody_should_sign() {
        for bad in ["{}", "[]", r#"{"_type":"muster-advisories","format":2,"advisories":[]}"#, "x"] {
            assert!(parse_advisories(bad.as_bytes()).is_err(), "{bad}");
        }
        let good = advisory("a", vec![package("*")]);
        let twice = [good.clone(), good.clone()];
        assert!(write_advisories(&twice).is_err());
        for bad in [
            Advisory { id: "a b".into(), ..good.clone() },
            Advisory { text: "two\nlines".into(), ..good.clone() },
            Advisory { text: String::new(), ..good.clone() },
            Advisory { more: Some("http://example.org".into()), ..good.clone() },
            Advisory { affects: vec![], ..good.clone() },
        ] {
            assert!(write_advisories(&[bad]).is_err());
        }
    }

    #[test]
    fn a_range_holds_pre_releases_between_its_versions() {
        let below = package("<1.2.0");
        for (version, expected) in [
            ("1.1.9", true),
            ("1.2.0", false),
            ("1.2.0-beta.1", true),
            ("1.1.0-rc.1", true),
            ("2.0.0-rc.1", false),
            ("0.0.0-a", true),
        ] {
            assert_eq!(is_covered(&below, "alice/trees", version), expected, "{version}");
        }
        assert!(is_covered(&package(">=1.2.0"), "alice/trees", "1.2.0-beta.1"));
        assert!(!is_covered(&below, "bobby/trees", "1.0.0") && !is_covered(&below, "trees", "1.0.0"));
        let all = Subject::Publisher { publisher: "alice".parse().expect("a name") };
        assert!(is_covered(&all, "alice/other", "9.0.0") && !is_covered(&all, "alicc/other", "9.0.0"));
    }

    proptest! {
        #[test]
        fn reading_is_total(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse_advisories(&bytes);
        }

        #[test]
        fn what_is_shown_of_a_list_is_one_plain_line(text in "\\PC{0,40}|[\\x00-\\x1f\u{202e}a]{0,9}") {
            let file = json!({ "_type": KIND, "format": FORMAT, "advisories": [{
                "id": "a", "severity": "broken", "text": text, "published": "2026-01-01T00:00:00Z",
                "affects": [{ "publisher": "alice" }],
            }] });
            for advisory in parse_advisories(file.to_string().as_bytes()).expect("a list") {
                prop_assert_eq!(clean_line(&advisory.text, MAX_TEXT), advisory.text);
            }
        }
    }
}
