//! Requests that two readers could read differently, and bytes that are no request: none is answered as if it were
//! good, nothing hides behind one, and a good query is answered in the next moment.

use std::time::Duration;

use orgraph::http::{ServerSettings, Times};

use crate::support::{Answer, Raw, Service, post, post_with};

const QUERY: &str = "{ users { totalCount } }";

/// What is sent in the shadow of another request.
const HIDDEN: &str = "GET /livez HTTP/1.1\r\nhost: hidden.example\r\n\r\n";

async fn service() -> Service {
    // What isn't complete is closed soon.
    let times =
        Times { head: Duration::from_millis(500), body: Duration::from_millis(500), ..Times::default() };
    Service::met(ServerSettings { times, ..ServerSettings::default() }).await
}

async fn answers(service: &Service) {
    let answer = Raw::connect(service.address).await.ask(post(QUERY)).await;
    assert_eq!(answer.json()["data"]["users"]["totalCount"], 9, "{answer:?}");
}

/// Sends this and tells all answers, until the connection ends.
async fn told(service: &Service, bytes: &[u8]) -> Vec<Answer> {
    let mut connection = Raw::connect(service.address).await;
    // It may be closed before all is sent.
    let _ = connection.try_send(bytes).await;
    let mut answers = Vec::new();
    while let Some(answer) = connection.answer().await {
        answers.push(answer);
    }
    answers
}

fn with_head(lines: &str, body: &str) -> Vec<u8> {
    format!("POST /graphql HTTP/1.1\r\n{lines}content-type: application/json\r\n\r\n{body}{HIDDEN}")
        .into_bytes()
}

fn get(head: &str) -> Vec<u8> {
    format!("{head}\r\n\r\n{HIDDEN}").into_bytes()
}

