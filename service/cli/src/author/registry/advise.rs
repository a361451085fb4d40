//! `muster registry advise`: what the registry advises against.

use jiff::Timestamp;
use muster_domain::{PublishedName, Publisher, Sha256, Version, VersionRange};
use muster_registry::{Advisory, Error, Severity, Subject, author};

use super::{
    super::{
        Style,
        keys::{self, Passphrases},
    },
    folder::Folder,
    moment, report,
};
use crate::{arguments::AdviseArguments, failure::Failure};

/// Signs a statement, in place of one of the same id, or takes one back.
pub fn advise(style: &Style, arguments: &AdviseArguments) -> Result<(), Failure> {
    let folder = Folder::open(&arguments.sign.registry)?;
    let moment = moment(&arguments.sign)?;
    let statement = match arguments.withdraw {
        true => None,
        false => Some(statement(arguments, moment.now)?),
    };
    let passphrases = Passphrases::new(&style.words, arguments.sign.passphrase_file.as_deref())?;
    let online = keys::open(&arguments.online_key, &passphrases)?;
    let edit = |list: &mut Vec<Advisory>| {
        let before = list.len();
        list.retain(|advisory| advisory.id != arguments.id);
        match statement {
            Some(advisory) => list.push(advisory),
            None if list.len() == before => return Err(Error::NotFound { what: arguments.id.clone() }),
            None => {}
        }
        Ok(())
    };
    let refresh = author::advise(&folder, edit, &online, moment)?;
    folder.write(&refresh.change, &[])?;
    let until = moment.now.checked_add(moment.lifetimes.online).unwrap_or(moment.now);
    report::refreshed(style, until, &refresh.problems)
}

fn statement(arguments: &AdviseArguments, now: Timestamp) -> Result<Advisory, Failure> {
    let missing = |name: &str| Failure::new(2, "cli-advise-missing", name.to_owned()).with("name", name);
    let severity = arguments.severity.ok_or_else(|| missing("--severity"))?;
    let mut affects = Vec::new();
    for text in &arguments.sha256 {
        let sha256: Sha256 = text.parse().map_err(|_| unreadable("--sha256", text))?;
        affects.push(Subject::Archive { sha256 });
    }
    for text in &arguments.package {
        let (name, range) = text.split_once('@').unwrap_or((text, "*"));
        let package: PublishedName = name.parse().map_err(|_| unreadable("--package", text))?;
        let versions: VersionRange = range.parse().map_err(|_| unreadable("--package", text))?;
        affects.push(Subject::Package { package, versions });
    }
    for text in &arguments.publisher {
        let publisher: Publisher = text.parse().map_err(|_| unreadable("--publisher", text))?;
        affects.push(Subject::Publisher { publisher });
    }
    if affects.is_empty() {
        return Err(missing("--sha256, --package, --publisher"));
    }
    let fixed_in = arguments.fixed.as_deref();
    let fixed_in = fixed_in.map(|text| Version::semver(text).map_err(|_| unreadable("--fixed", text)));
    Ok(Advisory {
        id: arguments.id.clone(),
        severity: Severity::parse(severity.as_str()).unwrap_or(Severity::Vulnerable),
        text: arguments.text.clone().ok_or_else(|| missing("--text"))?,
        published: now,
        fixed_in: fixed_in.transpose()?,
        more: arguments.more.clone(),
        affects,
    })
}

fn unreadable(name: &str, text: &str) -> Failure {
    Failure::new(2, "cli-advise-unreadable", format!("{name} {text}")).with("name", name).with("text", text)
}
