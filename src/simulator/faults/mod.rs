//! Faults by name: what can go wrong between a client and Gong, switched on and off while the simulator
//! runs.
//!
//! [`FaultKind`] is the catalogue, [`Fault`] one of its entries with a value and conditions, [`Faults`] what
//! is switched on. Each kind does its work at one of five places on a call's way: it answers instead of the
//! endpoint (`instead`), shows the endpoint another company (`company`) or other pages (`pages`), rewrites
//! the JSON of the answer (`json`), or its bytes and their way over the wire (`bytes`, `wire`).

mod kind;
mod value;
mod target;
mod condition;
mod script_error;
mod script;
mod board;
mod instead;
mod company;
mod pages;
mod json;
mod bytes;
mod wire;
mod bomb;
mod admin;

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};

pub use board::{ActiveFault, Faults, TooManyFaults};
pub use kind::{Effect, FaultKind};
pub use script::Fault;
pub use script_error::ScriptError;
pub use value::ValueSpec;

pub(super) use admin::routes;
pub(super) use board::Strikes;
use target::Call;

use super::envelope;

/// Lets an endpoint that never fails see the company that the faults show. `None` if the body is longer than
/// any endpoint takes.
pub(super) async fn mark(faults: &Faults, request: Request) -> Option<Request> {
    if faults.is_quiet() {
        return Some(request);
    }
    let (call, mut request) = Call::look_at(request).await?;
    request.extensions_mut().insert(faults.on(call));
    Some(request)
}

/// Lets a call through to its endpoint, with whatever faults strike it.
pub(super) async fn pass(faults: &Faults, request: Request, next: Next) -> Response {
    if faults.is_quiet() {
        return next.run(request).await;
    }
    let Some((call, mut request)) = Call::look_at(request).await else {
        return envelope::Fault::BodyTooLarge.into_response();
    };
    let strikes = faults.on(call);
    let Some(call) = strikes.call() else {
        return next.run(request).await;
    };
    let response = match instead::answer(&strikes, call).await {
        Some(response) => response,
        None => {
            request.extensions_mut().insert(strikes.clone());
            let response = next.run(request).await;
            let response = json::rewrite(&strikes, call, response).await;
            bytes::rewrite(&strikes, response).await
        }
    };
    wire::send(&strikes, response).await
}
