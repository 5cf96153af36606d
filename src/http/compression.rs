//! Compresses answers for those who take them so.

use std::convert::Infallible;

use axum::{body::Body, extract::Request, http::header::ACCEPT_ENCODING, response::Response};
use tower::{ServiceExt, service_fn};
use tower_http::compression::{
    Compression, Predicate,
    predicate::{DefaultPredicate, NotForContentType},
};

use super::{next::Next, vary};

/// Compresses the answer to a request that takes it compressed.
pub(super) async fn compress(request: Box<Request>, next: impl Next + Clone) -> Response {
    let mut response = match request.headers().contains_key(ACCEPT_ENCODING) {
        false => next.run(request).await,
        // In a box, so that the way of those who take no compressed answers is no longer for it.
        true => Box::pin(compressed(request, next)).await,
    };
    // The next one's could be, if this one isn't.
    vary::depends_on(response.headers_mut(), "accept-encoding");
    response
}

async fn compressed(request: Box<Request>, next: impl Next + Clone) -> Response {
    let next = async |request| Ok::<_, Infallible>(next.clone().run(Box::new(request)).await);
    let answered = Compression::new(service_fn(next)).compress_when(worth_it()).oneshot(*request).await;
    answered.map(|response| response.map(Body::new)).unwrap_or_else(|never| match never {})
}

/// Tables in Arrow's formats are small as they are, and one whose length is known is read in parts.
fn worth_it() -> impl Predicate {
    let parquet = NotForContentType::const_new("application/vnd.apache.parquet");
    let arrow = NotForContentType::const_new("application/vnd.apache.arrow.stream");
    DefaultPredicate::new().and(parquet).and(arrow)
}
