//! One connection: requests on it, one after the other, until it ends or has to.

use std::{
    convert::Infallible,
    future::poll_fn,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderValue, Request, Response, StatusCode,
        header::{CONNECTION, CONTENT_TYPE},
    },
};
use hyper::{
    body::{Body as HttpBody, Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
};

use super::{
    Answers, HeadBounds, ServerSettings, Unhurried,
    alarm::{Alarm, Interruption},
    phase::{Doing, Phase},
    places::Place,
    watched::Watched,
};
use crate::http::peer::Client;

/// The most that is kept of a connection's bytes, each way, beside a large head.
const BUFFER: usize = 64 * 1_024;

/// Up to so many headers may be taken with no other bound than hyper's own, which is well beyond.
const HEADERS: usize = 64;

/// What all connections have in common.
pub(super) struct Common<A> {
    pub(super) site: A,
    pub(super) settings: ServerSettings,
    pub(super) stopping: watch::Receiver<bool>,
}

/// Answers what comes on `socket` until it ends.
pub(super) async fn converse<A, S>(common: &Common<A>, socket: S, place: Place, client: Client)
where
    A: Answers,
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let times = common.settings.times;
    let phase = Arc::new(Phase::new(times));
    let socket = TokioIo::new(Watched::new(socket, Arc::clone(&phase), place));
    let requests = AtomicU64::new(0);
    let service = service_fn(|request: Request<Incoming>| {
        phase.asked();
        let is_last = requests.fetch_add(1, Ordering::Relaxed) + 1 >= common.settings.connections.requests;
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(client);
        // It is always ready.
        answer(common.site.clone().call(request), Arc::clone(&phase), is_last)
    });
    let mut connection =
        pin!(protocol(&common.settings.head).serve_connection(socket, service).with_upgrades());
    let mut alarm = Alarm::new(common.stopping.clone());
    poll_fn(|cx| {
        loop {
            if let Poll::Ready(ended) = connection.as_mut().poll(cx) {
                if let Err(error) = ended {
                    tracing::debug!(%error, doing = ?phase.doing(), "a connection has ended badly");
                }
                return Poll::Ready(());
            }
            match (ready!(alarm.poll(phase.settle(), cx)), phase.doing()) {
                (Interruption::Stopping, _) => {}
                (Interruption::TimeIsOver, Doing::Idle) => phase.ending(),
                (Interruption::TimeIsOver, doing) => {
                    tracing::debug!(?doing, "a connection took too long and is closed");
                    return Poll::Ready(());
                }
            }
            connection.as_mut().graceful_shutdown();
        }
    })
    .await;
}

/// HTTP/1.1 as it is spoken here. The bounds of a head are twice what `head` refuses with an answer that says
/// why: beyond them there is only the status.
fn protocol(head: &HeadBounds) -> http1::Builder {
    let most = (head.header_bytes + head.uri_bytes).saturating_mul(2);
    let mut builder = http1::Builder::new();
    // Up to a hundred headers it has room for without asking for memory: that is its own bound.
    if head.headers > HEADERS {
        builder.max_headers(head.headers.saturating_mul(2));
    }
    builder
        .max_header_size(most)
        .max_buf_size(most.max(BUFFER))
        // The phase has the times: hyper's own would count an idle connection as a slow one.
        .header_read_timeout(None);
    builder
}

async fn answer(
    answered: impl Future<Output = Result<Response<Body>, Infallible>>,
    phase: Arc<Phase>,
    is_last: bool,
) -> Result<Response<Answer>, Infallible> {
    let mut response = answered.await?;
    let upgraded = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    if is_last && !upgraded {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    phase.answering(upgraded || is_stream(&response));
    Ok(response.map(|body| Answer { body, phase }))
}

/// Whether an answer goes on for as long as its client likes, or sees to its time itself.
fn is_stream(response: &Response<Body>) -> bool {
    if response.extensions().get::<Unhurried>().is_some() {
        return true;
    }
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|is| is.starts_with("text/event-stream") || is.starts_with("multipart/mixed"))
}

/// The body of an answer, which tells when there is no more to come: then it is dropped.
struct Answer {
    body: Body,
    phase: Arc<Phase>,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.phase.answered();
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
