//! What the player's sources advise against, asked by package. Pure.
//!
//! A statement about bytes counts from any source that the player has; one about a range of versions or a publisher
//! counts for packages of the source that says so (`security.md` T-38). Nothing here can allow anything.

use std::collections::HashMap;

use muster_domain::{PackageId, Publisher, Sha256, SourceId, Version};
use muster_registry::{Advisory, Subject};

/// One statement, and which source makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub source: SourceId,
    pub advisory: Advisory,
}

/// The package version that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub source: &'a SourceId,
    pub id: &'a PackageId,
    pub version: &'a Version,
    /// Of its archive.
    pub sha256: &'a Sha256,
}

/// All statements of all sources that are switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdviceBook {
    /// In order of sources and ids.
    advice: Vec<Advice>,
    by_archive: HashMap<Sha256, Vec<usize>>,
    by_publisher: HashMap<(SourceId, Publisher), Vec<usize>>,
}

impl AdviceBook {
    /// The book of these lists.
    pub fn new(lists: impl IntoIterator<Item = (SourceId, Vec<Advisory>)>) -> Self {
        let mut book = Self::default();
        let all = lists.into_iter().flat_map(|(source, list)| {
            list.into_iter().map(move |advisory| Advice { source: source.clone(), advisory })
        });
        book.advice = all.collect();
        book.advice.sort_by(|a, b| (&a.source, &a.advisory.id).cmp(&(&b.source, &b.advisory.id)));
        for (at, Advice { source, advisory }) in book.advice.iter().enumerate() {
            for subject in &advisory.affects {
                let places = match subject {
                    Subject::Archive { sha256 } => book.by_archive.entry(*sha256).or_default(),
                    Subject::Package { package, .. } => {
                        let key = (source.clone(), package.publisher.clone());
                        book.by_publisher.entry(key).or_default()
                    }
                    Subject::Publisher { publisher } => {
                        book.by_publisher.entry((source.clone(), publisher.clone())).or_default()
                    }
                };
                places.push(at);
            }
        }
        book
    }

    /// Whether nobody advises against anything.
    pub fn is_empty(&self) -> bool {
        self.advice.is_empty()
    }

    /// What one source says.
    pub fn of(&self, source: &SourceId) -> Vec<Advisory> {
        let own = self.advice.iter().filter(|advice| advice.source == *source);
        own.map(|advice| advice.advisory.clone()).collect()
    }

    /// What is said about a version, the worst first.
    pub fn about(&self, asked: Asked<'_>) -> Vec<&Advice> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<usize> = self.by_archive.get(asked.sha256).cloned().unwrap_or_default();
        if let Ok(name) = asked.id.published() {
            let named = self.by_publisher.get(&(asked.source.clone(), name.publisher));
            let covers = |at: &&usize| {
                let subjects = &self.advice[**at].advisory.affects;
                subjects.iter().any(|subject| subject.covers(asked.id, asked.version))
            };
            found.extend(named.into_iter().flatten().filter(covers));
        }
        found.sort_by_key(|at| (std::cmp::Reverse(self.advice[*at].advisory.severity), *at));
        found.dedup();
        found.into_iter().map(|at| &self.advice[at]).collect()
    }
}

#[cfg(test)]
mod tests {
    use muster_registry::Severity;

    use super::*;

    fn source(number: u8) -> SourceId {
        SourceId::registry(&Sha256([number; 32]))
    }

    fn advisory(id: &str, severity: Severity, affects: Vec<Subject>) -> Advisory {
        Advisory {
            id: id.into(),
            severity,
            text: "It does harm.".into(),
            published: jiff::Timestamp::UNIX_EPOCH,
            fixed_in: None,
            more: None,
            affects,
        }
    }

    fn said(book: &AdviceBook, from: u8, id: &str, version: &str, archive: u8) -> Vec<String> {
        let (id, version) = (id.parse().expect("an id"), Version::semver(version).expect("a version"));
        let asked =
            Asked { source: &source(from), id: &id, version: &version, sha256: &Sha256([archive; 32]) };
        book.about(asked).into_iter().map(|advice| advice.advisory.id.clone()).collect()
    }

    #[test]
    fn t38_a_range_counts_for_its_own_source_and_bytes_count_everywhere() {
        let range = Subject::Package {
            package: "alice/trees".parse().expect("a name"),
            versions: "<2".parse().expect("a range"),
        };
        let bytes = Subject::Archive { sha256: Sha256([9; 32]) };
        let everything = Subject::Publisher { publisher: "bobby".parse().expect("a name") };
        let book = AdviceBook::new([
            (source(1), vec![advisory("b", Severity::Broken, vec![range.clone(), range, bytes.clone()])]),
            (
                source(2),
                vec![
                    advisory("a", Severity::Malware, vec![bytes]),
                    advisory("c", Severity::Broken, vec![everything]),
                ],
            ),
        ]);
        assert_eq!(said(&book, 1, "alice/trees", "1.0.0", 1), ["b"]);
        assert!(said(&book, 1, "alice/trees", "2.0.0", 1).is_empty());
        assert!(said(&book, 2, "alice/trees", "1.0.0", 1).is_empty(), "another registry's range");
        assert!(said(&book, 1, "bobby/rocks", "1.0.0", 1).is_empty());
        assert_eq!(said(&book, 2, "bobby/rocks", "1.0.0", 1), ["c"]);
        assert_eq!(said(&book, 3, "ModuleManager", "1.0.0", 9), ["a", "b"], "bytes, the worst first");
        assert_eq!(said(&book, 1, "alice/trees", "1.0.0", 9), ["a", "b"], "each once");
    }
}
