//! What the service bounds on its sockets, each bound by itself: whoever goes beyond it is refused or closed, and
//! whoever doesn't is answered meanwhile.

mod times;
mod streams;

use std::{net::SocketAddr, process::Command, time::Duration};

use orgraph::http::{ConnectionBounds, HeadBounds, ServerSettings, Times};
use tokio::time::timeout;

use crate::support::{
    Client, FOREVER, Process, Raw, Service, company, orgraph, post, post_with, serve, simulate,
};

const QUERY: &str = "{ users { totalCount } }";

/// A good query on a connection of its own is answered.
async fn answers(address: SocketAddr) {
    let answer = Raw::connect(address).await.ask(post(QUERY)).await;
    assert_eq!(answer.json()["data"]["users"]["totalCount"], 9, "{answer:?}");
}

/// Waits until there is a place for a connection again.
async fn place(address: SocketAddr) -> Raw {
    let found = async {
        loop {
            let mut connection = Raw::connect(address).await;
            let taken = connection.try_send(post(QUERY)).await.is_ok();
            if taken && connection.answer().await.is_some_and(|answer| answer.status == 200) {
                return connection;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(FOREVER, found).await.expect("there is no place")
}

fn bounded(connections: ConnectionBounds) -> ServerSettings {
    ServerSettings { connections, ..ServerSettings::default() }
}

#[tokio::test]
async fn connections_have_a_bound_in_all_and_for_an_address() {
    for bounds in [
        ConnectionBounds { in_all: 2, ..ConnectionBounds::default() },
        ConnectionBounds { per_address: 2, ..ConnectionBounds::default() },
    ] {
        let service = Service::met(bounded(bounds)).await;
        let mut one = place(service.address).await;
        let other = place(service.address).await;
        let mut third = Raw::connect(service.address).await;
        let refused = third.answer().await.unwrap();
        assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
        assert_eq!(refused.code(), "THROTTLED");
        assert!(third.ended().await);
        assert_eq!(one.ask(post(QUERY)).await.status, 200, "those who are in stay in");
        drop(other);
        place(service.address).await;
    }
}

#[tokio::test]
async fn a_trusted_proxy_has_more_connections_than_an_address() {
    let bounds = ConnectionBounds { per_address: 1, ..ConnectionBounds::default() };
    let proxies = "127.0.0.1".parse().unwrap();
    let service = Service::met(ServerSettings { trusted_proxies: proxies, ..bounded(bounds) }).await;
    let _one = place(service.address).await;
    answers(service.address).await;
}

#[tokio::test]
async fn a_connection_has_so_many_requests() {
    let bounds = ConnectionBounds { requests: 2, ..ConnectionBounds::default() };
    let service = Service::met(bounded(bounds)).await;
    let mut connection = Raw::connect(service.address).await;
    assert_eq!(connection.ask(post(QUERY)).await.header("connection"), None);
    let last = connection.ask(post(QUERY)).await;
    assert_eq!((last.status, last.header("connection")), (200, Some("close")));
    assert!(connection.ended().await);
    answers(service.address).await;
}

#[tokio::test]
async fn a_head_has_bounds_that_are_told() {
    let head = HeadBounds { headers: 20, header_bytes: 2_000, uri_bytes: 1_000 };
    let service = Service::met(ServerSettings { head, ..ServerSettings::default() }).await;
    let get = |query: &str| format!("GET /graphql?query={query} HTTP/1.1\r\nhost: x\r\n\r\n").into_bytes();
    let long = |bytes| format!("x-long: {}\r\n", "x".repeat(bytes));
    for (request, status, words) in [
        (post_with(QUERY, &long(2_000)), 431, "the headers are larger than 2000 bytes"),
        (post_with(QUERY, &"x-one: 1\r\n".repeat(20)), 431, "there are more than 20 headers"),
        (get(&"x".repeat(1_000)), 414, "the URI is longer than 1000 bytes"),
    ] {
        let mut connection = Raw::connect(service.address).await;
        let answer = connection.ask(request).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.code(), "BAD_USER_INPUT");
        let error = &answer.json()["errors"][0];
        assert!(error["message"].as_str().unwrap().contains(words), "{error}");
        assert_eq!(error["extensions"]["requestId"], answer.header("x-request-id").unwrap());
    }
    // Far beyond, the parser ends it, without an answer that is ours.
    for (request, status) in [
        (post_with(QUERY, &long(70_000)), 431),
        (post_with(QUERY, &"x-one: 1\r\n".repeat(100)), 431),
        (get(&"x".repeat(70_000)), 431),
    ] {
        let mut connection = Raw::connect(service.address).await;
        let sent = connection.try_send(request).await;
        let answer = connection.answer().await;
        assert!(answer.as_ref().is_none_or(|answer| answer.status == status), "{answer:?}");
        assert!(answer.is_some() || sent.is_err() || connection.answer().await.is_none());
    }
    let mut connection = Raw::connect(service.address).await;
    assert_eq!(
        connection.ask(post_with(QUERY, &long(1_500))).await.status,
        200,
        "within its bounds it is good"
    );
    answers(service.address).await;
}

/// The process has no file left for another connection: it waits until it has one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_connections_than_files_are_no_end() {
    let simulator = simulate(company("tests/data/northwind.ndjson"));
    let gong = serve(&simulator).await;
    let mut limited = Command::new("sh");
    limited.args([
        "-c",
        "ulimit -n 64 && exec \"$0\" \"$@\"",
        orgraph().get_program().to_str().unwrap(),
        "serve",
    ]);
    limited.envs([
        ("GONG_BASE_URL", gong.as_str()),
        ("GONG_ACCESS_KEY", "key"),
        ("GONG_ACCESS_KEY_SECRET", "canary-secret"),
        ("ORGRAPH_LISTEN", "127.0.0.1:0"),
        ("ORGRAPH_ADMIN", "127.0.0.1:0"),
        ("ORGRAPH_GONG_MAX_PER_SECOND", "1000"),
    ]);
    let process = Process::start(&mut limited);
    let address = process.address();
    process.wait_for("snapshot published");
    let mut crowd = Vec::new();
    for _ in 0..100 {
        crowd.push(Raw::connect(address).await);
    }
    process.wait_for("no connection can be accepted");
    drop(crowd);
    let answer = Client::new(address).data(QUERY).await;
    assert_eq!(answer["users"]["totalCount"], 9);
    process.stop();
}

#[tokio::test]
async fn asked_to_stop_it_closes_idle_connections_and_ends() {
    let service = Service::met(ServerSettings::default()).await;
    let mut idle = place(service.address).await;
    let mut silent = Raw::connect(service.address).await;
    answers(service.address).await;
    let address = service.address;
    service.stop().await;
    assert!(idle.ended().await);
    assert!(silent.ended().await);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

fn timed(times: Times) -> ServerSettings {
    ServerSettings { times, ..ServerSettings::default() }
}

/// A time that is over soon.
const SOON: Duration = Duration::from_millis(200);
