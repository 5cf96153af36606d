//! Right answers that don't get through.

use std::{io, pin::pin, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::header::CONTENT_LENGTH,
    response::Response,
};
use futures_util::{FutureExt, StreamExt, stream};

use super::{board::Strikes, kind::FaultKind};

const LONGEST: usize = 256 * 1024 * 1024;

/// Sends an answer as the faults let it.
pub(super) async fn send(strikes: &Strikes, response: Response) -> Response {
    for fault in strikes.faults() {
        match fault.kind {
            FaultKind::SlowDrip if fault.strikes() => {
                let pause = Duration::from_millis(fault.amount());
                let lifted = strikes.lifted();
                return streamed(response, |body| drip(body, pause, lifted)).await;
            }
            FaultKind::ResetInMidBody if fault.strikes() => {
                return streamed(response, |body| cut_after(body.slice(..body.len() / 2))).await;
            }
            _ => {}
        }
    }
    response
}

/// An answer of which nothing is sent: the server closes the connection when a body fails, and it fails
/// before the head has left.
pub(super) fn cut() -> Response {
    Response::new(Body::from_stream(stream::iter([Err::<Bytes, _>(broken())])))
}

/// With the length of the whole body in its head, whatever comes of it.
async fn streamed(response: Response, body: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut parts, whole) = response.into_parts();
    let whole = to_bytes(whole, LONGEST).await.unwrap_or_default();
    parts.headers.insert(CONTENT_LENGTH, whole.len().into());
    Response::from_parts(parts, body(whole))
}

/// A byte at a time; the rest at once when the fault is lifted.
fn drip(body: Bytes, pause: Duration, lifted: impl Future<Output = ()> + Send + 'static) -> Body {
    let lifted = lifted.shared();
    Body::from_stream(stream::unfold((body, lifted), move |(mut rest, lifted)| async move {
        if rest.is_empty() {
            return None;
        }
        let drop = rest.split_to(1);
        let mut lift = pin!(lifted.clone());
        tokio::select! {
            () = &mut lift => {
                let all = [drop.as_ref(), rest.as_ref()].concat().into();
                Some((Ok::<_, io::Error>(all), (Bytes::new(), lifted)))
            }
            () = tokio::time::sleep(pause) => Some((Ok(drop), (rest, lifted))),
        }
    }))
}

/// Fails once what came before has left.
fn cut_after(sent: Bytes) -> Body {
    let fail = stream::once(async {
        // The server writes out what it holds whenever a body has nothing for it.
        tokio::task::yield_now().await;
        Err(broken())
    });
    Body::from_stream(stream::iter([Ok(sent)]).chain(fail))
}

fn broken() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}
