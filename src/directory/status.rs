//! How the sync is doing, as a value: the sync writes it, everybody may read it.

use jiff::Timestamp;

/// What the sync is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// Gong refused the credentials.
    Unauthorized,
    /// The day's calls to Gong are spent.
    BudgetSpent,
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

/// The state of the sync.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncStatus {
    /// What it is doing.
    pub state: SyncState,
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
    /// Pages of the listing that the running or last scan has read.
    pub pages_read: u32,
    /// How many there will be, as far as Gong has said.
    pub pages_expected: Option<u32>,
}
