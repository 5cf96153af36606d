//! `/metrics`: what `syncStatus` tells, for Prometheus. Worked out when it is asked for, from the same
//! values, so that the two can't differ. And what came of requests, which is counted.

mod counted;
mod operations;
mod requests;

use std::{fmt, time::Duration};

use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, text::encode},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
    registry::Registry,
};

pub(super) use counted::Counted;

use super::Watch;
use crate::directory::{FailureKind, QuarantineReason, Storage, SyncState};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The bounds of what is counted by time, in seconds.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// The bounds of what is counted by size, in bytes.
const BYTES: [f64; 9] =
    [256.0, 1_024.0, 4_096.0, 16_384.0, 65_536.0, 262_144.0, 1_048_576.0, 4_194_304.0, 16_777_216.0];

pub(super) async fn all(State(watch): State<Watch>) -> Response {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(watch));
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(fmt::Error) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

impl Collector for Watch {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.observed.counted().encode(&mut encoder)?;
        let mut metrics = Metrics(&mut encoder);
        let open = u32::try_from(self.connections.open()).unwrap_or(u32::MAX);
        metrics.gauge("subscriptions_open", "WebSockets and streams of events that are open", open)?;
        self.snapshot(&mut metrics)?;
        self.sync(&mut metrics)?;
        self.gong(&mut metrics)?;
        self.publications(&mut metrics)
    }
}

impl Watch {
    fn snapshot(&self, metrics: &mut Metrics<'_, '_>) -> fmt::Result {
        let Some(snapshot) = self.directory.snapshot() else { return Ok(()) };
        let age = self.snapshot_age().unwrap_or_default();
        metrics.seconds("snapshot_age", "Age of the served snapshot", age)?;
        metrics.moment(
            "snapshot_taken",
            "When the reading of the served snapshot began",
            snapshot.taken_at,
        )?;
        metrics.gauge("snapshot_users", "Persons in the served snapshot", snapshot.graph.person_count())?;
        metrics.gauge(
            "snapshot_records_kept",
            "People in it whose record could not be read and is an older one",
            snapshot.checks.records_kept,
        )
    }

    fn sync(&self, metrics: &mut Metrics<'_, '_>) -> fmt::Result {
        let status = self.directory.status();
        let states = SyncState::ALL.map(|state| (state.as_str().to_lowercase(), state == status.state));
        metrics.one_of("sync_state", "What the sync is doing: 1 for the state it is in", "state", &states)?;
        let failure = status.last_failure.as_ref().map(|failure| failure.kind);
        let kinds = FailureKind::ALL.map(|kind| (kind.as_str().to_lowercase(), failure == Some(kind)));
        metrics.one_of(
            "sync_failure",
            "Why the last scan failed: 1 for the kind of failure",
            "kind",
            &kinds,
        )?;
        metrics.counter("sync_scans", "Scans that have ended, good or not", status.scans)?;
        metrics.gauge(
            "sync_failures_in_a_row",
            "Failed scans since the last good one",
            status.failures_in_a_row,
        )?;
        if let Some(at) = status.last_attempt_at {
            metrics.moment("sync_last_attempt", "When the running or last scan began", at)?;
        }
        if let Some(at) = status.last_success_at {
            metrics.moment("sync_last_success", "When the last good scan ended", at)?;
        }
        if let Some(at) = status.next_run_at {
            metrics.moment("sync_next_run", "When the next scan begins", at)?;
        }
        if let Some(interval) = status.interval {
            metrics.seconds("sync_interval", "Time from one scan to the next", interval)?;
        }
        metrics.gauge(
            "sync_pages_read",
            "Pages that the running or last scan has read",
            status.pages_read,
        )?;
        metrics.gauge(
            "sync_pages_expected",
            "Pages that it has to read",
            status.pages_expected.unwrap_or(0),
        )?;
        metrics.gauge(
            "sync_records_refused",
            "Records of the running or last scan that can't be read",
            status.records_refused,
        )?;
        let breaches = status.quarantine.map(|quarantine| quarantine.breaches).unwrap_or_default();
        let reasons = QuarantineReason::ALL.map(|reason| {
            (reason.as_str().to_lowercase(), breaches.iter().any(|breach| breach.reason == reason))
        });
        metrics.one_of(
            "sync_quarantine",
            "Why a scan is held back: 1 for each reason",
            "reason",
            &reasons,
        )?;
        let failing = matches!(status.storage, Storage::Failing(_));
        metrics.gauge("storage_failing", "Whether what should be on disk can't be kept there", failing.into())
    }

