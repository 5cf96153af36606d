//! What a client can't make the service do.

use std::time::Duration;

use orgraph::{
    http::{Origins, Settings, SubscriptionSettings},
    org::UserParts,
};
use serde_json::json;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use super::{
    socket::Socket,
    world::{World, crowd},
};
use crate::support::Events;

const CHANGES: &str = "subscription { userChanged { kind } }";
const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

#[tokio::test]
async fn a_message_has_a_length_however_many_frames_it_comes_in() {
    let world = World::with(SubscriptionSettings { max_message: 2_000, ..Default::default() }).await;
    let padded = |length: usize| format!("{}{}", r#"{"type":"ping"}"#, " ".repeat(length - 15));
    let mut socket = Socket::ready(world.address).await;
    socket.send(Message::text(padded(2_000))).await;
    assert_eq!(socket.hear().await["type"], "pong");
    socket.send(Message::text(padded(2_001))).await;
    assert_eq!(socket.closed().await.0, 1009);

    let mut socket = Socket::ready(world.address).await;
    let part = |opcode, is_last| {
        Message::Frame(Frame::message(" ".repeat(700).into_bytes(), OpCode::Data(opcode), is_last))
    };
    socket.send(part(Data::Text, false)).await;
    socket.send(part(Data::Continue, false)).await;
    socket.send(part(Data::Continue, true)).await;
    assert_eq!(socket.closed().await.0, 1009);
}

#[tokio::test]
async fn operations_of_a_socket_are_counted() {
    let world = World::with(SubscriptionSettings { max_operations: 2, ..Default::default() }).await;
    world.publish(crowd(1));
    let mut socket = Socket::ready(world.address).await;
    for id in ["1", "2"] {
        socket.subscribe(id, "subscription { userChanged { kind } }").await;
    }
    socket.subscribe("3", "{ snapshot { version } }").await;
    let refused = socket.hear().await;
    assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("3")));
    assert_eq!(refused["payload"][0]["extensions"]["code"], "THROTTLED");
    socket.say(json!({ "id": "1", "type": "complete" })).await;
    socket.subscribe("3", "{ snapshot { version } }").await;
    assert_eq!(socket.hear().await["type"], "next");
}

/// However many connections they are spread over, and whatever these speak.
#[tokio::test]
async fn operations_of_a_client_are_counted() {
    let world =
        World::with(SubscriptionSettings { max_operations_per_client: 2, ..Default::default() }).await;
    world.publish(crowd(1));
    let (mut one, mut other) = (Socket::ready(world.address).await, Socket::ready(world.address).await);
    one.subscribe("1", CHANGES).await;
    let events = Events::post(&world.client, CHANGES).await;
    refused_at_once(&world, &mut other, CHANGES).await;
    // The socket that was refused one stays open, and has what another gives back.
    one.say(json!({ "id": "1", "type": "complete" })).await;
    one.say(json!({ "type": "ping" })).await;
    assert_eq!(one.hear().await["type"], "pong");
    other.subscribe("1", "{ snapshot { userCount } }").await;
    assert_eq!(other.event("1").await["snapshot"]["userCount"], 1);
    assert_eq!(other.hear().await["type"], "complete");
    drop(events);
    while world.connections.open() > 2 {
        tokio::task::yield_now().await;
    }
    for id in ["2", "3"] {
        other.subscribe(id, "subscription { snapshotPublished { userCount } }").await;
        assert_eq!(other.event(id).await["snapshotPublished"]["userCount"], 1);
    }
}

#[tokio::test]
async fn bytes_that_operations_of_a_client_hold_are_counted() {
    let told = SubscriptionSettings { max_operation_bytes_per_client: 4_000, ..Default::default() };
    let world = World::with(told).await;
    world.publish(crowd(1));
    let (mut one, mut other) = (Socket::ready(world.address).await, Socket::ready(world.address).await);
    one.subscribe("1", &format!("{CHANGES} #{}", "x".repeat(3_000))).await;
    one.say(json!({ "type": "ping" })).await;
    assert_eq!(one.hear().await["type"], "pong");
    refused_at_once(&world, &mut other, &format!("{CHANGES} #{}", "x".repeat(1_000))).await;
    // Short values take more room than their text.
    let query = "subscription($ids: [ID!]) { userChanged(ids: $ids) { kind } }";
    let payload = json!({ "query": query, "variables": { "ids": vec!["1"; 100] } });
    other.say(json!({ "id": "2", "type": "subscribe", "payload": payload })).await;
    assert_eq!(other.hear().await["payload"][0]["extensions"]["code"], "THROTTLED");
    other.subscribe("1", "{ snapshot { userCount } }").await;
    assert_eq!(other.event("1").await["snapshot"]["userCount"], 1);
}

