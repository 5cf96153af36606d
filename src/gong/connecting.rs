//! Tells the limiter when a connection is open: a call that has to open one arrives that much later than it
//! departs.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tower::{Layer, Service};

use super::Limiter;

/// Watches connections being opened.
#[derive(Clone)]
pub(super) struct Watched(pub(super) Arc<Limiter>);

/// Opens connections and tells of each.
#[derive(Clone)]
pub(super) struct Connecting<S> {
    inner: S,
    limiter: Arc<Limiter>,
}

impl<S> Layer<S> for Watched {
    type Service = Connecting<S>;

    fn layer(&self, inner: S) -> Connecting<S> {
        Connecting { inner, limiter: self.0.clone() }
    }
}

impl<S, R> Service<R> for Connecting<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, to: R) -> Self::Future {
        let (opening, limiter) = (self.inner.call(to), self.limiter.clone());
        Box::pin(async move {
            let opened = opening.await;
            limiter.connected();
            opened
        })
    }
}
