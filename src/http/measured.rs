//! A body that knows how many bytes of it have gone out.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::body::{Body, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};

/// A body that says how large it was when it has ended, or when nobody wants more of it.
pub(super) struct Measured<F: FnOnce(u64)> {
    body: Body,
    bytes: u64,
    ended: Option<F>,
}

impl<F: FnOnce(u64)> Measured<F> {
    pub(super) fn new(body: Body, ended: F) -> Self {
        Self { body, bytes: 0, ended: Some(ended) }
    }
}

impl<F: FnOnce(u64) + Unpin> HttpBody for Measured<F> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<F: FnOnce(u64)> Drop for Measured<F> {
    fn drop(&mut self) {
        if let Some(ended) = self.ended.take() {
            ended(self.bytes);
        }
    }
}