    fn publications(&self, metrics: &mut Metrics<'_, '_>) -> fmt::Result {
        let Some(told) = self.publications.as_ref().map(|tally| tally.told()) else { return Ok(()) };
        metrics.counter("publications", "Snapshots that a PostgreSQL has taken", told.published)?;
        metrics.counter("publications_older", "Snapshots that it had a newer one than", told.older)?;
        metrics.counter("publications_failed", "Publications that have failed", told.failed)?;
        if let Some(at) = told.taken_at {
            metrics.moment(
                "published_snapshot_taken",
                "When the reading of the published snapshot began",
                at,
            )?;
        }
        if let Some(at) = told.published_at {
            metrics.moment("published", "When a PostgreSQL last took a snapshot", at)?;
        }
        Ok(())
    }

    fn gong(&self, metrics: &mut Metrics<'_, '_>) -> fmt::Result {
        let usage = self.directory.upstream();
        metrics.gauge("gong_calls_in_flight", "Calls to Gong under way", usage.in_flight)?;
        metrics.gauge(
            "gong_starts_in_last_second",
            "Calls to Gong begun in the last second",
            usage.starts_in_last_second,
        )?;
        metrics.gauge("gong_calls_today", "Calls to Gong in the last day", usage.calls_today)?;
        metrics.gauge("gong_lookups_today", "Look-ups among them", usage.lookups_today)?;
        metrics.gauge("gong_daily_budget", "Calls to Gong that a day may have", usage.daily_budget)?;
        let closed = usage.closed_until.map(|until| until.duration_since(self.clock.now()));
        let closed = closed.and_then(|wait| Duration::try_from(wait).ok()).unwrap_or_default();
        metrics.seconds("gong_retry_after", "How long Gong still wants to be left alone", closed)
    }
}

/// Writes metrics under the service's name.
struct Metrics<'a, 'e>(&'a mut DescriptorEncoder<'e>);

impl Metrics<'_, '_> {
    fn write(&mut self, name: &str, help: &str, metric: &impl EncodeMetric) -> fmt::Result {
        let name = format!("orgraph_{name}");
        metric.encode(self.0.encode_descriptor(&name, help, None, metric.metric_type())?)
    }

    fn gauge(&mut self, name: &str, help: &str, value: u32) -> fmt::Result {
        self.write(name, help, &ConstGauge::new(value))
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        self.write(name, help, &ConstCounter::new(value))
    }

    fn seconds(&mut self, name: &str, help: &str, time: Duration) -> fmt::Result {
        self.write(&format!("{name}_seconds"), help, &ConstGauge::new(time.as_secs_f64()))
    }

    fn moment(&mut self, name: &str, help: &str, at: Timestamp) -> fmt::Result {
        let seconds = at.as_millisecond() as f64 / 1_000.0;
        self.write(&format!("{name}_timestamp_seconds"), help, &ConstGauge::new(seconds))
    }

    /// One line for each value that a label can have, 1 where it has it.
    fn one_of(&mut self, name: &str, help: &str, label: &str, values: &[(String, bool)]) -> fmt::Result {
        let name = format!("orgraph_{name}");
        let mut family = self.0.encode_descriptor(&name, help, None, MetricType::Gauge)?;
        for (value, is_so) in values {
            let labels = [(label, value.as_str())];
            ConstGauge::new(u32::from(*is_so)).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
