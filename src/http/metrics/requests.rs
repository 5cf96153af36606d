//! Requests as such: how many, how long, how large, whatever they ask for.

use std::{fmt, sync::Arc, time::Duration};

use prometheus_client::{
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
};

use super::{super::path, BYTES, SECONDS};
use crate::trace::Tally;

/// No body may have more bytes.
const LARGEST: u64 = 1 << 30;

/// The classes of a status: what it is by hundreds.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

type Labels = Vec<(&'static str, String)>;

/// Requests, counted.
pub(in crate::http) struct Requests {
    /// At the place of the route among those that are told of.
    by_route: [Route; path::TOLD.len()],
    in_flight: Gauge,
    abandoned: Counter,
    sizes: Histogram,
    answer_sizes: Histogram,
    errors: Family<Labels, Counter>,
    slow: Counter,
    cut_off: Counter,
    traces: Option<Arc<Tally>>,
}

/// Requests for one route.
struct Route {
    /// At the place of the class of their status.
    answered: [Counter; CLASSES.len()],
    durations: Histogram,
}

impl Route {
    fn new() -> Self {
        Self { answered: Default::default(), durations: Histogram::new(SECONDS) }
    }
}

impl Requests {
    pub(super) fn new(traces: Option<Arc<Tally>>) -> Self {
        Self {
            by_route: std::array::from_fn(|_| Route::new()),
            in_flight: Gauge::default(),
            abandoned: Counter::default(),
            sizes: Histogram::new(BYTES),
            answer_sizes: Histogram::new(BYTES),
            errors: Family::default(),
            slow: Counter::default(),
            cut_off: Counter::default(),
            traces,
        }
    }

    /// One comes; of how many bytes, if that was said and can be: what no body may have is no size.
    pub(in crate::http) fn came(&self, bytes: Option<u64>) {
        self.in_flight.inc();
        if let Some(bytes) = bytes.filter(|&bytes| bytes <= LARGEST) {
            self.sizes.observe(bytes as f64);
        }
    }

    /// Its answer begins.
    pub(in crate::http) fn answered(&self, route: &'static str, status: u16, took: Duration) {
        let place = path::TOLD.iter().position(|told| *told == route).unwrap_or(path::TOLD.len() - 1);
        let route = &self.by_route[place];
        let class = usize::from(status / 100).saturating_sub(1).min(CLASSES.len() - 1);
        if let Some(answered) = route.answered.get(class) {
            answered.inc();
        }
        route.durations.observe(took.as_secs_f64());
    }

    /// Its answer has ended, after so many bytes; `None` if there was none because the caller went away before.
    pub(in crate::http) fn went(&self, bytes: Option<u64>) {
        self.in_flight.dec();
        match bytes {
            Some(bytes) => self.answer_sizes.observe(bytes as f64),
            None => _ = self.abandoned.inc(),
        }
    }

    /// An operation's error, by its code.
    pub(in crate::http) fn erred(&self, code: &str) {
        self.errors.get_or_create(&vec![("code", code.to_owned())]).inc();
    }

    /// An operation was slow.
    pub(in crate::http) fn was_slow(&self) {
        self.slow.inc();
    }

    /// A table wasn't taken in its time.
    pub(in crate::http) fn cut_off(&self) {
        self.cut_off.inc();
    }

    pub(super) fn encode(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        self.encode_routes(encoder)?;
        let mut write = |name: &str, help: &str, metric: &dyn Written| metric.write(encoder, name, help);
        write("http_requests_in_flight", "Requests whose answer has not ended", &self.in_flight)?;
        write("http_requests_abandoned", "Requests whose caller went away unanswered", &self.abandoned)?;
        write("http_request_size_bytes", "Bodies of requests, where the size is said", &self.sizes)?;
        write("http_answer_size_bytes", "Bodies of answers, as they are sent", &self.answer_sizes)?;
        write("graphql_errors", "Errors in answers, by code", &self.errors)?;
        write("graphql_slow", "Operations that were slow (--slow-query)", &self.slow)?;
        write("exports_cut_off", "Tables that were not taken within --export-time", &self.cut_off)?;
        let Some(traces) = &self.traces else { return Ok(()) };
        let (exported, dropped) = (<Counter>::default(), Family::<Labels, Counter>::default());
        exported.inc_by(traces.exported());
        for (reason, spans) in [("queue_full", traces.unplaced()), ("not_taken", traces.undelivered())] {
            dropped.get_or_create(&vec![("reason", reason.to_owned())]).inc_by(spans);
        }
        write("traces_exported_spans", "Spans that the collector has taken", &exported)?;
        write("traces_dropped_spans", "Spans that it never got, by reason", &dropped)
    }

    /// Tells of the routes that have been asked for.
    fn encode_routes(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let routes = || path::TOLD.iter().zip(&self.by_route);
        let help = "Requests answered, by route and class of status";
        let mut family =
            encoder.encode_descriptor("orgraph_http_requests", help, None, MetricType::Counter)?;
        for (name, route) in routes() {
            for (class, answered) in CLASSES.iter().zip(&route.answered).filter(|(_, one)| one.get() > 0) {
                answered.encode(family.encode_family(&[("route", *name), ("status", *class)])?)?;
            }
        }
        let help = "From a request to the head of its answer";
        let name = "orgraph_http_request_duration_seconds";
        let mut family = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (name, route) in routes() {
            if route.answered.iter().any(|answered| answered.get() > 0) {
                route.durations.encode(family.encode_family(&[("route", *name)])?)?;
            }
        }
        Ok(())
    }
}

/// A metric of any kind.
trait Written {
    fn write(&self, encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str) -> fmt::Result;
}

impl<M: EncodeMetric> Written for M {
    fn write(&self, encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str) -> fmt::Result {
        let name = format!("orgraph_{name}");
        self.encode(encoder.encode_descriptor(&name, help, None, self.metric_type())?)
    }
}
