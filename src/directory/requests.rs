//! What is asked of the sync from outside: a scan now, and what to do with one that is held back.

use std::sync::Arc;

use futures_util::FutureExt;
use thiserror::Error;
use tokio::sync::{Notify, mpsc, oneshot};

/// What to do with the scan in quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Serve it: what it says is so.
    Accept,
    /// Throw it away. A later scan that says the same is held back again.
    Reject,
}

/// Why a decision can't be carried out.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DecisionError {
    /// Nothing is held back.
    #[error("no scan is in quarantine")]
    NothingHeld,
    /// Another scan is held back than the one that was decided on.
    #[error("another scan has come into quarantine since: it is now number {now}")]
    Another {
        /// Its number.
        now: u64,
    },
    /// The sync has other things to do than are worth waiting for, or has ended.
    #[error("the sync takes no decisions right now")]
    Busy,
}

/// A decision on its way.
pub struct Verdict {
    /// What was decided.
    pub decision: Decision,
    /// On which scan, if that was said.
    pub id: Option<u64>,
    /// Where to tell what became of it.
    pub done: oneshot::Sender<Result<(), DecisionError>>,
}

/// The asking end. Cheap to clone.
#[derive(Clone)]
pub(super) struct Requests {
    scan: Arc<Notify>,
    verdicts: mpsc::Sender<Verdict>,
}

/// The answering end.
pub struct Desk {
    /// Scans that are asked for.
    pub scans: ScanRequests,
    /// Decisions on what is held back.
    pub verdicts: Verdicts,
}

/// Tells of scans that are asked for, a thousand of them as one.
pub struct ScanRequests(Arc<Notify>);

/// Decisions, in the order in which they came.
pub struct Verdicts(mpsc::Receiver<Verdict>);

/// Decisions that may wait at once.
const MOST_WAITING: usize = 16;

pub(super) fn channel() -> (Requests, Desk) {
    let scan = Arc::new(Notify::new());
    let (verdicts, incoming) = mpsc::channel(MOST_WAITING);
    let desk = Desk { scans: ScanRequests(scan.clone()), verdicts: Verdicts(incoming) };
    (Requests { scan, verdicts }, desk)
}

impl Requests {
    pub(super) fn scan(&self) {
        self.scan.notify_one();
    }

    pub(super) async fn decide(&self, decision: Decision, id: Option<u64>) -> Result<(), DecisionError> {
        let (done, answer) = oneshot::channel();
        self.verdicts.try_send(Verdict { decision, id, done }).map_err(|_| DecisionError::Busy)?;
        answer.await.unwrap_or(Err(DecisionError::Busy))
    }
}

impl ScanRequests {
    /// Done when a scan was asked for, however often, since this was last done.
    pub async fn wanted(&self) {
        self.0.notified().await;
    }

    /// Takes what was asked while a scan was running: that scan will do.
    pub fn given(&self) {
        let _ = self.0.notified().now_or_never();
    }
}

impl Verdicts {
    /// The next decision. Never, once nobody can ask.
    pub async fn next(&mut self) -> Verdict {
        match self.0.recv().await {
            Some(verdict) => verdict,
            None => std::future::pending().await,
        }
    }
}
