//! For whoever watches over the process.

use std::{sync::Arc, time::Duration};

use axum::{extract::State, http::StatusCode};

use super::{Connections, Observed};
use crate::{clock::Clock, directory::Directory, publish::Tally};

/// What health and metrics are told from.
#[derive(Clone)]
pub struct Watch {
    /// What the service knows.
    pub directory: Directory,
    /// What time it is.
    pub clock: Clock,
    /// How old the snapshot may be before the service calls itself not ready; `None` for however old.
    pub max_snapshot_age: Option<Duration>,
    /// What has been told of requests.
    pub observed: Observed,
    /// The connections that stay open.
    pub connections: Connections,
    /// What became of tables that are published, where that is wanted.
    pub publications: Option<Arc<Tally>>,
}

impl Watch {
    /// The age of the snapshot; `None` before the first.
    pub(super) fn snapshot_age(&self) -> Option<Duration> {
        let snapshot = self.directory.snapshot()?;
        Some(Duration::try_from(self.clock.now().duration_since(snapshot.taken_at)).unwrap_or_default())
    }
}

/// The process runs.
pub(super) async fn live() -> &'static str {
    "alive\n"
}

/// There is a snapshot to answer from, and it isn't too old. One failed scan changes nothing.
pub(super) async fn ready(State(watch): State<Watch>) -> (StatusCode, String) {
    let not_ready = |why: String| (StatusCode::SERVICE_UNAVAILABLE, why);
    match (watch.snapshot_age(), watch.max_snapshot_age) {
        (None, _) => not_ready("the organisation has not been read from Gong yet\n".to_owned()),
        (Some(age), Some(most)) if age > most => {
            not_ready(format!("the snapshot is {} s old, more than {} s\n", age.as_secs(), most.as_secs()))
        }
        _ => (StatusCode::OK, "ready\n".to_owned()),
    }
}
