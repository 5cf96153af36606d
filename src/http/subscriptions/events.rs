//! One operation as a stream of events (SSE), as graphql-sse has it with a connection an operation.

use std::convert::Infallible;

use async_graphql::Response as Answer;
use axum::{
    body::{Body, Bytes},
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, interval_at, sleep_until, timeout},
};

use super::{
    Opener,
    connections::{Place, Underway, closed},
    credentials,
    operations::{Told, operation},
    parameters::Found,
    socket::{far_away, until},
};
use crate::{
    auth::{Authenticator, Viewer},
    graphql::{Circumstances, ErrorCode, fault, name_request},
};

const EVENT_STREAM: &str = "text/event-stream";
/// Media types that are answered in one piece.
const WHOLE: [&str; 4] = ["application/graphql-response+json", "application/json", "application/*", "*/*"];

/// Whether the answer is to be a stream of events: they are asked for, and no answer in one piece is.
pub(super) fn wanted(headers: &HeaderMap) -> bool {
    // What most say, and what is an answer in one piece whatever else is said.
    if headers.get(ACCEPT).is_some_and(|first| first == "application/json") {
        return false;
    }
    let accepts = |wanted: &[&str]| {
        let lists = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let mut ranges = lists.flat_map(|list| list.split(','));
        ranges.any(|range| {
            let essence = range.split(';').next().unwrap_or_default().trim();
            wanted.iter().any(|wanted| essence.eq_ignore_ascii_case(wanted))
        })
    };
    accepts(&[EVENT_STREAM]) && !accepts(&WHOLE)
}

/// The events of what was found. The operation ends at once when the client goes away.
pub(super) fn answer(
    opener: Opener,
    found: Found,
    circumstances: Circumstances,
    (place, underway): (Place, Underway),
) -> Response {
    // One event waits while another is written.
    let (sender, receiver) = mpsc::channel(1);
    let told = operation(&opener, found, circumstances.clone());
    tokio::spawn(async move {
        tell(opener, circumstances, told, sender).await;
        drop(underway);
    });
    let body = stream::unfold((receiver, place), async |(mut receiver, place)| {
        let event: Bytes = receiver.recv().await?;
        Some((Ok::<_, Infallible>(event), (receiver, place)))
    });
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // nginx would hold events back.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Body::from_stream(body)).into_response()
}

/// Hands events over until there are no more, nobody reads them, or they may not be told any more.
async fn tell(
    opener: Opener,
    circumstances: Circumstances,
    mut told: BoxStream<'static, Told>,
    events: mpsc::Sender<Bytes>,
) {
    let settings = &opener.settings;
    let now = opener.clock.now();
    let expires = circumstances.viewer.expires_at;
    let end = expires.and_then(|at| Instant::now().checked_add(until(now, at))).unwrap_or_else(far_away);
    let mut changes = opener.authenticator.changes();
    let mut closing = opener.connections.closing();
    let mut signs = interval_at(Instant::now() + settings.keep_alive, settings.keep_alive);
    loop {
        let event = tokio::select! {
            // Nothing is told to whoever may not hear it any more, however much there is to tell.
            biased;
            () = events.closed() => return,
            () = over(&opener.authenticator, &mut changes, &circumstances.viewer, end) => {
                let mut error = fault(ErrorCode::Forbidden, "the credential holds no more");
                name_request(&mut error, &circumstances.request_id);
                let answer = Answer::from_errors(vec![error]);
                let _ = timeout(settings.patience, events.send(next(&answer))).await;
                let _ = timeout(settings.patience, events.send(COMPLETE)).await;
                return;
            }
            // Without `complete`, so that clients come again.
            () = closed(&mut closing) => return,
            _ = signs.tick() => Bytes::from_static(b":\n\n"),
            told = told.next() => match told {
                Some(Told::Next(answer)) => next(&answer),
                Some(Told::Errors(answer)) => next(&answer),
                Some(Told::Complete) | None => COMPLETE,
            },
        };
        let last = event == COMPLETE;
        match timeout(settings.patience, events.send(event)).await {
            Ok(Ok(())) if !last => {}
            Ok(_) => return,
            Err(_) => {
                tracing::info!(
                    request_id = &*circumstances.request_id,
                    "events are read too slowly; the stream ends"
                );
                return;
            }
        }
    }
}

/// Comes back when the credential of `viewer` has come to its `end`, or holds no more.
async fn over(
    authenticator: &Authenticator,
    changes: &mut watch::Receiver<u64>,
    viewer: &Viewer,
    end: Instant,
) {
    tokio::select! {
        () = sleep_until(end) => {}
        () = credentials::withdrawn(authenticator, changes, Some(viewer)) => {}
    }
}

const COMPLETE: Bytes = Bytes::from_static(b"event: complete\ndata: \n\n");

/// JSON has no line breaks of its own.
fn next(answer: &Answer) -> Bytes {
    let json = serde_json::to_string(answer).unwrap_or_else(|_| "{}".to_owned());
    format!("event: next\ndata: {json}\n\n").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_for_those_who_want_nothing_else() {
        let wants = |accept: &'static str| {
            wanted(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]))
        };
        assert!(wants("text/event-stream"));
        assert!(wants("Text/Event-Stream; charset=utf-8"));
        assert!(wants("text/event-stream, multipart/mixed"));
        assert!(!wants("application/json"));
        assert!(!wants(
            "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"
        ));
        assert!(!wants("*/*"));
        assert!(!wanted(&HeaderMap::new()));
    }
}
