//! When a table has to be taken by, and what is told when it isn't: its client sees a body that ends too early, and its line
//! in the log was written when it began.

use std::{io, time::Duration};

use tokio::time::Instant;

use super::super::{observed::Observed, request_id::RequestId};

/// The end of a table's time.
pub(super) struct Deadline {
    pub(super) until: Instant,
    name: String,
    pub(super) id: RequestId,
    observed: Observed,
}

impl Deadline {
    /// That of this table, which is sent from now on.
    pub(super) fn after(longest: Duration, name: String, id: RequestId, observed: Observed) -> Self {
        Self { until: Instant::now() + longest, name, id, observed }
    }

    /// Tells that the table was cut off there; what its body fails with.
    pub(super) fn passed(&self) -> io::Error {
        let (table, request_id) = (self.name.as_str(), self.id.as_str());
        tracing::warn!(table, request_id, "a table was cut off: it wasn't taken within --export-time");
        self.observed.counted().requests().cut_off();
        io::ErrorKind::TimedOut.into()
    }
}
