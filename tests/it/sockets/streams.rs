//! Answers that take their time: how long a client may take to take them, and that streams may go on.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::stream;
use orgraph::http::serve;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::yield_now,
    time::sleep,
};

use super::*;

/// A server of `router`, for as long as the test.
async fn serving(router: Router, settings: ServerSettings) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, router, settings, std::future::pending()));
    address
}

const GET: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

/// What a handler, which is cloned, gives away once.
fn once<T>(value: T) -> Arc<Mutex<Option<T>>> {
    Arc::new(Mutex::new(Some(value)))
}

/// A body without an end, and what tells when nobody wants it any more.
fn endless() -> (Router, oneshot::Receiver<()>) {
    let (dropped, was_dropped) = oneshot::channel::<()>();
    let dropped = once(dropped);
    let handler = move || {
        let held = dropped.lock().unwrap().take().unwrap();
        async move {
            let piece = Bytes::from(vec![b'x'; 64 * 1_024]);
            // The sender goes with the stream.
            let pieces = stream::repeat_with(move || {
                let _held = &held;
                Ok::<_, Infallible>(piece.clone())
            });
            Body::from_stream(pieces)
        }
    };
    (Router::new().route("/", get(handler)), was_dropped)
}

#[tokio::test]
async fn a_client_who_stops_reading_is_cut_off() {
    let (router, dropped) = endless();
    let address = serving(router, timed(Times { stall: SOON, ..Times::default() })).await;
    let mut connection = Raw::connect(address).await;
    connection.send(GET).await;
    connection.until("xxx").await;
    let ended = timeout(FOREVER, dropped).await.expect("it is still written to");
    assert!(ended.is_err());
}

#[tokio::test]
async fn an_answer_that_is_read_slowly_has_an_end() {
    let (router, dropped) = endless();
    let address = serving(router, timed(Times { answer: SOON, ..Times::default() })).await;
    let mut connection = Raw::connect(address).await;
    connection.send(GET).await;
    // Reads all the time.
    connection.ended().await;
    assert!(timeout(FOREVER, dropped).await.expect("it is still written").is_err());
}

/// Every time is over soon, so that what goes on for longer goes on.
fn hasty() -> ServerSettings {
    timed(Times { head: SOON, idle: SOON, answer: SOON, request: SOON, body: SOON, ..Times::default() })
}

#[tokio::test]
async fn a_stream_of_events_goes_on() {
    let router = Router::new().route(
        "/",
        get(async || {
            let events = stream::unfold(0, async |number| {
                sleep(SOON / 4).await;
                Some((Ok::<_, Infallible>(format!("data: {number}\n\n")), number + 1))
            });
            ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(events))
        }),
    );
    let mut connection = Raw::connect(serving(router, hasty()).await).await;
    connection.send(GET).await;
    connection.until("data: 20\n").await;
}

#[tokio::test]
async fn an_upgraded_connection_goes_on_and_keeps_its_place() {
    async fn echo(request: Request) -> Response {
        tokio::spawn(async {
            let upgraded = hyper::upgrade::on(request).await.unwrap();
            let (mut reading, mut writing) = tokio::io::split(hyper_util::rt::TokioIo::new(upgraded));
            tokio::io::copy(&mut reading, &mut writing).await
        });
        (StatusCode::SWITCHING_PROTOCOLS, [("connection", "upgrade"), ("upgrade", "echo")]).into_response()
    }
    let router = Router::new().route("/", get(echo)).route("/usual", get(async || "usual"));
    let connections = ConnectionBounds { in_all: 1, ..ConnectionBounds::default() };
    let address = serving(router, ServerSettings { connections, ..hasty() }).await;
    let mut connection = Raw::connect(address).await;
    let upgrade = "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";
    assert_eq!(connection.ask(upgrade).await.status, 101);
    for word in ["one", "two"] {
        sleep(SOON * 2).await;
        connection.send(word).await;
        connection.until(word).await;
    }
    let mut other = Raw::connect(address).await;
    assert_eq!(other.answer().await.unwrap().status, 503);
    drop(connection);
    let usual = "GET /usual HTTP/1.1\r\nhost: x\r\n\r\n";
    let again = async {
        loop {
            let mut connection = Raw::connect(address).await;
            if connection.try_send(usual).await.is_ok()
                && connection.answer().await.is_some_and(|answer| answer.status == 200)
            {
                return;
            }
        }
    };
    timeout(FOREVER, again).await.expect("the place is not free again");
}

#[tokio::test]
async fn an_answer_longer_than_the_idle_time_is_whole() {
    let router = Router::new().route(
        "/",
        get(async || {
            sleep(SOON * 3).await;
            "late"
        }),
    );
    let times = Times { head: SOON, idle: SOON, ..Times::default() };
    let mut connection = Raw::connect(serving(router, timed(times)).await).await;
    assert_eq!(connection.ask(GET).await.body, b"late");
    assert!(connection.ended().await, "and idle from then on");
}

#[tokio::test]
async fn what_runs_and_streams_is_finished_before_the_end() {
    let (running, has_begun) = oneshot::channel();
    let running = once(running);
    let (go_on, wait) = oneshot::channel::<()>();
    let wait = once(wait);
    let slow = move || {
        let (running, wait) = (running.lock().unwrap().take().unwrap(), wait.lock().unwrap().take().unwrap());
        async move {
            running.send(()).unwrap();
            wait.await.unwrap();
            "done"
        }
    };
    use futures_util::StreamExt;
    let (end, has_to_end) = oneshot::channel::<()>();
    let has_to_end = once(has_to_end);
    let events = move || {
        let has_to_end = has_to_end.lock().unwrap().take().unwrap();
        let first = stream::once(async { Ok::<_, Infallible>("data: first\n\n") });
        let ended = first.chain(stream::once(async {
            has_to_end.await.unwrap();
            Ok("data: last\n\n")
        }));
        async { ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(ended)) }
    };
    let router = Router::new().route("/", get(slow)).route("/events", get(events));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, router, ServerSettings::default(), async {
        let _ = stopped.await;
    }));
    let mut connection = Raw::connect(address).await;
    connection.send(GET).await;
    timeout(FOREVER, has_begun).await.unwrap().unwrap();
    let mut streaming = Raw::connect(address).await;
    streaming.send("GET /events HTTP/1.1\r\nhost: x\r\n\r\n").await;
    streaming.until("data: first\n\n").await;
    stop.send(()).unwrap();
    // It accepts nobody any more by then.
    let stopped = async {
        while TcpStream::connect(address).await.is_ok() {
            yield_now().await;
        }
    };
    timeout(FOREVER, stopped).await.expect("it goes on accepting");
    end.send(()).unwrap();
    streaming.until("data: last\n\n").await;
    go_on.send(()).unwrap();
    assert_eq!(connection.answer().await.unwrap().body, b"done");
    assert!(connection.ended().await);
    timeout(FOREVER, server).await.expect("it doesn't end").unwrap();
}
