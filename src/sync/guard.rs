//! What a scan may change without anybody being asked. A listing can come to its end without an error and
//! still be wrong; what would change too much at once is held back.

use std::{fmt, str::FromStr};

use crate::{
    directory::{Breach, QuarantineReason},
    org::{Changes, OrgGraph, OrgSnapshot, SnapshotChecks},
};

/// A part in a hundred, from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(u8);

impl Percent {
    /// `percent` in a hundred; what is more than all is all.
    pub const fn new(percent: u8) -> Self {
        Self(if percent > 100 { 100 } else { percent })
    }

    /// The part of `whole`, rounded down.
    pub fn of(self, whole: u32) -> u32 {
        (u64::from(whole) * u64::from(self.0) / 100) as u32
    }
}

impl FromStr for Percent {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.trim().trim_end_matches('%').trim_end();
        match number.parse() {
            Ok(percent @ 0..=100) => Ok(Self(percent)),
            _ => Err("expected a whole number of percent from 0 to 100"),
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

/// The bounds of what is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardBounds {
    /// Active people who may be gone or inactive.
    pub deactivated: Percent,
    /// Links to managers that may be changed or gone.
    pub relinked: Percent,
    /// People who may be gone.
    pub removed: u32,
    /// The smallest company for which these hold: in a small one a single change is a large part.
    pub from_size: u32,
}

impl Default for GuardBounds {
    fn default() -> Self {
        Self { deactivated: Percent(20), relinked: Percent(20), removed: 500, from_size: 100 }
    }
}

impl GuardBounds {
    /// Every bound that `after` breaks. `before` is what is served now, if anything is.
    pub(super) fn breaches(
        &self,
        before: Option<&OrgSnapshot>,
        after: &OrgGraph,
        checks: &SnapshotChecks,
    ) -> Vec<Breach> {
        let mut breaches = evidence(checks, before.map(|before| &before.checks));
        if let Some(before) = before {
            breaches.extend(self.changes(&before.graph, after));
        }
        breaches
    }

    /// The bounds that hold for what changes, however the records were read.
    pub(super) fn changes(&self, before: &OrgGraph, after: &OrgGraph) -> Vec<Breach> {
        let Changes { persons, removed, active, deactivated, links, relinked } =
            Changes::between(before, after);
        let breach = |reason, found, of, allowed| Breach { reason, found, of, allowed };
        if persons > 0 && after.person_count() == 0 {
            return vec![breach(QuarantineReason::EmptyCompany, 0, persons, 0)];
        }
        if persons < self.from_size {
            return Vec::new();
        }
        [
            breach(QuarantineReason::TooManyRemoved, removed, persons, self.removed),
            breach(QuarantineReason::TooManyDeactivated, deactivated, active, self.deactivated.of(active)),
            breach(QuarantineReason::TooManyManagersChanged, relinked, links, self.relinked.of(links)),
        ]
        .into_iter()
        .filter(|breach| breach.found > breach.allowed)
        .collect()
    }
}

/// What a scan says about itself: whether it is whole. Where the total has been as far off in what is served
/// already, which an operator has accepted then, it is no news.
fn evidence(checks: &SnapshotChecks, before: Option<&SnapshotChecks>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let excess = |checks: &SnapshotChecks| {
        checks.records_announced.map(|announced| i64::from(announced) - i64::from(checks.ids_read))
    };
    let usual = before.and_then(excess).unwrap_or(0);
    if let (Some(announced), Some(off)) = (checks.records_announced, excess(checks)) {
        let allowed = tolerance(announced);
        if off.unsigned_abs().min(off.abs_diff(usual)) > u64::from(allowed) {
            let found = checks.ids_read;
            breaches.push(Breach { reason: QuarantineReason::TotalDiffers, found, of: announced, allowed });
        }
    }
    let allowed = tolerance(checks.records_read);
    if checks.records_refused > allowed {
        breaches.push(Breach {
            reason: QuarantineReason::TooManyUnreadable,
            found: checks.records_refused,
            of: checks.records_read,
            allowed,
        });
    }
    breaches
}

/// How far Gong's total may be off, which counts rows that no page returns (*coded for*) and people who
/// come and go meanwhile; and how many records may be unreadable. A hundredth, but some in a small company
/// and never so many that a lost page could hide among them.
fn tolerance(total: u32) -> u32 {
    (total / 100).clamp(5, 50)
}
