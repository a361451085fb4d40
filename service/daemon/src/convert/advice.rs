//! What sources advise against.

use muster_api as api;
use muster_engine::{AdviceView, AuditFinding, AuditView};

fn one(view: &AdviceView) -> api::Advice {
    api::Advice {
        id: view.id.clone(),
        severity: match view.severity {
            "broken" => api::Severity::Broken,
            "malware" => api::Severity::Malware,
            _ => api::Severity::Vulnerable,
        },
        text: view.text.clone(),
        source: view.source.to_string(),
        source_name: view.source_name.clone(),
        published: view.published.to_string(),
        fixed_in: view.fixed_in.clone(),
        more: view.more.clone(),
    }
}

pub(crate) fn advice(views: &[AdviceView]) -> Vec<api::Advice> {
    views.iter().map(one).collect()
}

fn finding(finding: &AuditFinding) -> api::AuditFinding {
    api::AuditFinding {
        profile: finding.profile.to_string(),
        profile_name: finding.profile_name.clone(),
        key: api::PackageKey { source: finding.key.source.to_string(), id: finding.key.id.to_string() },
        title: finding.title.clone(),
        version: finding.version.label(),
        enabled: finding.is_enabled,
        placed: finding.is_placed,
        advice: advice(&finding.advice),
    }
}

pub(crate) fn audit(view: AuditView) -> api::AuditReport {
    api::AuditReport {
        packages: view.packages as u64,
        findings: view.findings.iter().map(finding).collect(),
        checked: view.checked.map(|time| time.to_string()),
    }
}
