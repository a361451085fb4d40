//! What is in a game's folders, as the API shows it.

use muster_api as api;
use muster_engine::{Decision, Departure, DriftView, FileFinding, FileTexts, Keeping, Spot, VanillaView};

/// Longest list of files.
const MAX_FILES: usize = 1000;

pub(crate) fn file(spot: Spot) -> api::PlaceFile {
    api::PlaceFile { place: spot.place, path: spot.at }
}

pub(crate) fn vanilla(view: VanillaView) -> api::VanillaProof {
    let placed = view.placed.map(|id| id.to_string());
    let Some(proof) = view.proof else {
        return api::VanillaProof { placed, original: true, ..api::VanillaProof::default() };
    };
    let counts = api::VanillaCounts {
        equal: proof.equal.len() as u64,
        unchanged: proof.unchanged.len() as u64,
        departed: proof.departed.len() as u64,
        modded: proof.modded.len() as u64,
    };
    let files = |spots: Vec<Spot>| spots.into_iter().take(MAX_FILES).map(file).collect();
    let departed = |(spot, how)| api::Departed {
        file: file(spot),
        how: match how {
            Departure::Changed => api::Departure::Changed,
            Departure::Gone => api::Departure::Gone,
            Departure::New => api::Departure::New,
        },
    };
    let modded = |(spot, of)| api::Modded { file: file(spot), of };
    api::VanillaProof {
        placed,
        recorded: true,
        late: proof.is_late,
        original: proof.is_original(),
        ours: proof.ours,
        counts,
        equal: files(proof.equal),
        unchanged: files(proof.unchanged),
        departed: proof.departed.into_iter().take(MAX_FILES).map(departed).collect(),
        modded: proof.modded.into_iter().take(MAX_FILES).map(modded).collect(),
    }
}

pub(crate) fn drift(view: DriftView) -> api::Drift {
    let own = view.own.into_iter().map(|own| api::OwnFile {
        file: file(own.spot),
        keep: match own.keep {
            Keeping::Mine => api::Keeping::Mine,
            Keeping::Theirs => api::Keeping::Theirs,
            Keeping::Both => api::Keeping::Both,
        },
        conflict: own.is_conflict,
    });
    let findings = |found: Vec<FileFinding>| found.into_iter().map(super::finding).collect();
    api::Drift { own: own.collect(), undecided: findings(view.undecided), missing: findings(view.missing) }
}

pub(crate) fn spot(file: api::PlaceFile) -> Spot {
    Spot { place: file.place, at: file.path }
}

pub(crate) fn file_texts(texts: FileTexts) -> api::FileTexts {
    let FileTexts { base, mine, theirs, merged, is_conflict: conflict } = texts;
    api::FileTexts { base, mine, theirs, merged, conflict }
}

pub(crate) fn decision(decision: api::DriftDecision) -> Decision {
    Decision {
        keep: match decision.keep {
            api::Keeping::Mine => Keeping::Mine,
            api::Keeping::Theirs => Keeping::Theirs,
            api::Keeping::Both => Keeping::Both,
        },
        files: decision.files.into_iter().map(spot).collect(),
    }
}
