//! For whoever watches over the process.

use axum::{extract::State, http::StatusCode};

use crate::directory::Directory;

/// The process runs.
pub(super) async fn live() -> &'static str {
    "alive\n"
}

/// There is a snapshot to answer from.
pub(super) async fn ready(State(directory): State<Directory>) -> (StatusCode, &'static str) {
    match directory.snapshot() {
        Some(_) => (StatusCode::OK, "ready\n"),
        None => (StatusCode::SERVICE_UNAVAILABLE, "the organisation has not been read from Gong yet\n"),
    }
}
