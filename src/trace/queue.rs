//! Where spans wait that have ended. Nobody waits for a place: without one, a span is dropped and counted.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use opentelemetry::Context;
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{Span, SpanData, SpanProcessor},
};
use tokio::sync::mpsc;

/// What became of the spans, to be counted by.
#[derive(Debug, Default)]
pub struct Tally {
    exported: AtomicU64,
    unplaced: AtomicU64,
    undelivered: AtomicU64,
}

impl Tally {
    /// Spans that the collector has taken.
    pub fn exported(&self) -> u64 {
        self.exported.load(Ordering::Relaxed)
    }

    /// Spans dropped because too many were waiting.
    pub fn unplaced(&self) -> u64 {
        self.unplaced.load(Ordering::Relaxed)
    }

    /// Spans dropped because the collector didn't take them.
    pub fn undelivered(&self) -> u64 {
        self.undelivered.load(Ordering::Relaxed)
    }

    pub(super) fn took(&self, spans: u64) {
        self.exported.fetch_add(spans, Ordering::Relaxed);
    }

    pub(super) fn lost(&self, spans: u64) {
        self.undelivered.fetch_add(spans, Ordering::Relaxed);
    }
}

/// The near end of the queue.
#[derive(Debug)]
pub(super) struct Queue {
    spans: mpsc::Sender<SpanData>,
    tally: Arc<Tally>,
}

/// A queue of so many places.
pub(super) fn queue(places: usize, tally: Arc<Tally>) -> (Queue, mpsc::Receiver<SpanData>) {
    let (spans, taken) = mpsc::channel(places.max(1));
    (Queue { spans, tally }, taken)
}

impl SpanProcessor for Queue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() && self.spans.try_send(span).is_err() {
            self.tally.unplaced.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The far end sees to it.
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    /// The far end sees to it.
    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
