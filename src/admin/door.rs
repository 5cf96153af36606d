//! The end that is in the service.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header::HOST},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::{net::TcpListener, time::timeout};

use super::wire::{ANY, HEADER, HeldBack, Judgement, Progress, Refused, Requested};
use crate::directory::{Decision, DecisionError, Directory};

/// How long somebody who waits for a scan is kept before being told how far it has come.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most that is read of a body.
const MAX_BODY: usize = 1_024;

/// Serves operators of the service of this name on `listener` for as long as it is polled.
///
/// # Errors
/// If the listener fails, or isn't on loopback.
pub async fn serve(listener: TcpListener, name: String, directory: Directory) -> std::io::Result<()> {
    if !listener.local_addr()?.ip().is_loopback() {
        return Err(std::io::Error::other("the admin door is open on loopback only"));
    }
    let router = Router::new()
        .route("/quarantine", get(show))
        .route("/quarantine/accept", post(accept))
        .route("/quarantine/reject", post(reject))
        .route("/sync", post(ask_for_scan))
        .route("/sync/{scan}", get(wait_for_scan))
        .with_state(directory)
        .fallback(async || refused(StatusCode::NOT_FOUND, "no such path"))
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(Arc::<str>::from(name), let_in));
    axum::serve(listener, router).await
}

/// Lets in who is on this machine and no web page: those can't send the header, and a name that resolves
/// to this machine is not this machine's.
async fn let_in(State(name): State<Arc<str>>, request: Request, next: Next) -> Response {
    match request.headers().get(HEADER) {
        Some(meant) if !is_this_machine(request.headers()) || meant.is_empty() => stranger(),
        Some(meant) if meant == ANY || meant.as_bytes() == name.as_bytes() => next.run(request).await,
        Some(_) => refused(
            StatusCode::CONFLICT,
            "another service has this address by now; the one that is meant has ended",
        ),
        None => stranger(),
    }
}

fn stranger() -> Response {
    refused(StatusCode::FORBIDDEN, "this door is for the orgraph command on this machine")
}

fn is_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST).and_then(|host| host.to_str().ok()) else { return false };
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

async fn show(State(directory): State<Directory>) -> Json<Option<HeldBack>> {
    let served = directory.snapshot().map_or(0, |snapshot| snapshot.graph.person_count());
    Json(directory.status().quarantine.map(|quarantine| HeldBack::new(&quarantine, served)))
}

async fn accept(State(directory): State<Directory>, Json(judgement): Json<Judgement>) -> Response {
    decide(&directory, Decision::Accept, judgement).await
}

async fn reject(State(directory): State<Directory>, Json(judgement): Json<Judgement>) -> Response {
    decide(&directory, Decision::Reject, judgement).await
}

async fn decide(directory: &Directory, decision: Decision, judgement: Judgement) -> Response {
    match directory.decide(decision, judgement.id).await {
        Ok(()) => Json(()).into_response(),
        Err(error @ (DecisionError::NothingHeld | DecisionError::Another { .. })) => {
            refused(StatusCode::CONFLICT, &error.to_string())
        }
        Err(error @ DecisionError::Busy) => refused(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
    }
}

async fn ask_for_scan(State(directory): State<Directory>) -> Json<Requested> {
    Json(Requested { scan: directory.request_scan() })
}

/// Answers when the scan has come to its end or further on, or after a while.
async fn wait_for_scan(State(directory): State<Directory>, Path(scan): Path<u64>) -> Json<Progress> {
    let mut statuses = directory.statuses();
    let before = statuses.borrow_and_update().pages_read;
    let moved = statuses.wait_for(|status| status.scans >= scan || status.pages_read != before);
    // Whether it has moved is told below.
    let _ = timeout(PATIENCE, moved).await.is_ok();
    let user_count = directory.snapshot().map(|snapshot| snapshot.graph.person_count());
    Json(Progress::new(scan, &directory.status(), user_count))
}

fn refused(status: StatusCode, error: &str) -> Response {
    (status, Json(Refused { error: error.to_owned() })).into_response()
}
