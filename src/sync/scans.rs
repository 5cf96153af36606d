//! The loop: scan, publish or hold back, wait.

use std::{future::pending, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use tracing::Instrument;

use super::{
    Interval, Settings, TooOften,
    progress::Progress,
    publisher::{Outcome, Publisher},
    scan::scan,
    schedule::{after_failure, after_quarantine, after_success, diagnosis},
};
use crate::{
    clock::Clock,
    directory::{Directory, Quarantine, ScanRequests, SyncFailure, SyncState, SyncStatus},
    gong::{Gong, GongError, Limits},
    org::OrgSnapshot,
};

/// Scans, one after the other.
pub(super) struct Scans<'a> {
    pub(super) gong: &'a Gong,
    pub(super) directory: &'a Directory,
    pub(super) publisher: &'a Publisher,
    pub(super) requests: &'a ScanRequests,
    pub(super) settings: Settings,
    pub(super) clock: Clock,
    pub(super) jitter: fastrand::Rng,
    /// The calls that a scan takes, as far as is known.
    pub(super) cost: Option<u32>,
    /// Scans in a row that were held back.
    pub(super) held_back: u32,
}

impl Scans<'_> {
    /// Scans for as long as it is polled.
    ///
    /// # Errors
    /// If the interval doesn't fit the budget, when the company's size is first known.
    pub(super) async fn run(mut self) -> TooOften {
        let (interval, limits) = (self.settings.interval, self.gong.limiter().limits());
        if let Some(Err(too_often)) = self.cost.map(|cost| interval.fits(cost, &limits)) {
            return too_often;
        }
        // Nobody spends the day by starting the service again and again.
        let mut wait = self.until_there_is_room();
        if self.cost.is_some() {
            self.publisher.writer.report(|status| {
                if status.state == SyncState::Starting {
                    status.state = SyncState::Idle;
                }
            });
        }
        loop {
            self.pause(wait).await;
            let directory = self.directory;
            let is_first = self.cost.is_none();
            wait = tokio::select! {
                wait = self.attempt() => wait,
                too_often = outgrown(directory, interval, &limits), if is_first => return too_often,
            };
            wait = wait.max(self.until_there_is_room());
        }
    }

    /// Waits, unless a scan is asked for meanwhile.
    async fn pause(&self, wait: Duration) {
        if wait.is_zero() {
            return;
        }
        let next = self.clock.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
        self.publisher.writer.report(|status| status.next_run_at = Some(next));
        tokio::select! { () = sleep(wait) => {} () = self.requests.wanted() => {} }
    }

    /// One scan, good or not; tells how long to wait before the next.
    async fn attempt(&mut self) -> Duration {
        let (began, began_at) = (Instant::now(), self.clock.now());
        let limiter = self.gong.limiter();
        let calls_before = limiter.scan_calls();
        let progress = Progress::begin(&self.publisher.writer, began_at);
        let last = self.publisher.writer.current();
        let scanning = tracing::info_span!("scan", otel.kind = "internal");
        let scanned = scan(self.gong, self.directory.people(), last.as_deref(), began_at, progress);
        match scanned.instrument(scanning).await {
            Ok(scan) => {
                self.cost = Some(
                    u32::try_from(limiter.scan_calls().saturating_sub(calls_before)).unwrap_or(u32::MAX),
                );
                match self.publisher.offer(scan, began_at).await {
                    Outcome::Published(snapshot) => self.succeed(&snapshot, began.elapsed()),
                    Outcome::Quarantined(quarantine) => self.hold_back(&quarantine, began.elapsed()),
                }
            }
            Err(error) => self.fail(&error),
        }
    }

    fn succeed(&mut self, snapshot: &OrgSnapshot, took: Duration) -> Duration {
        self.held_back = 0;
        let interval = self.interval();
        self.finish(|status| {
            status.state = SyncState::Idle;
            status.last_failure = None;
            status.failures_in_a_row = 0;
            status.interval = Some(interval);
        });
        tracing::info!(
            version = snapshot.version.as_u64(),
            users = snapshot.graph.users().len(),
            pages = snapshot.checks.pages_read,
            calls = self.cost,
            took_ms = took.as_millis() as u64,
            interval_s = interval.as_secs(),
            "snapshot published"
        );
        after_success(interval, took)
    }

    fn hold_back(&mut self, quarantine: &Quarantine, took: Duration) -> Duration {
        self.held_back = self.held_back.saturating_add(1);
        let interval = self.interval();
        self.finish(|status| {
            status.state = SyncState::Quarantined;
            status.last_failure = None;
            status.failures_in_a_row = 0;
            status.interval = Some(interval);
        });
        tracing::warn!(
            quarantine = quarantine.id,
            why = %quarantine,
            "the scan is held back; the last snapshot stays. `orgraph quarantine` shows it, accepts it or rejects it"
        );
        after_quarantine(interval, self.held_back, took)
    }

    fn fail(&mut self, error: &Arc<GongError>) -> Duration {
        let now = self.clock.now();
        let (kind, state) = diagnosis(error);
        let interval = self.interval();
        let failures = self.directory.status().failures_in_a_row.saturating_add(1);
        self.finish(|status| {
            status.state = state;
            status.failures_in_a_row = failures;
            status.last_failure = Some(SyncFailure {
                at: now,
                kind,
                message: error.to_string(),
                gong_request_id: error.request_id().map(str::to_owned),
            });
        });
        let wait = after_failure(interval, error, failures, now, self.jitter.f64());
        let served = match self.directory.snapshot() {
            Some(_) => "the last snapshot stays",
            None => "there is no snapshot yet",
        };
        tracing::warn!(%error, gong_request_id = error.request_id(), failures, next_try_in_s = wait.as_secs(), "scan failed; {served}");
        wait
    }

    /// The scan is over. What was asked for meanwhile is done with it.
    fn finish(&self, change: impl FnOnce(&mut SyncStatus)) {
        self.requests.given();
        self.publisher.writer.scanning(false);
        self.publisher.writer.report(|status| {
            status.scans += 1;
            change(status);
        });
    }

    /// The interval for the company as it is.
    fn interval(&self) -> Duration {
        let limiter = self.gong.limiter();
        let Settings { interval, share, .. } = self.settings;
        let chosen = interval.for_cost(self.cost.unwrap_or(1), share, &limiter.limits(), &limiter.usage());
        if let Interval::Every(said) = interval
            && chosen > said
        {
            tracing::warn!(
                calls = self.cost,
                said_s = said.as_secs(),
                interval_s = chosen.as_secs(),
                "the company has grown: the interval no longer fits the day's budget and is stretched"
            );
        }
        chosen
    }

    /// How long until a scan of the usual cost fits into the day, with what was spent of it: many tries that
    /// fail late could otherwise spend more than the interval was chosen for.
    fn until_there_is_room(&self) -> Duration {
        let limiter = self.gong.limiter();
        let cost = self.cost.unwrap_or(1);
        let share = match self.settings.interval {
            Interval::Every(_) => u32::MAX,
            Interval::Auto => self.settings.share.of(limiter.limits().daily_budget).max(cost),
        };
        let room = limiter.scan_fits_at(cost, share);
        Duration::try_from(room.duration_since(self.clock.now())).unwrap_or_default()
    }
}

/// Done when the running scan has learnt the company's size and the interval doesn't fit it.
async fn outgrown(directory: &Directory, interval: Interval, limits: &Limits) -> TooOften {
    let mut statuses = directory.statuses();
    let pages = statuses.wait_for(|status| status.pages_expected.is_some()).await;
    let pages = pages.ok().and_then(|status| status.pages_expected);
    match interval.fits(pages.unwrap_or(1), limits) {
        Err(too_often) => too_often,
        Ok(()) => pending().await,
    }
}
