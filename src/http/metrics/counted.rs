//! What came of requests, counted as they are answered.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use prometheus_client::encoding::DescriptorEncoder;

use super::{
    operations::{Answered, Operations},
    requests::Requests,
};
use crate::{graphql::Seen, trace::Tally};

/// Requests and the operations in them, counted.
pub(in crate::http) struct Counted {
    requests: Requests,
    operations: Mutex<Operations>,
}

impl Counted {
    /// Nothing, so far; so many operation names will be told apart.
    pub(in crate::http) fn new(operations: usize, traces: Option<Arc<Tally>>) -> Self {
        Self { requests: Requests::new(traces), operations: Mutex::new(Operations::new(operations)) }
    }

    /// Requests as such.
    pub(in crate::http) fn requests(&self) -> &Requests {
        &self.requests
    }

    /// Counts an operation; tells what it is counted under.
    pub(in crate::http) fn operation(&self, seen: &Seen<'_>, slow: bool) -> Arc<str> {
        if slow {
            self.requests.was_slow();
        }
        seen.codes().for_each(|code| self.requests.erred(code));
        let operation = seen.outcome.operation.as_ref();
        let answered = Answered {
            name: operation.and_then(|operation| operation.name.as_deref()),
            kind: operation.map(|operation| operation.kind),
            ran: seen.outcome.ran,
            outcome: seen.codes().next().unwrap_or("ok"),
            took: seen.took,
            at: seen.at,
        };
        self.operations.lock().unwrap_or_else(PoisonError::into_inner).count(&answered)
    }

    pub(super) fn encode(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        self.operations.lock().unwrap_or_else(PoisonError::into_inner).encode(encoder)?;
        self.requests.encode(encoder)
    }
}