/// One more is refused over a socket, which stays open, and as a stream of events.
async fn refused_at_once(world: &World, socket: &mut Socket, query: &str) {
    socket.subscribe("1", query).await;
    let refused = socket.hear().await;
    assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("1")));
    assert_eq!(refused["payload"][0]["extensions"]["code"], "THROTTLED");
    let request = world.client.request(reqwest::Method::POST, "/graphql");
    let request = request.header("accept", "text/event-stream").header("content-type", "application/json");
    let answer = request.body(json!({ "query": query }).to_string()).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (429, &"10".parse().unwrap()));
    assert!(answer.text().await.unwrap().contains("THROTTLED"));
}

#[tokio::test]
async fn connections_are_counted_of_a_client_and_in_all() {
    let limits = |all, each| SubscriptionSettings {
        max_connections: all,
        max_connections_per_client: each,
        ..Default::default()
    };
    for (limits, refused) in [(limits(2, 10), 503), (limits(10, 2), 429)] {
        let world = World::with(limits).await;
        let (one, _two) = (Socket::ready(world.address).await, Socket::ready(world.address).await);
        assert_eq!(Socket::open(world.address, &[PROTOCOL]).await.err(), Some(refused));
        let metrics = world.client.request(reqwest::Method::GET, "/metrics").send().await.unwrap();
        assert!(metrics.text().await.unwrap().contains("\norgraph_subscriptions_open 2\n"));
        let request =
            world.client.request(reqwest::Method::GET, "/graphql?query=%7Broots%7BtotalCount%7D%7D");
        let response = request.header("accept", "text/event-stream").send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["retry-after"]),
            (refused, &"10".parse().unwrap())
        );
        drop(one);
        while world.connections.open() > 1 {
            tokio::task::yield_now().await;
        }
        assert!(Socket::open(world.address, &[PROTOCOL]).await.is_ok());
    }
}

#[tokio::test]
async fn pages_of_other_origins_may_not_open_anything() {
    let origins = Origins::Listed(vec!["https://people.example".parse().unwrap()]);
    let http = Settings { origins, ..Settings::default() };
    let world = World::for_sites(http, SubscriptionSettings::default()).await;
    let own = format!("http://{}", world.address);
    for (origin, allowed) in [
        (own.as_str(), true),
        ("https://people.example", true),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let opened = Socket::open(world.address, &[PROTOCOL, ("origin", origin)]).await;
        assert_eq!(opened.err(), (!allowed).then_some(403), "{origin}");
        let request =
            world.client.request(reqwest::Method::GET, "/graphql?query=%7Broots%7BtotalCount%7D%7D");
        let request = request.header("accept", "text/event-stream").header("origin", origin);
        assert_eq!(request.send().await.unwrap().status() == 403, !allowed, "{origin}");
    }
}

#[tokio::test]
async fn whoever_gives_no_sign_of_life_is_let_go() {
    let told = SubscriptionSettings { keep_alive: Duration::from_millis(50), ..Default::default() };
    let world = World::with(told).await;
    world.publish(crowd(1));
    let mut alive = Socket::ready(world.address).await;
    // It reads nothing, so it answers no ping.
    let dead = Socket::ready(world.address).await;
    alive.subscribe("1", "subscription { userChanged { kind } }").await;
    let watched = async {
        while world.connections.open() > 1 {
            sleep(Duration::from_millis(5)).await;
        }
        world.publish(crowd(2));
    };
    let (event, ()) = tokio::join!(alive.event("1"), watched);
    assert_eq!(event["userChanged"]["kind"], "ADDED");
    assert!(alive.pings > 0);
    drop(dead);
}

/// Of a reader that has stopped no more is worked out than fits on the way to it; when it has not gone on in
/// time it is told so, if it reads at all, and let go.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_too_slowly_is_told_and_let_go() {
    let patience = Duration::from_secs(2);
    let world = World::with(SubscriptionSettings { patience, ..Default::default() }).await;
    let named = |people: usize| {
        let first_name = Some("n".repeat(1 << 20));
        crowd(people)
            .into_iter()
            .map(move |user| UserParts { first_name: first_name.clone(), ..user })
            .collect()
    };
    world.publish(named(1));
    let (mut stopped, mut late) = (Socket::ready(world.address).await, Socket::ready(world.address).await);
    for socket in [&mut stopped, &mut late] {
        socket.subscribe("1", "subscription { userChanged { remaining user { firstName } } }").await;
        // Its answer comes after the subscription has begun.
        socket.say(json!({ "type": "ping" })).await;
        assert_eq!(socket.hear().await["type"], "pong");
    }
    // More than any buffer on the way holds.
    world.publish(named(101));
    assert_eq!(late.event("1").await["userChanged"]["remaining"], 99);
    sleep(patience + patience / 2).await;
    assert_eq!(late.closed().await.0, 1013);
    world.connections.emptied().await;
    drop(stopped);
}
