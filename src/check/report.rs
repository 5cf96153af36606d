//! All that a check has found, as one value; its JSON is a contract (`docs/commands.md`).

use std::collections::BTreeMap;

use serde::Serialize;

use super::finding::{Cause, Finding, Verdict};

/// What was found. Facts that could not be found out are `None`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// What the process ends with.
    pub exit_code: u8,
    /// Calls to Gong.
    pub calls: Calls,
    /// Everything, in the order in which it was found.
    pub findings: Vec<Finding>,
    /// Where state is kept.
    pub state: Option<StateFacts>,
    /// Who answers.
    pub gong: Option<GongFacts>,
    /// What the credentials may ask for.
    pub scopes: Vec<ScopeFact>,
    /// What scans cost.
    pub quota: Option<QuotaFacts>,
    /// Who is there.
    pub company: Option<CompanyFacts>,
}

/// Calls to Gong.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Calls {
    /// How many there may be.
    pub at_most: u32,
    /// How many there were.
    pub made: u32,
}

/// Where state is kept.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StateFacts {
    /// The directory.
    pub directory: String,
    /// Whether another process, a running service that is, has it.
    pub in_use: bool,
    /// The age of the snapshot in it, in seconds.
    pub snapshot_age_seconds: Option<i64>,
    /// How many persons that snapshot has.
    pub snapshot_users: Option<u32>,
}

/// Who answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GongFacts {
    /// The host.
    pub host: String,
    /// The shortest time to the head of an answer, in milliseconds.
    pub latency_ms: u64,
    /// How far this machine's clock is ahead of Gong's, in seconds; less than nothing if it is behind.
    pub clock_ahead_seconds: Option<i64>,
}

/// Whether one scope is there.
#[derive(Clone, Debug, Serialize)]
pub struct ScopeFact {
    /// Gong's name of it.
    pub scope: &'static str,
    /// The fields of the schema that need it.
    pub fields: &'static [&'static str],
    /// Whether it is there; `None` if that could not be found out.
    pub granted: Option<bool>,
}

/// What scans cost of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QuotaFacts {
    /// Users that Gong announces.
    pub users: u64,
    /// Pages that these take, a call each.
    pub calls_per_scan: u32,
    /// The shortest time that a scan takes, in seconds.
    pub scan_seconds: u32,
    /// From one scan to the next, in seconds.
    pub interval_seconds: u64,
    /// Scans in 24 hours.
    pub scans_per_day: u64,
    /// Calls of those.
    pub calls_per_day: u64,
    /// Calls that there may be in 24 hours.
    pub daily_budget: u32,
    /// Those among them that are kept for look-ups.
    pub lookup_reserve: u32,
    /// Calls of the last 24 hours, as far as the state directory tells, those of this check included.
    pub calls_today: u32,
    /// Calls that scans leave of a day.
    pub left_per_day: u64,
}

/// Who is there, and what is wrong with that.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CompanyFacts {
    /// Persons.
    pub users: u32,
    /// Those among them who are active.
    pub active: u32,
    /// People with nobody above them and somebody below.
    pub roots: u32,
    /// Rings of managers.
    pub rings: u32,
    /// Persons whose line to a root is broken or missing, by reason.
    pub orphans: BTreeMap<&'static str, u32>,
    /// Issues by severity.
    pub issues: BTreeMap<&'static str, u32>,
    /// Records that can't be read.
    pub records_refused: u32,
    /// The age of the snapshot that this is from, in seconds; 0 if it was read just now.
    pub age_seconds: i64,
}

impl Report {
    /// Whether anything was found that somebody should look at.
    pub fn has_warnings(&self) -> bool {
        self.findings.iter().any(|finding| finding.verdict == Verdict::Warning)
    }

    /// What the first failure is about.
    pub fn cause(&self) -> Option<Cause> {
        self.findings.iter().find_map(|finding| finding.cause)
    }

    /// The report as JSON.
    pub fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }
}
