//! One line a request, without what was asked or answered. Its trace, if it has one, is in the span around it.

use axum::extract::Request;
use tokio::time::Instant;

use super::{
    next::{Answer, Next},
    observed::Asked,
    path,
    request_id::RequestId,
};

pub(super) fn log<'a>(request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    if !tracing::enabled!(tracing::Level::INFO) {
        return next.run(request);
    }
    let began = Instant::now();
    let method = request.method().clone();
    let path = path::of(&request);
    let id = RequestId::of(&request);
    next.run(request).then(move |response| {
        let took_us = began.elapsed().as_micros() as u64;
        let status = response.status().as_u16();
        Asked::here(|Asked { operation, code, .. }| {
            let (operation, code) = (operation.as_deref(), code.as_deref());
            if path.ends_with('z') {
                tracing::debug!(%method, path, status, took_us, request_id = id.as_str(), "probed");
            } else {
                tracing::info!(
                    %method, path, status, took_us, request_id = id.as_str(), operation, code, "answered"
                );
            }
        });
    })
}
