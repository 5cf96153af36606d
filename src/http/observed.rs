//! What is told of every request, to Prometheus, to the log and to a collector of traces.

use std::{cell::RefCell, mem, sync::Arc, time::Duration};

use axum::{body::Body, extract::Request, http::header::CONTENT_LENGTH};
use tokio::{task_local, time::Instant};
use tracing::{Instrument, Span};

use super::{
    measured::Measured,
    metrics::Counted,
    next::{Answer, Next},
    path,
    slow::SlowLog,
    span::{finish, spans},
};
use crate::{
    graphql::{Observer, Seen},
    trace::Tally,
};

/// What is told of requests, and how much.
#[derive(Clone, Debug)]
pub struct ObservedSettings {
    /// From when on an operation is slow.
    pub slow_query: Duration,
    /// How many operation names are told apart.
    pub operations: usize,
    /// What became of traces, if there are any.
    pub traces: Option<Arc<Tally>>,
}

impl Default for ObservedSettings {
    fn default() -> Self {
        Self { slow_query: Duration::from_secs(1), operations: 100, traces: None }
    }
}

/// What has been told of requests so far. Cheap to clone.
#[derive(Clone)]
pub struct Observed(Arc<Told>);

struct Told {
    counted: Counted,
    slow: SlowLog,
}

task_local! {
    /// What the request of this task has asked for, as far as is known.
    static ASKED: RefCell<Asked>;
}

/// What a request has asked for, for its line in the log and its span.
#[derive(Default)]
pub(super) struct Asked {
    /// What its operation is counted under; of several the last.
    pub(super) operation: Option<Arc<str>>,
    pub(super) kind: Option<&'static str>,
    /// The code of its first error.
    pub(super) code: Option<String>,
}

impl Asked {
    /// Tells what the request of this task has asked for.
    pub(super) fn here(tell: impl FnOnce(&Self)) {
        // Where nothing is known, nobody is told.
        let _ = ASKED.try_with(|asked| tell(&asked.borrow()));
    }
}

impl Observed {
    /// Nothing, so far.
    pub fn new(settings: ObservedSettings) -> Self {
        let ObservedSettings { slow_query, operations, traces } = settings;
        Self(Arc::new(Told { counted: Counted::new(operations, traces), slow: SlowLog::new(slow_query) }))
    }

    /// What is told of requests as metrics.
    pub(super) fn counted(&self) -> &Counted {
        &self.0.counted
    }

    /// Whoever the executor tells of operations.
    pub(super) fn observer(&self) -> Observer {
        let told = self.0.clone();
        Arc::new(move |seen| told.see(seen))
    }
}

impl Told {
    fn see(&self, seen: &Seen<'_>) {
        let slow = self.slow.tell(seen);
        let operation = self.counted.operation(seen, slow);
        Span::current().record("graphql.operation.name", &*operation);
        let asked = Asked {
            operation: Some(operation),
            kind: seen.outcome.operation.as_ref().map(|operation| operation.kind),
            code: seen.codes().next().map(str::to_owned),
        };
        // Elsewhere, on a connection of many operations for example, there is no one line to say it in.
        let _ = ASKED.try_with(|here| here.replace(asked));
    }
}

/// Watches a request until its answer has ended.
pub(super) fn watch<'a>(observed: &'a Observed, request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    let began = Instant::now();
    let route = path::of(&request);
    let bytes = request.headers().get(CONTENT_LENGTH).and_then(|bytes| bytes.to_str().ok()?.parse().ok());
    let passing = Passing::new(observed.clone(), bytes);
    let (span, log) = spans(&request, route);
    let run = || {
        let answering = next.run(request);
        if let Answer::Now(response) = &answering {
            finish(&span, response);
        }
        (answering, ASKED.with(RefCell::take))
    };
    let (answering, asked) = log.in_scope(|| span.in_scope(|| ASKED.sync_scope(RefCell::default(), run)));
    let answering = match answering {
        Answer::Now(response) => Answer::Now(response),
        Answer::Later(work) => {
            let finished = span.clone();
            let work = async move {
                let response = work.await;
                finish(&finished, &response);
                response
            };
            Answer::later(ASKED.scope(RefCell::new(asked), work).instrument(span).instrument(log))
        }
    };
    answering.then(move |response| {
        observed.counted().requests().answered(route, response.status().as_u16(), began.elapsed());
        let body = mem::take(response.body_mut());
        *response.body_mut() = Body::new(Measured::new(body, move |bytes| passing.ended(bytes)));
    })
}

/// A request under way; it ends when this does.
struct Passing(Observed, Option<u64>);

impl Passing {
    fn new(observed: Observed, bytes: Option<u64>) -> Self {
        observed.counted().requests().came(bytes);
        Self(observed, None)
    }

    fn ended(mut self, bytes: u64) {
        self.1 = Some(bytes);
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        self.0.counted().requests().went(self.1);
    }
}
