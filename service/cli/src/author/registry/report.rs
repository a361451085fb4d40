//! What the registry verbs print.

use jiff::Timestamp;
use muster_domain::{Archive, Coded, Publisher, Sha256};
use muster_messages::Messages;
use muster_registry::{KeySet, ReleaseCustom, author::Problem, words};
use serde_json::{Value, json};

use crate::{author::Style, failure::Failure, output};

/// The identity of a registry; in quiet mode the fingerprint alone.
pub fn root(style: &Style, root: &Sha256) -> Result<(), Failure> {
    if style.json {
        return output::json(&json!({ "root": root, "words": words(root) }));
    }
    if style.quiet {
        return output::line(&root.to_string());
    }
    output::table(&[
        vec![style.words.text("cli-registry-root", &[]), root.to_string()],
        vec![style.words.text("cli-key-words", &[]), words(root)],
    ])
}

pub fn admitted(style: &Style, publisher: &Publisher, keys: &KeySet) -> Result<(), Failure> {
    let fingerprint = keys.fingerprint();
    if style.json {
        let words = words(&fingerprint);
        return output::json(&json!({ "publisher": publisher, "fingerprint": fingerprint, "words": words }));
    }
    let values = [("publisher", publisher.to_string()), ("words", words(&fingerprint))];
    style.note(style.words.text("cli-registry-admitted", &values));
    Ok(())
}

pub fn published(style: &Style, published: &[(ReleaseCustom, Archive)]) -> Result<(), Failure> {
    if style.json {
        let packages: Vec<Value> = published
            .iter()
            .map(|(description, archive)| {
                json!({
                    "name": description.package,
                    "version": description.version,
                    "sha256": archive.sha256,
                    "size": archive.size,
                })
            })
            .collect();
        return output::json(&json!({ "packages": packages }));
    }
    if style.quiet {
        return Ok(());
    }
    let row = |(description, archive): &(ReleaseCustom, Archive)| {
        let size = style.words.size(archive.size);
        let version = description.version.to_string();
        vec![description.package.to_string(), version, size, archive.sha256.to_string()]
    };
    output::table(&published.iter().map(row).collect::<Vec<_>>())?;
    style.note(style.words.text("cli-registry-published", &[]));
    Ok(())
}

/// What could not be taken in is told but is no failure: one broken publisher must not stop a registry's renewal.
pub fn refreshed(style: &Style, until: Timestamp, problems: &[Problem]) -> Result<(), Failure> {
    if style.json {
        return output::json(&json!({ "valid_until": until, "problems": list(&style.words, problems) }));
    }
    for problem in problems {
        eprintln!("{}", sentence(&style.words, problem));
    }
    let date = until.strftime("%Y-%m-%d").to_string();
    style.note(style.words.text("cli-registry-refreshed", &[("until", date)]));
    Ok(())
}

pub fn verified(style: &Style, fingerprint: &Sha256, problems: &[Problem]) -> Result<(), Failure> {
    if style.json {
        let problems = list(&style.words, problems);
        let words = words(fingerprint);
        return output::json(&json!({ "root": fingerprint, "words": words, "problems": problems }));
    }
    if problems.is_empty() {
        root(style, fingerprint)?;
        style.note(style.words.text("cli-registry-verified", &[]));
    }
    for problem in problems {
        output::line(&sentence(&style.words, problem))?;
    }
    Ok(())
}

fn list(words: &Messages, problems: &[Problem]) -> Vec<Value> {
    let entry = |problem: &Problem| json!({ "error": problem.is_error(), "text": sentence(words, problem) });
    problems.iter().map(entry).collect()
}

/// A problem in words.
pub fn sentence(words: &Messages, problem: &Problem) -> String {
    let (id, values) = match problem {
        Problem::Refused { role, error } => {
            let context = error.context().into_iter().collect();
            let why = words.error_text(error.code(), &context, &error.to_string());
            ("cli-problem-refused", vec![("role", role.clone()), ("why", why)])
        }
        Problem::Outside { path } => ("cli-problem-outside", vec![("file", path.clone())]),
        Problem::MissingTarget { file } => ("cli-problem-missing", vec![("file", file.clone())]),
        Problem::WrongTarget { file } => ("cli-problem-wrong", vec![("file", file.clone())]),
        Problem::SharedKey { key, publishers: (first, second) } => {
            let publishers = [("first", first.to_string()), ("second", second.to_string())];
            let key = ("key", key.to_string());
            ("cli-problem-shared-key", publishers.into_iter().chain([key]).collect())
        }
        Problem::Lookalike { publisher, like } => {
            let values = vec![("publisher", publisher.to_string()), ("like", like.to_string())];
            ("cli-problem-lookalike", values)
        }
        Problem::ExpiresSoon { expires } => {
            let date = expires.strftime("%Y-%m-%d %H:%M UTC").to_string();
            ("cli-problem-expires-soon", vec![("expires", date)])
        }
        other => return other.to_string(),
    };
    words.text(id, &values)
}
