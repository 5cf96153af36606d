//! How the reading of Gong is doing.

use async_graphql::{Enum, ID, SimpleObject};

use crate::{
    directory::{self, Directory},
    graphql::{connection::many, scalar::DateTime},
};

/// What the sync is doing.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "directory::SyncState")]
enum SyncState {
    /// Nothing has been tried yet.
    Starting,
    /// A scan is running.
    Syncing,
    /// The last scan was good; the next one has its time.
    Idle,
    /// The last scan failed in a way that may pass; it will be tried again.
    Retrying,
    /// The last scan came to its end and is held back, because what it brought is hard to believe. It is
    /// served when an operator accepts it, and forgotten when a later scan is within bounds.
    Quarantined,
    /// Gong refused the credentials. Somebody has to change something.
    Unauthorized,
    /// The day's calls to Gong are spent.
    BudgetSpent,
}

/// Why a scan failed.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "directory::FailureKind")]
enum SyncFailureKind {
    /// Gong refused the credentials: a wrong key, a missing scope, an address that isn't on the key's list.
    Unauthorized,
    /// The day's calls to Gong are spent.
    BudgetSpent,
    /// Gong asked to be left alone for a while.
    Throttled,
    /// Gong can't be reached, is too slow or has a fault.
    Unavailable,
    /// Gong's answers make no sense.
    InvalidAnswer,
}

/// A failed scan.
#[derive(SimpleObject)]
struct SyncFailure {
    /// When it failed.
    at: DateTime,
    /// What kind of failure it was.
    kind: SyncFailureKind,
    /// The cause in words.
    message: String,
    /// Gong's own `requestId`, for a question to Gong's support.
    gong_request_id: Option<String>,
}

impl From<directory::SyncFailure> for SyncFailure {
    fn from(failure: directory::SyncFailure) -> Self {
        Self {
            at: failure.at.into(),
            kind: failure.kind.into(),
            message: failure.message,
            gong_request_id: failure.gong_request_id,
        }
    }
}

/// Why a scan is held back.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "directory::QuarantineReason")]
enum QuarantineReason {
    /// It found nobody, where there was somebody before.
    EmptyCompany,
    /// Too many people are gone.
    TooManyRemoved,
    /// Too large a part of the active people is gone or inactive.
    TooManyDeactivated,
    /// Too large a part of the links to managers is another one or gone.
    TooManyManagersChanged,
    /// Gong announced another number of people than it gave.
    TotalDiffers,
    /// Too many records could not be read.
    TooManyUnreadable,
}

/// A bound that a scan breaks.
#[derive(SimpleObject)]
struct QuarantineBreach {
    /// Which.
    reason: QuarantineReason,
    /// The figure that was found.
    found: u32,
    /// What it is a part of.
    of: u32,
    /// The most that is let through.
    allowed: u32,
    /// The same in words.
    message: String,
}

/// A scan that came to its end and is not served, because of what it would change.
#[derive(SimpleObject)]
struct Quarantine {
    /// Its number: `orgraph quarantine accept` takes it.
    id: String,
    /// When it was held back.
    at: DateTime,
    /// When it began.
    taken_at: DateTime,
    /// How many persons it found.
    user_count: u32,
    /// Every bound that it breaks.
    breaches: Vec<QuarantineBreach>,
}

impl From<directory::Quarantine> for Quarantine {
    fn from(quarantine: directory::Quarantine) -> Self {
        let breach = |breach: directory::Breach| QuarantineBreach {
            message: breach.to_string(),
            reason: breach.reason.into(),
            found: breach.found,
            of: breach.of,
            allowed: breach.allowed,
        };
        Self {
            id: quarantine.id.to_string(),
            at: quarantine.at.into(),
            taken_at: quarantine.taken_at.into(),
            user_count: quarantine.user_count,
            breaches: quarantine.breaches.into_iter().map(breach).collect(),
        }
    }
}

/// A record of a scan that could not be read.
#[derive(SimpleObject)]
struct RefusedRecord {
    /// Whose it is, if that much could be read.
    user_id: Option<ID>,
    /// JSON path of the fault in Gong's answer.
    path: String,
    /// What was found there and what was expected.
    cause: String,
}

/// Where snapshots are kept.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
enum StorageState {
    /// In memory alone: nothing outlives the process.
    Memory,
    /// On disk too: a restart begins with the last good snapshot.
    Disk,
    /// On disk, if it worked: what is served is newer than what is kept.
    Failing,
}

