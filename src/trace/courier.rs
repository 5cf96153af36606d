//! Carries spans from the queue to the collector, a batch at a time.

use std::{mem::take, sync::Arc, time::Duration};

use opentelemetry_proto::{
    tonic::collector::trace::v1::ExportTraceServiceRequest,
    transform::{
        common::tonic::ResourceAttributesWithSchema, trace::tonic::group_spans_by_resource_and_scope,
    },
};
use opentelemetry_sdk::trace::SpanData;
use prost::Message;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep, sleep_until},
};

use super::{
    collector::{Collector, Failure},
    queue::Tally,
};

/// What carries them, alone.
pub(super) struct Courier {
    pub(super) collector: Collector,
    pub(super) resource: ResourceAttributesWithSchema,
    pub(super) batch: usize,
    pub(super) delay: Duration,
    pub(super) tally: Arc<Tally>,
    pub(super) complaints: Complaints,
}

impl Courier {
    /// Carries until `stop` comes, then what still waits, each batch once.
    pub(super) async fn run(mut self, mut spans: mpsc::Receiver<SpanData>, mut stop: oneshot::Receiver<()>) {
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                _ = &mut stop => break,
                () = gather(&mut spans, &mut batch, self.batch, self.delay) => {}
            }
            tokio::select! {
                _ = &mut stop => break,
                () = self.deliver(&batch) => batch.clear(),
            }
        }
        loop {
            while batch.len() < self.batch
                && let Ok(span) = spans.try_recv()
            {
                batch.push(span);
            }
            if batch.is_empty() {
                return;
            }
            let last = take(&mut batch);
            match self.hand_over(&last).await {
                Ok(()) => {}
                Err(failure) => self.give_up(&last, &failure),
            }
        }
    }

    /// Tries as often as there is a point in it.
    async fn deliver(&mut self, batch: &[SpanData]) {
        let mut tries = 0;
        loop {
            let Err(failure) = self.hand_over(batch).await else { return };
            tries += 1;
            let Some(wait) = failure.wait(tries) else { return self.give_up(batch, &failure) };
            self.complaints.make(&failure.to_string(), &self.tally);
            sleep(wait).await;
        }
    }

    async fn hand_over(&mut self, batch: &[SpanData]) -> Result<(), Failure> {
        let resource_spans = group_spans_by_resource_and_scope(batch.to_vec(), &self.resource);
        let message = ExportTraceServiceRequest { resource_spans }.encode_to_vec();
        let refused = self.collector.take(message).await?.min(batch.len() as u64);
        self.tally.took(batch.len() as u64 - refused);
        if refused > 0 {
            self.tally.lost(refused);
            self.complaints.make("the collector refuses some", &self.tally);
        } else if self.complaints.unplaced < self.tally.unplaced() {
            self.complaints.make("more came than could wait", &self.tally);
        }
        Ok(())
    }

    fn give_up(&mut self, batch: &[SpanData], failure: &Failure) {
        self.tally.lost(batch.len() as u64);
        self.complaints.make(&failure.to_string(), &self.tally);
    }
}

/// Takes spans out of the queue until there are `most`, or `delay` has passed since the first. Whoever breaks this
/// off loses none.
async fn gather(
    spans: &mut mpsc::Receiver<SpanData>,
    batch: &mut Vec<SpanData>,
    most: usize,
    delay: Duration,
) {
    let mut until = None;
    while batch.len() < most {
        tokio::select! {
            span = spans.recv() => match span {
                Some(span) => batch.push(span),
                // There will be no more.
                None => std::future::pending().await,
            },
            () = sleep_until(until.unwrap_or_else(Instant::now)), if until.is_some() => return,
        }
        until = until.or_else(|| Some(Instant::now() + delay));
    }
}

/// Says that spans are lost, at most once a minute.
#[derive(Debug, Default)]
pub(super) struct Complaints {
    last: Option<Instant>,
    unplaced: u64,
}

const SELDOM: Duration = Duration::from_secs(60);

impl Complaints {
    fn make(&mut self, cause: &str, tally: &Tally) {
        if self.last.is_some_and(|last| last.elapsed() < SELDOM) {
            return;
        }
        self.last = Some(Instant::now());
        self.unplaced = tally.unplaced();
        let (exported, undelivered) = (tally.exported(), tally.undelivered());
        tracing::warn!(
            cause,
            exported,
            undelivered,
            unplaced = self.unplaced,
            "traces don't all reach the collector; requests are answered all the same"
        );
    }
}
