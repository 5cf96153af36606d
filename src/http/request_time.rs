//! How long a request may take: until its body is there, and until its answer begins. What an answer does once
//! it has begun is no matter of this: what is told over a stream of events has each its own time.

use std::{
    io::{self, ErrorKind},
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
    response::Response,
};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Sleep, sleep, timeout};

use super::{Times, answer::refusal, next::Next, request_id::RequestId};
use crate::graphql::ErrorCode;

/// Gives a request its time.
pub(super) async fn limit(times: &Times, id: &RequestId, request: Request, next: impl Next) -> Response {
    let late = Arc::new(AtomicBool::new(false));
    let request = request.map(|body| match body.is_end_stream() {
        true => body,
        false => Body::new(Timed { body, end: Box::pin(sleep(times.body)), late: Arc::clone(&late) }),
    });
    let answered = timeout(times.request, next.run(request)).await;
    if late.load(Ordering::Relaxed) {
        let message = format!("the body hasn't come within {}", told(times.body));
        let mut response = refusal(StatusCode::REQUEST_TIMEOUT, ErrorCode::BadUserInput, &message, id);
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        return response;
    }
    answered.unwrap_or_else(|_| {
        let message = too_late(times.request);
        refusal(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::QueryTooComplex, &message, id)
    })
}

/// What whoever has no answer within this time is told.
pub(super) fn too_late(time: Duration) -> String {
    format!("there was no answer within {}; ask for less at once", told(time))
}

fn told(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}

/// A body that has to be there in time.
struct Timed {
    body: Body,
    end: Pin<Box<Sleep>>,
    late: Arc<AtomicBool>,
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Pending if self.end.as_mut().poll(cx).is_ready() => {
                self.late.store(true, Ordering::Relaxed);
                let late = io::Error::new(ErrorKind::TimedOut, "the body is late");
                Poll::Ready(Some(Err(axum::Error::new(late))))
            }
            polled => polled,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
