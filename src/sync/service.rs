//! The loop: scan, build, publish, wait.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{task::spawn_blocking, time::Instant};

use super::{
    Interval,
    scan::{Progress, Scan, scan},
    schedule::{after_failure, after_success, diagnosis},
};
use crate::{
    clock::Clock,
    directory::{Directory, SyncFailure, SyncState, Writer},
    gong::{Gong, GongError},
    org::{self, OrgSnapshot, SnapshotSource, SnapshotVersion},
};

/// Keeps a directory filled.
pub struct Sync {
    gong: Arc<Gong>,
    directory: Directory,
    writer: Writer,
    interval: Interval,
    clock: Clock,
    jitter: fastrand::Rng,
}

impl Sync {
    /// A sync that scans every `interval`. It does nothing until it [runs](Self::run).
    pub fn new(
        gong: Arc<Gong>,
        (writer, directory): (Writer, Directory),
        interval: Interval,
        clock: Clock,
        jitter: fastrand::Rng,
    ) -> Self {
        Self { gong, directory, writer, interval, clock, jitter }
    }

    /// Scans now and then on the interval, for as long as it is polled.
    pub async fn run(mut self) {
        loop {
            let wait = self.attempt().await;
            let next = self.clock.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
            self.writer.report(|status| status.next_run_at = Some(next));
            tokio::time::sleep(wait).await;
        }
    }

    /// One scan, good or not; tells how long to wait before the next.
    async fn attempt(&mut self) -> Duration {
        let (began, began_at) = (Instant::now(), self.clock.now());
        self.writer.report(|status| {
            status.state = SyncState::Syncing;
            status.last_attempt_at = Some(began_at);
            status.next_run_at = None;
            status.pages_read = 0;
            status.pages_expected = None;
        });
        let progress = |Progress { pages_read, pages_expected }| {
            self.writer.report(|status| {
                status.pages_read = pages_read;
                status.pages_expected = pages_expected;
            });
        };
        match scan(&self.gong, self.directory.people(), began_at, progress).await {
            Ok(scan) => {
                let snapshot = self.publish(scan, began_at).await;
                let took = began.elapsed();
                tracing::info!(
                    version = snapshot.version.as_u64(),
                    users = snapshot.graph.users().len(),
                    pages = snapshot.checks.pages_read,
                    took_ms = took.as_millis() as u64,
                    "snapshot published"
                );
                after_success(self.interval, took)
            }
            Err(error) => self.fail(&error),
        }
    }

    async fn publish(&self, Scan { users, checks }: Scan, taken_at: Timestamp) -> Arc<OrgSnapshot> {
        // Large companies take a while, and this thread has others to serve.
        let graph = match spawn_blocking(move || org::build(users)).await {
            Ok(graph) => graph,
            Err(fault) => match fault.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The process is about to end.
                Err(_) => std::future::pending().await,
            },
        };
        let now = self.clock.now();
        let previous = self.writer.current().map(|snapshot| snapshot.version);
        let version = SnapshotVersion::after(previous, now);
        let source = SnapshotSource::FullScan;
        let snapshot = Arc::new(OrgSnapshot { version, taken_at, source, checks, graph });
        self.writer.publish(snapshot.clone());
        self.writer.report(|status| {
            status.state = SyncState::Idle;
            status.last_success_at = Some(now);
            status.last_failure = None;
            status.failures_in_a_row = 0;
        });
        snapshot
    }

    fn fail(&mut self, error: &GongError) -> Duration {
        let now = self.clock.now();
        let (kind, state) = diagnosis(error);
        let mut failures = 0;
        self.writer.report(|status| {
            status.state = state;
            status.failures_in_a_row = status.failures_in_a_row.saturating_add(1);
            status.last_failure = Some(SyncFailure {
                at: now,
                kind,
                message: error.to_string(),
                gong_request_id: error.request_id().map(str::to_owned),
            });
            failures = status.failures_in_a_row;
        });
        let wait = after_failure(self.interval, error, failures, now, self.jitter.f64());
        tracing::warn!(%error, gong_request_id = error.request_id(), failures, next_try_in_s = wait.as_secs(), "scan failed; the last snapshot stays");
        wait
    }
}
