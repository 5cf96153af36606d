//! What a scan saw and where a snapshot is from, as the files hold it.

use serde::{Deserialize, Serialize};

use crate::org::{SnapshotChecks, SnapshotSource};

/// [`SnapshotChecks`]. A field that an earlier version didn't have is nothing.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct ChecksRecord {
    pages_read: u32,
    records_read: u32,
    ids_read: u32,
    records_announced: Option<u32>,
    listing_restarts: u32,
    managers_asked_for: u32,
    managers_found: u32,
    absentees_asked_for: u32,
    absentees_found: u32,
    records_refused: u32,
    records_kept: u32,
}

impl From<SnapshotChecks> for ChecksRecord {
    fn from(checks: SnapshotChecks) -> Self {
        let SnapshotChecks {
            pages_read,
            records_read,
            ids_read,
            records_announced,
            listing_restarts,
            managers_asked_for,
            managers_found,
            absentees_asked_for,
            absentees_found,
            records_refused,
            records_kept,
        } = checks;
        Self {
            pages_read,
            records_read,
            ids_read,
            records_announced,
            listing_restarts,
            managers_asked_for,
            managers_found,
            absentees_asked_for,
            absentees_found,
            records_refused,
            records_kept,
        }
    }
}

impl From<ChecksRecord> for SnapshotChecks {
    fn from(record: ChecksRecord) -> Self {
        Self {
            pages_read: record.pages_read,
            records_read: record.records_read,
            ids_read: record.ids_read,
            records_announced: record.records_announced,
            listing_restarts: record.listing_restarts,
            managers_asked_for: record.managers_asked_for,
            managers_found: record.managers_found,
            absentees_asked_for: record.absentees_asked_for,
            absentees_found: record.absentees_found,
            records_refused: record.records_refused,
            records_kept: record.records_kept,
        }
    }
}

/// [`SnapshotSource`].
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SourceRecord {
    FullScan,
    ReadRepair,
}

impl From<SnapshotSource> for SourceRecord {
    fn from(source: SnapshotSource) -> Self {
        match source {
            SnapshotSource::FullScan => Self::FullScan,
            SnapshotSource::ReadRepair => Self::ReadRepair,
        }
    }
}

impl From<SourceRecord> for SnapshotSource {
    fn from(record: SourceRecord) -> Self {
        match record {
            SourceRecord::FullScan => Self::FullScan,
            SourceRecord::ReadRepair => Self::ReadRepair,
        }
    }
}