#[tokio::test]
async fn what_is_ambiguous_is_refused_and_closed() {
    let service = service().await;
    let body = format!("{{\"query\":\"{QUERY}\"}}");
    let length = body.len();
    let chunks = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
    let long = "x".repeat(1 << 20);
    let mut cases: Vec<(&str, Vec<u8>)> = vec![
        (
            "two lengths",
            with_head(&format!("host: x\r\ncontent-length: {length}\r\ncontent-length: 0\r\n"), &body),
        ),
        (
            "a list of lengths",
            with_head(&format!("host: x\r\ncontent-length: {length}, {length}\r\n"), &body),
        ),
        ("a signed length", with_head(&format!("host: x\r\ncontent-length: +{length}\r\n"), &body)),
        ("a negative length", with_head("host: x\r\ncontent-length: -1\r\n", &body)),
        ("a huge length", with_head("host: x\r\ncontent-length: 18446744073709551616\r\n", &body)),
        ("a hexadecimal length", with_head("host: x\r\ncontent-length: 0x10\r\n", &body)),
        ("no length", with_head("host: x\r\ncontent-length: \r\n", &body)),
        ("an unknown encoding", with_head("host: x\r\ntransfer-encoding: xchunked\r\n", &chunks)),
        (
            "an encoding after chunked",
            with_head("host: x\r\ntransfer-encoding: chunked, identity\r\n", &chunks),
        ),
        ("an encoding before chunked", with_head("host: x\r\ntransfer-encoding: gzip, chunked\r\n", &chunks)),
        (
            "chunked twice",
            with_head("host: x\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n", &chunks),
        ),
        (
            "chunked and not",
            with_head("host: x\r\ntransfer-encoding: chunked\r\ntransfer-encoding: identity\r\n", &chunks),
        ),
        ("an encoding with a tab", with_head("host: x\r\ntransfer-encoding:\x0bchunked\r\n", &chunks)),
        ("a space before the colon", with_head(&format!("host: x\r\ncontent-length : {length}\r\n"), &body)),
        ("an encoding with a space", with_head("host: x\r\ntransfer-encoding : chunked\r\n", &chunks)),
        (
            "a folded line",
            with_head(&format!("host: x\r\nx-a: b\r\n c\r\ncontent-length: {length}\r\n"), &body),
        ),
        ("a folded encoding", with_head("host: x\r\ntransfer-encoding:\r\n chunked\r\n", &chunks)),
        (
            "a first line that is folded",
            with_head(&format!(" host: x\r\ncontent-length: {length}\r\n"), &body),
        ),
        (
            "a NUL in a value",
            with_head(&format!("host: x\r\nx-a: b\0c\r\ncontent-length: {length}\r\n"), &body),
        ),
        ("a NUL in a name", with_head(&format!("host: x\r\nx\0a: b\r\ncontent-length: {length}\r\n"), &body)),
        (
            "a bare CR in a value",
            with_head(&format!("host: x\r\nx-a: b\rc: d\r\ncontent-length: {length}\r\n"), &body),
        ),
        ("a name of no name", with_head(&format!("host: x\r\n: b\r\ncontent-length: {length}\r\n"), &body)),
        ("no host", with_head(&format!("content-length: {length}\r\n"), &body)),
        ("two hosts", with_head(&format!("host: x\r\nhost: y\r\ncontent-length: {length}\r\n"), &body)),
        (
            "the same host twice",
            with_head(&format!("host: x\r\nhost: x\r\ncontent-length: {length}\r\n"), &body),
        ),
        ("an empty host", with_head(&format!("host: \r\ncontent-length: {length}\r\n"), &body)),
        ("a host of two", with_head(&format!("host: x, y\r\ncontent-length: {length}\r\n"), &body)),
        ("a host with a user", with_head(&format!("host: a@x\r\ncontent-length: {length}\r\n"), &body)),
        ("a host with a path", with_head(&format!("host: x/y\r\ncontent-length: {length}\r\n"), &body)),
        ("another host in the URI", get("GET http://y/livez HTTP/1.1\r\nhost: x")),
        ("another port in the URI", get("GET http://x:81/livez HTTP/1.1\r\nhost: x")),
        ("a tunnel", get("CONNECT x:80 HTTP/1.1\r\nhost: x:80")),
        ("HTTP/0.9", b"GET /livez\r\n".to_vec()),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec()),
        ("HTTP/1.2", get("GET /livez HTTP/1.2\r\nhost: x")),
        ("HTTP/3", get("GET /livez HTTP/3\r\nhost: x")),
        (
            "an encoding in HTTP/1.0",
            format!(
                "POST /graphql HTTP/1.0\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n{chunks}{HIDDEN}"
            )
            .into(),
        ),
        ("a space in the URI", get("GET /livez x HTTP/1.1\r\nhost: x")),
        ("a tab for a space", get("GET\t/livez\tHTTP/1.1\r\nhost: x")),
        ("a NUL in the URI", get("GET /livez\0 HTTP/1.1\r\nhost: x")),
        ("no method", get(" /livez HTTP/1.1\r\nhost: x")),
        ("a relative URI", get("GET livez HTTP/1.1\r\nhost: x")),
        ("TLS", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03".to_vec()),
        ("zeroes", vec![0; 1_000]),
        ("a line without an end", vec![b'a'; 1 << 20]),
    ];
    for (what, chunk) in [
        ("a chunk of a negative size", "-1\r\nx\r\n0\r\n\r\n".to_owned()),
        ("a chunk of a huge size", format!("{}\r\nx\r\n0\r\n\r\n", "f".repeat(20))),
        ("a chunk of a size in decimal with a sign", "+5\r\nxxxxx\r\n0\r\n\r\n".to_owned()),
        ("a chunk that is longer than it says", format!("5\r\n{body}\r\n0\r\n\r\n")),
        ("a chunk without a size", format!("\r\n{body}\r\n0\r\n\r\n")),
        ("a chunk with a megabyte of extensions", format!("{length:x};{long}\r\n{body}\r\n0\r\n\r\n")),
        ("chunks with a megabyte of trailers", format!("{length:x}\r\n{body}\r\n0\r\nx: {long}\r\n\r\n")),
    ] {
        cases.push((what, with_head("host: x\r\ntransfer-encoding: chunked\r\n", &chunk)));
    }
    for (what, bytes) in cases {
        let answers_to_it = told(&service, &bytes).await;
        // 400, or what is the matter; or no answer at all. And nothing that hides behind it.
        assert!(answers_to_it.len() <= 1, "{what}: {answers_to_it:?}");
        if let Some(answer) = answers_to_it.first() {
            let refusals = [400, 408, 413, 414, 431];
            assert!(refusals.contains(&answer.status), "{what}: {answer:?}");
            assert!(answer.head.len() + answer.body.len() < 4_096, "{what}");
        }
        answers(&service).await;
    }
}

