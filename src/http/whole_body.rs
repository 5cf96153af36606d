//! Reads a body before the request takes a place among those that are worked on: whoever sends slowly keeps nobody
//! from being answered. Most bodies are small; the few large ones have places of their own while they come.

use std::{error::Error, iter, mem};

use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::Response,
};
use futures_util::{StreamExt, stream};
use http_body_util::LengthLimitError;
use hyper::body::Body as _;
use tokio::sync::Semaphore;

use super::{answer::refusal, next::Next, request_id::RequestId};
use crate::graphql::ErrorCode;

/// A body up to so many bytes is small.
const SMALL: usize = 32 * 1_024;
/// Large bodies that are read at once.
const LARGE_AT_ONCE: usize = 64;

/// What bodies are held to.
pub(super) struct Reading {
    most: usize,
    large: Semaphore,
}

impl Reading {
    /// Bodies up to `most` bytes. One that says that it is longer is refused unread; of another, what is too much is
    /// left to whoever refuses it.
    pub(super) fn new(most: usize) -> Self {
        Self { most, large: Semaphore::new(LARGE_AT_ONCE) }
    }
}

/// Passes a request on when its body is there.
pub(super) async fn read(
    reading: &Reading,
    id: &RequestId,
    mut request: Box<Request>,
    next: impl Next,
) -> Response {
    let body = mem::take(request.body_mut());
    match gathered(reading, id, body).await {
        Ok(body) => *request.body_mut() = body,
        Err(refused) => return *refused,
    }
    next.run(request).await
}

async fn gathered(reading: &Reading, id: &RequestId, body: Body) -> Result<Body, Box<Response>> {
    if body.is_end_stream() {
        return Ok(body);
    }
    if body.size_hint().lower() > reading.most as u64 {
        let message = format!("the body has more than {} bytes", reading.most);
        let refused = refusal(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::BadUserInput, &message, id);
        return Err(Box::new(refused));
    }
    let mut body = Gathering { read: Vec::new(), failed: None, rest: body.into_data_stream(), ended: false };
    body.up_to(SMALL).await;
    if !body.ended {
        let Ok(_large) = reading.large.try_acquire() else {
            let message = "too many large bodies come at once; try again in a moment";
            let mut response = refusal(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Throttled, message, id);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
            return Err(Box::new(response));
        };
        body.up_to(reading.most).await;
    }
    Ok(body.whole())
}

/// The bytes of a body, if there are no more than `most`; else what is wrong with it.
pub(super) async fn bytes(body: Body, most: usize) -> Result<Bytes, (StatusCode, String)> {
    axum::body::to_bytes(body, most).await.map_err(|error| match error.source() {
        Some(cause) if cause.is::<LengthLimitError>() => {
            (StatusCode::PAYLOAD_TOO_LARGE, format!("the body has more than {most} bytes"))
        }
        _ => (StatusCode::BAD_REQUEST, "the body can't be read".to_owned()),
    })
}

/// What is there of a body: one piece of memory, in however small pieces it comes.
struct Gathering {
    read: Vec<u8>,
    failed: Option<axum::Error>,
    rest: BodyDataStream,
    /// With its end, or with an error.
    ended: bool,
}

impl Gathering {
    /// Reads on until there is an end or more than `most` bytes.
    async fn up_to(&mut self, most: usize) {
        while !self.ended && self.read.len() <= most {
            match self.rest.next().await {
                Some(Ok(piece)) => self.read.extend_from_slice(&piece),
                Some(Err(error)) => (self.failed, self.ended) = (Some(error), true),
                None => self.ended = true,
            }
        }
    }

    /// The body as it came.
    fn whole(self) -> Body {
        let read = Bytes::from(self.read);
        if self.ended && self.failed.is_none() {
            return read.into();
        }
        let read = stream::iter(iter::once(Ok(read)).chain(self.failed.map(Err)));
        Body::from_stream(read.chain(self.rest))
    }
}
