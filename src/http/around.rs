//! What is done around every answer. The steps stand as a request takes them, from the outside in.

use axum::extract::Request;

use super::{
    HeadBounds, Observed, Times, access_log, answer, head, named_host,
    next::{Answer, Next},
    observed,
    peer::{self, Telling},
    request_id::{self, Maker},
    request_time, security_headers,
};

/// What the steps are told.
pub(super) struct Around {
    pub(super) telling: Telling,
    pub(super) maker: Maker,
    pub(super) observed: Observed,
    pub(super) head: HeadBounds,
    pub(super) only_this_machine: bool,
    pub(super) times: Times,
}

impl Around {
    /// What is done for what browsers ask beforehand, too.
    pub(super) fn outside<'a>(&'a self, request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
        peer::tell(&self.telling, request, |request| {
            request_id::assign(&self.maker, request, |request| {
                observed::watch(&self.observed, request, |request| {
                    access_log::log(request, |request| security_headers::add(request, next))
                })
            })
        })
    }

    /// The rest.
    pub(super) fn inside<'a>(&'a self, request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
        head::check(&self.head, request, |request| {
            named_host::check(self.only_this_machine, request, |request| {
                request_time::limit(&self.times, request, |request| answer::catch_panics(request, next))
            })
        })
    }
}