/// By RFC 9112, 6.1, the encoding counts and the connection ends with the answer: what stands where the length would
/// end is read by nobody.
#[tokio::test]
async fn nothing_hides_behind_a_length_beside_an_encoding() {
    let service = service().await;
    let body = format!("{{\"query\":\"{QUERY}\"}}");
    let chunks = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    for lines in [
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 0\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 9999\r\n",
    ] {
        let answers_to_it = told(&service, &with_head(&format!("host: x\r\n{lines}"), &chunks)).await;
        assert!(answers_to_it.len() <= 1, "{lines}: {answers_to_it:?}");
        answers(&service).await;
    }
}

#[tokio::test]
async fn what_is_unusual_and_clear_is_answered() {
    let service = service().await;
    let body = format!("{{\"query\":\"{QUERY}\"}}");
    let (first, second) = body.split_at(5);
    let chunks =
        format!("{:x};a=b\r\n{first}\r\n{:X}\r\n{second}\r\n0\r\nx-a: b\r\n\r\n", first.len(), second.len());
    for (what, request) in [
        (
            "pieces",
            format!(
                "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: Chunked\r\n\r\n{chunks}"
            ),
        ),
        ("a whole URI", "GET http://X/livez HTTP/1.1\r\nhost: x:80\r\n\r\n".to_owned()),
        ("HTTP/1.0", "GET /livez HTTP/1.0\r\n\r\n".to_owned()),
        ("empty lines before it", "\r\n\r\nGET /livez HTTP/1.1\r\nhost: x\r\n\r\n".to_owned()),
        ("a host of IPv6", "GET /livez HTTP/1.1\r\nhost: [::1]:8080\r\n\r\n".to_owned()),
    ] {
        let answer = Raw::connect(service.address).await.ask(request).await;
        assert_eq!(answer.status, 200, "{what}: {answer:?}");
    }
}

/// A bare LF ends a line too, by RFC 9112, 2.2: as it does for everybody else in front.
#[tokio::test]
async fn bare_line_feeds_end_lines() {
    let service = service().await;
    let answers_to_it = told(&service, b"GET /livez HTTP/1.1\nhost: x\nconnection: close\n\n").await;
    assert_eq!(answers_to_it.len(), 1);
    assert!([200, 400].contains(&answers_to_it[0].status));
    answers(&service).await;
}

#[tokio::test]
async fn requests_in_one_go_are_answered_in_their_order() {
    let service = service().await;
    let mut connection = Raw::connect(service.address).await;
    let ask = |id: usize| post_with(QUERY, &format!("x-request-id: {id}\r\n"));
    connection.send((0..20).flat_map(ask).collect::<Vec<_>>()).await;
    for id in 0..20 {
        let answer = connection.answer().await.unwrap();
        assert_eq!((answer.status, answer.header("x-request-id")), (200, Some(id.to_string().as_str())));
    }
}

/// A connection that is gone without a word, or half of it, holds nobody up.
#[tokio::test]
async fn half_of_a_connection_is_no_trouble() {
    use tokio::io::AsyncWriteExt;
    let service = service().await;
    let request = post(QUERY);
    let mut left = Vec::new();
    for cut in [0, 1, 20, request.len() / 2, request.len() - 1] {
        let mut connection = Raw::connect(service.address).await;
        connection.send(&request[..cut]).await;
        connection.socket.shutdown().await.unwrap();
        let answer = connection.answer().await;
        assert!(answer.as_ref().is_none_or(|answer| answer.status == 400), "{answer:?}");
        let mut connection = Raw::connect(service.address).await;
        connection.send(&request[..cut]).await;
        left.push(connection);
    }
    answers(&service).await;
    for mut connection in left {
        // In its time each is closed, the last two with the answer that their body is late.
        while connection.answer().await.is_some() {}
    }
}
