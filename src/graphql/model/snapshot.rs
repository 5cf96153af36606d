//! What everything else is read from.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::{Enum, Object, SimpleObject};

use crate::{
    graphql::scalar::DateTime,
    org::{self, OrgSnapshot},
};

/// How a snapshot came to be.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::SnapshotSource")]
pub(in crate::graphql) enum SnapshotSource {
    /// A full scan of Gong's user listing.
    FullScan,
    /// A full scan, with what look-ups found to be different since.
    ReadRepair,
}

/// The kinds of oddities in the records themselves.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::AnomalyKind")]
enum AnomalyKind {
    /// One id came more than once in a listing; the last record counts.
    DuplicateId,
    /// Two or more users share an e-mail address.
    DuplicateEmail,
    /// Two or more users manage each other in a ring.
    ManagementCycle,
}

/// How often a kind of oddity was found.
#[derive(SimpleObject)]
struct AnomalyCount {
    /// The kind.
    kind: AnomalyKind,
    /// How many of it: ids, addresses or rings.
    count: usize,
}

/// What the scan behind a snapshot saw: the evidence that it is whole.
#[derive(SimpleObject)]
struct SnapshotChecks {
    /// Pages of the listing that were read.
    pages_read: u32,
    /// Records on those pages, repeated ids included.
    records_read: u32,
    /// Different ids on those pages.
    ids_read: u32,
    /// How many records Gong announced on the first page. Gong may count one that no page returns.
    records_announced: Option<u32>,
    /// How often the listing had to begin anew because Gong refused its cursor.
    listing_restarts: u32,
    /// Managers whom the listing didn't hold, asked for by id.
    managers_asked_for: u32,
    /// How many of those Gong knew: avatars, and people created while the scan ran.
    managers_found: u32,
    /// People of the snapshot before whom the listing didn't hold, asked for by id before they were called
    /// gone.
    absentees_asked_for: u32,
    /// How many of those Gong knew.
    absentees_found: u32,
    /// Records that could not be read.
    records_refused: u32,
    /// People whose record is an older one because of those; their `fetchedAt` tells of when.
    records_kept: u32,
    /// Oddities in the records, by kind; kinds that weren't found are left out.
    anomalies: Vec<AnomalyCount>,
}

pub(in crate::graphql) struct Snapshot(pub(in crate::graphql) Arc<OrgSnapshot>);

/// One picture of the organisation. All of an answer is from the same one.
#[Object]
impl Snapshot {
    /// Names the snapshot. Of two versions the later is the greater number.
    async fn version(&self) -> String {
        self.0.version.to_string()
    }

    /// When the reading of Gong began: everything in the snapshot was true then or later, but for records
    /// that could not be read (`checks.recordsKept`).
    async fn taken_at(&self) -> DateTime {
        self.0.taken_at.into()
    }

    /// How many persons it holds. Avatars are not counted.
    async fn user_count(&self) -> u32 {
        self.0.graph.person_count()
    }

    /// How it came to be.
    async fn source(&self) -> SnapshotSource {
        self.0.source.into()
    }

    /// What the scan behind it saw.
    async fn checks(&self) -> SnapshotChecks {
        let checks = self.0.checks;
        let mut anomalies = BTreeMap::new();
        for anomaly in self.0.graph.anomalies() {
            *anomalies.entry(anomaly.kind()).or_insert(0) += 1;
        }
        SnapshotChecks {
            pages_read: checks.pages_read,
            records_read: checks.records_read,
            ids_read: checks.ids_read,
            records_announced: checks.records_announced,
            listing_restarts: checks.listing_restarts,
            managers_asked_for: checks.managers_asked_for,
            managers_found: checks.managers_found,
            absentees_asked_for: checks.absentees_asked_for,
            absentees_found: checks.absentees_found,
            records_refused: checks.records_refused,
            records_kept: checks.records_kept,
            anomalies: anomalies
                .into_iter()
                .map(|(kind, count)| AnomalyCount { kind: kind.into(), count })
                .collect(),
        }
    }
}
