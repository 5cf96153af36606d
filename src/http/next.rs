//! The rest of a request's way, and the answer at its end.

use axum::{extract::Request, response::Response};
use futures_util::future::BoxFuture;

/// An answer, or what there is to be waited for until there is one. Whoever asks a document that has been run before
/// mostly waits for nothing: that way is a call of functions, where futures within futures would each be made, moved and
/// polled.
pub(super) enum Answer<'a> {
    Now(Response),
    Later(BoxFuture<'a, Response>),
}

impl<'a> Answer<'a> {
    /// An answer that has to be waited for.
    pub(super) fn later(work: impl Future<Output = Response> + Send + 'a) -> Self {
        Self::Later(Box::pin(work))
    }

    /// What a step does to an answer on its way out.
    pub(super) fn then(self, step: impl FnOnce(&mut Response) + Send + 'a) -> Self {
        let with = |mut response| {
            step(&mut response);
            response
        };
        match self {
            Self::Now(response) => Self::Now(with(response)),
            Self::Later(work) => Self::later(async { with(work.await) }),
        }
    }

    /// The answer, once it is there.
    pub(super) async fn wait(self) -> Response {
        match self {
            Self::Now(response) => response,
            Self::Later(work) => work.await,
        }
    }
}

/// What a step hands a request on to, in a box, since each step moves it. A closure, not axum's type of this name: that
/// one is a copy of all the steps to come, made anew at each of them, for each request.
pub(super) trait Next<'a>: Send + 'a {
    /// Goes the rest of the way.
    fn run(self, request: Box<Request>) -> Answer<'a>;
}

impl<'a, F: FnOnce(Box<Request>) -> Answer<'a> + Send + 'a> Next<'a> for F {
    fn run(self, request: Box<Request>) -> Answer<'a> {
        self(request)
    }
}
