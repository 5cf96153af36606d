//! Compresses answers for those who take them so.

use std::convert::Infallible;

use axum::{
    body::Body,
    extract::Request,
    http::{
        HeaderValue,
        header::{ACCEPT_ENCODING, VARY},
    },
    response::Response,
};
use tower::{ServiceExt, service_fn};
use tower_http::compression::Compression;

use super::next::Next;

/// What everybody is told, whose answer isn't compressed too: the next one's could be.
const FOR_EACH_ENCODING: HeaderValue = HeaderValue::from_static("accept-encoding");

/// Compresses the answer to a request that takes it compressed.
pub(super) async fn compress(request: Request, next: impl Next + Clone) -> Response {
    if !request.headers().contains_key(ACCEPT_ENCODING) {
        let mut response = next.run(request).await;
        response.headers_mut().append(VARY, FOR_EACH_ENCODING);
        return response;
    }
    let next = async |request| Ok::<_, Infallible>(next.clone().run(request).await);
    // In a box, so that the way of those who take no compressed answers is no longer for it.
    let answered = Box::pin(Compression::new(service_fn(next)).oneshot(request)).await;
    answered.map(|response| response.map(Body::new)).unwrap_or_else(|never| match never {})
}