/// Where snapshots are kept, and whether that works.
#[derive(SimpleObject)]
struct Storage {
    /// Where.
    state: StorageState,
    /// Why it doesn't work, if it doesn't.
    message: Option<String>,
}

impl From<directory::Storage> for Storage {
    fn from(storage: directory::Storage) -> Self {
        match storage {
            directory::Storage::Memory => Self { state: StorageState::Memory, message: None },
            directory::Storage::Disk => Self { state: StorageState::Disk, message: None },
            directory::Storage::Failing(why) => Self { state: StorageState::Failing, message: Some(why) },
        }
    }
}

/// What is asked of Gong right now, against the limits.
#[derive(SimpleObject)]
struct Upstream {
    /// Calls under way.
    in_flight: u32,
    /// Calls begun in the last second.
    starts_in_last_second: u32,
    /// Calls in the last day, counted by whole hours: the running one and the 24 before it.
    calls_today: u32,
    /// The look-ups of single people among them.
    lookups_today: u32,
    /// How many calls a day may have.
    daily_budget: u32,
    /// Until when Gong asked not to be called, if it did.
    retry_after: Option<DateTime>,
}

impl From<directory::Usage> for Upstream {
    fn from(usage: directory::Usage) -> Self {
        Self {
            in_flight: usage.in_flight,
            starts_in_last_second: usage.starts_in_last_second,
            calls_today: usage.calls_today,
            lookups_today: usage.lookups_today,
            daily_budget: usage.daily_budget,
            retry_after: usage.closed_until.map(Into::into),
        }
    }
}

/// How the reading of Gong is doing. Whatever it says, the last good snapshot goes on being served.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SyncStatus {
    /// What the sync is doing.
    state: SyncState,
    /// When the running or last scan began.
    last_attempt_at: Option<DateTime>,
    /// When the last good scan ended.
    last_success_at: Option<DateTime>,
    /// Why the last scan failed; null when it didn't.
    last_failure: Option<SyncFailure>,
    /// Failed scans since the last good one.
    failures_in_a_row: u32,
    /// When the next scan begins; null while one runs.
    next_run_at: Option<DateTime>,
    /// The time from the beginning of one scan to the next, in seconds, as last worked out from the size of
    /// the company and the day's calls.
    interval_seconds: Option<u64>,
    /// Scans that have come to an end, good or not, since the service began.
    scans: u64,
    /// Pages of the listing that the running or last scan has read.
    pages_read: u32,
    /// How many pages the listing has, as far as Gong has said.
    pages_expected: Option<u32>,
    /// Records of the running or last scan that could not be read. The last good record of each is kept.
    records_refused: u32,
    /// The first hundred of them.
    #[graphql(complexity = "many(100, child_complexity)")]
    refused_records: Vec<RefusedRecord>,
    /// The scan that is held back; null if none is.
    quarantine: Option<Quarantine>,
    /// Where snapshots are kept.
    storage: Storage,
    /// What is asked of Gong right now.
    upstream: Upstream,
}

impl From<&Directory> for SyncStatus {
    fn from(directory: &Directory) -> Self {
        Self::of(directory.status(), directory.upstream())
    }
}

impl SyncStatus {
    /// The status of one moment.
    pub(in crate::graphql) fn of(status: directory::SyncStatus, upstream: directory::Usage) -> Self {
        let refused = |record: directory::RefusedRecord| RefusedRecord {
            user_id: record.user_id.map(|id| id.as_str().into()),
            path: record.path,
            cause: record.cause,
        };
        Self {
            state: status.state.into(),
            last_attempt_at: status.last_attempt_at.map(Into::into),
            last_success_at: status.last_success_at.map(Into::into),
            last_failure: status.last_failure.map(Into::into),
            failures_in_a_row: status.failures_in_a_row,
            next_run_at: status.next_run_at.map(Into::into),
            interval_seconds: status.interval.map(|interval| interval.as_secs()),
            scans: status.scans,
            pages_read: status.pages_read,
            pages_expected: status.pages_expected,
            records_refused: status.records_refused,
            refused_records: status.refused_records.into_iter().map(refused).collect(),
            quarantine: status.quarantine.map(Into::into),
            storage: status.storage.into(),
            upstream: upstream.into(),
        }
    }
}
