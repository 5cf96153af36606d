//! What a layer of tower's does to an answer that is there already: around a service it would be a future of its own, for
//! whoever waits for nothing, too.

use std::{convert::Infallible, future, mem, task};

use axum::{
    BoxError,
    body::{Body, Bytes},
    http::{Request, StatusCode},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use http_body::Body as HttpBody;
use tower::{Layer, Service, ServiceExt};

/// Has `layer` do to `response` what it does to the answer to a request as it was `asked`. It must wait for nothing but
/// that.
pub(super) fn layered<L, B>(layer: &L, asked: Request<()>, response: &mut Response)
where
    L: Layer<Given>,
    L::Service: Service<Request<()>, Response = axum::http::Response<B>, Error = Infallible>,
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let given = Given(Some(mem::take(response)));
    *response = match layer.layer(given).oneshot(asked).now_or_never() {
        Some(Ok(answered)) => answered.map(Body::new),
        None => {
            debug_assert!(false, "a layer waits for more than the answer that it is given");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    };
}

/// What a layer is put around: it has this answer.
pub(super) struct Given(Option<Response>);

impl Service<Request<()>> for Given {
    type Response = Response;
    type Error = Infallible;
    type Future = future::Ready<Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> task::Poll<Result<(), Infallible>> {
        task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        debug_assert!(self.0.is_some(), "a layer asks for the answer twice");
        future::ready(Ok(self.0.take().unwrap_or_default()))
    }
}
