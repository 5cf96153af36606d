//! Reads a body before the request takes a place among those that are worked on: whoever sends slowly keeps nobody
//! from being answered. Most bodies are small; the few large ones have places of their own while they come.

use std::{
    error::Error,
    iter, mem,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::Request,
    http::{
        HeaderValue, StatusCode,
        header::{EXPECT, RETRY_AFTER},
    },
    response::Response,
};
use futures_util::{FutureExt, StreamExt, stream};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::{BodyExt, LengthLimitError};
use tokio::sync::Semaphore;

use super::{
    answer::refusal,
    next::{Answer, Next},
    request_id::RequestId,
};
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

/// Whether no more of a request's body has to be waited for: there is none, or all of it has come with the head, in one
/// piece. Whoever waits to be told to send one goes on waiting: nothing is known of them yet. Of a body that is still
/// coming the first piece is taken, which is no larger than what the connection reads at once.
pub(super) fn is_there(request: &mut Request) -> bool {
    if request.body().is_end_stream() {
        return true;
    }
    if request.headers().contains_key(EXPECT) {
        return false;
    }
    let body = request.body_mut();
    let whole = at_once(body, SMALL);
    whole.map(|whole| *body = whole.into()).is_some()
}

/// All of a body of at most so many bytes, if it is there in one piece; else the body reads as it did.
pub(super) fn at_once(body: &mut Body, most: usize) -> Option<Bytes> {
    let length = body.size_hint().exact().filter(|length| *length <= most as u64)?;
    let first = body.frame().now_or_never()?;
    let is_all = |frame: &Frame<Bytes>| frame.data_ref().is_some_and(|data| data.len() as u64 == length);
    match first {
        Some(Ok(frame)) if is_all(&frame) => frame.into_data().ok(),
        first => {
            *body = Body::new(Opened { first, length, rest: mem::take(body) });
            None
        }
    }
}

/// A body of which the first piece has been read.
struct Opened {
    first: Option<Result<Frame<Bytes>, axum::Error>>,
    rest: Body,
    /// Of all of it, in bytes.
    length: u64,
}

impl HttpBody for Opened {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(first)),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.first.is_some() { SizeHint::with_exact(self.length) } else { self.rest.size_hint() }
    }
}

/// Passes a request on when its body is there.
pub(super) fn read<'a>(reading: &'a Reading, mut request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    if request.body().is_end_stream() {
        return next.run(request);
    }
    let mut body = mem::take(request.body_mut());
    if let Some(whole) = at_once(&mut body, SMALL.min(reading.most)) {
        *request.body_mut() = whole.into();
        return next.run(request);
    }
    Answer::later(async {
        match gathered(reading, &RequestId::of(&request), body).await {
            Ok(body) => *request.body_mut() = body,
            Err(refused) => return *refused,
        }
        next.run(request).wait().await
    })
}

async fn gathered(reading: &Reading, id: &RequestId, body: Body) -> Result<Body, Box<Response>> {
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

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use tokio::sync::mpsc;

    use super::*;

    /// A body of a length that was told, which comes in pieces.
    struct Coming {
        pieces: mpsc::Receiver<Result<&'static str, &'static str>>,
        length: u64,
    }

    impl HttpBody for Coming {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            self.pieces.poll_recv(cx).map(|piece| {
                Some(piece?.map(|piece| Frame::data(Bytes::from(piece))).map_err(axum::Error::new))
            })
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.length)
        }
    }

    fn coming(length: u64) -> (mpsc::Sender<Result<&'static str, &'static str>>, Request) {
        let (send, pieces) = mpsc::channel(8);
        (send, Request::new(Body::new(Coming { pieces, length })))
    }

    #[tokio::test]
    async fn a_body_that_came_with_its_head_is_there() {
        let (send, mut request) = coming(4);
        send.try_send(Ok("body")).unwrap();
        assert!(is_there(&mut request));
        assert_eq!(bytes(request.into_body(), 4).await, Ok(Bytes::from("body")));
        assert!(is_there(&mut Request::new(Body::empty())));
    }

    #[tokio::test]
    async fn what_is_still_coming_is_read_whole() {
        for first in [None, Some("bo"), Some("")] {
            let (send, mut request) = coming(4);
            if let Some(first) = first {
                send.try_send(Ok(first)).unwrap();
            }
            assert!(!is_there(&mut request));
            assert_eq!(request.body().size_hint().exact(), Some(4));
            // And so for whoever looks after that.
            let mut body = request.into_body();
            assert_eq!(at_once(&mut body, 4), None);
            assert!(!body.is_end_stream());
            send.try_send(Ok(&"body"[first.map_or(0, str::len)..])).unwrap();
            drop(send);
            assert_eq!(bytes(body, 4).await, Ok(Bytes::from("body")), "{first:?}");
        }
    }

    #[tokio::test]
    async fn what_fails_fails_for_whoever_reads_on() {
        let (send, mut request) = coming(4);
        send.try_send(Err("cut off")).unwrap();
        assert!(!is_there(&mut request));
        let (status, why) = bytes(request.into_body(), 4).await.unwrap_err();
        assert_eq!((status, why.as_str()), (StatusCode::BAD_REQUEST, "the body can't be read"));
    }

    #[tokio::test]
    async fn nobody_is_told_to_send_and_nothing_large_is_taken() {
        let (send, mut request) = coming(4);
        send.try_send(Ok("body")).unwrap();
        request.headers_mut().insert(EXPECT, HeaderValue::from_static("100-continue"));
        assert!(!is_there(&mut request));
        assert_eq!(send.capacity(), 7, "it isn't touched");
        let (send, mut request) = coming(SMALL as u64 + 1);
        send.try_send(Ok("body")).unwrap();
        assert!(!is_there(&mut request));
        assert_eq!(send.capacity(), 7);
    }
}
