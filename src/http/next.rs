//! The rest of a request's way.

use axum::{extract::Request, response::Response};

/// What a step hands a request on to, in a box, since each step moves it. A closure, not axum's type of this name: that
/// one is a copy of all the steps to come, made anew at each of them, for each request.
pub(super) trait Next: Send {
    /// Goes the rest of the way. A step has one place where it does: its future has room for the rest as often as it
    /// could go there.
    fn run(self, request: Box<Request>) -> impl Future<Output = Response> + Send;
}

impl<F, R> Next for F
where
    F: FnOnce(Box<Request>) -> R + Send,
    R: Future<Output = Response> + Send,
{
    fn run(self, request: Box<Request>) -> impl Future<Output = Response> + Send {
        self(request)
    }
}
