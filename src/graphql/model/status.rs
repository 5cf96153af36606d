//! How the reading of Gong is doing.

use async_graphql::{Enum, SimpleObject};

use crate::{directory, graphql::scalar::DateTime};

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

/// How the reading of Gong is doing. Whatever it says, the last good snapshot goes on being served.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SyncStatus {
    /// What the sync is doing.
    state: SyncState,
    /// When the running or last scan began.
    last_attempt_at: Option<DateTime>,
    /// When the last good scan ended.
    last_success_at: Option<DateTime>,
    /// Why the last scan failed; null when it was good.
    last_failure: Option<SyncFailure>,
    /// Failed scans since the last good one.
    failures_in_a_row: u32,
    /// When the next scan begins; null while one runs.
    next_run_at: Option<DateTime>,
    /// Pages of the listing that the running or last scan has read.
    pages_read: u32,
    /// How many pages the listing has, as far as Gong has said.
    pages_expected: Option<u32>,
}

impl From<directory::SyncStatus> for SyncStatus {
    fn from(status: directory::SyncStatus) -> Self {
        Self {
            state: status.state.into(),
            last_attempt_at: status.last_attempt_at.map(Into::into),
            last_success_at: status.last_success_at.map(Into::into),
            last_failure: status.last_failure.map(|failure| SyncFailure {
                at: failure.at.into(),
                kind: failure.kind.into(),
                message: failure.message,
                gong_request_id: failure.gong_request_id,
            }),
            failures_in_a_row: status.failures_in_a_row,
            next_run_at: status.next_run_at.map(Into::into),
            pages_read: status.pages_read,
            pages_expected: status.pages_expected,
        }
    }
}
