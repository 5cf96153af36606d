//! How long a client may take.

use orgraph::http::ConcurrencyBounds;
use tokio::{io::AsyncWriteExt, time::sleep};

use super::*;

#[tokio::test]
async fn a_head_that_comes_too_slowly_is_not_waited_for() {
    let service = Service::met(timed(Times { head: SOON, ..Times::default() })).await;
    // From being connected, for the first; and nobody who says nothing is waited for either.
    for began in ["", "POST /graphql HTTP/1.1\r\nhost: x\r\n"] {
        let mut slow = Raw::connect(service.address).await;
        slow.send(began).await;
        assert!(slow.ended().await, "{began:?}");
    }
    // A byte now and then buys no time.
    let (mut reading, mut writing) = Raw::connect(service.address).await.socket.into_split();
    let trickle = async {
        writing.write_all(b"POST /graphql HTTP/1.1\r\nx: ").await.unwrap();
        while writing.write_all(b"x").await.is_ok() {
            sleep(SOON / 10).await;
        }
        std::future::pending::<()>().await;
    };
    let mut rest = Vec::new();
    tokio::select! {
        () = trickle => {}
        ended = timeout(FOREVER, tokio::io::AsyncReadExt::read_to_end(&mut reading, &mut rest)) => {
            // With bytes under way the close may be a reset.
            let _ = ended.expect("it doesn't end");
        }
    }
    assert_eq!(rest, b"");
    answers(service.address).await;
}

#[tokio::test]
async fn the_head_of_a_second_request_has_its_time_too() {
    let service = Service::met(timed(Times { head: SOON, ..Times::default() })).await;
    let mut connection = place(service.address).await;
    sleep(SOON * 3).await;
    assert_eq!(connection.ask(post(QUERY)).await.status, 200, "an idle connection is not a slow head");
    connection.send("POST /graphql HTTP/1.1\r\n").await;
    assert!(connection.ended().await);
}

#[tokio::test]
async fn an_idle_connection_is_closed_in_time_and_cleanly() {
    let service = Service::met(timed(Times { idle: SOON, ..Times::default() })).await;
    let mut connection = place(service.address).await;
    assert!(connection.ended().await);
    // While a request is sent, it isn't idle.
    let mut connection = Raw::connect(service.address).await;
    let request = post(QUERY);
    let (first, rest) = request.split_at(request.len() - 5);
    connection.send(first).await;
    sleep(SOON * 3).await;
    assert_eq!(connection.ask(rest).await.status, 200);
    assert!(connection.ended().await);
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_refused() {
    let service = Service::met(timed(Times { body: SOON, ..Times::default() })).await;
    let request = post(QUERY);
    let chunked = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        transfer-encoding: chunked\r\n\r\n1\r\n{\r\n";
    for begun in [&request[..request.len() - 5], chunked.as_bytes()] {
        let mut connection = Raw::connect(service.address).await;
        let answer = connection.ask(begun).await;
        assert_eq!((answer.status, answer.code().as_str()), (408, "BAD_USER_INPUT"));
        assert_eq!(answer.header("connection"), Some("close"));
        assert!(connection.ended().await);
    }
    answers(service.address).await;
}

#[tokio::test]
async fn a_body_that_comes_slowly_takes_nobodys_place() {
    let concurrency = ConcurrencyBounds { in_all: 1, per_client: 1, wait: SOON };
    let service = Service::met(ServerSettings { concurrency, ..ServerSettings::default() }).await;
    let request = post(QUERY);
    let (first, rest) = request.split_at(request.len() - 5);
    // Large ones too, which are read in places of their own.
    let large = format!("{{ users {{ totalCount }} #{}\n }}", "x".repeat(100_000));
    let large = post(&large);
    let (large_first, large_rest) = large.split_at(90_000);
    let mut slow = Raw::connect(service.address).await;
    slow.send(first).await;
    let mut slow_and_large = Raw::connect(service.address).await;
    slow_and_large.send(large_first).await;
    answers(service.address).await;
    assert_eq!(slow.ask(rest).await.status, 200);
    // Whatever becomes of it, its turn comes.
    let answer = slow_and_large.ask(large_rest).await;
    assert!(answer.json()["errors"].is_array() || answer.json()["data"].is_object(), "{answer:?}");
}
