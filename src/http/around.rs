//! What is done around every answer. The steps stand as a request takes them, from the outside in, and are one future:
//! as layers of a router each would be a box, and a copy of all the others for every request.

use std::sync::Arc;

use axum::{
    extract::{DefaultBodyLimit, Request, State},
    middleware,
    response::Response,
};

use super::{
    HeadBounds, Observed, Times, access_log, answer, authenticate,
    concurrency::{self, Places},
    head, named_host,
    next::Next,
    observed,
    peer::{self, Telling},
    request_id::{self, Maker, RequestId},
    request_time, security_headers,
    whole_body::{self, Reading},
};
use crate::auth::Authenticator;

/// What the steps are told.
pub(super) struct Around {
    pub(super) telling: Telling,
    pub(super) maker: Maker,
    pub(super) observed: Observed,
    pub(super) head: HeadBounds,
    pub(super) only_this_machine: bool,
    pub(super) times: Times,
    pub(super) body_bytes: usize,
}

/// All of it.
pub(super) async fn all(
    State(around): State<Arc<Around>>,
    request: Request,
    next: middleware::Next,
) -> Response {
    around.outside(request, |request| around.inside(request, |request| next.run(request))).await
}

/// What is done for what browsers ask beforehand, too.
pub(super) async fn outside(
    State(around): State<Arc<Around>>,
    request: Request,
    next: middleware::Next,
) -> Response {
    around.outside(request, |request| next.run(request)).await
}

/// The rest.
pub(super) async fn inside(
    State(around): State<Arc<Around>>,
    request: Request,
    next: middleware::Next,
) -> Response {
    around.inside(request, |request| next.run(request)).await
}

/// Asks for a credential.
pub(super) async fn let_in(
    State(authenticator): State<Authenticator>,
    request: Request,
    next: middleware::Next,
) -> Response {
    let id = RequestId::of(&request);
    authenticate::authenticate(&authenticator, &id, request, |request| next.run(request)).await
}

/// Has a request whole, and then a place for it.
pub(super) async fn seat(
    State((reading, places)): State<(Reading, Places)>,
    request: Request,
    next: middleware::Next,
) -> Response {
    let id = &RequestId::of(&request);
    let seated = |request| concurrency::limit(&places, id, request, |request| next.run(request));
    whole_body::read(&reading, id, request, seated).await
}

impl Around {
    async fn outside(&self, request: Request, next: impl Next) -> Response {
        peer::tell(&self.telling, request, |request| {
            request_id::assign(&self.maker, request, |request| {
                observed::watch(&self.observed, request, |request| {
                    access_log::log(request, |request| security_headers::add(request, next))
                })
            })
        })
        .await
    }

    async fn inside(&self, mut request: Request, next: impl Next) -> Response {
        let id = &RequestId::of(&request);
        DefaultBodyLimit::max(self.body_bytes).apply(&mut request);
        head::check(&self.head, id, request, |request| {
            named_host::check(self.only_this_machine, id, request, |request| {
                request_time::limit(&self.times, id, request, |request| {
                    answer::catch_panics(id, request, next)
                })
            })
        })
        .await
    }
}
