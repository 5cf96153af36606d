//! What every call goes through before an endpoint sees it: limits, then credentials.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    access::Access,
    envelope::Fault,
    faults::{self, Faults},
    limits::{Refusal, Turnstile},
    oauth::needed,
    stats::{Endpoint, Ledger},
};

/// The entrance of a simulator.
pub(super) struct Gate {
    pub(super) turnstile: Turnstile,
    pub(super) access: Access,
    pub(super) latency: Duration,
    pub(super) ledger: Arc<Ledger>,
    pub(super) faults: Faults,
}

/// Lets a call through to its endpoint, or answers in its stead.
///
/// The permit is given back before the answer is written: a client that has read an answer finds
/// room for its next call. When the client goes away, the server drops this future and the permit
/// with it.
pub(super) async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let arrival = gate.turnstile.enter();
    let endpoint = endpoint(&request);
    gate.ledger.arrived(endpoint, arrival.in_flight);
    let _permit = match arrival.outcome {
        Ok(permit) => permit,
        Err(refusal) => {
            gate.ledger.refused();
            return Fault::from(refusal).into_response();
        }
    };
    let response = match gate.access.admit(request.headers(), needed(endpoint)) {
        Ok(()) => faults::pass(&gate.faults, request, next).await,
        Err(fault) => {
            gate.ledger.unauthorised();
            fault.into_response()
        }
    };
    if !gate.latency.is_zero() {
        tokio::time::sleep(gate.latency).await;
    }
    response
}

fn endpoint(request: &Request) -> Endpoint {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    match (request.method(), path) {
        (&Method::GET, Some("/v2/users")) => Endpoint::Users,
        (&Method::GET, Some("/v2/users/{id}")) => Endpoint::User,
        (&Method::POST, Some("/v2/users/extensive")) => Endpoint::UsersExtensive,
        (&Method::GET, Some("/v2/users/{id}/settings-history")) => Endpoint::SettingsHistory,
        (&Method::GET, Some("/v2/calls")) => Endpoint::Calls,
        (&Method::POST, Some("/v2/calls/extensive")) => Endpoint::CallsExtensive,
        (&Method::POST, Some("/v2/stats/activity/aggregate")) => Endpoint::Activity,
        (&Method::GET, Some("/v2/settings/scorecards")) => Endpoint::Scorecards,
        (&Method::GET, Some("/v2/workspaces")) => Endpoint::Workspaces,
        (&Method::GET, Some("/v2/coaching")) => Endpoint::Coaching,
        _ => Endpoint::Other,
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::TooManyCalls { why: refusal.to_string(), retry_after: refusal.retry_after() }
    }
}
