//! How the sync is doing, as a value: the sync writes it, everybody may read it.

use std::time::Duration;

use jiff::Timestamp;

use super::Quarantine;
use crate::org::UserId;

/// What the sync is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SyncState {
    /// Nothing has been tried yet.
    #[default]
    Starting,
    /// A scan is running.
    Syncing,
    /// The last scan was good; the next one has its time.
    Idle,
    /// The last scan failed in a way that may pass; it will be tried again soon.
    Retrying,
    /// The last scan came to its end and was held back, because what it brought is hard to believe.
    Quarantined,
    /// Gong refused the credentials.
    Unauthorized,
    /// The day's calls to Gong are spent.
    BudgetSpent,
}

impl SyncState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Starting,
        Self::Syncing,
        Self::Idle,
        Self::Retrying,
        Self::Quarantined,
        Self::Unauthorized,
        Self::BudgetSpent,
    ];

    /// The state as a word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "STARTING",
            Self::Syncing => "SYNCING",
            Self::Idle => "IDLE",
            Self::Retrying => "RETRYING",
            Self::Quarantined => "QUARANTINED",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::BudgetSpent => "BUDGET_SPENT",
        }
    }
}

/// Why a scan failed, as far as a program may want to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Gong refused the credentials (401, 403).
    Unauthorized,
    /// The day's calls are spent.
    BudgetSpent,
    /// Gong asked to be left alone (429).
    Throttled,
    /// Gong can't be reached, is too slow or has a fault.
    Unavailable,
    /// Gong's answers make no sense.
    InvalidAnswer,
}

impl FailureKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Unauthorized, Self::BudgetSpent, Self::Throttled, Self::Unavailable, Self::InvalidAnswer];

    /// The kind as a word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unauthorized => "UNAUTHORIZED",
            Self::BudgetSpent => "BUDGET_SPENT",
            Self::Throttled => "THROTTLED",
            Self::Unavailable => "UNAVAILABLE",
            Self::InvalidAnswer => "INVALID_ANSWER",
        }
    }
}

/// One failed scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncFailure {
    /// When it failed.
    pub at: Timestamp,
    /// What kind of failure it was.
    pub kind: FailureKind,
    /// The cause in words; no credentials, names or addresses.
    pub message: String,
    /// Gong's `requestId`, when an answer of Gong's was the cause.
    pub gong_request_id: Option<String>,
}

/// A record of a scan that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRecord {
    /// Whose it is, if that much could be read.
    pub user_id: Option<UserId>,
    /// JSON path of the fault in Gong's answer.
    pub path: String,
    /// What was found there and what was expected.
    pub cause: String,
}

/// Where snapshots are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    /// In memory alone: nothing outlives the process.
    #[default]
    Memory,
    /// On disk too.
    Disk,
    /// On disk, if it worked. The text tells why it doesn't: what is served is newer than what is kept.
    Failing(String),
}

/// The state of the sync.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncStatus {
    /// What it is doing.
    pub state: SyncState,
    /// Scans that have come to an end, good or not, since the process began.
    pub scans: u64,
    /// When the current or last scan began.
    pub last_attempt_at: Option<Timestamp>,
    /// When the last good scan ended.
    pub last_success_at: Option<Timestamp>,
    /// Why the last scan failed; `None` once one has succeeded.
    pub last_failure: Option<SyncFailure>,
    /// Failed scans since the last good one.
    pub failures_in_a_row: u32,
    /// When the next scan begins; `None` while one runs.
    pub next_run_at: Option<Timestamp>,
    /// The time from the beginning of one scan to the next, as last worked out.
    pub interval: Option<Duration>,
    /// Pages of the listing that the running or last scan has read.
    pub pages_read: u32,
    /// How many there will be, as far as Gong has said.
    pub pages_expected: Option<u32>,
    /// Records of the running or last scan that could not be read.
    pub records_refused: u32,
    /// The first hundred of them.
    pub refused_records: Vec<RefusedRecord>,
    /// The scan that is held back, if one is.
    pub quarantine: Option<Quarantine>,
    /// Where snapshots are kept.
    pub storage: Storage,
}
