//! The spans of a request: in whose trace it is, and what it was.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, Method},
    response::Response,
};
use tracing::{Span, field::Empty};

use super::{observed::Asked, path, request_id::RequestId};
use crate::trace::{self, TraceContext};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// A span for the collector and one for the log. The trace is the caller's if it brings one. Nobody traces those
/// who watch over the process.
pub(super) fn spans(request: &Request, route: &str) -> (Span, Span) {
    if [path::LIVE, path::READY, path::METRICS].contains(&route) {
        return (Span::none(), Span::none());
    }
    let caller = caller(request.headers());
    let method = method(request.method());
    let request_id = request.extensions().get::<RequestId>().map(RequestId::as_str);
    let span = tracing::info_span!(
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = (route != path::NONE).then_some(route),
        http.response.status_code = Empty,
        graphql.operation.name = Empty,
        graphql.operation.type = Empty,
        error.type = Empty,
        orgraph.request_id = request_id,
    );
    if let Some(caller) = &caller {
        trace::belongs(&span, caller);
    }
    let caller = || caller.map(|caller| format!("{:032x}", caller.trace_id));
    let log = match trace::trace_id(&span).or_else(caller) {
        // Of the highest level, so that it is there whatever is logged.
        Some(trace_id) => tracing::error_span!("request", trace_id),
        None => Span::none(),
    };
    (span, log)
}

/// Ends the collector's with what the answer is.
pub(super) fn finish(span: &Span, response: &Response) {
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("error.type", status.as_str()).record("otel.status_code", "ERROR");
    }
    Asked::here(|Asked { operation, kind, .. }| {
        if let Some(operation) = operation {
            span.record("graphql.operation.name", &**operation);
        }
        if let Some(kind) = kind {
            span.record("graphql.operation.type", kind);
        }
    });
}

/// The caller's trace, if there is one header of it, to the letter.
fn caller(headers: &HeaderMap) -> Option<TraceContext> {
    let mut all = headers.get_all(TRACEPARENT).iter();
    match (all.next(), all.next()) {
        (Some(header), None) => TraceContext::parse(header.as_bytes()),
        _ => None,
    }
}

/// A method that is known; others are the caller's to make up.
fn method(method: &Method) -> &'static str {
    let known = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "CONNECT", "TRACE"];
    known.into_iter().find(|known| method == known).unwrap_or("_OTHER")
}
