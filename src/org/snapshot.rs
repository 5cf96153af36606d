//! The organisation with the circumstances under which it was read.

use std::fmt;

use jiff::Timestamp;

use super::OrgGraph;

/// Names one snapshot. Greater for a later one, across restarts too: it is the moment of publication
/// in milliseconds since 1970, or one more than the version before if that isn't greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SnapshotVersion(u64);

impl SnapshotVersion {
    /// The version for a snapshot published at `now`, after `previous`.
    pub fn after(previous: Option<Self>, now: Timestamp) -> Self {
        let now = u64::try_from(now.as_millisecond()).unwrap_or(0);
        Self(previous.map_or(now, |previous| now.max(previous.0 + 1)))
    }

    /// About when the snapshot was published.
    pub fn published_at(self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.0.try_into().ok()?).ok()
    }

    /// The version as a number.
    pub fn as_u64(self) -> u64 {
        self.0
    }
}

impl From<u64> for SnapshotVersion {
    fn from(version: u64) -> Self {
        Self(version)
    }
}

impl fmt::Display for SnapshotVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a snapshot came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotSource {
    /// A full scan of Gong's user listing.
    FullScan,
    /// A full scan, with what look-ups found to be different since.
    ReadRepair,
}

/// What the scan behind a snapshot saw: the evidence that it is whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SnapshotChecks {
    /// Pages of the listing.
    pub pages_read: u32,
    /// Records on those pages, repeated ids included.
    pub records_read: u32,
    /// Different ids on those pages, whether or not their records could be read.
    pub ids_read: u32,
    /// `totalRecords` as Gong's first page told it. Gong may count a row that no page returns.
    pub records_announced: Option<u32>,
    /// How often the listing had to begin anew because its cursor expired.
    pub listing_restarts: u32,
    /// Managers whom the listing didn't hold, asked for by id.
    pub managers_asked_for: u32,
    /// How many of those Gong knew: avatars, and people created while the scan ran.
    pub managers_found: u32,
    /// People of the snapshot before whom the listing didn't hold, asked for by id before anybody called
    /// them gone.
    pub absentees_asked_for: u32,
    /// How many of those Gong knew.
    pub absentees_found: u32,
    /// Records that could not be read.
    pub records_refused: u32,
    /// People whose record is that of the snapshot before, because of those.
    pub records_kept: u32,
}

impl SnapshotChecks {
    /// About how many calls to Gong the scan took.
    pub fn calls(&self) -> u32 {
        let batches = |ids: u32| ids.div_ceil(100);
        // Managers beyond the listing are asked for a second time, to tell avatars.
        self.pages_read + 2 * batches(self.managers_asked_for) + batches(self.absentees_asked_for)
    }
}

/// One immutable picture of the organisation. A request pins one and sees nothing else.
pub struct OrgSnapshot {
    /// Which one.
    pub version: SnapshotVersion,
    /// When the scan began. Everything in it is at least as new, but for records that could not be read
    /// and were kept: those tell their own age.
    pub taken_at: Timestamp,
    /// How it came to be.
    pub source: SnapshotSource,
    /// What the scan saw.
    pub checks: SnapshotChecks,
    /// The organisation.
    pub graph: OrgGraph,
}

impl fmt::Debug for OrgSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrgSnapshot").field("version", &self.version).finish_non_exhaustive()
    }
}
