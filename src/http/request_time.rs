//! How long a request may take: until its body is there, and until its answer begins. What an answer does once
//! it has begun is no matter of this: what is told over a stream of events has each its own time.

use std::{
    mem,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header::CONNECTION},
};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, timeout_at};

use super::{
    Times,
    answer::refusal,
    next::{Answer, Next},
    path,
    request_id::RequestId,
    whole_body,
};
use crate::graphql::ErrorCode;

/// Gives a request its time, if it has to be waited for. There is one timer under way: first that of the body, if its
/// time is the shorter one. A table in Parquet is complete before its answer begins, so that whoever is too late for one
/// hears of the others.
pub(super) fn limit<'a>(times: &'a Times, mut request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    let id = RequestId::of(&request);
    let awaited = Awaited::default();
    let has_body = !whole_body::is_there(&mut request);
    let complete_first = path::of(&request) == path::TABLE && request.uri().path().ends_with(".parquet");
    if has_body {
        let body = mem::take(request.body_mut());
        *request.body_mut() = Body::new(Timed { body, awaited: awaited.clone() });
    }
    let mut answered = match next.run(request) {
        Answer::Now(response) => return Answer::Now(response),
        Answer::Later(work) => work,
    };
    let began = Instant::now();
    Answer::later(async move {
        if has_body && times.body < times.request {
            if let Ok(response) = timeout_at(began + times.body, &mut answered).await {
                return response;
            }
            if awaited.0.load(Ordering::Relaxed) {
                let message = format!("the body hasn't come within {}", told(times.body));
                let mut response =
                    refusal(StatusCode::REQUEST_TIMEOUT, ErrorCode::BadUserInput, &message, &id);
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                return response;
            }
        }
        timeout_at(began + times.request, answered).await.unwrap_or_else(|_| {
            let mut message = too_late(times.request);
            if complete_first {
                message.push_str(", or for arrow or csv, which are sent while they are written");
            }
            refusal(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::QueryTooComplex, &message, &id)
        })
    })
}

/// What whoever has no answer within this time is told.
pub(super) fn too_late(time: Duration) -> String {
    format!("there was no answer within {}; ask for less at once", told(time))
}

fn told(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}

/// Whether somebody waits for more of a body at present.
#[derive(Clone, Default)]
struct Awaited(Arc<AtomicBool>);

/// A body that tells whether more of it is awaited.
struct Timed {
    body: Body,
    awaited: Awaited,
}

impl Drop for Timed {
    fn drop(&mut self) {
        self.awaited.0.store(false, Ordering::Relaxed);
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        self.awaited.0.store(polled.is_pending(), Ordering::Relaxed);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
