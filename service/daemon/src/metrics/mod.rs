//! Figures for Prometheus. Nothing that names a package, a file, a person or an address is ever a label.

#[cfg(test)]
mod check;
mod exposition;

use jiff::Timestamp;
use muster_client::{BUILD, VERSION};
use muster_domain::Tier;
use muster_engine::{Figures, JobKind, Phase, TransferPhase, TransferWait};

use exposition::{
    Exposition,
    Kind::{Counter, Gauge},
};

/// Media type of the text.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

const TRANSFER_PHASES: [TransferPhase; 6] = [
    TransferPhase::Waiting,
    TransferPhase::Fetching,
    TransferPhase::Verifying,
    TransferPhase::Paused,
    TransferPhase::Failed,
    TransferPhase::Done,
];
const TIERS: [Tier; 3] = [Tier::LobbyUrgent, Tier::User, Tier::Background];
const JOB_KINDS: [JobKind; 5] =
    [JobKind::Change, JobKind::GoBack, JobKind::Repair, JobKind::Sync, JobKind::Look];
const JOB_ENDS: [Phase; 3] = [Phase::Done, Phase::Failed, Phase::Cancelled];
const EVICTIONS: [&str; 3] = ["expired", "quota", "asked"];

/// The whole text. Every label value is written from the start, with nought, so that rates can be told.
pub(crate) fn text(figures: &Figures, started: Timestamp) -> String {
    let mut out = Exposition::default();
    process(&mut out, started);
    bytes(&mut out, figures);
    transfers(&mut out, figures);
    jobs(&mut out, figures);
    cache(&mut out, figures);
    out.into_text()
}

fn process(out: &mut Exposition, started: Timestamp) {
    out.family("muster_build_info", Gauge, "Version and build of the service; always 1.")
        .sample(&[("version", VERSION), ("build", BUILD)], 1);
    let begin = u64::try_from(started.as_second()).unwrap_or_default();
    let uptime = u64::try_from(Timestamp::now().duration_since(started).as_secs()).unwrap_or_default();
    out.single("muster_start_time_seconds", Gauge, "When the service started, since 1970.", begin);
    out.single("muster_uptime_seconds", Gauge, "How long the service has been running.", uptime);
}

fn bytes(out: &mut Exposition, figures: &Figures) {
    let totals = &figures.totals;
    let help = "Bytes of archives by direction and source; local ones were on this machine already.";
    out.family("muster_transfer_bytes_total", Counter, help)
        .sample(&[("direction", "down"), ("source", "local")], totals.here)
        .sample(&[("direction", "down"), ("source", "origin")], totals.from_servers)
        .sample(&[("direction", "down"), ("source", "swarm")], totals.from_peers)
        .sample(&[("direction", "up"), ("source", "swarm")], totals.to_peers);
    out.single("muster_peer_connections", Gauge, "Connections to peers.", figures.connections);
}

fn transfers(out: &mut Exposition, figures: &Figures) {
    let mut family = out.family("muster_transfers", Gauge, "Transfers in the queue by state and tier.");
    for phase in TRANSFER_PHASES.map(TransferPhase::as_str) {
        for tier in TIERS {
            let count = figures.transfers.get(&(phase, tier)).copied().unwrap_or_default();
            family.sample(&[("state", phase), ("tier", tier.as_str())], count);
        }
    }
    let mut family = out.family("muster_transfers_waiting", Gauge, "Transfers that wait, by why.");
    for code in TransferWait::CODES {
        let count = figures.waits.get(code).copied().unwrap_or_default();
        family.sample(&[("reason", code.trim_start_matches("waiting-"))], count);
    }
}

fn jobs(out: &mut Exposition, figures: &Figures) {
    out.single("muster_jobs_unfinished", Gauge, "Jobs that are not finished.", figures.unfinished_jobs);
    let mut family = out.family("muster_jobs_total", Counter, "Ended jobs by kind and result.");
    for kind in JOB_KINDS {
        for end in JOB_ENDS {
            let count = figures.totals.jobs.get(&(kind, end)).copied().unwrap_or_default();
            family.sample(&[("kind", kind.as_str()), ("result", end.as_str())], count);
        }
    }
    out.single("muster_catalog_packages", Gauge, "Packages in the catalog.", figures.packages);
}

fn cache(out: &mut Exposition, figures: &Figures) {
    let totals = &figures.totals;
    out.single("muster_seeds_kept", Gauge, "Complete archives in the cache.", figures.archives);
    out.single("muster_seeds_offered", Gauge, "Archives offered to others.", figures.offered);
    for (name, help, value) in [
        ("muster_cache_archive_bytes", "Bytes of complete archives.", figures.archive_bytes),
        ("muster_cache_protected_bytes", "Of these: needed, pinned or last copies.", figures.protected_bytes),
        ("muster_cache_unfinished_bytes", "Bytes of unfinished downloads.", figures.unfinished_bytes),
        ("muster_cache_limit_bytes", "Bytes of complete archives that may be kept.", figures.quota),
        ("muster_cache_unchecked_archives", "Archives that wait to be checked.", figures.unchecked),
    ] {
        out.single(name, Gauge, help, value);
    }
    let evicted = |reason: &str| totals.evicted.get(reason).copied().unwrap_or_default();
    let mut family = out.family("muster_cache_evictions_total", Counter, "Archives that went, by why.");
    for reason in EVICTIONS {
        family.sample(&[("reason", reason)], evicted(reason).0);
    }
    let mut family = out.family("muster_cache_evicted_bytes_total", Counter, "Bytes that went, by why.");
    for reason in EVICTIONS {
        family.sample(&[("reason", reason)], evicted(reason).1);
    }
    let help = "Archives that were found damaged.";
    out.single("muster_cache_damaged_archives_total", Counter, help, totals.damaged);
    let help = "Damaged archives that were fetched again.";
    out.single("muster_cache_repaired_archives_total", Counter, help, totals.repaired);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_well_formed_and_says_what_was_counted() {
        let mut figures = Figures { archives: 3, quota: 2_000_000_000, ..Figures::default() };
        figures.totals.from_peers = 42;
        figures.totals.jobs.insert((JobKind::Change, Phase::Failed), 2);
        figures.totals.evicted.insert("quota", (5, 500));
        figures.transfers.insert(("fetching", Tier::User), 4);
        figures.waits.insert("waiting-disk", 6);
        let text = text(&figures, Timestamp::now());
        let samples = check::check(&text);
        let value = |sample: &str| *samples.get(sample).unwrap_or_else(|| panic!("{sample} in {text}"));
        for (sample, expected) in [
            ("muster_transfer_bytes_total{direction=\"down\",source=\"swarm\"}", 42.0),
            ("muster_transfer_bytes_total{direction=\"up\",source=\"swarm\"}", 0.0),
            ("muster_jobs_total{kind=\"change\",result=\"failed\"}", 2.0),
            ("muster_cache_evictions_total{reason=\"quota\"}", 5.0),
            ("muster_cache_evicted_bytes_total{reason=\"quota\"}", 500.0),
            ("muster_transfers{state=\"fetching\",tier=\"user\"}", 4.0),
            ("muster_transfers_waiting{reason=\"disk\"}", 6.0),
            ("muster_seeds_kept", 3.0),
            ("muster_cache_limit_bytes", 2e9),
        ] {
            assert!((value(sample) - expected).abs() < 0.5, "{sample}");
        }
    }
}
